"""Keys are the page's where nothing lies over it: a sheet has its own, and a key held down is pressed once."""

import re

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests.browser import linnet_page
from tests.browser.test_access import long_file


@pytest.fixture
def own(microphone_profile, served):
    with linnet_page.emptied(microphone_profile, served.url) as page:
        yield page.open(served.url)
        assert page.complaints == []


def test_escape_closes_a_sheet_and_leaves_the_run(own, tmp_path):
    own.choose(long_file(tmp_path))
    own.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    own.page.keyboard.press("?")
    own.page.keyboard.press("Escape")
    expect(own.page.locator("#keys-sheet")).to_be_hidden()
    assert own.page.get_attribute("html", "data-linnet") == "running"
    own.page.keyboard.press("Escape")  # and now it is the page's
    own.wait_for("done")


def test_record_is_pressed_once_and_by_no_sheet(own):
    record = own.page.locator("#record")
    own.page.click("#live-open")
    own.page.keyboard.press("r")
    own.page.keyboard.press("Escape")
    expect(own.page.locator("#live-sheet")).to_be_hidden()
    expect(record).to_have_attribute("data-recording", "false")
    own.page.keyboard.down("r")
    expect(record).to_have_attribute("data-recording", "true")
    own.page.keyboard.down("r")  # held
    own.page.keyboard.down("r")
    own.page.keyboard.up("r")
    own.page.wait_for_selector("#live-time:text-matches('[1-9]')")
    expect(record).to_have_attribute("data-recording", "true")
    own.page.keyboard.press("r")
    expect(record).to_have_attribute("data-recording", "false")
    own.wait_for("done")


def test_a_take_is_said_once_and_has_the_focus(own):
    own.page.focus("#welcome-record")
    own.page.keyboard.press("Enter")
    stop = own.page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_focused()
    expect(own.page.locator("#said")).to_have_text("Recording; press again to stop")
    expect(own.page.locator("#status")).to_have_attribute("aria-live", "off")
    expect(own.page.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile(r"^-?\d+ dB$"))
    own.page.keyboard.press("Enter")
    expect(own.page.locator("#record")).to_be_focused()
    expect(own.page.locator("#status")).to_have_attribute("aria-live", "polite")
    own.wait_for("done", "ready")


def test_the_dock_keeps_its_height_whatever_it_says(own):
    own.page.click("#record")
    own.page.wait_for_selector("#record[data-recording=true]")
    card = own.page.locator("#live-card")
    own.page.eval_on_selector(
        "#live-silence", "(button) => { button.hidden = false; button.textContent = 'Alles aus'; }"
    )
    for width in (1152, 1280, 1440, 1720):
        own.page.set_viewport_size({"width": width, "height": 800})
        before = card.bounding_box()["height"]
        own.page.eval_on_selector("#live-hint", "(hint) => { hint.textContent = 'Zu laut, zu spät. '.repeat(6); }")
        assert card.bounding_box()["height"] == before, width
    own.page.click("#record")
    own.wait_for("done", "ready")


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
