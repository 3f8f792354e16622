"""Scores: bars that add up, spelling, ties, triplets; and what Verovio reads in them."""

import base64
import io
from xml.etree import ElementTree

import mido
import pytest
import verovio
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet import MidiOptions
from linnet.beats import BeatGrid
from linnet.key import Key
from linnet.musicxml import musicxml_bytes, spell
from linnet.notes import Note, NoteTable
from tests.core.rhythms import played

SECOND = BeatGrid.even(60, 0.0, "4/4")  # a quarter a second


def parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def check_bars(root: ElementTree.Element, bar: int) -> None:
    """Every voice of every measure is as long as the bar, and every triplet is whole."""
    for part in root.findall("part"):
        for measure in part.findall("measure"):
            at, triplet = 0, 0
            for element in measure:
                if element.tag == "backup":
                    assert at == bar
                    at -= int(element.findtext("duration"))
                elif element.tag == "note" and element.find("chord") is None:
                    at += int(element.findtext("duration"))
                    if element.find("time-modification") is not None:
                        triplet += int(element.findtext("duration"))
            assert at == bar, measure.get("number")
            assert triplet % 24 == 0


def sounding(root: ElementTree.Element) -> list[tuple[float, float, int]]:
    """(start, length in quarters, pitch) with ties joined: a small reader of its own."""
    found, open_ties = [], {}
    for part in root.findall("part"):
        bar_start = 0
        for measure in part.findall("measure"):
            at = last = end = 0
            for element in measure:
                length = int(element.findtext("duration") or 0)
                if element.tag == "backup":
                    at -= length
                if element.tag != "note":
                    continue
                start = last if element.find("chord") is not None else at
                last, at = start, start + length
                end = max(end, at)
                pitch = element.find("pitch")
                if pitch is None:
                    continue
                step = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[pitch.findtext("step")]
                key = 12 * (int(pitch.findtext("octave")) + 1) + step + int(pitch.findtext("alter") or 0)
                voice, kinds = element.findtext("voice"), {tie.get("type") for tie in element.findall("tie")}
                begun, so_far = open_ties.pop((voice, key), (bar_start + start, 0)) if "stop" in kinds else (
                    bar_start + start, 0)  # fmt: skip
                if "start" in kinds:
                    open_ties[voice, key] = (begun, so_far + length)
                else:
                    found.append((begun / 24, (so_far + length) / 24, key))
            bar_start += end
    assert not open_ties
    return sorted(found)


def test_a_bar_as_it_is_written():
    notes = NoteTable.of([Note(0, 1, 60), Note(1, 3, 64), Note(1, 3, 67), Note(3, 3.5, 66), Note(3.5, 5, 70)])
    root = parsed(musicxml_bytes(notes, title="Tune & air", grid=SECOND, key=Key("F")))
    assert root.findtext("work/work-title") == "Tune & air"
    assert root.findtext(".//key/fifths") == "-1"
    assert root.findtext(".//per-minute") == "60"
    check_bars(root, 96)
    first = root.find("part/measure")
    assert [note.findtext("type") for note in first.findall("note")] == [
        "quarter", "half", "half", "eighth", "eighth",
    ]  # fmt: skip
    assert [note.findtext("pitch/alter") for note in first.findall("note")] == [None, None, None, "1", "-1"]
    assert first.findall("note")[-1].find("tie").get("type") == "start"
    assert sounding(root) == [(0, 1, 60), (1, 2, 64), (1, 2, 67), (3, 0.5, 66), (3.5, 1.5, 70)]


def test_swung_eighths_are_triplets_and_straight_ones_are_not():
    swung = parsed(musicxml_bytes(played(60, swing=2 / 3, first_s=0.0, beats=16), grid=SECOND))
    assert len(swung.findall(".//tuplet[@type='start']")) == 16
    check_bars(swung, 96)
    straight = parsed(musicxml_bytes(played(60, jitter_s=0.01, first_s=0.0, beats=16), grid=SECOND))
    assert not straight.findall(".//tuplet")


