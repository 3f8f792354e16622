"""Part accuracy: note scores on real recordings, and notes found where there are none.

Ours are the notes of the MIDI file at the defaults, read back by pretty_midi; Basic Pitch's are the note events that it
returns, at its defaults and at the setting that suits it best on these recordings.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from linnet.native.transcribe import Transcriber
from tests import synth
from tests.bench import basic_pitch
from tests.bench.places import RECORDINGS
from tests.bench.results import CannotMeasure, Effort, Result
from tests.bench.scores import Notes, Score, by_group, mean, score
from tests.bench.side import Side, basic_pitch_side

LEAST_F1 = 0.80
QUIET_S = 30
MOST_FALSE = {"digital silence": 0, "white noise, -20 dBFS": 2, "white noise, -60 dBFS": 2}


def run(effort: Effort) -> Result:
    result = Result()
    transcriber = Transcriber()
    with basic_pitch_side(on_one_core=False) as theirs:
        _false_notes(result, transcriber, theirs)
        if not RECORDINGS.is_dir():
            raise CannotMeasure("accuracy on real music: there is no ../shared/data here", result)
        _accuracy(result, transcriber, theirs)
    return result


def _accuracy(result: Result, transcriber: Transcriber, theirs: Side) -> None:
    columns: dict[str, dict[str, Score]] = {"linnet": {}, **{name: {} for name in basic_pitch.SETTINGS}}
    counts: dict[str, dict[str, int]] = {}
    for path in sorted(RECORDINGS.glob("*.notes.csv")):
        name = path.name.removesuffix(".notes.csv")
        if name.startswith("note-"):
            continue
        reference, audio = Notes.from_csv(path), path.with_name(f"{name}.flac")
        found = theirs.ask("notes", audio=str(audio), settings=list(basic_pitch.SETTINGS.values()))
        estimated = dict(zip(basic_pitch.SETTINGS, map(Notes.of, found), strict=True))
        estimated["linnet"] = Notes.from_midi(transcriber.transcribe(audio).file_bytes("mid"))
        for column, notes in estimated.items():
            columns[column][name] = score(reference, notes)
        counts[name] = {"reference": len(reference)} | {column: len(notes) for column, notes in estimated.items()}
    groups = {column: by_group(scores) for column, scores in columns.items()}
    macro = {column: mean(scores.values()) for column, scores in groups.items()}
    result.raw |= {
        "recordings": {c: {n: vars(s) for n, s in scores.items()} for c, scores in columns.items()},
        "groups": {c: {n: vars(s) for n, s in scores.items()} for c, scores in groups.items()},
        "macro": {c: vars(s) for c, s in macro.items()},
        "note_counts": counts,
    }
    _add_rows(result, groups, macro)


def _add_rows(result: Result, groups: dict[str, dict[str, Score]], macro: dict[str, Score]) -> None:
    settings = list(basic_pitch.SETTINGS)
    best = max(macro[name].note for name in settings)
    result.add(
        f"note F1, mean of {len(groups['linnet'])} groups", f"{macro['linnet'].note:.3f}",
        ", ".join(f"{macro[name].note:.3f} ({name})" for name in settings),
        f">= {LEAST_F1:.2f} and > {best:.3f}", macro["linnet"].note >= LEAST_F1 and macro["linnet"].note > best,
    )  # fmt: skip
    result.add(
        "note + offset F1, mean of groups", f"{macro['linnet'].offset:.3f}",
        ", ".join(f"{macro[name].offset:.3f} ({name})" for name in settings),
    )  # fmt: skip
    for group, ours in groups["linnet"].items():
        peer = " · ".join(f"{groups[name][group].note:.2f} / {groups[name][group].offset:.2f}" for name in settings)
        result.add(f"  {group}: note / + offset F1", f"{ours.note:.2f} / {ours.offset:.2f}", peer)


def _false_notes(result: Result, transcriber: Transcriber, theirs: Side) -> None:
    sounds = {
        "digital silence": synth.silence(QUIET_S),
        "white noise, -20 dBFS": synth.noise(QUIET_S, -20),
        "white noise, -60 dBFS": synth.noise(QUIET_S, -60),
    }
    with TemporaryDirectory() as folder:
        for name, samples in sounds.items():
            path = Path(folder) / "sound.wav"
            soundfile.write(path, np.clip(samples, -1, 1), synth.RATE_HZ, subtype="FLOAT")
            ours = len(transcriber.transcribe(path).notes)
            found = theirs.ask("notes", audio=str(path), settings=list(basic_pitch.SETTINGS.values()))
            beside = ", ".join(f"{len(n)} ({s})" for s, n in zip(basic_pitch.SETTINGS, found, strict=True))
            result.raw.setdefault("false_notes", {})[name] = {"linnet": ours, "basic_pitch": [len(n) for n in found]}
            most = MOST_FALSE[name]
            result.add(f"notes in {QUIET_S} s of {name}", str(ours), beside, f"<= {most}", ours <= most)
