"""Score a release on ../shared/data: `python -m models.evaluate`.

Note F1 (onset within 50 ms, pitch within 50 cents) without and with offsets (20 % or 50 ms), by mir_eval, on the
MIDI file that is written, parsed back; one setting for all recordings; the mean is over groups. The same planes
can be decoded under other constants to choose the manifest's (`--fit`); nothing is ever trained on these recordings.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import mido
import mir_eval
import numpy as np
import soundfile
from numpy.typing import NDArray

from linnet.decode import Decoder
from linnet.frames import frames_of
from linnet.manifest import DecodeConstants, Manifest
from linnet.midi import midi_bytes
from linnet.notes import NoteTable
from linnet.options import DecodeOptions
from linnet.planes import PlaneReader
from linnet.vqt import Vqt
from models.config import CACHE, RATE_HZ, RELEASED, VALIDATION_FOLDER
from models.export import run_blocks
from models.features import LEVEL

RawPlanes = dict[str, NDArray[np.uint8]]

NOISE_LEVELS_DB = (-20, -60)
NOISE_S = 30.0


@dataclass(frozen=True)
class Intervals:
    """Notes as mir_eval wants them: onset and offset [shape=(n, 2), s] and pitch [shape=(n,), Hz]."""

    times_s: NDArray[np.float64]
    hz: NDArray[np.float64]


@dataclass(frozen=True)
class Recording:
    group: str
    name: str
    frames: NDArray[np.uint8]
    reference: Intervals


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    onset_f1: float
    offset_f1: float


def _hz(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(440.0 * 2 ** ((pitch - 69) / 12))


def recordings(vqt: Vqt) -> list[Recording]:
    """All scored recordings with their frames (cached)."""
    found = []
    for path in sorted(VALIDATION_FOLDER.glob("*.flac")):
        if path.name.startswith("note-"):
            continue
        cached = CACHE / "validation" / f"{path.stem}-{LEVEL.range_db:g}-{LEVEL.floor_dbfs:g}.npy"
        if not cached.exists():
            cached.parent.mkdir(parents=True, exist_ok=True)
            audio, rate_hz = soundfile.read(path, dtype="float32")
            if rate_hz != RATE_HZ or audio.ndim != 1:
                raise ValueError(f"{path.name} is {rate_hz} Hz, {audio.ndim} channels; the set is mono, {RATE_HZ} Hz")
            np.save(cached, frames_of(audio, vqt, LEVEL))
        with path.with_suffix(".notes.csv").open(newline="") as handle:
            rows = [(float(r["onset_s"]), float(r["offset_s"]), float(r["midi_pitch"])) for r in csv.DictReader(handle)]
        table = np.array(rows)
        reference = Intervals(table[:, :2], _hz(table[:, 2]))
        found.append(Recording(path.stem.rsplit("-", 1)[0], path.stem, np.load(cached), reference))
    return found


def planes_of(model: Path, manifest: Manifest, frames: NDArray[np.uint8]) -> RawPlanes:
    """The network's planes of a whole recording, its delay taken off."""
    delay = manifest.network.delay_frames
    padded = np.concatenate([frames, np.zeros((delay, frames.shape[1]), np.uint8)])
    return {name: plane[delay:] for name, plane in run_blocks(model, padded, manifest.network.block_frames).items()}


def decoded(planes: RawPlanes, manifest: Manifest, options: DecodeOptions) -> NoteTable:
    decoder = Decoder(manifest, options)
    return NoteTable.join([decoder.feed(PlaneReader(manifest).read(**planes)), decoder.finish()])


def written_and_read(notes: NoteTable) -> Intervals:
    """The notes of the MIDI file that `notes` become."""
    midi = mido.MidiFile(file=io.BytesIO(midi_bytes(notes)))
    time_s, sounding, rows = 0.0, {}, []
    for message in midi:
        time_s += message.time
        if message.type == "note_on" and message.velocity:
            sounding[message.note] = time_s
        elif message.type in ("note_off", "note_on") and message.note in sounding:
            rows.append((sounding.pop(message.note), time_s, message.note))
    table = np.array(rows, np.float64).reshape(-1, 3)
    return Intervals(table[:, :2], _hz(table[:, 2]))


def score(reference: Intervals, estimated: Intervals) -> Score:
    if not len(estimated.hz):
        return Score(0.0, 0.0, 0.0, 0.0)
    measure = mir_eval.transcription.precision_recall_f1_overlap
    arguments = (reference.times_s, reference.hz, estimated.times_s, estimated.hz)
    precision, recall, onset_f1, _ = measure(*arguments, offset_ratio=None)
    return Score(precision, recall, onset_f1, measure(*arguments)[2])


