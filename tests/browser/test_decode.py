"""Every kind of audio file becomes the very samples that the native host reads."""

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from tests.browser import site

READ = """async (app) => {
  const { openAudio } = await import(new URL(`${app}/page/audio/audio-source.js`, document.baseURI).href);
  const source = await openAudio(document.getElementById("probe").files[0]);
  const samples = [];
  for await (const block of source.blocks()) samples.push(...block);
  return { rateHz: source.rateHz, channels: source.channels, durationS: source.durationS, samples };
}"""


def reader(tab):
    """File -> what the page's decoder gives."""
    tab.evaluate("document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'probe'}))")

    def read(path):
        tab.set_input_files("#probe", path)
        return tab.evaluate(READ, site.folder("app"))

    yield read
    tab.evaluate("document.getElementById('probe').remove()")


@pytest.fixture(scope="module")
def read(shared_page):
    yield from reader(shared_page.page)


@pytest.fixture(scope="module")
def read_with_old_decoders(old_decoders_page):
    yield from reader(old_decoders_page.page)


def sound(rate_hz, channels, seconds):
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    noise = np.random.default_rng(0).normal(0, 0.01, (len(t), channels))
    return np.stack([0.4 * np.sin(2 * np.pi * 220 * (c + 1) * t) for c in range(channels)], 1) + noise


LOSSLESS = [
    ("wav", "WAV", "PCM_16", 44100, 2),
    ("wav", "WAV", "PCM_24", 48000, 2),
    ("wav", "WAVEX", "PCM_24", 48000, 6),
    ("wav", "WAV", "PCM_32", 44100, 1),
    ("wav", "WAV", "FLOAT", 44100, 2),
    ("wav", "WAV", "DOUBLE", 44100, 1),
    ("wav", "WAV", "PCM_U8", 22050, 1),
    ("wav", "WAV", "PCM_16", 8000, 1),
    ("wav", "WAV", "PCM_24", 192000, 2),
    ("wav", "RF64", "PCM_16", 44100, 2),
    ("flac", "FLAC", "PCM_16", 44100, 2),
    ("flac", "FLAC", "PCM_24", 96000, 2),
    ("flac", "FLAC", "PCM_16", 48000, 6),
    ("flac", "FLAC", "PCM_16", 8000, 1),
]


@pytest.mark.parametrize(("ending", "form", "subtype", "rate_hz", "channels"), LOSSLESS)
def test_lossless_samples_are_equal(read, tmp_path, ending, form, subtype, rate_hz, channels):
    path = tmp_path / f"sound.{ending}"
    soundfile.write(path, sound(rate_hz, channels, 0.6), rate_hz, subtype=subtype, format=form)
    found = read(path)
    wanted, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert (found["rateHz"], found["channels"]) == (rate_hz, channels)
    samples = np.array(found["samples"], np.float32).reshape(-1, channels)
    assert np.array_equal(samples, wanted)


@pytest.mark.parametrize("arguments", [("m.mp3",), ("o.ogg", "-c:a", "libvorbis"), ("o.opus",)], ids=lambda a: a[0])
def test_lossy_samples_are_equal_but_for_rounding(read, tmp_path, arguments):
    found, wanted = _encoded(read, tmp_path, *arguments)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < 1e-5


def test_mp3_of_16_bit_decoders_is_one_step_off_at_most(read_with_old_decoders, tmp_path):
    found, wanted = _encoded(read_with_old_decoders, tmp_path, "m.mp3")
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < 1 / 32768 + 1e-5


def test_aac_starts_on_time(read, tmp_path):
    found, original = _encoded(read, tmp_path, "a.m4a", "-c:a", "aac", compare_to_original=True)
    assert abs(len(found) - len(original)) <= 1024
    n = min(len(found), len(original)) - 4000
    lags = np.correlate(found[2000:n, 0], original[2100 : n - 100, 0], "valid")
    assert abs(int(np.argmax(lags)) - 100) <= 2


def _encoded(read, tmp_path, name, *options, compare_to_original=False):
    assert shutil.which("ffmpeg"), "ffmpeg was not found on PATH; install it (apt-get install ffmpeg)"
    original = sound(48000, 2, 1.0)
    soundfile.write(tmp_path / "original.wav", original, 48000)
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "original.wav", *options, tmp_path / name], check=True)
    found = read(tmp_path / name)
    wanted = original if compare_to_original else soundfile.read(tmp_path / name, dtype="float32", always_2d=True)[0]
    return np.array(found["samples"], np.float32).reshape(-1, found["channels"]), wanted
