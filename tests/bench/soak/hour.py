"""An hour of music that never comes twice: all that there is, each round in another key, at other levels and places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from tests import synth
from tests.bench.places import RECORDINGS

RATE_HZ = 44100
KEYS = (0, 2, -3, 4, -1, 1, -4, 3, -2)  # semitones, round by round
GAP_S = 0.5


def recording(path: Path, minutes: float) -> None:
    """Write a stereo FLAC of this length; the same bytes each time."""
    left = round(60 * minutes * RATE_HZ)
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, "PCM_16") as file:
        for block in _blocks():
            file.write(block[:left])
            left -= len(block)
            if left <= 0:
                return


def words() -> str:
    """What it is made of."""
    sources = len(list(RECORDINGS.glob("*.flac")))
    made_of = f"{sources} recordings" if sources else "plucked notes rendered here"
    return f"stereo, {RATE_HZ / 1000:g} kHz, FLAC; {made_of}, each round in another key, at other levels and places"


def _blocks() -> Iterator[np.ndarray]:
    """Pieces without end [shape=(n, 2), float32], each with a short silence after it."""
    random = np.random.default_rng(1)
    number = 0
    while True:
        key = KEYS[number % len(KEYS)]
        number += 1
        for samples, rate_hz in _pieces():
            moved = soxr.resample(samples, rate_hz * 2 ** (key / 12), RATE_HZ)
            gain, place = 10 ** random.uniform(-0.6, 0.0), random.uniform(0.2, 0.8)
            stereo = np.outer(moved, [gain * np.sqrt(1 - place), gain * np.sqrt(place)]).astype(np.float32)
            yield np.concatenate([stereo, np.zeros((round(GAP_S * RATE_HZ), 2), np.float32)])


def _pieces() -> Iterator[tuple[np.ndarray, int]]:
    sources = sorted(RECORDINGS.glob("*.flac"))
    for source in sources:
        yield soundfile.read(source, dtype="float32")
    if not sources:
        yield synth.music(synth.TUNE, synth.TUNE_S), synth.RATE_HZ
