"""Samples to the network's frames in one call: what training and whole-signal analysis need."""

from __future__ import annotations

import numpy as np

from linnet.grid import Grid
from linnet.level import Frames, Level, LevelReference
from linnet.vqt import Samples, StreamingVqt, Vqt


class FrameMaker:
    """The transform and the level reference of one stream, behind one `feed`."""

    def __init__(self, vqt: Vqt, level: Level) -> None:
        self._vqt = StreamingVqt(vqt)
        self._level = LevelReference(vqt.grid, level)

    def feed(self, samples: Samples) -> Frames:
        """Mono float32 samples at the grid's rate to the frames they complete [shape=(n, bin_count), uint8]."""
        return self._level.apply(self._vqt.feed(samples))

    def finish(self) -> Frames:
        """The frames still owed; the stream then is over."""
        return self._level.apply(self._vqt.finish())


def frames_of(samples: Samples, vqt: Vqt | Grid, level: Level) -> Frames:
    """All frames of a whole signal [shape=(frame_count, bin_count), uint8].

    Pass a `Vqt` rather than a `Grid` when there are many signals: its kernels take a moment to build.
    """
    maker = FrameMaker(Vqt(vqt) if isinstance(vqt, Grid) else vqt, level)
    return np.concatenate([maker.feed(samples), maker.finish()])
