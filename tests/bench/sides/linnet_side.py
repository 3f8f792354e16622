"""Linnet, asked by the bench."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime  # noqa: F401 - counted among the libraries
import soundfile
from answering import Clock, answer, forget_peak, memory_mb, pin_to_core

import linnet.midi  # noqa: F401 - counted among the libraries
from linnet.native.transcribe import Transcriber

_transcribers: list[Transcriber] = []
_clips: dict[str, tuple[np.ndarray, int]] = {}


def _transcriber() -> Transcriber:
    if not _transcribers:
        _transcribers.append(Transcriber(threads=1))
    return _transcribers[0]


def time(audio: str) -> dict[str, Any]:
    """Decoded samples -> notes."""
    if audio not in _clips:
        _clips[audio] = soundfile.read(audio, dtype="float32")
    samples, rate_hz = _clips[audio]
    ready = _transcriber()
    clock = Clock()
    transcription = ready.transcribe(samples, rate_hz=rate_hz)
    return {"notes": len(transcription.notes), **clock.read()}


def memory(audio: str) -> dict[str, Any]:
    """A file from the first block to the MIDI bytes; the libraries are those that the command line loads."""
    forget_peak()
    libraries = memory_mb()
    ready = _transcriber()
    model = memory_mb()
    clock = Clock()
    transcription = ready.transcribe(audio)
    size = len(transcription.file_bytes("mid"))
    return {
        **clock.read(),
        "libraries": libraries,
        "model": model,
        "end": memory_mb(),
        "midi_bytes": size,
        "notes": len(transcription.notes),
        "audio_s": transcription.duration_s,
    }


if __name__ == "__main__":
    pin_to_core()
    answer(time=time, memory=memory)
