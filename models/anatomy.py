"""What kinds of mistakes a transcription makes: why notes were added, and which were missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import mir_eval
import numpy as np
from numpy.typing import NDArray

from models.scoring import Intervals

ONSET_TOLERANCE_S = 0.05
PITCH_TOLERANCE = 0.5
LATE_OR_EARLY_S = 0.25
HARMONICS = (12, 19, 24, 28, 31, 34, 36)

ADDED = ("split", "onset off", "semitone", "harmonic", "subharmonic", "other pitch", "silence")
SHORT_S, LONG_S = 0.1, 0.4


@dataclass
class Anatomy:
    """Counts of added notes by reason, of missed and present notes by register, length and crowd, and onset errors."""

    added: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    onset_errors_s: list[float] = field(default_factory=list)
    offset_errors_s: list[float] = field(default_factory=list)

    def __add__(self, other: Anatomy) -> Anatomy:
        return Anatomy(
            self.added + other.added,
            self.missed + other.missed,
            self.present + other.present,
            self.onset_errors_s + other.onset_errors_s,
            self.offset_errors_s + other.offset_errors_s,
        )


def _reason(onset_s: float, pitch: float, reference: Intervals, pitches: NDArray[np.float64], taken: set[int]) -> str:
    """Why a note that matches nothing may have been written."""
    start, end = reference.times_s[:, 0], reference.times_s[:, 1]
    sounding = (start <= onset_s + ONSET_TOLERANCE_S) & (end >= onset_s - ONSET_TOLERANCE_S)
    same = np.abs(pitches - pitch) <= PITCH_TOLERANCE
    near = np.flatnonzero(same & (np.abs(start - onset_s) < LATE_OR_EARLY_S))
    if any(int(index) not in taken for index in near):
        return "onset off"
    if np.any(same & sounding) or len(near):
        return "split"
    if not sounding.any():
        return "silence"
    steps = pitch - pitches[sounding]
    if np.any(np.abs(np.abs(steps) - 1) <= PITCH_TOLERANCE):
        return "semitone"
    if any(np.any(np.abs(steps - harmonic) <= PITCH_TOLERANCE) for harmonic in HARMONICS):
        return "harmonic"
    if any(np.any(np.abs(steps + harmonic) <= PITCH_TOLERANCE) for harmonic in HARMONICS):
        return "subharmonic"
    return "other pitch"


def _traits(reference: Intervals, pitches: NDArray[np.float64], index: int) -> list[str]:
    """What kind of note a reference note is."""
    start, end = reference.times_s[index]
    pitch, length_s = pitches[index], end - start
    others = (reference.times_s[:, 0] < start + 0.02) & (reference.times_s[:, 1] > start + 0.02)
    others[index] = False
    before = (reference.times_s[:, 0] < start - 0.01) & (np.abs(reference.times_s[:, 1] - start) < 0.08)
    again = np.any((np.abs(pitches - pitch) < 0.6) & before)
    shared = any(np.any(np.abs(pitch - pitches[others] - harmonic) <= PITCH_TOLERANCE) for harmonic in HARMONICS)
    return [
        "below C3" if pitch < 48 else "C3-B4" if pitch < 72 else "from C5",
        "short" if length_s < SHORT_S else "long" if length_s > LONG_S else "middling",
        f"among {min(int(others.sum()), 6)}{'+' if others.sum() >= 6 else ''}",
        *(["repeated"] if again else []),
        *(["on a harmonic"] if shared else []),
    ]


def anatomy(reference: Intervals, estimated: Intervals) -> Anatomy:
    """The mistakes of `estimated`, matched by onset (50 ms) and pitch (50 cents) as mir_eval does."""
    found = Anatomy()
    pitches = reference.pitch
    matched: list[tuple[int, int]] = []
    if len(estimated.hz):
        matched = mir_eval.transcription.match_notes(
            reference.times_s, reference.hz, estimated.times_s, estimated.hz, offset_ratio=None
        )
    taken, used = {ref for ref, _ in matched}, {est for _, est in matched}
    for ref, est in matched:
        found.onset_errors_s.append(float(estimated.times_s[est, 0] - reference.times_s[ref, 0]))
        found.offset_errors_s.append(float(estimated.times_s[est, 1] - reference.times_s[ref, 1]))
    for index, pitch in enumerate(estimated.pitch):
        if index not in used:
            found.added[_reason(float(estimated.times_s[index, 0]), float(pitch), reference, pitches, taken)] += 1
    for index in range(len(pitches)):
        traits = _traits(reference, pitches, index)
        found.present.update(traits)
        if index not in taken:
            found.missed.update(traits)
    return found


def table(found: dict[str, Anatomy]) -> str:
    """Rows by group: added notes by reason; onset and offset bias and spread; the share missed of each kind of note."""
    lines = [
        f"{'added':18s}" + "".join(f"{reason:>12s}" for reason in ADDED) + "   onset bias/spread   offset bias/spread"
    ]
    for group, value in found.items():
        spread = [_bias(errors) for errors in (value.onset_errors_s, value.offset_errors_s)]
        lines.append(
            f"{group:18s}" + "".join(f"{value.added[reason]:12d}" for reason in ADDED) + "   " + "   ".join(spread)
        )
    traits = _ordered(value.present for value in found.values())
    lines += ["", f"{'missed %':18s}" + "".join(f"{trait:>14s}" for trait in traits)]
    for group, value in found.items():
        cells = [
            f"{100 * value.missed[trait] / value.present[trait]:8.0f}/{value.present[trait]:<5d}"
            if value.present[trait]
            else " " * 14
            for trait in traits
        ]
        lines.append(f"{group:18s}" + "".join(cells))
    return "\n".join(lines)


def _bias(errors_s: list[float]) -> str:
    if not errors_s:
        return "       -        "
    low, middle, high = np.percentile(errors_s, [16, 50, 84]) * 1000
    return f"{middle:+6.0f} ±{(high - low) / 2:4.0f} ms   "


def _ordered(counters: Iterable[Counter[str]]) -> list[str]:
    names: set[str] = set()
    for counter in counters:
        names |= set(counter)
    order = ("below C3", "C3-B4", "from C5", "short", "middling", "long", "repeated", "on a harmonic")
    return [name for name in order if name in names] + sorted(name for name in names if name.startswith("among"))
