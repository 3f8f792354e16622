"""The network: one causal stack of convolutions from frames to planes; after its first layer all runs per semitone.

frames uint8 [T, 309] -> eight harmonic copies -> convolution of stride 3 in frequency -> [channels, T, 88] -> blocks
that add up depthwise kernels in time (dilated: the memory of a note), across semitones and across octaves ->
1x1 head -> onset, note, offset, velocity and three contour sub-bins per pitch.

Every convolution in time looks only back; row t of the output speaks of frame t - DELAY_FRAMES. What a layer needs
of the past is its state, so that a stream cut anywhere equals the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.config import GRID

DELAY_FRAMES = 6
PARAMETER_LIMIT = 17_000
MULTIPLY_ADDS_PER_S_LIMIT = 120_000_000

PITCHES, BINS = GRID.pitch_count, GRID.bin_count
# Harmonics 1/2, 1, 2 … 7 as shifts in bins: round(36 * log2(h)).
HARMONIC_SHIFTS = (-36, 0, 36, 57, 72, 84, 93, 101)
BINS_PER_PITCH = GRID.bins_per_octave // 12
PLANES = ("onset", "note", "offset", "velocity", "contour")
OUTPUTS_PER_PITCH = 4 + GRID.contour_bins_per_semitone


@dataclass(frozen=True)
class BlockShape:
    """One residual block: frames in its time kernel, their spacing, and whether it looks across pitches."""

    taps: int
    dilation: int
    across: bool

    @property
    def past_frames(self) -> int:
        return (self.taps - 1) * self.dilation


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. `span_bins` is the width of the first kernel in frequency."""

    channels: int = 32
    first_frames: int = 2
    span_bins: int = 9
    semitone_taps: int = 9
    octave_taps: int = 5
    blocks: tuple[BlockShape, ...] = (
        BlockShape(5, 1, False),
        BlockShape(5, 1, True),
        BlockShape(5, 2, False),
        BlockShape(5, 4, True),
        BlockShape(5, 8, False),
        BlockShape(5, 16, False),
    )


class HarmonicStack(nn.Module):
    """[B, T, 309] -> [B, 8, T, bins]: row k of every copy is a harmonic of the same pitch; silence beyond the edges."""

    def __init__(self, span_bins: int) -> None:
        super().__init__()
        self.reach = span_bins // 2
        self.width = BINS_PER_PITCH * (PITCHES - 1) + span_bins

    def forward(self, frames: Tensor) -> Tensor:
        left = self.reach - HARMONIC_SHIFTS[0]
        right = HARMONIC_SHIFTS[-1] + self.width - self.reach - BINS
        padded = functional.pad(frames, (left, right))
        starts = [left + shift - self.reach for shift in HARMONIC_SHIFTS]
        return torch.stack([padded[..., start : start + self.width] for start in starts], dim=1)


