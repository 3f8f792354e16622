"""Targets say where a note is: at the right row, at a fraction of a frame, and at the pitch that sounds."""

from __future__ import annotations

import numpy as np

from models import targets
from models.features import Example, audible_end, example_of
from models.played import PlayedNote

FRAMES_PER_S = 22050 / 256


def example(pitch: float = 60.0) -> Example:
    frames = np.zeros((200, 309), np.uint8)
    frames[50:120, round(3 * (pitch - 21))] = 200
    note = PlayedNote(
        50.3 / FRAMES_PER_S, 119.0 / FRAMES_PER_S, round(pitch), 90, np.array([0.6]), np.array([pitch - round(pitch)])
    )
    return example_of(frames, [note])


def test_onset_peak_interpolates_to_the_onset() -> None:
    onset = targets.draw(example(), 0, 200).onset[:, 60 - 21].astype(float)
    peak = int(onset.argmax())
    left, middle, right = np.log(onset[peak - 1 : peak + 2])
    assert abs(peak + 0.5 * (left - right) / (left - 2 * middle + right) - 50.3) < 0.01


def test_note_spans_onset_to_offset() -> None:
    rows = np.flatnonzero(targets.draw(example(), 0, 200).note[:, 60 - 21])
    assert rows[0] == 50
    assert rows[-1] == 118
    assert targets.draw(example(), 0, 200).note.sum() == len(rows)


def test_velocity_counts_at_the_onset_only() -> None:
    velocity = targets.draw(example(), 0, 200).velocity
    known = np.argwhere(velocity >= 0)
    assert set(known[:, 1]) == {60 - 21}
    assert abs(known[:, 0] - 50.3).max() < 1.5
    assert np.allclose(velocity[velocity >= 0], 90 / 127)


def test_a_shift_names_the_nearest_semitone() -> None:
    sharp = example(60.4)
    assert targets.draw(sharp, 0, 200).note[80].argmax() == 60 - 21
    assert targets.draw(sharp, 0, 200, shift_bins=1).note[80].argmax() == 61 - 21
    contour = targets.draw(sharp, 0, 200, shift_bins=3).contour[80]
    centre = 3 * (61.4 - 21) + 1
    assert abs(contour.argmax() - centre) <= 0.5


def test_a_note_ends_when_it_can_no_longer_be_heard() -> None:
    frames = np.zeros((200, 309), np.uint8)
    frames[10:60, 120] = np.linspace(220, 0, 50).astype(np.uint8)
    end = audible_end(frames, 21 + 40, 10.0, 150.0)
    assert 30 < end < 60
    assert audible_end(frames, 90.0, 10.0, 150.0) == 10.0
