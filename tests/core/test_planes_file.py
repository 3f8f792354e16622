"""Planes kept as a blob: decoding again after it equals decoding again before it; anything else is refused."""

from dataclasses import replace

import numpy as np
import pytest

from linnet import BadProject, DecodeOptions, Engine, Kit, Manifest
from linnet.planes_file import PREFIX, pack_planes, unpack_planes
from tests.core import faked
from tests.core.test_engine import BLOCK, KIT, SAMPLES, transcribe

SETTINGS = (DecodeOptions(), DecodeOptions(lowest_pitch=60), DecodeOptions(sensitivity=0.9, bends="off"))


@pytest.fixture(scope="module")
def ended():
    engine = transcribe(SAMPLES, BLOCK)
    engine.finish()
    return engine


def test_decoding_again_is_the_same_before_and_after(ended):
    blob = ended.packed_planes()
    restored = Engine.restored(KIT, DecodeOptions(), blob)
    for options in SETTINGS:
        assert restored.redecode(options) == ended.redecode(options)
        straight = Engine.restored(KIT, options, blob)
        assert straight.ghosts() == ended.ghosts()
        assert straight.notes == ended.notes
    assert restored.tuning_cents == ended.tuning_cents
    assert restored.packed_planes() == blob
    assert np.array_equal(restored.seen.window(0, 10**6, 2), ended.seen.window(0, 10**6, 2))
    assert restored.seen.frame_count > 0
    assert len(blob) < ended.planes_nbytes / 2  # real planes, with less noise, become smaller by far


def test_a_recording_cut_short_is_kept_as_far_as_it_got():
    engine = transcribe(SAMPLES, BLOCK, block_frames=50)
    kept = engine.cut_short()
    assert Engine.restored(KIT, DecodeOptions(), engine.packed_planes()).redecode(DecodeOptions()) == kept


def test_nothing_is_a_blob_too():
    kept = unpack_planes(pack_planes([], KIT.manifest, 12.5), KIT.manifest)
    assert kept.blocks == ()
    assert kept.tuning_cents == 12.5


def test_a_blob_of_the_layout_before_is_read_and_shows_nothing(ended):
    new = pack_planes(ended.planes.blocks(), KIT.manifest, None)
    head = new[PREFIX.size :].replace(b', "seen": []', b"")
    length = PREFIX.unpack_from(new)[2] - len(b', "seen": []')
    restored = Engine.restored(KIT, DecodeOptions(), PREFIX.pack(b"LNPL", 1, length) + head)
    assert restored.redecode(DecodeOptions()) == ended.redecode(DecodeOptions())
    assert len(restored.seen.window(0, 100, 2)) == 0


def test_blocks_keep_their_lengths_and_bytes():
    block = faked.planes([(0.2, 0.9, 60)], 1.0)
    kept = unpack_planes(pack_planes([block.slice(0, 7), block], KIT.manifest, None), KIT.manifest)
    assert [len(b) for b in kept.blocks] == [7, len(block)]
    for mine, theirs in zip(block.planes, kept.blocks[1].planes, strict=True):
        assert np.array_equal(mine, theirs)


def test_another_model_is_refused(ended):
    other: Manifest = replace(KIT.manifest, version="99")
    with pytest.raises(BadProject, match=r"test 1.*test 99.*transcribe the recording again") as caught:
        Engine.restored(Kit.of(other), DecodeOptions(), ended.packed_planes())
    assert (caught.value.reason, caught.value.values) == ("other-model", {"theirs": "test 1", "mine": "test 99"})
    other = replace(KIT.manifest, network=replace(KIT.manifest.network, sha256="0" * 64))
    with pytest.raises(BadProject, match="another network") as caught:
        Engine.restored(Kit.of(other), DecodeOptions(), ended.packed_planes())
    assert caught.value.reason == "other-network"


@pytest.mark.parametrize("spoil", [
    lambda blob: b"",
    lambda blob: b"RIFF" + blob[4:],
    lambda blob: blob[:-40],
    lambda blob: blob + b"more",
    lambda blob: blob[:-200] + bytes(100) + blob[-100:],
    lambda blob: blob[:4] + b"\x09" + blob[5:],
    lambda blob: blob[: PREFIX.size] + b"[" + blob[PREFIX.size + 1 :],
])  # fmt: skip
def test_a_broken_blob_is_refused(ended, spoil):
    with pytest.raises(BadProject, match="transcribe the recording again"):
        unpack_planes(spoil(ended.packed_planes()), KIT.manifest)
