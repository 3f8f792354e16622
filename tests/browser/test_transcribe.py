"""Native = browser: the same recordings give the same notes."""

import numpy as np
import pytest
import soundfile

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


def test_channels_and_rate_are_folded_as_natively(linnet, native, tmp_path):
    mono = recordings.clip(6.0, 3).samples
    twice = np.repeat(mono, 2)  # 44.1 kHz
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([twice, 0.25 * twice], 1), 44100, subtype="PCM_24")
    assert_same_notes(linnet.transcribe(path), native.transcribe(path).notes)
