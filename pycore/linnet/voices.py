"""Parts of a piece: named notes that get a track or a staff of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linnet.notes import NoteTable
from linnet.theory import VOICES


@dataclass(frozen=True)
class Part:
    """Notes under a name; `program` is their General MIDI program, the file's own where None."""

    name: str
    notes: NoteTable
    program: int | None = None


def by_range(notes: NoteTable) -> list[Part]:
    """Soprano (from C5), alto (from G4), tenor (from C4) and bass, as far as there are notes for them."""
    parts, above = [], 128
    for name, lowest in VOICES.items():
        rows = np.flatnonzero((notes.pitch >= lowest) & (notes.pitch < above))
        above = lowest
        if len(rows):
            parts.append(Part(name, notes.rows(rows)))
    return parts
