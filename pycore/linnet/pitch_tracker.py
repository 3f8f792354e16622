"""Pitch of one voice, fast: how periodic a short window is, and at which period.

The normalised square difference of McLeod and Wyvill ("A smarter way to find pitch", ICMC 2005), computed through one
FFT per window: 1 where a window repeats itself exactly after so many samples. Of its maxima the first that comes near
the greatest is the period. High voices are read from the short window, which forgets the note before it sooner; low
ones, of which the short window holds too few periods, from the long one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linnet.vqt import Samples

HOP_SAMPLES = 128
LONG_SAMPLES, SHORT_SAMPLES = 1024, 512
LOWEST_HZ, HIGHEST_HZ = 70.0, 2700.0
SHORT_FROM_PERIODS = 3.0  # the short window is believed from so many periods in it on
NEAR_GREATEST = 0.82
BATCH_FRAMES = 256
_QUIETEST = 1e-10  # mean square: -100 dBFS

Column = NDArray[np.float64]


class PitchFrames(NamedTuple):
    """One row per hop; frame i has heard samples up to (i + 1) * HOP_SAMPLES."""

    pitch: Column
    """MIDI pitch, fractional; 0 where nothing repeats."""
    clarity: Column
    """0-1: how exactly the window repeats."""
    window_db: Column
    """Level of the short window, dBFS."""
    hop_db: Column
    """Level of the newest hop, dBFS."""
    doubt: Column
    """0-1: how nearly a shorter period would do, in the measure of the one that was chosen."""


class PitchTracker:
    """Feed mono samples in blocks of any size; every hop is one frame."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._held = np.zeros(LONG_SAMPLES - HOP_SAMPLES, np.float32)  # silence before the first sample
        self._longest = int(rate_hz / LOWEST_HZ)
        self._shortest = int(rate_hz / HIGHEST_HZ)

    def feed(self, samples: Samples) -> PitchFrames:
        """Take mono float32 samples [shape=(n,)]; return the frames that they complete."""
        held = np.concatenate([self._held, samples])
        count = max(0, (len(held) - LONG_SAMPLES) // HOP_SAMPLES + 1)
        parts = [
            self._batch(held[start * HOP_SAMPLES :], min(BATCH_FRAMES, count - start))
            for start in range(0, count, BATCH_FRAMES)
        ]
        self._held = held[count * HOP_SAMPLES :].copy()
        if not parts:
            return PitchFrames(*(np.zeros(0) for _ in PitchFrames._fields))
        return PitchFrames(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _batch(self, samples: Samples, count: int) -> PitchFrames:
        signal = samples.astype(np.float64)
        step = signal.itemsize
        long: Column = np.ndarray((count, LONG_SAMPLES), np.float64, signal, 0, (HOP_SAMPLES * step, step))
        short = long[:, -SHORT_SAMPLES:]
        pitch, clarity, doubt = self._periods(short)
        slow_pitch, slow_clarity, slow_doubt = self._periods(long)
        is_low = pitch < 69 + 12 * np.log2(self._rate_hz * SHORT_FROM_PERIODS / SHORT_SAMPLES / 440.0)
        energy = np.square(short)
        return PitchFrames(
            np.where(is_low, slow_pitch, pitch),
            np.where(is_low, slow_clarity, clarity),
            _decibels(energy.mean(axis=1)),
            _decibels(energy[:, -HOP_SAMPLES:].mean(axis=1)),
            np.where(is_low, slow_doubt, doubt),
        )

    def _periods(self, windows: Column) -> tuple[Column, Column, Column]:
        """Pitch, clarity and doubt of windows [shape=(n, samples)]."""
        size = windows.shape[1]
        spectrum = np.fft.rfft(windows, 2 * size)
        last = min(self._longest, size - 2) + 2
        product = np.fft.irfft(spectrum * spectrum.conj(), 2 * size)[:, :last]
        energy = np.cumsum(np.square(windows), axis=1)
        total = energy[:, -1:]
        both = energy[:, ::-1][:, :last].copy()
        both += total
        both[:, 1:] -= energy[:, : last - 1]
        likeness = 2 * product / np.maximum(both, _QUIETEST)
        middle, left, right = likeness[:, 1:-1], likeness[:, :-2], likeness[:, 2:]
        peak = (middle > left) & (middle >= right) & (middle > 0)
        peak &= np.logical_or.accumulate(middle < 0, axis=1)  # past the maximum at no delay
        peak[:, : self._shortest] = False
        heights = np.where(peak, middle, 0.0)
        greatest = heights.max(axis=1)
        row = np.arange(len(windows))
        at = np.argmax(heights >= np.maximum(NEAR_GREATEST * greatest, 1e-6)[:, None], axis=1)
        low, high, next_one = left[row, at], middle[row, at], right[row, at]
        curve = np.minimum(low - 2 * high + next_one, -1e-9)
        shift = np.clip(0.5 * (low - next_one) / curve, -0.5, 0.5)
        clarity = np.where(greatest > 0, np.clip(high - 0.25 * (low - next_one) * shift, 0.0, 1.0), 0.0)
        shorter = np.where(np.arange(heights.shape[1]) < at[:, None] - 2, heights, 0.0).max(axis=1)
        doubt = shorter / np.maximum(greatest, 1e-6)
        pitch = 69 + 12 * np.log2(self._rate_hz / (at + 1 + shift) / 440.0)
        return np.where(greatest > 0, pitch, 0.0), clarity, doubt


def _decibels(mean_square: Column) -> Column:
    decibels: Column = 10 * np.log10(np.maximum(mean_square, _QUIETEST))
    return decibels
