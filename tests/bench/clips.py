"""Audio for the bench: the 30 s clip, sounds without notes, and long files that are written block by block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from linnet.pcm import Resampler
from tests import synth
from tests.bench.places import CLIP, RECORDINGS, REPORTS

CLIP_S = 30
LONG_RATE_HZ = 44100


def clip_path() -> Path:
    """30 s of singing where the neighbour folder has it, else plucked notes rendered here; mono, 22,050 Hz."""
    if CLIP.is_file():
        return CLIP
    path = REPORTS / "rendered30.flac"
    if not path.is_file():
        REPORTS.mkdir(parents=True, exist_ok=True)
        count = -(-CLIP_S // int(synth.TUNE_S))
        notes = [(a + i * synth.TUNE_S, b + i * synth.TUNE_S, p) for i in range(count) for a, b, p in synth.TUNE]
        soundfile.write(path, synth.music([n for n in notes if n[1] < CLIP_S], CLIP_S), synth.RATE_HZ)
    return path


def clip_name() -> str:
    return "30 s of singing" if CLIP.is_file() else "30 s of rendered notes"


def _stereo(path: Path) -> np.ndarray:
    """The clip as CD-like stereo, its right channel a little softer."""
    samples, rate_hz = soundfile.read(path, dtype="float32")
    resampler = Resampler(rate_hz, LONG_RATE_HZ)
    mono = np.concatenate([resampler.feed(samples), resampler.finish()])[: CLIP_S * LONG_RATE_HZ]
    return np.stack([mono, 0.8 * mono], axis=1)


@contextmanager
def long_files(*minutes: float) -> Iterator[list[Path]]:
    """FLAC files of these lengths: the clip over and over, 44.1 kHz stereo; deleted at the end."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    block = _stereo(clip_path())
    with TemporaryDirectory(prefix="audio-", dir=REPORTS) as folder:
        paths = [Path(folder) / f"{length:g}-minutes.flac" for length in minutes]
        for path, length in zip(paths, minutes, strict=True):
            left = round(length * 60 * LONG_RATE_HZ)
            with soundfile.SoundFile(path, "w", LONG_RATE_HZ, 2, "PCM_16") as file:
                while left > 0:
                    file.write(block[:left])
                    left -= len(block)
        yield paths


def song(path: Path, seconds: int) -> None:
    """A piece of this length, dense where there are recordings of the piano: mono, 22,050 Hz."""
    sources = sorted(RECORDINGS.glob("piano-*.flac")) or [clip_path()]
    left = seconds * synth.RATE_HZ
    with soundfile.SoundFile(path, "w", synth.RATE_HZ, 1, "PCM_16") as file:
        while left > 0:
            for source in sources:
                samples, _ = soundfile.read(source, dtype="float32")
                file.write(samples[: max(0, left)])
                left -= len(samples)
