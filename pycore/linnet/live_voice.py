"""The other live engine: PCM of one voice in, events out, with the least delay. No network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linnet.live_events import LiveEvents
from linnet.one_voice import OneVoice
from linnet.options import DecodeOptions
from linnet.pcm import Resampler, check_rate, to_mono
from linnet.pitch_tracker import PitchTracker


class LiveVoice:
    """One take. `tracked_rate_hz` is the rate at which pitch is read."""

    def __init__(self, tracked_rate_hz: int, options: DecodeOptions | None = None, *, rate_hz: float) -> None:
        self._rate_hz = check_rate(rate_hz)
        self._fed = 0
        self._resampler = Resampler(self._rate_hz, tracked_rate_hz)
        self._tracker = PitchTracker(tracked_rate_hz)
        self._voice = OneVoice(tracked_rate_hz, options)

    def feed(self, pcm: NDArray[np.floating]) -> LiveEvents:
        """Take float PCM [n] or [n, channels] at `rate_hz`; the events that became known with it."""
        samples = to_mono(pcm, self._fed / self._rate_hz)
        self._fed += len(samples)
        return LiveEvents.of(self._voice.feed(self._tracker.feed(self._resampler.feed(samples))))

    def finish(self) -> LiveEvents:
        """The take is over; what still sounds ends."""
        events = self._voice.feed(self._tracker.feed(self._resampler.finish()))
        return LiveEvents.of(events + self._voice.finish())
