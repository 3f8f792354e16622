"""Curves out of contours: vibrato and slides in true cents, none for steady notes."""

import numpy as np
import pytest

from linnet import DecodeOptions
from linnet.decode import Decoder
from tests.core import faked
from tests.core.test_decode import decode

GRID = faked.GRID


def frames(seconds):
    return np.arange(GRID.frame_count(round(seconds * GRID.sample_rate_hz))) / GRID.frames_per_s


def curve_at(note, times):
    """The cents that hold at each time."""
    index = np.searchsorted(note.bend_s, times, side="right") - 1
    return np.array(note.bend_cents)[np.maximum(index, 0)]


def test_vibrato_is_followed_in_cents():
    t = frames(4.0)
    wobble = 60 * np.sin(2 * np.pi * 5.0 * t)
    (note,) = decode(faked.planes([(1.0, 3.0, 69)], 4.0, cents={0: wobble}))
    inside = t[(t > 1.1) & (t < 2.9)]
    error = curve_at(note, inside) - np.interp(inside, t, wobble)
    assert np.abs(error).mean() < 10
    assert max(note.bend_cents) == pytest.approx(55, abs=12)


def test_a_slide_of_a_semitone_is_followed():
    t = frames(3.0)
    slide = np.clip((t - 1.2) / 0.6, 0, 1) * 100
    (note,) = decode(faked.planes([(1.0, 2.5, 60)], 3.0, cents={0: slide}))
    inside = t[(t > 1.05) & (t < 2.45)]
    assert np.abs(curve_at(note, inside) - np.interp(inside, t, slide)).max() < 20


def test_a_steady_note_has_no_curve_and_off_means_none():
    assert decode(faked.planes([(1.0, 2.0, 60)], 3.0))[0].bend_s == ()
    wobble = 80 * np.sin(2 * np.pi * 5.0 * frames(3.0))
    block = faked.planes([(1.0, 2.0, 60)], 3.0, cents={0: wobble})
    assert decode(block)[0].bend_s
    assert decode(block, DecodeOptions(bends="off"))[0].bend_s == ()


def test_as_heard_keeps_every_wrinkle():
    wrinkle = np.zeros(len(frames(3.0)))
    wrinkle[150] = 40.0
    block = faked.planes([(1.0, 2.5, 60)], 3.0, cents={0: wrinkle})
    assert decode(block)[0].bend_s == ()
    heard = decode(block, DecodeOptions(bends="heard"))[0]
    assert max(heard.bend_cents) == pytest.approx(40, abs=4)
    assert heard.bend_s[-1] - heard.bend_s[0] < 2.0


def test_curves_are_sparse_and_inside_their_note():
    wobble = 50 * np.sin(2 * np.pi * 4.0 * frames(6.0))
    (note,) = decode(faked.planes([(1.0, 5.0, 60)], 6.0, cents={0: wobble}))
    assert note.bend_s[0] >= note.onset_s
    assert note.bend_s[-1] <= note.offset_s
    assert all(b > a for a, b in zip(note.bend_s, note.bend_s[1:], strict=False))
    assert len(note.bend_s) < 4.0 * GRID.frames_per_s
    steps = np.diff(note.bend_cents)
    assert (steps != 0).all()


@pytest.mark.parametrize("interval", [1, 2, 4])
def test_a_neighbouring_note_does_not_pull_the_curve(interval):
    block = faked.planes([(1.0, 2.0, 60), (1.2, 2.4, 60 + interval)], 3.0)
    assert all(note.bend_s == () for note in decode(block))


def test_streamed_curves_are_whole_curves():
    wobble = 60 * np.sin(2 * np.pi * 5.0 * frames(5.0))
    block = faked.planes([(0.5, 4.0, 60), (1.0, 1.5, 72), (2.0, 4.5, 50)], 5.0, cents={0: wobble, 2: wobble / 2})
    whole = decode(block)
    assert len(whole.bend_s) > 10
    for sizes in ((1,), (17,), (200, 3)):
        assert decode(block, sizes=sizes) == whole


def test_of_a_very_long_note_the_last_minute_is_followed():
    wobble = 60 * np.sin(2 * np.pi * 1.0 * frames(80.0))
    block = faked.planes([(1.0, 75.0, 60)], 80.0, cents={0: wobble})
    (note,) = decode(block)
    assert note.bend_s[0] == pytest.approx(15.0, abs=0.5)
    assert decode(block, sizes=(128,))[0] == note


def test_frames_that_no_note_needs_are_forgotten():
    manifest = faked.manifest()
    seconds = 120.0
    notes = [(t, t + 0.5, 60) for t in np.arange(0.5, seconds - 1, 1.0)]
    block = faked.planes(notes, seconds, cents={0: 30 * np.ones(len(frames(seconds)))})
    decoder = Decoder(manifest, DecodeOptions())
    held = []
    for start in range(0, len(block), 512):
        decoder.feed(block.slice(start, start + 512))
        held.append(sum(part.shape[1] for part in decoder._bends._blocks))
    assert max(held) < 2500
