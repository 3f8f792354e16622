"""The recordings with known notes, their planes under a release, and their scores under a decoder's constants."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from linnet.decode import Decoder
from linnet.frames import frames_of
from linnet.manifest import Manifest
from linnet.notes import NoteTable
from linnet.options import DecodeOptions
from linnet.planes import PlaneReader
from linnet.tuning import TuningTracker
from linnet.vqt import Vqt
from models.config import CACHE, RATE_HZ, VALIDATION_FOLDER
from models.export import run_blocks
from models.features import LEVEL
from models.scoring import Intervals, Score, grouped, hz_of, score, written_and_read

RawPlanes = dict[str, NDArray[Any]]  # uint8; the tuning's shifts int8
PLAIN = DecodeOptions(bends="off")


@dataclass(frozen=True)
class Recording:
    group: str
    name: str
    frames: NDArray[np.uint8]
    reference: Intervals


def audio_of(name: str) -> NDArray[np.float32]:
    """The sound of a recording [shape=(samples,), float32] at the grid's rate."""
    audio, rate_hz = soundfile.read(VALIDATION_FOLDER / f"{name}.flac", dtype="float32")
    if rate_hz != RATE_HZ or audio.ndim != 1:
        raise ValueError(f"{name} is {rate_hz} Hz, {audio.ndim} channels; the set is mono, {RATE_HZ} Hz")
    return np.asarray(audio)


def recordings(vqt: Vqt) -> list[Recording]:
    """All scored recordings with their frames (cached)."""
    found = []
    for path in sorted(VALIDATION_FOLDER.glob("*.flac")):
        if path.name.startswith("note-"):
            continue
        cached = CACHE / "validation" / f"{path.stem}-{LEVEL.range_db:g}-{LEVEL.floor_dbfs:g}.npy"
        if not cached.exists():
            cached.parent.mkdir(parents=True, exist_ok=True)
            np.save(cached, frames_of(audio_of(path.stem), vqt, LEVEL))
        with path.with_suffix(".notes.csv").open(newline="") as handle:
            rows = [(float(r["onset_s"]), float(r["offset_s"]), float(r["midi_pitch"])) for r in csv.DictReader(handle)]
        table = np.array(rows)
        reference = Intervals(table[:, :2], hz_of(table[:, 2]))
        found.append(Recording(path.stem.rsplit("-", 1)[0], path.stem, np.load(cached), reference))
    return found


def planes_of(model: Path, manifest: Manifest, frames: NDArray[np.uint8]) -> RawPlanes:
    """The network's planes of a whole recording, its delay taken off, and how its frames were moved (`tuning`)."""
    delay = manifest.network.delay_frames
    tuned, shifts = TuningTracker(manifest.grid).apply(frames)
    padded = np.concatenate([tuned, np.zeros((delay, frames.shape[1]), np.uint8)])
    planes = {name: plane[delay:] for name, plane in run_blocks(model, padded, manifest.network.block_frames).items()}
    return planes | {"tuning": shifts}


def decoded(planes: RawPlanes, manifest: Manifest, options: DecodeOptions) -> NoteTable:
    decoder = Decoder(manifest, options)
    return NoteTable.join([decoder.feed(PlaneReader(manifest).read(**planes)), decoder.finish()])


def with_constants(manifest: Manifest, **constants: float) -> Manifest:
    return replace(manifest, decode=replace(manifest.decode, **constants))


Planes = list[tuple[Recording, RawPlanes]]


def estimates(planes: Planes, manifest: Manifest, options: DecodeOptions = PLAIN) -> list[tuple[Recording, Intervals]]:
    """The notes of each recording's MIDI file."""
    return [(recording, written_and_read(decoded(block, manifest, options))) for recording, block in planes]


def evaluate(
    planes: Planes, manifest: Manifest, options: DecodeOptions = PLAIN, *, frames: bool = False
) -> dict[str, Score]:
    """Scores by group under the manifest's constants; `frames` asks for the F1 of frames too."""
    return grouped(
        (recording.group, score(recording.reference, notes, frames=frames))
        for recording, notes in estimates(planes, manifest, options)
    )
