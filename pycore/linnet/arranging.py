"""Arranging for hosts in other languages: notes and options in, notes and a mapping out; beats are tracked once.

The mapping says what was found: bpm, confidence, isSteady and firstBarS of the beats, key and keyConfidence (null where
there is none); and what the options make of it: `grid` and `keyInForce`. A grid is as BeatGrid.as_mapping gives it,
with `barOne`: the beat, counted as in beatS, that a score's first bar begins on (negative before the first beat).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linnet.arrange import Analysis, Arrangement, analyse, arrange
from linnet.beats import BeatGrid
from linnet.key import Key
from linnet.notes import NoteTable
from linnet.options import ArrangeOptions


class Arranging:
    """Keeps the analysis of the notes it saw last: moving a slider asks for the same ones again."""

    def __init__(self) -> None:
        self._seen: tuple[str, bytes] | None = None
        self._analysis = Analysis(None, None)

    def of(self, notes: NoteTable, values: Mapping[str, Any]) -> tuple[Arrangement | None, dict[str, Any]]:
        """The arrangement, None where it is the notes as they are, and the mapping."""
        options = ArrangeOptions.from_mapping(values)
        parts = (notes.onset_s, notes.offset_s, notes.pitch, notes.velocity)
        seen = (options.metre, b"".join(part.tobytes() for part in parts))
        if seen != self._seen:
            self._seen, self._analysis = seen, analyse(notes, options.metre)
        found = arrange(notes, options, self._analysis)
        rhythm, key = self._analysis.rhythm, self._analysis.key
        mapping = {
            "bpm": rhythm.grid.bpm if rhythm else None,
            "confidence": rhythm.confidence if rhythm else 0.0,
            "isSteady": bool(rhythm and rhythm.is_steady),
            "firstBarS": float(rhythm.grid.beat_s[rhythm.grid.first_bar]) if rhythm else 0.0,
            "key": key.name if key else None,
            "keyConfidence": key.confidence if key else 0.0,
            "grid": _grid(found.grid, notes) if found.grid else None,
            "keyInForce": found.key.name if found.key else None,
        }
        return (None if found.notes is notes else found), mapping


def setting_of(mapping: Mapping[str, Any]) -> tuple[BeatGrid | None, Key | None]:
    """Grid and key in force, out of a mapping of `Arranging.of` or an empty one."""
    grid, key = mapping.get("grid"), mapping.get("keyInForce")
    return BeatGrid.from_mapping(grid) if grid else None, Key(key) if key else None


def _grid(grid: BeatGrid, notes: NoteTable) -> dict[str, Any]:
    first_s = float(notes.onset_s[0]) if len(notes) else 0.0
    bar_one = grid.first_bar + grid.start_quarters(first_s) / grid.quarters_per_beat
    return grid.as_mapping() | {"barOne": round(bar_one)}
