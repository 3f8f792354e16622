"""Music that lies between the keys: heard, moved by a bin, and given back as bends; the same for any cut."""

import numpy as np
import pytest

from linnet.frames import frames_of
from linnet.grid import Grid
from linnet.level import Level
from linnet.tuning import FARTHEST_CENTS, TuningTracker
from linnet.vqt import Vqt
from tests import synth
from tests.core import faked
from tests.core.test_engine import transcribe

GRID = Grid()
VQT = Vqt(GRID)
SECONDS = 8.0


def tune(cents: float) -> np.ndarray:
    """A broken chord, every note off by so much."""
    out = synth.noise(SECONDS, -75.0)
    for step in range(int(SECONDS / 0.25) - 2):
        start = round(step * 0.25 * synth.RATE_HZ)
        note = synth.plucked((48, 55, 60, 64, 67)[step % 5] + cents / 100, 0.6)[: len(out) - start]
        out[start : start + len(note)] += note
    return out


def heard(cents: float) -> TuningTracker:
    tracker = TuningTracker(GRID)
    tracker.apply(frames_of(tune(cents), VQT, Level()))
    return tracker


@pytest.mark.parametrize("cents", [-45, -20, 0, 15, 40])
def test_the_tuning_is_heard_to_a_few_cents(cents):
    found = heard(cents).cents
    assert found is not None
    assert abs(found - cents) < 6


@pytest.mark.parametrize(("cents", "shift"), [(-48, 1), (-38, 1), (-20, 0), (0, 0), (22, 0), (38, -1), (48, -1)])
def test_what_lies_far_off_is_moved_towards_the_keys(cents, shift):
    tracker = heard(cents)
    assert abs(cents) > FARTHEST_CENTS or shift == 0
    left = (cents + tracker.shift * 100 / 3 + 50) % 100 - 50
    assert abs(left) < 25
    if abs(cents) < 45:  # half way between two keys both ways are as good
        assert tracker.shift == shift


def test_moved_frames_are_those_of_music_a_third_of_a_semitone_away():
    frames = frames_of(tune(40.0), VQT, Level())
    moved, shifts = TuningTracker(GRID).apply(frames)
    late = len(frames) - 50
    assert shifts[0] == 0
    assert (shifts[late:] == -1).all()
    assert (moved[late:, :-1] == frames[late:, 1:]).all()
    assert (moved[late:, -1] == 0).all()
    assert (moved[shifts == 0] == frames[shifts == 0]).all()


@pytest.mark.parametrize("size", [1, 7, 32, 100])
def test_any_cut_gives_the_same(size):
    frames = frames_of(tune(40.0), VQT, Level())
    whole, shifts = TuningTracker(GRID).apply(frames)
    tracker = TuningTracker(GRID)
    parts = [tracker.apply(frames[i : i + size]) for i in range(0, len(frames), size)]
    assert (np.concatenate([part for part, _ in parts]) == whole).all()
    assert (np.concatenate([part for _, part in parts]) == shifts).all()


@pytest.mark.parametrize("sound", [synth.silence(3.0), synth.noise(6.0, -20), synth.sweep(200, 2000, 6.0)[0]])
def test_what_has_no_tuning_is_left_alone(sound):
    tracker = TuningTracker(GRID)
    _, shifts = tracker.apply(frames_of(sound, VQT, Level()))
    assert not shifts.any()


def test_notes_get_the_difference_back_as_bends():
    block = faked.network_planes([(5.5, 6.5, 60), (6.8, 7.6, 64)], SECONDS)
    engine = transcribe(tune(40.0), block)
    notes = engine.finish()
    assert engine.tuning_cents == pytest.approx(40, abs=6)
    assert len(notes) == 2
    assert notes.bend_cents == pytest.approx(100 / 3, abs=4)
    plain = transcribe(tune(0.0), block).finish()
    assert len(plain.bend_cents) == 0
    assert (plain.pitch == notes.pitch).all()


def test_an_engine_gives_the_same_for_any_cut():
    block = faked.network_planes(faked.random_notes(2, SECONDS, 30), SECONDS, seed=4)
    whole = transcribe(tune(40.0), block).finish()
    assert transcribe(tune(40.0), block, (300, 7, 20_000), block_frames=1).finish() == whole
