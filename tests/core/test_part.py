"""A part heard by itself goes into the whole: what is outside stays, and all acts on the whole afterwards."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from linnet import DecodeOptions, Engine, LinnetError, bridge
from linnet.part import Part, PartPlanes, PartSeen
from linnet.planes import CHUNK_FRAMES, PlaneBlock, PlaneStore
from linnet.seen import CHUNK_COLUMNS, PAIR_FRAMES, SeenFrames
from tests import synth
from tests.core import faked
from tests.core.test_engine import BLOCK, KIT, SAMPLES, ScriptedNetwork, transcribe

HOP, RATE_HZ = faked.GRID.hop_samples, faked.GRID.sample_rate_hz
OTHER_NOTES = faked.random_notes(7, 6.0, 40)
OTHER = faked.network_planes(OTHER_NOTES, 6.0, seed=8)
FRAMES = len(BLOCK[0])
SETTINGS = (DecodeOptions(), DecodeOptions(sensitivity=0.8), DecodeOptions(lowest_pitch=60))
PARTS = {
    "beginning": Part(0, 0, 130),
    "middle": Part(60, 160, 302),
    "end": Part(300, 400, FRAMES + FRAMES % 2),
    "all": Part(0, 0, FRAMES + FRAMES % 2),
    "a moment": Part(100, 200, 202),
}


def hear(part, whole=None, samples=SAMPLES, block=OTHER, size=9000, stop_after=None):
    """The part of `samples` by a network that now says something else; to a second after the part, as the page does."""
    engine = Engine(KIT, rate_hz=RATE_HZ, part=part, whole=whole)
    network = ScriptedNetwork([p[part.fed_from :] for p in block])
    fed = samples[part.fed_from * HOP : (part.stop + 86) * HOP]
    for at in range(0, len(fed), size):
        for frames in engine.feed(fed[at : at + size]):
            engine.absorb(*network(frames))
        if stop_after is not None and at >= stop_after:
            return engine
    for frames in engine.finish_feed():
        engine.absorb(*network(frames))
    return engine


def spliced(part, before, after):
    return PlaneBlock(
        *(
            np.concatenate([a[: part.start], b[part.start : part.stop], a[part.stop :]])
            for a, b in zip(before.planes, after.planes, strict=True)
        )
    )


def store_of(block, size=CHUNK_FRAMES):
    store = PlaneStore()
    for at in range(0, len(block), size):
        store.append(block.slice(at, min(at + size, len(block))))
    return store


def same(mine, theirs):
    return all(np.array_equal(a, b) for a, b in zip(mine.planes, theirs.planes, strict=True))


def ended(block=BLOCK, samples=SAMPLES):
    engine = transcribe(samples, [plane[: faked.GRID.frame_count(len(samples))] for plane in block])
    engine.finish()
    return engine


@pytest.mark.parametrize("is_from_storage", [False, True], ids=["heard", "restored"])
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_the_part_goes_into_the_whole_and_settings_act_on_all(part, is_from_storage):
    before, after = ended().whole_planes(), ended(OTHER).whole_planes()
    whole = Engine.restored(KIT, DecodeOptions(), ended().packed_planes()) if is_from_storage else ended()
    engine = hear(part, whole)
    notes = engine.finish()
    expected = spliced(part, before, after)
    assert same(engine.whole_planes(), expected)
    reference = Engine(KIT, rate_hz=RATE_HZ)
    reference.planes.append(expected)
    for options in SETTINGS:
        assert engine.redecode(options) == reference.redecode(options)
        assert engine.ghosts() == reference.ghosts()
    assert engine.redecode(DecodeOptions()) == notes
    again = Engine.restored(KIT, DecodeOptions(), engine.packed_planes())
    assert again.redecode(DecodeOptions()) == notes
    assert same(again.whole_planes(), expected)


def test_the_same_part_again_changes_nothing():
    whole = ended()
    notes, planes, seen = whole.notes, whole.whole_planes(), whole.seen.window(0, FRAMES, 2)
    engine = hear(PARTS["beginning"], whole, block=BLOCK)
    assert engine.finish() == notes
    assert same(engine.whole_planes(), planes)
    assert np.array_equal(engine.seen.window(0, FRAMES, 2), seen)


def test_what_is_told_on_the_way_lies_in_the_time_of_the_whole():
    part = Part(60, 160, 402)
    engine, network = Engine(KIT, rate_hz=RATE_HZ, part=part, block_frames=32), ScriptedNetwork([p[60:] for p in BLOCK])
    told = [engine.absorb(*network(frames)) for frames in engine.feed(SAMPLES[60 * HOP :])]
    onsets = np.concatenate([table.onset_s for table in told])
    whole = ended().notes.onset_s
    assert len(onsets) > 5
    assert all(np.abs(whole - onset_s).min() < 0.03 for onset_s in onsets)


def test_a_part_cut_short_keeps_the_rest_of_the_whole():
    before, after = ended().whole_planes(), ended(OTHER).whole_planes()
    engine = hear(PARTS["middle"], ended(), size=HOP, stop_after=230 * HOP)
    notes = engine.cut_short()
    planes = engine.whole_planes()
    reached = int(np.flatnonzero((planes.onset != before.onset).any(axis=1))[-1]) + 1
    assert 160 < reached < 302
    assert same(planes, spliced(Part(60, 160, reached + reached % 2), before, after))
    assert engine.redecode(DecodeOptions()) == notes


def test_what_was_never_heard_is_blank():
    part = PARTS["middle"]
    engine = hear(part)
    engine.finish()
    planes = engine.whole_planes()
    assert len(planes) == part.stop
    assert not any(plane[: part.start].any() for plane in planes.planes)
    assert same(planes.slice(part.start, part.stop), ended(OTHER).whole_planes().slice(part.start, part.stop))
    assert not engine.seen.window(0, part.start, 2).any()
    assert engine.seen.frame_count == part.stop
    short = hear(part, ended(BLOCK, SAMPLES[: 50 * HOP]))  # the first transcription was stopped before the part
    short.finish()
    first = short.whole_planes()
    assert same(first.slice(0, 50), ended(BLOCK, SAMPLES[: 50 * HOP]).whole_planes())
    assert not any(plane[50 : part.start].any() for plane in first.planes)
    assert same(first.slice(part.start, part.stop), planes.slice(part.start, part.stop))


def test_what_is_seen_of_the_part_goes_into_the_whole():
    other = synth.noise(6.0, -30)[::-1].copy()
    part = PARTS["middle"]
    engine = hear(part, ended(), samples=other)
    own, alone = ended().seen, hear(part, samples=other).seen
    for at in range(0, own.frame_count, 2):
        expected = alone if part.start <= at < part.stop else own
        assert np.array_equal(engine.seen.window(at, at + 2, 2), expected.window(at, at + 2, 2)), at
    assert engine.seen.frame_count == own.frame_count


@pytest.mark.parametrize("size", [CHUNK_FRAMES, 100, 3000])
@pytest.mark.parametrize("at", [0, 37, CHUNK_FRAMES - 1, 2 * CHUNK_FRAMES, 2583])
def test_planes_are_put_over_any_chunks(at, size):
    block, other = faked.planes([(0.5, 20.0, 60)], 30.0, seed=2), faked.planes([(0.5, 20.0, 40)], 15.0, seed=3)
    store = store_of(block, size)
    held = [(piece, [plane.copy() for plane in piece.planes]) for piece in store.blocks()]
    at = min(at, len(block))
    store.put(at, other)
    expected = [np.concatenate([a[:at], b, a[at + len(b) :]]) for a, b in zip(block.planes, other.planes, strict=True)]
    assert same(store.whole(88), PlaneBlock(*expected))
    assert len(store) == len(expected[0])
    for piece, copies in held:  # what others may still read has not been written over
        assert same(piece, PlaneBlock(*copies))


def test_beyond_the_end_is_refused():
    store = store_of(faked.planes([(0.2, 0.5, 60)], 1.0))
    with pytest.raises(LinnetError, match=r"at frame 88, but there are 87; pad them first"):
        store.put(88, faked.planes([], 1.0))
    assert len(store) == 87


def test_blank_frames_take_no_room():
    store = store_of(faked.planes([(0.2, 0.5, 60)], 1.0))
    before = store.nbytes
    store.pad(1_000_000, 88)
    assert len(store) == 1_000_000
    assert store.nbytes < before + 2 * 4 * 88 * CHUNK_FRAMES
    store.put(500_000, faked.planes([(0.2, 0.5, 60)], 1.0))
    blocks = list(store.blocks())
    assert sum(block.onset.any() for block in blocks) in (2, 3)  # the first second, and that in the middle
    store.pad(10, 88)
    assert len(store) == 1_000_000


@pytest.mark.parametrize("sizes", [(5000,), (1, 7, 300)])
@pytest.mark.parametrize("start", [0, 500, 2 * CHUNK_COLUMNS - 2, 3400])
def test_seen_frames_are_put_over_any_chunks(start, sizes):
    random = np.random.default_rng(3)
    bins = faked.GRID.bin_count
    old, new = (random.integers(0, 256, (2600, bins), dtype=np.uint8) for _ in range(2))
    whole, alone = SeenFrames(bins), SeenFrames(bins)
    whole.append(old)
    alone.append(new)
    part, before = Part(start, start, start + 1500), whole.window(0, 2600, 2)
    into, at, turn = PartSeen(whole, part), 0, 0
    while at < len(new):
        size = sizes[turn % len(sizes)]
        into.append(new[at : at + size])
        at, turn = at + size, turn + 1
    pairs = len(before)
    wanted = np.zeros((max(pairs, part.stop // PAIR_FRAMES), bins), np.uint8)
    wanted[:pairs] = before
    wanted[start // 2 : part.stop // 2] = alone.window(0, 1500, 2)
    assert np.array_equal(whole.window(0, 10_000, 2), wanted)


@pytest.mark.parametrize(("frames", "word"), [
    ((-2, 0, 10), "fed from 0 or later"),
    ((20, 10, 30), "begin there or later"),
    ((0, 10, 10), "end after that"),
    ((0, 11, 20), "multiples of 2"),
])  # fmt: skip
def test_a_part_out_of_order_is_refused(frames, word):
    with pytest.raises(LinnetError, match=word):
        Part(*frames)


def test_a_part_in_seconds_lies_on_even_frames_of_the_whole():
    grid = faked.GRID
    part = Part.of(grid, grid.frame_to_s(100), 5.0, 8.0)
    assert part == Part(100, 430, 690)
    assert Part.of(grid, 0.0, 0.0, 0.001) == Part(0, 0, 2)
    with pytest.raises(LinnetError, match=r"between two frames of the whole; begin it at"):
        Part.of(grid, grid.frame_to_s(100.5), 5.0, 8.0)


def test_a_part_needs_planes():
    with pytest.raises(LinnetError, match="keep_planes=True"):
        Engine(KIT, rate_hz=RATE_HZ, keep_planes=False, part=Part(0, 0, 10))


def test_whole_is_blocks_for_a_part():
    part = PARTS["middle"]
    reference = hear(part, ended())
    for size in (257, 3000, 100_000):
        engine = hear(part, ended(), size=size)
        assert engine.finish() == reference.finish()
        assert same(engine.whole_planes(), reference.whole_planes())


def test_pieces_of_any_length_go_where_they_belong():
    block, other = faked.planes([(0.5, 9.0, 60)], 10.0, seed=2), faked.planes([(0.5, 9.0, 40)], 10.0, seed=3)
    part = Part(100, 202, 640)
    for size in (1, 13, 512):
        store = store_of(block)
        into = PartPlanes(store, part)
        for at in range(part.fed_from, len(other), size):
            into.append(other.slice(at, min(at + size, len(other))))
        assert same(store.whole(88), spliced(part, block, other))


def test_the_bridge_hears_a_part_on_the_whole_and_alone():
    bridge.open_model(faked.manifest_json())
    grid, part = faked.GRID, PARTS["middle"]

    def network_from(frame, block):
        network = ScriptedNetwork([p[frame:] for p in block])

        async def run(frames, count):
            planes = network(frames.reshape(count, -1))
            names = ("onset", "note", "offset", "velocity", "contour")
            return SimpleNamespace(**{n: memoryview(p.reshape(-1)) for n, p in zip(names, planes, strict=True)})

        return run

    async def go(start, samples, run):
        start()
        await bridge.push(memoryview(samples), run)
        return bridge.note_table(SimpleNamespace(**await bridge.finish(run)))

    def wait(work):
        with ThreadPoolExecutor(1) as own_thread:  # playwright keeps an event loop in this one
            return own_thread.submit(asyncio.run, work).result()

    def start_part(is_on_whole):
        times = zip(("fedFromS", "fromS", "toS"), (part.fed_from, part.start, part.stop), strict=True)
        values = {name: grid.frame_to_s(frame) for name, frame in times}
        return lambda: bridge.start_part(22050.0, 1, "{}", json.dumps({**values, "isOnWhole": is_on_whole}))

    fed = SAMPLES[part.fed_from * HOP : (part.stop + 86) * HOP]
    wait(go(lambda: bridge.start(22050.0, 1, "{}"), SAMPLES, network_from(0, BLOCK)))
    packed = bridge.planes()
    assert wait(go(start_part(True), fed, network_from(part.fed_from, OTHER))) == hear(part, ended()).finish()
    alone = wait(go(start_part(False), fed, network_from(part.fed_from, OTHER)))
    assert alone == hear(part).finish()
    bridge.restore(memoryview(packed))
    assert wait(go(start_part(True), fed, network_from(part.fed_from, OTHER))) == hear(part, ended()).finish()
    bridge.reset()
    with pytest.raises(LinnetError, match="no transcription is under way"):
        start_part(True)()