def grouped(scores: Iterable[tuple[str, Score]]) -> dict[str, Score]:
    """Mean per group, and over groups as "mean"."""
    members: dict[str, list[list[float]]] = defaultdict(list)
    for group, value in scores:
        members[group].append(list(vars(value).values()))
    means = {group: Score(*np.mean(rows, axis=0)) for group, rows in members.items()}
    return means | {"mean": Score(*np.mean([list(vars(value).values()) for value in means.values()], axis=0))}


def noise_notes(model: Path, manifest: Manifest, vqt: Vqt) -> dict[str, int]:
    """Notes found in half a minute of silence and of white noise at two levels; all should be near none."""
    rng, count = np.random.default_rng(5), int(NOISE_S * RATE_HZ)
    sounds = {"silence": np.zeros(count, np.float32)}
    for level_db in NOISE_LEVELS_DB:
        sounds[f"white noise {level_db} dBFS"] = rng.normal(0, 10 ** (level_db / 20), count).astype(np.float32)
    pink = np.fft.irfft(np.fft.rfft(rng.normal(0, 1, count)) / np.sqrt(np.arange(count // 2 + 1) + 1.0), count)
    sounds["pink noise -20 dBFS"] = (pink / pink.std() * 0.1).astype(np.float32)
    found = {}
    for name, sound in sounds.items():
        planes = planes_of(model, manifest, frames_of(sound, vqt, LEVEL))
        found[name] = len(decoded(planes, manifest, DecodeOptions()))
    return found


def with_constants(manifest: Manifest, **constants: float) -> Manifest:
    return replace(manifest, decode=replace(manifest.decode, **constants))


def evaluate(
    planes: list[tuple[Recording, RawPlanes]], manifest: Manifest, options: DecodeOptions | None = None
) -> dict[str, Score]:
    """Scores by group under the manifest's constants."""
    options = options or DecodeOptions(bends="off")
    return grouped(
        (recording.group, score(recording.reference, written_and_read(decoded(block, manifest, options))))
        for recording, block in planes
    )


FIT_ORDER: dict[str, tuple[float, ...]] = {
    "onset_threshold": (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45),
    "restart_threshold": (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6),
    "note_threshold": (0.2, 0.25, 0.3, 0.35, 0.4, 0.45),
    "soft_threshold": (0.5, 0.6, 0.7, 0.8, 0.95),
    "soft_onset_s": (0.08, 0.11, 0.16),
    "restart_gap_s": (0.05, 0.08, 0.12),
    "gap_s": (0.035, 0.055, 0.08),
    "offset_weight": (0.0, 0.5, 1.0),
    "slide_threshold": (0.0, 0.15, 0.2, 0.25),
    "slide_s": (0.25, 0.3, 0.4),
}


def fit(planes: list[tuple[Recording, RawPlanes]], manifest: Manifest) -> DecodeConstants:
    """One pass of coordinate search for the constants: mean onset F1, with a tenth of the offset F1 as tie-break."""

    def worth(candidate: Manifest) -> float:
        mean = evaluate(planes, candidate)["mean"]
        return mean.onset_f1 + 0.1 * mean.offset_f1

    best, best_worth = manifest, worth(manifest)
    for name, values in FIT_ORDER.items():
        for value in values:
            if value == getattr(best.decode, name):
                continue
            candidate = with_constants(best, **{name: value})
            reached = worth(candidate)
            if reached > best_worth + 1e-5:
                best, best_worth = candidate, reached
    return best.decode


def report(scores: dict[str, Score]) -> str:
    lines = [f"{'group':18s}     P     R    F1  F1+offset"]
    for group, value in scores.items():
        lines.append(
            f"{group:18s} {value.precision:5.3f} {value.recall:5.3f} {value.onset_f1:5.3f}  {value.offset_f1:5.3f}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=RELEASED)
    parser.add_argument("--fit", action="store_true", help="search the decoder's constants and print them")
    options = parser.parse_args()
    manifest = Manifest.from_json((options.model / "manifest.json").read_text())
    model, vqt = options.model / manifest.network.file, Vqt(manifest.grid)
    if VALIDATION_FOLDER.exists():
        planes = [(recording, planes_of(model, manifest, recording.frames)) for recording in recordings(vqt)]
        if options.fit:
            constants = fit(planes, manifest)
            print(json.dumps(vars(constants), indent=1))
            manifest = replace(manifest, decode=constants)
        print(report(evaluate(planes, manifest)))
    else:
        print(f"no recordings at {VALIDATION_FOLDER}: only noise is checked")
    print(noise_notes(model, manifest, vqt))


if __name__ == "__main__":
    main()
