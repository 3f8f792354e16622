"""MIDI on the host's grid: bar lines, tempo maps, metres, tracks; read back by pretty_midi and mido."""

import io

import mido
import numpy as np
import pretty_midi
import pytest

from linnet import ArrangeOptions, MidiOptions
from linnet.arrange import arrange
from linnet.beats import BeatGrid
from linnet.midi import midi_bytes, parts_bytes
from linnet.notes import Note, NoteTable
from linnet.voices import Part, by_range
from tests.core.rhythms import played


def opened(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(data))


def on_ticks(file: mido.MidiFile) -> list[int]:
    ticks = []
    for track in file.tracks[1:]:
        at = 0
        for message in track:
            at += message.time
            if message.type == "note_on" and message.velocity:
                ticks.append(at)
    return sorted(ticks)


def test_quantised_notes_lie_on_the_hosts_lines():
    done = arrange(played(97, jitter_s=0.01), ArrangeOptions(grid="auto", quantise="1/8"))
    file = opened(midi_bytes(done.notes, grid=done.grid))
    assert all(tick % 480 == 0 for tick in on_ticks(file))
    tempos = [m.tempo for m in file.tracks[0] if m.type == "set_tempo"]
    assert 60e6 / tempos[0] == pytest.approx(97, rel=0.005)
    assert len(tempos) == 1


def markers(file: mido.MidiFile) -> dict[str, int]:
    at, found = 0, {}
    for message in file.tracks[0]:
        at += message.time
        if message.type == "marker":
            found[message.text] = at
    return found


def test_the_file_begins_at_a_bar_line_and_says_where_the_recording_does():
    on_line = NoteTable.of([Note(0.5, 1.0, 60), Note(2.5, 3.0, 60)])
    upbeat = NoteTable.of([Note(0.25, 0.5, 60), Note(0.5, 1.0, 60)])
    for notes, ticks in ((on_line, [4 * 960, 8 * 960]), (upbeat, [3.5 * 960, 4 * 960])):
        file = opened(midi_bytes(notes, grid=BeatGrid.even(120, 0.5, "4/4")))
        assert on_ticks(file) == ticks
        assert markers(file) == {"Start of the recording": 3 * 960}
    at_once = opened(midi_bytes(on_line, grid=BeatGrid.even(120, 0.0, "4/4")))
    assert on_ticks(at_once) == [960, 5 * 960]
    assert markers(at_once) == {"Start of the recording": 0}


def test_a_recording_cut_close_to_its_first_bar_line_needs_no_bar_before_it():
    notes = NoteTable.of([Note(0.02, 0.5, 60), Note(2.02, 3.0, 60)])
    file = opened(midi_bytes(notes, grid=BeatGrid.even(120, 0.02, "4/4")))
    assert on_ticks(file) == [0, 4 * 960]
    assert markers(file) == {"The recording starts 0.020 s before this": 0}


@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "6/8"])
@pytest.mark.parametrize("first_s", [0.3, 1.9])
def test_a_recording_laid_at_the_marker_is_in_step_with_its_notes(metre, first_s):
    beat_s = first_s + np.cumsum(0.5 + 0.004 * np.arange(40))
    for grid in (BeatGrid.even(97, first_s, metre), BeatGrid(beat_s, metre, 2)):
        notes = NoteTable.of(Note(first_s + t, first_s + t + 0.1, 60) for t in (0.0, 0.21, 1.4, 2.0, 7.3, 15.0))
        data = midi_bytes(notes, grid=grid)
        read = pretty_midi.PrettyMIDI(io.BytesIO(data))
        start_s = read.tick_to_time(markers(opened(data))["Start of the recording"])
        found_s = np.array(sorted(note.start for note in read.instruments[0].notes))
        assert found_s - start_s == pytest.approx(notes.onset_s, abs=6e-4)  # a tick


