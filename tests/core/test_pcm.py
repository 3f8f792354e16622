"""Channels and rates: what comes out is the same sound, whatever the blocks."""

import numpy as np
import pytest
import soxr

from linnet import BadAudio
from linnet.pcm import Resampler, check_rate, to_mono
from tests import synth


def resampled(samples, rate_hz, sizes=(10_000_000,)):
    resampler, parts, at, turn = Resampler(rate_hz, synth.RATE_HZ), [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        parts.append(resampler.feed(samples[at : at + size]))
        at, turn = at + size, turn + 1
    return np.concatenate([*parts, resampler.finish()])


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 32000, 44100, 44099, 48000, 96000, 192000])
def test_a_tone_stays_the_tone_it_was(rate_hz):
    out = resampled(synth.tone(1000.0, 1.0, rate_hz=rate_hz), rate_hz)
    assert len(out) == pytest.approx(synth.RATE_HZ, abs=1)
    ideal = synth.tone(1000.0, 1.0)[: len(out)]
    assert np.abs(out - ideal[: len(out)])[300:-300].max() < 3e-5


@pytest.mark.parametrize("rate_hz", [44100, 48000, 44099, 8000])
def test_blocks_of_any_size_give_the_same_samples(rate_hz):
    samples = synth.noise(0.7, -20, rate_hz=rate_hz)
    assert (resampled(samples, rate_hz, sizes=(1, 999, 64, 4001)) == resampled(samples, rate_hz)).all()


@pytest.mark.parametrize("rate_hz", [44100, 48000, 96000])
def test_soxr_agrees_in_the_pass_band_and_nothing_folds_back(rate_hz):
    low = synth.noise(1.0, -20, rate_hz=rate_hz)
    spectrum = np.fft.rfft(low)
    spectrum[np.fft.rfftfreq(len(low), 1 / rate_hz) > 9000] = 0
    low = np.fft.irfft(spectrum, len(low)).astype(np.float32)
    ours, theirs = resampled(low, rate_hz), soxr.resample(low, rate_hz, synth.RATE_HZ, "VHQ")
    n = min(len(ours), len(theirs))
    assert np.abs(ours[:n] - theirs[:n])[500:-500].max() < 2e-3 * np.abs(theirs).max()
    assert np.abs(resampled(synth.tone(13_000.0, 1.0, rate_hz=rate_hz), rate_hz))[500:-500].max() < 1e-4


def test_the_resampler_waits_at_most_1_5_ms():
    for rate_hz in (44100, 48000, 96000, 192000):
        assert Resampler(rate_hz, synth.RATE_HZ).look_ahead_samples / rate_hz < 1.5e-3


def test_channels_are_averaged():
    left, right = synth.tone(440.0, 0.1), synth.tone(660.0, 0.1)
    assert np.allclose(to_mono(np.stack([left, right], axis=1)), (left + right) / 2, atol=1e-7)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused_with_their_place(bad):
    pcm = synth.tone(440.0, 0.1)
    pcm[100] = bad
    with pytest.raises(BadAudio, match=r"NaN or infinity.*3\.50 s"):
        to_mono(pcm, at_s=3.5)


@pytest.mark.parametrize("rate_hz", [0, -1, 999, 44100.5, float("nan"), 2_000_000])
def test_an_impossible_rate_is_refused(rate_hz):
    with pytest.raises(BadAudio, match="sample rate"):
        check_rate(rate_hz)
