"""Corpus to training examples: frames as the network sees them, notes as far as they can be seen in the frames.

`python -m models.features` fills the cache. An example keeps frames uint8 [frames, 309] and per note the onset, the
offset, the velocity and the exact sounding pitch (median of its bend curve), so that a shift of the frames by any
number of bins can name the nearest semitone anew.
"""

from __future__ import annotations

import argparse
import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linnet.frames import frames_of
from linnet.level import Level
from linnet.vqt import Vqt
from models import corpus
from models.config import CACHE, FRAMES_PER_S, GRID, LOWEST_PITCH
from models.played import Part

FOLDER = CACHE / "features"
LEVEL = Level()

CODES_PER_DB = 255.0 / LEVEL.range_db
FAINTEST_CODE = 10
INAUDIBLE_DB = 36.0
PARTIAL_SHIFTS = (0, 36, 57)


@dataclass(frozen=True)
class Example:
    """`notes` [shape=(n, 4), float64]: onset and offset in frames, exact pitch, velocity; `bend_*` as in clips."""

    frames: NDArray[np.uint8]
    notes: NDArray[np.float64]
    bend_start: NDArray[np.int32]
    bend_frame: NDArray[np.float32]
    bend_pitch: NDArray[np.float32]


def _note_level(frames: NDArray[np.uint8], pitch: float, first: int, last: int) -> NDArray[np.uint8]:
    """Level code of a pitch over frames `first:last`: the strongest of its first three harmonics."""
    centre = round(3 * (pitch - LOWEST_PITCH))
    rows = frames[first:last]
    level = np.zeros(len(rows), np.uint8)
    for shift in PARTIAL_SHIFTS:
        low, high = max(0, centre + shift - 1), min(frames.shape[1], centre + shift + 2)
        if high > low:
            level = np.maximum(level, rows[:, low:high].max(axis=1))
    return level


def audible_end(frames: NDArray[np.uint8], pitch: float, onset: float, offset: float) -> float:
    """The frame at which a note dies away, or `offset` if it rings until then; `onset` when it is never heard."""
    first, last = int(onset), min(len(frames), int(np.ceil(offset)) + 1)
    level = _note_level(frames, pitch, first, last)
    if not len(level) or level[:20].max() < FAINTEST_CODE:
        return onset
    least = max(FAINTEST_CODE / 2, float(level.max()) - INAUDIBLE_DB * CODES_PER_DB)
    heard = np.flatnonzero(level >= least)
    return min(offset, first + float(heard[-1]) + 1)


def example_of(frames: NDArray[np.uint8], notes: Part) -> Example:
    rows, bend_frames, bend_pitches = [], [], []
    for note in notes:
        exact = note.pitch + (float(np.median(note.bend_semitones)) if len(note.bend_s) else 0.0)
        onset, offset = note.onset_s * FRAMES_PER_S, note.offset_s * FRAMES_PER_S
        end = audible_end(frames, exact, onset, offset)
        if end - onset < 2.5:
            continue
        rows.append((onset, end, exact, note.velocity))
        bend_frames.append(note.bend_s * FRAMES_PER_S)
        bend_pitches.append(note.pitch + note.bend_semitones)
    return Example(
        frames,
        np.array(rows, np.float64).reshape(-1, 4),
        np.concatenate([[0], np.cumsum([len(bend) for bend in bend_frames])]).astype(np.int32),
        np.concatenate([np.zeros(0), *bend_frames]).astype(np.float32),
        np.concatenate([np.zeros(0), *bend_pitches]).astype(np.float32),
    )


def _cache(path: Path) -> None:
    clip = corpus.load(path)
    example = example_of(frames_of(clip.audio, _TRANSFORM, LEVEL), clip.notes)
    target = FOLDER / path.name
    partial = target.with_suffix(".part.npz")
    np.savez(partial, **vars(example))
    partial.replace(target)


def load(path: Path) -> Example:
    with np.load(path) as stored:
        return Example(**{name: stored[name] for name in Example.__dataclass_fields__})


_TRANSFORM = Vqt(GRID)


def fill_cache(processes: int = 2) -> int:
    """Make the features of every corpus clip that has none yet; returns how many there are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    clips = sorted(path for path in corpus.FOLDER.glob("??????.npz"))
    waiting = [path for path in clips if not (FOLDER / path.name).exists()]
    if waiting:
        with multiprocessing.Pool(processes) as pool:
            pool.map(_cache, waiting, chunksize=4)
    return len(clips)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    print(f"{fill_cache(parser.parse_args().processes)} clips have features")


if __name__ == "__main__":
    main()
