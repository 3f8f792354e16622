"""Basic Pitch on onnxruntime, asked by the bench; runs in the environment that basic_pitch.py makes.

`basic_pitch.inference.predict` is its network and `model_output_to_notes` one after the other; here they are called
apart so that one pass of the network serves several thresholds, with the numbers that `predict` would pass on.
"""

from __future__ import annotations

import logging
from typing import Any

logging.disable(logging.WARNING)

import librosa  # noqa: E402
import onnxruntime  # noqa: E402
from answering import Clock, answer, forget_peak, memory_mb, pin_to_core  # noqa: E402
from basic_pitch import FilenameSuffix, build_icassp_2022_model_path  # noqa: E402
from basic_pitch.constants import AUDIO_SAMPLE_RATE, FFT_HOP  # noqa: E402
from basic_pitch.inference import Model, run_inference  # noqa: E402
from basic_pitch.note_creation import model_output_to_notes  # noqa: E402

SHORTEST_FRAMES = round(127.70 / 1000 * AUDIO_SAMPLE_RATE / FFT_HOP)  # predict's default, in frames
_models: list[Model] = []


def _model() -> Model:
    """One thread: Model itself offers no way to say so."""
    if not _models:
        path = str(build_icassp_2022_model_path(FilenameSuffix.onnx))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        model = Model(path)
        model.model = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        _models.append(model)
    return _models[0]


def _notes(output: dict[str, Any], onset: float, frame: float) -> list[tuple[float, float, int]]:
    _, events = model_output_to_notes(output, onset, frame, min_note_len=SHORTEST_FRAMES)
    return sorted((float(start), float(end), int(pitch)) for start, end, pitch, _, _ in events)


def notes(audio: str, settings: list[list[float]]) -> list[list[tuple[float, float, int]]]:
    """The notes of a file for each (onset threshold, frame threshold)."""
    output = run_inference(audio, _model())
    return [_notes(output, *setting) for setting in settings]


def time(audio: str) -> dict[str, Any]:
    """predict at its defaults, less the time to read the file, which is done once more to know it."""
    ready = _model()
    clock = Clock()
    librosa.load(audio, sr=AUDIO_SAMPLE_RATE, mono=True)
    reading = clock.read()
    clock = Clock()
    found = _notes(run_inference(audio, ready), 0.5, 0.3)
    both = clock.read()
    return {"notes": len(found), **{key: both[key] - reading[key] for key in both}}


def memory(audio: str) -> dict[str, Any]:
    """A file from reading to notes."""
    forget_peak()
    libraries = memory_mb()
    ready = _model()
    model = memory_mb()
    found = _notes(run_inference(audio, ready), 0.5, 0.3)
    return {"libraries": libraries, "model": model, "end": memory_mb(), "notes": len(found)}


if __name__ == "__main__":
    pin_to_core()
    answer(notes=notes, time=time, memory=memory)
