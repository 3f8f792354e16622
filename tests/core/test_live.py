"""Follow: what is told while notes sound, and that the notes in the end are the file's."""

import numpy as np
import pytest

from linnet import DecodeOptions, Engine
from linnet.live_events import BACK, BEND, OFF, ON
from linnet.manifest import DecodeConstants
from tests import synth
from tests.core import faked
from tests.core.test_engine import BLOCK, KIT, SAMPLES, ScriptedNetwork, transcribe


def live(samples, planes, sizes=(512,), kit=KIT, options=None):
    """The engine at the end, and the events with the samples fed when each was told."""
    engine = Engine(kit, options, rate_hz=22050, block_frames=1, is_live=True)
    network = ScriptedNetwork(planes)
    told, at, turn = [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        for frames in engine.feed(samples[at : at + size]):
            engine.absorb(*network(frames))
        at, turn = at + size, turn + 1
        told += [(at, event) for event in rows(engine.take_events())]
    for frames in engine.finish_feed():
        engine.absorb(*network(frames))
    engine.finish()
    return engine, told + [(at, event) for event in rows(engine.take_events())]


def rows(events):
    columns = (events.kind, events.note, events.pitch, events.velocity, events.time_s, events.cents)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("sizes", [(256,), (512,), (300, 7, 9000)])
def test_the_notes_are_those_of_the_file(sizes):
    engine, told = live(SAMPLES, BLOCK, sizes)
    assert engine.notes == transcribe(SAMPLES, BLOCK).finish()
    assert len(told) > 30


def test_what_is_told_does_not_depend_on_how_the_sound_came():
    assert [event for _, event in live(SAMPLES, BLOCK, (256,))[1]] == [
        event for _, event in live(SAMPLES, BLOCK, (9000, 40, 512))[1]
    ]


def test_every_note_that_is_told_ends_once_and_all_written_ones_are_told():
    engine, told = live(SAMPLES, BLOCK)
    on = {note: pitch for _, (kind, note, pitch, *_) in told if kind == ON}
    ended = [note for _, (kind, note, *_) in told if kind in (OFF, BACK)]
    assert sorted(ended) == sorted(set(ended))
    assert set(ended) == set(on)
    kept = sorted(
        (time_s, pitch) for _, (kind, note, pitch, _, time_s, _) in told if kind == ON and is_kept(note, told)
    )
    assert [pitch for _, pitch in kept] == [note.pitch for note in engine.notes]
    assert np.allclose([time_s for time_s, _ in kept], engine.notes.onset_s)


def is_kept(note, told):
    return not any(kind == BACK and number == note for _, (kind, number, *_) in told)


def test_a_clear_onset_is_told_within_the_promised_delay():
    onset_s = 1.0
    _, told = live(synth.noise(3.0, -30), faked.network_planes([(onset_s, 2.0, 60)], 3.0), (256,))
    at, _ = next((at, event) for at, event in told if event[0] == ON)
    # the transform's half window, the network's frames and the decision's two; a frame for its own length
    promised_s = (2048 + (faked.DELAY + 2 + 1) * 256) / 22050
    assert at / 22050 - onset_s <= promised_s + 1e-9


def test_what_is_refused_in_the_end_is_taken_back():
    planes = faked.network_planes([(1.0, 1.25, 60), (2.0, 2.02, 64)], 3.0)  # the second is shorter than a note may be
    engine, told = live(synth.noise(3.0, -30), planes)
    assert [note.pitch for note in engine.notes] == [60]
    assert [event[2] for _, event in told if event[0] == BACK] == [64]


def test_a_long_refusal_is_seen_while_the_note_is_young():
    constants = DecodeConstants(least_evidence=1.0)
    kit = type(KIT)(faked.manifest(least_evidence=constants.least_evidence), KIT.vqt, KIT.reader)
    planes = faked.network_planes([(1.0, 2.5, 60)], 3.0)
    planes[1][round(1.05 * 86) : round(2.5 * 86), 60 - 21] = 120  # barely a note
    _, told = live(synth.noise(3.0, -30), planes, kit=kit)
    on, back = (next((at for at, event in told if event[0] == kind), None) for kind in (ON, BACK))
    assert on is None or back is None or back - on <= 0.31 * 22050


def test_bends_are_told_as_they_come():
    cents = np.zeros(faked.GRID.frame_count(3 * 22050))
    cents[120:] = 60.0
    _, told = live(synth.noise(3.0, -30), faked.network_planes([(1.0, 2.5, 60)], 3.0, cents={0: cents}))
    bends = [(event[4], event[5]) for _, event in told if event[0] == BEND]
    assert bends
    assert bends[-1][1] == pytest.approx(60.0, abs=6.0)
    assert 120 / 86.13 <= bends[0][0] < 120 / 86.13 + 0.1


def test_without_bends_none_are_told():
    cents = np.full(faked.GRID.frame_count(3 * 22050), 60.0)
    planes = faked.network_planes([(1.0, 2.5, 60)], 3.0, cents={0: cents})
    _, told = live(synth.noise(3.0, -30), planes, options=DecodeOptions(bends="off"))
    assert {event[0] for _, event in told} == {ON, OFF}


def test_options_hold_live_too():
    _, told = live(SAMPLES, BLOCK, options=DecodeOptions(lowest_pitch=70))
    assert told
    assert min(event[2] for _, event in told) >= 70
