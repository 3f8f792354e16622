"""Beats: where they fall in a recording, and the grid of quarters and bars that follows.

Beats are tracked by dynamic programming (Ellis 2007): a chain of times of which each lies on onsets and each step is
near the beat's period; the best chain is found for a whole recording at once. Where the chain is as even as a machine,
one tempo and one offset take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from linnet.errors import BadOption
from linnet.notes import NoteTable
from linnet.tempo import RATE_HZ, Curve, estimate_tempo, onset_curve, onset_weights
from linnet.theory import METRES

TIGHTNESS = 100.0  # what a step of another length costs, against onsets of standard deviation 1
SHORTEST_STEP, LONGEST_STEP = 0.6, 1.7  # in periods
STEADY_S = 0.03  # beats off an even grid by no more, root mean square, are played to a click or as good as
NEAR_S = 0.07  # an onset this near a beat speaks for it

Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class BeatGrid:
    """Beats in seconds, and which of them begins a bar.

    `beat_s` [shape=(n,), float64, s] rises, n >= 2; before the first and after the last the beats go on evenly.
    Quarters are counted from the bar line at beat `first_bar`.
    """

    beat_s: Seconds
    metre: str = "4/4"
    first_bar: int = 0

    def __post_init__(self) -> None:
        if len(self.beat_s) < 2 or (np.diff(self.beat_s) <= 0).any():
            raise BadOption("a grid needs two beats or more, each later than the one before")
        if self.metre not in METRES:
            raise BadOption(f"metre is {self.metre!r}; it must be one of {', '.join(METRES)}")

    @classmethod
    def even(cls, bpm: float, offset_s: float, metre: str) -> BeatGrid:
        """Beats at one tempo, a bar line at `offset_s`."""
        return cls(offset_s + 60.0 / bpm * np.arange(2.0), metre)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> BeatGrid:
        """The inverse of `as_mapping`."""
        return cls(np.asarray(values["beatS"], np.float64), str(values["metre"]), int(values["firstBar"]))

    def as_mapping(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "beatS": [round(time, 6) for time in self.beat_s.tolist()],
            "metre": self.metre,
            "firstBar": self.first_bar,
            "beatsPerBar": self.beats_per_bar,
            "bpm": self.bpm,
        }

    @property
    def beats_per_bar(self) -> int:
        return METRES[self.metre][0]

    @property
    def quarters_per_beat(self) -> float:
        return METRES[self.metre][1]

    @property
    def quarters_per_bar(self) -> float:
        return self.beats_per_bar * self.quarters_per_beat

    @property
    def bpm(self) -> float:
        """Beats a minute: the median over all beats."""
        gaps = np.sort(np.diff(self.beat_s))
        return float(120.0 / (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]))

    def to_quarters(self, time_s: Seconds) -> Seconds:
        """Seconds to quarters from the first bar line."""
        beat = _through(time_s, self.beat_s, np.arange(len(self.beat_s), dtype=np.float64))
        return (beat - self.first_bar) * self.quarters_per_beat

    @property
    def begin_quarters(self) -> float:
        """Where the recording begins, in quarters from the first bar line."""
        return float(self.to_quarters(np.zeros(1))[0])

    def start_quarters(self, first_onset_s: float) -> float:
        """The bar line a score begins at: the first of the recording, or the one before it if a note is earlier."""
        first = self.to_quarters(np.array([first_onset_s]))[0]
        start = np.ceil(self.begin_quarters / self.quarters_per_bar - 1e-6) * self.quarters_per_bar
        return float(start if first > start - 1 / 8 else start - self.quarters_per_bar)

    def to_s(self, quarters: Seconds) -> Seconds:
        """Quarters from the first bar line to seconds."""
        beat = quarters / self.quarters_per_beat + self.first_bar
        return _through(beat, np.arange(len(self.beat_s), dtype=np.float64), self.beat_s)


@dataclass(frozen=True)
class Rhythm:
    """What the notes say of their beats: a grid and how sure it is (0-1)."""

    grid: BeatGrid
    confidence: float
    is_steady: bool


def track_beats(notes: NoteTable, metre: str = "4/4") -> Rhythm | None:
    """Tempo, beats and bar lines of the notes; None where there are too few to tell."""
    tempo = estimate_tempo(notes, beat_parts=3 if METRES[metre][1] == 1.5 else 2)
    if tempo is None:
        return None
    beat_s = _chain(onset_curve(notes), 60.0 / tempo.bpm * RATE_HZ) / RATE_HZ
    if len(beat_s) < 4:
        return None
    weights = onset_weights(notes)
    beat_s = _on_onsets(beat_s, notes.onset_s, weights)
    number = np.arange(len(beat_s))
    period_s, start_s = np.polyfit(number, beat_s, 1, w=_support(beat_s, notes.onset_s, weights) + 0.05)
    even = start_s + period_s * number
    is_steady = bool(np.sqrt(np.mean((beat_s - even) ** 2)) <= STEADY_S)
    beat_s = even if is_steady else beat_s
    beats_per_bar = METRES[metre][0]
    accent = _support(beat_s, notes.onset_s, weights)
    per_phase = [accent[phase::beats_per_bar].mean() for phase in range(min(beats_per_bar, len(accent)))]
    return Rhythm(BeatGrid(beat_s, metre, int(np.argmax(per_phase))), tempo.confidence, is_steady)


def _chain(curve: Curve, period: float) -> NDArray[np.float64]:
    """The best chain of beats in frames. Frames whose steps back all reach past a block are worked off together."""
    lags = np.arange(round(LONGEST_STEP * period), max(1, round(SHORTEST_STEP * period)) - 1, -1)
    cost = TIGHTNESS * np.log(lags / period) ** 2
    reach, block = int(lags[0]), int(lags[-1])
    total = np.concatenate([np.zeros(reach), curve])  # before the recording a chain costs nothing
    back = np.zeros(len(curve), np.intp)
    before_each = sliding_window_view(total, len(lags))  # row t: what ends a step before frame t, the longest first
    number = np.arange(block)
    for start in range(0, len(curve), block):
        stop = min(start + block, len(curve))
        before = before_each[start:stop] - cost
        best = before.argmax(axis=1)
        total[reach + start : reach + stop] += before[number[: stop - start], best]
        back[start:stop] = lags[best]
    last = len(curve) - 1 - int(np.argmax(total[reach:][::-1][: round(period)]))
    chain = []
    while last >= 0:
        chain.append(float(last))
        last -= int(back[last])
    return np.array(chain[::-1])


def _on_onsets(beat_s: Seconds, onset_s: Seconds, weights: Curve) -> Seconds:
    """Beats moved to the weighted mean of the onsets about them: finer than a frame of the curve."""
    nearest = _nearest(beat_s, onset_s)
    away = onset_s - beat_s[nearest]
    weights = weights * np.exp(-0.5 * (away / (NEAR_S / 2)) ** 2) * (np.abs(away) < NEAR_S)
    weight = np.bincount(nearest, weights, len(beat_s))
    moved = beat_s + np.bincount(nearest, weights * away, len(beat_s)) / np.maximum(weight, 1e-9)
    return moved if (np.diff(moved) > 0).all() else beat_s


def _support(beat_s: Seconds, onset_s: Seconds, weights: Curve) -> Curve:
    """Weight of the onsets about each beat."""
    nearest = _nearest(beat_s, onset_s)
    near = np.abs(onset_s - beat_s[nearest]) < NEAR_S
    return np.bincount(nearest, weights * near, len(beat_s)).astype(np.float64)


def _nearest(sorted_s: Seconds, time_s: Seconds) -> NDArray[np.intp]:
    right = np.clip(np.searchsorted(sorted_s, time_s), 1, len(sorted_s) - 1)
    return right - (time_s - sorted_s[right - 1] < sorted_s[right] - time_s)


def _through(x: Seconds, xs: Seconds, ys: Seconds) -> Seconds:
    """Linear between the points, and on beyond them as between the nearest two."""
    x = np.asarray(x, np.float64)
    i = np.clip(np.searchsorted(xs, x, "right") - 1, 0, len(xs) - 2)
    return ys[i] + (x - xs[i]) * (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
