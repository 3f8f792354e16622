"""What the host's tests share: sounds in files of any format, the toy model, the command line in a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

import linnet
from linnet.native.transcribe import Transcriber
from tests.native import toy_model

PACKAGES = Path(linnet.__file__).parents[1]


def tones(notes: Sequence[tuple[float, float, float]], seconds: float, rate_hz: int = 44100) -> np.ndarray:
    """Sine tones (onset_s, offset_s, pitch) with 5 ms ramps [shape=(n,), float32]."""
    out = np.zeros(round(seconds * rate_hz))
    for onset_s, offset_s, pitch in notes:
        t = np.arange(round((offset_s - onset_s) * rate_hz)) / rate_hz
        ramp = np.clip(np.minimum(t, t[-1] - t) / 0.005, 0, 1)
        start = round(onset_s * rate_hz)
        out[start : start + len(t)] += 0.4 * ramp * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * t)
    return out.astype(np.float32)


TUNE = ((0.2, 0.6, 69.0), (0.8, 1.2, 72.0), (1.4, 1.9, 60.0))
TUNE_PITCHES = [69, 72, 60]


def tune(rate_hz: int = 44100) -> np.ndarray:
    """Three tones in two seconds."""
    return tones(TUNE, 2.0, rate_hz)


def encode(
    path: Path, samples: np.ndarray, rate_hz: int, codec: str, container: str | None = None, **options: str
) -> Path:
    """Write [n, channels] float samples with one of FFmpeg's encoders."""
    samples = np.atleast_2d(samples.T).astype(np.float32)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(samples)]
    with av.open(str(path), "w", format=container, options=options) as out:
        stream = out.add_stream(codec, rate=rate_hz, layout=layout)
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate_hz)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the toy model."""
    return toy_model.write(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="session")
def transcriber(toy: Path) -> Transcriber:
    return Transcriber(toy)


@pytest.fixture
def tune_wav(tmp_path: Path) -> Path:
    path = tmp_path / "tune.wav"
    soundfile.write(path, tune(), 44100)
    return path


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PACKAGES), "COLUMNS": "200", "NO_COLOR": "1", **more}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "linnet.native.cli", *map(str, arguments)]


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `linnet` in a process of its own, in the test's folder."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,  # type: ignore[call-overload]
        )

    return run
