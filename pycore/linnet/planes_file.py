"""Planes as one compact blob, so that a recording's notes can be decoded again after the engine has gone.

With them goes the transform as it is kept for the eye (seen.py): it can be seen again without hearing the recording.

    bytes 0-3    "LNPL"
    byte  4      version of this layout
    bytes 5-8    length of the head, little-endian
    head         JSON: the model it was made with, the tuning, frames and packed bytes of each block; columns and packed
                 bytes of each chunk of what is seen
    rest         a zlib stream for each block: onset, note, velocity, cents, all pitch by pitch, as PlaneStore has them;
                 then one for each chunk: pair of bins by pair of bins, as SeenFrames has them

Layout 1 had no chunks; its blobs are read all the same.
Planes mean nothing to another model: a blob of another one is refused, not guessed at.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linnet.errors import BadProject
from linnet.manifest import Manifest
from linnet.planes import PlaneBlock
from linnet.seen import Columns

MAGIC = b"LNPL"
VERSION = 2
PREFIX = struct.Struct("<4sBI")
ZLIB_LEVEL = 1  # planes are mostly zeros: higher levels cost seconds an hour and save little
PLANES = 4
AGAIN = "its notes are kept; for settings to act on them, transcribe the recording again"


@dataclass(frozen=True)
class KeptPlanes:
    """What a blob holds: blocks in order, how far the recording lies off A = 440 Hz (None: not known), what is seen."""

    blocks: tuple[PlaneBlock, ...]
    tuning_cents: float | None
    seen: tuple[Columns, ...] = ()


def model_mark(manifest: Manifest) -> list[str]:
    """What must agree for planes to mean the same: the model's name, version and network."""
    return [manifest.name, manifest.version, manifest.network.sha256]


def pack_planes(
    blocks: Iterable[PlaneBlock], manifest: Manifest, tuning_cents: float | None, seen: Iterable[Columns] = ()
) -> bytes:
    """One blob of all blocks and of chunks of what is seen; `unpack_planes` gives the same bytes back."""
    tables: dict[str, list[list[int]]] = {"blocks": [], "seen": []}
    parts = []
    for block in blocks:
        parts.append(zlib.compress(b"".join(plane.T.tobytes() for plane in block.planes), ZLIB_LEVEL))
        tables["blocks"].append([len(block), len(parts[-1])])
    for columns in seen:
        parts.append(zlib.compress(columns.T.tobytes(), ZLIB_LEVEL))
        tables["seen"].append([len(columns), len(parts[-1])])
    head = json.dumps({"model": model_mark(manifest), "tuning_cents": tuning_cents, **tables}).encode()
    return b"".join([PREFIX.pack(MAGIC, VERSION, len(head)), head, *parts])


def unpack_planes(blob: bytes, manifest: Manifest) -> KeptPlanes:
    """What `pack_planes` packed; BadProject where it is broken or was made with another model."""
    head, start = _head(blob)
    try:
        made_with, wanted = [str(word) for word in head["model"]], model_mark(manifest)
        if made_with != wanted:
            mine, theirs = (" ".join(words[:2]) for words in (wanted, made_with))
            if mine == theirs:
                message = f"the project was made with another network called {mine}; {AGAIN}"
                raise BadProject(message, reason="other-network", model=mine)
            message = f"the project was made with the model {theirs}, this is {mine}; {AGAIN}"
            raise BadProject(message, reason="other-model", theirs=theirs, mine=mine)
        blocks, seen, at = [], [], start
        for frames, length in head["blocks"]:
            blocks.append(_block(memoryview(blob)[at : at + length], frames, manifest.grid.pitch_count))
            at += length
        for columns, length in head.get("seen", ()):
            rows = (manifest.grid.bin_count + 1) // 2
            data = _expanded(memoryview(blob)[at : at + length], rows * columns)
            seen.append(data.reshape(rows, columns).T)
            at += length
        if at != len(blob):
            raise ValueError(f"{len(blob)} bytes where {at} were to be")
        tuning = head["tuning_cents"]
        return KeptPlanes(tuple(blocks), None if tuning is None else float(tuning), tuple(seen))
    except BadProject:
        raise
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise _broken(error) from error


def _block(packed: memoryview, frames: int, pitches: int) -> PlaneBlock:
    onset, note, velocity, cents = _expanded(packed, PLANES * frames * pitches).reshape(PLANES, pitches, frames)
    return PlaneBlock(onset.T, note.T, velocity.T, cents.T)


def _expanded(packed: memoryview, wanted: int) -> Columns:
    """A zlib stream of exactly `wanted` bytes, never more, as a flat array."""
    expand = zlib.decompressobj()
    data = expand.decompress(packed, wanted) if wanted > 0 else b""
    if len(data) != wanted or expand.decompress(expand.unconsumed_tail, 1) or not expand.eof:
        raise ValueError(f"a part that was to have {wanted} bytes has another length")
    return np.frombuffer(data, np.uint8)


def _broken(error: Exception) -> BadProject:
    return BadProject(f"the project's planes are broken ({error}); {AGAIN}", reason="broken-planes")


def _head(blob: bytes) -> tuple[dict[str, Any], int]:
    """The JSON head and where the planes begin."""
    try:
        magic, version, length = PREFIX.unpack_from(blob)
        if magic != MAGIC:
            raise ValueError("they do not begin as planes do")
        if not 1 <= version <= VERSION:
            message = f"the project's planes have layout {version}, this version reads 1 to {VERSION}; {AGAIN}"
            raise BadProject(message, reason="other-layout")
        start = PREFIX.size + length
        head = json.loads(blob[PREFIX.size : start])
        if not isinstance(head, dict):
            raise ValueError("their head is no table")
        return head, start
    except BadProject:
        raise
    except (struct.error, ValueError) as error:
        raise _broken(error) from error
