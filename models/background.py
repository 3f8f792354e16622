"""Sound without notes: silence, noise, speech, drums alone. Its clips carry empty labels."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from models.config import RATE_HZ
from models.scores import Rng

SPEECH_VOICES = ("en-us", "en-gb", "de", "fr-fr", "es", "it", "sv", "pl", "cmn", "hi")
TEXT = (
    "the window was open and nobody noticed rain falling over old stone bridges while seven small boats went "
    "home later we counted apples oranges letters maps doors streets numbers evening morning yes no perhaps "
    "certainly music radio weather tomorrow please listen again slowly quickly under above between river "
    "mountain garden "
)


def noise(rng: Rng, duration_s: float) -> NDArray[np.float32]:
    """White to brown noise, sometimes band-limited, sometimes with a level that wanders."""
    count = int(duration_s * RATE_HZ)
    spectrum = np.fft.rfft(rng.normal(0, 1, count).astype(np.float32))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    slope = rng.choice([0.0, 0.5, 1.0], p=[0.45, 0.35, 0.2])
    spectrum /= np.maximum(hz, 20.0) ** slope
    if rng.random() < 0.3:
        low, high = np.sort(np.exp(rng.uniform(np.log(40), np.log(10000), 2)))
        spectrum *= 1 / (1 + (low / np.maximum(hz, 1)) ** 4) / (1 + (hz / (high + 400)) ** 4)
    sound = np.fft.irfft(spectrum, count)
    if rng.random() < 0.3:
        knots = rng.normal(0, 4, int(duration_s) + 3)
        sound *= 10 ** (np.interp(np.arange(count) / RATE_HZ, np.arange(len(knots)), knots) / 20)
    return (sound / (np.abs(sound).max() + 1e-12)).astype(np.float32)


def silence(rng: Rng, duration_s: float) -> NDArray[np.float32]:
    """Digital silence or the last bit's dither."""
    count = int(duration_s * RATE_HZ)
    return (rng.choice([0.0, 1.0]) * rng.integers(-1, 2, count) / 32768).astype(np.float32)


def speech(rng: Rng, duration_s: float) -> NDArray[np.float32]:
    """Made-up sentences spoken by espeak-ng in several voices."""
    pieces, length_s = [], 0.0
    while length_s < duration_s:
        text = " ".join(rng.choice(TEXT.split(), size=int(rng.integers(15, 40))))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "speech.wav"
            voice, variant = (
                SPEECH_VOICES[rng.integers(len(SPEECH_VOICES))],
                rng.choice(["", "+f2", "+f4", "+m3", "+m7"]),
            )
            command = [
                "espeak-ng",
                "-v",
                f"{voice}{variant}",
                "-p",
                str(rng.integers(20, 80)),
                "-s",
                str(rng.integers(110, 190)),
            ]
            subprocess.run(
                [*command, "-w", str(path), text], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            audio, rate_hz = soundfile.read(path, dtype="float32")
        pieces += [soxr.resample(audio, rate_hz, RATE_HZ), np.zeros(int(rng.uniform(0.1, 1.5) * RATE_HZ), np.float32)]
        length_s += (len(pieces[-2]) + len(pieces[-1])) / RATE_HZ
    return np.concatenate(pieces)[: int(duration_s * RATE_HZ)].astype(np.float32)
