""".br and .gz siblings for everything in dist/ that gains from them, from a cache keyed by content."""

from __future__ import annotations

import gzip
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import brotli
from fetch import CACHE

BROTLI_QUALITY = 11
WORTHWHILE = 0.97  # a sibling must be smaller than this part of the file


@dataclass(frozen=True)
class Sizes:
    """Bytes of one file: as it is, and as each encoding carries it (the file's own size where that is no gain)."""

    path: str
    raw: int
    gzip: int
    brotli: int


def _cached(content: bytes, digest: str, ending: str) -> bytes:
    kept = CACHE / "compressed" / f"{digest}{ending}"
    if kept.is_file():
        return kept.read_bytes()
    if ending == ".gz":
        packed = gzip.compress(content, 9, mtime=0)
    else:
        packed = bytes(brotli.compress(content, quality=BROTLI_QUALITY, lgwin=24))
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f"{ending}.{os.getpid()}")
    partial.write_bytes(packed)
    partial.replace(kept)
    return packed


def _siblings(root: Path, path: Path, packed: bool) -> Sizes:
    content = path.read_bytes()
    sizes = {".gz": len(content), ".br": len(content)}
    if packed:
        digest = hashlib.sha256(content).hexdigest()
        for ending in sizes:
            smaller = _cached(content, digest, ending)
            if len(smaller) < WORTHWHILE * len(content):
                path.with_name(path.name + ending).write_bytes(smaller)
                sizes[ending] = len(smaller)
    return Sizes(path.relative_to(root).as_posix(), len(content), sizes[".gz"], sizes[".br"])


def compress(root: Path, already_packed: frozenset[str]) -> list[Sizes]:
    """Write the siblings and return all sizes; files named in `already_packed` are left alone."""
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.suffix not in (".br", ".gz"))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda path: _siblings(root, path, path.name not in already_packed), files))
