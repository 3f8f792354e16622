"""Sung, bowed and blown lines before they have a timbre: pitch and level over time, and the notes an ear hears.

What counts as a note follows the practice of singing annotation (Tony; Molina et al., ISMIR 2014): a scoop or a
vibrato belongs to one note, which begins with the scoop; a slurred change of pitch starts a note when it has crossed
half way, but within 50 ms; a consonant or a bow change starts a note when the sound begins to come back; and a note's
pitch is the semitone nearest to what was sung, not what the score asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.config import RATE_HZ
from models.played import Part, PlayedNote
from models.scores import Rng

CONTROL_SAMPLES = 64
CONTROL_S = CONTROL_SAMPLES / RATE_HZ

SLUR, DIP, GAP, REST = "slur", "dip", "gap", "rest"


@dataclass(frozen=True)
class LineStyle:
    """One player's habits. Pitches in semitones, times in seconds; shares are chances per note."""

    tuning: float = 0.0
    sloppiness: float = 0.03
    drift: float = 0.03
    slur_share: float = 0.5
    gap_share: float = 0.15
    glide_s: float = 0.03
    scoop_share: float = 0.1
    scoop: float = 1.0
    scoop_s: float = 0.06
    fall_share: float = 0.0
    vibrato_hz: float = 5.5
    vibrato: float = 0.2
    vibrato_delay_s: float = 0.2
    attack_s: float = 0.03
    release_s: float = 0.05
    dip_db: float = 12.0
    dip_s: float = 0.05
    swell_db: float = 4.0
    tremble_db: float = 1.5


@dataclass
class Line:
    """`pitch` [shape=(frames,), MIDI], `level` [shape=(frames,), 0-1] every 64 samples; `joins`: how notes begin."""

    pitch: NDArray[np.float64]
    level: NDArray[np.float64]
    notes: Part = field(default_factory=list)
    joins: list[tuple[float, str]] = field(default_factory=list)


