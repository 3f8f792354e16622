"""Stems: recordings of one song, arranged on one grid and in one key.

A bass and a pad alone each say something else of the beat, and neither says much; so what is to be found is found in
the notes of all of them together. Each stem keeps its own choice of what is done to its notes: quantise and snap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from linnet.arrange import Arrangement, arrange, grid_of, needs_beats, wanted
from linnet.beats import BeatGrid
from linnet.notes import NoteTable
from linnet.options import ArrangeOptions

SHARED = ("grid", "tempo_bpm", "first_bar_s", "metre", "key")  # options that all stems have in common


class Stems(NamedTuple):
    """The stems arranged, in order, and the grid that they share."""

    arranged: list[Arrangement]
    grid: BeatGrid | None


def arrange_stems(stems: Sequence[tuple[NoteTable, ArrangeOptions]], first: ArrangeOptions | None = None) -> Stems:
    """The notes of each stem under its own options, but on the grid and in the key of all.

    A grid laid by hand goes before one that is to be found, and that before none; a key chosen by hand before the one
    that is found. Of several the first is taken, and `first` before all of them.
    """
    options = [first or ArrangeOptions(), *(own for _, own in stems)]
    leader = min(options, key=lambda own: (own.grid != "manual", not needs_beats(own)))
    key = next((own.key for own in options if own.key != "auto"), "auto")
    common = replace(leader, key=key)
    analysis = wanted(NoteTable.join([notes for notes, _ in stems]), common)
    shared = {name: getattr(common, name) for name in SHARED}
    arranged = [arrange(notes, replace(own, **shared), analysis) for notes, own in stems]
    return Stems(arranged, grid_of(common, analysis))
