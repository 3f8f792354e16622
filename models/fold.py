"""The network rewritten for running: the same function with fewer and cheaper operations.

Batch norms are multiplied into the convolutions that feed them. The first convolution, of stride 3 over eight
harmonic copies, becomes one of stride 1 over 24 channels: each copy is split into the three bins of a semitone,
so that the runtime need not gather every third value.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.network import BINS, BINS_PER_PITCH, HARMONIC_SHIFTS, PITCHES, Network


def folded(network: Network) -> Network:
    """The same function without batch norms and with the first convolution split by phase."""
    plain = copy.deepcopy(network).eval()
    with torch.no_grad():
        gain, offset = _affine(plain.first_norm)
        plain.first.weight.mul_(gain[:, None, None, None])
        plain.first.bias = nn.Parameter(offset.clone())
        plain.first_norm = nn.Identity()
        for block in plain.blocks:
            gain, offset = _affine(block.norm)
            for kernel in (block.time, *block.across):
                kernel.weight.mul_(gain[:, None, None, None])
            block.time.bias = nn.Parameter(offset.clone())
            block.norm = nn.Identity()
        plain.stack = PhaseStack(network.shape.span_bins)
        plain.first = plain.stack.dealt(plain.first)
    return plain


def _affine(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale


class PhaseStack(nn.Module):
    """[B, T, 309] -> [B, 24, T, 90]: channel 3 h + f is harmonic h, every third bin from phase f."""

    def __init__(self, span_bins: int) -> None:
        super().__init__()
        if span_bins % BINS_PER_PITCH:
            raise ValueError(f"span_bins is {span_bins}; it must be a multiple of {BINS_PER_PITCH} to split by phase")
        self.taps = span_bins // BINS_PER_PITCH
        self.width = PITCHES + self.taps - 1
        reach = span_bins // 2
        self.left = reach - HARMONIC_SHIFTS[0]
        first_bins = [self.left + shift - reach for shift in HARMONIC_SHIFTS]
        self.right = -(first_bins[-1] + BINS_PER_PITCH * (self.width + 1)) % BINS_PER_PITCH
        self.right += first_bins[-1] + BINS_PER_PITCH * (self.width + 1) - self.left - BINS
        # per harmonic and phase: where its row begins, and which tap of the wide kernel that is
        self.rows: list[tuple[int, int, int]] = []
        for first in first_bins:
            whole, part = divmod(first, BINS_PER_PITCH)
            for phase in range(BINS_PER_PITCH):
                later = int(phase < part)  # this phase's first bin lies in the next semitone
                self.rows.append((phase, whole + later, BINS_PER_PITCH * later + phase - part))

    def dealt(self, wide: nn.Conv2d) -> nn.Conv2d:
        """The convolution that gives on this stack what `wide` gives on the harmonic copies."""
        dealt = nn.Conv2d(len(self.rows), wide.out_channels, (wide.kernel_size[0], self.taps))
        with torch.no_grad():
            dealt.bias.copy_(wide.bias)
            for channel, (_, _, tap) in enumerate(self.rows):
                dealt.weight[:, channel] = wide.weight[:, channel // BINS_PER_PITCH, :, tap::BINS_PER_PITCH]
        return dealt

    def forward(self, frames: Tensor) -> Tensor:
        padded = functional.pad(frames, (self.left, self.right))
        phases = padded.reshape(*padded.shape[:2], -1, BINS_PER_PITCH).permute(0, 3, 1, 2)  # [B, 3, T, semitones]
        return torch.stack([phases[:, phase, :, start : start + self.width] for phase, start, _ in self.rows], dim=1)
