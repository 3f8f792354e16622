"""Crops over one another: powers add, targets join, lines are told from chords."""

from __future__ import annotations

import numpy as np

from models import targets
from models.features import Example, example_of
from models.mixing import Pool, companions, joined, laid_over, voices
from models.played import PlayedNote

FRAMES_PER_S = 22050 / 256


def example(*pitches: int) -> Example:
    frames = np.zeros((300, 309), np.uint8)
    for pitch in pitches:
        frames[50:200, 3 * (pitch - 21)] = 200
    return example_of(frames, [PlayedNote(50 / FRAMES_PER_S, 200 / FRAMES_PER_S, pitch, 90) for pitch in pitches])


def test_two_equal_sounds_are_three_decibels_louder() -> None:
    one = np.full((40, 309), 0.5, np.float32)
    assert np.allclose((laid_over(one, one, 0.0) - one) * 80, 3.01, atol=0.01)


def test_a_faint_sound_changes_nothing_and_nothing_passes_the_reference() -> None:
    loud, faint = np.full((40, 309), 1.0, np.float32), np.full((40, 309), 0.2, np.float32)
    assert np.allclose(laid_over(loud, faint, -20.0), loud, atol=1e-4)
    assert laid_over(loud, loud, 6.0).max() <= 1.0


def test_silence_stays_silent() -> None:
    silence = np.zeros((40, 309), np.float32)
    assert not laid_over(silence, silence, 0.0).any()


def test_targets_hold_the_notes_of_both() -> None:
    both = joined(targets.draw(example(60), 0, 300), targets.draw(example(67), 0, 300))
    assert set(np.flatnonzero(both.note.any(axis=0))) == {60 - 21, 67 - 21}
    assert set(np.argwhere(both.velocity >= 0)[:, 1]) == {60 - 21, 67 - 21}


def test_chords_are_no_lines() -> None:
    pool = Pool()
    for kind in (example(60), example(60, 64, 67), example()):
        pool.add(kind)
    assert voices(pool.examples[0]) == 1.0
    assert voices(pool.examples[1]) == 3.0
    assert (len(pool.lines), len(pool.empty)) == (1, 1)
    rng = np.random.default_rng(0)
    over_chords = [other for _ in range(200) for other in companions(rng, pool, pool.examples[1])]
    assert {id(other.example) for other in over_chords} == {id(pool.empty[0])}
    over_lines = [other for _ in range(200) for other in companions(rng, pool, pool.examples[0])]
    assert any(other.interval_bins == 36 for other in over_lines)
