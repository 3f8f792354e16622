"""Stems of one song: one grid and one key for all, and to each its own quantise and snap."""

import numpy as np
import pytest

from linnet import ArrangeOptions
from linnet.arrange import arrange
from linnet.notes import Note, NoteTable
from linnet.stems import arrange_stems
from tests.core.rhythms import played

SONG = played(96, jitter_s=0.01)
LOW = SONG.pitch < 60
BASS, TUNE = SONG.rows(np.flatnonzero(LOW)), SONG.rows(np.flatnonzero(~LOW))
AUTO, PLAIN = ArrangeOptions(grid="auto", quantise="1/8"), ArrangeOptions()
BY_HAND = ArrangeOptions(grid="manual", tempo_bpm=100, first_bar_s=0.1, metre="3/4")


def test_what_is_found_is_found_in_all_of_them():
    found = arrange_stems([(BASS, AUTO), (TUNE, AUTO)])
    whole = arrange(SONG, AUTO)
    assert np.array_equal(found.grid.beat_s, whole.grid.beat_s)
    assert NoteTable.join([stem.notes for stem in found.arranged]) == whole.notes
    assert {stem.key.name for stem in found.arranged} == {whole.key.name}


def test_each_keeps_what_is_done_to_its_notes():
    bass, tune = arrange_stems([(BASS, AUTO), (TUNE, PLAIN)]).arranged
    assert not np.array_equal(bass.notes.onset_s, BASS.onset_s)
    assert tune.notes is TUNE
    assert arrange_stems([(BASS, PLAIN), (TUNE, PLAIN)]).grid is None


@pytest.mark.parametrize("order", [1, -1])
def test_a_grid_by_hand_goes_before_one_that_is_found(order):
    stems = [(BASS, AUTO), (TUNE, BY_HAND)][::order]
    found = arrange_stems(stems)
    assert (found.grid.bpm, found.grid.metre) == (pytest.approx(100), "3/4")
    eighths = 2 * found.grid.to_quarters(found.arranged[[own for _, own in stems].index(AUTO)].notes.onset_s)
    assert np.abs(eighths - np.round(eighths)).max() < 1e-6


def test_of_two_grids_that_of_what_comes_first():
    other = ArrangeOptions(grid="manual", tempo_bpm=80)
    stems = [(BASS, BY_HAND), (TUNE, other)]
    assert arrange_stems(stems).grid.bpm == pytest.approx(100)
    assert arrange_stems(stems, other).grid.bpm == pytest.approx(80)
    assert arrange_stems(stems, PLAIN).grid.bpm == pytest.approx(100)


def test_a_key_by_hand_holds_for_all():
    sharp = NoteTable.of([Note(0, 1, 61)])
    snapped = ArrangeOptions(snap="remove")
    stems = [(sharp, snapped), (TUNE, ArrangeOptions(key="C"))]
    assert len(arrange_stems(stems).arranged[0].notes) == 0
    assert {stem.key.name for stem in arrange_stems(stems).arranged} == {"C"}
