"""What there is to see of a recording beneath its notes: the transform, kept small, and how likely its notes are.

The network's frames would take 96 MB an hour. For the eye it is enough to keep the louder of each two frames in
sixteen levels, two bins to a byte: 24 MB. Windows of any length come back as columns of bytes, each the maximum of the
frames it stands for, so that a short attack is seen from afar as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from linnet.level import Frames
from linnet.planes import PlaneStore

Columns = NDArray[np.uint8]

PAIR_FRAMES = 2  # frames that share a kept column: 23 ms
CHUNK_COLUMNS = 512  # kept together


class SeenFrames:
    """Frames of one stream as they are kept for the eye; grows by chunks."""

    def __init__(self, bin_count: int) -> None:
        self._bins = bin_count
        self._chunks: list[Columns] = []
        self._open = np.zeros((CHUNK_COLUMNS, (bin_count + 1) // 2), np.uint8)
        self._filled = 0  # columns of the open chunk
        self._odd: Frames = np.zeros((0, bin_count), np.uint8)

    def append(self, frames: Frames) -> None:
        """Keep frames [shape=(n, bin_count), uint8] that come after all earlier ones."""
        frames = np.concatenate([self._odd, frames])
        whole = len(frames) - len(frames) % PAIR_FRAMES
        self._odd = frames[whole:].copy()
        self._keep(packed(frames[:whole].reshape(-1, PAIR_FRAMES, self._bins).max(axis=1)))

    def put(self, at: int, frames: Frames) -> None:
        """Keep frames [shape=(n, bin_count), uint8] from frame `at` on, in place of those there, then after them.

        `at` and n are even. What lies between the last frame that there is and `at` is blank.
        """
        columns = packed(frames.reshape(-1, PAIR_FRAMES, self._bins).max(axis=1))
        first, count = at // PAIR_FRAMES, self.frame_count // PAIR_FRAMES
        if first > count:
            self._keep(np.broadcast_to(np.uint8(0), (first - count, columns.shape[1])))
        done = 0
        while done < len(columns) and first + done < count:
            number, row = divmod(first + done, CHUNK_COLUMNS)
            chunk = self._chunks[number] if number < len(self._chunks) else self._open
            take = min(CHUNK_COLUMNS - row, count - first - done, len(columns) - done)
            chunk[row : row + take] = columns[done : done + take]
            done += take
        if done < len(columns):
            self._odd = self._odd[:0]
            self._keep(columns[done:])

    def _keep(self, columns: Columns) -> None:
        while len(columns):
            room = min(CHUNK_COLUMNS - self._filled, len(columns))
            self._open[self._filled : self._filled + room] = columns[:room]
            columns = columns[room:]
            self._filled += room
            if self._filled == CHUNK_COLUMNS:
                self._chunks.append(self._open)
                self._open, self._filled = np.zeros_like(self._open), 0

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        return sum(chunk.nbytes for chunk in self._chunks) + self._open.nbytes

    @property
    def frame_count(self) -> int:
        """Frames that can be seen."""
        return (len(self._chunks) * CHUNK_COLUMNS + self._filled) * PAIR_FRAMES

    def kept(self) -> Iterator[Columns]:
        """All that is kept, to be stored, chunk by chunk [shape=(columns, (bin_count + 1) // 2), uint8]."""
        yield from self._chunks
        if self._filled:
            yield self._open[: self._filled]

    @classmethod
    def restored(cls, kept: Iterable[Columns], bin_count: int) -> SeenFrames:
        """From what `kept` gave."""
        seen = cls(bin_count)
        for columns in kept:
            seen._keep(columns)
        return seen

    def window(self, start: int, stop: int, step: int) -> Columns:
        """Frames `start:stop` in columns of `step` frames [shape=(columns, bin_count), uint8], levels as in level.py.

        Only what is there is given; `start` is even, `step` a power of two from 2 on.
        """
        per_column = step // PAIR_FRAMES
        at_once = min(per_column, CHUNK_COLUMNS)  # divides a chunk: parts can be reduced one by one
        first, last = start // PAIR_FRAMES, -(-min(stop, self.frame_count) // PAIR_FRAMES)
        parts = [np.zeros((0, self._bins), np.uint8)]
        for at in range(first, last, CHUNK_COLUMNS):
            kept = self._columns(at, min(at + CHUNK_COLUMNS, last))
            parts.append(loudest(unpacked(kept, self._bins), at_once))
        return loudest(np.concatenate(parts), per_column // at_once)

    def _columns(self, start: int, stop: int) -> Columns:
        """Kept columns `start:stop`, at most a chunk of them, that may lie in two chunks."""
        parts, at = [], start
        while at < stop:
            number, row = divmod(at, CHUNK_COLUMNS)
            chunk = self._chunks[number] if number < len(self._chunks) else self._open
            take = min(CHUNK_COLUMNS - row, stop - at)
            parts.append(chunk[row : row + take])
            at += take
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def packed(columns: Columns) -> Columns:
    """Bytes to sixteen levels, two bins to a byte [shape=(n, bins)] -> [shape=(n, (bins + 1) // 2)]."""
    even, odd = columns[:, ::2] & np.uint8(0xF0), columns[:, 1::2] >> np.uint8(4)
    even[:, : odd.shape[1]] |= odd
    return even


def unpacked(columns: Columns, bin_count: int) -> Columns:
    """The inverse of `packed`: levels 0, 17, 34, ... 255."""
    wide = np.empty((len(columns), 2 * columns.shape[1]), np.uint8)
    wide[:, ::2], wide[:, 1::2] = columns >> 4, columns & 0x0F
    levels: Columns = wide[:, :bin_count] * np.uint8(17)
    return levels


def likelihood(store: PlaneStore, start: int, stop: int, step: int) -> Columns:
    """Planes of frames `start:stop` in columns of `step` frames [shape=(columns, 2 * pitch_count), uint8].

    Each column holds the note plane's codes, then the onset plane's (planes.py), the greatest of its frames.
    """
    parts: list[Columns] = []
    at = 0
    for block in store.blocks():
        low, high = max(start - at, 0), min(stop - at, len(block))
        if high > low:
            parts.append(np.concatenate([block.note[low:high], block.onset[low:high]], axis=1))
        at += len(block)
    return loudest(np.concatenate(parts), step) if parts else np.zeros((0, 0), np.uint8)


def loudest(columns: Columns, count: int) -> Columns:
    """Columns [shape=(n, rows)], each the greatest of `count` consecutive ones; the last may stand for fewer."""
    if count <= 1 or not len(columns):
        return columns
    return np.maximum.reduceat(columns, np.arange(0, len(columns), count), axis=0)
