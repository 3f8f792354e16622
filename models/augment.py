"""What stands between an instrument and a file: room, equaliser, overload, compression, noise, band limits, codecs,
level."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from models.config import RATE_HZ
from models.scores import Rng

Audio = NDArray[np.float32]


def _room(rng: Rng, sound: Audio) -> Audio:
    """Early reflections and a noise tail whose treble dies first."""
    reverberation_s = float(np.exp(rng.uniform(np.log(0.12), np.log(2.0))))
    time_s = np.arange(int(min(reverberation_s, 1.6) * RATE_HZ)) / RATE_HZ
    tail = rng.normal(0, 1, len(time_s)) * np.exp(-6.9 * time_s / reverberation_s)
    dull = np.convolve(tail, np.ones(5) / 5, "same")
    mix = np.clip(time_s / reverberation_s * 2, 0, 1)
    tail = (1 - mix) * tail + mix * dull
    tail[: int(rng.uniform(0.002, 0.02) * RATE_HZ)] = 0
    for _ in range(int(rng.integers(0, 6))):
        tail[int(rng.uniform(0.002, 0.05) * RATE_HZ)] += rng.choice([-1, 1]) * rng.uniform(1, 6)
    tail /= np.sqrt(np.sum(tail**2)) + 1e-9
    wet = 10 ** (rng.uniform(-28, -2) / 20)
    return (sound + wet * oaconvolve(sound, tail.astype(np.float32))[: len(sound)]).astype(np.float32)


def _equalised(rng: Rng, sound: Audio, *, narrow: bool) -> Audio:
    spectrum, hz = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    octave = np.log2(np.maximum(hz, 20) / 640)
    gain_db = rng.normal(0, 1.6) * octave
    for _ in range(int(rng.integers(1, 5))):
        gain_db += rng.normal(0, 4) * np.exp(-0.5 * ((octave - rng.uniform(-4, 4)) / rng.uniform(0.25, 1.2)) ** 2)
    if narrow or rng.random() < 0.25:
        gain_db -= np.clip((octave - np.log2(rng.uniform(3000, 9000) / 640)) * 24, 0, 90)
    if narrow or rng.random() < 0.25:
        gain_db -= np.clip((np.log2(rng.uniform(60, 300) / 640) - octave) * 12, 0, 60)
    return np.fft.irfft(spectrum * 10 ** (gain_db / 20), len(sound)).astype(np.float32)


def _compressed(rng: Rng, sound: Audio) -> Audio:
    step = RATE_HZ // 100
    level = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1) + 1e-4
    smooth = np.convolve(level, np.ones(9) / 9, "same")
    gain = (smooth / smooth.max()) ** -rng.uniform(0.2, 0.6)
    return (sound * np.interp(np.arange(len(sound)) / step, np.arange(len(gain)) + 0.5, gain)).astype(np.float32)


def _noise(rng: Rng, count: int) -> Audio:
    spectrum = np.fft.rfft(rng.normal(0, 1, count).astype(np.float32))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    sound = np.fft.irfft(spectrum / np.maximum(hz, 30) ** rng.choice([0.0, rng.uniform(0.3, 1.0)]), count)
    if rng.random() < 0.2:
        hum_hz = rng.choice([50.0, 60.0])
        time_s = np.arange(count) / RATE_HZ
        sound += sound.std() * sum(rng.uniform(0, 1) * np.sin(2 * np.pi * hum_hz * k * time_s) for k in (1, 2, 3, 5))
    return (sound / sound.std()).astype(np.float32)


def _band_limited(rng: Rng, sound: Audio) -> Audio:
    """Nothing above a telephone's or a cheap codec's edge."""
    spectrum, hz = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    edge_hz = np.exp(rng.uniform(np.log(3300), np.log(9000)))
    return np.fft.irfft(spectrum * np.clip((edge_hz - hz) / 200 + 1, 0, 1), len(sound)).astype(np.float32)


def _coded(rng: Rng, sound: Audio) -> Audio:
    """Through a lossy codec and back; libsndfile takes the codec's delay off."""
    file = io.BytesIO()
    level = rng.uniform(0.4, 0.95)
    soundfile.write(file, sound, RATE_HZ, format="MP3", subtype="MPEG_LAYER_III", compression_level=level)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    return np.pad(decoded[: len(sound)], (0, max(0, len(sound) - len(decoded)))).astype(np.float32)


def recorded(rng: Rng, sound: Audio, *, phone: bool = False) -> Audio:
    """The clip as a microphone and a file keep it; `phone` asks for a hand-held recording in a room."""
    peak = np.abs(sound).max()
    if peak < 1e-6:
        return sound
    sound = sound / peak
    if phone or rng.random() < 0.6:
        sound = _room(rng, sound)
    sound = _equalised(rng, sound, narrow=phone and rng.random() < 0.5)
    sound = sound / np.abs(sound).max()
    if rng.random() < 0.2:
        sound = _compressed(rng, sound)
    if rng.random() < 0.2:
        sound = np.tanh(rng.uniform(1, 5) * sound)
    ratio_db = rng.uniform(15, 50) if phone else rng.uniform(20, 80)
    sound = sound + _noise(rng, len(sound)) * sound.std() * 10 ** (-ratio_db / 20)
    if rng.random() < 0.12:
        sound = _band_limited(rng, sound)
    sound = (sound / np.abs(sound).max()).astype(np.float32)
    return _coded(rng, sound) if rng.random() < 0.1 else sound


def at_level(rng: Rng, sound: Audio, lowest_db: float = -40.0, highest_db: float = 0.0) -> Audio:
    peak = np.abs(sound).max()
    return (
        (sound / max(peak, 1e-9) * 10 ** (rng.uniform(lowest_db, highest_db) / 20)).astype(np.float32)
        if peak
        else sound
    )
