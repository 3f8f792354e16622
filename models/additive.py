"""Sums of harmonics whose pitch and strengths move: the sound engine under voices, bows and winds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.config import RATE_HZ
from models.lines import CONTROL_SAMPLES
from models.scores import Rng

HIGHEST_PARTIAL_HZ = 10300.0
_RAMP = (np.arange(CONTROL_SAMPLES, dtype=np.float32) / CONTROL_SAMPLES)[None]


def upsampled(control: NDArray[np.float64]) -> NDArray[np.float32]:
    """Control values every 64 samples, drawn out linearly to samples."""
    value = control.astype(np.float32)
    return (value[:-1, None] + (value[1:] - value[:-1])[:, None] * _RAMP).ravel()


def harmonic_sum(rng: Rng, hz: NDArray[np.float64], strengths: NDArray[np.float64]) -> NDArray[np.float32]:
    """Sound of harmonics 1…K of `hz` [shape=(frames,)] with `strengths` [shape=(K, frames)]."""
    phase = 2 * np.pi * np.cumsum(upsampled(hz).astype(np.float64)) / RATE_HZ
    turn = np.exp(1j * phase).astype(np.complex64)
    rotor = turn.copy()
    sound = np.zeros(len(turn), np.float32)
    for k, strength in enumerate(strengths, start=1):
        audible = np.where(hz * k < HIGHEST_PARTIAL_HZ, strength, 0.0)
        if audible.max() > 0:
            start = np.exp(1j * rng.uniform(0, 2 * np.pi)).astype(np.complex64)
            sound += upsampled(audible) * (rotor * start).imag
        rotor *= turn
    return sound


def resonance(
    frequency_hz: NDArray[np.float64], centre_hz: NDArray[np.float64], width_hz: float
) -> NDArray[np.float64]:
    """Gain of one resonance, 1 at its centre."""
    return width_hz**2 / ((frequency_hz - centre_hz) ** 2 + width_hz**2)


def air(rng: Rng, level: NDArray[np.float64], low_hz: float, high_hz: float) -> NDArray[np.float32]:
    """Band-limited noise that follows `level` (control rate)."""
    count = (len(level) - 1) * CONTROL_SAMPLES
    spectrum = np.fft.rfft(rng.normal(0, 1, count).astype(np.float32))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum *= 1 / (1 + (low_hz / np.maximum(hz, 1.0)) ** 4) / (1 + (hz / high_hz) ** 4)
    noise = np.fft.irfft(spectrum, count).astype(np.float32)
    return noise / (noise.std() + 1e-9) * upsampled(level)
