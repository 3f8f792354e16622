"""The one time-pitch grid that transform, network, planes and notes share.

Frame `i` is centred on sample `i * hop_samples`. Transform bin `b` is `lowest_pitch + b * 12 /
bins_per_octave` in MIDI pitch; contour bin `c` is a third of a semitone (`contour_bins_per_semitone`
= 3) and the middle one of each three lies on the pitch. No other module converts these units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadModel

A4_PITCH = 69
A4_HZ = 440.0


def pitch_to_hz(pitch: float) -> float:
    """MIDI pitch (69 = A4 = 440 Hz; fractions allowed) to hertz."""
    return float(A4_HZ * 2.0 ** ((pitch - A4_PITCH) / 12.0))


@dataclass(frozen=True)
class Grid:
    """Sampling of time and pitch, as the model's manifest states it.

    Attributes carry their unit in the name. `gamma_hz` is the bandwidth added to every bin of the
    variable-Q transform (0 = constant-Q).
    """

    sample_rate_hz: int = 22050
    hop_samples: int = 256
    bins_per_octave: int = 36
    bin_count: int = 309
    gamma_hz: float = 5.0
    lowest_pitch: int = 21
    pitch_count: int = 88
    contour_bins_per_semitone: int = 3

    def __post_init__(self) -> None:
        for name in ("sample_rate_hz", "hop_samples", "bins_per_octave", "bin_count", "pitch_count"):
            if int(getattr(self, name)) < 1:
                raise BadModel(f"grid.{name} is {getattr(self, name)}; it must be at least 1")
        if self.gamma_hz < 0:
            raise BadModel(f"grid.gamma_hz is {self.gamma_hz}; it must not be negative")
        if self.bin_hz[-1] >= self.sample_rate_hz / 2:
            raise BadModel(
                f"grid.bin_count is {self.bin_count}: the top bin ({self.bin_hz[-1]:.0f} Hz) lies above half "
                f"the sample rate ({self.sample_rate_hz} Hz); use fewer bins"
            )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Grid:
        """Build from the `grid` table of a manifest; unknown or missing keys are errors."""
        names = {f.name for f in fields(cls)}
        if set(values) != names:
            raise BadModel(f"the manifest's grid must have exactly the keys {sorted(names)}, got {sorted(values)}")
        return cls(**values)

    @property
    def frames_per_s(self) -> float:
        return self.sample_rate_hz / self.hop_samples

    @property
    def bin_hz(self) -> NDArray[np.float64]:
        """Centre frequency of every transform bin [shape=(bin_count,), float64, Hz]."""
        octaves = np.arange(self.bin_count, dtype=np.float64) / self.bins_per_octave
        return pitch_to_hz(self.lowest_pitch) * np.exp2(octaves)

    @property
    def highest_pitch(self) -> int:
        return self.lowest_pitch + self.pitch_count - 1

    @property
    def contour_bin_count(self) -> int:
        return self.pitch_count * self.contour_bins_per_semitone

    def frame_to_s(self, frame: float) -> float:
        """Frame index (fractions allowed) to seconds."""
        return frame * self.hop_samples / self.sample_rate_hz

    def s_to_frame(self, time_s: float) -> float:
        """Seconds to frame index, not rounded."""
        return time_s * self.sample_rate_hz / self.hop_samples

    def frame_count(self, sample_count: int) -> int:
        """Frames that cover `sample_count` samples at the grid's rate."""
        return -(-sample_count // self.hop_samples)
