"""Pictures of the passages where a transcription fares worst: planes, truth and notes, one above the other."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import mir_eval
import numpy as np
from numpy.typing import NDArray

from models.config import FRAMES_PER_S, LOWEST_PITCH
from models.scoring import Intervals
from models.validation import RawPlanes, Recording

PASSAGE_S = 8.0
STEP_S = 4.0


def worst_passage(reference: Intervals, estimated: Intervals) -> tuple[float, int]:
    """Start in seconds of the stretch with the most missed and added notes, and their number."""
    pairs = (
        mir_eval.transcription.match_notes(
            reference.times_s, reference.hz, estimated.times_s, estimated.hz, offset_ratio=None
        )
        if len(estimated.hz)
        else []
    )
    missed = np.delete(reference.times_s[:, 0], [ref for ref, _ in pairs])
    added = np.delete(estimated.times_s[:, 0], [est for _, est in pairs])
    wrong_s = np.concatenate([missed, added])
    starts_s = np.arange(0, max(STEP_S, reference.times_s.max() - PASSAGE_S / 2), STEP_S)
    counts = [int(((wrong_s >= start_s) & (wrong_s < start_s + PASSAGE_S)).sum()) for start_s in starts_s]
    worst = int(np.argmax(counts))
    return float(starts_s[worst]), counts[worst]


def draw(recording: Recording, planes: RawPlanes, estimated: Intervals, path: Path) -> None:
    """Write a picture (PNG) of the recording's worst passage."""
    start_s, count = worst_passage(recording.reference, estimated)
    span = slice(round(start_s * FRAMES_PER_S), round((start_s + PASSAGE_S) * FRAMES_PER_S))
    stop_s = start_s + PASSAGE_S
    inside = _inside(recording.reference, start_s, stop_s)
    pitches = recording.reference.pitch[inside]
    low, high = (float(pitches.min()) - 6, float(pitches.max()) + 13) if len(pitches) else (40, 90)

    figure, axes = plt.subplots(3, 1, figsize=(14, 15), sharex=True, sharey=True, layout="constrained")
    extent = (start_s, stop_s)
    bottom = LOWEST_PITCH - 0.5
    axes[0].imshow(
        recording.frames[span].T, origin="lower", aspect="auto", cmap="magma",
        extent=(*extent, LOWEST_PITCH - 1 / 6, LOWEST_PITCH - 1 / 6 + recording.frames.shape[1] / 3),
    )  # fmt: skip
    for axis, name in ((axes[1], "note"), (axes[2], "onset")):
        axis.imshow(
            planes[name][span].T, origin="lower", aspect="auto", cmap="magma", extent=(*extent, bottom, bottom + 88)
        )
    for axis in axes:
        for notes, colour, lift in ((recording.reference, "#4ade80", 0.12), (estimated, "#60a5fa", -0.12)):
            shown = _inside(notes, start_s, stop_s)
            pitch, times_s = notes.pitch[shown] + lift, notes.times_s[shown]
            axis.hlines(pitch, times_s[:, 0], times_s[:, 1], colour, linewidth=2)
            axis.plot(times_s[:, 0], pitch, "|", color=colour, markersize=9)
    axes[0].set_title(
        f"{recording.name}: {count} notes missed or added. Frames, note plane, onset plane; green: truth, blue: written"
    )
    axes[2].set(xlim=extent, ylim=(low, high), xlabel="seconds", ylabel="MIDI pitch")
    figure.savefig(path, dpi=80)
    plt.close(figure)


def _inside(notes: Intervals, start_s: float, stop_s: float) -> NDArray[np.intp]:
    return np.flatnonzero((notes.times_s[:, 1] > start_s) & (notes.times_s[:, 0] < stop_s))
