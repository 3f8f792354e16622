"""Clips can be made without any shared material, and their labels say what is heard."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from models import corpus, lines, plucked, samples, scores, talk, voice
from models.config import RATE_HZ
from models.played import PlayedNote, monophonic, separated


@pytest.fixture(autouse=True)
def without_shared_material(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(samples, "SAMPLE_FOLDER", tmp_path)
    monkeypatch.setattr(scores, "SCORE_ARCHIVE", tmp_path / "absent.zip")
    samples.library.cache_clear()
    scores._archive.cache_clear()


@pytest.mark.parametrize("kind", ["sung", "blown", "tones"])
def test_procedural_clip(kind: str, tmp_path: Path) -> None:
    clip = next(c for c in (corpus.make_clip(number, 3.0, kind) for number in range(20)) if c.notes)
    assert clip.audio.shape == (3 * RATE_HZ,)
    assert clip.audio.dtype == np.float32
    assert np.isfinite(clip.audio).all()
    assert 0 < np.abs(clip.audio).max() <= 1
    assert all(0 <= note.onset_s < note.offset_s <= 3.0 and 21 <= note.pitch <= 108 for note in clip.notes)
    corpus.save(clip, tmp_path / "clip.npz")
    stored = corpus.load(tmp_path / "clip.npz")
    assert [n.pitch for n in stored.notes] == [n.pitch for n in clip.notes]
    assert np.abs(stored.audio - clip.audio).max() < 1e-4


def test_a_clip_follows_from_its_number() -> None:
    assert np.array_equal(corpus.make_clip(7, 3.0, "tones").audio, corpus.make_clip(7, 3.0, "tones").audio)


def _level(sound: np.ndarray, start_s: float, stop_s: float) -> float:
    return float(np.sqrt(np.mean(sound[int(start_s * RATE_HZ) : int(stop_s * RATE_HZ)] ** 2)))


def test_plucked_label_starts_with_the_sound() -> None:
    rng = np.random.default_rng(0)
    note = PlayedNote(0.5, 1.2, 60, 90)
    sound, heard = plucked.pluck(rng, [note], 2.0, plucked.random_string(rng))
    assert _level(sound, 0.0, heard[0].onset_s - 0.005) < 1e-6
    assert _level(sound, heard[0].onset_s, heard[0].onset_s + 0.05) > 1e-3
    assert _level(sound, heard[0].offset_s + 0.25, 2.0) < 0.05 * _level(sound, 0.5, 0.6)


@pytest.mark.parametrize("seed", range(4))
def test_sung_label_names_the_pitch_that_sounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = [PlayedNote(0.4, 1.0, 60, 90), PlayedNote(1.01, 1.8, 64, 90), PlayedNote(2.2, 2.9, 57, 90)]
    line = lines.trace(rng, notes, 3.0, voice.random_style(rng))
    assert len(line.notes) == 3
    for note in line.notes:
        rows = slice(int(note.onset_s / lines.CONTROL_S), int(note.offset_s / lines.CONTROL_S))
        assert abs(np.median(line.pitch[rows]) - note.pitch) <= 0.51
        assert line.level[rows].mean() > 0.02
    assert line.level[: int(0.39 / lines.CONTROL_S)].max() == 0


def test_a_scoop_is_one_note() -> None:
    rng = np.random.default_rng(1)
    style = lines.LineStyle(scoop_share=1.0, scoop=2.5, scoop_s=0.15, vibrato=0.8)
    assert len(lines.trace(rng, [PlayedNote(0.2, 1.6, 62, 90)], 2.0, style).notes) == 1


def test_separated_and_monophonic() -> None:
    part = [PlayedNote(0.0, 1.0, 60, 80), PlayedNote(0.5, 1.5, 60, 80), PlayedNote(0.6, 1.0, 67, 80)]
    repeats = [note for note in separated(part) if note.pitch == 60]
    assert repeats[0].offset_s < repeats[1].onset_s
    line = monophonic(part)
    assert all(a.offset_s < b.onset_s for a, b in itertools.pairwise(line))


def test_talk_is_sound_whose_pitch_does_not_rest() -> None:
    sound = talk.talk(np.random.default_rng(3), 4.0)
    assert sound.shape == (4 * RATE_HZ,)
    assert np.isfinite(sound).all()
    assert _level(sound, 0.0, 4.0) > 1e-3
