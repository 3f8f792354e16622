"""Planes: what the network says of every frame and pitch, kept as bytes so that notes can be decoded again.

A byte codes a logit (manifest.PlaneCode). Values too faint to matter under any setting are set to 0 before
anything reads them; columns that are 0 throughout a chunk are then not stored. So a stored recording decodes
to exactly what the first pass gave, at about a tenth of the memory of float planes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.contour import ContourReader
from linnet.errors import BadModel
from linnet.grid import Grid

Plane = NDArray[np.uint8]

FAINT = 64  # logit -4: fainter onsets and notes than any sensitivity asks for
CHUNK_FRAMES = 1024  # stored together: about 12 s


@dataclass(frozen=True)
class PlaneBlock:
    """Consecutive frames of all planes, each [shape=(n, pitch_count), uint8].

    onset, note, offset, velocity are logits as the network codes them; cents is what contour.py made of its contour.
    """

    onset: Plane
    note: Plane
    offset: Plane
    velocity: Plane
    cents: Plane

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def planes(self) -> tuple[Plane, ...]:
        return (self.onset, self.note, self.offset, self.velocity, self.cents)

    @classmethod
    def from_network(
        cls,
        grid: Grid,
        reader: ContourReader,
        onset: Plane,
        note: Plane,
        offset: Plane,
        velocity: Plane,
        contour: Plane,
    ) -> PlaneBlock:
        """Check shapes ([n, pitch_count]; contour [n, contour_bin_count]), blank what is too faint, read the cents."""
        given = {"onset": onset, "note": note, "offset": offset, "velocity": velocity, "contour": contour}
        for name, plane in given.items():
            shape = (len(onset), grid.contour_bin_count if name == "contour" else grid.pitch_count)
            if plane.dtype != np.uint8 or plane.shape != shape:
                raise BadModel(
                    f"the network's {name} must be uint8 of shape {shape}, "
                    f"got {plane.dtype} {plane.shape}; model and manifest do not belong together"
                )
        onset = onset * (onset >= FAINT)
        note = note * (note >= FAINT)
        heard = (onset | note) > 0
        return cls(onset, note, offset * heard, velocity * heard, reader.read(contour, note > 0))

    def slice(self, start: int, stop: int) -> PlaneBlock:
        """Frames `start:stop` as views."""
        return PlaneBlock(*(plane[start:stop] for plane in self.planes))

    @staticmethod
    def join(blocks: list[PlaneBlock]) -> PlaneBlock:
        """One block of several, in order; a single one is returned as it is."""
        if len(blocks) == 1:
            return blocks[0]
        return PlaneBlock(*(np.concatenate(parts) for parts in zip(*(b.planes for b in blocks), strict=True)))


@dataclass(frozen=True)
class _Columns:
    """A plane of which only the columns that are not all 0 are kept."""

    frame_count: int
    width: int
    columns: NDArray[np.intp]
    values: Plane

    @classmethod
    def of(cls, plane: Plane) -> _Columns:
        columns = np.flatnonzero(plane.any(axis=0))
        return cls(len(plane), plane.shape[1], columns, plane[:, columns])

    def dense(self) -> Plane:
        plane = np.zeros((self.frame_count, self.width), np.uint8)
        plane[:, self.columns] = self.values
        return plane


class PlaneStore:
    """All planes of a recording so far; grows by blocks, never moves what it holds."""

    def __init__(self) -> None:
        self._chunks: list[tuple[_Columns, ...]] = []
        self._open: list[PlaneBlock] = []
        self._open_frames = 0

    def append(self, block: PlaneBlock) -> None:
        """Keep a block that comes after all earlier ones."""
        self._open.append(block)
        self._open_frames += len(block)
        if self._open_frames >= CHUNK_FRAMES:
            joined = PlaneBlock.join(self._open)
            self._chunks.append(tuple(_Columns.of(plane) for plane in joined.planes))
            self._open, self._open_frames = [], 0

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        stored = sum(part.values.nbytes + part.columns.nbytes for chunk in self._chunks for part in chunk)
        return stored + sum(plane.nbytes for block in self._open for plane in block.planes)

    def blocks(self) -> Iterator[PlaneBlock]:
        """All frames in order, in blocks of the stored length."""
        for chunk in self._chunks:
            yield PlaneBlock(*(part.dense() for part in chunk))
        if self._open:
            yield PlaneBlock.join(self._open)
