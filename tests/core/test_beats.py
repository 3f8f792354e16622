"""Tempo, beats and bar lines of music whose tempo is known: made up, and from scores where they are at hand."""

import io
import zipfile
from pathlib import Path

import mido
import numpy as np
import pytest

from linnet.beats import BeatGrid, track_beats
from linnet.errors import BadOption
from linnet.notes import Note, NoteTable
from tests.core.rhythms import played

SCORES = Path(__file__).resolve().parents[3] / "shared" / "scores" / "openscore-midi.zip"
FEELS = {
    "even": {},
    "swung": {"swing": 2 / 3},
    "human": {"jitter_s": 0.015},
    "rests": {"rests": 0.3, "jitter_s": 0.015},
    "sixteenths": {"parts": 4, "jitter_s": 0.008},
    "beats only": {"parts": 1},
}


@pytest.mark.parametrize("feel", FEELS)
@pytest.mark.parametrize("bpm", [63.0, 80.0, 97.3, 120.0, 133.0])
def test_tempo_is_found_up_to_an_octave(bpm, feel):
    rhythm = track_beats(played(bpm, **FEELS[feel]))
    octaves = np.log2(rhythm.grid.bpm / bpm)
    assert abs(octaves - round(octaves)) < 0.02
    assert abs(octaves) < 1.1


@pytest.mark.parametrize("bpm", [72.0, 90.0, 104.0, 120.0])
def test_beats_lie_on_the_beats_and_bars_on_the_bars(bpm):
    rhythm = track_beats(played(bpm, jitter_s=0.01, rests=0.2))
    assert rhythm.grid.bpm == pytest.approx(bpm, rel=0.005)
    assert rhythm.is_steady
    assert rhythm.confidence > 0.3
    beat = (rhythm.grid.beat_s - 0.37) * bpm / 60
    assert np.abs(beat - np.round(beat)).max() < 0.05
    assert round(float(beat[rhythm.grid.first_bar])) % 2 == 0  # where the bass is


def test_three_four_and_six_eight():
    waltz = track_beats(played(110, beats_per_bar=3, jitter_s=0.005), "3/4")
    assert waltz.grid.bpm == pytest.approx(110, rel=0.01)
    assert waltz.grid.quarters_per_bar == 3
    jig = track_beats(played(60, parts=3, beats_per_bar=2, jitter_s=0.005), "6/8")
    assert jig.grid.bpm == pytest.approx(60, rel=0.01)
    assert jig.grid.quarters_per_bar == 3


def test_beats_follow_a_tempo_that_gives_way():
    steady = played(100, beats=80)
    slower = lambda t: t + 0.004 * t**2  # noqa: E731 - 100 to 72 a minute
    notes = NoteTable.of(Note(slower(n.onset_s), slower(n.offset_s), n.pitch, n.velocity) for n in steady)
    rhythm = track_beats(notes)
    assert not rhythm.is_steady
    wanted = slower(0.37 + 0.6 * np.arange(80))
    nearest = np.abs(rhythm.grid.beat_s[:, None] - wanted[None]).min(axis=1)
    assert np.mean(nearest < 0.05) > 0.9


def test_too_little_says_nothing():
    assert track_beats(NoteTable()) is None
    assert track_beats(NoteTable.of(Note(0.5 * i, 0.5 * i + 0.4, 60) for i in range(5))) is None
    assert track_beats(NoteTable.of(Note(0.1, 1.0, pitch) for pitch in range(40, 80))) is None


def test_an_hour_is_quick_and_a_far_note_does_no_harm():
    notes = played(120, beats=2000)
    far = NoteTable.join([notes, NoteTable.of([Note(3600.0, 3601.0, 60)])])
    assert track_beats(far).grid.bpm == pytest.approx(120, rel=0.01)


def test_grid_turns_seconds_into_quarters_and_back():
    grid = BeatGrid(np.array([1.0, 1.5, 2.1, 2.6]), "3/4", 1)
    quarters = grid.to_quarters(np.array([0.5, 1.5, 1.8, 2.6, 3.1]))
    assert quarters == pytest.approx([-2.0, 0.0, 0.5, 2.0, 3.0])
    assert grid.to_s(quarters) == pytest.approx([0.5, 1.5, 1.8, 2.6, 3.1])
    assert BeatGrid.from_mapping(grid.as_mapping()).as_mapping() == grid.as_mapping()
    assert BeatGrid.even(60, 2.0, "6/8").to_quarters(np.array([3.0])) == pytest.approx([1.5])


def test_bad_grids_are_refused():
    with pytest.raises(BadOption, match="two beats"):
        BeatGrid(np.array([1.0]))
    with pytest.raises(BadOption, match="each later"):
        BeatGrid(np.array([1.0, 1.0]))
    with pytest.raises(BadOption, match="metre is '5/4'"):
        BeatGrid(np.array([0.0, 1.0]), "5/4")


def test_tempo_of_performed_music():
    """Songs and quartets at random tempi, with 15 ms of scatter and a little give (without them, rhythms made here)."""
    exact, octave = [], []
    for notes, bpm, metre in performances() if SCORES.is_file() else made_up():
        rhythm = track_beats(notes, metre)
        ratio = rhythm.grid.bpm / bpm if rhythm else 0.0
        exact.append(abs(ratio - 1) < 0.04)
        octave.append(any(abs(ratio / k - 1) < 0.04 for k in (0.5, 1.0, 2.0)))
    print(f"tempo right within 4 %: {np.mean(exact):.2f}; up to an octave: {np.mean(octave):.2f} of {len(exact)}")
    assert np.mean(exact) > 0.65
    assert np.mean(octave) > 0.88


def made_up():
    for seed in range(30):
        bpm = float(np.random.default_rng(seed).uniform(70, 130))
        yield played(bpm, jitter_s=0.015, rests=0.2, seed=seed), bpm, "4/4"


def performances():
    archive = zipfile.ZipFile(SCORES)
    names = sorted(name for name in archive.namelist() if name.endswith(".mid"))
    rng = np.random.default_rng(1)
    for which in rng.permutation(len(names))[:60]:
        file = mido.MidiFile(file=io.BytesIO(archive.read(names[which])))
        metre = next(((m.numerator, m.denominator) for t in file.tracks for m in t if m.type == "time_signature"), None)
        is_compound = metre is not None and metre[1] == 8 and metre[0] % 3 == 0
        bpm = float(np.exp(rng.uniform(np.log(60), np.log(150))))
        notes = performed(file, bpm, rng)
        if len(notes) >= 60:
            yield notes, bpm / 1.5 if is_compound else bpm, "6/8" if is_compound else "4/4"


def performed(file, bpm, rng):
    beats = 60 / bpm * np.exp(0.02 * np.sin(np.arange(200) / 3) + 0.01 * rng.standard_normal(200))
    beat_s = 0.5 + np.concatenate([[0.0], np.cumsum(beats)])
    notes = []
    for track in file.tracks:
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.note] = tick
            elif message.type in ("note_on", "note_off") and message.note in sounding:
                start = sounding.pop(message.note)
                if start < tick and tick / file.ticks_per_beat < 80:
                    place = np.array([start, start + 0.9 * (tick - start)]) / file.ticks_per_beat
                    on_s, off_s = np.interp(place, np.arange(201), beat_s)
                    on_s = max(0.0, on_s + rng.normal(0, 0.015))
                    velocity = int(np.clip(rng.normal(75, 12), 1, 127))
                    notes.append(Note(float(on_s), float(max(on_s + 0.03, off_s)), message.note, velocity))
    return NoteTable.of(notes)
