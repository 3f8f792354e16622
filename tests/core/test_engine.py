"""The conductor: delay, blocks, redecoding, cutting short, and what it refuses."""

import json

import numpy as np
import pytest

from linnet import BadAudio, BadModel, BadOption, DecodeOptions, Engine, Kit, LinnetError, Manifest
from tests import synth
from tests.core import faked

KIT = Kit.of(faked.manifest())


class ScriptedNetwork:
    """Gives planes prepared beforehand, `delay` rows late, as the real network does."""

    def __init__(self, planes):
        blank = [np.zeros((faked.DELAY, p.shape[1]), np.uint8) for p in planes]
        self.planes = [np.concatenate([b, p]) for b, p in zip(blank, planes, strict=True)]
        self.at = 0

    def __call__(self, frames):
        rows = [p[self.at : self.at + len(frames)] for p in self.planes]
        self.at += len(frames)
        return rows


def transcribe(samples, block, sizes=(9000,), **settings):
    engine, network = Engine(KIT, rate_hz=22050, **settings), ScriptedNetwork(block)
    at, turn = 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        for frames in engine.feed(samples[at : at + size]):
            engine.absorb(*network(frames))
        at, turn = at + size, turn + 1
    for frames in engine.finish_feed():
        engine.absorb(*network(frames))
    assert network.at == len(network.planes[0])  # every frame was asked for once, and the delay with it
    return engine


NOTES = faked.random_notes(1, 6.0, 30)
BLOCK = faked.network_planes(NOTES, 6.0, seed=3)
SAMPLES = synth.noise(6.0, -30)


@pytest.mark.parametrize("sizes", [(1000,), (50_000,), (300, 7, 20_000)])
@pytest.mark.parametrize("block_frames", [None, 1, 50])
def test_whole_is_blocks_is_redecoded(sizes, block_frames):
    reference = transcribe(SAMPLES, BLOCK).finish()
    assert len(reference) > 15
    engine = transcribe(SAMPLES, BLOCK, sizes, block_frames=block_frames)
    assert engine.finish() == reference
    assert engine.redecode(DecodeOptions()) == reference


def test_the_delay_is_taken_off():
    block = faked.network_planes([(1.0, 2.0, 60)], 3.0)
    notes = transcribe(synth.noise(3.0, -30), block).finish()
    assert notes.onset_s[0] == pytest.approx(1.0, abs=0.004)


def test_redecoding_under_other_settings_and_back():
    engine = transcribe(SAMPLES, BLOCK)
    first = engine.finish()
    assert len(engine.redecode(DecodeOptions(lowest_pitch=60))) < len(first)
    assert engine.redecode(DecodeOptions()) == first


def test_cut_short_keeps_what_was_done():
    engine, network = Engine(KIT, rate_hz=22050), ScriptedNetwork(BLOCK)
    for frames in engine.feed(SAMPLES[: 3 * 22050]):
        engine.absorb(*network(frames))
    kept = engine.cut_short()
    assert 0 < len(kept) < len(NOTES)
    assert engine.redecode(DecodeOptions()) == kept


def test_without_planes_memory_does_not_grow_but_redecoding_is_refused():
    engine = transcribe(SAMPLES, BLOCK, keep_planes=False)
    engine.finish()
    assert engine.planes_nbytes == 0
    with pytest.raises(LinnetError, match="keep_planes"):
        engine.redecode(DecodeOptions())


def test_what_cannot_be_is_refused():
    with pytest.raises(BadAudio, match="empty"):
        Engine(KIT, rate_hz=22050).finish_feed()
    with pytest.raises(BadAudio, match="sample rate"):
        Engine(KIT, rate_hz=0)
    engine = Engine(KIT, rate_hz=22050)
    frames = list(engine.feed(SAMPLES))
    with pytest.raises(LinnetError, match="before"):
        engine.finish()
    wrong = np.zeros((len(frames[0]), 12), np.uint8)
    with pytest.raises(BadModel, match="onset"):
        engine.absorb(wrong, wrong, wrong, wrong, wrong)
    with pytest.raises(BadOption):
        DecodeOptions.from_mapping({"sensitivity": 2})


def test_a_manifest_is_checked_when_read():
    good = {
        "format": "linnet-model/1", "name": "x", "version": "1",
        "grid": {"sample_rate_hz": 22050, "hop_samples": 256, "bins_per_octave": 36, "bin_count": 309,
                 "gamma_hz": 5.0, "lowest_pitch": 21, "pitch_count": 88, "contour_bins_per_semitone": 3},
        "level": {"range_db": 80.0, "release_db_per_s": 1.0, "floor_dbfs": -140.0},
        "network": {"file": "m", "sha256": "", "bytes": 0, "parameters": 0, "multiply_adds_per_s": 0,
                    "delay_frames": 6, "block_frames": 128, "state_size": 10},
        "planes": {"logit_zero": 128, "logit_steps": 16}, "decode": {},
    }  # fmt: skip
    assert Manifest.from_json(json.dumps(good)).grid.bin_count == 309
    for broken, word in (
        ("{", "JSON"),
        (json.dumps(good | {"format": "other/9"}), "format"),
        (json.dumps({k: v for k, v in good.items() if k != "level"}), "level"),
        (json.dumps(good | {"decode": {"magic": 1}}), "magic"),
        (json.dumps(good | {"network": {"file": "m"}}), "incomplete"),
    ):
        with pytest.raises(BadModel, match=word):
            Manifest.from_json(broken)
