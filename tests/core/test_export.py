"""CSV and JSON read back by the standard library's readers."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet.errors import BadOption
from linnet.export import CSV_COLUMNS, csv_text, json_text
from linnet.notes import Note, NoteTable

TABLE = NoteTable.of(
    [
        Note(0.5, 1.25, 69, 80, 0.93, (0.5, 0.71), (-4.04, 12.46)),
        Note(0.1, 0.2, 60, 127, 1.0),
    ]
)


def test_csv_text_as_documented() -> None:
    assert csv_text(TABLE) == (
        "onset_s,offset_s,pitch,velocity,confidence,bends\n"
        "0.1000,0.2000,60,127,1.000,\n"
        "0.5000,1.2500,69,80,0.930,0.5000:-4.0 0.7100:+12.5\n"
    )


def test_json_text_as_documented() -> None:
    values = json.loads(json_text(TABLE, {"file": "Étude №1.wav", "duration_s": 2.0}))
    assert list(values) == ["format", "file", "duration_s", "notes"]
    assert values["format"] == "linnet-notes/1"
    assert values["file"] == "Étude №1.wav"
    assert values["notes"][1] == {
        "onset_s": 0.5,
        "offset_s": 1.25,
        "pitch": 69,
        "velocity": 80,
        "confidence": 0.93,
        "bends": [[0.5, -4.0], [0.71, 12.5]],
    }


def test_empty_tables() -> None:
    assert csv_text(NoteTable()) == ",".join(CSV_COLUMNS) + "\n"
    assert json.loads(json_text(NoteTable())) == {"format": "linnet-notes/1", "notes": []}


def test_meta_may_not_take_the_formats_own_keys() -> None:
    with pytest.raises(BadOption, match="'notes'"):
        json_text(TABLE, {"notes": 3})


NOTES = st.builds(
    lambda onset, length, pitch, velocity, confidence, rows: Note(
        onset, onset + length, pitch, velocity, confidence,
        tuple(onset + length * t for t, _ in sorted(rows)), tuple(c for _, c in sorted(rows)),
    ),
    st.floats(0, 4000), st.floats(1e-6, 20), st.integers(0, 127), st.integers(1, 127), st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1), st.floats(-200, 200)), max_size=4),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(NOTES, max_size=8).map(NoteTable.of))
def test_both_read_back(table: NoteTable) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(table))))
    values = json.loads(json_text(table))["notes"]
    assert len(rows) == len(values) == len(table)
    for note, row, value in zip(table, rows, values, strict=True):
        bends = [tuple(map(float, part.split(":"))) for part in row["bends"].split()]
        assert (int(row["pitch"]), int(row["velocity"])) == (note.pitch, note.velocity)
        for got in (row, value):
            assert float(got["onset_s"]) == pytest.approx(note.onset_s, abs=6e-5)
            assert float(got["offset_s"]) == pytest.approx(note.offset_s, abs=2e-4)
            assert float(got["offset_s"]) > float(got["onset_s"])
            assert float(got["confidence"]) == pytest.approx(note.confidence, abs=6e-4)
        for got in (bends, value["bends"]):
            assert [t for t, _ in got] == pytest.approx(list(note.bend_s), abs=6e-5)
            assert [c for _, c in got] == pytest.approx(list(note.bend_cents), abs=0.06)
