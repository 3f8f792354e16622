"""Random stretches of examples, shifted in pitch and level, some over others, as tensors; drawn on a thread apart."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models import targets
from models.config import GRID
from models.features import Example
from models.mixing import Pool, companions, joined, laid_over
from models.scores import Rng

MOST_SEMITONES = 4


@dataclass(frozen=True)
class Batch:
    """frames [B, T, 309] scaled to 0-1; targets [B, T, 88] (contour 264), velocity -1 where it does not count."""

    frames: Tensor
    onset: Tensor
    note: Tensor
    offset: Tensor
    velocity: Tensor
    contour: Tensor


def shifted(frames: NDArray[np.float32], bins: int) -> NDArray[np.float32]:
    """Frames moved up by `bins`; silence moves in from the edge."""
    moved = np.zeros_like(frames)
    if bins > 0:
        moved[:, bins:] = frames[:, :-bins]
    elif bins < 0:
        moved[:, :bins] = frames[:, -bins:]
    else:
        moved[:] = frames
    return moved


def _disturbed(rng: Rng, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Random level below the reference, spectral tilt and speckle: what the corpus's rooms do not cover."""
    drop = -abs(rng.normal(0, 0.06)) if rng.random() < 0.7 else rng.uniform(-0.3, 0.05)
    frames = np.where(frames > 0, frames + drop, 0)
    if rng.random() < 0.3:
        frames = frames * (1 + rng.normal(0, 0.08) * np.linspace(-1, 1, frames.shape[1])[None])
    if rng.random() < 0.25:
        frames = frames + rng.normal(0, 0.02, frames.shape)
    return np.clip(frames, 0, 1).astype(np.float32)


def _random_shift(rng: Rng) -> int:
    """Bins: up to four semitones either way, half of the time whole ones."""
    bins = int(rng.integers(-3 * MOST_SEMITONES, 3 * MOST_SEMITONES + 1))
    return 3 * round(bins / 3) if rng.random() < 0.5 else bins


def _crop(rng: Rng, example: Example, frame_count: int, bins: int) -> tuple[NDArray[np.float32], targets.Targets]:
    """A random stretch, moved by `bins`."""
    first = int(rng.integers(0, len(example.frames) - frame_count))
    crop = example.frames[first : first + frame_count].astype(np.float32) / 255
    return shifted(crop, bins), targets.draw(example, first, frame_count, bins)


def draw(rng: Rng, pool: Pool, size: int, frame_count: int) -> Batch:
    frames, planes = [], []
    for _ in range(size):
        example, bins = pool.examples[rng.integers(len(pool.examples))], _random_shift(rng)
        crop, plane = _crop(rng, example, frame_count, bins)
        for other in companions(rng, pool, example):
            its_bins = _random_shift(rng) if other.interval_bins is None else bins + other.interval_bins
            above, its_plane = _crop(rng, other.example, frame_count, its_bins)
            crop, plane = laid_over(crop, above, other.gain_db), joined(plane, its_plane)
        frames.append(_disturbed(rng, crop))
        planes.append(plane)
    columns = {name: torch.from_numpy(np.stack([getattr(plane, name) for plane in planes])) for name in vars(planes[0])}
    return Batch(torch.from_numpy(np.stack(frames)), **columns)


class Drawer:
    """Keeps a few batches ready; `seed` makes the sequence repeatable."""

    def __init__(self, pool: Pool, size: int, frame_count: int, seed: int) -> None:
        self._ready: queue.Queue[Batch] = queue.Queue(4)
        self._arguments = (np.random.default_rng(seed), pool, size, frame_count)
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._ready.put(draw(*self._arguments))

    def next(self) -> Batch:
        return self._ready.get()


assert GRID.bins_per_octave == 36, "pitch shifts count three bins to a semitone"
