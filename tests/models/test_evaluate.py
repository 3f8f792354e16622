"""Scores are taken on the MIDI file that is written, and are 1 for a perfect one."""

from __future__ import annotations

import numpy as np
import pytest

from linnet.notes import Note, NoteTable
from models.calibrate import Reliability
from models.scoring import Intervals, Score, grouped, score, written_and_read

NOTES = NoteTable.of([Note(0.5, 1.0, 60), Note(0.5, 1.2, 64), Note(1.25, 2.0, 60, velocity=30)])


def test_a_written_file_reads_back_as_the_notes() -> None:
    read = written_and_read(NOTES)
    order = np.lexsort((read.hz, read.times_s[:, 0]))
    assert np.allclose(read.times_s[order], np.stack([NOTES.onset_s, NOTES.offset_s], axis=1), atol=2e-3)
    assert np.allclose(69 + 12 * np.log2(read.hz[order] / 440), NOTES.pitch)


def test_perfect_and_late_notes() -> None:
    perfect = written_and_read(NOTES)
    assert score(perfect, perfect) == Score(1.0, 1.0, 1.0, 1.0)
    late = Intervals(perfect.times_s + 0.08, perfect.hz)
    assert score(perfect, late).onset_f1 == 0.0
    assert score(perfect, Intervals(np.zeros((0, 2)), np.zeros(0))).onset_f1 == 0.0


def test_the_mean_is_over_groups_not_recordings() -> None:
    scores = [("piano", Score(1, 1, 1, 1)), ("piano", Score(1, 1, 1, 1)), ("voice", Score(0, 0, 0, 0))]
    assert grouped(scores)["mean"].onset_f1 == pytest.approx(0.5)


def test_confidence_that_means_what_it_says_has_no_error() -> None:
    confidence, weight = np.repeat([0.25, 0.75], 4), np.full(8, 1 / 8)
    right = np.array([1, 0, 0, 0, 1, 1, 1, 0.0])
    assert Reliability.of(confidence, right, weight).error == pytest.approx(0.0)
    too_sure = Reliability.of(np.full(8, 0.95), right, weight)
    assert too_sure.error == pytest.approx(0.45)
    assert "0.450" in too_sure.table()
