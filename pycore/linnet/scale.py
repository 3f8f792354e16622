"""Scales, and notes moved into them.

A note outside the scale goes to the nearest pitch in it (of two as near, the one towards which it was bent, else the
lower), or is left out. Its bends stay as they are about the new pitch: snapping changes what note is meant, while
vibrato and slides are how it is played. To shift the cents as well would let the old pitch sound as before.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadOption
from linnet.notes import NoteTable
from linnet.quantise import Rows, moved
from linnet.theory import SCALES

SAME_ONSET_S = 0.05  # notes moved onto one pitch that begin within this are one note
Snap = Literal["nearest", "remove"]


def snap_to_scale(notes: NoteTable, tonic: int, scale: str, how: Snap = "nearest") -> Rows:
    """The notes in a scale on pitch class `tonic` (0 = C). Where two become one, the louder stays."""
    if scale not in SCALES:
        raise BadOption(f"the scale is {scale!r}; it must be one of {', '.join(SCALES)}")
    inside = np.zeros(12, bool)
    inside[[(tonic + step) % 12 for step in SCALES[scale]]] = True
    outside = ~inside[notes.pitch % 12]
    if how == "remove":
        keep = np.flatnonzero(~outside)
        return Rows(notes.rows(keep), keep.astype(np.int32))
    pitch = notes.pitch.astype(np.intp) + np.where(outside, _steps(notes, inside), 0)
    kept = _without_doubles(notes, pitch)
    few = notes.rows(kept)
    rows = moved(few, few.onset_s, few.offset_s, pitch[kept].astype(np.uint8))
    return Rows(rows.notes, kept.astype(np.int32)[rows.source])


def _steps(notes: NoteTable, inside: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Semitones from each note to the nearest pitch of the scale."""
    away = np.arange(-6, 7)
    reachable = inside[(notes.pitch.astype(np.intp)[:, None] + away) % 12]
    leaning = 0.25 * np.sign(_mean_cents(notes))[:, None] * np.sign(away)
    distance = np.where(reachable, np.abs(away) - leaning + 0.01 * (away > 0), 99.0)
    steps: NDArray[np.intp] = away[distance.argmin(axis=1)]
    return steps


def _mean_cents(notes: NoteTable) -> NDArray[np.float64]:
    lengths = np.diff(notes.bend_start)
    total = np.bincount(np.repeat(np.arange(len(notes)), lengths), notes.bend_cents, len(notes))
    mean: NDArray[np.float64] = total / np.maximum(lengths, 1)
    return mean


def _without_doubles(notes: NoteTable, pitch: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows that stay where notes came to begin together on one pitch, rising."""
    keep = np.ones(len(notes), bool)
    order = np.lexsort((notes.onset_s, pitch))
    last = -1
    for row in order.tolist():
        together = last >= 0 and pitch[last] == pitch[row] and notes.onset_s[row] - notes.onset_s[last] < SAME_ONSET_S
        if together and (pitch[row] != notes.pitch[row] or pitch[last] != notes.pitch[last]):
            weaker, last = (row, last) if notes.velocity[last] >= notes.velocity[row] else (last, row)
            keep[weaker] = False
        else:
            last = row
    return np.flatnonzero(keep)
