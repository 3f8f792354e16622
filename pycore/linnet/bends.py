"""Pitch curves of notes: cents off the note's pitch over time, smoothed, sparse.

All frames of all notes of a batch are read at once from the cents plane; frames without a value keep the last
one. A median of three and a mean of five take out flicker; a point is kept only where the curve, in steps
of a few cents, has moved. A note that stays near its pitch has no curve at all. "Heard" bends are neither smoothed
nor left out where they are small.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linnet.contour import CENTS_STEP, CENTS_ZERO
from linnet.manifest import Manifest
from linnet.options import DecodeOptions
from linnet.planes import Plane

STEP_CENTS = 4.0  # resolution of a curve; finer than a listener hears
STEADY_CENTS = 18.0  # a note that never leaves its pitch by more is steady
FEWEST_FORGOTTEN = 512  # frames: less is not worth a copy
LONGEST_S = 60.0  # of a longer note only this much of its end carries a curve: bounds the memory

Curves = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float32]]


class BendTracker:
    """Keeps the frames of the cents plane that sounding notes may still need, and reads curves out of them."""

    def __init__(self, manifest: Manifest, options: DecodeOptions) -> None:
        self._grid = manifest.grid
        self._on = options.bends != "off"
        self._is_smoothed = options.bends != "heard"
        self._longest = round(self._grid.s_to_frame(LONGEST_S))
        self._blocks: list[Plane] = []
        self._first = 0  # index of the first kept frame
        self._stop = 0

    def append(self, cents: Plane) -> None:
        """Take the next frames [shape=(n, pitch_count), uint8]."""
        self._stop += len(cents)
        if self._on:
            self._blocks.append(cents.T)  # a pitch's frames side by side
        else:
            self._first = self._stop

    def forget_before(self, frame: int) -> None:
        """Frames before this one, or older than the longest curve, are not asked for again."""
        frame = max(frame, self._stop - self._longest)
        while self._blocks and self._first + self._blocks[0].shape[1] <= frame:
            self._first += self._blocks.pop(0).shape[1]
        old = frame - self._first
        if self._blocks and old >= FEWEST_FORGOTTEN:  # joined blocks begin long ago
            self._blocks[0] = self._blocks[0][:, old:].copy()
            self._first = frame

    def curves(
        self,
        row: NDArray[np.intp],
        start: NDArray[np.intp],
        stop: NDArray[np.intp],
        onset_s: NDArray[np.float64],
    ) -> Curves:
        """Curves of notes in pitch rows `row` over frames `start:stop`: bend_start, bend_s, bend_cents of NoteTable."""
        count = len(row)
        if not self._on or not count:
            return np.zeros(count + 1, np.int32), np.zeros(0), np.zeros(0, np.float32)
        start = np.maximum(np.maximum(start, 0), stop - self._longest)
        stop = np.minimum(stop, self._stop)
        length = np.maximum(stop - start, 0)
        note = np.repeat(np.arange(count), length)
        begin = np.concatenate([[0], np.cumsum(length)])
        frame = np.arange(begin[-1]) + (start - begin[:-1])[note]
        code = self._kept()[row[note], frame - self._first]
        first, last = begin[note], begin[note + 1] - 1
        cents = (code.astype(np.float64) - CENTS_ZERO) * CENTS_STEP
        cents = _hold(cents, code > 0, first)
        if self._is_smoothed:
            cents = _smooth(cents, first, last)
        step = np.round(cents / STEP_CENTS).astype(np.int32)
        bent = np.zeros(count, bool)
        bent[note[np.abs(cents) > (STEADY_CENTS if self._is_smoothed else 0.0)]] = True
        moved = np.ones(len(step), bool)
        moved[1:] = (step[1:] != step[:-1]) | (note[1:] != note[:-1])
        kept = np.flatnonzero(moved & bent[note])
        owner = note[kept]
        time_s = np.maximum(self._grid.frame_to_s(1.0) * frame[kept], onset_s[owner])
        bend_start = np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
        return bend_start, time_s, (step[kept] * STEP_CENTS).astype(np.float32)

    def _kept(self) -> Plane:
        """All kept frames as one array; joined once, then kept joined."""
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks, axis=1)]
        return self._blocks[0]


def _hold(values: NDArray[np.float64], trusted: NDArray[np.bool_], first: NDArray[np.intp]) -> NDArray[np.float64]:
    """Replace values that are not trusted by the last trusted one of the same note, or 0 before any."""
    index = np.where(trusted, np.arange(len(values)), -1)
    index = np.maximum.accumulate(index) if len(index) else index
    return np.where(index >= first, values[np.maximum(index, 0)], 0.0)


def _smooth(values: NDArray[np.float64], first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.float64]:
    """Median of three, then mean of five, with the ends of each note repeated outwards."""
    if not len(values):
        return values
    at = np.arange(len(values))
    before, after = values[np.maximum(at - 1, first)], values[np.minimum(at + 1, last)]
    median = np.maximum(np.minimum(before, values), np.minimum(np.maximum(before, values), after))
    total = median.copy()
    for offset in (-2, -1, 1, 2):
        total += median[np.clip(at + offset, first, last)]
    return total / 5.0
