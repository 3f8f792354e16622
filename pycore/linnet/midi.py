"""NoteTable to a standard MIDI file, through mido.

The file is of type 1: a conductor track (title, tempo, metre) and a track for each part, 960 ticks to the
quarter. Without a grid times stay as heard: a second is `960 * 1e6 / tempo` ticks, `tempo` being the whole
number of microseconds a quarter that the file states, so that no rounding of it adds up. With a grid, beats
and bar lines are the host's (see midi_time.py).

Channels and bends (`MidiOptions.midi_mode`):

single
    A channel a part (the drums' left out), bend range 2 semitones. The wheel moves a whole channel, therefore
    it follows a note's bends only while that note sounds alone and is centred wherever notes overlap. Where there
    are more parts than channels, tracks name their port (a meta event), and every fifteen parts have one.
mpe
    The lower zone of MPE 1.0: channel 1 manages (bend range 2), each note has one of the channels 2-16
    (bend range 48) for itself, always the one that has rested longest. Channel 10, the drums of players
    that know nothing of MPE, is used only where the other fourteen sound. The sixteenth note at once
    shares the channel whose note ends soonest; while they overlap, that channel's wheel is centred.
    Several parts draw on the same fifteen channels, so that they are right together as well as each alone.

In both, every channel gets its bend range (RPN 0, then null) and a centred wheel at the start; the wheel
is set before a note begins and centred when the note is over; bends beyond the range are clipped; values
hold from the time a bend row names until the next row or the note's end. Where notes of one pitch
overlap, the earlier one ends as the later one begins. No note is shorter than one tick.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import mido
import numpy as np

from linnet.beats import BeatGrid
from linnet.midi_time import TICKS_PER_BEAT, TickScale
from linnet.notes import NoteTable
from linnet.options import MidiOptions
from linnet.voices import Part, by_range

SINGLE_BEND_RANGE = 2  # semitones: what General MIDI assumes where RPN 0 is ignored
MPE_BEND_RANGE = 48  # semitones: the default of MPE 1.0 for member channels
MANAGER = 0  # channels are counted from 0 here, as in the bytes
MEMBERS = (*range(1, 9), *range(10, 16), 9)  # General MIDI's drum channel comes last
SINGLES = (MANAGER, *MEMBERS[:-1])  # channels of parts, in order

_OFF, _WHEEL, _ON = range(3)  # the order of events within a tick


@dataclass(frozen=True)
class _TickNote:
    """A note in ticks; `bends` are (tick, wheel) from its beginning on, wheel -8192..8191."""

    on_tick: int
    off_tick: int
    pitch: int
    velocity: int
    bends: tuple[tuple[int, int], ...]

    def wheel_at(self, tick: int) -> int:
        return next((wheel for start, wheel in reversed(self.bends) if start <= tick), 0)


class _Event(NamedTuple):
    """A message before it is made; an hour of music has a hundred thousand, so they are kept small."""

    tick: int
    order: int
    channel: int
    first: int
    second: int = 0

    def message(self, time: int) -> mido.Message:
        if self.order == _WHEEL:
            return mido.Message("pitchwheel", time=time, channel=self.channel, pitch=self.first)
        if self.order == _OFF:
            return mido.Message("note_off", time=time, channel=self.channel, note=self.first)
        return mido.Message("note_on", time=time, channel=self.channel, note=self.first, velocity=self.second)


def midi_bytes(
    notes: NoteTable, options: MidiOptions | None = None, *, title: str = "", grid: BeatGrid | None = None
) -> bytes:
    """The bytes of a .mid file.

    Parameters
    ----------
    notes : NoteTable
    options : MidiOptions, optional
        Channels, tracks, program, and tempo and metre where there is no grid; defaults when left out.
    title : str
        Name of the piece and of its track; "Linnet" when empty. Written as UTF-8.
    grid : BeatGrid, optional
        Beats that become the file's own: tempo, metre and bar lines.
    """
    options = options or MidiOptions()
    parts = by_range(notes) if options.tracks == "by-range" else []
    return parts_bytes(parts or [Part(title or "Linnet", notes)], options, title=title, grid=grid)


def parts_bytes(
    parts: Sequence[Part], options: MidiOptions | None = None, *, title: str = "", grid: BeatGrid | None = None
) -> bytes:
    """The bytes of a .mid file with a track for each part, such as the stems of a recording."""
    options = options or MidiOptions()
    is_mpe = options.midi_mode == "mpe"
    scale = TickScale.of(options.tempo_bpm, grid, NoteTable.join([part.notes for part in parts]))
    bend_range = MPE_BEND_RANGE if is_mpe else SINGLE_BEND_RANGE
    placed = [_without_overlap(_in_ticks(part.notes, scale, bend_range)) for part in parts]
    spread = _spread_parts(placed) if is_mpe else [{SINGLES[i % len(SINGLES)]: own} for i, own in enumerate(placed)]
    has_ports = len(parts) > len(SINGLES) and not is_mpe
    tracks = [_conductor(scale, title or "Linnet", grid.metre if grid else options.metre)]
    for number, (part, by_channel) in enumerate(zip(parts, spread, strict=True)):
        program = options.program if part.program is None else part.program
        set_up = _set_up_mpe(program) if is_mpe else _set_up_channel(next(iter(by_channel)), bend_range, program)
        port = [mido.MetaMessage("midi_port", port=number // len(SINGLES))] if has_ports else []
        tracks.append(_track(part.name, [*port, *set_up], by_channel, is_mpe))
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8", tracks=tracks)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _conductor(scale: TickScale, title: str, metre: str) -> mido.MidiTrack:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=title)])
    numerator, denominator = map(int, metre.split("/"))
    events = [(tick, mido.MetaMessage("set_tempo", tempo=tempo)) for tick, tempo in scale.tempos]
    events.insert(1, (0, mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)))
    if scale.marker is not None:
        tick, words = scale.marker
        events.append((tick, mido.MetaMessage("marker", text=words)))
    last = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - last))
        last = tick
    return track


def _track(
    name: str, set_up: Iterable[mido.Message], by_channel: dict[int, list[_TickNote]], is_mpe: bool
) -> mido.MidiTrack:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name), *set_up])
    events = [event for channel, own in by_channel.items() for event in _events(channel, own, is_mpe)]
    tick = 0
    for event in sorted(events, key=lambda event: (event.tick, event.order)):
        track.append(event.message(event.tick - tick))
        tick = event.tick
    return track


def _in_ticks(notes: NoteTable, scale: TickScale, bend_range: int) -> Iterator[_TickNote]:
    on_ticks = scale.ticks(notes.onset_s)
    off_ticks = np.maximum(scale.ticks(notes.offset_s), on_ticks + 1)
    owner = np.repeat(np.arange(len(notes)), np.diff(notes.bend_start))
    bend_ticks = np.maximum(scale.ticks(notes.bend_s), on_ticks[owner]).tolist()
    wheels = np.clip(np.round(notes.bend_cents.astype(np.float64) / 100 / bend_range * 8192), -8192, 8191)
    wheel_list = wheels.astype(np.int64).tolist()
    velocities = np.clip(notes.velocity, 1, 127).tolist()
    rows = zip(on_ticks.tolist(), off_ticks.tolist(), notes.pitch.tolist(), velocities, strict=True)
    for i, (on_tick, off_tick, pitch, velocity) in enumerate(rows):
        a, b = int(notes.bend_start[i]), int(notes.bend_start[i + 1])
        bends = dict(zip(bend_ticks[a:b], wheel_list[a:b], strict=True))  # rows of one tick: the last holds
        yield _TickNote(on_tick, off_tick, pitch, velocity, tuple(sorted(bends.items())))


def _without_overlap(notes: Iterable[_TickNote]) -> list[_TickNote]:
    """The notes, those of one pitch one after the other; of two that begin in one tick the longer stays."""
    kept: list[_TickNote] = []
    latest: dict[int, int] = {}  # pitch -> index in kept
    for note in sorted(notes, key=lambda note: (note.on_tick, note.pitch)):
        index = latest.get(note.pitch)
        if index is not None and kept[index].on_tick == note.on_tick:
            kept[index] = max(kept[index], note, key=lambda note: note.off_tick)
            continue
        if index is not None and kept[index].off_tick > note.on_tick:
            kept[index] = replace(kept[index], off_tick=note.on_tick)
        latest[note.pitch] = len(kept)
        kept.append(note)
    return kept


def _spread_parts(parts: Sequence[list[_TickNote]]) -> list[dict[int, list[_TickNote]]]:
    """A member channel for each note, from one pool; per part, channel -> its notes."""
    if len(parts) == 1:
        return [_spread(parts[0])]
    merged = sorted(((note, i) for i, own in enumerate(parts) for note in own), key=lambda pair: pair[0].on_tick)
    part_of = {id(note): i for note, i in merged}
    spread: list[dict[int, list[_TickNote]]] = [{} for _ in parts]
    for channel, own in _spread(note for note, _ in merged).items():
        for note in own:
            spread[part_of[id(note)]].setdefault(channel, []).append(note)
    return spread


def _spread(notes: Iterable[_TickNote]) -> dict[int, list[_TickNote]]:
    """Give each note (sorted by on_tick) a member channel."""
    by_channel: dict[int, list[_TickNote]] = {channel: [] for channel in MEMBERS}
    free_from = dict.fromkeys(MEMBERS, 0)  # tick at which the channel's last note is over
    for note in notes:
        channel = min(
            MEMBERS,
            key=lambda c: (
                free_from[c] > note.on_tick,
                free_from[c] <= note.on_tick and c == MEMBERS[-1],
                free_from[c],
                len(by_channel[c]),
            ),
        )
        by_channel[channel].append(note)
        free_from[channel] = max(free_from[channel], note.off_tick)
    return by_channel


def _events(channel: int, notes: list[_TickNote], is_mpe: bool) -> Iterator[_Event]:
    for note in notes:
        yield _Event(note.on_tick, _ON, channel, note.pitch, note.velocity)
        yield _Event(note.off_tick, _OFF, channel, note.pitch)
    # MPE receivers take the wheel of a note from what comes just before it: there it is always repeated.
    repeated = {note.on_tick for note in notes} if is_mpe else set()
    last_wheel = 0
    for tick, wheel in _wheel_curve(notes):
        if wheel != last_wheel or tick in repeated:
            yield _Event(tick, _WHEEL, channel, wheel)
        last_wheel = wheel


def _wheel_curve(notes: list[_TickNote]) -> Iterator[tuple[int, int]]:
    """(tick, wheel) of one channel, rising: the bends of the note that sounds alone, else the centre."""
    changes = sorted([(note.off_tick, 0, i) for i, note in enumerate(notes)]
                     + [(note.on_tick, 1, i) for i, note in enumerate(notes)])  # fmt: skip
    sounding: set[int] = set()
    for at, (tick, begins, index) in enumerate(changes):
        if begins:
            sounding.add(index)
        else:
            sounding.remove(index)
        until = changes[at + 1][0] if at + 1 < len(changes) else tick
        if until == tick and at + 1 < len(changes):
            continue  # more happens in this tick
        if len(sounding) != 1:
            yield tick, 0
            continue
        alone = notes[next(iter(sounding))]
        yield tick, alone.wheel_at(tick)
        yield from ((start, wheel) for start, wheel in alone.bends if tick < start < until)


def _set_up_mpe(program: int) -> Iterator[mido.Message]:
    yield from _registered_parameter(MANAGER, 6, len(MEMBERS))  # the MPE configuration message
    yield from _set_up_channel(MANAGER, SINGLE_BEND_RANGE, program)
    for channel in sorted(MEMBERS):  # the program too: players that know nothing of MPE need it on each
        yield from _set_up_channel(channel, MPE_BEND_RANGE, program)


def _set_up_channel(channel: int, bend_range: int, program: int) -> Iterator[mido.Message]:
    yield mido.Message("program_change", channel=channel, program=program)
    yield from _registered_parameter(channel, 0, bend_range)
    yield mido.Message("pitchwheel", channel=channel, pitch=0)


def _registered_parameter(channel: int, number: int, value: int) -> Iterator[mido.Message]:
    """Choose parameter `number`, set it, and let go of it (null), so that stray data entry does no harm."""
    for control, byte in ((101, 0), (100, number), (6, value), (38, 0), (101, 127), (100, 127)):
        yield mido.Message("control_change", channel=channel, control=control, value=byte)
