"""`linnet.transcribe`: files and arrays, the same notes from every form of the same sound."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import linnet
from linnet.errors import BadAudio, BadOption, OutputFailed
from linnet.native.transcribe import Transcriber, Transcription
from linnet.options import DecodeOptions, MidiOptions
from tests import synth
from tests.native.conftest import TUNE, TUNE_PITCHES, tones, tune


def test_notes_of_a_tune(transcriber: Transcriber, tune_wav: Path) -> None:
    result = transcriber.transcribe(tune_wav)
    assert result.notes.pitch.tolist() == TUNE_PITCHES
    assert result.notes.onset_s == pytest.approx([onset for onset, _, _ in TUNE], abs=0.03)
    assert result.notes.offset_s == pytest.approx([offset for _, offset, _ in TUNE], abs=0.06)
    assert result.duration_s == pytest.approx(2.0)
    assert (result.source, result.model) == ("tune.wav", "toy 1")


def test_file_and_array_give_the_same(transcriber: Transcriber, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tune(), 44100, subtype="FLOAT")
    from_file = transcriber.transcribe(tmp_path / "a.wav").notes
    assert transcriber.transcribe(tune(), rate_hz=44100).notes == from_file
    assert transcriber.transcribe(np.stack([tune()] * 2, axis=1), rate_hz=44100).notes == from_file
    assert transcriber.transcribe(tune().astype(np.float64), rate_hz=44100).notes == from_file


@pytest.mark.parametrize("kind", [np.int16, np.int32])
def test_integers_are_scaled(transcriber: Transcriber, kind: type) -> None:
    whole = (tune() * np.iinfo(kind).max).astype(kind)
    assert transcriber.transcribe(whole, rate_hz=44100).notes.pitch.tolist() == TUNE_PITCHES


@pytest.mark.parametrize("rate_hz", [8000, 22050, 48000, 96000, 192000])
def test_any_rate(transcriber: Transcriber, rate_hz: int) -> None:
    notes = transcriber.transcribe(tune(rate_hz), rate_hz=rate_hz).notes
    assert notes.pitch.tolist() == TUNE_PITCHES
    assert notes.onset_s == pytest.approx([onset for onset, _, _ in TUNE], abs=0.03)


def test_very_short_and_silent(transcriber: Transcriber) -> None:
    assert len(transcriber.transcribe(tones([(0.0, 0.2, 69)], 0.2), rate_hz=44100).notes) == 1
    assert len(transcriber.transcribe(np.zeros(1, np.float32), rate_hz=44100).notes) == 0
    assert len(transcriber.transcribe(np.zeros(44100 * 3, np.float32), rate_hz=44100).notes) == 0


def test_options_are_obeyed(transcriber: Transcriber) -> None:
    options = DecodeOptions(lowest_pitch=65, highest_pitch=70)
    result = transcriber.transcribe(tune(), rate_hz=44100, options=options)
    assert result.notes.pitch.tolist() == [69]
    assert result.options is options


def test_progress(transcriber: Transcriber, tune_wav: Path) -> None:
    seen: list[tuple[float, float | None]] = []
    transcriber.transcribe(tune_wav, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1.0, 2.0), (2.0, 2.0)]


def test_one_transcriber_serves_many(transcriber: Transcriber) -> None:
    first = transcriber.transcribe(tune(), rate_hz=44100).notes
    transcriber.transcribe(tune()[:30000], rate_hz=44100)
    assert transcriber.transcribe(tune(), rate_hz=44100).notes == first


@pytest.mark.parametrize(
    ("audio", "rate_hz", "error", "said"),
    [
        (np.zeros(10, np.float32), None, BadOption, "rate_hz is missing"),
        ("a.wav", 44100, BadOption, "leave it out"),
        ([0.0] * 10, 44100, BadOption, "it must be a path or a numpy array"),
        (np.zeros(10, np.float32), 0, BadAudio, "sample rate is 0"),
        (np.zeros(10, np.float32), np.nan, BadAudio, "sample rate is nan"),
        (np.zeros(0, np.float32), 44100, BadAudio, "0 s"),
        (np.zeros((0, 2), np.float32), 44100, BadAudio, "0 s"),
        (np.zeros((2, 44100), np.float32), 44100, BadAudio, "transpose it"),
        (np.zeros((2, 3, 4), np.float32), 44100, BadAudio, "must be float or integer"),
        (np.zeros(10, np.complex64), 44100, BadAudio, "must be float or integer"),
        (np.zeros(10, np.bool_), 44100, BadAudio, "must be float or integer"),
        (np.full(10, np.nan, np.float32), 44100, BadAudio, "not numbers"),
    ],
)
def test_bad_arguments(transcriber: Transcriber, audio: object, rate_hz: float, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        transcriber.transcribe(audio, rate_hz=rate_hz)  # type: ignore[arg-type]


def test_save(transcriber: Transcriber, tmp_path: Path, tune_wav: Path) -> None:
    result = transcriber.transcribe(tune_wav)
    for name in ("a.mid", "b.midi", "c.csv", "d.json", "E.MID"):
        result.save(tmp_path / name, MidiOptions(tempo_bpm=90))
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.midi").read_bytes() == (tmp_path / "E.MID").read_bytes()
    assert (tmp_path / "a.mid").read_bytes() == result.file_bytes("mid", MidiOptions(tempo_bpm=90))
    values = json.loads((tmp_path / "d.json").read_text())
    assert values["source"] == "tune.wav"
    assert values["duration_s"] == 2.0
    assert values["options"]["sensitivity"] == 0.5
    assert [note["pitch"] for note in values["notes"]] == TUNE_PITCHES
    assert len((tmp_path / "c.csv").read_text().splitlines()) == 4
    with pytest.raises(BadOption, match="format is 'xml'"):
        result.save(tmp_path / "a.xml")
    with pytest.raises(OutputFailed, match="the folder is not there"):
        result.save(tmp_path / "none" / "a.mid")


def test_the_door_uses_the_released_model(tune_wav: Path) -> None:
    result = linnet.transcribe(tune_wav)
    assert isinstance(result, Transcription)
    assert result.model.startswith("linnet-2 ")


def test_released_model_hears_a_tune() -> None:
    """Quality in the coarsest sense: plucked notes far apart are found, and hardly anything else."""
    notes = [(0.5 + 0.8 * i, 1.1 + 0.8 * i, pitch) for i, pitch in enumerate((60, 67, 64, 72, 55))]
    result = linnet.transcribe(synth.music(notes, 5.0), rate_hz=synth.RATE_HZ)
    heard = [
        any(note.pitch == pitch and abs(note.onset_s - onset) <= 0.05 for note in result.notes)
        for onset, _, pitch in notes
    ]
    assert sum(heard) >= 4
    assert len(result.notes) <= 8


def test_silence_has_no_notes() -> None:
    assert len(linnet.transcribe(synth.silence(3.0), rate_hz=synth.RATE_HZ).notes) == 0
