"""PlayedNote: one note as it sounds, the common currency between performers, instruments and targets.

Times are seconds from the start of the clip, pitch a MIDI number (the semitone nearest to what sounds),
velocity 1-127. `bend_s` / `bend_semitones` follow the sounding pitch relative to `pitch` where it moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.config import HIGHEST_PITCH, LOWEST_PITCH

REPEAT_GAP_S = 0.012
SHORTEST_S = 0.03


@dataclass
class PlayedNote:
    onset_s: float
    offset_s: float
    pitch: int
    velocity: int
    bend_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    bend_semitones: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


Part = list[PlayedNote]


def shifted(part: Part, semitones: int) -> Part:
    return [replace(note, pitch=note.pitch + semitones) for note in part]


def in_range(part: Part, lowest: int = LOWEST_PITCH, highest: int = HIGHEST_PITCH) -> Part:
    return [note for note in part if lowest <= note.pitch <= highest]


def separated(part: Iterable[PlayedNote]) -> Part:
    """End every note before the next one on the same pitch; drop what becomes too short to hear."""
    last_on_pitch: dict[int, PlayedNote] = {}
    kept: Part = []
    for note in sorted(part, key=lambda n: (n.onset_s, n.pitch)):
        before = last_on_pitch.get(note.pitch)
        if before is not None:
            if note.onset_s - before.onset_s < SHORTEST_S + REPEAT_GAP_S:
                continue
            before.offset_s = min(before.offset_s, note.onset_s - REPEAT_GAP_S)
        note = replace(note)
        last_on_pitch[note.pitch] = note
        kept.append(note)
    return [note for note in kept if note.offset_s - note.onset_s > SHORTEST_S]


def monophonic(part: Iterable[PlayedNote], gap_s: float = 0.005, shortest_s: float = 0.06) -> Part:
    """The top line: at most one note at a time, each ended by the next."""
    line: Part = []
    for note in sorted(part, key=lambda n: (n.onset_s, -n.pitch)):
        if line and note.onset_s - line[-1].onset_s < shortest_s:
            continue
        if line:
            line[-1].offset_s = min(line[-1].offset_s, note.onset_s - gap_s)
        line.append(replace(note))
    return [note for note in line if note.offset_s - note.onset_s >= shortest_s]
