"""Notes as a score: times on a lattice that can be written down, staves, voices and note values.

A lattice of 24 to the quarter holds 32nds and triplets. Each beat is written in the simplest division that its onsets
fit: eighths, sixteenths, 32nds, or triplets of eighths or sixteenths (in 6/8: eighths, sixteenths, 32nds). An end that
lies near the next onset is meant to reach it. On each staff notes of one onset and end are a chord; chords that overlap
get voices of their own, four at most, and where those are used up the one that ends first is cut short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linnet.beats import BeatGrid
from linnet.notes import NoteTable

QUARTER = 24
MOST_VOICES = 4
SPLIT_PITCH = 60  # C4: where two staves part
LOW_PITCH, HIGH_PITCH = 55, 65  # notes below the one and above the other ask for two staves
REACHES = 0.4  # a gap of this share of the time to the next onset is articulation, not a rest
TRIPLET_STEPS = (8, 4)
FEWEST = {8: 2, 4: 3, 3: 3}  # onsets in a beat that make a triplet or 32nds likely; for fewer they cost LONE more
LONE = 0.06
_SIMPLE = ((12, 0.0), (6, 0.012), (8, 0.018), (3, 0.05), (4, 0.05))  # step, and what it costs in quarters off the line
_COMPOUND = ((12, 0.0), (6, 0.012), (3, 0.05))
_VALUES = {96: ("whole", 0), 72: ("half", 1), 48: ("half", 0), 36: ("quarter", 1), 24: ("quarter", 0),
           18: ("eighth", 1), 12: ("eighth", 0), 9: ("16th", 1), 6: ("16th", 0), 3: ("32nd", 0)}  # fmt: skip
_TRIPLET_VALUES = {16: ("quarter", 0), 8: ("eighth", 0), 4: ("16th", 0)}

Steps = dict[int, int]
"""Beat -> step of the lattice it is written in."""


@dataclass(frozen=True)
class Chord:
    """Pitches that begin and end together, in lattice units from the first bar line of the score."""

    start: int
    stop: int
    pitches: tuple[int, ...]


@dataclass(frozen=True)
class Piece:
    """A note value of a chord, or a rest (no pitches); `kind` and `dots` as it is written."""

    start: int
    length: int
    pitches: tuple[int, ...]
    kind: str
    dots: int
    is_triplet: bool
    continues: bool  # tied to the piece before
    is_continued: bool  # tied to the next


@dataclass(frozen=True)
class Staff:
    """Voices of one staff, each a row of chords that do not overlap."""

    clef: str
    voices: tuple[tuple[Chord, ...], ...]


@dataclass(frozen=True)
class Layout:
    """Lengths in lattice units."""

    bar: int
    beat: int
    steps: Steps

    def pieces(self, bar_start: int, voice: tuple[Chord, ...]) -> list[Piece]:
        """One bar of a voice, rests and all; chords that cross its lines are tied on."""
        stop, at, found = bar_start + self.bar, bar_start, list[Piece]()
        for chord in voice:
            first, last = max(chord.start, bar_start), min(chord.stop, stop)
            if first >= last:
                continue
            found += self._values(at, first, Chord(at, first, ()))
            found += self._values(first, last, chord)
            at = last
        return found + list(self._values(at, stop, Chord(at, stop, ())))

    def _values(self, start: int, stop: int, chord: Chord) -> Iterator[Piece]:
        at = start
        while at < stop:
            length, is_triplet = self._next(at, stop)
            kind, dots = (_TRIPLET_VALUES if is_triplet else _VALUES)[length]
            tied = bool(chord.pitches)
            yield Piece(
                at, length, chord.pitches, kind, dots, is_triplet, tied and at > chord.start,
                tied and at + length < chord.stop,
            )  # fmt: skip
            at += length

    def _next(self, at: int, stop: int) -> tuple[int, bool]:
        """Length of the value that begins here, and whether it is part of a triplet."""
        beat, inside = divmod(at, self.beat)
        left = stop - at
        if not inside and left >= self.beat:
            whole = [value for value in _VALUES if value % self.beat == 0 and value <= left]
            dotted = self.beat * 3 // 2
            if left == dotted and dotted in _VALUES and self.steps.get(beat + 1) not in TRIPLET_STEPS:
                return dotted, False
            return max(whole), False
        left = min(left, self.beat - inside)
        is_triplet = self.steps.get(beat) in TRIPLET_STEPS
        values = _TRIPLET_VALUES if is_triplet else _VALUES
        return max(value for value in values if value <= left), is_triplet


@dataclass(frozen=True)
class Score:
    """Staves under one layout, `bar_count` bars long."""

    layout: Layout
    staves: tuple[Staff, ...]
    bar_count: int


def lattice_steps(notes: NoteTable, grid: BeatGrid, start_quarters: float) -> Steps:
    """In which division each beat is to be written."""
    beat = round(QUARTER * grid.quarters_per_beat)
    place = (grid.to_quarters(notes.onset_s) - start_quarters) * QUARTER
    choices = _COMPOUND if beat == 36 else _SIMPLE
    number = np.floor((place + 1e-6) / beat).astype(np.intp)
    steps: Steps = {}
    for which in sorted(set(number.tolist())):
        own = place[number == which] - which * beat
        count = len(set(np.round(own).tolist()))
        cost = [
            np.abs(own - np.round(own / step) * step).mean() / QUARTER + extra + LONE * (count < FEWEST.get(step, 0))
            for step, extra in choices
        ]
        steps[which] = choices[int(np.argmin(cost))][0]
    return steps


def lay_out(notes: NoteTable, grid: BeatGrid, start_quarters: float, steps: Steps, bar_count: int = 0) -> Score:
    """A score of the notes; `steps` come from all notes that are to be written together."""
    layout = Layout(round(QUARTER * grid.quarters_per_bar), round(QUARTER * grid.quarters_per_beat), steps)
    start = _on_lattice((grid.to_quarters(notes.onset_s) - start_quarters) * QUARTER, layout)
    stop = _on_lattice((grid.to_quarters(notes.offset_s) - start_quarters) * QUARTER, layout)
    shortest = np.array([steps.get(int(at) // layout.beat, 12) for at in start], np.intp)
    stop = np.maximum(stop, start + shortest)
    low = notes.pitch < SPLIT_PITCH
    if bool(len(notes)) and int(notes.pitch.min()) < LOW_PITCH and int(notes.pitch.max()) > HIGH_PITCH:
        halves = [("treble", ~low), ("bass", low)]
    else:
        halves = [("bass" if len(notes) and np.mean(notes.pitch) < SPLIT_PITCH else "treble", np.ones_like(low))]
    staves = []
    last = layout.bar
    for clef, mask in halves:
        voices = _voices(_chords(start[mask], _reaching(start[mask], stop[mask], layout), notes.pitch[mask]))
        last = max([last, *(voice[-1].stop for voice in voices)])
        staves.append(Staff(clef, voices))
    return Score(layout, tuple(staves), max(bar_count, -(-last // layout.bar)))


def _on_lattice(place: NDArray[np.float64], layout: Layout) -> NDArray[np.intp]:
    beat = np.floor((place + 1e-6) / layout.beat).astype(np.intp)
    step = np.array([layout.steps.get(int(b), 6) for b in beat], np.float64)
    return np.maximum(beat * layout.beat + np.round((place - beat * layout.beat) / step) * step, 0).astype(np.intp)


def _reaching(start: NDArray[np.intp], stop: NDArray[np.intp], layout: Layout) -> NDArray[np.intp]:
    """Ends moved to the next onset of the staff where they lie a little before or after it."""
    onsets = np.array(sorted(set(start.tolist())), np.intp)
    following = np.searchsorted(onsets, start, "right")
    has_next = following < len(onsets)
    after = onsets[np.minimum(following, len(onsets) - 1)] if len(onsets) else start
    after = np.where(has_next, after, -(-stop // layout.beat) * layout.beat)  # the last ones fill their beat
    gap = after - stop
    near = (gap > 0) & (gap <= REACHES * (after - start)) | (gap < 0) & (-gap <= np.minimum(6, (after - start) // 2))
    return np.where(near, after, stop)


def _chords(start: NDArray[np.intp], stop: NDArray[np.intp], pitch: NDArray[np.uint8]) -> list[Chord]:
    ends: dict[tuple[int, int], int] = {}
    for at, end, key in zip(start.tolist(), stop.tolist(), pitch.tolist(), strict=True):
        ends[at, key] = max(end, ends.get((at, key), 0))  # of two on one pitch the longer stays
    together: dict[tuple[int, int], list[int]] = {}
    for (at, key), end in ends.items():
        together.setdefault((at, end), []).append(key)
    chords = [Chord(at, end, tuple(sorted(keys))) for (at, end), keys in together.items()]
    return sorted(chords, key=lambda chord: (chord.start, -chord.pitches[-1]))


def _voices(chords: list[Chord]) -> tuple[tuple[Chord, ...], ...]:
    voices: list[list[Chord]] = []
    for chord in chords:
        free = next((voice for voice in voices if voice[-1].stop <= chord.start), None)
        if free is None and len(voices) < MOST_VOICES:
            free = []
            voices.append(free)
        if free is None:
            free = min(voices, key=lambda voice: (voice[-1].start >= chord.start, voice[-1].stop))
            if free[-1].start >= chord.start:  # five rhythms begin at once: the pitches join the nearest
                merged = tuple(sorted({*free[-1].pitches, *chord.pitches}))
                free[-1] = replace(free[-1], pitches=merged)
                continue
            free[-1] = replace(free[-1], stop=chord.start)
        free.append(chord)
    return tuple(tuple(voice) for voice in voices)
