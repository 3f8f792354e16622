"""Mistakes are named after what was sounding."""

from __future__ import annotations

import numpy as np
import pytest

from models.anatomy import anatomy
from models.scoring import Intervals, frame_f1, hz_of


def notes(*rows: tuple[float, float, float]) -> Intervals:
    table = np.array(rows, np.float64).reshape(-1, 3)
    return Intervals(table[:, :2], hz_of(table[:, 2]))


TRUTH = notes((1.0, 2.0, 60), (3.0, 3.05, 72))


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ((1.5, 1.8, 60), "split"),
        ((3.12, 3.4, 72), "onset off"),
        ((1.0, 1.3, 61), "semitone"),
        ((1.0, 1.3, 72), "harmonic"),
        ((1.0, 1.3, 48), "subharmonic"),
        ((1.0, 1.3, 67), "other pitch"),
        ((5.0, 5.3, 60), "silence"),
    ],
)
def test_added_notes(added: tuple[float, float, float], reason: str) -> None:
    found = anatomy(TRUTH, notes((1.01, 2.0, 60), added))
    assert dict(found.added) == {reason: 1}


def test_missed_notes_by_kind() -> None:
    found = anatomy(TRUTH, notes((1.01, 2.0, 60)))
    assert dict(found.missed) == {"from C5": 1, "short": 1, "among 0": 1}
    assert found.onset_errors_s == pytest.approx([0.01])


def test_frames_count_time() -> None:
    assert frame_f1(TRUTH, TRUTH) == 1.0
    assert frame_f1(notes((0.0, 1.0, 60)), notes((0.5, 1.0, 60))) == pytest.approx(2 * 0.5 / 1.5)
    assert frame_f1(TRUTH, notes()) == 0.0
