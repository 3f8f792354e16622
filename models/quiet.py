"""False notes: what a release finds in sound without any, per minute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linnet.frames import frames_of
from linnet.manifest import Manifest
from linnet.options import DecodeOptions
from linnet.vqt import Vqt
from models import background
from models.config import RATE_HZ
from models.features import LEVEL
from models.soundfont import VALIDATION_FONT, DrumPattern, render
from models.talk import talk
from models.validation import decoded, planes_of

SECONDS = 60.0
WHITE_DBFS = (-20, -40, -60)
MOST_PER_MINUTE = {"silence": 0.0, "speech": 5.0, "drums": 5.0}
MOST_IN_NOISE = 1.0


def sounds() -> dict[str, NDArray[np.float32]]:
    """A minute each: silence, noises, spoken sentences (espeak-ng), made-up talk, and a kit of the held-out font."""
    rng, count = np.random.default_rng(5), int(SECONDS * RATE_HZ)
    found = {"silence": np.zeros(count, np.float32)}
    for level_dbfs in WHITE_DBFS:
        found[f"white noise {level_dbfs} dBFS"] = rng.normal(0, 10 ** (level_dbfs / 20), count).astype(np.float32)
    pink = np.fft.irfft(np.fft.rfft(rng.normal(0, 1, count)) / np.sqrt(np.arange(count // 2 + 1) + 1.0), count)
    found["pink noise -20 dBFS"] = (pink / pink.std() * 0.1).astype(np.float32)
    for number in range(3):
        spoken = background.speech(np.random.default_rng(100_001 + number), SECONDS)
        found[f"speech {number + 1}"] = (0.3 * spoken / np.abs(spoken).max()).astype(np.float32)
    talked = talk(np.random.default_rng(100_009), SECONDS)
    found["speech, synthetic"] = (0.3 * talked / np.abs(talked).max()).astype(np.float32)
    for number, step_s in enumerate((0.15, 0.25)):
        kit = render(np.random.default_rng(100_020 + number), [], SECONDS, VALIDATION_FONT, DrumPattern(step_s, 100))[0]
        found[f"drums {number + 1}"] = (0.5 * kit / max(1e-9, np.abs(kit).max())).astype(np.float32)
    return found


def false_notes(model: Path, manifest: Manifest, vqt: Vqt) -> dict[str, float]:
    """Notes per minute by sound."""
    found = {}
    for name, sound in sounds().items():
        planes = planes_of(model, manifest, frames_of(sound, vqt, LEVEL))
        found[name] = len(decoded(planes, manifest, DecodeOptions())) * 60 / SECONDS
    return found


def limit_of(name: str) -> float:
    """The most notes per minute that we accept of a sound."""
    return MOST_PER_MINUTE.get(name.split()[0].rstrip(","), MOST_IN_NOISE)
