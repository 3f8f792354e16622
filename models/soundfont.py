"""General MIDI soundfonts through fluidsynth, with detuning, scoops and vibrato by pitch wheel.

Presets speak late and ring on after the key is up; `speech` measures both once per soundfont, so that labels
say when a note is heard, not when its key went down.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

from models.config import CACHE, RATE_HZ
from models.played import Part, PlayedNote
from models.scores import Rng

TRAINING_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf3/MuseScore_General_Full.sf3")
VALIDATION_FONT = "/usr/share/sounds/sf2/TimGM6mb.sf2"

TICKS_PER_S = 1920
WHEEL_PER_SEMITONE = 4096
DRUM_CHANNEL = 9

PIANOS = (0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)
GUITARS = (24, 24, 25, 25, 26, 27, 28, 29, 30)
CHIMES = (8, 9, 11, 12, 13, 15, 46, 104, 105, 106, 107)
STRINGS = (40, 40, 40, 41, 42, 43, 44, 45, 48, 49)
WINDS = (64, 65, 66, 67, 68, 69, 70, 71, 71, 72, 73, 73, 74, 75, 76, 79)
BRASS = (56, 57, 58, 59, 60, 61)
ORGANS = (16, 17, 18, 19, 20, 21, 21, 22, 22, 23)
BASSES = (32, 33, 34, 35, 36, 37, 38, 39)
VOICES = (52, 53, 54, 85, 91)
SYNTHS = tuple(range(80, 96))
ETHNIC = (109, 110, 111)

_RANGES = {
    40: (55, 100), 41: (48, 88), 42: (36, 76), 43: (28, 60), 64: (56, 87), 65: (49, 80), 66: (44, 76), 67: (37, 69),
    68: (58, 89), 69: (52, 81), 70: (34, 74), 71: (50, 91), 72: (74, 103), 73: (60, 96), 74: (60, 96), 56: (54, 84),
    57: (40, 72), 58: (28, 60), 59: (54, 82), 60: (36, 77), 22: (55, 96), 21: (48, 90),
}  # fmt: skip


def range_of(program: int) -> tuple[int, int]:
    if program in PIANOS:
        return 28, 100
    if program in GUITARS:
        return 40, 86
    if program in BASSES:
        return 28, 55
    return _RANGES.get(program, (40, 90))


@dataclass
class Voicing:
    """A part on a General MIDI program. `expressive` adds vibrato and scoops."""

    program: int
    notes: Part
    expressive: bool = False


@dataclass
class DrumPattern:
    """A looping kit: (key, chance per step) rows on a grid of `step_s`."""

    step_s: float
    level: int
    rows: tuple[tuple[int, float], ...] = field(
        default=((36, 0.3), (38, 0.22), (42, 0.6), (46, 0.1), (49, 0.04), (45, 0.08), (54, 0.05), (56, 0.02))
    )


@dataclass(frozen=True)
class Speech:
    """Seconds a preset takes to be heard after key down, and to die away after key up."""

    attack_s: float
    release_s: float


def _render(midi: mido.MidiFile, font: str, *, reverb: bool, duration_s: float) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as folder:
        midi_path, wave_path = Path(folder) / "clip.mid", Path(folder) / "clip.wav"
        midi.save(midi_path)
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-R", "1" if reverb else "0", "-C", "0", "-g", "0.5", "-r", str(RATE_HZ),
             "-o", "synth.dynamic-sample-loading=1", "-F", str(wave_path), font, str(midi_path)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        audio, _ = soundfile.read(wave_path, dtype="float32")
    count = int(duration_s * RATE_HZ)
    mono = audio.mean(axis=1)[:count]
    return np.pad(mono, (0, count - len(mono))).astype(np.float32)


def _midi_of(events: list[tuple[float, int, mido.Message]]) -> mido.MidiFile:
    """Events are (time_s, rank among simultaneous ones, message)."""
    midi = mido.MidiFile(ticks_per_beat=TICKS_PER_S // 2)
    track = mido.MidiTrack()
    midi.tracks.append(track)
    last = 0
    for time_s, _, message in sorted(events, key=lambda e: (e[0], e[1])):
        tick = max(last, round(time_s * TICKS_PER_S))
        track.append(message.copy(time=tick - last))
        last = tick
    return midi


@lru_cache(maxsize=4)
def speech(font: str) -> tuple[Speech, ...]:
    """Attack and release of all 128 programs of `font`, measured on one note each and kept in the cache folder."""
    path = CACHE / f"speech-{Path(font).stem}.json"
    if path.exists():
        return tuple(Speech(*row) for row in json.loads(path.read_text()))
    slot_s, key_down_s = 1.6, 0.7
    events = []
    for program in range(128):
        key = int(np.clip(60, *range_of(program)))
        start_s = program * slot_s + 0.1
        events += [
            (start_s - 0.05, 0, mido.Message("program_change", program=program)),
            (start_s, 1, mido.Message("note_on", note=key, velocity=90)),
            (start_s + key_down_s, 0, mido.Message("note_off", note=key)),
        ]
    audio = _render(_midi_of(events), font, reverb=False, duration_s=128 * slot_s)
    rows = []
    for program in range(128):
        first = int((program * slot_s + 0.1) * RATE_HZ)
        step = RATE_HZ // 200
        slot = audio[first : first + int((slot_s - 0.15) * RATE_HZ)]
        level = np.sqrt(np.mean(slot[: len(slot) // step * step].reshape(-1, step) ** 2, axis=1)) + 1e-9
        early, up = level[:60], int(key_down_s * 200)
        attack_s = int(np.argmax(early > early.max() * 0.25)) / 200
        quiet = np.flatnonzero(level[up:] < max(level[up - 1], early.max() * 0.1) * 0.15)
        release_s = (quiet[0] if len(quiet) else len(level) - up) / 200
        rows.append((min(attack_s, 0.15), min(release_s, 0.5)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows))
    return tuple(Speech(*row) for row in rows)


def _wheel(semitones: float, channel: int) -> mido.Message:
    return mido.Message("pitchwheel", channel=channel, pitch=int(np.clip(semitones * WHEEL_PER_SEMITONE, -8191, 8191)))


def _expression(rng: Rng, note: PlayedNote, rate_hz: float, depth: float) -> None:
    """Give the note a vibrato that sets in late and now and then a scoop from below or above (semitones)."""
    length_s = note.offset_s - note.onset_s
    time_s = np.arange(0, length_s, 0.015)
    bend = np.zeros(len(time_s))
    if length_s > 0.3 and rng.random() < 0.8:
        grown = np.clip((time_s - rng.uniform(0.05, 0.3)) / 0.2, 0, 1)
        bend += depth * grown * np.sin(2 * np.pi * rate_hz * time_s)
    if rng.random() < 0.2:
        bend += rng.choice([-1, -1, 1]) * rng.uniform(0.2, 1.5) * np.exp(-time_s / rng.uniform(0.015, 0.05))
    if np.any(bend):
        note.bend_s, note.bend_semitones = note.onset_s + time_s, bend


def render(
    rng: Rng, voicings: list[Voicing], duration_s: float, font: str, drums: DrumPattern | None = None
) -> tuple[NDArray[np.float32], Part]:
    """Audio [shape=(samples,), float32] and the notes as they are heard."""
    events: list[tuple[float, int, mido.Message]] = []
    heard: Part = []
    presets = speech(font)
    for index, voicing in enumerate(voicings[:15]):
        channel = index if index < DRUM_CHANNEL else index + 1
        tuning = float(np.clip(rng.normal(0, 0.12), -0.4, 0.4)) if rng.random() < 0.7 else 0.0
        events += [
            (0.0, 0, mido.Message("program_change", channel=channel, program=voicing.program)),
            (0.0, 0, mido.Message("control_change", channel=channel, control=7, value=int(rng.integers(60, 127)))),
            (0.0, 0, mido.Message("control_change", channel=channel, control=10, value=int(rng.integers(30, 98)))),
            (0.0, 0, _wheel(tuning, channel)),
        ]
        rate_hz, depth = rng.uniform(4.3, 7.0), rng.uniform(0.08, 0.5)
        preset = presets[voicing.program]
        for note in voicing.notes:
            if voicing.expressive:
                _expression(rng, note, rate_hz, depth)
                for time_s, bend in zip(note.bend_s, note.bend_semitones, strict=True):
                    events.append((float(time_s), 1, _wheel(tuning + float(bend), channel)))
                if len(note.bend_s):
                    events.append((note.offset_s, -1, _wheel(tuning, channel)))
            key = {"channel": channel, "note": note.pitch}
            events.append((note.onset_s, 2, mido.Message("note_on", velocity=note.velocity, **key)))
            events.append((note.offset_s, -1, mido.Message("note_off", **key)))
            onset_s = note.onset_s + min(preset.attack_s, 0.4 * (note.offset_s - note.onset_s))
            offset_s = note.offset_s + 0.5 * preset.release_s
            steady = np.array([onset_s]) if tuning else np.zeros(0)
            bend_s = note.bend_s if len(note.bend_s) else steady
            bend = note.bend_semitones + tuning if len(note.bend_s) else steady * 0 + tuning
            heard.append(PlayedNote(onset_s, offset_s, note.pitch, note.velocity, bend_s, bend))
    if drums:
        events.append((0.0, 0, mido.Message("control_change", channel=DRUM_CHANNEL, control=7, value=drums.level)))
        for time_s in np.arange(0, duration_s, drums.step_s):
            for key_number, chance in drums.rows:
                if rng.random() < chance:
                    velocity = int(rng.integers(40, 120))
                    hit = mido.Message("note_on", channel=DRUM_CHANNEL, note=key_number, velocity=velocity)
                    events.append((float(time_s), 2, hit))
    return _render(_midi_of(events), font, reverb=rng.random() < 0.4, duration_s=duration_s), heard
