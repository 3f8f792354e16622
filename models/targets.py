"""What the network should say of a stretch of frames: planes drawn from an example's notes, at sub-frame accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.config import GRID, LOWEST_PITCH
from models.features import Example

Plane = NDArray[np.float32]

PITCHES, BINS_PER_SEMITONE = GRID.pitch_count, GRID.contour_bins_per_semitone
ONSET_SIGMA_FRAMES = 0.8
OFFSET_SIGMA_FRAMES = 1.0
CONTOUR_SIGMA_BINS = 0.7


@dataclass(frozen=True)
class Targets:
    """onset, note, offset, velocity [shape=(frames, 88)], contour [shape=(frames, 264)]; velocity is -1 off onsets."""

    onset: Plane
    note: Plane
    offset: Plane
    velocity: Plane
    contour: Plane


def _bump(plane: Plane, row: int, at: float, sigma: float) -> NDArray[np.intp]:
    """Draw a Gaussian of height 1 around the fractional frame `at`; returns the frames it touches."""
    frames = np.arange(max(0, round(at) - 2), min(len(plane), round(at) + 3))
    if len(frames):
        plane[frames, row] = np.maximum(plane[frames, row], np.exp(-0.5 * ((frames - at) / sigma) ** 2))
    return frames


def draw(example: Example, first_frame: int, frame_count: int, shift_bins: int = 0) -> Targets:
    """Targets of frames `first_frame` on, for frames shifted up by `shift_bins` transform bins."""
    onset, note, offset = (np.zeros((frame_count, PITCHES), np.float32) for _ in range(3))
    velocity = np.full((frame_count, PITCHES), -1.0, np.float32)
    contour = np.zeros((frame_count, PITCHES * BINS_PER_SEMITONE), np.float32)
    notes = example.notes
    inside = np.flatnonzero((notes[:, 1] > first_frame - 3) & (notes[:, 0] < first_frame + frame_count + 3))
    for index in inside:
        start, end, exact, strength = notes[index]
        start, end = start - first_frame, end - first_frame
        row = int(np.round(exact + shift_bins / 3)) - LOWEST_PITCH
        if not 0 <= row < PITCHES:
            continue
        frames = np.arange(max(0, round(start)), min(frame_count, max(round(end), round(start) + 2)))
        note[frames, row] = 1
        touched = _bump(onset, row, start, ONSET_SIGMA_FRAMES)
        near = touched[np.abs(touched - start) < 1.2]
        velocity[near, row] = strength / 127
        _bump(offset, row, end, OFFSET_SIGMA_FRAMES)
        _draw_contour(contour, example, index, frames, first_frame, exact, shift_bins)
    return Targets(onset, note, offset, velocity, contour)


def _draw_contour(
    contour: Plane,
    example: Example,
    index: int,
    frames: NDArray[np.intp],
    first_frame: int,
    exact: float,
    shift_bins: int,
) -> None:
    """A ridge along the note's bend curve; a steady note's ridge lies on its exact pitch."""
    a, b = example.bend_start[index], example.bend_start[index + 1]
    pitch = np.full(len(frames), exact)
    if b - a > 1:
        pitch = np.interp(frames + first_frame, example.bend_frame[a:b], example.bend_pitch[a:b])
    centre = BINS_PER_SEMITONE * (pitch - LOWEST_PITCH) + 1 + shift_bins
    nearest = np.round(centre).astype(int)
    for step in (-2, -1, 0, 1, 2):
        bins = nearest + step
        kept = (bins >= 0) & (bins < contour.shape[1])
        value = np.exp(-0.5 * ((bins - centre) / CONTOUR_SIGMA_BINS) ** 2)[kept].astype(np.float32)
        contour[frames[kept], bins[kept]] = np.maximum(contour[frames[kept], bins[kept]], value)
