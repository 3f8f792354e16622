"""Scores by the number of voices on a soundfont that no training clip was played on: where crowding begins to cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linnet.frames import frames_of
from linnet.manifest import Manifest
from linnet.vqt import Vqt
from models import scores, soundfont
from models.config import FRAMES_PER_S, GRID
from models.features import LEVEL, example_of
from models.performance import perform, random_touch
from models.played import monophonic, separated
from models.scoring import Intervals, Score, grouped, hz_of, score, written_and_read
from models.validation import PLAIN, decoded, planes_of

VOICES = (1, 3, 6)
CLIPS, CLIP_S = 8, 30.0
PROGRAMS = (0, 0, 24, 25, 40, 42, 56, 60, 65, 68, 70, 71, 73, 19)
LOWEST = (64, 52, 40, 70, 58, 46)


def _clip(number: int, voices: int) -> tuple[NDArray[np.uint8], Intervals]:
    """A made-up piece of so many lines, each on a program of its own, and the notes for as long as they are heard."""
    rng = np.random.default_rng(200_000 + 100 * voices + number)
    lines = [scores.melody(rng, CLIP_S * 3, low, low + 20) for low in LOWEST[:voices]]
    parts = perform(rng, lines, CLIP_S, [random_touch(rng, strum=False) for _ in lines], beats_per_minute=100.0)
    voicings = [
        soundfont.Voicing(int(PROGRAMS[rng.integers(len(PROGRAMS))]), separated(monophonic(part))) for part in parts
    ]
    sound, notes = soundfont.render(rng, voicings, CLIP_S, soundfont.VALIDATION_FONT)
    sound = 0.5 * sound / max(1e-9, float(np.abs(sound).max()))
    example = example_of(frames_of(sound, Vqt(GRID), LEVEL), separated(sorted(notes, key=lambda n: n.onset_s)))
    times_s, pitch = example.notes[:, :2] / FRAMES_PER_S, np.round(example.notes[:, 2])
    return example.frames, Intervals(times_s, hz_of(pitch))


def scores_by_voices(model: Path, manifest: Manifest) -> dict[str, Score]:
    """Mean scores of the clips of 1, 3 and 6 voices."""
    rows = []
    for voices in VOICES:
        for number in range(CLIPS):
            frames, reference = _clip(number, voices)
            notes = decoded(planes_of(model, manifest, frames), manifest, PLAIN)
            rows.append((f"{voices} voice{'s' * (voices > 1)}", score(reference, written_and_read(notes), frames=True)))
    found = grouped(rows)
    del found["mean"]
    return found