def test_a_tempo_that_gives_way_is_a_tempo_map_and_times_stay():
    beat_s = 0.3 + np.cumsum(0.5 + 0.004 * np.arange(40))
    grid = BeatGrid(beat_s, "3/4", 2)
    notes = NoteTable.of(Note(t, t + 0.3, 60) for t in beat_s[2:-1].tolist())
    data = midi_bytes(notes, grid=grid)
    assert all(tick % 960 == 0 for tick in on_ticks(opened(data)))
    read = pretty_midi.PrettyMIDI(io.BytesIO(data))
    starts = np.array(sorted(note.start for note in read.instruments[0].notes))
    assert np.ptp(starts - notes.onset_s) < 2e-4
    assert [(s.numerator, s.denominator) for s in read.time_signature_changes] == [(3, 4)]


def test_six_eight_counts_dotted_quarters():
    grid = BeatGrid.even(80, 0.0, "6/8")
    file = opened(midi_bytes(NoteTable.of([Note(0.75, 1.0, 60)]), grid=grid))
    assert on_ticks(file) == [1440]
    assert [m.tempo for m in file.tracks[0] if m.type == "set_tempo"] == [500_000]
    assert opened(midi_bytes(NoteTable(), MidiOptions(metre="3/4"))).tracks[0][2].numerator == 3


def test_a_track_for_each_range():
    notes = NoteTable.of([Note(0, 1, 40), Note(0, 1, 59), Note(0, 1, 60), Note(0, 1, 67), Note(0, 1, 72)])
    assert [(part.name, part.notes.pitch.tolist()) for part in by_range(notes)] == [
        ("Soprano", [72]), ("Alto", [67]), ("Tenor", [60]), ("Bass", [40, 59]),
    ]  # fmt: skip
    file = opened(midi_bytes(notes, MidiOptions(tracks="by-range")))
    assert [track.name for track in file.tracks] == ["Linnet", "Soprano", "Alto", "Tenor", "Bass"]
    assert len({m.channel for m in file if m.type == "note_on"}) == 4


@pytest.mark.parametrize("mode", ["single", "mpe"])
def test_stems_in_one_file(mode):
    bass = NoteTable.of([Note(0, 1, 40, bend_s=(0.0,), bend_cents=(50.0,)), Note(1, 2, 41)])
    voice = NoteTable.of([Note(0.5, 1.5, 64, bend_s=(0.5,), bend_cents=(-20.0,))])
    parts = [Part("Bass", bass, 33), Part("Voice", voice, 53)]
    read = pretty_midi.PrettyMIDI(io.BytesIO(parts_bytes(parts, MidiOptions(midi_mode=mode), title="Song")))
    found = {}
    for instrument in read.instruments:
        found.setdefault(instrument.name, []).extend(note.pitch for note in instrument.notes)
    assert {name: sorted(p) for name, p in found.items() if p} == {"Bass": [40, 41], "Voice": [64]}
    assert {i.program for i in read.instruments if i.name == "Voice" and i.notes} == {53}
    file = opened(parts_bytes(parts, MidiOptions(midi_mode=mode), title="Song"))
    channels = [{m.channel for m in track if m.type == "note_on"} for track in file.tracks[1:]]
    assert not channels[0] & channels[1]
    assert all(any(m.type == "pitchwheel" and m.pitch for m in track) for track in file.tracks[1:])


def test_more_parts_than_channels_have_ports():
    parts = [Part(str(i), NoteTable.of([Note(0, 1, 40 + i)])) for i in range(32)]
    ways = []
    for track in opened(parts_bytes(parts)).tracks[1:]:
        port = next(m.port for m in track if m.type == "midi_port")
        ways.append((port, *{m.channel for m in track if not m.is_meta}))
    assert len(set(ways)) == 32
    assert [port for port, _ in ways] == [0] * 15 + [1] * 15 + [2] * 2
    few = opened(parts_bytes(parts[:15]))
    assert not any(m.type == "midi_port" for track in few.tracks for m in track)
