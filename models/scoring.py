"""Scores of a transcription: notes by mir_eval on the MIDI file that is written, and frames on a grid of 10 ms."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import mido
import mir_eval
import numpy as np
from numpy.typing import NDArray

from linnet.midi import midi_bytes
from linnet.notes import NoteTable

FRAME_S = 0.01


@dataclass(frozen=True)
class Intervals:
    """Notes as mir_eval wants them: onset and offset [shape=(n, 2), s] and pitch [shape=(n,), Hz]."""

    times_s: NDArray[np.float64]
    hz: NDArray[np.float64]

    @property
    def pitch(self) -> NDArray[np.float64]:
        """MIDI pitch [shape=(n,), semitones]."""
        return np.asarray(69 + 12 * np.log2(self.hz / 440.0))


@dataclass(frozen=True)
class Score:
    """Of notes by onset and pitch: precision, recall, F1; F1 with offsets too; F1 of frames. Each 0 to 1."""

    precision: float
    recall: float
    onset_f1: float
    offset_f1: float
    frame_f1: float = 0.0


def hz_of(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(440.0 * 2 ** ((pitch - 69) / 12))


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
    return Intervals(table[:, :2], hz_of(table[:, 2]))


def _roll(notes: Intervals, frame_count: int) -> NDArray[np.bool_]:
    """Which semitones sound at the middle of which frame [shape=(128, frame_count)]."""
    roll = np.zeros((128, frame_count), bool)
    edges = np.round(notes.times_s / FRAME_S).astype(int)
    for pitch, (first, last) in zip(np.round(notes.pitch).astype(int), edges, strict=True):
        roll[pitch, first:last] = True
    return roll


def frame_f1(reference: Intervals, estimated: Intervals) -> float:
    """F1 over (frame, pitch) pairs on a 10 ms grid; a pitch between two semitones counts as the nearer one."""
    if not len(estimated.hz):
        return 0.0
    last_s = max(reference.times_s.max(), estimated.times_s.max())
    wanted, written = (_roll(notes, int(np.ceil(last_s / FRAME_S))) for notes in (reference, estimated))
    return 2 * float((wanted & written).sum()) / float(wanted.sum() + written.sum())


def score(reference: Intervals, estimated: Intervals, *, frames: bool = False) -> Score:
    """`frames` asks for the frames' F1, which takes longer."""
    if not len(estimated.hz):
        return Score(0.0, 0.0, 0.0, 0.0)
    measure = mir_eval.transcription.precision_recall_f1_overlap
    arguments = (reference.times_s, reference.hz, estimated.times_s, estimated.hz)
    precision, recall, onset_f1, _ = measure(*arguments, offset_ratio=None)
    by_frame = frame_f1(reference, estimated) if frames else 0.0
    return Score(precision, recall, onset_f1, measure(*arguments)[2], by_frame)


def grouped(scores: Iterable[tuple[str, Score]]) -> dict[str, Score]:
    """Mean per group, and over groups as "mean"."""
    members: dict[str, list[list[float]]] = defaultdict(list)
    for group, value in scores:
        members[group].append(list(vars(value).values()))
    means = {group: Score(*np.mean(rows, axis=0)) for group, rows in members.items()}
    return means | {"mean": Score(*np.mean([list(vars(value).values()) for value in means.values()], axis=0))}


def report(scores: dict[str, Score]) -> str:
    lines = [f"{'group':18s}     P     R    F1  F1+offset  frame F1"]
    for group, value in scores.items():
        cells = (value.precision, value.recall, value.onset_f1)
        row = " ".join(f"{cell:5.3f}" for cell in cells)
        lines.append(f"{group:18s} {row}  {value.offset_f1:5.3f}      {value.frame_f1:5.3f}")
    return "\n".join(lines)
