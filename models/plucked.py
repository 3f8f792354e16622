"""Plucked, struck and organ-like tones by additive synthesis with inharmonic partials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.config import RATE_HZ
from models.played import Part, PlayedNote
from models.scores import Rng

AUDIBLE_DB = 38.0
HIGHEST_PARTIAL_HZ = 10300.0
PARTIALS = 24


@dataclass(frozen=True)
class String:
    """`decay_s` is the time constant at 220 Hz; None rings as long as the key is down."""

    tilt: float
    decay_s: float | None
    inharmonicity: float
    attack_s: float
    release_s: float
    damping: float
    tuning: float
    brightness: float
    comb: float


def random_string(rng: Rng) -> String:
    struck = rng.random() < 0.78
    return String(
        tilt=float(rng.uniform(0.4, 1.8)),
        decay_s=float(np.exp(rng.uniform(np.log(0.25), np.log(5)))) if struck else None,
        inharmonicity=float(10 ** rng.uniform(-5.5, -3.3)) if rng.random() < 0.7 else 0.0,
        attack_s=float(rng.uniform(0.001, 0.008)) if struck else float(rng.uniform(0.005, 0.05)),
        release_s=float(rng.uniform(0.02, 0.2)),
        damping=float(rng.uniform(0.05, 0.5)),
        tuning=float(np.clip(rng.normal(0, 0.1), -0.4, 0.4)),
        brightness=float(rng.uniform(0.02, 0.08)),
        comb=float(rng.uniform(0.05, 0.45)),
    )


def _tone(rng: Rng, string: String, note: PlayedNote, strengths: NDArray[np.float64]) -> NDArray[np.float32]:
    length_s = min(note.offset_s - note.onset_s, 9.0) + string.release_s
    time_s = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    hz = 440.0 * 2 ** ((note.pitch + string.tuning - 69) / 12)
    loudness = note.velocity / 100
    tone = np.zeros(len(time_s))
    for k in range(1, PARTIALS + 1):
        partial_hz = hz * k * np.sqrt(1 + string.inharmonicity * k * k)
        if partial_hz > HIGHEST_PARTIAL_HZ:
            break
        pluck = abs(np.sin(np.pi * k * string.comb)) + 0.05
        partial = np.sin(2 * np.pi * partial_hz * time_s + rng.uniform(0, 6.28))
        if string.decay_s is not None:
            rate = (1 + string.damping * (k - 1)) * (hz / 220) ** 0.4 / string.decay_s
            if rate * length_s > 7:
                partial = partial[: int(7 / rate * RATE_HZ)]
            partial *= np.exp(-time_s[: len(partial)] * rate)
        tone[: len(partial)] += (
            k**-string.tilt * strengths[k - 1] * pluck * loudness ** (1 + string.brightness * k) * partial
        )
    tone *= np.clip(time_s / string.attack_s, 0, 1) * np.clip((length_s - time_s) / string.release_s, 0, 1)
    return tone.astype(np.float32)


def pluck(rng: Rng, notes: Part, duration_s: float, string: String) -> tuple[NDArray[np.float32], Part]:
    """Audio [shape=(samples,), float32] and the notes for as long as they are heard."""
    count = int(duration_s * RATE_HZ)
    sound = np.zeros(count, np.float32)
    strengths = rng.uniform(0.3, 1.2, PARTIALS)
    heard: Part = []
    for note in notes:
        first = int(note.onset_s * RATE_HZ)
        if first >= count - 400:
            continue
        tone = _tone(rng, string, note, strengths)[: count - first]
        sound[first : first + len(tone)] += tone
        offset_s = note.offset_s + 0.4 * string.release_s
        if string.decay_s is not None:
            hz = 440.0 * 2 ** ((note.pitch - 69) / 12)
            ring_s = AUDIBLE_DB / 8.69 * string.decay_s / (hz / 220) ** 0.4
            offset_s = min(offset_s, note.onset_s + max(ring_s, 0.08))
        bend_s = np.array([note.onset_s])
        heard.append(PlayedNote(note.onset_s, offset_s, note.pitch, note.velocity, bend_s, np.array([string.tuning])))
    return sound, heard
