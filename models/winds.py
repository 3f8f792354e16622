"""Bowed strings, reeds, brass, flutes and harmonicas by additive synthesis."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.additive import air, harmonic_sum, resonance
from models.config import RATE_HZ
from models.lines import LineStyle, trace
from models.played import Part, PlayedNote
from models.scores import Rng


@dataclass(frozen=True)
class Instrument:
    """`tilt`: fall of the harmonics as a power; `odd`: how far even ones are missing; `hiss_db`: air in the tone."""

    lowest: int
    highest: int
    tilt: tuple[float, float]
    odd: float = 0.0
    brightness: float = 0.03
    hiss_db: float = -45.0
    bowed: bool = False
    reeds: int = 1


INSTRUMENTS = {
    "violin": Instrument(55, 98, (0.7, 1.2), bowed=True, hiss_db=-38),
    "viola": Instrument(48, 86, (0.8, 1.2), bowed=True, hiss_db=-38),
    "cello": Instrument(36, 76, (0.8, 1.3), bowed=True, hiss_db=-40),
    "clarinet": Instrument(50, 88, (0.8, 1.5), odd=0.9),
    "saxophone": Instrument(44, 82, (0.6, 1.3)),
    "oboe": Instrument(58, 89, (0.3, 0.9)),
    "bassoon": Instrument(34, 72, (0.6, 1.2)),
    "brass": Instrument(40, 82, (0.8, 1.6), brightness=0.12),
    "flute": Instrument(60, 98, (1.6, 3.0), hiss_db=-30),
    "recorder": Instrument(60, 98, (1.5, 3.0), odd=0.5, hiss_db=-35),
    "harmonica": Instrument(57, 96, (0.2, 0.9), reeds=2),
}


def random_style(rng: Rng, instrument: Instrument) -> LineStyle:
    base = LineStyle(
        tuning=float(np.clip(rng.normal(0, 0.12), -0.4, 0.4)),
        sloppiness=float(rng.uniform(0.01, 0.08)),
        drift=float(rng.uniform(0.005, 0.04)),
        slur_share=float(rng.choice([0.1, 0.4, 0.85])),
        gap_share=float(rng.choice([0.05, 0.3])),
        glide_s=float(rng.uniform(0.006, 0.03)),
        scoop_share=float(rng.uniform(0, 0.12)),
        scoop=float(rng.uniform(0.3, 1.5)),
        vibrato_hz=float(rng.uniform(4.3, 7.0)),
        vibrato=float(rng.choice([0.0, rng.uniform(0.03, 0.15), rng.uniform(0.15, 0.4)])),
        vibrato_delay_s=float(rng.uniform(0.05, 0.4)),
        attack_s=float(np.exp(rng.uniform(np.log(0.008), np.log(0.07)))),
        release_s=float(rng.uniform(0.02, 0.12)),
        dip_db=float(rng.uniform(4, 25)),
        dip_s=float(rng.uniform(0.015, 0.06)),
        swell_db=float(rng.uniform(1, 7)),
        tremble_db=float(rng.uniform(0.3, 3)),
    )
    if instrument.bowed:
        return replace(base, glide_s=float(rng.uniform(0.004, 0.05)), scoop_share=float(rng.uniform(0, 0.2)))
    if instrument.reeds > 1:
        style = replace(base, slur_share=0.05, vibrato=base.vibrato * 0.4, scoop_share=float(rng.choice([0.0, 0.2])))
        return replace(style, sloppiness=0.05, glide_s=0.006, attack_s=float(rng.uniform(0.01, 0.05)))
    return base


def _strengths(
    rng: Rng, instrument: Instrument, hz: NDArray[np.float64], level: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Harmonic strengths [shape=(K, frames)]: a tilt, the body's fixed resonances, brighter when louder."""
    tilt = rng.uniform(*instrument.tilt)
    centres = np.exp(rng.uniform(np.log(200), np.log(6000), 7))
    widths, gains = centres * rng.uniform(0.08, 0.5, 7), rng.uniform(0.1, 2.0, 7)
    even = 1 - instrument.odd * rng.uniform(0.6, 1.05)
    texture = np.exp(rng.normal(0, 0.25, 40))
    voiced = hz[level > 0.01 * level.max()] if level.max() > 0 else hz
    partials = int(np.clip(10000 / max(60.0, float(np.percentile(voiced, 20))), 5, 40))
    strengths = np.empty((partials, len(hz)))
    for k in range(1, partials + 1):
        body = 0.4 + sum(g * resonance(hz * k, c, w) for g, c, w in zip(gains, centres, widths, strict=True))
        rise = max(0.0, even) + (1 - max(0.0, even)) * np.clip((k - 6) / 12, 0, 1) if k % 2 == 0 else 1.0
        strengths[k - 1] = k**-tilt * body * rise * texture[k - 1] * level ** (1 + instrument.brightness * k)
    return strengths


def blow(rng: Rng, notes: Part, duration_s: float, instrument: Instrument) -> tuple[NDArray[np.float32], Part]:
    """Audio [shape=(samples,), float32] of a bowed or blown line and its notes as they are heard."""
    line = trace(rng, notes, duration_s, random_style(rng, instrument))
    hz = 440.0 * 2 ** ((line.pitch - 69) / 12)
    sound = harmonic_sum(rng, hz, _strengths(rng, instrument, hz, line.level))
    if instrument.reeds > 1 and rng.random() < 0.5:
        beating = hz * 2 ** (rng.uniform(0.02, 0.2) / 12)
        sound += rng.uniform(0.2, 0.9) * harmonic_sum(rng, beating, _strengths(rng, instrument, hz, line.level))
    sound /= np.sqrt(np.mean(sound**2)) * 4 + 1e-9
    sound += air(rng, line.level * 0.25 * 10 ** ((instrument.hiss_db + rng.uniform(-12, 8)) / 20), 500, 7000)
    return sound[: int(duration_s * RATE_HZ)], line.notes


def neighbours(rng: Rng, notes: Part, steps: tuple[int, ...] = (-3, -4, -5, 4)) -> Part:
    """A second reed or stopped string sounding with some of the notes."""
    interval = int(rng.choice(steps))
    chosen, run = [], False
    for note in notes:
        run = rng.random() < (0.75 if run else 0.25)
        if run:
            chosen.append(
                PlayedNote(
                    note.onset_s + float(rng.normal(0, 0.005)), note.offset_s, note.pitch + interval, note.velocity
                )
            )
    return chosen
