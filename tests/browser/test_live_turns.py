"""A take beside other work for the engine, and without an engine: each is kept, and each comes to its notes."""

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests import recordings, synth
from tests.browser import linnet_page
from tests.browser.test_live import begin, until_told


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
    live.page.goto(served.url, wait_until="commit")
    live.wait_for("failed")
    begin(live)
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
