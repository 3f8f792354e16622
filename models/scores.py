"""Music before it is performed: parts of (start, end, pitch) in beats, from CC0 scores or made up on the spot."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache

import mido
import numpy as np

from models.config import SCORE_ARCHIVE

Rng = np.random.Generator

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 8, 11), (0, 3, 5, 7, 10), tuple(range(12)))
CHORDS = ((0, 4, 7), (0, 3, 7), (0, 4, 7, 10), (0, 3, 7, 10), (0, 4, 7, 11), (0, 5, 7), (0, 7), (0, 3, 6))
DEGREES = (0, 5, 7, 9, 2, 4)


@dataclass(frozen=True)
class ScoreNote:
    start_beat: float
    end_beat: float
    pitch: int


ScorePart = list[ScoreNote]


@lru_cache(maxsize=1)
def _archive() -> tuple[zipfile.ZipFile, tuple[str, ...]] | None:
    if not SCORE_ARCHIVE.exists():
        return None
    archive = zipfile.ZipFile(SCORE_ARCHIVE)
    return archive, tuple(sorted(name for name in archive.namelist() if name.endswith(".mid")))


def _parts_of_midi(data: bytes) -> list[ScorePart]:
    midi = mido.MidiFile(file=io.BytesIO(data))
    parts = []
    for track in midi.tracks:
        tick, sounding, notes = 0, {}, []
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.note] = tick
            elif message.type in ("note_off", "note_on") and message.note in sounding:
                start = sounding.pop(message.note)
                notes.append(ScoreNote(start / midi.ticks_per_beat, tick / midi.ticks_per_beat, message.note))
        if len(notes) > 20:
            parts.append(sorted(notes, key=lambda n: (n.start_beat, n.pitch)))
    return parts


def printed(rng: Rng, *, kind: str = "") -> list[ScorePart]:
    """The parts of a random CC0 score of a `kind` ("lied", "quartet" or any); [] without the archive."""
    archive = _archive()
    if archive is None:
        return []
    names = [name for name in archive[1] if name.rsplit("/", 1)[-1].startswith(kind)]
    for _ in range(10):
        parts = _parts_of_midi(archive[0].read(names[rng.integers(len(names))]))
        if parts:
            return parts
    return []


def melody(rng: Rng, beats: float, lowest: int, highest: int, *, unit: float | None = None) -> ScorePart:
    """One line in a scale: steps, leaps, rests, repeated notes, even runs; `unit` is the usual note in beats."""
    root = int(rng.integers(12))
    scale = {(degree + root) % 12 for degree in SCALES[rng.integers(len(SCALES))]}
    even = rng.random() < 0.3
    repeat = rng.choice([0.03, 0.12, 0.4], p=[0.4, 0.45, 0.15])
    unit = unit or float(rng.choice([0.25, 0.5, 1.0], p=[0.25, 0.5, 0.25]))
    rest = rng.choice([0.0, 0.06, 0.15])
    spread = rng.choice([1.8, 2.6, 4.5], p=[0.3, 0.5, 0.2])
    pitch = int(rng.integers(lowest, highest + 1))
    notes, beat = [], float(rng.uniform(0, 1))
    while beat < beats:
        length = unit * (1.0 if even and rng.random() < 0.93 else rng.choice([0.5, 1, 1, 1, 1.5, 2, 2, 3, 4]))
        if rng.random() < rest:
            beat += length
            continue
        if rng.random() > repeat:
            pitch += int(np.round(rng.normal(0, spread))) or int(rng.choice([-1, 1]))
            pitch = int(np.clip(2 * np.clip(pitch, lowest, highest) - pitch, lowest, highest))
            near = [p for p in range(pitch - 2, pitch + 3) if p % 12 in scale and lowest <= p <= highest]
            if near and rng.random() < 0.9:
                pitch = min(near, key=lambda p: abs(p - pitch) + 0.1 * rng.random())
        notes.append(ScoreNote(beat, beat + length, pitch))
        beat += length
    return notes


def chords(rng: Rng, beats: float, lowest: int, highest: int) -> ScorePart:
    """Block and broken chords over a wandering root."""
    root, beat, notes = int(rng.integers(12)), 0.0, []
    broken_share = rng.choice([0.0, 0.3, 0.9])
    while beat < beats:
        length = float(rng.choice([0.5, 1, 1, 2, 4]))
        classes = {(root + int(rng.choice(DEGREES)) + step) % 12 for step in CHORDS[rng.integers(len(CHORDS))]}
        ladder = [p for p in range(lowest, highest + 1) if p % 12 in classes]
        count = min(len(ladder), int(rng.integers(2, 7)))
        first = int(rng.integers(0, max(1, len(ladder) - count + 1)))
        pitches = ladder[first : first + count]
        if rng.random() < broken_share:
            held = rng.random() < 0.5
            for i, pitch in enumerate(pitches):
                start = beat + i * length / count
                notes.append(ScoreNote(start, beat + length if held else start + length / count, pitch))
        else:
            times = int(rng.choice([1, 1, 2, 4]))
            for k in range(times):
                start = beat + k * length / times
                notes.extend(ScoreNote(start, start + length / times, pitch) for pitch in pitches)
        beat += length
    return notes


def texture(rng: Rng, beats: float) -> list[ScorePart]:
    """A made-up keyboard piece: chords below, one or two lines above."""
    split = int(rng.integers(52, 66))
    parts = [chords(rng, beats, max(28, split - 26), split), melody(rng, beats, split - 2, min(100, split + 28))]
    if rng.random() < 0.3:
        parts.append(melody(rng, beats, max(24, split - 30), split))
    return parts
