"""The page's notes beside the native host's: what is lost or added, and what differs by the order of sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linnet.notes import Note

SAME_NOTE_S = 0.05
SAME_TIME_S = 0.001
SAME_VELOCITY = 1


@dataclass(frozen=True)
class Apart:
    """Numbers of notes."""

    lost: int
    added: int
    moved: int
    """that begin or end more than a millisecond apart, or are louder by more than a step"""


def apart(columns: Mapping[str, Sequence[float]], reference: Iterable[Note]) -> Apart:
    """Each note with the nearest one of its pitch that is still free."""
    free: dict[int, list[Note]] = defaultdict(list)
    for note in reference:
        free[note.pitch].append(note)
    added = moved = 0
    names = ("pitch", "onsetS", "offsetS", "velocity")
    for pitch, onset_s, offset_s, velocity in zip(*(columns[name] for name in names), strict=True):
        there = free[int(pitch)]
        nearest = min(there, key=lambda note: abs(note.onset_s - onset_s), default=None)
        if nearest is None or abs(nearest.onset_s - onset_s) > SAME_NOTE_S:
            added += 1
            continue
        there.remove(nearest)
        times = max(abs(nearest.onset_s - onset_s), abs(nearest.offset_s - offset_s))
        moved += times > SAME_TIME_S or abs(nearest.velocity - velocity) > SAME_VELOCITY
    return Apart(sum(map(len, free.values())), added, moved)
