"""Keys are the page's where nothing lies over it: a sheet has its own, and a key held down is pressed once."""

import re

import numpy as np
import soundfile
from playwright.sync_api import expect

from tests.browser import linnet_page
from tests.browser.test_access import long_file


def test_escape_closes_a_sheet_and_leaves_the_run(live, tmp_path):
    live.choose(long_file(tmp_path))
    live.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    live.page.keyboard.press("?")
    live.page.keyboard.press("Escape")
    expect(live.page.locator("#keys-sheet")).to_be_hidden()
    assert live.page.get_attribute("html", "data-linnet") == "running"
    live.page.keyboard.press("Escape")  # and now it is the page's
    live.wait_for("done")


def test_escape_in_a_field_leaves_the_run(own, tmp_path):
    own.choose(long_file(tmp_path))
    own.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    own.page.click("#time-panel summary")
    own.page.click("label[for=option-grid-manual]")
    own.page.locator("#option-tempo_bpm").press("Escape")
    own.page.locator("#play").press("w")  # whatever Escape did is done
    assert own.page.get_attribute("html", "data-linnet") == "running"
    own.page.locator("#roll").press("Escape")
    own.wait_for("done")


def test_keys_go_on_after_a_click_on_a_control(linnet, clip_file):
    linnet.transcribe(clip_file)
    page, play = linnet.page, linnet.page.locator("#play")
    for control in ("#option-sensitivity", "label[for=preset-mix]", "#mix"):
        page.click(control)
        page.keyboard.press("Space")
        expect(play).to_have_attribute("aria-label", "Pause")
        page.keyboard.press("Space")
        expect(play).to_have_attribute("aria-label", "Play the recording and its notes")
        page.keyboard.press("l")
        assert page.evaluate("linnet.playing()")["loop"]
        page.keyboard.press("l")
        assert page.evaluate("linnet.playing()")["loop"] is None
    page.dblclick("#mix")
    page.click("#ghosts-shown")
    expect(page.locator("#ghosts-adopt")).to_be_visible()
    page.keyboard.press("Space")  # its own
    expect(page.locator("#ghosts-shown")).not_to_be_checked()
    page.keyboard.press("Shift+G")
    expect(page.locator("#ghosts-shown")).to_be_checked()
    page.keyboard.press("Shift+G")
    page.keyboard.press("Control+ArrowRight")
    for button in ("#edit-up", "#undo"):
        page.click(button)
        (before,) = page.evaluate("linnet.chosen()")
        page.keyboard.press("ArrowUp")
        (after,) = page.evaluate("linnet.chosen()")
        assert after["pitch"] == before["pitch"] + 1
    page.keyboard.press("Escape")
    assert page.evaluate("linnet.chosen()") == []


def test_record_is_pressed_once_and_by_no_sheet(live):
    record = live.page.locator("#record")
    live.page.click("#live-open")
    live.page.keyboard.press("r")
    live.page.keyboard.press("Escape")
    expect(live.page.locator("#live-sheet")).to_be_hidden()
    expect(record).to_have_attribute("data-recording", "false")
    live.page.keyboard.down("r")
    expect(record).to_have_attribute("data-recording", "true")
    live.page.keyboard.down("r")  # held
    live.page.keyboard.down("r")
    live.page.keyboard.up("r")
    live.page.wait_for_selector("#live-time:text-matches('[1-9]')")
    expect(record).to_have_attribute("data-recording", "true")
    live.page.keyboard.press("r")
    expect(record).to_have_attribute("data-recording", "false")
    live.wait_for("done")


def test_a_take_is_said_once_and_has_the_focus(live):
    live.page.focus("#welcome-record")
    live.page.keyboard.press("Enter")
    stop = live.page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_focused()
    expect(live.page.locator("#said")).to_have_text("Recording; press again to stop")
    expect(live.page.locator("#status")).to_have_attribute("aria-live", "off")
    expect(live.page.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile(r"^-?\d+ dB$"))
    live.page.keyboard.press("Enter")
    expect(live.page.locator("#record")).to_be_focused()
    expect(live.page.locator("#status")).to_have_attribute("aria-live", "polite")
    live.wait_for("done", "ready")


def test_the_dock_keeps_its_height_whatever_it_says(live):
    live.page.click("#record")
    live.page.wait_for_selector("#record[data-recording=true]")
    card = live.page.locator("#live-card")
    live.page.eval_on_selector(
        "#live-silence", "(button) => { button.hidden = false; button.textContent = 'Alles aus'; }"
    )
    for width in (1152, 1280, 1440, 1720):
        live.page.set_viewport_size({"width": width, "height": 800})
        before = card.bounding_box()["height"]
        live.page.eval_on_selector("#live-hint", "(hint) => { hint.textContent = 'Zu laut, zu spät. '.repeat(6); }")
        assert card.bounding_box()["height"] == before, width
    live.page.click("#record")
    live.wait_for("done", "ready")


def test_a_phone_names_the_file(chromium, served, clip_file):
    with linnet_page.fresh(chromium, viewport={"width": 390, "height": 844}) as page:
        page.open(served.url)
        expect(page.page.locator("#file-name")).to_be_hidden()
        page.transcribe(clip_file)
        expect(page.page.locator("#file-name")).to_have_text("clip.flac")
        expect(page.page.locator("#file-name")).to_be_visible()
        assert page.page.locator("header.bar").bounding_box()["height"] < 80


def test_what_goes_wrong_in_a_take_is_said_to_those_who_listen(playwright, served, tmp_path):
    sound = tmp_path / "loud.wav"
    soundfile.write(sound, np.tile([1.0] * 50 + [-1.0] * 50, 9600), 48_000)
    browser = linnet_page.launch(playwright, *linnet_page.FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={sound}")
    with linnet_page.fresh(browser) as page:
        page.open(served.url).page.click("#record")
        expect(page.page.locator("#said")).to_contain_text("Too loud", timeout=20_000)
        page.page.click("#record")
        expect(page.page.locator("#said")).to_have_text("")
        page.wait_for("done", "ready")
    browser.close()
