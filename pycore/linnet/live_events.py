"""What is heard while it is played: notes that begin, bend, end or are taken back, as a struct of arrays.

Both live modes speak so, and whoever listens (page, MIDI port, instrument) needs to know nothing else. A note is known
by its number, which rises and is never used again. Times are seconds of the stream, from its first sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ON, OFF, BEND, BACK = range(4)
"""A note begins; ends; moves to `cents` off its pitch; was none: who shows it removes it, who sounds it stops."""


class LiveEvent(NamedTuple):
    """One event. `time_s` is that of the onset, the offset or the bend; of BACK, when it became known."""

    kind: int
    note: int
    pitch: int
    velocity: int
    time_s: float
    cents: float = 0.0


@dataclass(frozen=True, eq=False)
class LiveEvents:
    """Events in the order in which they became known; columns [shape=(n,)]."""

    kind: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    note: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    pitch: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    velocity: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    time_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    cents: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @classmethod
    def of(cls, events: Sequence[LiveEvent]) -> LiveEvents:
        """Columns of a list of events."""
        if not events:
            return cls()
        kind, note, pitch, velocity, time_s, cents = zip(*events, strict=True)
        return cls(
            np.array(kind, np.uint8),
            np.array(note, np.int32),
            np.array(pitch, np.uint8),
            np.array(velocity, np.uint8),
            np.array(time_s, np.float64),
            np.array(cents, np.float32),
        )

    def __len__(self) -> int:
        return len(self.kind)
