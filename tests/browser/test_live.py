"""Live: a take from the microphone and its notes, those same notes from the file, and what may go wrong on the way."""

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from linnet.native.transcribe import Transcriber
from tests.browser import linnet_page
from tests.browser.same_notes import assert_same_notes

# keeps the microphone's stream at hand, as nothing else can unplug it
HOLD_STREAM = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  window.askedFor = wanted;
  return (window.heldStream = await ask(wanted));
};
"""
BEFORE_PAGE = HOLD_STREAM


def choose(page, **settings):
    page.page.evaluate("(chosen) => localStorage.setItem('linnet-live', JSON.stringify(chosen))", settings)
    page.page.reload()
    page.wait_for("ready")


def begin(page):
    page.page.click("#record")
    page.page.wait_for_selector("#record[data-recording=true]")


def until_told(page, count):
    """Until so many notes have been told live."""
    page.until("linnet.live().told.length", lambda found: found >= count, seconds=60)


def stop(page):
    page.page.click("#record")
    page.page.wait_for_selector("#record[data-recording=false]")
    page.wait_for("done")


def refuse_to_close(page):
    """Close the tab as a person does, and stay when the browser asks."""
    with page.page.expect_event("dialog") as question:
        page.page.close(run_before_unload=True)
    assert question.value.type == "beforeunload"
    question.value.dismiss()


def saved(page, folder):
    with page.page.expect_download(timeout=60_000) as download:
        page.page.click("#save-take")
    path = folder / "take.wav"
    download.value.save_as(path)
    return path


def test_live_and_file_give_the_same_notes(live, tmp_path):
    begin(live)
    until_told(live, 8)
    figures = live.page.evaluate("linnet.live()")
    stop(live)
    notes = live.notes()
    assert len(notes["onsetS"]) >= 6
    assert (
        live.page.evaluate("linnet.live().heard") == notes
    )  # the engine that heard it live, and the page from the file
    assert live.page.inner_text("#file-name").startswith("Take 20")
    take = saved(live, tmp_path)
    samples, rate_hz = soundfile.read(take)
    heard = figures["marks"][-1][0]
    assert len(samples) >= heard  # nothing is missing
    assert len(samples) / rate_hz - heard / rate_hz < 5
    assert soundfile.info(take).subtype == "FLOAT"
    assert_same_notes(notes, Transcriber().transcribe(take).notes)


def test_the_take_is_a_recording_like_any_other(live, tmp_path):
    begin(live)
    until_told(live, 4)
    assert live.page.is_visible("#live-card")
    assert "Follow" in live.page.inner_text("#live-card")
    assert live.page.inner_text("#status").startswith("Recording 0:0")
    assert live.page.is_disabled("#play")
    stop(live)
    expect(live.page.locator("#live-card")).to_be_hidden()
    lowest = min(live.notes()["pitch"])
    live.set_option("lowest_pitch", lowest + 1)
    expect(live.page.locator("#status")).not_to_contain_text(" in ")
    assert min(live.notes()["pitch"]) > lowest  # decoded again from the planes of the take
    assert live.save("mid", tmp_path).stat().st_size > 100
    live.page.click("#play")
    expect(live.page.locator("#play")).to_have_attribute("data-icon", "pause")


def test_nothing_is_done_to_the_sound(live):
    begin(live)
    asked = live.page.evaluate("window.askedFor.audio")
    assert asked == {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
    live.page.keyboard.press("Escape")  # Escape stops a take as it stops all else, and keeps it
    live.page.wait_for_selector("#record[data-recording=false]")
    live.wait_for("done", "ready")


def test_one_voice_is_told_and_the_take_transcribed_in_full(live, tmp_path):
    choose(live, mode="play")
    begin(live)
    until_told(live, 6)
    assert "Play" in live.page.inner_text("#live-card")
    stop(live)
    assert_same_notes(live.notes(), Transcriber().transcribe(saved(live, tmp_path)).notes)


@pytest.mark.parametrize("mode", ["follow", "play"])
def test_an_unplugged_input_leaves_the_take(live, mode):
    choose(live, mode=mode)
    begin(live)
    until_told(live, 3)
    live.page.evaluate("(() => { window.heldStream.getTracks()[0].dispatchEvent(new Event('ended')); })()")
    live.page.wait_for_selector("#record[data-recording=false]")
    live.wait_for("done")
    assert "unplugged" in live.page.inner_text("#notices")
    assert live.page.inner_text("#file-name").startswith("Take 20")
    assert len(live.notes()["onsetS"]) >= 1


def test_the_notes_of_a_take_are_not_edited_while_it_is_recorded(live):
    live.page.keyboard.press("r")
    live.page.wait_for_selector("#record[data-recording=true]")
    live.until("linnet.notes().onsetS.length", lambda found: found >= 2, seconds=60)
    notes = live.notes()
    live.page.keyboard.press("Control+a")
    live.page.keyboard.press("Delete")
    live.page.mouse.dblclick(*live.place(notes["onsetS"][0] + 0.01, notes["pitch"][0]))
    live.page.keyboard.press("n")
    live.page.locator("#note-rows button").first.click()
    live.page.click("#note-close")
    assert live.page.evaluate("linnet.chosen()") == []
    assert live.notes()["onsetS"][: len(notes["onsetS"])] == notes["onsetS"]
    expect(live.page.locator("#undo")).to_be_disabled()
    stop(live)
    live.page.keyboard.press("Control+a")
    live.page.keyboard.press("Delete")
    assert live.notes()["onsetS"] == []


def test_space_stops_a_take_and_plays_nothing_into_it(live):
    live.page.keyboard.press("r")
    live.page.wait_for_selector("#record[data-recording=true]")
    live.until("linnet.notes().onsetS.length", lambda found: found >= 2, seconds=60)
    live.page.evaluate("document.activeElement.blur()")
    live.page.keyboard.press(" ")
    live.page.wait_for_selector("#record[data-recording=false]")
    live.wait_for("done")
    assert not live.page.evaluate("linnet.playing().isPlaying")
    live.page.keyboard.press(" ")
    live.until("linnet.playing().isPlaying", bool)


def test_a_file_does_not_push_a_take_aside(live, clip_file):
    begin(live)
    until_told(live, 1)
    live.choose(clip_file)
    assert "Stop it first" in live.alarm()
    stop(live)
    assert live.page.inner_text("#file-name").startswith("Take 20")


def test_a_take_begins_on_the_beat_that_was_counted_in(live, tmp_path):
    choose(live, countInBars=1, hasClick=True, tempoBpm=97)
    pressed_ms = live.page.evaluate("Date.now()")
    begin(live)
    live.until("document.getElementById('status').textContent", lambda said: "Counting in" in said)
    until_told(live, 2)
    assert "headphones" in live.page.inner_text("#live-card")
    stop(live)
    first_ms = live.page.evaluate("linnet.live().marks[0][1]")  # when its first 2,048 samples had been heard
    assert first_ms - pressed_ms > 4 * 60_000 / 97
    expect(live.page.locator("#option-grid-manual")).to_be_checked()
    assert live.page.input_value("#option-tempo_bpm") == "97"
    grid = live.until("linnet.analysis()?.grid", bool)
    assert grid["bpm"] == pytest.approx(97)
    assert grid["beatS"][grid["barOne"]] == pytest.approx(0, abs=1e-6)


def test_stopped_while_counting_in_nothing_is_left(live):
    choose(live, countInBars=2)
    begin(live)
    live.page.click("#record")
    live.page.wait_for_selector("#record[data-recording=false]")
    live.wait_for("ready")
    assert live.page.is_visible("#welcome")
    begin(live)  # and the next one works
    live.page.click("#record")
    live.page.wait_for_selector("#record[data-recording=false]")


def test_a_refused_microphone_is_said(playwright, served):
    browser = linnet_page.launch(playwright, "--deny-permission-prompts")
    with linnet_page.fresh(browser) as page:
        page.open(served.url)
        page.page.click("#welcome-record")
        assert "microphone" in page.alarm()
        assert page.page.get_attribute("#record", "data-recording") == "false"
    browser.close()


def test_recording_starts_once_and_before_the_engine_is_ready(microphone, served):
    with linnet_page.fresh(microphone) as page:
        page.page.goto(served.url, wait_until="commit")
        page.page.wait_for_selector("#live-options select", state="attached")  # wired
        page.page.evaluate("(['welcome-record', 'record'].map((id) => document.getElementById(id).click()), 0)")
        page.page.wait_for_selector("#record[data-recording=true]")
        until_told(page, 2)
        heard = page.page.evaluate("linnet.live()")
        assert heard["marks"][0][0] == 2048  # kept from the first sample on, though the engine was not there yet
        stop(page)
        assert np.all(np.diff(page.notes()["onsetS"]) >= 0)
        assert page.complaints == []
