"""Notes moved towards a grid: a pure function of notes and beats, so that nothing is lost by it.

Onsets that were meant together (a chord is never struck quite at once) are moved to one line together. A note keeps its
length, or its end goes to the grid as well; its bends move and stretch along. Order is kept, no note becomes shorter
than a tick, and notes of one pitch that did not overlap before do not overlap afterwards: of those that come to begin
together the loudest stays.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linnet.beats import BeatGrid, Seconds
from linnet.errors import BadOption
from linnet.notes import NoteTable
from linnet.theory import DIVISIONS

TOGETHER_S = 0.035  # onsets nearer than this to the first of them are one chord
TICK_QUARTERS = 1 / 960  # no note is shorter, and what begins nearer together begins at once


class Rows(NamedTuple):
    """Notes, and which row of the notes before each was [shape=(n,), int32]."""

    notes: NoteTable
    source: NDArray[np.int32]


def step_quarters(division: str) -> float:
    """Quarters between two lines of a division."""
    if division not in DIVISIONS:
        raise BadOption(f"the division is {division!r}; it must be one of {', '.join(DIVISIONS)}")
    value = 4.0 / float(division.removesuffix("T").removeprefix("1/"))
    return value * 2 / 3 if division.endswith("T") else value


def quantise(notes: NoteTable, grid: BeatGrid, division: str, strength: float = 1.0, *, ends: bool = False) -> Rows:
    """The notes moved towards the lines of a division. Where two of one pitch become one, the louder stays.

    Parameters
    ----------
    strength : float
        How far, from 0 (nowhere) to 1 (onto the line).
    ends : bool
        Whether ends are moved to lines too; otherwise notes keep their length in seconds.
    """
    step = step_quarters(division)
    if not len(notes):
        return Rows(notes, np.zeros(0, np.int32))
    onset = grid.to_quarters(notes.onset_s)
    line = np.round(_together(notes.onset_s, onset) / step) * step
    place = onset + strength * (line - onset)
    kept = _without_doubles(notes, onset, place)
    notes, onset, line, place = notes.rows(kept), onset[kept], line[kept], place[kept]
    new_onset_s = grid.to_s(place)
    if ends:
        offset = grid.to_quarters(notes.offset_s)
        end = np.maximum(np.round(offset / step) * step, line + step)
        new_offset_s = grid.to_s(offset + strength * (end - offset))
    else:
        new_offset_s = new_onset_s + (notes.offset_s - notes.onset_s)
    new_offset_s = _clear_of_next(notes, new_onset_s, new_offset_s)
    shortest_s = grid.to_s(place + TICK_QUARTERS)
    rows = moved(notes, new_onset_s, np.maximum(new_offset_s, shortest_s))
    return Rows(rows.notes, kept.astype(np.int32)[rows.source])


def moved(notes: NoteTable, onset_s: Seconds, offset_s: Seconds, pitch: NDArray[np.uint8] | None = None) -> Rows:
    """The notes with other times (and pitches), in order again; bends go along with their note."""
    pitch = notes.pitch if pitch is None else pitch
    order = np.lexsort((pitch, onset_s))
    lengths = np.diff(notes.bend_start)
    owner = np.repeat(np.arange(len(notes)), lengths)
    stretch = (offset_s - onset_s) / (notes.offset_s - notes.onset_s)
    bend_s = onset_s[owner] + (notes.bend_s - notes.onset_s[owner]) * stretch[owner]
    changed = replace(notes, bend_s=bend_s)
    return Rows(changed.rows(order, onset_s=onset_s, offset_s=offset_s, pitch=pitch), order.astype(np.int32))


def _together(onset_s: Seconds, onset: Seconds) -> Seconds:
    """The mean place of each onset's chord, in the unit of `onset`; rises as the onsets do."""
    chord = np.zeros(len(onset_s), np.intp)
    number = 0
    gaps = np.flatnonzero(np.diff(onset_s) > TOGETHER_S) + 1  # nothing that far apart is one chord
    bounds = [0, *gaps.tolist(), len(onset_s)]
    for start, stop in itertools.pairwise(bounds):
        first = start
        while first < stop:
            end = first + int(np.searchsorted(onset_s[first:stop], onset_s[first] + TOGETHER_S, "right"))
            chord[first:end] = number
            number, first = number + 1, end
    return (np.bincount(chord, onset) / np.bincount(chord))[chord]


def _without_doubles(notes: NoteTable, onset: Seconds, place: Seconds) -> NDArray[np.intp]:
    """Rows that stay where notes of one pitch come to begin together, rising; `onset` and `place` are in quarters."""
    order = np.lexsort((onset, notes.pitch))
    this, following = order[:-1], order[1:]
    overlapped = (onset[following] - onset[this] < TICK_QUARTERS) & (notes.offset_s[this] > notes.onset_s[following])
    apart = (place[following] - place[this] >= TICK_QUARTERS) | overlapped
    begins = np.concatenate([[True], (notes.pitch[this] != notes.pitch[following]) | apart])
    louder = np.lexsort((-notes.velocity[order].astype(np.intp), np.cumsum(begins)))  # of each group the loudest first
    return np.sort(order[louder[begins]])


def _clear_of_next(notes: NoteTable, onset_s: Seconds, offset_s: Seconds) -> Seconds:
    """Ends cut back to the next onset of the same pitch where the note ended before it to begin with."""
    order = np.lexsort((notes.onset_s, notes.pitch))
    this, following = order[:-1], order[1:]
    apart = (notes.pitch[this] == notes.pitch[following]) & (notes.offset_s[this] <= notes.onset_s[following])
    this, following = this[apart], following[apart]
    cut = offset_s.copy()
    cut[this] = np.minimum(offset_s[this], onset_s[following])
    return cut
