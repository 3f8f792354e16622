"""Render the training corpus: `python -m models.corpus --clips 800`.

Every clip is made from its number alone (seed), kept as one .npz: audio int16 at 22,050 Hz, notes [shape=(n, 4),
float64: onset_s, offset_s, pitch, velocity], and the notes' bend curves as rows bend_start[i]:bend_start[i + 1] of
bend_s and bend_semitones. Numbers from 100,000 on are the validation corpus, played on a soundfont held out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from models.augment import at_level, recorded
from models.config import CACHE, CLIP_S, RATE_HZ, inputs_present
from models.played import Part, PlayedNote, in_range, separated
from models.recipes import RECIPES, Stage
from models.soundfont import TRAINING_FONTS, VALIDATION_FONT, speech

FOLDER = CACHE / "corpus"
FIRST_VALIDATION_CLIP = 100_000
TAPE_SHARE, TAPE_SEMITONES = 0.5, 0.65  # clips that run fast or slow, so that their tuning lies between keys


@dataclass
class Clip:
    kind: str
    audio: NDArray[np.float32]
    notes: Part


def make_clip(number: int, duration_s: float = CLIP_S, kind: str = "") -> Clip:
    """Clip `number`, of a random kind unless one is named."""
    rng = np.random.default_rng(number)
    names = list(RECIPES)
    drawn = names[rng.choice(len(names), p=np.array([share for _, share in RECIPES.values()]))]
    fonts = (VALIDATION_FONT,) if number >= FIRST_VALIDATION_CLIP else TRAINING_FONTS
    lead_s = float(rng.uniform(0.3, min(4.0, duration_s / 3))) if rng.random() < 0.3 else 0.0

    speed_semitones = float(rng.uniform(-TAPE_SEMITONES, TAPE_SEMITONES)) if rng.random() < TAPE_SHARE else 0.0
    speed = 2 ** (speed_semitones / 12)

    stage = Stage(rng, duration_s * speed - lead_s, fonts)
    RECIPES[kind or drawn][0](stage)
    count, lead = int(duration_s * speed * RATE_HZ), int(lead_s * RATE_HZ)
    music = np.zeros(count, np.float32)
    for layer in stage.layers:
        music[lead : lead + len(layer)] += layer[: count - lead]
    if speed_semitones:
        music = soxr.resample(music, RATE_HZ * speed, RATE_HZ)
    wanted = int(duration_s * RATE_HZ)
    music = np.pad(music[:wanted], (0, max(0, wanted - len(music)))).astype(np.float32)
    heard = [note for note in stage.notes if note.onset_s < stage.duration_s - 0.06]
    notes = separated(in_range([_moved(note, lead_s, speed_semitones) for note in heard]))
    for note in notes:
        note.offset_s = min(note.offset_s, duration_s)
    if stage.empty:
        return Clip(kind or drawn, music if rng.random() < 0.4 else recorded(rng, music, phone=stage.phone), [])
    return Clip(kind or drawn, at_level(rng, recorded(rng, music, phone=stage.phone)), notes)


def _moved(note: PlayedNote, delay_s: float, speed_semitones: float) -> PlayedNote:
    """The note after a delay on a tape that runs faster by so many semitones."""
    speed = 2 ** (speed_semitones / 12)
    onset_s, offset_s, bend_s = ((time_s + delay_s) / speed for time_s in (note.onset_s, note.offset_s, note.bend_s))
    bend = note.bend_semitones + speed_semitones
    if speed_semitones and not len(bend):
        bend_s, bend = np.array([onset_s]), np.array([speed_semitones])
    keys = round(float(np.median(bend))) if len(bend) else 0
    return PlayedNote(onset_s, offset_s, note.pitch + keys, note.velocity, bend_s, bend - keys)


def save(clip: Clip, path: Path) -> None:
    starts = np.concatenate([[0], np.cumsum([len(note.bend_s) for note in clip.notes])]).astype(np.int32)
    rows = [(note.onset_s, note.offset_s, note.pitch, note.velocity) for note in clip.notes]
    partial = path.with_suffix(".part.npz")
    np.savez(
        partial,
        kind=clip.kind,
        audio=np.round(np.clip(clip.audio, -1, 1) * 32767).astype(np.int16),
        notes=np.array(rows, np.float64).reshape(-1, 4),
        bend_start=starts,
        bend_s=np.concatenate([np.zeros(0), *(note.bend_s for note in clip.notes)]).astype(np.float32),
        bend_semitones=np.concatenate([np.zeros(0), *(note.bend_semitones for note in clip.notes)]).astype(np.float32),
    )
    partial.replace(path)


def load(path: Path) -> Clip:
    with np.load(path) as stored:
        start, bend_s, bend = stored["bend_start"], stored["bend_s"], stored["bend_semitones"]
        notes = [
            PlayedNote(row[0], row[1], int(row[2]), int(row[3]), bend_s[a:b].astype(float), bend[a:b].astype(float))
            for row, a, b in zip(stored["notes"], start[:-1], start[1:], strict=True)
        ]
        return Clip(str(stored["kind"]), stored["audio"].astype(np.float32) / 32767, notes)


def _path(number: int) -> Path:
    return FOLDER / f"{number:06d}.npz"


def _render(number: int) -> int:
    save(make_clip(number), _path(number))
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=800)
    parser.add_argument("--validation-clips", type=int, default=24)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    FOLDER.mkdir(parents=True, exist_ok=True)
    for font in (*TRAINING_FONTS, VALIDATION_FONT):
        speech(font)
    print("material:", inputs_present(), flush=True)
    numbers = [*range(FIRST_VALIDATION_CLIP, FIRST_VALIDATION_CLIP + options.validation_clips), *range(options.clips)]
    waiting = [number for number in numbers if not _path(number).exists()]
    started = time.monotonic()
    with multiprocessing.Pool(options.processes, maxtasksperchild=40) as pool:
        for done, number in enumerate(pool.imap_unordered(_render, waiting), start=1):
            if done % 20 == 0:
                print(f"{done} of {len(waiting)} clips, {time.monotonic() - started:.0f} s, last {number}", flush=True)


if __name__ == "__main__":
    main()
