"""NoteTable: the transcription, as a struct of arrays. Sorted by onset, then pitch; checked when made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.errors import LinnetError


@dataclass(frozen=True)
class Note:
    """One note. Times in seconds, `pitch` a MIDI number, `velocity` 1-127, `confidence` 0-1.

    `bend_s` are times from the start of the recording, `bend_cents` the deviation from `pitch`
    that holds from that time on; both empty where the note is steady.
    """

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int = 80
    confidence: float = 1.0
    bend_s: tuple[float, ...] = ()
    bend_cents: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class NoteTable:
    """All notes of a recording.

    onset_s, offset_s [shape=(n,), float64, s]; pitch, velocity [shape=(n,), uint8];
    confidence [shape=(n,), float32, 0-1]. The bend curve of note `i` is rows
    `bend_start[i]:bend_start[i + 1]` of bend_s [float64, s] and bend_cents [float32, cents];
    bend_start [shape=(n + 1,), int32].
    """

    onset_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    offset_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    pitch: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    velocity: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    confidence: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    bend_start: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    bend_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    bend_cents: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        n = len(self.onset_s)
        for name, dtype, size in (
            ("onset_s", np.float64, n),
            ("offset_s", np.float64, n),
            ("pitch", np.uint8, n),
            ("velocity", np.uint8, n),
            ("confidence", np.float32, n),
            ("bend_start", np.int32, n + 1),
            ("bend_s", np.float64, len(self.bend_s)),
            ("bend_cents", np.float32, len(self.bend_s)),
        ):
            column = getattr(self, name)
            if column.dtype != dtype or column.shape != (size,):
                raise LinnetError(
                    f"NoteTable.{name} must be {np.dtype(dtype)} of shape ({size},), got {column.dtype} {column.shape}"
                )
        if n and (self.offset_s <= self.onset_s).any():
            raise LinnetError("NoteTable: every offset_s must be later than its onset_s")
        order = np.lexsort((self.pitch, self.onset_s))
        if (order != np.arange(n)).any():
            raise LinnetError("NoteTable: notes must be sorted by onset_s, then pitch (NoteTable.of sorts)")
        if self.bend_start[0] != 0 or self.bend_start[-1] != len(self.bend_s) or (np.diff(self.bend_start) < 0).any():
            raise LinnetError("NoteTable.bend_start must rise from 0 to the number of bend rows")

    @classmethod
    def of(cls, notes: Iterable[Note]) -> NoteTable:
        """Build from notes in any order."""
        rows = sorted(notes, key=lambda note: (note.onset_s, note.pitch))
        lengths = [len(note.bend_s) for note in rows]

        return cls(
            onset_s=np.array([r.onset_s for r in rows], np.float64),
            offset_s=np.array([r.offset_s for r in rows], np.float64),
            pitch=np.array([r.pitch for r in rows], np.uint8),
            velocity=np.array([r.velocity for r in rows], np.uint8),
            confidence=np.array([r.confidence for r in rows], np.float32),
            bend_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            bend_s=np.array([t for r in rows for t in r.bend_s], np.float64),
            bend_cents=np.array([c for r in rows for c in r.bend_cents], np.float32),
        )

    @classmethod
    def join(cls, tables: Sequence[NoteTable]) -> NoteTable:
        """One sorted table of several."""
        tables = [table for table in tables if len(table)]
        if not tables:
            return cls()
        onset_s, pitch = (np.concatenate([getattr(t, name) for t in tables]) for name in ("onset_s", "pitch"))
        order = np.lexsort((pitch, onset_s))
        lengths = np.concatenate([np.diff(t.bend_start) for t in tables])
        begin = np.concatenate([[0], np.cumsum(lengths)[:-1]])[order]
        bend_start, rows = _curves(begin, lengths[order])
        return cls(
            onset_s=onset_s[order],
            offset_s=np.concatenate([t.offset_s for t in tables])[order],
            pitch=pitch[order],
            velocity=np.concatenate([t.velocity for t in tables])[order],
            confidence=np.concatenate([t.confidence for t in tables])[order],
            bend_start=bend_start,
            bend_s=np.concatenate([t.bend_s for t in tables])[rows],
            bend_cents=np.concatenate([t.bend_cents for t in tables])[rows],
        )

    def rows(
        self,
        order: NDArray[np.intp],
        *,
        onset_s: NDArray[np.float64] | None = None,
        offset_s: NDArray[np.float64] | None = None,
        pitch: NDArray[np.uint8] | None = None,
    ) -> NoteTable:
        """Rows `order` of the table, with other times and pitches [shape=(n,)] where they are given."""
        begin, lengths = self.bend_start[:-1][order], np.diff(self.bend_start)[order]
        bend_start, bends = _curves(begin, lengths)
        return NoteTable(
            (self.onset_s if onset_s is None else onset_s)[order],
            (self.offset_s if offset_s is None else offset_s)[order],
            (self.pitch if pitch is None else pitch)[order],
            self.velocity[order],
            self.confidence[order],
            bend_start,
            self.bend_s[bends],
            self.bend_cents[bends],
        )

    def __len__(self) -> int:
        return len(self.onset_s)

    def __iter__(self) -> Iterator[Note]:
        for i in range(len(self)):
            yield self[i]

    def __getitem__(self, i: int) -> Note:
        a, b = int(self.bend_start[i]), int(self.bend_start[i + 1])
        return Note(
            float(self.onset_s[i]),
            float(self.offset_s[i]),
            int(self.pitch[i]),
            int(self.velocity[i]),
            float(self.confidence[i]),
            tuple(self.bend_s[a:b].tolist()),
            tuple(self.bend_cents[a:b].tolist()),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoteTable):
            return NotImplemented
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)

    __hash__ = None  # type: ignore[assignment]


def _curves(begin: NDArray[Any], lengths: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """For curves of so many rows that lay from `begin` on: where each begins now, and the row that each row was."""
    bend_start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return bend_start, np.arange(bend_start[-1]) + np.repeat(begin - bend_start[:-1], lengths)
