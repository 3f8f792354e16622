"""Pitch curves of notes from the contour plane: cents off the note's pitch, sub-bin, smoothed, sparse.

All frames of all notes of a batch are read at once. In every frame the strongest contour bin near the note
wins, closer bins being preferred, and the curve takes the centroid of that bin and its two neighbours; weak
frames keep the last value. A median of three and a mean of five take out flicker; a point is kept only
where the curve, in steps of a few cents, has moved. A note that stays near its pitch has no curve at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linnet.manifest import Manifest
from linnet.options import DecodeOptions
from linnet.planes import Plane

REACH_BINS = 5  # how far a curve may leave its note: 1.67 semitones
STEP_CENTS = 4.0  # resolution of a curve; finer than a listener hears
STEADY_CENTS = 18.0  # a note that never leaves its pitch by more is steady
LONGEST_S = 60.0  # of a longer note only this much of its end carries a curve: bounds the memory

Curves = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float32]]


class BendTracker:
    """Keeps the contour frames that sounding notes may still need, and reads curves out of them."""

    def __init__(self, manifest: Manifest, options: DecodeOptions) -> None:
        self._grid = manifest.grid
        self._on = options.bends != "off"
        codes = np.arange(256)
        chance = 1.0 / (1.0 + np.exp((manifest.planes.logit_zero - codes) / manifest.planes.logit_steps))
        self._weight = np.where(codes == 0, 0.0, chance).astype(np.float32)
        self._longest = round(self._grid.s_to_frame(LONGEST_S))
        self._blocks: list[Plane] = []
        self._first = 0  # frame index of the first kept row
        self._stop = 0

    def append(self, contour: Plane) -> None:
        """Take the next frames [shape=(n, contour_bin_count), uint8]."""
        self._stop += len(contour)
        if self._on:
            self._blocks.append(contour)
        else:
            self._first = self._stop

    def forget_before(self, frame: int) -> None:
        """Frames before this one, or older than the longest curve, are not asked for again."""
        frame = max(frame, self._stop - self._longest)
        while self._blocks and self._first + len(self._blocks[0]) <= frame:
            self._first += len(self._blocks.pop(0))

    def curves(
        self,
        row: NDArray[np.intp],
        start: NDArray[np.intp],
        stop: NDArray[np.intp],
        onset_s: NDArray[np.float64],
    ) -> Curves:
        """Curves of notes in pitch rows `row` over frames `start:stop`: bend_start, bend_s, bend_cents of NoteTable."""
        count = len(row)
        nothing = (np.zeros(count + 1, np.int32), np.zeros(0), np.zeros(0, np.float32))
        if not self._on or not count:
            return nothing
        start = np.maximum(np.maximum(start, 0), stop - self._longest)
        stop = np.minimum(stop, self._stop)
        contour = self._rows(int(start.min()), int(stop.max()))
        length = np.maximum(stop - start, 0)
        note = np.repeat(np.arange(count), length)
        begin = np.concatenate([[0], np.cumsum(length)])
        frame = np.arange(begin[-1]) - begin[note] + start[note]
        cents, weight = self._read(contour, frame - int(start.min()), row[note])
        first, last = begin[note], begin[note + 1] - 1
        cents = _smooth(_hold(cents, weight > 0.3, first), first, last)
        step = np.round(cents / STEP_CENTS).astype(np.int32)
        bent = np.zeros(count, bool)
        np.logical_or.at(bent, note, np.abs(cents) > STEADY_CENTS)
        moved = np.ones(len(step), bool)
        moved[1:] = (step[1:] != step[:-1]) | (note[1:] != note[:-1])
        kept = np.flatnonzero(moved & bent[note])
        owner = note[kept]
        time_s = np.maximum(self._grid.frame_to_s(1.0) * frame[kept], onset_s[owner])
        bend_start = np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
        return bend_start, time_s, (step[kept] * STEP_CENTS).astype(np.float32)

    def _rows(self, start: int, stop: int) -> Plane:
        """Frames `start:stop`; joins the kept blocks once and keeps them joined."""
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0][start - self._first : stop - self._first]

    def _read(
        self, contour: Plane, frame: NDArray[np.intp], row: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Per frame the deviation in cents and the strength of the bin it was read from."""
        per_semitone = self._grid.contour_bins_per_semitone
        reach = np.arange(-REACH_BINS - 1, REACH_BINS + 2)
        columns = row[:, None] * per_semitone + per_semitone // 2 + reach
        inside = (columns >= 0) & (columns < contour.shape[1])
        value = self._weight[contour[frame[:, None], np.clip(columns, 0, contour.shape[1] - 1)]] * inside
        nearness = (1.0 - np.abs(reach) / (REACH_BINS + 2.0)).astype(np.float32)
        best = 1 + np.argmax((value * nearness)[:, 1:-1], axis=1)
        rows = np.arange(len(best))
        left, middle, right = value[rows, best - 1], value[rows, best], value[rows, best + 1]
        total = np.maximum(left + middle + right, 1e-6)
        bins = reach[best] + (right - left) / total
        return bins * (100.0 / per_semitone), middle.astype(np.float64)


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
    total = np.zeros(len(values))
    for offset in (-2, -1, 0, 1, 2):
        total += median[np.clip(at + offset, first, last)]
    return total / 5.0
