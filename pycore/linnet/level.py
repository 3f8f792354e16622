"""What the network sees of a frame's level: decibels below a causal, gain-free reference.

The reference is a running peak over all bins: it rises at once with a louder frame, falls by a fixed
number of decibels per second and never goes below a floor. Scaling the whole input shifts level and
reference alike, so the frames do not change (above the floor); nothing of the future is used, so live
and file see the same. Levels are kept in whole steps of 1/1024 dB: integer sums are exact, hence the
frames do not depend on how the stream was cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadModel
from linnet.grid import Grid
from linnet.vqt import Magnitudes

Frames = NDArray[np.uint8]

STEPS_PER_DB = 1024
SMALLEST = 1e-15  # -300 dB: keeps the logarithm finite, lies below anything a range can show
DB_PER_NEPER = 20.0 / np.log(10.0)


@dataclass(frozen=True)
class Level:
    """How levels are referred and coded. 0 dBFS is a sinusoid of amplitude 1.

    The floor only keeps digital silence dark. It lies below the background noise of any recording played
    back at a hundredth of its level, since wherever it binds, gain matters.
    """

    range_db: float = 80.0
    release_db_per_s: float = 1.0
    floor_dbfs: float = -140.0

    def __post_init__(self) -> None:
        if self.range_db <= 0 or self.release_db_per_s < 0:
            raise BadModel(
                f"level: range_db ({self.range_db}) must be positive, release_db_per_s "
                f"({self.release_db_per_s}) not negative"
            )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Level:
        """Build from the `level` table of a manifest; unknown or missing keys are errors."""
        names = {f.name for f in fields(cls)}
        if set(values) != names:
            raise BadModel(f"the manifest's level must have exactly the keys {sorted(names)}, got {sorted(values)}")
        return cls(**values)


class LevelReference:
    """Turns magnitudes into the uint8 frames that the network reads; carries the running peak."""

    def __init__(self, grid: Grid, level: Level) -> None:
        self.level = level
        self._release = round(level.release_db_per_s / grid.frames_per_s * STEPS_PER_DB)
        self._floor = round(level.floor_dbfs * STEPS_PER_DB)
        self._reference = self._floor

    @property
    def reference_dbfs(self) -> float:
        """The reference after the last frame."""
        return self._reference / STEPS_PER_DB

    def apply(self, magnitudes: Magnitudes) -> Frames:
        """[shape=(n, bins), float64] to [shape=(n, bins), uint8]: 255 at the reference, 0 at `range_db` below."""
        if not len(magnitudes):
            return np.zeros(magnitudes.shape, np.uint8)
        level_db = np.log(np.maximum(magnitudes, SMALLEST)) * DB_PER_NEPER
        peak = np.round(level_db.max(axis=1) * STEPS_PER_DB).astype(np.int64)
        # max over the past of (peak - elapsed release), all in whole steps: exact in any block size
        elapsed = np.arange(1, len(peak) + 1, dtype=np.int64) * self._release
        held = np.maximum(np.maximum.accumulate(peak + elapsed), self._reference) - elapsed
        reference = np.maximum(held, self._floor)
        self._reference = int(reference[-1])
        relative = (level_db - (reference / STEPS_PER_DB)[:, None]) * (255.0 / self.level.range_db) + 255.5
        frames: Frames = np.clip(relative, 0.0, 255.0).astype(np.uint8)
        return frames
