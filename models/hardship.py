"""How far scores fall when the recordings get worse: quieter, detuned, band-limited, coded, in a room.

Notes of detuned recordings are compared at the pitch that sounds, bend included, since 50 cents lie between two keys.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from linnet.frames import frames_of
from linnet.manifest import Manifest
from linnet.notes import NoteTable
from linnet.options import DecodeOptions
from linnet.vqt import Vqt
from models.config import RATE_HZ
from models.features import LEVEL
from models.scoring import Intervals, Score, grouped, hz_of, score, written_and_read
from models.validation import Recording, audio_of, decoded, planes_of

Audio = NDArray[np.float32]

REVERBERATION_S = 0.8
LARGEST_FALL = 0.02


@dataclass(frozen=True)
class Hardship:
    """A change to the sound; `semitones` is what it does to every pitch, and time runs as much faster."""

    change: Callable[[Audio], Audio]
    semitones: float = 0.0
    largest_fall: float = LARGEST_FALL


def _gain(factor: float) -> Callable[[Audio], Audio]:
    return lambda sound: (sound * np.float32(factor)).astype(np.float32)


def _detuned(semitones: float) -> Callable[[Audio], Audio]:
    return lambda sound: np.asarray(soxr.resample(sound, RATE_HZ * 2 ** (semitones / 12), RATE_HZ), np.float32)


def _band_limited(highest_hz: float) -> Callable[[Audio], Audio]:
    def change(sound: Audio) -> Audio:
        spectrum = np.fft.rfft(sound)
        spectrum[np.fft.rfftfreq(len(sound), 1 / RATE_HZ) > highest_hz] = 0
        return np.fft.irfft(spectrum, len(sound)).astype(np.float32)

    return change


def _mp3(sound: Audio) -> Audio:
    """64 kbit/s at a constant rate, the least for 44.1 kHz that most encoders offer for music."""
    file = io.BytesIO()
    wide = soxr.resample(sound, RATE_HZ, 2 * RATE_HZ)
    with soundfile.SoundFile(
        file, "w", 2 * RATE_HZ, 1, "MPEG_LAYER_III", format="MP3", bitrate_mode="CONSTANT", compression_level=0.88
    ) as writer:
        writer.write(wide)
    file.seek(0)
    decoded_sound, _ = soundfile.read(file, dtype="float32")
    return np.asarray(soxr.resample(decoded_sound, 2 * RATE_HZ, RATE_HZ), np.float32)[: len(sound)]


def _room(sound: Audio) -> Audio:
    """A room of 0.8 s whose tail is as strong as the direct sound less 6 dB."""
    rng = np.random.default_rng(8)
    time_s = np.arange(int(REVERBERATION_S * RATE_HZ)) / RATE_HZ
    tail = rng.normal(0, 1, len(time_s)) * np.exp(-6.91 * time_s / REVERBERATION_S)
    tail[: int(0.004 * RATE_HZ)] = 0
    tail *= 0.5 / np.sqrt(np.sum(tail**2))
    return (sound + oaconvolve(sound, tail)[: len(sound)]).astype(np.float32)


HARDSHIPS = {
    "gain x 0.1": Hardship(_gain(0.1), largest_fall=0.0),
    "gain x 0.01": Hardship(_gain(0.01), largest_fall=0.0),
    "50 cents higher": Hardship(_detuned(0.5), 0.5),
    "50 cents lower": Hardship(_detuned(-0.5), -0.5),
    "nothing above 8 kHz": Hardship(_band_limited(8000.0)),
    "sampled at 8 kHz": Hardship(_band_limited(3900.0)),
    "mp3, 64 kbit/s": Hardship(_mp3),
    "room of 0.8 s": Hardship(_room),
}


def _sounding(notes: NoteTable) -> Intervals:
    """The notes as written, each at its pitch with the median of its bend."""
    bends = [notes.bend_cents[a:b] for a, b in zip(notes.bend_start[:-1], notes.bend_start[1:], strict=True)]
    cents = np.array([np.median(bend) if len(bend) else 0.0 for bend in bends])
    times_s = np.stack([notes.onset_s, notes.offset_s], axis=1)
    return Intervals(times_s, hz_of(notes.pitch + cents / 100))


def _transposed(reference: Intervals, semitones: float) -> Intervals:
    factor = 2 ** (semitones / 12)
    return Intervals(reference.times_s / factor, reference.hz * factor)


def scores_under(
    hardship: Hardship, recordings: list[Recording], model: Path, manifest: Manifest, vqt: Vqt
) -> dict[str, Score]:
    """Scores by group of the changed recordings, at the same constants."""
    rows = []
    for recording in recordings:
        frames = frames_of(hardship.change(audio_of(recording.name)), vqt, LEVEL)
        planes = planes_of(model, manifest, frames)
        if hardship.semitones:
            estimated = _sounding(decoded(planes, manifest, DecodeOptions()))
        else:
            estimated = written_and_read(decoded(planes, manifest, DecodeOptions(bends="off")))
        rows.append((recording.group, score(_transposed(recording.reference, hardship.semitones), estimated)))
    return grouped(rows)
