"""What is heard and recorded: the example, the recording beside its notes, a take from the microphone."""

import numpy as np
import pytest
import soundfile

from tests.browser import linnet_page


def playing(page):
    return page.page.evaluate("linnet.playing()")


def test_the_example_is_one_click_away(chromium, served):
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.page.click("#example")
        page.wait_for("done")
        assert page.page.inner_text("#file-name") == "Linnet example.flac"
        facts = page.page.inner_text("#file-facts")
        assert "A = 439 Hz" in facts or "A = 440 Hz" in facts
        notes = page.notes()
        assert len(notes["onsetS"]) > 30
        assert len(notes["bendS"]) > 10
        assert page.complaints == []


def test_the_recording_plays_in_step_with_its_notes(linnet, clip_file):
    linnet.transcribe(clip_file)
    assert linnet.page.is_visible("#mix")
    linnet.page.click("#play")
    linnet.page.wait_for_timeout(1500)
    found = playing(linnet)
    assert found["isPlaying"]
    assert found["notesS"] > 0.5
    assert abs(found["notesS"] - found["sourceS"]) < 0.08
    linnet.page.click("#play")
    linnet.page.wait_for_timeout(200)
    assert not playing(linnet)["isPlaying"]
    assert playing(linnet)["sourceS"] is None


def test_the_mix_holds_from_the_first_play_on(chromium, served, clip_file):
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.transcribe(clip_file)
        page.page.eval_on_selector("#mix", "(s) => { s.value = 0.9; s.dispatchEvent(new Event('input')); }")
        page.page.click("#play")
        page.page.wait_for_timeout(700)
        assert playing(page)["isPlaying"]
        assert playing(page)["loudness"] == {"notes": 1, "source": pytest.approx(0.2)}


def test_stopped_while_starting_stays_silent(linnet, clip_file, tmp_path):
    linnet.transcribe(clip_file)
    linnet.page.evaluate("(document.getElementById('play').click(), 0)")
    soundfile.write(tmp_path / "next.wav", 0.3 * np.sin(np.arange(22050) * 0.125), 22050)
    linnet.transcribe(tmp_path / "next.wav")
    linnet.page.wait_for_timeout(300)
    assert playing(linnet)["sourceS"] is None


def test_a_new_recording_stops_the_old_one(linnet, clip_file, tmp_path):
    linnet.transcribe(clip_file)
    linnet.page.click("#play")
    soundfile.write(tmp_path / "other.wav", 0.3 * np.sin(np.arange(22050) * 0.125), 22050)
    linnet.transcribe(tmp_path / "other.wav")
    assert not playing(linnet)["isPlaying"]
