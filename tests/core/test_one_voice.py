"""Play: pitch of one voice, and notes told with the least delay."""

import numpy as np
import pytest

from linnet import BadAudio, DecodeOptions
from linnet.live_events import BACK, BEND, OFF, ON
from linnet.live_voice import LiveVoice
from linnet.pitch_tracker import HOP_SAMPLES, LONG_SAMPLES, PitchTracker
from tests import synth
from tests.core.test_live import rows


def reed(pitch, seconds, rate_hz=synth.RATE_HZ):
    """A steady tone with eight partials."""
    partials = sum(synth.tone(synth.hertz(pitch) * n, seconds, 0.25 / n, rate_hz) for n in range(1, 9))
    return np.asarray(partials, np.float32)


def play(samples, size=256, rate_hz=22050, options=None):
    voice, told = LiveVoice(22050, options, rate_hz=rate_hz), []
    for at in range(0, len(samples), size):
        told += [(at + size, event) for event in rows(voice.feed(samples[at : at + size]))]
    return told + [(len(samples), event) for event in rows(voice.finish())]


@pytest.mark.parametrize("pitch", [40, 45, 52, 60, 69, 81, 93])
def test_pitch_is_read_within_a_few_cents(pitch):
    frames = PitchTracker(22050).feed(reed(pitch, 0.5))
    steady = slice(20, None)
    assert np.abs(frames.pitch[steady] - pitch).max() < 0.06
    assert frames.clarity[steady].min() > 0.9


def test_pitch_frames_do_not_depend_on_the_blocks():
    samples = reed(57, 0.4) + synth.noise(0.4, -40)
    tracker = PitchTracker(22050)
    parts = [tracker.feed(samples[at : at + 333]) for at in range(0, len(samples), 333)]
    whole = PitchTracker(22050).feed(samples)
    for name in whole._fields:
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert np.allclose(joined, getattr(whole, name), atol=1e-9), name


@pytest.mark.parametrize("pitch", [40, 48, 60, 72, 84])
@pytest.mark.parametrize("rate_hz", [22050, 48000])
def test_a_note_is_told_within_60_ms(pitch, rate_hz):
    samples = np.concatenate([synth.noise(0.5, -80, rate_hz=rate_hz), reed(pitch, 0.6, rate_hz)])
    size = 128
    told = play(samples, size, rate_hz)
    at, event = next((at, event) for at, event in told if event[0] == ON)
    assert event[2] == pitch
    assert (at - size) / rate_hz - 0.5 <= 0.060
    assert abs(event[4] - 0.5) < 0.03


def test_a_tune_is_told_note_by_note():
    pitches = [60, 62, 64, 67, 67, 55]
    samples = np.concatenate([np.concatenate([reed(p, 0.3), synth.silence(0.05)]) for p in pitches])
    told = play(samples)
    assert [event[2] for _, event in told if event[0] == ON] == pitches
    assert not [event for _, event in told if event[0] == BACK]
    on = {event[1]: event[4] for _, event in told if event[0] == ON}
    off = {event[1]: event[4] for _, event in told if event[0] == OFF}
    assert set(on) == set(off)
    assert all(0.2 < off[note] - on[note] < 0.36 for note in on)


def test_a_step_without_a_gap_is_two_notes():
    told = play(np.concatenate([reed(60, 0.4), reed(63, 0.4)]))
    assert [event[2] for _, event in told if event[0] == ON] == [60, 63]


def test_a_struck_string_that_is_struck_again_is_two_notes():
    told = play(np.concatenate([synth.plucked(57, 0.5), synth.plucked(57, 0.5)]))
    assert [event[2] for _, event in told if event[0] == ON] == [57, 57]


def test_a_slide_is_a_bend():
    t = np.arange(22050) / 22050
    pitch = 60 + np.clip(t - 0.4, 0, 0.5) * 0.9
    samples = (0.4 * np.sin(2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / 22050)).astype(np.float32)
    bends = [event[5] for _, event in play(samples) if event[0] == BEND]
    assert bends
    assert bends == sorted(bends)
    assert bends[-1] == pytest.approx(45, abs=8)
    assert not [e for _, e in play(samples, options=DecodeOptions(bends="off")) if e[0] == BEND]


@pytest.mark.parametrize("sound", [synth.silence(2), synth.noise(2, -20), synth.noise(2, -60)])
def test_nothing_is_told_where_there_is_no_note(sound):
    assert not [event for _, event in play(sound) if event[0] == ON]


def test_the_range_holds():
    samples = np.concatenate([reed(50, 0.3), reed(65, 0.3)])
    assert [e[2] for _, e in play(samples, options=DecodeOptions(lowest_pitch=60)) if e[0] == ON] == [65]


def test_bad_sound_is_refused():
    with pytest.raises(BadAudio, match="NaN"):
        play(np.full(4000, np.nan, np.float32))


def test_the_look_ahead_is_what_the_map_says():
    assert (HOP_SAMPLES, LONG_SAMPLES) == (128, 1024)
