"""Streaming variable-Q transform: samples in, magnitudes out, a frame as soon as its samples are there.

Bin `k` is a Hann-windowed complex exponential of length rate / (alpha * f_k + gamma) samples, centred on
the frame, scaled so that a sinusoid of amplitude A gives the magnitude A. gamma = 0 is the constant-Q
transform (Brown 1991); gamma > 0 shortens the low windows (Schoerkhuber et al. 2014, AES 53) and with
them the delay: at gamma = 5 Hz no window is longer than 4,096 samples, and every bin waits for the same
`look_ahead_samples`.

Each group of bins whose windows fit the same power of two shares one real FFT per frame; kernels are kept
in the frequency domain, cut to the band where they are not negligible (Brown and Puckette 1992). Groups of long
windows read the signal at a quarter of the rate: their bins lie below 900 Hz, so the low-pass before it may be
so short (33 samples) that no frame waits longer for it. Everything is float64: frames do not depend on how the
samples were cut into blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadAudio
from linnet.grid import Grid

Samples = NDArray[np.float32]
Magnitudes = NDArray[np.float64]
Real = NDArray[np.float64]

SHORTEST_FFT = 256
LARGEST_LEFT_OUT = 1e-3  # kernel coefficients below this share of the largest are cut: what leaks from -60 dB on
BINS_PER_BLOCK = 8  # neighbouring bins that share one band of FFT bins: small dense products
FRAMES_PER_BATCH = 64  # a batch stays in the cache

DECIMATION = 4
DECIMATE_ABOVE = 1024  # windows longer than this are read at a quarter of the rate
LOW_PASS_REACH = 16  # samples on either side
LOW_PASS_CUTOFF = 0.125  # of the sample rate: halfway between the bins below and what would fold onto them
LOW_PASS_BETA = 8.0  # Kaiser: stop band near -80 dB


@dataclass(frozen=True)
class _Block:
    """Bins `first:stop` read FFT bins `low:high` through `kernel` [shape=(high - low, stop - first), complex128]."""

    first: int
    stop: int
    low: int
    high: int
    kernel: NDArray[np.complex128]


@dataclass(frozen=True)
class _Group:
    """Bins that share an FFT of `size` over the `2 * half` samples, `decimation` apart, around the centre."""

    decimation: int
    half: int
    size: int
    blocks: tuple[_Block, ...]


def window_samples(grid: Grid) -> Real:
    """Length of every bin's window [shape=(bin_count,), float64, samples]."""
    ratio = 2.0 ** (2.0 / grid.bins_per_octave)
    alpha = (ratio - 1.0) / (ratio + 1.0)
    return np.asarray(grid.sample_rate_hz / (alpha * grid.bin_hz + grid.gamma_hz))


def _low_pass() -> Real:
    t = np.arange(-LOW_PASS_REACH, LOW_PASS_REACH + 1)
    taps = np.sinc(2 * LOW_PASS_CUTOFF * t) * np.kaiser(len(t), LOW_PASS_BETA)
    normalised: Real = taps / taps.sum()
    return normalised


def _dirichlet(x: Real, reach: Real) -> Real:
    """Sum of cos(2 pi x m) over m from -reach to reach."""
    below = np.sin(np.pi * x)
    tiny = np.abs(below) < 1e-12
    found: Real = np.where(tiny, 2 * reach + 1, np.sin(np.pi * x * (2 * reach + 1)) / np.where(tiny, 1.0, below))
    return found


