"""Real single notes (../shared/samples) laid on parts, shifted by a few semitones."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import soundfile
from numpy.typing import NDArray

from models.config import RATE_HZ, SAMPLE_FOLDER
from models.played import Part, PlayedNote
from models.scores import Rng

FARTHEST_SHIFT = 5
AUDIBLE_DB = -38.0

PIANOS = (
    "piano-splendid",
    "piano-splendid",
    "piano-headroom",
    "piano-headroom",
    "epiano-cp80",
    "epiano-pianet",
    "epiano-wurlitzer",
)
GUITARS = ("guitar-emily", "guitar-shiny", "eguitar-shiny", "eguitar-black", "eguitar-green", "harp-folk")
BASSES = ("bass-growly", "doublebass-pizz", "meatbass-pizz")
SUSTAINED = ("sax-alto-were", "sax-bear", "sax-soprano-mtg", "sax-alto-mtg", "sax-tenor-mtg", "sax-baritone-mtg",
             "flute-ixox", "tuba-war", "doublebass-arco", "meatbass-arco")  # fmt: skip


@dataclass(frozen=True)
class Sample:
    file: str
    pitch: float
    dynamic: str


@dataclass(frozen=True)
class Tone:
    """A decoded sample; `attack_s` until it speaks, `ring_s` until it can no longer be heard."""

    audio: NDArray[np.float32]
    attack_s: float
    ring_s: float


@lru_cache(maxsize=1)
def library() -> dict[str, list[Sample]]:
    """Samples by instrument; empty where the folder is absent."""
    path = SAMPLE_FOLDER / "MANIFEST.csv"
    instruments: dict[str, list[Sample]] = defaultdict(list)
    if path.exists():
        with path.open(newline="") as handle:
            for row in csv.DictReader(handle):
                file = row["file"] if "/" in row["file"] else f"{row['instrument']}/{row['file']}"
                pitch = float(row["midi_pitch"]) + float(row["tuning_semitones"])
                instruments[row["instrument"]].append(Sample(file, pitch, row["dynamic"]))
    return dict(instruments)


def range_of(instrument: str) -> tuple[int, int]:
    pitches = [sample.pitch for sample in library()[instrument]]
    return int(min(pitches)) - 1, int(max(pitches)) + 2


@lru_cache(maxsize=700)
def _tone(file: str) -> Tone:
    audio, rate_hz = soundfile.read(SAMPLE_FOLDER / file, dtype="float32")
    if rate_hz != RATE_HZ:
        raise ValueError(f"sample {file} has {rate_hz} Hz; the library is meant to be {RATE_HZ} Hz throughout")
    step = RATE_HZ // 200
    level = np.sqrt(np.mean(audio[: len(audio) // step * step].reshape(-1, step) ** 2, axis=1)) + 1e-9
    early = level[:60]
    attack_s = int(np.argmax(early > 0.25 * early.max())) / 200
    loud = np.flatnonzero(level > level.max() * 10 ** (AUDIBLE_DB / 20))
    return Tone(audio, min(attack_s, 0.15), (loud[-1] + 1) / 200 if len(loud) else 0.05)


def _bend(rng: Rng, length: int, *, plucked: bool) -> NDArray[np.float64]:
    """A player's hand in semitones, per sample: late vibrato, a scoop into the note, or a string bent upwards."""
    time_s = np.arange(length) / RATE_HZ
    bend = np.zeros(length)
    if rng.random() < 0.5 and length > 0.25 * RATE_HZ:
        grown = np.clip((time_s - rng.uniform(0.05, 0.3)) / 0.2, 0, 1)
        bend += rng.uniform(0.05, 0.35) * grown * np.sin(2 * np.pi * rng.uniform(4.3, 7.0) * time_s)
    if rng.random() < 0.2:
        bend -= rng.uniform(0.3, 2.0) * np.exp(-time_s / rng.uniform(0.015, 0.05))
    elif plucked and rng.random() < 0.1:
        bend += rng.choice([1.0, 2.0]) * (np.clip(time_s / rng.uniform(0.03, 0.12), 0, 1) - 1)
    return bend


def play(
    rng: Rng, notes: Part, duration_s: float, instrument: str, *, expressive: bool = False, hammer_share: float = 0.0
) -> tuple[NDArray[np.float32], Part]:
    """Audio [shape=(samples,), float32] and the notes for as long as they are heard.

    `expressive` bends notes; `hammer_share` of the close successors begin without their pluck (hammered or slurred).
    """
    shelf = library()[instrument]
    dynamics = sorted({sample.dynamic for sample in shelf})
    dynamic = dynamics[rng.integers(len(dynamics))]
    tuning = float(np.clip(rng.choice([0.0, rng.normal(0, 0.1)]), -0.4, 0.4))
    release_s, level_per_velocity = rng.uniform(0.03, 0.25), rng.uniform(0.1, 0.3)
    count = int(duration_s * RATE_HZ)
    sound = np.zeros(count, np.float32)
    heard: Part = []
    before: PlayedNote | None = None
    for note in notes:
        ranked = sorted(
            shelf, key=lambda s: abs(s.pitch - note.pitch) + 0.7 * (s.dynamic != dynamic) + 0.5 * rng.random()
        )
        sample, first = ranked[0], int(note.onset_s * RATE_HZ)
        if abs(sample.pitch - note.pitch) > FARTHEST_SHIFT or first > count - 400:
            continue
        tone = _tone(sample.file)
        ratio = 2 ** ((note.pitch + tuning - sample.pitch) / 12)
        close = before is not None and 0 < abs(before.pitch - note.pitch) <= 4 and note.onset_s - before.offset_s < 0.05
        hammered = close and rng.random() < hammer_share
        skipped = int(rng.uniform(0.04, 0.12) * RATE_HZ) if hammered else 0
        wanted = min(int((note.offset_s - note.onset_s + release_s) * RATE_HZ), count - first)
        bend = _bend(rng, wanted, plucked=hammer_share > 0) if expressive else np.zeros(wanted)
        position = skipped + np.cumsum(ratio * 2 ** (bend / 12)) - ratio
        length = int(np.searchsorted(position, len(tone.audio) - 1))
        played = np.interp(position[:length], np.arange(len(tone.audio)), tone.audio).astype(np.float32)
        for fade, edge in (
            (int(release_s * RATE_HZ), slice(None, None, -1)),
            (int(0.008 * RATE_HZ) * hammered, slice(None)),
        ):
            fade = min(fade, length)
            played[edge][:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        sound[first : first + length] += played * 10 ** ((note.velocity - 100) * level_per_velocity / 20)
        onset_s = note.onset_s + (0.0 if hammered else min(tone.attack_s / ratio, 0.4 * (note.offset_s - note.onset_s)))
        offset_s = min(
            note.offset_s + 0.4 * release_s, note.onset_s + tone.ring_s / ratio, note.onset_s + length / RATE_HZ
        )
        before = note
        if offset_s - onset_s > 0.03:
            kept = slice(None, length, RATE_HZ // 100) if expressive else slice(0, 1)
            bend_s = note.onset_s + np.arange(len(bend))[kept] / RATE_HZ
            heard.append(PlayedNote(onset_s, offset_s, note.pitch, note.velocity, bend_s, bend[kept] + tuning))
    return sound, heard
