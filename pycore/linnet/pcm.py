"""PCM as it comes to PCM as the transform wants it: checked, mixed to mono, at the grid's rate.

The resampler is a windowed-sinc polyphase filter (Kaiser window; Smith, "Digital Audio Resampling") that
carries its state, so that blocks of any size give the same samples, and that is the same code in the browser
and natively. Output sample n lies at n * input_rate / output_rate input samples, computed in whole numbers:
nothing drifts. Output samples are taken phase by phase, each phase one strided matrix-vector product.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadAudio
from linnet.vqt import Samples

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1000, 1_536_000
ZERO_CROSSINGS = 32  # on either side, at the lower of the two rates
KAISER_BETA = 8.6  # side lobes near -85 dB
PASS_BAND = 0.955  # of the lower half-rate
MOST_PHASES = 1024  # rates in a more awkward ratio are read from this many phases, linearly interpolated


def check_rate(rate_hz: float) -> int:
    """The rate as a whole number of hertz, or BadAudio."""
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ or rate_hz != int(rate_hz):
        raise BadAudio(
            f"sample rate is {rate_hz!r} Hz; it must be a whole number from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}",
            reason="rate",
            rate_hz=rate_hz,
            lowest_hz=LOWEST_RATE_HZ,
            highest_hz=HIGHEST_RATE_HZ,
        )
    return int(rate_hz)


def to_mono(pcm: NDArray[np.floating], at_s: float = 0.0) -> Samples:
    """Mean over channels of [n] or [n, channels] float samples; refuses what is not a finite number.

    `at_s` is where the block starts, for the message.
    """
    if pcm.ndim not in (1, 2) or not np.issubdtype(pcm.dtype, np.floating):
        raise BadAudio(f"pcm must be float of shape (n,) or (n, channels), got {pcm.dtype} {pcm.shape}")
    mono = pcm if pcm.ndim == 1 else pcm.mean(axis=1, dtype=np.float64)
    samples = np.ascontiguousarray(mono, dtype=np.float32)
    if not np.isfinite(samples).all():
        raise BadAudio(
            f"the audio holds samples that are not numbers (NaN or infinity) in the block at {at_s:.2f} s; "
            "export it again from the program that made it",
            reason="not-finite",
            at_s=at_s,
        )
    return samples


class Resampler:
    """Stateful conversion of mono float32 samples from one whole rate to another."""

    def __init__(self, input_rate_hz: int, output_rate_hz: int) -> None:
        divisor = gcd(input_rate_hz, output_rate_hz)
        self._up, self._down = output_rate_hz // divisor, input_rate_hz // divisor
        self._ratio = max(1.0, self._down / self._up)
        self._half = 0 if self._up == self._down else int(np.ceil(ZERO_CROSSINGS * self._ratio))
        self._held = np.zeros(self._half, np.float32)  # silence before the first sample
        self._held_from = -self._half  # input index of the first held sample
        self._fed = 0
        self._made = 0
        self._phases = min(self._up, MOST_PHASES)
        self._taps = np.stack([self._kernel(p / self._phases) for p in range(self._phases + 1)]) if self._half else None

    @property
    def look_ahead_samples(self) -> int:
        """Input samples beyond an output sample's time that it needs."""
        return self._half

    def _kernel(self, fraction: float) -> NDArray[np.float32]:
        """Taps for an output sample that lies `fraction` of an input sample after the centre tap."""
        t = np.arange(-self._half + 1, self._half + 1) - fraction
        cutoff = PASS_BAND / self._ratio
        edge = np.clip(1.0 - (t / self._half) ** 2, 0.0, None)
        taps = np.sinc(cutoff * t) * np.i0(KAISER_BETA * np.sqrt(edge))
        return np.asarray(taps / taps.sum(), np.float32)

    def feed(self, samples: Samples) -> Samples:
        """Take input samples, return the output samples that they complete."""
        if self._taps is None:
            return samples
        self._fed += len(samples)
        self._held = np.concatenate([self._held, samples])
        # output n needs input up to floor(n * down / up) + half
        ready = ((self._fed - self._half) * self._up - 1) // self._down + 1 if self._fed > self._half else 0
        return self._make(ready)

    def finish(self) -> Samples:
        """Return the output samples still owed, with silence after the last input sample."""
        if self._taps is None:
            return np.zeros(0, np.float32)
        self._held = np.concatenate([self._held, np.zeros(self._half + 1, np.float32)])
        return self._make(-(-self._fed * self._up // self._down))

    def _make(self, until: int) -> Samples:
        assert self._taps is not None
        count = max(0, until - self._made)
        out = np.empty(count, np.float32)
        if count:
            if self._up <= MOST_PHASES:
                self._by_phase(out)
            else:
                self._by_interpolation(out)
            self._made += count
            keep_from = self._made * self._down // self._up - self._half + 1
            self._held = self._held[max(0, keep_from - self._held_from) :].copy()
            self._held_from = max(self._held_from, keep_from)
        return out

    def _by_phase(self, out: Samples) -> None:
        assert self._taps is not None
        taps, step = self._taps, self._held.itemsize
        for first in range(min(self._up, len(out))):
            n = self._made + first
            whole, phase = divmod(n * self._down, self._up)
            rows = -(-(len(out) - first) // self._up)
            begin = whole - self._half + 1 - self._held_from
            frames: Samples = np.ndarray(
                (rows, taps.shape[1]), np.float32, self._held, begin * step, (self._down * step, step)
            )
            # einsum, not matmul: its sums do not depend on the number of rows
            out[first :: self._up] = np.einsum("ij,j->i", frames, taps[phase])

    def _by_interpolation(self, out: Samples) -> None:
        assert self._taps is not None
        for start in range(0, len(out), 4096):
            n = self._made + np.arange(start, min(start + 4096, len(out)), dtype=np.int64)
            whole, part = np.divmod(n * self._down, self._up)
            place = part * (self._phases / self._up)
            lower = place.astype(np.intp)
            share = (place - lower)[:, None]
            index = (whole - self._half + 1 - self._held_from)[:, None] + np.arange(2 * self._half)
            taps = self._taps[lower] * (1.0 - share) + self._taps[lower + 1] * share
            out[start : start + len(n)] = (self._held[index] * taps).sum(axis=1)
