"""A part of a recording that is heard by itself: what comes of it goes into what is kept of the whole.

The part begins on a frame of the whole, so that frames of both are the same moments. It is fed from some seconds
before, for level and tuning to be known where it begins, and to a little after; of that only the part itself is
kept. What lies outside stays as it is, byte by byte; what was never heard is blank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linnet.errors import LinnetError
from linnet.grid import Grid
from linnet.level import Frames
from linnet.planes import PlaneBlock, PlaneStore
from linnet.seen import PAIR_FRAMES, SeenFrames

CLOSE_FRAMES = 0.05  # so far off its frame a part may begin: not at every rate does a sample lie on it


@dataclass(frozen=True)
class Part:
    """Frames `start:stop` of a recording, whose audio is fed from frame `fed_from` on.

    LinnetError where they are not in order, or not even: what is seen is kept by twos.
    """

    fed_from: int
    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.fed_from <= self.start < self.stop:
            raise LinnetError(
                f"a part is frames {self.start} to {self.stop}, fed from {self.fed_from}; "
                "it must be fed from 0 or later, begin there or later, and end after that"
            )
        if (self.fed_from | self.start | self.stop) % PAIR_FRAMES:
            raise LinnetError(
                f"a part is frames {self.start} to {self.stop}, fed from {self.fed_from}; all must be multiples of "
                f"{PAIR_FRAMES}"
            )

    @classmethod
    def of(cls, grid: Grid, fed_from_s: float, from_s: float, to_s: float) -> Part:
        """The part nearest to `from_s` to `to_s` (at least two frames); its audio must begin on an even frame."""
        exact = grid.s_to_frame(fed_from_s)
        fed_from, start, stop = (
            PAIR_FRAMES * round(grid.s_to_frame(s) / PAIR_FRAMES) for s in (fed_from_s, from_s, to_s)
        )
        if abs(exact - fed_from) > CLOSE_FRAMES:
            raise LinnetError(
                f"the part's audio begins at {fed_from_s:.6f} s, between two frames of the whole; "
                f"begin it at {grid.frame_to_s(fed_from):.6f} s"
            )
        start = max(start, fed_from)
        return cls(fed_from, start, max(stop, start + PAIR_FRAMES))

    def within(self, at: int, count: int) -> tuple[int, int]:
        """First row and end of those of `count` frames of the whole from `at` on that lie in the part."""
        first = min(max(self.start - at, 0), count)
        return first, max(first, min(self.stop - at, count))


class PartPlanes:
    """Takes a part's planes as they come, as PlaneStore does, and puts them into the planes of the whole."""

    def __init__(self, whole: PlaneStore, part: Part) -> None:
        self._whole, self._part, self._at = whole, part, part.fed_from

    def append(self, block: PlaneBlock) -> None:
        """Keep what lies in the part of a block that comes after all earlier ones."""
        first, end = self._part.within(self._at, len(block))
        if end > first:
            self._whole.pad(self._part.start, block.onset.shape[1])
            self._whole.put(self._at + first, block.slice(first, end))
        self._at += len(block)


class PartSeen:
    """Takes a part's frames as they come, as SeenFrames does, and puts them into those of the whole."""

    def __init__(self, whole: SeenFrames, part: Part) -> None:
        self._whole, self._part, self._at = whole, part, part.fed_from
        self._odd: Frames | None = None

    def append(self, frames: Frames) -> None:
        """Keep what lies in the part of frames [shape=(n, bin_count), uint8] that come after all earlier ones."""
        if self._odd is not None:
            frames = np.concatenate([self._odd, frames])
        even = len(frames) - len(frames) % PAIR_FRAMES
        self._odd = frames[even:].copy()
        first, end = self._part.within(self._at, even)
        if end > first:
            self._whole.put(self._at + first, frames[first:end])
        self._at += even
