"""Planes: what the network says of every frame and pitch, read once, kept as bytes so that notes can be decoded again.

A byte codes a logit (manifest.PlaneCode). What a setting can never change is done here, once: the note plane is
weakened where the offset plane says that a note stops, contour becomes cents, and values too faint to matter under
any setting become 0. The first decode and every later one then read the very same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.contour import ContourReader
from linnet.errors import BadModel, LinnetError
from linnet.manifest import Manifest
from linnet.tuning import Shifts

Plane = NDArray[np.uint8]
NetworkPlanes = tuple[Plane, Plane, Plane, Plane, Plane]
"""onset, note, offset, velocity, contour of the same frames, as the network gives them."""

FAINT = 64  # logit -4: fainter onsets and notes than any sensitivity asks for
WITH_CENTS = 112  # logit -1: cells fainter than this get no cents of their own; a curve holds its last value there
CHUNK_FRAMES = 1024  # stored together: about 12 s


@dataclass(frozen=True)
class PlaneBlock:
    """Consecutive frames of all planes, each [shape=(n, pitch_count), uint8].

    onset, note and velocity are coded logits, cents is coded as in contour.py.
    """

    onset: Plane
    note: Plane
    velocity: Plane
    cents: Plane

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def planes(self) -> tuple[Plane, ...]:
        return (self.onset, self.note, self.velocity, self.cents)

    def slice(self, start: int, stop: int) -> PlaneBlock:
        """Frames `start:stop` as views."""
        return PlaneBlock(*(plane[start:stop] for plane in self.planes))


class PlaneReader:
    """Turns the network's answers into PlaneBlocks."""

    def __init__(self, manifest: Manifest) -> None:
        self._grid = manifest.grid
        self._zero = manifest.planes.logit_zero
        self._contour = ContourReader(manifest.grid, manifest.planes)
        self._offset_weight = round(manifest.decode.offset_weight * 16)

    def check(self, planes: NetworkPlanes) -> None:
        """Raise BadModel unless the planes have the shapes that the manifest promises."""
        names, rows = ("onset", "note", "offset", "velocity", "contour"), len(planes[0])
        for name, plane in zip(names, planes, strict=True):
            shape = (rows, self._grid.contour_bin_count if name == "contour" else self._grid.pitch_count)
            if plane.dtype != np.uint8 or plane.shape != shape:
                raise BadModel(
                    f"the network's {name} must be uint8 of shape {shape}, "
                    f"got {plane.dtype} {plane.shape}; model and manifest do not belong together"
                )

    def read(
        self,
        onset: Plane,
        note: Plane,
        offset: Plane,
        velocity: Plane,
        contour: Plane,
        tuning: Shifts | None = None,
    ) -> PlaneBlock:
        """The network's planes [shape=(n, pitch_count), uint8; contour (n, contour_bin_count)] for the decoder.

        `tuning` [shape=(n,), int8] says by how many bins the frames were moved before the network saw them.
        """
        self.check((onset, note, offset, velocity, contour))
        onset = onset * (onset >= FAINT)
        if self._offset_weight:
            drop = ((np.maximum(offset, self._zero) - self._zero).astype(np.uint16) * self._offset_weight) >> 4
            note = (np.maximum(note, drop) - drop).astype(np.uint8)
        note = note * (note >= FAINT)
        cents = self._contour.read(contour, note, WITH_CENTS, tuning)
        return PlaneBlock(onset, note, velocity * ((onset | note) > 0), cents)


class PlaneStore:
    """All planes of a recording so far; grows by chunks, and copies what it holds only where it is put anew."""

    def __init__(self) -> None:
        self._chunks: list[PlaneBlock] = []
        self._open: list[PlaneBlock] = []
        self._open_frames = 0

    def append(self, block: PlaneBlock) -> None:
        """Keep a block that comes after all earlier ones."""
        self._open.append(block)
        self._open_frames += len(block)
        if self._open_frames >= CHUNK_FRAMES:
            self._chunks.append(_joined(self._open))
            self._open, self._open_frames = [], 0

    def __len__(self) -> int:
        return sum(map(len, self._chunks)) + self._open_frames

    def put(self, at: int, block: PlaneBlock) -> None:
        """Keep a block from frame `at` on: in place of the frames that are there, then after them."""
        if not 0 <= at <= len(self):
            raise LinnetError(f"planes are to be put at frame {at}, but there are {len(self)}; pad them first")
        begin = 0
        for held in (self._chunks, self._open):
            for number, old in enumerate(held):
                low, high = max(at - begin, 0), min(at + len(block) - begin, len(old))
                if high > low:
                    held[number] = _with(old, low, block.slice(begin + low - at, begin + high - at))
                begin += len(old)
        if at + len(block) > begin:
            self.append(block.slice(begin - at, len(block)))

    def pad(self, frames: int, pitch_count: int) -> None:
        """Blank frames up to `frames`, where there are fewer; they share their bytes and take no room."""
        missing = frames - len(self)
        if missing <= 0:
            return
        if self._open:
            self._chunks.append(_joined(self._open))
            self._open, self._open_frames = [], 0
        blank = np.zeros((pitch_count, min(missing, CHUNK_FRAMES)), np.uint8).T
        chunk = PlaneBlock(blank, blank, blank, blank)
        self._chunks += [chunk] * (missing // len(chunk))
        if missing % len(chunk):
            self._chunks.append(chunk.slice(0, missing % len(chunk)))

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        blocks = {id(block): block for block in (*self._chunks, *self._open)}  # blank ones are there many times
        return sum(plane.nbytes for block in blocks.values() for plane in block.planes)

    def blocks(self) -> Iterator[PlaneBlock]:
        """All frames in order, in blocks of the stored length."""
        yield from self._chunks
        if self._open:
            yield _joined(self._open)

    def whole(self, pitch_count: int) -> PlaneBlock:
        """All frames as one block."""
        empty = np.zeros((0, pitch_count), np.uint8)
        return _joined([PlaneBlock(empty, empty, empty, empty), *self.blocks()])


def _with(block: PlaneBlock, at: int, rows: PlaneBlock) -> PlaneBlock:
    """A copy with other rows from `at` on."""
    copies = tuple(plane.copy(order="K") for plane in block.planes)
    for copy, new in zip(copies, rows.planes, strict=True):
        copy[at : at + len(rows)] = new
    return PlaneBlock(*copies)


def _joined(blocks: list[PlaneBlock]) -> PlaneBlock:
    parts = zip(*(block.planes for block in blocks), strict=True)
    return PlaneBlock(*(np.concatenate([plane.T for plane in part], axis=1).T for part in parts))
