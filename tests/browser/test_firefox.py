"""Firefox gives the same notes as the native host, and decodes lossless files to the same samples."""

import base64

import numpy as np
import pytest
import soundfile

from linnet.native.transcribe import Transcriber
from tests import recordings, synth
from tests.browser import site
from tests.browser.bidi import firefox
from tests.browser.same_notes import assert_same_notes

READ = """(async () => {
  const { openAudio } = await import(new URL("%s/page/audio/audio-source.js", document.baseURI).href);
  const source = await openAudio(document.getElementById("probe").files[0]);
  const blocks = [];
  for await (const block of source.blocks()) blocks.push(block);
  const bytes = new Uint8Array(await new Blob(blocks).arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return { rateHz: source.rateHz, channels: source.channels, samples: btoa(text) };
})()"""


@pytest.fixture(scope="module")
def fox(served):
    with firefox() as tab:
        tab.go(served.url)
        tab.wait_for("ready")
        yield tab


def test_isolated_and_quiet(fox):
    assert fox.evaluate("crossOriginIsolated")
    loud = [line for line in fox.console if line.startswith(("error", "warn"))]
    assert loud == []


@pytest.mark.parametrize("which", range(5))
def test_native_equals_firefox(fox, tmp_path, which):
    clip = recordings.clip(8.0, which)
    path = tmp_path / f"{clip.name}.flac"
    soundfile.write(path, clip.samples, synth.RATE_HZ)
    fox.choose("#file-input", path)
    fox.wait_for("done")
    reference = Transcriber().transcribe(path).notes
    assert len(reference) > 0
    assert_same_notes(fox.evaluate("linnet.notes()"), reference)


@pytest.mark.parametrize(
    ("ending", "subtype", "rate_hz", "channels"),
    [
        ("flac", "PCM_16", 44100, 2),
        ("flac", "PCM_24", 96000, 2),
        ("flac", "PCM_16", 48000, 6),
        ("wav", "PCM_24", 192000, 2),
    ],
)
def test_lossless_samples_are_equal(fox, tmp_path, ending, subtype, rate_hz, channels):
    path = tmp_path / f"sound.{ending}"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, (rate_hz // 2, channels)), rate_hz, subtype=subtype)
    fox.evaluate("(document.getElementById('probe')?.remove(), document.body.append(Object.assign("
                     "document.createElement('input'), {type: 'file', id: 'probe'})))")  # fmt: skip
    fox.choose("#probe", path)
    found = fox.evaluate(READ % site.folder("app"))
    wanted, _ = soundfile.read(path, dtype="float32", always_2d=True)
    samples = np.frombuffer(base64.b64decode(found["samples"]), np.float32).reshape(-1, channels)
    assert found["rateHz"] == rate_hz
    assert np.array_equal(samples, wanted)
