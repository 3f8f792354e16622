"""Notes of a known tempo: an accented bass on every other beat, and eighths, swung, triplet or sixteenth, above."""

from __future__ import annotations

import numpy as np

from linnet.notes import Note, NoteTable


def played(
    bpm: float, *, swing: float = 0.5, jitter_s: float = 0.0, rests: float = 0.0, parts: int = 2, beats: int = 64,
    beats_per_bar: int = 4, first_s: float = 0.37, seed: int = 0,
) -> NoteTable:  # fmt: skip
    rng = np.random.default_rng(seed)
    period_s, notes = 60.0 / bpm, []
    for beat in range(beats):
        is_bar = beat % beats_per_bar == 0
        for part in range(parts):
            if rng.random() < rests and not (is_bar and part == 0):
                continue
            place = swing if parts == 2 and part == 1 else part / parts
            onset_s = max(0.0, first_s + (beat + place) * period_s + rng.normal(0.0, jitter_s))
            velocity = 90 if is_bar and part == 0 else 78 if part == 0 else 66
            notes.append(Note(onset_s, onset_s + 0.9 * period_s / parts, 60 + int(rng.integers(12)), velocity))
            if part == 0 and beat % 2 == 0:
                notes.append(Note(onset_s, onset_s + 1.9 * period_s, 40 if is_bar else 45, 92 if is_bar else 80))
    return NoteTable.of(notes)
