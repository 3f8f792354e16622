"""A preset does its own kind of recordings no harm: note F1 with it and with the defaults, on real recordings."""

from __future__ import annotations

from collections import defaultdict

import mir_eval
import numpy as np
import pytest

from linnet import DecodeOptions, Engine, Kit, NoteTable
from linnet.native.session import Network, released_model
from linnet.presets import PRESETS, preset
from tests import recordings, synth

KINDS = {"piano": "piano", "guitar": "guitar", "voice": "voice", "clarinet": "winds", "sax": "winds",
         "harmonica": "winds", "rendered": "mix"}  # fmt: skip
LOSS = 0.002  # a note of a few hundred


def note_f1(reference: np.ndarray, notes: NoteTable) -> float:
    if not len(notes):
        return 0.0
    hertz = mir_eval.util.midi_to_hz
    estimate = np.stack([notes.onset_s, notes.offset_s], axis=1), hertz(notes.pitch.astype(float))
    wanted = reference[:, :2], hertz(reference[:, 2])
    return float(mir_eval.transcription.precision_recall_f1_overlap(*wanted, *estimate, offset_ratio=None)[2])


@pytest.fixture(scope="module")
def scores():
    """Preset -> (F1 at the defaults, F1 with it) of each of its recordings; the network runs once for both."""
    model = released_model()
    kit, network = Kit.of(model.manifest), Network(model)
    found = defaultdict(list)
    for recording in recordings.all_music():
        name = next((of for kind, of in KINDS.items() if recording.name.startswith(kind)), None)
        if name is None:
            continue
        engine, stream = Engine(kit, rate_hz=synth.RATE_HZ), network.stream()
        for frames in [*engine.feed(recording.samples), *engine.finish_feed()]:
            out = stream.run(frames)
            engine.absorb(out.onset, out.note, out.offset, out.velocity, out.contour)
        plain = note_f1(recording.notes, engine.finish())
        found[name].append((plain, note_f1(recording.notes, engine.redecode(DecodeOptions(**preset(name))))))
    return found


def test_no_preset_does_harm(scores):
    assert set(scores) <= set(PRESETS)
    for name, pairs in scores.items():
        plain, with_preset = np.mean(pairs, axis=0)
        assert with_preset >= plain - LOSS, f"{name}: {plain:.3f} without, {with_preset:.3f} with"