def _kernels(cycles: Real, lengths: Real, decimation: int, half: int, size: int) -> NDArray[np.complex128]:
    """Spectra of the bins' windowed exponentials [shape=(size // 2 + 1, bins)], the low-pass's droop made good.

    cycles [shape=(bins,), per sample] and lengths [shape=(bins,), samples] say where the bins lie. The spectrum of a
    sampled Hann window is the sum of three Dirichlet kernels (Harris 1978), so no window is ever made.
    """
    reach = np.ceil(lengths / (2 * decimation)) - 1  # samples of a window on either side of its centre
    beside = decimation / lengths
    total = 0.5 * (2 * reach + 1) + 0.5 * _dirichlet(beside, reach)  # of the window: what makes it an average
    if decimation > 1:
        steps = np.arange(-LOW_PASS_REACH, LOW_PASS_REACH + 1)
        total *= np.cos(2 * np.pi * cycles[:, None] * steps) @ _low_pass()
    row = np.arange(size // 2 + 1)
    x = cycles * decimation - row[:, None] / size
    window = 0.5 * _dirichlet(x, reach) + 0.25 * (_dirichlet(x + beside, reach) + _dirichlet(x - beside, reach))
    # Parseval: sum(x * conj(atom)) = sum(X * conj(ATOM)) / size; a real x holds half of the amplitude
    turned = np.exp(2j * np.pi * (row * half % size) / size) * (2.0 / size)  # frames begin `half` before the centre
    spectra: NDArray[np.complex128] = window / total * turned[:, None]
    return spectra


def _group(grid: Grid, members: NDArray[np.intp], size: int) -> _Group:
    """The group of neighbouring bins `members`, whose windows fit `size` samples."""
    lengths, cycles = window_samples(grid)[members], grid.bin_hz[members] / grid.sample_rate_hz
    decimation = DECIMATION if size > DECIMATE_ABOVE and cycles[-1] < LOW_PASS_CUTOFF / 2 else 1
    half = int(np.ceil(lengths.max() / 2 / decimation)) + 1 if decimation > 1 else size // 2
    size //= decimation
    spectra = _kernels(cycles, lengths, decimation, half, size)
    blocks = []
    for start in range(0, len(members), BINS_PER_BLOCK):
        stop = min(start + BINS_PER_BLOCK, len(members))
        strength = np.abs(spectra[:, start:stop]).max(axis=1)
        kept = np.flatnonzero(strength > LARGEST_LEFT_OUT * strength.max())
        low, high = int(kept[0]), int(kept[-1]) + 1
        kernel = np.ascontiguousarray(spectra[low:high, start:stop])
        blocks.append(_Block(int(members[start]), int(members[stop - 1]) + 1, low, high, kernel))
    return _Group(decimation, half, size, tuple(blocks))


def _strided(signal: Real, start: int, rows: int, columns: int, step: int) -> Real:
    """Rows of `columns` samples, `step` apart, as a view; sliding_window_view overflows a 32-bit address space."""
    item = signal.itemsize
    return np.ndarray((rows, columns), np.float64, signal, start * item, (step * item, item))


class Vqt:
    """The kernels of one grid, and the transform of frames that are already cut out."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        sizes = np.maximum(SHORTEST_FFT, np.exp2(np.ceil(np.log2(window_samples(grid)))).astype(int))
        self.frame_samples = int(sizes.max())
        self._groups = tuple(_group(grid, np.flatnonzero(sizes == n), n) for n in sorted(set(sizes.tolist()))[::-1])
        self._taps = _low_pass()

    @property
    def look_ahead_samples(self) -> int:
        """Samples after a frame's centre that the frame needs; the same for every bin."""
        return self.frame_samples // 2

    def magnitudes(self, samples: Samples, count: int) -> Magnitudes:
        """Magnitudes of `count` frames; frame i is samples[i * hop : i * hop + frame_samples].

        Returns [shape=(count, bin_count), float64, amplitude of the sinusoid].
        """
        hop, out = self.grid.hop_samples, np.empty((count, self.grid.bin_count))
        for start in range(0, count, FRAMES_PER_BATCH):
            rows = min(FRAMES_PER_BATCH, count - start)
            value = self._batch(samples[start * hop : (start + rows - 1) * hop + self.frame_samples], rows)
            np.sqrt(value.real**2 + value.imag**2, out=out[start : start + rows])
        return out

    def _batch(self, samples: Samples, rows: int) -> NDArray[np.complex128]:
        """Complex values of a batch of frames [shape=(rows, bin_count)]."""
        hop, values = self.grid.hop_samples, np.empty((rows, self.grid.bin_count), np.complex128)
        signal = samples.astype(np.float64)
        signals = {1: signal}
        for group in self._groups:
            if group.decimation not in signals:
                signals[group.decimation] = self._decimated(signal)
            start = self.frame_samples // 2 // group.decimation - group.half
            frames = _strided(signals[group.decimation], start, rows, 2 * group.half, hop // group.decimation)
            spectrum = np.fft.rfft(frames, group.size)
            for block in group.blocks:
                values[:, block.first : block.stop] = spectrum[:, block.low : block.high] @ block.kernel
        return values

    def _decimated(self, signal: Real) -> Real:
        """Every fourth sample of the low-passed signal; the outermost few, which no window reaches, lack context."""
        padded = np.zeros(len(signal) + 2 * LOW_PASS_REACH)
        padded[LOW_PASS_REACH:-LOW_PASS_REACH] = signal
        windows = _strided(padded, 0, len(signal) // DECIMATION, len(self._taps), DECIMATION)
        # einsum, not matmul: its sums do not depend on the number of rows
        decimated: Real = np.einsum("ij,j->i", windows, self._taps)
        return decimated


class StreamingVqt:
    """Feed blocks of any size, get frames: those, and only those, whose samples have all arrived.

    The recording is preceded and followed by silence; frame i is centred on sample i * hop.
    """

    def __init__(self, vqt: Vqt) -> None:
        self.vqt = vqt
        self._held = np.zeros(vqt.frame_samples // 2, np.float32)  # silence before the first sample
        self._fed = 0
        self._done = 0

    def feed(self, samples: Samples) -> Magnitudes:
        """Take mono float32 samples at the grid's rate; return the frames they complete [shape=(n, bin_count)]."""
        if samples.ndim != 1 or samples.dtype != np.float32:
            raise BadAudio(
                f"samples must be mono float32 of shape (n,), got {samples.dtype} {samples.shape}; downmix and convert"
            )
        self._fed += len(samples)
        return self._advance(samples)

    def finish(self) -> Magnitudes:
        """Return the frames still owed, with silence after the last sample. The stream then is over."""
        owed = self.vqt.grid.frame_count(self._fed) - self._done
        missing = (owed - 1) * self.vqt.grid.hop_samples + self.vqt.frame_samples - len(self._held)
        return self._advance(np.zeros(max(0, missing), np.float32), at_most=owed)

    def _advance(self, samples: Samples, at_most: int | None = None) -> Magnitudes:
        held = np.concatenate([self._held, samples])
        hop = self.vqt.grid.hop_samples
        count = max(0, (len(held) - self.vqt.frame_samples) // hop + 1)
        if at_most is not None:
            count = min(count, at_most)
        frames = self.vqt.magnitudes(held, count)
        self._held = held[count * hop :].copy()
        self._done += count
        return frames
