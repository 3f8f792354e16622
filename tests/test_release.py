"""The released network and the core together: what it hears, what it does not, and that nothing depends on the cut."""

from __future__ import annotations

import io

import mir_eval
import numpy as np
import pretty_midi
import pytest

from linnet import DecodeOptions, Engine, Kit, NoteTable
from linnet.midi import midi_bytes
from linnet.native.session import Network, released_model
from linnet.options import MidiOptions
from tests import recordings, synth

MODEL = released_model()
KIT = Kit.of(MODEL.manifest)
NETWORK = Network(MODEL)


def engine_after(samples, rate_hz=synth.RATE_HZ, pcm_samples=22050, block_frames=None):
    engine = Engine(KIT, rate_hz=rate_hz, block_frames=block_frames)
    stream = NETWORK.stream()

    def run(blocks):
        for frames in blocks:
            out = stream.run(frames)
            engine.absorb(out.onset, out.note, out.offset, out.velocity, out.contour)

    for at in range(0, len(samples), pcm_samples):
        run(engine.feed(samples[at : at + pcm_samples]))
    run(engine.finish_feed())
    engine.finish()
    return engine


def notes_of(samples, **settings) -> NoteTable:
    return engine_after(samples, **settings).notes


def note_f1(reference, notes: NoteTable) -> float:
    """Onset within 50 ms and pitch within 50 cents, on the MIDI file that is written, parsed back."""
    midi = pretty_midi.PrettyMIDI(io.BytesIO(midi_bytes(notes, MidiOptions())))
    found = [(n.start, n.end, n.pitch) for i in midi.instruments for n in i.notes]
    if not found:
        return 0.0
    estimated = np.array(found, dtype=float)
    hertz = mir_eval.util.midi_to_hz
    return float(
        mir_eval.transcription.precision_recall_f1_overlap(
            reference[:, :2], hertz(reference[:, 2]), estimated[:, :2], hertz(estimated[:, 2]), offset_ratio=None
        )[2]
    )


def test_the_network_is_as_small_as_it_says():
    assert MODEL.manifest.network.parameters <= 17_000
    assert MODEL.manifest.network.multiply_adds_per_s <= 120_000_000


def test_the_whole_engine_looks_ahead_at_most_190_ms():
    grid = KIT.manifest.grid
    transform_s = KIT.vqt.look_ahead_samples / grid.sample_rate_hz + 1.5e-3
    frames = KIT.manifest.network.delay_frames + 2
    assert KIT.manifest.network.delay_frames <= 6
    assert transform_s <= 0.095
    assert transform_s + grid.frame_to_s(frames) <= 0.190


def test_a_tune_of_plucked_notes_is_found():
    notes = notes_of(synth.music(synth.TUNE, synth.TUNE_S))
    assert note_f1(np.array(synth.TUNE), notes) >= 0.9


def test_onsets_carry_no_bias():
    tune = [(0.4 + 0.377 * i, 0.7 + 0.377 * i, 45 + (7 * i) % 40) for i in range(40)]
    notes = notes_of(synth.music(tune, 16.0))
    errors = []
    for onset_s, _, pitch in tune:
        near = notes.onset_s[(notes.pitch == pitch) & (np.abs(notes.onset_s - onset_s) < 0.05)]
        errors += list(near - onset_s)
    assert len(errors) >= 36
    assert abs(np.mean(errors)) < 0.005


@pytest.mark.parametrize("gain", [0.01, 0.1])
def test_gain_changes_no_note(gain):
    for recording in recordings.five()[:3]:
        samples = recording.samples[: 12 * synth.RATE_HZ]
        loud, soft = notes_of(samples), notes_of(samples * np.float32(gain))
        assert [(n.pitch, round(n.onset_s, 2)) for n in loud] == [(n.pitch, round(n.onset_s, 2)) for n in soft]


def test_silence_and_noise_have_no_notes():
    assert len(notes_of(synth.silence(30.0))) == 0
    for dbfs in (-20, -60):
        assert len(notes_of(synth.noise(30.0, dbfs, seed=11))) <= 2


@pytest.mark.parametrize("which", range(5))
def test_whole_is_blocks_is_redecoded(which):
    samples = recordings.clip(10.0, which).samples
    engine = engine_after(samples, pcm_samples=len(samples))
    assert len(engine.notes) > 3
    whole = engine.notes
    assert engine.redecode(DecodeOptions()) == whole
    assert notes_of(samples, pcm_samples=1_237, block_frames=5) == whole
    assert notes_of(samples, pcm_samples=44_100, block_frames=64) == whole


def test_the_rate_of_the_file_does_not_matter():
    tune = np.array(synth.TUNE)
    for rate_hz in (8000, 48000):
        notes = notes_of(synth.music(synth.TUNE, synth.TUNE_S, rate_hz=rate_hz), rate_hz=rate_hz, pcm_samples=rate_hz)
        assert note_f1(tune, notes) >= 0.85


def test_recordings_are_transcribed_as_well_as_claimed():
    """On the real recordings (ten groups) where they are at hand; else on the rendered clips, as the header says."""
    groups: dict[str, list[float]] = {}
    for recording in recordings.all_music():
        group = recording.name.rsplit("-", 1)[0]
        groups.setdefault(group, []).append(note_f1(recording.notes, notes_of(recording.samples)))
    assert len(groups) == (10 if recordings.REAL else 1)
    macro = np.mean([np.mean(values) for values in groups.values()])
    assert macro >= 0.86, {name: round(float(np.mean(v)), 3) for name, v in groups.items()}


@pytest.mark.parametrize("cents", [50, -50, 40])
def test_a_tune_between_the_keys_is_heard_as_well(cents):
    """Repeated, so that its tuning is known: the last round counts. Notes lie at the pitch with its bend."""
    rounds = 4
    tune = [
        (a + k * synth.TUNE_S, b + k * synth.TUNE_S, p + cents / 100) for k in range(rounds) for a, b, p in synth.TUNE
    ]
    notes = notes_of(synth.music(tune, rounds * synth.TUNE_S))
    bends = [notes.bend_cents[a:b] for a, b in zip(notes.bend_start[:-1], notes.bend_start[1:], strict=True)]
    pitch = notes.pitch + np.array([np.median(bend) if len(bend) else 0.0 for bend in bends]) / 100
    last = notes.onset_s > (rounds - 1) * synth.TUNE_S - 0.05
    found = [(a, p) for a, p in zip(notes.onset_s[last], pitch[last], strict=True)]
    wanted = [(a, p) for a, _, p in tune[-len(synth.TUNE) :]]
    heard = [w for w in wanted if any(abs(w[0] - f[0]) < 0.05 and abs(w[1] - f[1]) < 0.35 for f in found)]
    assert len(heard) >= 0.9 * len(wanted)
    assert len(found) <= 1.1 * len(wanted)
