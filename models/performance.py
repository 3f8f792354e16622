"""From score to performance: tempo that breathes, parts that disagree by milliseconds, dynamics, touch, pedal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.played import Part, PlayedNote
from models.scores import Rng, ScorePart

TEMPO_STEP_BEATS = 0.25


@dataclass(frozen=True)
class Touch:
    """How a part is played. `jitter_s` is timing scatter, `strum_s` the delay from string to string of a chord."""

    legato: float = 0.9
    jitter_s: float = 0.008
    strum_s: float = 0.0
    loudness: float = 75.0
    swell: float = 12.0
    accent: float = 6.0


def random_touch(rng: Rng, *, strum: bool = False) -> Touch:
    return Touch(
        legato=float(rng.choice([rng.uniform(0.35, 0.7), rng.uniform(0.75, 1.0), rng.uniform(0.97, 1.08)])),
        jitter_s=float(rng.uniform(0.002, 0.016)),
        strum_s=float(rng.uniform(0.004, 0.035)) if strum else float(rng.uniform(0, 0.004)),
        loudness=float(rng.uniform(45, 100)),
        swell=float(rng.uniform(3, 16)),
        accent=float(rng.uniform(3, 10)),
    )


def _smooth_noise(rng: Rng, count: int, width: int) -> NDArray[np.float64]:
    noise = np.convolve(rng.normal(0, 1, count + width), np.ones(width) / np.sqrt(width), "same")
    return np.clip(noise[:count], -2.5, 2.5)


def _beat_times(rng: Rng, beats: float, beats_per_minute: float) -> NDArray[np.float64]:
    """Seconds at every quarter beat under a wandering tempo."""
    count = int(beats / TEMPO_STEP_BEATS) + 4
    depth = rng.choice([0.0, 0.04, 0.1])
    steps_s = 60.0 / beats_per_minute * TEMPO_STEP_BEATS * np.exp(depth * _smooth_noise(rng, count, 16))
    return np.concatenate([[0.0], np.cumsum(steps_s)])


def perform(
    rng: Rng, score: list[ScorePart], duration_s: float, touches: list[Touch], *, beats_per_minute: float | None = None
) -> list[Part]:
    """Play a random stretch of `score`, every part with its own touch; times run from 0 to `duration_s`."""
    tempo = beats_per_minute or float(np.exp(rng.uniform(np.log(50), np.log(170))))
    last_beat = max(note.end_beat for part in score for note in part)
    times_s = _beat_times(rng, last_beat, tempo)
    grid_beats = np.arange(len(times_s)) * TEMPO_STEP_BEATS
    start_s = rng.uniform(0, max(0.0, times_s[-1] - duration_s) + 1e-3)

    parts = []
    for score_part, touch in zip(score, touches, strict=True):
        swell = touch.loudness + touch.swell * _smooth_noise(rng, int(duration_s * 2) + 2, 10)
        lag_s = rng.normal(0, 0.006)
        part: Part = []
        chord_beat, chord_rank, upwards = -1.0, 0, True
        for note in score_part:
            onset_s = float(np.interp(note.start_beat, grid_beats, times_s)) - start_s
            offset_s = float(np.interp(note.end_beat, grid_beats, times_s)) - start_s
            if not 0.03 < onset_s < duration_s - 0.15:
                continue
            if note.start_beat == chord_beat:
                chord_rank += 1
            else:
                chord_beat, chord_rank, upwards = note.start_beat, 0, rng.random() < 0.75
            onset_s += lag_s + rng.normal(0, touch.jitter_s) + touch.strum_s * (chord_rank if upwards else -chord_rank)
            onset_s = max(0.01, onset_s)
            length_s = max(0.06, (offset_s - onset_s) * touch.legato * rng.uniform(0.88, 1.03))
            velocity = swell[int(onset_s * 2) % len(swell)] + rng.normal(0, touch.accent)
            part.append(PlayedNote(onset_s, onset_s + length_s, note.pitch, int(np.clip(velocity, 15, 127))))
        parts.append(part)
    return parts


def pedalled(rng: Rng, part: Part, duration_s: float) -> Part:
    """Hold every note that ends under a depressed sustain pedal until the pedal comes up."""
    time_s = 0.0
    while time_s < duration_s:
        hold_s = float(rng.uniform(0.4, 3.5))
        up_s = time_s + hold_s - 0.08
        if rng.random() < 0.85:
            for note in part:
                if time_s <= note.onset_s < up_s and note.offset_s < up_s:
                    note.offset_s = up_s + float(rng.normal(0, 0.01))
        time_s += hold_s
    return part


def ornamented(rng: Rng, part: Part, share: float = 0.05) -> Part:
    """Trills and grace notes on some of the longer notes."""
    out: Part = []
    for note in part:
        length_s = note.offset_s - note.onset_s
        if length_s > 0.35 and rng.random() < share:
            step_s, upper = float(rng.uniform(0.07, 0.13)), int(rng.choice([1, 2]))
            turns = int(min(length_s, 1.2) / step_s)
            for k in range(turns):
                start_s = note.onset_s + k * step_s
                end_s = note.offset_s if k == turns - 1 else start_s + step_s
                out.append(PlayedNote(start_s, end_s, note.pitch + upper * (k % 2), note.velocity))
        else:
            if length_s > 0.2 and note.onset_s > 0.1 and rng.random() < share:
                grace = PlayedNote(
                    note.onset_s - 0.08, note.onset_s, note.pitch + int(rng.choice([-2, -1, 1, 2])), note.velocity
                )
                out.append(grace)
            out.append(note)
    return out
