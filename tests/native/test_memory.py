"""The host's memory: small, and the same for a minute as for an hour."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from tests import synth
from tests.native import memory_probe
from tests.native.conftest import environment

MOST_MB = 20.0  # network and transform together, above the loaded libraries
GROWTH_MB = 1.5  # what the notes of a few minutes may take


def test_peak_above_the_libraries(tmp_path: Path) -> None:
    rate_hz = 44100
    music = synth.music(synth.TUNE, synth.TUNE_S, rate_hz=rate_hz)
    stereo = np.tile(np.stack([music, music], axis=1), (20, 1))
    soundfile.write(tmp_path / "long.wav", stereo, rate_hz)
    soundfile.write(tmp_path / "short.wav", stereo[: 3 * rate_hz], rate_hz)
    done = subprocess.run(
        [sys.executable, memory_probe.__file__, tmp_path / "long.wav", tmp_path / "short.wav"],
        env=environment(PYTHONWARNINGS="error"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["peak_mb"] <= MOST_MB
    assert found["second_half_mb"] <= GROWTH_MB
