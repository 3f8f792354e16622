"""Firefox: a transcription heard through samples, and takes from its own test microphone, which gives a tone."""

import time

import pytest
import soundfile

from tests import recordings, synth
from tests.browser import bidi, heard

TONE = 83  # 1 kHz lies between B5 and C6


@pytest.fixture(scope="module")
def fox(served):
    with bidi.firefox(bidi.SOUND) as tab:
        tab.go(served.url)
        tab.wait_for("ready")
        tab.evaluate(f"(() => {{ {heard.EARS} }})()")
        yield tab
        assert [line for line in tab.console if line.startswith(("error", "warn"))] == []


def until(fox, script, is_wanted, seconds=30.0):
    end = time.monotonic() + seconds
    while not is_wanted(found := fox.evaluate(script)):
        assert time.monotonic() < end, f"{script} stayed {found}"
        time.sleep(0.1)
    return found


def click(fox, name):
    fox.evaluate(f"(document.getElementById('{name}').click(), 0)")


def test_notes_are_heard_through_samples(fox, tmp_path):
    path = tmp_path / "clip.flac"
    soundfile.write(path, recordings.clip(8.0).samples, synth.RATE_HZ)
    fox.choose("#file-input", path)
    fox.wait_for("done")
    click(fox, "play")
    until(fox, "linnet.playing()", lambda found: found["sampledProgram"] == 0 and found["notesS"] > 0.3)
    plain = fox.evaluate("window.plainTones")
    until(fox, "window.loudness()", lambda found: found > 0.01)
    click(fox, "play")
    assert fox.evaluate("window.plainTones") == plain
    until(fox, "window.loudness()", lambda found: found < 1e-3)


@pytest.mark.parametrize("mode", ["follow", "play"])
def test_a_take_becomes_a_project_with_notes(fox, served, mode):
    fox.evaluate(f"localStorage.setItem('linnet-live', JSON.stringify({{ mode: '{mode}', isHeard: true }}))")
    fox.go(served.url)
    fox.wait_for("ready", "done")
    fox.evaluate(f"(() => {{ {heard.EARS} }})()")
    click(fox, "record")
    until(fox, "linnet.live()", lambda found: found["told"] and found["sampledProgram"] == 0)
    assert fox.evaluate("document.getElementById('live-card').hidden") is False
    click(fox, "record")
    until(fox, "document.documentElement.dataset.linnet", lambda found: found == "done")
    assert fox.evaluate("window.loudness()") < 1e-3
    assert fox.evaluate("document.getElementById('file-name').textContent").startswith("Take 20")
    assert TONE in fox.evaluate("linnet.notes().pitch")
