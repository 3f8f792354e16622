"""Compares the page's NoteColumns with a native NoteTable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from linnet.notes import NoteTable

TOLERANCE_S = 0.001


def assert_same_notes(columns: Mapping[str, Sequence[float]], reference: NoteTable) -> None:
    """The same notes: pitches and velocities equal, onsets and offsets within a millisecond, bends within a cent."""
    found = sorted(zip(columns["pitch"], columns["onsetS"], columns["offsetS"], columns["velocity"], strict=True))
    wanted = sorted((n.pitch, n.onset_s, n.offset_s, n.velocity) for n in reference)
    assert [row[0] for row in found] == [row[0] for row in wanted]
    for column, tolerance in ((1, TOLERANCE_S), (2, TOLERANCE_S), (3, 1)):
        apart = [abs(a[column] - b[column]) for a, b in zip(found, wanted, strict=True)]
        assert max(apart, default=0) <= tolerance
    assert len(columns["bendCents"]) == len(reference.bend_cents)
    assert np.allclose(columns["bendCents"], reference.bend_cents, atol=1.0)
