"""Crops laid over one another: ensembles that no score holds, and music over talk, drums and noise.

Frames are decibels below a running peak; the powers of two crops add up, as those of unrelated sounds do, and the sum
is referred to its own running peak again. Targets are joined: a pitch sounds where it sounds in either.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.config import FRAMES_PER_S, GRID
from models.features import LEVEL, Example
from models.scores import Rng
from models.targets import Targets

Frames = NDArray[np.float32]

DECADES = LEVEL.range_db / 10
RELEASE = LEVEL.release_db_per_s / FRAMES_PER_S / LEVEL.range_db
MOST_VOICES_OF_A_LINE = 1.3


@dataclass
class Pool:
    """Training examples: all, the single lines among them, and those without a note."""

    examples: list[Example] = field(default_factory=list)
    lines: list[Example] = field(default_factory=list)
    empty: list[Example] = field(default_factory=list)
    _line_ids: set[int] = field(default_factory=set)

    def add(self, example: Example) -> None:
        self.examples.append(example)
        if not len(example.notes):
            self.empty.append(example)
        elif voices(example) <= MOST_VOICES_OF_A_LINE:
            self.lines.append(example)
            self._line_ids.add(id(example))

    def is_line(self, example: Example) -> bool:
        """Of an example that was added."""
        return id(example) in self._line_ids


def voices(example: Example) -> float:
    """How many notes sound at once, on average over the time in which any does."""
    starts, ends = example.notes[:, 0].astype(int), np.ceil(example.notes[:, 1]).astype(int)
    change = np.zeros(len(example.frames) + 2, np.int64)
    np.add.at(change, np.clip(starts, 0, len(change) - 1), 1)
    np.add.at(change, np.clip(ends, 0, len(change) - 1), -1)
    count = np.cumsum(change)
    return float(count.sum() / max(1, (count > 0).sum()))


def laid_over(below: Frames, above: Frames, gain_db: float) -> Frames:
    """Frames [shape=(n, bins), 0-1] of two sounds together, `above` changed by `gain_db`."""
    power = 10 ** (DECADES * below) - 1 + (10 ** (DECADES * above) - 1) * 10 ** (gain_db / 10)
    mixed = np.log10(power + 1) / DECADES
    fallen = np.arange(len(mixed)) * RELEASE
    peak = np.maximum.accumulate(mixed.max(axis=1) + fallen) - fallen
    mixed -= np.maximum(peak - 1, 0)[:, None]
    return np.clip(mixed, 0, 1).astype(np.float32)


def joined(one: Targets, other: Targets) -> Targets:
    return Targets(**{name: np.maximum(plane, getattr(other, name)) for name, plane in vars(one).items()})


@dataclass(frozen=True)
class Companion:
    """What is laid over a crop: how loud, and by how many bins from the crop's own shift; None is any shift."""

    example: Example
    gain_db: float
    interval_bins: int | None = None


def companions(rng: Rng, pool: Pool, example: Example) -> list[Companion]:
    """What to lay over a crop of `example`; mostly nothing.

    Half of the lines are joined by themselves, from another moment and an octave or two away: music in one key, in
    which a note often lies on another one's harmonics.
    """
    found: list[Companion] = []
    if pool.is_line(example) and rng.random() < 0.4:
        for _ in range(int(rng.choice([1, 2, 3], p=[0.4, 0.35, 0.25]))):
            gain_db = float(rng.uniform(-9, 1))
            if rng.random() < 0.5:
                octaves = int(rng.choice([-2, -1, -1, 0, 1, 1, 2]))
                found.append(Companion(example, gain_db, octaves * GRID.bins_per_octave))
            else:
                found.append(Companion(pool.lines[rng.integers(len(pool.lines))], gain_db))
    if len(example.notes) and pool.empty and rng.random() < 0.12:
        found.append(Companion(pool.empty[rng.integers(len(pool.empty))], float(rng.uniform(-45, -12))))
    return found
