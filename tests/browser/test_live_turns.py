"""A take beside other work for the engine, and without an engine: each is kept, and each comes to its notes."""

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests import recordings, synth
from tests.browser import linnet_page
from tests.browser.test_live import begin, until_told

# no recording reaches the disk until it may
HOLD_COPIES = """
const make = FileSystemFileHandle.prototype.createWritable;
const free = Promise.withResolvers();
window.copy = free.resolve;
FileSystemFileHandle.prototype.createWritable = async function (...all) {
  if (this.name === "audio") await free.promise;
  return make.call(this, ...all);
};
"""
SLOW_READING = """
window.readingMs = 0;
const read = FileSystemFileHandle.prototype.getFile;
FileSystemFileHandle.prototype.getFile = async function () {
  await new Promise((resolve) => setTimeout(resolve, window.readingMs));
  return read.call(this);
};
"""
COUNT_CLOSED = """
window.closedPorts = 0;
const close = MessagePort.prototype.close;
MessagePort.prototype.close = function () {
  window.closedPorts += 1;
  close.call(this);
};
"""


@pytest.fixture
def live(microphone_profile, served):
    with linnet_page.emptied(microphone_profile, served.url) as page:
        yield page
        assert page.complaints == []


@pytest.fixture(scope="module")
def minutes_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("turns") / "minutes.wav"
    soundfile.write(path, np.tile(recordings.clip(10.0).samples, 15), synth.RATE_HZ)
    return path


def end(page):
    page.page.click("#record")
    page.page.wait_for_selector("#record[data-recording=false]")


def done(page, name):
    """The lines of what has been transcribed, in the open list."""
    return page.page.locator("#project-rows li[data-state=done]", has_text=name)


def test_a_take_while_a_file_is_transcribed(live, served, minutes_file):
    live.open(served.url)
    live.choose(minutes_file)
    live.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    begin(live)
    until_told(live, 2)
    end(live)
    expect(live.page.locator("#file-name")).to_contain_text("Take 20", timeout=60_000)
    live.wait_for("done")
    assert len(live.notes()["onsetS"]) >= 2
    live.page.click("#projects-open")  # what was stopped goes on after it
    expect(done(live, "minutes.wav")).to_contain_text("2:30", timeout=120_000)


def test_two_takes_before_the_engine_is_there(live, served):
    held = []
    live.page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    live.page.goto(served.url, wait_until="commit")
    live.page.wait_for_selector("#live-options select", state="attached")  # wired
    for _ in range(2):
        begin(live)
        live.page.wait_for_timeout(2500)  # the length of a take
        end(live)
        expect(live.page.locator("#file-name")).to_contain_text("Take 20")
    for route in held:
        route.continue_()
    live.page.unroute("**/pyodide.asm.wasm")
    live.wait_for("done")
    live.page.click("#projects-open")
    expect(done(live, "Take 20")).to_have_count(2, timeout=60_000)


def test_a_take_without_an_engine_waits_for_the_next_visit(live, served):
    live.page.route("**/worker/engine-worker.js", lambda route: route.abort())
    live.page.add_init_script(COUNT_CLOSED)
    live.page.goto(served.url, wait_until="commit")
    live.wait_for("failed")
    begin(live)
    live.until("window.closedPorts", lambda found: found == 1)  # nothing piles up for the engine
    live.page.wait_for_timeout(2500)  # the length of a take
    end(live)
    expect(live.page.locator("#file-name")).to_contain_text("Take 20")
    live.until("linnet.live().unsaved", lambda found: found == 0)
    live.page.unroute("**/worker/engine-worker.js")
    live.complaints.clear()
    live.page.reload()
    expect(live.page.locator("#file-name")).to_contain_text("Take 20", timeout=60_000)
    live.wait_for("done")
    assert len(live.notes()["onsetS"]) >= 1


def test_a_take_does_not_wait_for_the_one_before_to_be_copied(live, served):
    live.page.add_init_script(HOLD_COPIES)
    live.open(served.url)
    for _ in range(2):
        begin(live)
        until_told(live, 1)
        end(live)
    assert live.page.evaluate("linnet.live().unsaved") == 2
    live.page.evaluate("window.copy()")
    live.until("linnet.live().unsaved", lambda found: found == 0)
    live.page.click("#projects-open")
    expect(done(live, "Take 20")).to_have_count(2, timeout=60_000)


def test_a_project_that_is_still_being_read_does_not_come_into_a_take(live, served, clip_file):
    live.page.add_init_script(SLOW_READING)
    live.open(served.url)
    notes = live.transcribe(clip_file)
    live.page.evaluate("linnet.saved()")
    begin(live)
    until_told(live, 1)
    end(live)
    live.page.wait_for_selector("#file-name:text-matches('Take 20')")
    live.wait_for("done")
    live.page.evaluate("window.readingMs = 400")
    live.page.click("#projects-open")
    live.page.click("#project-rows li:has-text('clip.flac') >> button:text('Open')", no_wait_after=True)
    live.page.evaluate("document.getElementById('record').click()")
    live.page.wait_for_selector("#record[data-recording=true]")
    live.page.keyboard.press("Escape")  # the sheet
    live.page.wait_for_timeout(2500)  # a while in which it would have come
    assert live.page.inner_text("#file-name") != "clip.flac"
    end(live)
    live.page.evaluate("window.readingMs = 0")
    live.page.wait_for_selector("#file-name:text-matches('Take 20')")
    live.wait_for("done")
    live.page.click("#projects-open")
    live.page.click("#project-rows li:has-text('clip.flac') >> button:text('Open')")
    live.page.wait_for_selector("#file-name:text('clip.flac')")
    assert live.notes() == notes
