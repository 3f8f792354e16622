"""MIDI files: bytes as expected, and two independent readers (pretty_midi, the small one below) agree."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field

import numpy as np
import pretty_midi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet.midi import MPE_BEND_RANGE, SINGLE_BEND_RANGE, TICKS_PER_BEAT, midi_bytes
from linnet.notes import Note, NoteTable
from linnet.options import MidiOptions

# --- a reader that shares nothing with the writer ---------------------------------------------------------------------


@dataclass
class ReadNote:
    channel: int
    pitch: int
    velocity: int
    on: int
    off: int = -1


@dataclass
class ReadFile:
    division: int = 0
    tempo: int = 0
    names: list[str] = field(default_factory=list)
    notes: list[ReadNote] = field(default_factory=list)
    wheels: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # channel -> (tick, -8192..8191)
    ranges: dict[int, int] = field(default_factory=dict)
    programs: dict[int, int] = field(default_factory=dict)
    members: int | None = None

    def seconds(self, tick: int) -> float:
        return tick * self.tempo / 1e6 / self.division

    def tick(self, time_s: float) -> int:
        return round(time_s * 1e6 / self.tempo * self.division)

    def cents(self, channel: int, tick: int) -> float:
        wheel = [value for at, value in self.wheels[channel] if at <= tick][-1]
        return wheel / 8192 * self.ranges[channel] * 100


def read(data: bytes) -> ReadFile:
    magic, size, kind, tracks, division = struct.unpack(">4sIHHH", data[:14])
    assert (magic, size, kind) == (b"MThd", 6, 1)
    found = ReadFile(division=division)
    at = 14
    for _ in range(tracks):
        magic, size = struct.unpack(">4sI", data[at : at + 8])
        assert magic == b"MTrk"
        _read_track(data[at + 8 : at + 8 + size], found)
        at += 8 + size
    assert at == len(data)
    return found


def _read_track(data: bytes, found: ReadFile) -> None:
    at = tick = 0
    status = 0
    sounding: dict[tuple[int, int], ReadNote] = {}
    parameter: dict[int, list[int]] = {}

    def number() -> int:
        nonlocal at
        value = 0
        while True:
            byte = data[at]
            at += 1
            value = value << 7 | byte & 127
            if byte < 128:
                return value

    while at < len(data):
        tick += number()
        if data[at] >= 128:
            status = data[at]
            at += 1
        if status == 0xFF:
            kind, size = data[at], data[at + 1]
            assert size < 128
            body = data[at + 2 : at + 2 + size]
            at += 2 + size
            if kind == 0x51:
                found.tempo = int.from_bytes(body, "big")
            elif kind == 0x03:
                found.names.append(body.decode())
            elif kind == 0x2F:
                assert at == len(data)
                assert not sounding
            continue
        channel = status & 15
        if status >> 4 == 0xC:
            found.programs[channel] = data[at]
            at += 1
            continue
        one, two = data[at : at + 2]
        at += 2
        if status >> 4 == 0x9:
            assert two > 0
            assert (channel, one) not in sounding
            sounding[channel, one] = ReadNote(channel, one, two, tick)
            found.notes.append(sounding[channel, one])
        elif status >> 4 == 0x8:
            sounding.pop((channel, one)).off = tick
        elif status >> 4 == 0xE:
            found.wheels.setdefault(channel, []).append((tick, (two << 7 | one) - 8192))
        elif status >> 4 == 0xB:
            chosen = parameter.setdefault(channel, [127, 127])
            if one in (101, 100):
                chosen[101 - one] = two
            elif one == 6 and chosen == [0, 0]:
                found.ranges[channel] = two
            elif one == 6 and chosen == [0, 6]:
                assert channel == 0
                found.members = two
    assert all(chosen == [127, 127] for chosen in parameter.values()), "a registered parameter was left open"


# --- tables to write --------------------------------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn, voices: int = 12, cents: float = 190.0) -> NoteTable:
    """Notes that overlap freely, but never two of one pitch: a bend row inside the note, before, or none."""
    notes = []
    for pitch in draw(st.lists(st.integers(21, 108), min_size=0, max_size=voices, unique=True)):
        time_s = draw(st.floats(0.0, 2.0))
        for _ in range(draw(st.integers(1, 4))):
            length_s = draw(st.floats(0.02, 2.0))
            rows = sorted(draw(st.lists(st.floats(0.0, 1.0), max_size=5)))
            curve = [draw(st.floats(-cents, cents)) for _ in rows]
            notes.append(
                Note(
                    time_s,
                    time_s + length_s,
                    pitch,
                    draw(st.integers(1, 127)),
                    1.0,
                    tuple(time_s + row * length_s for row in rows),
                    tuple(curve),
                )
            )
            time_s += length_s + draw(st.sampled_from([0.0, 0.02, 0.5]))
    return NoteTable.of(notes)


TEMPOS = st.sampled_from([20.0, 61.3, 120.0, 133.7, 400.0])


def bend_at(note: Note, file: ReadFile, tick: int, limit: float) -> float:
    cents = 0.0
    for bend_s, value in zip(note.bend_s, note.bend_cents, strict=True):
        if max(file.tick(bend_s), file.tick(note.onset_s)) <= tick:
            cents = value
    return float(np.clip(cents, -limit, limit))


def assert_same_notes(table: NoteTable, file: ReadFile) -> list[tuple[Note, ReadNote]]:
    tick_s = file.tempo / 1e6 / file.division
    wanted = sorted(table, key=lambda note: (note.pitch, note.onset_s))
    found = sorted(file.notes, key=lambda note: (note.pitch, note.on))
    assert [n.pitch for n in wanted] == [n.pitch for n in found]
    assert [n.velocity for n in wanted] == [n.velocity for n in found]
    for note, got in zip(wanted, found, strict=True):
        assert got.off > got.on
        assert abs(file.seconds(got.on) - note.onset_s) <= tick_s
        assert abs(file.seconds(got.off) - note.offset_s) <= tick_s
    return list(zip(wanted, found, strict=True))


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_bytes_of_one_bent_note() -> None:
    table = NoteTable.of([Note(0.0, 1.0, 60, 80, 1.0, (0.0, 0.5), (0.0, 50.0))])
    expected = """
    4d 54 68 64  00 00 00 06  00 01 00 02 03 c0   header: type 1, 2 tracks, 960 ticks a beat
    4d 54 72 6b  00 00 00 1a                      conductor
    00 ff 03 03 41 c3 a9                          its name, UTF-8
    00 ff 51 03 07 a1 20                          500,000 us a beat
    00 ff 58 04 04 02 18 08                       4/4
    00 ff 2f 00
    4d 54 72 6b  00 00 00 37                      notes
    00 ff 03 03 41 c3 a9
    00 c0 05                                      program
    00 b0 65 00  00 64 00                         RPN 0 (the status byte is not repeated)
    00 06 02  00 26 00                            2 semitones
    00 65 7f  00 64 7f                            null
    00 e0 00 40                                   centre
    00 90 3c 50                                   on
    87 40 e0 00 50                                960 ticks: 50 cents = 8192/4
    87 40 80 3c 40                                960 ticks: off
    00 e0 00 40                                   and back to the centre
    00 ff 2f 00
    """
    wanted = bytes(
        int(part, 16)
        for line in expected.splitlines()
        for part in line.strip()[:44].split("   ")[0].split()
    )  # fmt: skip
    assert midi_bytes(table, MidiOptions(program=5), title="Aé") == wanted


def test_empty_table_is_a_valid_file() -> None:
    for mode in ("single", "mpe"):
        data = midi_bytes(NoteTable(), MidiOptions(midi_mode=mode))
        assert read(data).notes == []
        assert pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments == []


def test_default_title() -> None:
    assert read(midi_bytes(NoteTable())).names == ["Linnet", "Linnet"]


# --- times, pitches, cents --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(table=tables(), tempo=TEMPOS)
def test_single_mode_round_trip(table: NoteTable, tempo: float) -> None:
    file = read(midi_bytes(table, MidiOptions(tempo_bpm=tempo)))
    assert file.division == TICKS_PER_BEAT
    assert file.ranges == {0: SINGLE_BEND_RANGE}
    pairs = assert_same_notes(table, file)
    ticks = {tick for _, got in pairs for tick in (got.on, got.off - 1, got.off)}
    ticks |= {file.tick(row) for note, _ in pairs for row in note.bend_s}
    for tick in ticks:
        sounding = [note for note, got in pairs if got.on <= tick < got.off]
        wanted = bend_at(sounding[0], file, tick, 200) if len(sounding) == 1 else 0.0
        assert file.cents(0, tick) == pytest.approx(wanted, abs=1.0)


@settings(max_examples=60, deadline=None)
@given(table=tables(voices=15, cents=700.0), tempo=TEMPOS)
def test_mpe_round_trip(table: NoteTable, tempo: float) -> None:
    file = read(midi_bytes(table, MidiOptions(midi_mode="mpe", tempo_bpm=tempo)))
    assert file.members == 15
    assert file.ranges == {0: 2} | dict.fromkeys(range(1, 16), MPE_BEND_RANGE)
    pairs = assert_same_notes(table, file)
    for note, got in pairs:
        assert got.channel != 0
        assert not [
            n for n in file.notes if n is not got and n.channel == got.channel and n.on < got.off and got.on < n.off
        ]
        assert got.on in [tick for tick, _ in file.wheels[got.channel]], "the wheel is set before each note"
        for tick in {got.on, got.off - 1, *(file.tick(row) for row in note.bend_s)}:
            if got.on <= tick < got.off:
                assert file.cents(got.channel, tick) == pytest.approx(bend_at(note, file, tick, 4800), abs=1.0)
        if not [n for n in file.notes if n.channel == got.channel and n.on == got.off]:
            assert file.cents(got.channel, got.off) == 0.0


@settings(max_examples=25, deadline=None)
@given(table=tables(), tempo=TEMPOS, mode=st.sampled_from(["single", "mpe"]))
def test_pretty_midi_agrees(table: NoteTable, tempo: float, mode: str) -> None:
    data = midi_bytes(table, MidiOptions(midi_mode=mode, tempo_bpm=tempo, program=40))
    score = pretty_midi.PrettyMIDI(io.BytesIO(data))
    found = sorted((n for i in score.instruments for n in i.notes), key=lambda n: (n.pitch, n.start))
    wanted = sorted(table, key=lambda n: (n.pitch, n.onset_s))
    tick_s = 60 / tempo / TICKS_PER_BEAT
    assert [n.pitch for n in found] == [n.pitch for n in wanted]
    for got, note in zip(found, wanted, strict=True):
        assert abs(got.start - note.onset_s) <= tick_s
        assert abs(got.end - note.offset_s) <= tick_s
        assert got.velocity == note.velocity
    assert {i.program for i in score.instruments if not i.is_drum} <= {40}


def test_times_do_not_drift_in_an_hour() -> None:
    table = NoteTable.of([Note(3600.0 + i * 0.1, 3600.05 + i * 0.1, 60) for i in range(5)])
    for tempo in (20.0, 97.3, 333.3, 400.0):
        assert_same_notes(table, read(midi_bytes(table, MidiOptions(tempo_bpm=tempo))))


# --- the stated rules -------------------------------------------------------------------------------------------------


def test_repeated_notes_end_before_they_begin_again() -> None:
    table = NoteTable.of([Note(0.1 * i, 0.1 * (i + 1), 64) for i in range(10)])
    file = read(midi_bytes(table))  # the reader refuses a second note-on while the first sounds
    assert len(file.notes) == 10


def test_overlap_of_one_pitch_ends_the_earlier_note() -> None:
    table = NoteTable.of([Note(0.0, 1.0, 64), Note(0.5, 0.75, 64), Note(0.5, 0.9, 64), Note(0.2, 0.6, 65)])
    for mode in ("single", "mpe"):
        file = read(midi_bytes(table, MidiOptions(midi_mode=mode)))
        assert sorted((n.pitch, n.on, n.off) for n in file.notes) == [(64, 0, 960), (64, 960, 1728), (65, 384, 1152)]


def test_notes_shorter_than_a_tick_last_one() -> None:
    file = read(midi_bytes(NoteTable.of([Note(1.0, 1.0001, 64)]), MidiOptions(tempo_bpm=20)))
    assert [n.off - n.on for n in file.notes] == [1]


def test_bends_beyond_the_range_are_clipped() -> None:
    table = NoteTable.of([Note(0.0, 1.0, 64, 80, 1.0, (0.0, 0.5), (900.0, -900.0))])
    wheels = [value for _, value in read(midi_bytes(table)).wheels[0]]
    assert wheels == [0, 8191, -8192, 0]


def test_bend_rows_before_and_after_the_note() -> None:
    table = NoteTable.of([Note(1.0, 2.0, 64, 80, 1.0, (0.5, 0.9, 2.0, 2.5), (20.0, 50.0, 80.0, 90.0))])
    for mode in ("single", "mpe"):
        file = read(midi_bytes(table, MidiOptions(midi_mode=mode)))
        note = file.notes[0]
        assert file.cents(note.channel, note.on) == pytest.approx(50.0, abs=0.5)
        assert file.cents(note.channel, note.off - 1) == pytest.approx(50.0, abs=0.5)
        assert file.cents(note.channel, note.off) == 0.0
        assert file.cents(note.channel, note.off + 9999) == 0.0


def test_drum_channel_is_the_last_resort() -> None:
    fourteen = NoteTable.of([Note(0.001 * i, 1.0, 40 + i) for i in range(14)])
    again = NoteTable.of([*fourteen, *(Note(1.0 + 0.1 * i, 1.05 + 0.1 * i, 60) for i in range(30))])
    mpe = MidiOptions(midi_mode="mpe")
    assert {n.channel for n in read(midi_bytes(again, mpe)).notes} == {*range(1, 9), *range(10, 16)}
    fifteen = NoteTable.of([*fourteen, Note(0.5, 1.0, 100)])
    assert {n.channel for n in read(midi_bytes(fifteen, mpe)).notes} == set(range(1, 16))


def test_rotation_rests_each_channel_as_long_as_it_can() -> None:
    table = NoteTable.of([Note(0.1 * i, 0.1 * i + 0.08, 60 + i % 12) for i in range(28)])
    channels = [n.channel for n in read(midi_bytes(table, MidiOptions(midi_mode="mpe"))).notes]
    assert channels[:14] == channels[14:] == [*range(1, 9), *range(10, 16)]


def test_sixteenth_note_shares_the_channel_that_ends_soonest() -> None:
    held = [Note(0.01 * i, 3.0 - 0.1 * (i == 7), 40 + i, 80, 1.0, (0.0,), (30.0,)) for i in range(15)]
    extra = Note(1.0, 2.0, 90, 80, 1.0, (1.0,), (-70.0,))
    file = read(midi_bytes(NoteTable.of([*held, extra]), MidiOptions(midi_mode="mpe")))
    by_pitch = {n.pitch: n for n in file.notes}
    shared = by_pitch[90].channel
    assert shared == by_pitch[47].channel
    assert file.cents(shared, file.tick(0.9)) == pytest.approx(30.0, abs=1.0)
    assert file.cents(shared, file.tick(1.5)) == 0.0
    assert file.cents(shared, file.tick(2.5)) == pytest.approx(30.0, abs=1.0)
    assert len({n.channel for n in file.notes}) == 15


@settings(max_examples=20, deadline=None)
@given(table=tables(voices=40))
def test_any_polyphony_gives_a_valid_file(table: NoteTable) -> None:
    assert_same_notes(table, read(midi_bytes(table, MidiOptions(midi_mode="mpe"))))
