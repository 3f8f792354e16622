"""Notes as MusicXML 4.0 (partwise), for notation programs.

What is written down is decided in score.py; here it becomes elements. Pitches are spelt in the key: the twelve of them
are taken from the line of fifths, from three below the key's tonic major to eight above it. Without a grid the
beats are found in the notes, for a score has bars; where they cannot be, it has the tempo of the options.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from linnet.beats import BeatGrid, track_beats
from linnet.key import Key, estimate_key
from linnet.notes import NoteTable
from linnet.options import MidiOptions
from linnet.score import QUARTER, Layout, Piece, Score, lattice_steps, lay_out
from linnet.voices import Part, by_range

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC'
    ' "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
)
CLEFS = {"treble": ("G", "2"), "bass": ("F", "4")}
FIFTHS = "FCGDAEB"  # letters along the line of fifths, from -1 on


def musicxml_bytes(
    notes: NoteTable,
    options: MidiOptions | None = None,
    *,
    title: str = "",
    grid: BeatGrid | None = None,
    key: Key | None = None,
) -> bytes:
    """The bytes of a .musicxml file; options and grid as for `midi_bytes`, the key estimated if missing."""
    options = options or MidiOptions()
    parts = by_range(notes) if options.tracks == "by-range" else []
    return score_bytes(parts or [Part(title or "Linnet", notes)], options, title=title, grid=grid, key=key)


def score_bytes(
    parts: Sequence[Part],
    options: MidiOptions | None = None,
    *,
    title: str = "",
    grid: BeatGrid | None = None,
    key: Key | None = None,
) -> bytes:
    """The bytes of a .musicxml file with each part on staves of its own."""
    options = options or MidiOptions()
    notes = NoteTable.join([part.notes for part in parts])
    rhythm = None if grid else track_beats(notes, options.metre)
    grid = grid or (rhythm.grid if rhythm else BeatGrid.even(options.tempo_bpm, 0.0, options.metre))
    key = key or estimate_key(notes) or Key("C")
    start = grid.start_quarters(float(notes.onset_s[0]) if len(notes) else 0.0)
    steps = lattice_steps(notes, grid, start)
    bar_count = max(lay_out(part.notes, grid, start, steps).bar_count for part in parts)
    root = Element("score-partwise", version="4.0")
    _add(_add(root, "work"), "work-title", title or "Linnet")
    _add(_add(_add(root, "identification"), "encoding"), "software", "Linnet")
    part_list = _add(root, "part-list")
    for number, part in enumerate(parts, 1):
        listed = SubElement(part_list, "score-part", id=f"P{number}")
        _add(listed, "part-name", part.name)
        SubElement(listed, "score-instrument", id=f"P{number}-I1").append(_text("instrument-name", part.name))
        midi = SubElement(listed, "midi-instrument", id=f"P{number}-I1")
        _add(midi, "midi-program", str((options.program if part.program is None else part.program) + 1))
    for number, part in enumerate(parts, 1):
        score = lay_out(part.notes, grid, start, steps, bar_count)
        _write_part(SubElement(root, "part", id=f"P{number}"), score, grid, key, has_tempo=number == 1)
    return HEAD.encode() + tostring(root, encoding="unicode").encode()


def _write_part(part: Element, score: Score, grid: BeatGrid, key: Key, *, has_tempo: bool) -> None:
    for number in range(score.bar_count):
        measure = SubElement(part, "measure", number=str(number + 1))
        if number == 0:
            _write_attributes(measure, score, grid, key)
            if has_tempo:
                _write_tempo(measure, grid)
        start = number * score.layout.bar
        is_first = True
        for staff_number, staff in enumerate(score.staves, 1):
            sounding = [
                (i, voice) for i, voice in enumerate(staff.voices)
                if any(chord.start < start + score.layout.bar and chord.stop > start for chord in voice)
            ] or [(0, ())]  # fmt: skip
            for voice_number, voice in sounding:
                if not is_first:
                    _add(_add(measure, "backup"), "duration", str(score.layout.bar))
                is_first = False
                label = (str(4 * (staff_number - 1) + voice_number + 1), str(staff_number), len(score.staves) > 1)
                _write_voice(measure, score.layout.pieces(start, voice), score.layout, key, label)


def _write_attributes(measure: Element, score: Score, grid: BeatGrid, key: Key) -> None:
    attributes = _add(measure, "attributes")
    _add(attributes, "divisions", str(QUARTER))
    signature = _add(attributes, "key")
    _add(signature, "fifths", str(key.sharps))
    _add(signature, "mode", "minor" if key.is_minor else "major")
    time = _add(attributes, "time")
    beats, beat_type = grid.metre.split("/")
    _add(time, "beats", beats)
    _add(time, "beat-type", beat_type)
    if len(score.staves) > 1:
        _add(attributes, "staves", str(len(score.staves)))
    for number, staff in enumerate(score.staves, 1):
        clef = SubElement(attributes, "clef", number=str(number))
        sign, line = CLEFS[staff.clef]
        _add(clef, "sign", sign)
        _add(clef, "line", line)


def _write_tempo(measure: Element, grid: BeatGrid) -> None:
    direction = SubElement(measure, "direction", placement="above")
    metronome = _add(_add(direction, "direction-type"), "metronome")
    _add(metronome, "beat-unit", "quarter")
    if grid.quarters_per_beat == 1.5:
        _add(metronome, "beat-unit-dot")
    _add(metronome, "per-minute", f"{grid.bpm:.1f}".removesuffix(".0"))
    SubElement(direction, "sound", tempo=f"{grid.bpm * grid.quarters_per_beat:.2f}")


def _write_voice(measure: Element, pieces: list[Piece], layout: Layout, key: Key, label: tuple[str, str, bool]) -> None:
    if not any(piece.pitches for piece in pieces):
        note = _add(measure, "note")
        SubElement(note, "rest", measure="yes")
        _add(note, "duration", str(layout.bar))
        _add(note, "voice", label[0])
        if label[2]:
            _add(note, "staff", label[1])
        return
    for i, piece in enumerate(pieces):
        beat = piece.start // layout.beat
        opens = piece.is_triplet and (i == 0 or pieces[i - 1].start // layout.beat != beat)
        closes = piece.is_triplet and (i + 1 == len(pieces) or pieces[i + 1].start // layout.beat != beat)
        for place, pitch in enumerate(piece.pitches or (None,)):
            _write_note(_add(measure, "note"), piece, pitch, key, label, place > 0, opens, closes)


def _write_note(
    note: Element, piece: Piece, pitch: int | None, key: Key, label: tuple[str, str, bool],
    is_stacked: bool, opens: bool, closes: bool,
) -> None:  # fmt: skip
    if is_stacked:
        _add(note, "chord")
    if pitch is None:
        _add(note, "rest")
    else:
        step, alter, octave = spell(pitch, key.sharps)
        written = _add(note, "pitch")
        _add(written, "step", step)
        if alter:
            _add(written, "alter", str(alter))
        _add(written, "octave", str(octave))
    _add(note, "duration", str(piece.length))
    ties = [kind for kind, is_tied in (("stop", piece.continues), ("start", piece.is_continued)) if is_tied]
    for kind in ties:
        SubElement(note, "tie", type=kind)
    _add(note, "voice", label[0])
    _add(note, "type", piece.kind)
    for _ in range(piece.dots):
        _add(note, "dot")
    if piece.is_triplet:
        modification = _add(note, "time-modification")
        _add(modification, "actual-notes", "3")
        _add(modification, "normal-notes", "2")
    if label[2]:
        _add(note, "staff", label[1])
    if ties or ((opens or closes) and not is_stacked):
        notations = _add(note, "notations")
        for kind in ties:
            SubElement(notations, "tied", type=kind)
        for kind, holds in (("start", opens), ("stop", closes)):
            if holds and not is_stacked:
                SubElement(notations, "tuplet", type=kind)


def spell(pitch: int, sharps: int) -> tuple[str, int, int]:
    """Step, alteration and octave of a MIDI pitch in a key with so many sharps (flats are negative)."""
    lowest = sharps - 3
    place = lowest + (pitch * 7 - lowest) % 12  # along the line of fifths, C = 0
    step = FIFTHS[(place + 1) % 7]
    alter = (place + 1) // 7
    return step, alter, (pitch - alter) // 12 - 1


def _add(parent: Element, tag: str, text: str | None = None) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child


def _text(tag: str, text: str) -> Element:
    child = Element(tag)
    child.text = text
    return child
