"""Sounds that tests make: tones, chords, clicks, sweeps and plucked notes, mono float32."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE_HZ = 22050


def hertz(pitch: float) -> float:
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def silence(seconds: float, rate_hz: int = RATE_HZ) -> Samples:
    return np.zeros(round(seconds * rate_hz), np.float32)


def tone(hz: float, seconds: float, amplitude: float = 0.5, rate_hz: int = RATE_HZ) -> Samples:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def noise(seconds: float, dbfs: float, seed: int = 0, rate_hz: int = RATE_HZ) -> Samples:
    """White noise of a given root mean square level."""
    values = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz))
    return (values * 10 ** (dbfs / 20)).astype(np.float32)


def sweep(low_hz: float, high_hz: float, seconds: float, rate_hz: int = RATE_HZ) -> tuple[Samples, NDArray[np.float64]]:
    """An exponential sweep and its frequency at every sample."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    hz = low_hz * (high_hz / low_hz) ** (t / seconds)
    return (0.5 * np.sin(2 * np.pi * np.cumsum(hz) / rate_hz)).astype(np.float32), hz


def plucked(pitch: float, seconds: float, amplitude: float = 0.3, rate_hz: int = RATE_HZ) -> Samples:
    """A string-like note: twelve partials with a sharp attack that fade, the high ones first; a soft end."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    partials = np.arange(1, 13)[:, None]
    frequency = hertz(pitch) * partials * np.sqrt(1 + 2e-4 * partials**2)
    audible = frequency < 0.45 * rate_hz
    parts = audible * partials**-1.1 * np.exp(-t * (0.9 + 0.35 * partials)) * np.sin(2 * np.pi * frequency * t)
    envelope = np.clip(t / 0.003, 0, 1) * np.clip((seconds - t) / 0.02, 0, 1)
    return (amplitude * envelope * parts.sum(axis=0)).astype(np.float32)


def music(
    notes: Iterable[tuple[float, float, int]], seconds: float, rate_hz: int = RATE_HZ, background_dbfs: float = -75.0
) -> Samples:
    """Plucked notes (onset_s, offset_s, pitch) over a faint noise floor."""
    out = noise(seconds, background_dbfs, seed=1, rate_hz=rate_hz)
    for onset_s, offset_s, pitch in notes:
        start = round(onset_s * rate_hz)
        note = plucked(pitch, offset_s - onset_s, rate_hz=rate_hz)[: max(0, len(out) - start)]
        out[start : start + len(note)] += note
    return out


TUNE: tuple[tuple[float, float, int], ...] = (
    (0.50, 0.95, 60), (1.00, 1.45, 64), (1.50, 1.95, 67), (2.00, 2.45, 72), (2.50, 2.95, 67), (3.00, 3.45, 64),
    (3.50, 4.60, 48), (3.50, 4.60, 60), (3.50, 4.60, 64), (4.75, 5.20, 65), (5.25, 5.70, 65), (5.75, 6.40, 62),
)  # fmt: skip
"""Twelve notes with a chord and a repeated note; TUNE_S seconds long."""
TUNE_S = 7.0


def faded(samples: Samples, seconds: float = 0.2, rate_hz: int = RATE_HZ) -> Samples:
    """With a smooth beginning and end, so that no edge adds frequencies of its own."""
    ramp = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, round(seconds * rate_hz)))
    out = samples.copy()
    out[: len(ramp)] *= ramp.astype(np.float32)
    out[-len(ramp) :] *= ramp[::-1].astype(np.float32)
    return out