def _slow_noise(rng: Rng, count: int, step: int) -> NDArray[np.float64]:
    knots = rng.normal(0, 1, count // step + 3)
    return np.interp(np.arange(count) / step, np.arange(len(knots)), knots)


@dataclass
class _Step:
    """One note of the plan: where it lies, how it begins, and whether the sound goes on into the next."""

    note: PlayedNote
    start_s: float
    end_s: float
    centre: float
    join: str
    carries_on: bool = False
    heard_s: float = 0.0
    heard_end_s: float = 0.0


def _plan(rng: Rng, notes: Part, style: LineStyle, duration_s: float) -> list[_Step]:
    steps: list[_Step] = []
    for note in notes:
        length_s = min(note.offset_s, duration_s) - note.onset_s
        if length_s < 0.05:
            continue
        centre = note.pitch + style.tuning + float(np.clip(rng.normal(0, style.sloppiness), -0.45, 0.45))
        join = REST
        if steps and note.onset_s - steps[-1].end_s < 0.09:
            draw, moves = rng.random(), abs(centre - steps[-1].centre) >= 0.7
            join = SLUR if draw < style.slur_share and moves else DIP
            if draw > 1 - style.gap_share and length_s > 0.2:
                join = GAP
        if join in (SLUR, DIP):
            steps[-1].end_s, steps[-1].carries_on = note.onset_s, True
        steps.append(_Step(note, note.onset_s, note.onset_s + length_s, centre, join))
    return steps


def _smoothstep(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def _pitch(rng: Rng, style: LineStyle, step: _Step, before: float, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pitch over one note, glide or scoop included; sets when the note is heard to begin."""
    length_s = step.end_s - step.start_s
    pitch = np.full(len(time_s), step.centre)
    glide_s = max(0.004, min(style.glide_s * rng.uniform(0.5, 1.7), 0.5 * length_s))
    if step.join == SLUR:
        pitch += (before - step.centre) * (1 - _smoothstep(time_s / glide_s))
        step.heard_s += min(0.05, 0.5 * glide_s)
    elif rng.random() < style.scoop_share:
        depth = style.scoop * rng.uniform(0.3, 1.3) * (-1 if rng.random() < 0.88 else 0.6)
        scoop_s = min(style.scoop_s * rng.uniform(0.4, 1.8), 0.45 * length_s)
        curve = depth * (np.exp(-3 * time_s / scoop_s) if rng.random() < 0.5 else 1 - _smoothstep(time_s / scoop_s))
        near_s = time_s[np.argmax(np.abs(curve) < 0.8)]
        pitch += curve
        step.heard_s += min(0.025, float(near_s))
    elif step.join == DIP:
        pitch += (before - step.centre) * (1 - _smoothstep(time_s / glide_s))
    if rng.random() < style.fall_share and length_s > 0.3 and not step.carries_on:
        fall_s = rng.uniform(0.06, 0.16)
        pitch -= rng.uniform(0.5, 3) * np.clip((time_s - length_s + fall_s) / fall_s, 0, 1)
        step.heard_end_s -= 0.5 * fall_s
    return pitch


def _level(rng: Rng, style: LineStyle, step: _Step, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The level over one note; sets when a note that begins out of silence or a consonant is heard."""
    length_s = step.end_s - step.start_s
    shape = rng.uniform(-1, 1) * (time_s / length_s) + rng.uniform(-1, 1) * np.sin(np.pi * time_s / length_s)
    level = 10 ** (((step.note.velocity - 100) * 0.28 + style.swell_db * shape) / 20)
    if step.join == SLUR:
        level *= 1 - rng.uniform(0, 0.35) * np.exp(-((time_s / 0.02) ** 2))
    elif step.join == DIP:
        dip_s = min(style.dip_s * rng.uniform(0.6, 1.5), 0.4 * length_s)
        floor = 10 ** (-style.dip_db * rng.uniform(0.5, 1.6) / 20)
        level *= floor + (1 - floor) * _smoothstep(2 * time_s / dip_s - 1)
        step.heard_s = max(step.heard_s, step.start_s + min(0.05, 0.5 * dip_s))
    else:
        attack_s = max(0.004, min(style.attack_s * rng.uniform(0.6, 1.6), 0.4 * length_s))
        silent_s = min(rng.uniform(0.03, 0.1), 0.3 * length_s) if step.join == GAP else 0.0
        level *= np.clip((time_s - silent_s) / attack_s, 0, 1) ** rng.uniform(0.7, 1.5)
        step.heard_s = max(step.heard_s, step.start_s + silent_s + min(0.03, 0.3 * attack_s))
    if not step.carries_on:
        release_s = min(style.release_s * rng.uniform(0.6, 1.6), 0.4 * length_s)
        level *= np.clip((length_s - time_s) / release_s, 0, 1) ** 0.7
        step.heard_end_s = min(step.heard_end_s, step.end_s - 0.2 * release_s)
    return level


def _vibrato(
    rng: Rng, style: LineStyle, time_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pitch (semitones) and level (factor) of a vibrato that sets in late."""
    delay_s = style.vibrato_delay_s * rng.uniform(0.3, 1.7)
    speed_hz = style.vibrato_hz * rng.uniform(0.94, 1.06) + 0.15 * _slow_noise(rng, len(time_s), 100)
    phase = 2 * np.pi * np.cumsum(speed_hz) * CONTROL_S
    grown = _smoothstep((time_s - delay_s) / rng.uniform(0.15, 0.5)) * rng.uniform(0.5, 1.25)
    tremble_db = style.tremble_db * grown * np.sin(phase + rng.uniform(0, 6.28))
    return style.vibrato * grown * np.sin(phase), 10 ** (tremble_db / 20)


def _heard_note(line: Line, step: _Step) -> PlayedNote | None:
    """The note with the semitone and bend curve of what sounded; None when it is too short to be one."""
    index = np.arange(int(step.heard_s / CONTROL_S), min(int(step.heard_end_s / CONTROL_S), len(line.pitch)), 4)
    if len(index) < 4:
        return None
    pitch = int(np.round(np.median(line.pitch[index])))
    bend = line.pitch[index] - pitch
    return PlayedNote(step.heard_s, step.heard_end_s, pitch, step.note.velocity, index * CONTROL_S, bend)


def trace(rng: Rng, notes: Part, duration_s: float, style: LineStyle) -> Line:
    """Play a monophonic part: the line's pitch and level, and its notes as they are heard."""
    count = int(duration_s / CONTROL_S) + 2
    line = Line(np.full(count, 60.0), np.zeros(count))
    clock_s = np.arange(count) * CONTROL_S
    steps = _plan(rng, notes, style, duration_s)
    before = steps[0].centre if steps else 60.0
    for index, step in enumerate(steps):
        first, last = int(np.ceil(step.start_s / CONTROL_S)), int(np.ceil(step.end_s / CONTROL_S))
        time_s = clock_s[first:last] - step.start_s
        step.heard_s, step.heard_end_s = step.start_s, step.end_s
        pitch = _pitch(rng, style, step, before, time_s)
        level = _level(rng, style, step, time_s)
        if style.vibrato > 0 and len(time_s) * CONTROL_S > 0.25 and rng.random() < 0.85:
            wobble, tremble = _vibrato(rng, style, time_s)
            pitch, level = pitch + wobble, level * tremble
        line.pitch[first:], line.level[first:last] = pitch[-1], level
        line.pitch[first:last] = pitch
        before = float(pitch[-1])
        if step.join == SLUR:
            steps[index - 1].heard_end_s = step.heard_s
        line.joins.append((step.heard_s, step.join))
    line.pitch += style.drift * (_slow_noise(rng, count, 120) + 0.6 * _slow_noise(rng, count, 20))
    line.notes = [note for step in steps if (note := _heard_note(line, step)) is not None]
    return line
