"""Notes out of planes: times, restarts, soft starts, settings, and the same notes however the planes are cut."""

import numpy as np
import pytest

from linnet import DecodeOptions, NoteTable
from linnet.decode import Decoder
from linnet.planes import PlaneStore
from tests.core import faked

MANIFEST = faked.manifest()


def decode(block, options=None, sizes=(1_000_000,), manifest=MANIFEST):
    decoder, tables, at, turn = Decoder(manifest, options or DecodeOptions()), [], 0, 0
    while at < len(block):
        size = sizes[turn % len(sizes)]
        tables.append(decoder.feed(block.slice(at, at + size)))
        at, turn = at + size, turn + 1
    return NoteTable.join([*tables, decoder.finish()])


def test_every_note_is_found_at_its_time():
    notes = faked.random_notes(3, 20.0, 80)
    table = decode(faked.planes(notes, 20.0))
    assert [(n.pitch) for n in table] == [p for _, _, p in notes]
    onset_error = table.onset_s - np.array([a for a, _, _ in notes])
    assert np.abs(onset_error).max() < 0.004
    assert abs(onset_error.mean()) < 0.002
    assert np.abs(table.offset_s - np.array([b for _, b, _ in notes])).max() < 0.02


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (128,), (1, 500, 7), (4,)])
@pytest.mark.parametrize("options", [DecodeOptions(), DecodeOptions(sensitivity=0.9, sustain=0.8, shortest_note_s=0.0)])
def test_streamed_is_whole_exactly(sizes, options):
    block = faked.planes(faked.random_notes(5, 8.0, 60), 8.0, seed=7)
    whole = decode(block, options)
    assert len(whole) > 20
    assert decode(block, options, sizes) == whole


def test_stored_planes_decode_to_exactly_the_first_result():
    block = faked.planes(faked.random_notes(6, 40.0, 200), 40.0, seed=8)
    store = PlaneStore()
    for at in range(0, len(block), 128):
        store.append(block.slice(at, at + 128))
    decoder = Decoder(MANIFEST, DecodeOptions())
    again = NoteTable.join([*(decoder.feed(b) for b in store.blocks()), decoder.finish()])
    assert again == decode(block)


def test_a_repeated_note_ends_the_one_before():
    table = decode(faked.planes([(1.0, 1.5, 60), (1.5, 2.0, 60)], 3.0))
    assert len(table) == 2
    assert table.offset_s[0] == pytest.approx(table.onset_s[1])
    assert table.onset_s[1] == pytest.approx(1.5, abs=0.006)


def test_a_note_that_swells_without_an_attack_is_found():
    block = faked.planes([(1.0, 2.0, 60)], 3.0)
    block.onset[:] = 0
    table = decode(block)
    assert [n.pitch for n in table] == [60]
    assert table.onset_s[0] == pytest.approx(1.0, abs=0.03)


def test_an_attack_that_no_note_follows_is_none():
    block = faked.planes([(1.0, 2.0, 60)], 3.0)
    block.note[:] = 0
    assert len(decode(block)) == 0


def test_a_short_dip_does_not_cut_a_note():
    block = faked.planes([(1.0, 2.0, 60)], 3.0)
    middle = round(MANIFEST.grid.s_to_frame(1.5))
    block.note[middle : middle + 3, 39] = 0
    assert len(decode(block)) == 1


def test_a_note_that_lasts_to_the_end_is_closed():
    table = decode(faked.planes([(1.0, 9.0, 60)], 2.0))
    assert table.offset_s[0] == pytest.approx(2.0, abs=0.02)


def test_settings_do_what_they_say():
    notes = [(1.0, 1.05, 60), (2.0, 3.0, 64), (4.0, 5.0, 40)]
    block = faked.planes(notes, 6.0)
    assert len(decode(block, DecodeOptions(shortest_note_s=0.0))) == 3
    assert [n.pitch for n in decode(block, DecodeOptions(shortest_note_s=0.1))] == [64, 40]
    assert [n.pitch for n in decode(block, DecodeOptions(lowest_pitch=62))] == [64]
    assert [n.pitch for n in decode(block, DecodeOptions(highest_pitch=60, shortest_note_s=0.0))] == [60, 40]


def test_more_sensitivity_never_finds_fewer_notes():
    block = faked.planes(faked.random_notes(9, 20.0, 100), 20.0, seed=10)
    counts = [len(decode(block, DecodeOptions(sensitivity=s, shortest_note_s=0.0))) for s in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_velocity_is_what_the_plane_says():
    table = decode(faked.planes([(1.0, 2.0, 60)], 3.0, velocity=0.6))
    assert table.velocity[0] == pytest.approx(0.6 * 127, abs=3)


def test_confidence_rises_with_the_evidence():
    sure = faked.planes([(1.0, 2.0, 60)], 3.0)
    unsure = faked.planes([(1.0, 2.0, 60)], 3.0)
    unsure.note[unsure.note > 128] = 140
    unsure.onset[unsure.onset > 128] = 140
    assert 0 < decode(unsure).confidence[0] < decode(sure).confidence[0] <= 1
