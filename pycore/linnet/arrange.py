"""Arranging: the grid and the key of a piece, and its notes put in time and in tune by them.

Everything here is a function of the notes as heard (and edited) and of the options: switched off, they are as before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linnet.beats import BeatGrid, Rhythm, track_beats
from linnet.key import Key, estimate_key
from linnet.notes import NoteTable
from linnet.options import ArrangeOptions
from linnet.quantise import quantise
from linnet.scale import snap_to_scale


@dataclass(frozen=True)
class Analysis:
    """What the notes say of tempo, beats and key; None where they say nothing."""

    rhythm: Rhythm | None
    key: Key | None


@dataclass(frozen=True)
class Arrangement:
    """Notes arranged, where each comes from, and the grid and key in force.

    `source` [shape=(n,), int32]: the row that each note was before.
    """

    notes: NoteTable
    source: NDArray[np.int32]
    grid: BeatGrid | None
    key: Key | None


def analyse(notes: NoteTable, metre: str = "4/4") -> Analysis:
    """Tempo, beats and key of the notes; beats are tracked once, so keep the answer."""
    return Analysis(track_beats(notes, metre), estimate_key(notes))


def arrange(notes: NoteTable, options: ArrangeOptions, analysis: Analysis | None = None) -> Arrangement:
    """The notes under these options; `analysis` is made where it is wanted and was not given."""
    analysis = analysis or wanted(notes, options)
    grid, key = grid_of(options, analysis), key_of(options, analysis)
    source = np.arange(len(notes), dtype=np.int32)
    if options.snap != "off" and key is not None:
        scale = options.scale if options.scale != "key" else "minor" if key.is_minor else "major"
        rows = snap_to_scale(notes, key.tonic, scale, "nearest" if options.snap == "nearest" else "remove")
        notes, source = rows.notes, source[rows.source]
    if options.quantise != "off" and grid is not None:
        rows = quantise(notes, grid, options.quantise, options.quantise_strength, ends=options.quantise_ends == "grid")
        notes, source = rows.notes, source[rows.source]
    return Arrangement(notes, source, grid, key)


def wanted(notes: NoteTable, options: ArrangeOptions) -> Analysis:
    """As much of the analysis as these options ask for."""
    return Analysis(
        track_beats(notes, options.metre) if needs_beats(options) else None,
        estimate_key(notes) if options.key == "auto" else None,
    )


def grid_of(options: ArrangeOptions, analysis: Analysis) -> BeatGrid | None:
    """The grid in force: none, the one found, or the one that tempo and first bar lay."""
    if options.grid == "manual":
        return BeatGrid.even(options.tempo_bpm, options.first_bar_s, options.metre)
    if needs_beats(options) and analysis.rhythm is not None:
        return analysis.rhythm.grid
    return None


def needs_beats(options: ArrangeOptions) -> bool:
    """Whether beats are to be found in the notes: to quantise without a grid is to ask for one."""
    return options.grid == "auto" or (options.grid == "off" and options.quantise != "off")


def key_of(options: ArrangeOptions, analysis: Analysis) -> Key | None:
    """The key in force: the one found, or the one that was chosen."""
    return analysis.key if options.key == "auto" else Key(options.key)
