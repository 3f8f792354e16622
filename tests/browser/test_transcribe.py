"""Native = browser: the same recordings give the same notes."""

import numpy as np
import pytest
import soundfile
import soxr

from linnet.native.transcribe import Transcriber
from tests import recordings, synth
from tests.browser.same_notes import assert_same_notes

SECONDS = 12.0  # of each recording: the whole suite has minutes


@pytest.fixture(scope="module")
def native():
    return Transcriber()


@pytest.mark.parametrize("which", range(5))
def test_native_equals_browser(linnet, native, tmp_path, which):
    clip = recordings.clip(SECONDS, which)
    path = tmp_path / f"{clip.name}.flac"
    soundfile.write(path, clip.samples, synth.RATE_HZ)
    found = linnet.transcribe(path)
    reference = native.transcribe(path).notes
    assert len(reference) > 0
    assert_same_notes(found, reference)


@pytest.mark.parametrize(
    ("rate_hz", "channels", "subtype"),
    [(44100, 2, "PCM_24"), (8000, 1, "PCM_16"), (192000, 2, "FLOAT"), (48000, 6, "PCM_16")],
)
def test_channels_and_rate_are_folded_as_natively(linnet, native, tmp_path, rate_hz, channels, subtype):
    mono = soxr.resample(recordings.clip(5.0, 3).samples, synth.RATE_HZ, rate_hz)
    path = tmp_path / "sound.wav"
    soundfile.write(path, mono[:, None] * np.linspace(0.2, 1.0, channels), rate_hz, subtype=subtype)
    found = linnet.transcribe(path)
    assert len(found["onsetS"]) > 0
    assert_same_notes(found, native.transcribe(path).notes)
