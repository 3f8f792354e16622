"""The causal level reference: gain changes nothing, the past decides, silence stays dark."""

import numpy as np
import pytest

from linnet import BadModel, Grid
from linnet.frames import FrameMaker, frames_of
from linnet.level import Level, LevelReference
from linnet.vqt import Vqt
from tests import recordings, synth

GRID = Grid()
VQT = Vqt(GRID)


@pytest.mark.parametrize("gain", [0.01, 0.1, 0.33])
def test_gain_changes_no_frame(gain):
    samples = recordings.clip(8.0).samples
    loud, soft = (frames_of(s, VQT, Level()) for s in (samples, (samples * np.float32(gain))))
    # float32 samples round differently at another gain: a code may differ by one, never more
    assert np.abs(loud.astype(int) - soft).max() <= 1


def test_silence_is_zero_and_a_tone_is_full():
    assert frames_of(synth.silence(1.0), VQT, Level()).max() == 0
    frames = frames_of(synth.tone(440.0, 1.0), VQT, Level())
    assert frames[40].max() == 255
    assert frames[40].argmax() == 144


def test_the_reference_falls_slowly_and_rises_at_once():
    reference = LevelReference(GRID, Level(release_db_per_s=1.0))
    frame = np.full((1, GRID.bin_count), 0.1)
    assert reference.apply(frame).max() == 255
    assert reference.reference_dbfs == pytest.approx(-20.0, abs=0.01)
    seconds = 5.0
    quiet = np.full((round(seconds * GRID.frames_per_s), GRID.bin_count), 1e-4)
    reference.apply(quiet)
    assert reference.reference_dbfs == pytest.approx(-20.0 - seconds, abs=0.2)
    reference.apply(frame * 10)
    assert reference.reference_dbfs == pytest.approx(0.0, abs=0.01)


def test_the_future_changes_nothing():
    samples = np.concatenate([synth.tone(330.0, 1.0, 0.05), synth.tone(660.0, 1.0, 0.9)])
    alone = FrameMaker(VQT, Level()).feed(samples[:22050])
    together = FrameMaker(VQT, Level()).feed(samples)
    assert (together[: len(alone)] == alone).all()


def test_blocks_of_any_size_give_the_same_frames():
    samples = recordings.clip(4.0).samples
    maker, parts = FrameMaker(VQT, Level()), []
    for at in range(0, len(samples), 777):
        parts.append(maker.feed(samples[at : at + 777]))
    parts.append(maker.finish())
    assert (np.concatenate(parts) == frames_of(samples, VQT, Level())).all()


def test_an_impossible_level_is_refused():
    with pytest.raises(BadModel, match="range_db"):
        Level(range_db=0.0)
