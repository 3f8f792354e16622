"""What is kept for the eye: small, true to the frames, the same for any cut."""

import numpy as np
import pytest

from linnet import LinnetError
from linnet.ghosts import without
from linnet.notes import Note, NoteTable
from linnet.planes import PlaneStore
from linnet.seen import CHUNK_COLUMNS, PAIR_FRAMES, SeenFrames, likelihood
from tests.core import faked

BINS = faked.GRID.bin_count
FRAMES = np.random.default_rng(5).integers(0, 256, (2 * PAIR_FRAMES * CHUNK_COLUMNS + 301, BINS), dtype=np.uint8)


def seen(sizes=(77,)):
    kept, at, turn = SeenFrames(BINS), 0, 0
    while at < len(FRAMES):
        kept.append(FRAMES[at : at + sizes[turn % len(sizes)]])
        at, turn = at + sizes[turn % len(sizes)], turn + 1
    return kept


@pytest.mark.parametrize("step", [2, 8, 512, 4096])
@pytest.mark.parametrize("start", [0, 510, 2048])
def test_a_window_is_the_loudest_of_its_frames(start, step):
    window = seen().window(start, 2500, step)
    stop = min(2500, len(FRAMES) - len(FRAMES) % PAIR_FRAMES)
    expected = np.maximum.reduceat(FRAMES[start:stop], np.arange(0, stop - start, step), axis=0)
    assert window.shape == expected.shape
    assert np.abs(window.astype(int) - expected).max() <= 15


def test_any_cut_keeps_the_same():
    whole = seen((len(FRAMES),)).window(0, len(FRAMES), 2)
    assert np.array_equal(seen((1, 300, 9)).window(0, len(FRAMES), 2), whole)


def test_it_is_small_and_comes_back_from_storage():
    kept = seen()
    assert kept.nbytes < 0.3 * FRAMES.nbytes + CHUNK_COLUMNS * BINS
    again = SeenFrames.restored(kept.kept(), BINS)
    assert again.frame_count == kept.frame_count
    assert np.array_equal(again.window(0, 10**6, 4), kept.window(0, 10**6, 4))
    assert len(SeenFrames(BINS).window(0, 100, 2)) == 0


def test_likelihood_is_the_planes_own():
    block = faked.planes([(0.5, 2.5, 60)], 30.0, seed=2)
    store = PlaneStore()
    for at in range(0, len(block), 700):
        store.append(block.slice(at, min(at + 700, len(block))))
    both = np.concatenate([block.note, block.onset], axis=1)
    assert np.array_equal(likelihood(store, 100, 2000, 1), both[100:2000])
    assert np.array_equal(likelihood(store, 0, 4096, 1024)[0], both[:1024].max(axis=0))
    assert len(likelihood(PlaneStore(), 0, 100, 1)) == 0


def test_ghosts_are_none_of_the_notes():
    notes = NoteTable.of([Note(0.0, 1.0, 60), Note(1.0, 2.0, 60), Note(0.0, 4.0, 64)])
    candidates = [
        Note(0.1, 0.9, 60),
        Note(0.9, 1.1, 60),
        Note(2.5, 3.0, 60, bend_s=(2.5, 2.6), bend_cents=(5.0, 8.0)),
        Note(0.1, 0.2, 62),
        Note(1.9, 2.9, 60),
        Note(3.0, 3.5, 64),
    ]
    found = without(NoteTable.of(candidates), notes)
    assert found == NoteTable.of([candidates[2], candidates[3], candidates[4]])
    assert without(NoteTable(), notes) == NoteTable()
    assert without(notes, NoteTable()) == notes


def test_the_bridge_refuses_other_kinds():
    from linnet import bridge

    bridge.open_model(faked.manifest_json())
    bridge.start(22050, 1, "{}")
    assert bridge.underlay("transform", 0, 512, 2)["columns"] == 0
    assert bridge.underlay("likelihood", 0, 512, 2)["columns"] == 0
    with pytest.raises(LinnetError, match="transform or likelihood"):
        bridge.underlay("waveform", 0, 512, 2)
    bridge.reset()
