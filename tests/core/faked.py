"""Planes as a perfect network would give them, for tests of what comes after the network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from linnet import Grid, Manifest
from linnet.level import Level
from linnet.manifest import DecodeConstants, Network, PlaneCode
from linnet.planes import PlaneBlock, PlaneReader

GRID = Grid()
DELAY = 6


def manifest(**constants: float) -> Manifest:
    network = Network("model.onnx", "", 0, 0, 0, delay_frames=DELAY, block_frames=128, state_size=1)
    return Manifest("test", "1", GRID, Level(), network, PlaneCode(), DecodeConstants(**constants))


def manifest_json() -> str:
    """The same manifest as a model's folder holds it."""
    own = manifest()
    tables = {name: asdict(getattr(own, name)) for name in ("grid", "level", "network", "planes", "decode")}
    return json.dumps({"format": "linnet-model/1", "name": "t", "version": "1", **tables})


def _code(probability: np.ndarray) -> np.ndarray:
    logit = np.log(np.clip(probability, 1e-4, 1 - 1e-4) / np.clip(1 - probability, 1e-4, 1))
    return np.clip(np.round(16 * logit) + 128, 0, 255).astype(np.uint8)


def network_planes(
    notes: Sequence[tuple[float, float, int]],
    seconds: float,
    *,
    cents: dict[int, np.ndarray] | None = None,
    velocity: float = 0.6,
    seed: int | None = None,
) -> list[np.ndarray]:
    """Onsets as narrow bumps at their exact time, notes as plateaus, contours at `cents[i]` of note i."""
    count = GRID.frame_count(round(seconds * GRID.sample_rate_hz))
    at = np.arange(count)
    probability = np.full((5, count, GRID.pitch_count), 0.01)
    contour = np.full((count, GRID.contour_bin_count), 0.01)
    for i, (onset_s, offset_s, pitch) in enumerate(notes):
        row = pitch - GRID.lowest_pitch
        onset, offset = GRID.s_to_frame(onset_s), GRID.s_to_frame(offset_s)
        logit = 3.0 - 2.2 * (at - onset) ** 2
        probability[0, :, row] = np.maximum(probability[0, :, row], 1 / (1 + np.exp(-np.maximum(logit, -5.0))))
        sounding = (at >= round(onset)) & (at < round(offset))
        probability[1, sounding, row] = 0.9
        stop = min(round(offset), count - 1)
        probability[2, stop, row] = 0.8
        probability[3, :, row] = velocity
        curve = np.zeros(count) if cents is None or i not in cents else cents[i]
        bins = np.arange(GRID.contour_bin_count)
        centre = 3 * row + 1 + curve[:, None] * 3 / 100
        bump = 0.95 * np.exp(-0.5 * ((bins - centre) / 0.8) ** 2)
        contour[sounding] = np.maximum(contour[sounding], bump[sounding])
    if seed is not None:
        random = np.random.default_rng(seed)
        probability[:3] = np.clip(probability[:3] + random.normal(0, 0.06, probability[:3].shape), 0.001, 0.999)
        contour = np.clip(contour + random.normal(0, 0.05, contour.shape), 0.001, 0.999)
    codes = [_code(p) for p in probability[:4]]
    return [*codes, _code(contour)]


def planes(notes: Sequence[tuple[float, float, int]], seconds: float, **details: object) -> PlaneBlock:
    """The same after the core has read them."""
    return PlaneReader(manifest()).read(*network_planes(notes, seconds, **details))


def random_notes(seed: int, seconds: float, count: int) -> list[tuple[float, float, int]]:
    """Notes of many lengths; those of one pitch do not overlap."""
    random = np.random.default_rng(seed)
    notes: list[tuple[float, float, int]] = []
    for onset_s in np.sort(random.uniform(0.1, seconds - 1.0, count)):
        pitch = int(random.integers(30, 95))
        offset_s = onset_s + random.uniform(0.1, 0.8)
        if all(pitch != p or onset_s > b + 0.1 for _, b, p in notes):
            notes.append((float(onset_s), float(offset_s), pitch))
    return notes
