"""Renders the built-in example: ten seconds of plucked chords under a singing line that bends, all our own.

Plucked strings after Karplus and Strong (Computer Music Journal 7(2), 1983); the line is a sum of harmonics.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float64]

RATE_HZ = 22050
KEPT_BITS = 13  # what is lost lies 83 dB below full scale
LENGTH_S = 10.5
STEP_S = 0.3125  # an eighth note at 96 bpm
CHORDS = ((45, 52, 57, 60, 64), (41, 53, 57, 60, 65), (48, 52, 55, 60, 64), (43, 50, 55, 59, 62))
PATTERN = (0, 2, 3, 4, 3, 2, 4, 3)
# onset [steps], length [steps], pitch, semitones that the note slides up from
LINE = (
    (2, 3, 76, 0.0), (5, 1, 74, 0.0), (6, 2, 72, 0.0), (8, 3, 77, 2.0), (11, 1, 76, 0.0), (12, 4, 72, 0.0),
    (16, 2, 79, 0.0), (18, 2, 76, 0.0), (20, 4, 79, 1.0), (24, 2, 74, 0.0), (26, 1, 76, 0.0), (27, 1, 74, 0.0),
    (28, 4, 71, 0.0),
)  # fmt: skip


def hz(pitch: float | Sound) -> Sound:
    return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch) - 69.0) / 12.0))


def plucked(rng: np.random.Generator, pitch: float, length_s: float) -> Sound:
    """A string: noise that runs round a delay line and loses its treble."""
    period = RATE_HZ / float(hz(pitch)) - 0.5
    delay, count = int(period), int(length_s * RATE_HZ)
    ring = np.convolve(rng.uniform(-1, 1, delay + 2), np.ones(4) / 4, "same")
    out = np.zeros(count + delay + 2)
    out[: delay + 2] = ring
    part = period - delay  # a fraction of a sample, by linear interpolation
    for start in range(delay + 2, count, delay):
        stop = min(start + delay, count)
        old = slice(start - delay, stop - delay)
        one, two = out[old], out[start - delay - 1 : stop - delay - 1]
        three = out[max(0, start - delay - 2) : stop - delay - 2]
        out[start:stop] = 0.996 * 0.5 * ((1 - part) * one + two + part * three)
    fade = np.minimum(1.0, (count - np.arange(count)) / (0.05 * RATE_HZ))
    return out[:count] * fade


def sung(pitch: float, length_s: float, slide: float) -> Sound:
    """A line's note: slides into its pitch, then a vibrato that sets in late."""
    time_s = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    late = np.clip((time_s - 0.25) / 0.3, 0, 1)
    curve = pitch - slide * np.exp(-time_s / 0.07) + 0.25 * late * np.sin(2 * np.pi * 5.4 * time_s)
    phase = 2 * np.pi * np.cumsum(hz(curve)) / RATE_HZ
    tone = sum(np.sin(k * phase) * k**-1.3 * np.exp(-0.5 * ((k - 2) / 4) ** 2) for k in range(1, 9))
    shape = np.clip(time_s / 0.03, 0, 1) * np.clip((length_s - time_s) / 0.06, 0, 1)
    return np.asarray(tone * shape * (1 - 0.3 * time_s / length_s))


def render() -> Sound:
    rng = np.random.default_rng(1)
    sound = np.zeros(int(LENGTH_S * RATE_HZ))

    def add(onset_s: float, tone: Sound, level: float) -> None:
        first = int(onset_s * RATE_HZ)
        kept = tone[: len(sound) - first]
        sound[first : first + len(kept)] += level * kept

    for bar, chord in enumerate(CHORDS):
        for step, string in enumerate(PATTERN):
            add(0.15 + (8 * bar + step) * STEP_S, plucked(rng, chord[string], 1.4), 0.5 if step % 4 else 0.65)
    for onset, length, pitch, slide in LINE:
        add(0.15 + onset * STEP_S, sung(pitch, length * STEP_S * 0.96, slide), 0.22)
    room = rng.normal(0, 1, int(0.7 * RATE_HZ)) * np.exp(-np.arange(int(0.7 * RATE_HZ)) / (0.12 * RATE_HZ))
    echoes = np.fft.irfft(np.fft.rfft(sound, 2**19) * np.fft.rfft(room, 2**19))[: len(sound)]
    sound += 0.12 * echoes / np.abs(echoes).max() * np.abs(sound).max()
    return np.asarray(0.7 * sound / np.abs(sound).max())


def write_example(path: Path) -> None:
    """FLAC, mono; the same bytes every time. The last three of 16 bits are nought, which FLAC leaves out."""
    coarse = np.round(render() * 2.0 ** (KEPT_BITS - 1)) / 2.0 ** (KEPT_BITS - 1)
    soundfile.write(path, coarse, RATE_HZ, format="FLAC", subtype="PCM_16", compression_level=1.0)