class Block(nn.Module):
    """x + W relu(bn(depthwise kernels of x)); in streaming the caller puts the past frames in front of x."""

    def __init__(self, channels: int, block: BlockShape, shape: Shape) -> None:
        super().__init__()
        self.past_frames = block.past_frames
        self.time = nn.Conv2d(
            channels, channels, (block.taps, 1), dilation=(block.dilation, 1), groups=channels, bias=False
        )
        across: list[nn.Conv2d] = []
        if block.across:
            reach = shape.octave_taps // 2 * 12
            semitones = nn.Conv2d(
                channels,
                channels,
                (1, shape.semitone_taps),
                padding=(0, shape.semitone_taps // 2),
                groups=channels,
                bias=False,
            )
            octaves = nn.Conv2d(
                channels,
                channels,
                (1, shape.octave_taps),
                dilation=(1, 12),
                padding=(0, reach),
                groups=channels,
                bias=False,
            )
            across = [semitones, octaves]
        self.across = nn.ModuleList(across)
        distance = torch.arange(PITCHES)[:, None] - torch.arange(PITCHES)[None]
        near, far = shape.semitone_taps // 2, shape.octave_taps // 2
        steps = [*range(-near, near + 1), *(12 * octave for octave in range(-far, far + 1))]
        self.register_buffer("bands", torch.stack([(distance == step).float() for step in steps]), persistent=False)
        self.norm = nn.BatchNorm2d(channels)
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, joined: Tensor, x: Tensor) -> Tensor:  # past and x [B, C, past + T, 88], x -> [B, C, T, 88]
        y = self._dealt_time(joined) if self.training else self.time(joined)
        if self.across and self.training:
            y = y + self._across_matrix(x)
        elif self.across:
            for kernel in self.across:
                y = y + kernel(x)
        return x + self.mix(functional.relu(self.norm(y)))

    # The same sums in forms whose gradients are several times faster to compute; the exported graph keeps the kernels.

    def _dealt_time(self, x: Tensor) -> Tensor:
        """`self.time(x)` with frames dealt out by the dilation, so that the kernel is dense."""
        dilation = self.time.dilation[0]
        if x.shape[2] % dilation:
            return self.time(x)
        dealt = x.reshape(*x.shape[:2], x.shape[2] // dilation, dilation * x.shape[3])
        y = functional.conv2d(dealt, self.time.weight, groups=x.shape[1])
        return y.reshape(*x.shape[:2], -1, x.shape[3])

    def _across_matrix(self, x: Tensor) -> Tensor:
        """The kernels across pitches as one banded matrix [88, 88] per channel."""
        taps = torch.cat([kernel.weight[:, 0, 0] for kernel in self.across], dim=1)  # [C, taps]
        return torch.matmul(x, (taps @ self.bands.flatten(1)).view(-1, PITCHES, PITCHES))


class Network(nn.Module):
    """The whole stack. `forward` takes frames scaled to 0-1 [B, T, 309] and gives logits [B, 7, T, 88]."""

    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        self.shape = shape
        self.stack = HarmonicStack(shape.span_bins)
        self.first = nn.Conv2d(
            len(HARMONIC_SHIFTS),
            shape.channels,
            (shape.first_frames, shape.span_bins),
            stride=(1, BINS_PER_PITCH),
            bias=False,
        )
        self.first_norm = nn.BatchNorm2d(shape.channels)
        self.blocks = nn.ModuleList([Block(shape.channels, block, shape) for block in shape.blocks])
        self.head = nn.Conv2d(shape.channels, OUTPUTS_PER_PITCH, 1)
        nn.init.zeros_(self.head.bias)
        with torch.no_grad():
            self.head.bias[:] = -4.0
            self.head.bias[PLANES.index("velocity")] = 0.0

    @property
    def state_shapes(self) -> list[tuple[int, int, int]]:
        """What each layer keeps of the past, as [channels, frames, width]; the input frames come first."""
        deep = [(self.shape.channels, block.past_frames, PITCHES) for block in self.shape.blocks]
        return [(1, self.shape.first_frames - 1, BINS), *deep]

    def step(self, frames: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Logits of a block of frames [B, T, 309] and the states after it; `states` as in `state_shapes`, batched."""
        joined = torch.cat([states[0][:, 0], frames], dim=1)
        kept = [joined[:, -states[0].shape[2] :][:, None]]
        stacked = self.stack(joined)
        if self.training:  # channels side by side in memory: a step takes a fifth to a third less
            stacked = stacked.contiguous(memory_format=torch.channels_last)
        x = functional.relu(self.first_norm(self.first(stacked)))
        for block, state in zip(self.blocks, states[1:], strict=True):
            with_past = torch.cat([state.to(x.dtype), x], dim=2)
            kept.append(with_past[:, :, -state.shape[2] :])
            x = block(with_past, x)
        return self.head(functional.relu(x)), kept

    def forward(self, frames: Tensor) -> Tensor:
        states = [frames.new_zeros((len(frames), *shape)) for shape in self.state_shapes]
        return self.step(frames, states)[0]


def parameter_count(network: Network) -> int:
    """Numbers in the exported graph: batch norms are folded into their convolutions and leave one bias per channel."""
    convolutions = sum(p.numel() for m in network.modules() if isinstance(m, nn.Conv2d) for p in m.parameters())
    folded = sum(m.num_features for m in network.modules() if isinstance(m, nn.BatchNorm2d))
    return convolutions + folded


def multiply_adds_per_s(network: Network) -> int:
    """Multiply-adds for one second of audio, counted from the weights: each is used once per frame and pitch."""
    weights = sum(m.weight.numel() for m in network.modules() if isinstance(m, nn.Conv2d))
    return round(weights * PITCHES * GRID.frames_per_s)
