"""Where things are: the project, its caches, and the neighbour folder with real recordings that a clone lacks."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
REPORTS = CACHE / "bench"
DIST = ROOT / "dist"
SHARED = ROOT.parent / "shared"
RECORDINGS = SHARED / "data"
CLIP = SHARED / "peers" / "clip30.flac"
SIDES = Path(__file__).with_name("sides")


def one_core() -> int:
    """The core on which both sides of a native comparison run."""
    return max(os.sched_getaffinity(0))
