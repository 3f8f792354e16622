"""A synthetic talker: the vocal tract of the singers on a pitch that never rests. It has no notes.

Speech differs from song in its melody: the pitch of a syllable keeps gliding and seldom holds a semitone for longer
than a tenth of a second, and phrases fall as breath runs out (t'Hart, Collier and Cohen, A Perceptual Study of
Intonation, 1990).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.config import RATE_HZ
from models.lines import CONTROL_S, DIP, GAP, REST, Line
from models.scores import Rng
from models.voice import SINGERS, voiced


def _phrase(rng: Rng, syllables: int, syllable_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Knots of a phrase's melody: times from its start [s] and semitones about the talker's middle."""
    knots = 2 * syllables + 1
    time_s = np.linspace(0, syllables * syllable_s, knots)
    fall = np.linspace(rng.uniform(1, 4), -rng.uniform(1, 5), knots)
    accents = rng.normal(0, rng.uniform(0.8, 2.5), knots) + (rng.random(knots) < 0.15) * rng.uniform(2, 6)
    if rng.random() < 0.3:  # a question
        fall[-2:] += rng.uniform(4, 9)
    return time_s, fall + accents


def talk(rng: Rng, duration_s: float) -> NDArray[np.float32]:
    """Audio [shape=(samples,), float32] of someone talking in no language."""
    singer = SINGERS[rng.integers(len(SINGERS))]
    middle = singer.lowest + rng.uniform(2, 8)
    frames = int(duration_s / CONTROL_S) + 2
    clock_s = np.arange(frames) * CONTROL_S
    pitch, level = np.full(frames, middle), np.zeros(frames)
    joins: list[tuple[float, str]] = []
    start_s = float(rng.uniform(0, 1))
    while start_s < duration_s:
        syllable_s = float(rng.uniform(0.13, 0.26))
        syllables = int(rng.integers(3, 16))
        time_s, melody = _phrase(rng, syllables, syllable_s)
        inside = (clock_s >= start_s) & (clock_s < start_s + time_s[-1])
        own_s = clock_s[inside] - start_s
        pitch[inside] = middle + np.interp(own_s, time_s, melody)
        depth, loudness = rng.uniform(0.3, 0.98, syllables + 1), rng.uniform(0.4, 1.0, syllables + 1)
        number = np.minimum((own_s / syllable_s).astype(int), syllables)
        pulse = np.sin(np.pi * (own_s / syllable_s % 1)) ** 0.6
        level[inside] = loudness[number] * (1 - depth[number] * (1 - pulse))
        edge_s = np.minimum(own_s, time_s[-1] - own_s)
        level[inside] *= np.clip(edge_s / 0.03, 0, 1) * np.linspace(1, rng.uniform(0.3, 1), len(own_s))
        joins.append((start_s, REST))
        joins += [(start_s + k * syllable_s, GAP if rng.random() < 0.5 else DIP) for k in range(1, syllables)]
        start_s += float(time_s[-1] + np.exp(rng.uniform(np.log(0.1), np.log(1.5))))
    line = Line(pitch, level, [], [join for join in joins if 0.15 < join[0] < duration_s - 0.1])
    return voiced(rng, line, singer)[: int(duration_s * RATE_HZ)]