@pytest.mark.parametrize(("metre", "bar"), [("2/4", 48), ("3/4", 72), ("4/4", 96), ("6/8", 72)])
@pytest.mark.parametrize("feel", [{}, {"parts": 3}, {"parts": 4, "jitter_s": 0.01}, {"rests": 0.4, "jitter_s": 0.03}])
def test_bars_add_up_in_every_metre(metre, bar, feel):
    grid = BeatGrid.even(97, 0.37, metre)
    root = parsed(musicxml_bytes(played(97, **feel), grid=grid))
    check_bars(root, bar)
    assert (root.findtext(".//time/beats") + "/" + root.findtext(".//time/beat-type")) == metre


def test_two_staves_where_the_range_asks_for_it():
    wide = parsed(musicxml_bytes(NoteTable.of([Note(0, 1, 40), Note(0, 1, 76)]), grid=SECOND))
    assert [clef.findtext("sign") for clef in wide.findall(".//clef")] == ["G", "F"]
    low = parsed(musicxml_bytes(NoteTable.of([Note(0, 1, 40), Note(1, 2, 45)]), grid=SECOND))
    assert [clef.findtext("sign") for clef in low.findall(".//clef")] == ["F"]


def test_parts_by_range_are_equally_long():
    notes = NoteTable.of([Note(0, 1, 40), Note(0, 1, 76), Note(5, 9, 62)])
    root = parsed(musicxml_bytes(notes, MidiOptions(tracks="by-range"), grid=SECOND))
    assert [name.text for name in root.findall(".//part-name")] == ["Soprano", "Tenor", "Bass"]
    assert {len(part.findall("measure")) for part in root.findall("part")} == {3}


def test_without_a_grid_beats_are_found():
    root = parsed(musicxml_bytes(played(97, first_s=0.37)))
    assert float(root.findtext(".//per-minute")) == pytest.approx(97, abs=0.5)
    check_bars(root, 96)


def test_nothing_is_a_bar_of_rest():
    root = parsed(musicxml_bytes(NoteTable()))
    assert len(root.findall(".//rest")) == 1


def test_spelling():
    names = {sharps: [spell(pitch, sharps)[:2] for pitch in range(60, 72)] for sharps in (-4, 0, 4)}
    assert names[0][1] == ("C", 1)
    assert names[0][3] == ("E", -1)
    assert names[-4][8] == ("A", -1)
    assert names[4][8] == ("G", 1)
    assert spell(60, 0) == ("C", 0, 4)
    assert spell(60, 7) == ("B", 1, 3)


NOTES = st.lists(
    st.builds(
        lambda on, length, pitch: Note(on / 8, (on + length) / 8, pitch, 80),
        st.integers(0, 80), st.integers(1, 30), st.integers(30, 90),
    ),
    min_size=1, max_size=25,
).map(NoteTable.of)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(NOTES, st.sampled_from(["2/4", "3/4", "4/4", "6/8"]), st.floats(0, 2))
def test_whatever_the_notes_bars_add_up_and_every_onset_is_there(notes, metre, offset_s):
    grid = BeatGrid.even(60, offset_s, metre)
    root = parsed(musicxml_bytes(notes, grid=grid))
    check_bars(root, round(24 * grid.quarters_per_bar))
    found = {(start, pitch) for start, _, pitch in sounding(root)}
    assert {pitch for _, pitch in found} == set(notes.pitch.tolist())
    start = grid.start_quarters(float(notes.onset_s[0]))
    places = grid.to_quarters(notes.onset_s) - start
    for place, pitch in zip(places.tolist(), notes.pitch.tolist(), strict=True):
        assert any(p == pitch and abs(s - max(place, 0)) <= 0.26 for s, p in found)


def test_an_independent_reader_plays_the_same():
    notes = played(97, swing=2 / 3, jitter_s=0.01, rests=0.2)
    data = musicxml_bytes(notes, grid=BeatGrid.even(97, 0.37, "4/4"))
    toolkit = verovio.toolkit()
    assert toolkit.loadData(data.decode())
    file = mido.MidiFile(file=io.BytesIO(base64.b64decode(toolkit.renderToMIDI())))
    found = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                found.append((round(24 * tick / file.ticks_per_beat), message.note))
    assert sorted(found) == sorted((round(24 * start), pitch) for start, _, pitch in sounding(parsed(data)))
    assert next(round(m.tempo) for m in file.tracks[0] if m.type == "set_tempo") == pytest.approx(60e6 / 97, rel=0.01)
