"""Contour to cents: how far off each sounding pitch is, read once per cell, a byte each.

In every cell where a note may sound, the strongest contour bin near the pitch wins, closer bins being preferred,
and the value is the centroid of that bin and its two neighbours: sub-bin, in steps of two cents. Where the next
semitone sounds itself, the ridge over there is its own: the cell looks no further than half way. A cell whose
strongest bin is faint gets no value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linnet.grid import Grid
from linnet.manifest import PlaneCode
from linnet.tuning import Shifts

REACH_BINS = 5  # how far from a pitch its contour is looked for: 1.67 semitones
TRUSTED = 0.3  # probability of the strongest bin from which a cell gets a value
CENTS_STEP = 2.0
CENTS_ZERO = 128  # code of 0 cents; code 0 is "no value"

Mask = NDArray[np.bool_]


class ContourReader:
    """Reads cents out of the contour planes of one grid, coded as the manifest says."""

    def __init__(self, grid: Grid, code: PlaneCode) -> None:
        self._per_semitone = grid.contour_bins_per_semitone
        logits = (np.arange(256) - code.logit_zero) / code.logit_steps
        self._weight = (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
        self._weight[0] = 0.0
        self._likely = code.logit_zero  # a neighbour of probability 1/2, or no weaker than the cell itself, sounds
        self._reach = np.arange(-REACH_BINS - 1, REACH_BINS + 2)
        self._nearness = (1.0 - np.abs(self._reach) / (REACH_BINS + 2.0)).astype(np.float32)

    def read(
        self, contour: NDArray[np.uint8], note: NDArray[np.uint8], faintest: int, tuning: Shifts | None = None
    ) -> NDArray[np.uint8]:
        """Cents of the cells whose note code reaches `faintest`, coded [shape=(n, pitches), uint8].

        contour [shape=(n, pitches * bins_per_semitone), uint8], note [shape=(n, pitches), uint8]. `tuning` [shape=(n,),
        int8] is taken off: bins by which what the network saw lay above what sounded.
        """
        codes = np.zeros(note.shape, np.uint8)
        frame, row = np.divmod(np.flatnonzero(note >= faintest), note.shape[1])
        if not len(frame):
            return codes
        margin = REACH_BINS + 1
        padded = _widened(contour, margin)
        columns = (row * self._per_semitone + self._per_semitone // 2 + margin)[:, None] + self._reach
        value = self._weight[padded[frame[:, None], columns]]
        value *= self._within_reach(note, frame, row)
        best = 1 + np.argmax((value * self._nearness)[:, 1:-1], axis=1)
        cells = np.arange(len(best))
        left, middle, right = value[cells, best - 1], value[cells, best], value[cells, best + 1]
        bins = self._reach[best] + (right - left) / np.maximum(left + middle + right, 1e-6)
        if tuning is not None:
            bins = bins - tuning[frame]
        steps = np.round(bins * (100.0 / self._per_semitone / CENTS_STEP))
        codes[frame, row] = np.where(middle > TRUSTED, np.clip(steps + CENTS_ZERO, 1, 255), 0)
        return codes

    def _within_reach(self, note: NDArray[np.uint8], frame: NDArray[np.intp], row: NDArray[np.intp]) -> Mask:
        """Which bins of each cell are its own [shape=(cells, bins)]: not past the half way to a sounding neighbour."""
        own = np.minimum(note[frame, row], self._likely)
        beside = _widened(note, 1)
        half_way = self._per_semitone // 2
        below = np.where(beside[frame, row] >= own, -half_way, self._reach[0])
        above = np.where(beside[frame, row + 2] >= own, half_way, self._reach[-1])
        return (self._reach >= below[:, None]) & (self._reach <= above[:, None])


def _widened(plane: NDArray[np.uint8], margin: int) -> NDArray[np.uint8]:
    """The plane with empty columns on either side."""
    wide = np.zeros((len(plane), plane.shape[1] + 2 * margin), np.uint8)
    wide[:, margin:-margin] = plane
    return wide
