"""A singer who drifts into a pitch sings one note, not two."""

import pytest

from linnet import DecodeOptions
from tests.core import faked
from tests.core.test_decode import decode

SLIDING = faked.manifest(slide_threshold=0.2)


def drifted(gap_s=0.0, weak=True):
    """A short note on 59, then 60 that begins without an attack of its own."""
    block = faked.planes([(1.0, 1.15, 59), (1.15 + gap_s, 2.0, 60)], 3.0)
    if weak:
        block.onset[:, 60 - 21] = 0
    return block


def test_the_note_keeps_the_attack_and_takes_the_pitch_it_settles_on():
    (note,) = decode(drifted(), manifest=SLIDING)
    assert note.pitch == 60
    assert note.onset_s == pytest.approx(1.0, abs=0.006)
    assert note.offset_s == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize("block", [drifted(gap_s=0.2), drifted(weak=False)])
def test_two_attacks_or_a_pause_make_two_notes(block):
    assert [n.pitch for n in decode(block, manifest=SLIDING)] == [59, 60]


def test_without_the_constant_nothing_slides():
    assert [n.pitch for n in decode(drifted())] == [59, 60]


@pytest.mark.parametrize("sizes", [(1,), (3, 50), (128,)])
def test_streamed_is_whole(sizes):
    notes = [(a, b, p) for i in range(8) for a, b, p in ((i, i + 0.12, 59 + i), (i + 0.12, i + 0.8, 60 + i))]
    block = faked.planes(notes, 9.0, seed=4)
    block.onset[:, [60 - 21 + i for i in range(8)]] //= 3
    whole = decode(block, DecodeOptions(shortest_note_s=0.0), manifest=SLIDING)
    assert decode(block, DecodeOptions(shortest_note_s=0.0), sizes, manifest=SLIDING) == whole
    assert 8 <= len(whole) < 16
