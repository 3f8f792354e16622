"""Quantising, keys and scales: what moves, what does not, and where every note came from."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet import ArrangeOptions, BadOption
from linnet.arrange import analyse, arrange
from linnet.beats import BeatGrid
from linnet.key import Key, estimate_key
from linnet.notes import Note, NoteTable
from linnet.quantise import quantise, step_quarters
from linnet.scale import snap_to_scale
from linnet.theory import DIVISIONS, KEYS, SCALES, TONICS
from tests.core.rhythms import played

EVEN = BeatGrid.even(120, 0.25, "4/4")

NOTES = st.lists(
    st.builds(
        lambda onset, length, pitch, velocity, rows: Note(
            onset, onset + length, pitch, velocity, 1.0,
            tuple(onset + length * t for t, _ in sorted(rows)), tuple(c for _, c in sorted(rows)),
        ),
        st.floats(0, 60), st.floats(1e-4, 8), st.integers(21, 108), st.integers(1, 127),
        st.lists(st.tuples(st.floats(0, 1), st.floats(-200, 200)), max_size=3),
    ),
    max_size=24,
).map(NoteTable.of)  # fmt: skip


def test_steps_of_the_divisions():
    assert [step_quarters(d) for d in DIVISIONS] == pytest.approx([1, 0.5, 1 / 3, 0.25, 1 / 6, 0.125])
    with pytest.raises(BadOption, match="1/7"):
        step_quarters("1/7")


@settings(max_examples=150, deadline=None)
@given(NOTES, st.sampled_from(DIVISIONS), st.floats(0, 1), st.booleans())
def test_quantised_notes_keep_their_order_and_a_length(notes, division, strength, ends):
    rows = quantise(notes, EVEN, division, strength, ends=ends)
    assert len(set(rows.source.tolist())) == len(rows.source)
    before, after = notes.onset_s[rows.source], rows.notes.onset_s
    later = np.subtract.outer(before, before) > 0
    assert not (later & (np.subtract.outer(after, after) < -1e-9)).any()  # none overtakes another
    quarters = EVEN.to_quarters(rows.notes.offset_s) - EVEN.to_quarters(after)
    assert (quarters >= 0.99 / 960).all()
    assert (np.abs(after - before) <= step_quarters(division) / 4 + 0.036).all()
    assert np.array_equal(rows.notes.pitch, notes.pitch[rows.source])
    for row in set(range(len(notes))) - set(rows.source.tolist()):  # it has left one as loud in its place
        near = np.abs(before - notes.onset_s[row]) <= step_quarters(division) / 2 + 0.07
        near &= rows.notes.pitch == notes.pitch[row]
        assert (rows.notes.velocity[near] >= notes.velocity[row]).any()
    for pitch in set(notes.pitch.tolist()):
        own = np.flatnonzero(rows.notes.pitch == pitch)
        was = rows.source[own]
        clear = notes.offset_s[was[:-1]] <= notes.onset_s[was[1:]]
        assert (rows.notes.offset_s[own[:-1]] <= rows.notes.onset_s[own[1:]] + 1e-9)[clear].all()
    if strength == 0 and not ends:
        assert np.allclose(after, before)


def test_onto_the_line_half_way_and_not_at_all():
    notes = NoteTable.of([Note(0.30, 0.70, 60), Note(0.80, 0.95, 62)])  # lines every 0.125 s from 0.25 on
    assert quantise(notes, EVEN, "1/16").notes.onset_s == pytest.approx([0.25, 0.75])
    assert quantise(notes, EVEN, "1/16", 0.5).notes.onset_s == pytest.approx([0.275, 0.775])
    follows, gridded = quantise(notes, EVEN, "1/16").notes, quantise(notes, EVEN, "1/16", ends=True).notes
    assert follows.offset_s == pytest.approx([0.65, 0.90])
    assert gridded.offset_s == pytest.approx([0.75, 1.0])


def test_a_chord_goes_to_one_line_and_bends_go_along():
    spread = NoteTable.of(
        [Note(0.305, 0.6, 60, bend_s=(0.4, 0.5), bend_cents=(10.0, 20.0)), Note(0.315, 0.6, 64), Note(0.32, 0.6, 67)]
    )  # the middle between two lines is 0.3125
    rows = quantise(spread, EVEN, "1/16")
    assert len(set(np.round(rows.notes.onset_s, 9))) == 1
    moved = rows.notes[int(np.flatnonzero(rows.notes.pitch == 60)[0])]
    shift = moved.onset_s - 0.305
    assert moved.bend_s == pytest.approx((0.4 + shift, 0.5 + shift))
    assert moved.bend_cents == (10.0, 20.0)


def test_repeated_notes_do_not_come_to_overlap():
    notes = NoteTable.of([Note(0.25, 0.79, 60), Note(0.80, 1.2, 60)])
    rows = quantise(notes, EVEN, "1/4").notes
    assert rows.offset_s[0] == pytest.approx(rows.onset_s[1])


def test_of_repeated_notes_that_come_to_begin_together_the_louder_stays():
    first, second = Note(0.26, 0.32, 60, 70), Note(0.33, 0.5, 60, 90, bend_s=(0.4,), bend_cents=(5.0,))
    beside = Note(0.26, 0.5, 64)
    rows = quantise(NoteTable.of([first, beside, second]), EVEN, "1/4")
    assert rows.source.tolist() == [2, 1]
    assert rows.notes.onset_s == pytest.approx([0.25, 0.25])
    assert rows.notes.offset_s == pytest.approx([0.42, 0.49])
    assert rows.notes.bend_s == pytest.approx([0.32])
    softer = replace(second, velocity=70)
    assert quantise(NoteTable.of([first, softer]), EVEN, "1/4").source.tolist() == [0]  # of two as loud the first
    assert quantise(NoteTable.of([first, second]), EVEN, "1/4", 0.5).source.tolist() == [0, 1]
    drawn_twice = NoteTable.of([first, first])
    assert quantise(drawn_twice, EVEN, "1/4").source.tolist() == [0, 1]  # they began together to begin with


def scale_notes(tonic, steps, lengths=None):
    lengths = lengths or [0.4] * len(steps)
    return NoteTable.of(Note(0.5 * i, 0.5 * i + lengths[i], 48 + tonic + s, 80) for i, s in enumerate(steps))


@pytest.mark.parametrize("tonic", range(12))
def test_keys_of_cadences(tonic):
    def chords(*roots_and_thirds):
        return NoteTable.of(
            Note(i, i + 0.9, 48 + tonic + p, 80)
            for i, chord in enumerate(roots_and_thirds) for p in chord
        )  # fmt: skip

    major = chords((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
    minor = chords((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))
    assert estimate_key(major).name == TONICS[tonic]
    assert estimate_key(minor).name == TONICS[tonic] + "m"
    assert estimate_key(major).confidence > 0.3


def test_keys_are_written_with_their_signature():
    found = {name: Key(name).sharps for name in KEYS}
    assert (found["C"], found["Am"], found["G"], found["Em"], found["F"], found["Dm"]) == (0, 0, 1, 1, -1, -1)
    assert (found["Eb"], found["Cm"], found["F#m"], found["Ebm"]) == (-3, -3, 3, -6)
    assert (found["C#"], found["F#"], found["Abm"]) == (-5, 6, 5)  # Db and G#m: rather five than seven
    assert all(-6 <= sharps <= 6 and (sharps * 7 - Key(name).tonic - 3 * Key(name).is_minor) % 12 == 0
               for name, sharps in found.items())  # fmt: skip
    assert estimate_key(NoteTable()) is None


def test_there_are_scales_enough_and_all_begin_on_the_tonic():
    assert len(SCALES) >= 12
    assert all(steps[0] == 0 and list(steps) == sorted(set(steps)) and steps[-1] < 12 for steps in SCALES.values())


@settings(max_examples=100, deadline=None)
@given(NOTES, st.sampled_from(sorted(SCALES)), st.integers(0, 11), st.sampled_from(["nearest", "remove"]))
def test_snapped_notes_are_in_the_scale(notes, scale, tonic, how):
    rows = snap_to_scale(notes, tonic, scale, how)
    inside = {(tonic + step) % 12 for step in SCALES[scale]}
    assert set((rows.notes.pitch % 12).tolist()) <= inside
    moved = rows.notes.pitch.astype(int) - notes.pitch[rows.source].astype(int)
    assert (np.abs(moved) <= (2 if how == "nearest" else 0)).all()
    assert len(set(rows.source.tolist())) == len(rows.source)


def test_a_snapped_note_keeps_its_vibrato_and_leans_where_it_was_bent():
    sharp = Note(1.0, 2.0, 61, bend_s=(1.0,), bend_cents=(30.0,))
    flat = Note(3.0, 4.0, 61, bend_s=(3.0,), bend_cents=(-30.0,))
    rows = snap_to_scale(NoteTable.of([sharp, flat]), 0, "major")
    assert rows.notes.pitch.tolist() == [62, 60]
    assert rows.notes.bend_cents.tolist() == [30.0, -30.0]


def test_two_notes_that_become_one():
    notes = NoteTable.of([Note(1.0, 2.0, 60, 90), Note(1.01, 2.0, 61, 60), Note(1.5, 2.0, 64, 60)])
    rows = snap_to_scale(notes, 0, "major")
    assert rows.notes.pitch.tolist() == [60, 64]
    assert rows.source.tolist() == [0, 2]


def test_switched_off_it_changes_nothing():
    notes = played(97, jitter_s=0.02)
    plain = arrange(notes, ArrangeOptions())
    assert plain.notes == notes
    assert plain.grid is None
    assert plain.source.tolist() == list(range(len(notes)))


def test_all_of_it_together():
    notes = played(97, jitter_s=0.01, rests=0.2)
    done = arrange(notes, ArrangeOptions(grid="auto", quantise="1/8", snap="remove", key="C"), analyse(notes))
    eighths = 2 * done.grid.to_quarters(done.notes.onset_s)
    assert np.abs(eighths - np.round(eighths)).max() < 1e-6
    assert set((done.notes.pitch % 12).tolist()) <= {0, 2, 4, 5, 7, 9, 11}
    assert np.array_equal(notes.pitch[done.source], done.notes.pitch)
    assert np.array_equal(notes.velocity[done.source], done.notes.velocity)


def test_to_quantise_without_a_grid_asks_for_one_and_a_manual_one_is_obeyed():
    notes = played(97, jitter_s=0.01)
    assert arrange(notes, ArrangeOptions(quantise="1/8")).grid.bpm == pytest.approx(97, rel=0.01)
    manual = arrange(notes, ArrangeOptions(grid="manual", tempo_bpm=100, first_bar_s=0.1, quantise="1/4"))
    beats = (manual.notes.onset_s - 0.1) / 0.6
    assert np.abs(beats - np.round(beats)).max() < 1e-9
