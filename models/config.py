"""Where things are and the constants every module of the room shares."""

from __future__ import annotations

import os
from pathlib import Path

from linnet.grid import Grid

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LINNET_SHARED", ROOT.parent / "shared"))
CACHE = Path(os.environ.get("LINNET_CACHE", ROOT / ".cache" / "models"))

RELEASE_NAME = "linnet-2"
RELEASED = Path(__file__).resolve().parent / "released" / RELEASE_NAME

SCORE_ARCHIVE = SHARED / "scores" / "openscore-midi.zip"
SAMPLE_FOLDER = SHARED / "samples"
VALIDATION_FOLDER = SHARED / "data"

GRID = Grid()
RATE_HZ = GRID.sample_rate_hz
FRAMES_PER_S = GRID.frames_per_s
LOWEST_PITCH = GRID.lowest_pitch
HIGHEST_PITCH = GRID.highest_pitch

CLIP_S = 60.0


def inputs_present() -> dict[str, bool]:
    """What of the optional material is on this machine; the model card repeats it."""
    return {
        "scores": SCORE_ARCHIVE.exists(),
        "samples": (SAMPLE_FOLDER / "MANIFEST.csv").exists(),
        "validation": (VALIDATION_FOLDER / "MANIFEST.csv").exists(),
    }
