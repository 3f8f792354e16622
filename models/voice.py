"""Synthetic singers: glottal source, moving formants, consonants, breath."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.additive import air, harmonic_sum, resonance
from models.config import RATE_HZ
from models.lines import CONTROL_S, DIP, GAP, REST, Line, LineStyle, trace
from models.played import Part
from models.scores import Rng

# Formant centres in hertz of a grown man (Peterson & Barney 1952, rounded; fourth formant from Fant).
VOWELS = {
    "a": (750, 1150, 2500, 3400), "ae": (660, 1700, 2400, 3500), "e": (480, 1900, 2550, 3500),
    "i": (290, 2250, 3000, 3600), "o": (470, 850, 2500, 3300), "u": (320, 750, 2300, 3300),
    "@": (500, 1450, 2450, 3500), "y": (290, 1750, 2200, 3300),
}  # fmt: skip
NASALS = {"m": (250, 1000, 2200, 3000), "n": (260, 1500, 2400, 3300), "l": (340, 1100, 2600, 3300)}
FORMANT_WIDTHS_HZ = np.array([80.0, 100.0, 150.0, 220.0])


@dataclass(frozen=True)
class Singer:
    """`formant_scale` is the shortness of the vocal tract (1 = grown man)."""

    lowest: int
    highest: int
    formant_scale: float


SINGERS = (
    Singer(40, 62, 1.0),
    Singer(43, 66, 1.02),
    Singer(48, 69, 1.06),
    Singer(53, 76, 1.15),
    Singer(58, 82, 1.2),
    Singer(57, 79, 1.35),
)


def random_style(rng: Rng) -> LineStyle:
    trained = rng.random()
    return LineStyle(
        tuning=float(rng.uniform(-0.5, 0.5)),
        sloppiness=float(rng.uniform(0.02, 0.2)),
        drift=float(rng.uniform(0.01, 0.12)),
        slur_share=float(rng.choice([0.15, 0.4, 0.8])),
        gap_share=float(rng.choice([0.1, 0.3, 0.6])),
        glide_s=float(np.exp(rng.uniform(np.log(0.03), np.log(0.16)))),
        scoop_share=float(rng.uniform(0.1, 0.75)),
        scoop=float(rng.uniform(0.5, 3.0)),
        scoop_s=float(rng.uniform(0.05, 0.2)),
        fall_share=float(rng.choice([0.05, 0.3])),
        vibrato_hz=float(rng.uniform(4.3, 7.0)),
        vibrato=0.0
        if trained < 0.3
        else float(rng.uniform(0.05, 0.4))
        if trained < 0.75
        else float(rng.uniform(0.4, 1.0)),
        vibrato_delay_s=float(rng.uniform(0.05, 0.5)),
        attack_s=float(np.exp(rng.uniform(np.log(0.015), np.log(0.14)))),
        release_s=float(rng.uniform(0.03, 0.16)),
        dip_db=float(rng.uniform(6, 22)),
        dip_s=float(rng.uniform(0.04, 0.13)),
        swell_db=float(rng.uniform(1, 7)),
        tremble_db=float(rng.uniform(0.3, 4)),
    )


def plain_style(rng: Rng) -> LineStyle:
    """Someone who sings a song as it is spoken: syllables apart, no vibrato, pitches a little off."""
    return replace(
        random_style(rng),
        sloppiness=float(rng.uniform(0.05, 0.3)),
        slur_share=float(rng.uniform(0.05, 0.4)),
        gap_share=float(rng.uniform(0.2, 0.6)),
        glide_s=float(np.exp(rng.uniform(np.log(0.02), np.log(0.09)))),
        scoop_share=float(rng.uniform(0.05, 0.5)),
        scoop=float(rng.uniform(0.4, 2.5)),
        scoop_s=float(rng.uniform(0.03, 0.1)),
        vibrato=float(rng.choice([0.0, 0.0, rng.uniform(0.03, 0.2)])),
        attack_s=float(rng.uniform(0.01, 0.05)),
        dip_s=float(rng.uniform(0.03, 0.09)),
    )


def _formants(rng: Rng, line: Line, frames: int) -> NDArray[np.float64]:
    """Formant centres [shape=(4, frames), Hz of a grown man] that change with the syllables."""
    times, shapes = [0.0], [VOWELS["a"]]
    vowels = list(VOWELS.values())
    chosen = [vowels[i] for i in rng.choice(len(vowels), size=int(rng.integers(1, len(vowels))), replace=False)]
    for heard_s, join in line.joins:
        move_s = float(rng.uniform(0.02, 0.08))
        if join == DIP:
            nasal = list(NASALS.values())[rng.integers(len(NASALS))]
            times += [heard_s - 0.1, heard_s - 0.07, heard_s - 0.02]
            shapes += [shapes[-1], nasal, nasal]
        elif join in (GAP, REST) or rng.random() < 0.3:
            times.append(heard_s - move_s)
            shapes.append(shapes[-1])
        else:
            continue
        times.append(heard_s + move_s)
        shapes.append(chosen[rng.integers(len(chosen))])
    order = np.argsort(times, kind="stable")
    clock_s, knots = np.arange(frames) * CONTROL_S, np.array(times)[order]
    table = np.array(shapes, dtype=np.float64)[order]
    return np.stack([np.interp(clock_s, knots, table[:, q]) for q in range(4)])


def _consonants(rng: Rng, line: Line, frames: int) -> NDArray[np.float64]:
    """Level of the hiss of unvoiced consonants and of breaths before phrases."""
    hiss = np.zeros(frames)
    share, loudness = rng.uniform(0.2, 0.9), 10 ** (rng.uniform(-32, -12) / 20)
    for heard_s, join in line.joins:
        end = int(heard_s / CONTROL_S) - int(rng.uniform(0.0, 0.02) / CONTROL_S)
        if join in (GAP, REST) and rng.random() < share:
            length = int(rng.uniform(0.02, 0.11) / CONTROL_S)
            if end > length:
                hiss[end - length : end] += loudness * rng.uniform(0.3, 1.5) * np.hanning(length)
        if join == REST and rng.random() < 0.3:
            length = int(rng.uniform(0.15, 0.45) / CONTROL_S)
            if end > 2 * length:
                hiss[end - 2 * length : end - length] += 0.3 * loudness * np.hanning(length)
    return hiss


def voiced(rng: Rng, line: Line, singer: Singer) -> NDArray[np.float32]:
    """The sound [shape=(samples,), float32] of a vocal tract that follows a line's pitch, level and syllables."""
    frames = len(line.pitch)
    hz = 440.0 * 2 ** ((line.pitch - 69) / 12)
    hz *= 1 + rng.uniform(0.0005, 0.004) * rng.normal(0, 1, frames)
    formants = _formants(rng, line, frames) * singer.formant_scale * rng.uniform(0.94, 1.06)
    gains = np.array([1.0, rng.uniform(0.4, 1), rng.uniform(0.15, 0.8), rng.uniform(0.1, 0.7)])
    widths = FORMANT_WIDTHS_HZ * rng.uniform(0.8, 2.2)
    tilt, floor = rng.uniform(0.7, 1.7), rng.uniform(0.01, 0.15)
    partials = int(np.clip(9500 / max(70.0, float(np.percentile(hz, 20))), 6, 44))
    strengths = np.empty((partials, frames))
    for k in range(1, partials + 1):
        gain = floor + sum(gains[q] * resonance(hz * k, formants[q], widths[q]) for q in range(4))
        strengths[k - 1] = k**-tilt * gain * line.level ** (1 + 0.02 * k)
    sound = harmonic_sum(rng, hz, strengths)
    sound /= np.sqrt(np.mean(sound**2)) * 4 + 1e-9
    sound += air(rng, line.level * 10 ** (rng.uniform(-50, -22) / 20) * 0.25, 800, 6000)
    sound += air(rng, _consonants(rng, line, frames), rng.uniform(1500, 4000), 9000)
    return sound


def sing(
    rng: Rng, notes: Part, duration_s: float, singer: Singer, style: LineStyle | None = None
) -> tuple[NDArray[np.float32], Part]:
    """Audio [shape=(samples,), float32] of a sung line and its notes as they are heard."""
    line = trace(rng, notes, duration_s, style or random_style(rng))
    return voiced(rng, line, singer)[: int(duration_s * RATE_HZ)], line.notes
