"""Seconds to ticks, and the tempos that a MIDI file states for it.

Without a grid there is one tempo, and a time is as many ticks as it lasts: times stay as heard. With a grid, beats lie
on whole beats of ticks and bar lines on bar lines of the host. The file then begins at the last bar line before the
recording does, so that a marker can say where in the file that is; where the next bar line follows within a 64th, at
that one, and the marker says how much of the recording lies before it. So files of one grid begin alike, whatever their
notes. Beats at one tempo are one tempo; others get one for every beat, each chosen so that what was rounded before is
made up for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.beats import BeatGrid, Seconds
from linnet.notes import NoteTable

TICKS_PER_BEAT = 960  # of a quarter: MIDI's own "beat"
EVEN_S = 1e-5  # beats no further off an even grid are even
NEAR_QUARTERS = 1 / 16  # half of the finest step that notes are moved to: nothing quantised lies before such a bar line
MOST_TEMPO_US = 0xFFFFFF  # three bytes


@dataclass(frozen=True)
class TickScale:
    """`tempos` are (tick, microseconds a quarter), rising."""

    tempos: tuple[tuple[int, int], ...]
    grid: BeatGrid | None = None
    start_quarters: float = 0.0

    @classmethod
    def of(cls, bpm: float, grid: BeatGrid | None, notes: NoteTable) -> TickScale:
        """The scale for these notes."""
        if grid is None:
            return cls(((0, round(60e6 / bpm)),))
        start = float(np.floor((grid.begin_quarters + NEAR_QUARTERS) / grid.quarters_per_bar)) * grid.quarters_per_bar
        end_s = float(notes.offset_s.max()) if len(notes) else 0.0
        return cls(tuple(_tempos(grid, start, end_s)), grid, start)

    def ticks(self, time_s: Seconds) -> NDArray[np.int64]:
        """Times in ticks from the start of the file."""
        if self.grid is None:
            places = np.asarray(time_s) * (TICKS_PER_BEAT * 1e6 / self.tempos[0][1])
        else:
            places = (self.grid.to_quarters(time_s) - self.start_quarters) * TICKS_PER_BEAT
        return np.maximum(np.round(places), 0).astype(np.int64)

    @property
    def marker(self) -> tuple[int, str] | None:
        """A tick, and in words how the start of the recording lies to it; None without a grid: both start together."""
        if self.grid is None:
            return None
        tick = round((self.grid.begin_quarters - self.start_quarters) * TICKS_PER_BEAT)
        if tick >= 0:
            return tick, "Start of the recording"
        return 0, f"The recording starts {float(self.grid.to_s(np.array([self.start_quarters]))[0]):.3f} s before this"


def _tempos(grid: BeatGrid, start: float, end_s: float) -> list[tuple[int, int]]:
    """(tick, microseconds a quarter) for each beat from the file's start to its last note."""
    gaps = np.diff(grid.beat_s)
    if np.ptp(gaps) < EVEN_S:
        return [(0, min(MOST_TEMPO_US, round(float(gaps.mean()) / grid.quarters_per_beat * 1e6)))]
    stop = float(grid.to_quarters(np.array([end_s]))[0])
    count = max(1, int(np.ceil((stop - start) / grid.quarters_per_beat)))
    beat_us = 1e6 * grid.to_s(start + grid.quarters_per_beat * np.arange(count + 1, dtype=np.float64))
    tempos: list[tuple[int, int]] = []
    stated_us = float(beat_us[0])
    for number in range(count):
        tempo = round((float(beat_us[number + 1]) - stated_us) / grid.quarters_per_beat)
        tempo = max(1, min(MOST_TEMPO_US, tempo))
        stated_us += tempo * grid.quarters_per_beat
        if not tempos or tempos[-1][1] != tempo:
            tempos.append((round(number * grid.quarters_per_beat * TICKS_PER_BEAT), tempo))
    return tempos
