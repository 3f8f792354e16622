"""The transform against tones whose answer is known, against a direct sum, and against librosa."""

import librosa
import numpy as np
import pytest

from linnet import BadAudio, Grid
from linnet.vqt import StreamingVqt, Vqt, window_samples
from tests import recordings, synth

GRID = Grid()
VQT = Vqt(GRID)


def whole(samples, vqt=VQT):
    stream = StreamingVqt(vqt)
    return np.concatenate([stream.feed(samples), stream.finish()])


def test_every_bin_waits_less_than_95_ms():
    assert window_samples(GRID).max() / 2 <= VQT.look_ahead_samples
    assert VQT.look_ahead_samples / GRID.sample_rate_hz <= 0.0935  # 1.5 ms are left to the resampler


@pytest.mark.parametrize("pitch", [21, 33, 45, 57, 69, 81, 93, 105])
def test_a_tone_peaks_in_its_bin_with_its_amplitude(pitch):
    frames = whole(synth.tone(synth.hertz(pitch), 1.0, amplitude=0.4))
    middle = frames[40]
    assert middle.argmax() == 3 * (pitch - 21)
    assert middle.max() == pytest.approx(0.4, rel=0.02)


def test_a_click_is_centred_on_its_frame():
    samples = synth.silence(1.0)
    samples[40 * GRID.hop_samples] = 1.0
    top = whole(samples)[:, -1]
    assert top.argmax() == 40
    assert top[39] == pytest.approx(top[41], rel=1e-6)


def test_a_sweep_is_followed():
    samples, hz = synth.sweep(60.0, 8000.0, 6.0)
    frames = whole(samples)
    at = np.arange(40, len(frames) - 40)
    heard = 12 * np.log2(GRID.bin_hz[frames[at].argmax(axis=1)] / hz[at * GRID.hop_samples])
    assert np.abs(heard).max() < 0.5  # semitones


@pytest.mark.parametrize("sizes", [[1], [7, 300, 1], [255, 257], [4096], [10_000, 3]])
def test_blocks_of_any_size_give_the_same_frames(sizes):
    seconds = 0.4 if sizes == [1] else 3.0
    samples = synth.noise(seconds, -20) + synth.tone(220.0, seconds)
    stream, parts, at, turn = StreamingVqt(VQT), [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        parts.append(stream.feed(samples[at : at + size]))
        at, turn = at + size, turn + 1
    parts.append(stream.finish())
    reference, streamed = whole(samples), np.concatenate(parts)
    assert streamed.shape == reference.shape == (GRID.frame_count(len(samples)), GRID.bin_count)
    assert np.abs(streamed - reference).max() <= 1e-14  # float64 rounding: a matrix product may sum in another order


def test_a_frame_comes_as_soon_as_its_samples_are_there():
    stream = StreamingVqt(VQT)
    samples = synth.noise(1.0, -20)
    assert len(stream.feed(samples[: VQT.look_ahead_samples - 1])) == 0
    assert len(stream.feed(samples[:1])) == 1
    assert len(stream.feed(samples[: GRID.hop_samples - 1])) == 0
    assert len(stream.feed(samples[:1])) == 1


@pytest.mark.parametrize("gamma_hz", [0.0, 5.0])
def test_it_is_the_inner_product_with_windowed_exponentials(gamma_hz):
    grid = Grid(gamma_hz=gamma_hz)
    samples = synth.noise(3.0, -12)
    frames = whole(samples, Vqt(grid))
    lengths = window_samples(grid)
    centre = 130 * grid.hop_samples
    for bin_ in (0, 1, 50, 123, 200, 308):
        t = np.arange(len(samples)) - centre
        inside = np.abs(t) < lengths[bin_] / 2
        window = np.where(inside, 0.5 + 0.5 * np.cos(2 * np.pi * t / lengths[bin_]), 0.0)
        atom = window / window.sum() * np.exp(-2j * np.pi * grid.bin_hz[bin_] / grid.sample_rate_hz * t)
        assert frames[130, bin_] == pytest.approx(2 * abs((samples * atom).sum()), abs=1e-3 * frames.max())


def _librosa(samples, gamma_hz):
    value = librosa.vqt(
        samples, sr=GRID.sample_rate_hz, hop_length=GRID.hop_samples, fmin=27.5, n_bins=GRID.bin_count,
        bins_per_octave=GRID.bins_per_octave, gamma=gamma_hz, scale=True, norm=1, sparsity=0, pad_mode="constant",
    )  # fmt: skip
    # librosa scales by sqrt(length) and by half: a sinusoid of amplitude A gives A * sqrt(length) / 2
    return 2 * np.abs(value).T / np.sqrt(window_samples(Grid(gamma_hz=gamma_hz)))


@pytest.mark.parametrize("kind", ["tones", "sweep", "recording"])
@pytest.mark.parametrize("gamma_hz", [0.0, 5.0])
def test_librosa_agrees(kind, gamma_hz):
    if kind == "tones":
        samples = synth.faded(sum(synth.tone(synth.hertz(p), 4.0, 0.1) for p in (33, 52, 64, 71, 88)))
    elif kind == "sweep":
        samples = synth.faded(synth.sweep(60.0, 8000.0, 4.0)[0])
    else:
        samples = recordings.clip(seconds=6.0).samples
    ours = whole(samples, Vqt(Grid(gamma_hz=gamma_hz)))
    theirs = _librosa(samples, gamma_hz)[: len(ours)]
    # Two places where librosa is not the reference: its decimation filters bite into the top bins of every
    # octave but the highest, and at gamma = 5 its lowest windows are rounded to 32 samples of a decimated signal.
    octave_place = (np.arange(GRID.bin_count) - GRID.bin_count) % GRID.bins_per_octave
    compared = (octave_place < 26) | (np.arange(GRID.bin_count) >= GRID.bin_count - 36)
    compared[: 0 if gamma_hz == 0 else 36] = False
    difference = (np.abs(ours - theirs) / ours.max())[:, compared]
    assert np.sqrt((difference**2).mean()) < 0.004
    assert difference.max() < 0.04


def test_stereo_or_integer_samples_are_refused():
    for wrong in (np.zeros((10, 2), np.float32), np.zeros(10, np.int16)):
        with pytest.raises(BadAudio, match="mono float32"):
            StreamingVqt(VQT).feed(wrong)
