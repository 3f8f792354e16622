"""Note scores by mir_eval, and where the notes to score come from."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
import pretty_midi
from numpy.typing import NDArray

ONSET_S, PITCH_CENTS, OFFSET_RATIO = 0.05, 50.0, 0.2


@dataclass(frozen=True)
class Notes:
    """Intervals [shape=(n, 2), s] and pitches [shape=(n,), MIDI numbers, fractional where they were measured]."""

    intervals_s: NDArray[np.float64]
    pitch: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Iterable[tuple[float, float, float]]) -> Notes:
        table = np.array(sorted(row for row in rows if row[1] > row[0]), dtype=float).reshape(-1, 3)
        return cls(table[:, :2], table[:, 2])

    @classmethod
    def from_csv(cls, path: Path) -> Notes:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        return cls.of((float(r["onset_s"]), float(r["offset_s"]), float(r["midi_pitch"])) for r in rows)

    @classmethod
    def from_midi(cls, content: bytes) -> Notes:
        """As another program reads the file that we write."""
        parsed = pretty_midi.PrettyMIDI(io.BytesIO(content))
        return cls.of((n.start, n.end, n.pitch) for part in parsed.instruments if not part.is_drum for n in part.notes)

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def hz(self) -> NDArray[np.float64]:
        return np.asarray(mir_eval.util.midi_to_hz(self.pitch))


@dataclass(frozen=True)
class Score:
    """F1 of notes by onset and pitch, and with the offset too."""

    note: float
    offset: float


def score(reference: Notes, estimated: Notes) -> Score:
    if not len(reference) or not len(estimated):
        return Score(0.0, 0.0)
    sets = (reference.intervals_s, reference.hz, estimated.intervals_s, estimated.hz)
    f1 = [
        mir_eval.transcription.precision_recall_f1_overlap(
            *sets, onset_tolerance=ONSET_S, pitch_tolerance=PITCH_CENTS, offset_ratio=ratio
        )[2]
        for ratio in (None, OFFSET_RATIO)
    ]
    return Score(*f1)


def group_of(name: str) -> str:
    """piano-maps-01 belongs to piano-maps."""
    return name.rsplit("-", 1)[0]


def by_group(scores: Mapping[str, Score]) -> dict[str, Score]:
    """Mean of each group's recordings."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for name, one in scores.items():
        groups[group_of(name)].append(one)
    return {group: mean(members) for group, members in sorted(groups.items())}


def mean(scores: Iterable[Score]) -> Score:
    rows = np.array([(s.note, s.offset) for s in scores])
    note, offset = rows.mean(axis=0)
    return Score(float(note), float(offset))
