"""Recordings that tests read: real ones where the project's neighbour folder has them, else rendered clips.

The real recordings may not be redistributed, so a clone has none. `REAL` says which case this is, and
pytest's header repeats it; the checks that need real recordings then run on clips rendered here instead.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests import synth

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
REAL = FOLDER.is_dir()
FIVE = ("piano-maps-01", "ensemble-bach10-03", "voice-vocadito-01", "guitar-gsetsolo-01", "violin-minji-01")


@dataclass(frozen=True)
class Recording:
    """Mono samples at 22,050 Hz and their notes [shape=(n, 3)]: onset_s, offset_s, pitch."""

    name: str
    samples: NDArray[np.float32]
    notes: NDArray[np.float64]


def _read(name: str) -> Recording:
    import soundfile

    samples, rate_hz = soundfile.read(FOLDER / f"{name}.flac", dtype="float32")
    assert rate_hz == synth.RATE_HZ
    with (FOLDER / f"{name}.notes.csv").open(newline="") as file:
        rows = [(float(r["onset_s"]), float(r["offset_s"]), float(r["midi_pitch"])) for r in csv.DictReader(file)]
    return Recording(name, samples, np.array(rows))


def _rendered(number: int) -> Recording:
    shift = (0, 5, -7, 12, 3)[number]
    notes = [(a, b, p + shift) for a, b, p in synth.TUNE]
    return Recording(f"rendered-{number}", synth.music(notes, synth.TUNE_S), np.array(notes, dtype=float))


def five() -> list[Recording]:
    """Five recordings of different kinds."""
    return [_read(name) for name in FIVE] if REAL else [_rendered(i) for i in range(5)]


def clip(seconds: float, which: int = 0) -> Recording:
    """The beginning of one of the five."""
    source = _read(FIVE[which]) if REAL else _rendered(which)
    return Recording(
        source.name,
        source.samples[: round(seconds * synth.RATE_HZ)],
        source.notes[source.notes[:, 0] < seconds],
    )


def all_music() -> list[Recording]:
    """Every real recording but the single notes; without them, the five rendered clips."""
    if not REAL:
        return five()
    names = sorted(path.stem for path in FOLDER.glob("*.flac"))
    return [_read(name) for name in names if not name.startswith("note-")]
