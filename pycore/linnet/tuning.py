"""How far a recording's tuning lies off A = 440 Hz, heard as it goes along, and frames moved so that it matters less.

A network that names semitones is at a loss half way between two. Spectral peaks say where music lies between the keys:
their positions, as angles within a semitone, are averaged over some seconds (a circular mean, after Dressler and
Streich, ISMIR 2007). Where they agree that it lies farther than `FARTHEST_CENTS` off, frames are moved by one bin, a
third of a semitone, which leaves less than 17 cents; notes get the difference back as bends. Voices and noise do not
agree and are left alone. Only the past is used, and decisions fall on fixed frames: the result does not depend on how
the stream was cut.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linnet.grid import Grid
from linnet.level import Frames

Shifts = NDArray[np.int8]

STRIDE_FRAMES = 4  # peaks are looked for in every fourth frame
PERIOD_FRAMES = 32  # a decision every 0.37 s
MEMORY_S = 8.0
LEAST_AGREEMENT = 0.32  # length of the mean vector, 0-1: instruments reach 0.4, singers stay below 0.3
LEAST_WEIGHT = 25.0  # about a second of music
FARTHEST_CENTS = 30.0
QUIETEST_CODE = 60  # of a peak: 61 dB below the reference
DEEPEST_CODES = 110  # of a peak below the strongest of its frame: 35 dB
DECADES = 2.0  # of a peak's weight over the range of levels: the root of its amplitude


class TuningTracker:
    """Carries what has been heard of one stream's tuning."""

    def __init__(self, grid: Grid) -> None:
        self._bins_per_semitone = grid.bins_per_octave / 12
        self._fades = float(np.exp(-PERIOD_FRAMES / (MEMORY_S * grid.frames_per_s)))
        self._done = 0  # frames so far
        self._vector, self._weight = 0j, 0.0  # of the last seconds
        self._whole_vector, self._whole_weight = 0j, 0.0  # of all before them
        self.shift = 0
        """Bins by which the next frame is moved."""

    @property
    def cents(self) -> float | None:
        """The stream's distance from A = 440 Hz, to the nearest key (-50 to 50); None where peaks do not agree."""
        return _cents(self._whole_vector + self._vector, self._whole_weight + self._weight)

    def apply(self, frames: Frames) -> tuple[Frames, Shifts]:
        """Frames [shape=(n, bins), uint8] moved as the tuning asks, and by how many bins each [shape=(n,), int8]."""
        shifts = np.empty(len(frames), np.int8)
        first = -self._done % STRIDE_FRAMES
        vectors, weights = self._peaks(frames[first::STRIDE_FRAMES])
        known = 0  # rows whose shift is settled
        for step, (vector, weight) in enumerate(zip(vectors.tolist(), weights.tolist(), strict=True)):
            row = first + step * STRIDE_FRAMES
            self._vector += vector
            self._weight += weight
            if (self._done + row) % PERIOD_FRAMES == 0:
                shifts[known : row + 1] = self.shift
                known = row + 1
                self._decide()
        shifts[known:] = self.shift
        self._done += len(frames)
        return _moved(frames, shifts), shifts

    def _peaks(self, frames: Frames) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """Sums over the peaks of each frame: vectors whose angle is the place within a semitone, and their weights."""
        level = frames.astype(np.int16)
        middle, below, above = level[:, 1:-1], level[:, :-2], level[:, 2:]
        least = np.maximum(level.max(axis=1, initial=0) - DEEPEST_CODES, QUIETEST_CODE)
        row, column = np.nonzero((middle > below) & (middle >= above) & (middle > least[:, None]))
        left, peak, right = (side[row, column].astype(np.float64) for side in (below, middle, above))
        position = column + 1 + 0.5 * (left - right) / np.minimum(left - 2 * peak + right, -1.0)
        weight = 10.0 ** (DECADES * (peak / 255.0 - 1.0))
        vector = weight * np.exp(2j * np.pi / self._bins_per_semitone * position)
        sums = np.stack([np.bincount(row, part, len(frames)) for part in (vector.real, vector.imag, weight)])
        return sums[0] + 1j * sums[1], sums[2]

    def _decide(self) -> None:
        cents = _cents(self._vector, self._weight)
        if cents is not None and abs(self._left(cents, self.shift)) > FARTHEST_CENTS:
            self.shift = min((0, -1, 1), key=lambda shift: abs(self._left(cents, shift)))
        self._whole_vector += self._vector * (1 - self._fades)
        self._whole_weight += self._weight * (1 - self._fades)
        self._vector *= self._fades
        self._weight *= self._fades

    def _left(self, cents: float, shift: int) -> float:
        """What is left of a tuning after a shift, to the nearest key."""
        return (cents + shift * 100.0 / self._bins_per_semitone + 50.0) % 100.0 - 50.0


def _cents(vector: complex, weight: float) -> float | None:
    if weight < LEAST_WEIGHT or abs(vector) < LEAST_AGREEMENT * weight:
        return None
    return float(np.angle(vector) / (2 * np.pi) * 100)


def _moved(frames: Frames, shifts: Shifts) -> Frames:
    """Each frame moved up by its shift; silence moves in from the edge."""
    if not shifts.any():
        return frames
    moved = frames.copy()
    up, down = shifts > 0, shifts < 0
    moved[up, 1:], moved[up, 0] = frames[up, :-1], 0
    moved[down, :-1], moved[down, -1] = frames[down, 1:], 0
    return moved
