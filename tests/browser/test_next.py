"""One recording after another: what is in line is not lost, settings stay with the piece that they are of."""

import numpy as np
import pytest
import soundfile

from tests import recordings, synth
from tests.browser.test_part import busy_file  # noqa: F401

LISTENING = "#status:text-matches('Listening: [1-9]')"


@pytest.fixture(scope="module")
def long_file(tmp_path_factory):
    """Long enough to be met on the way."""
    path = tmp_path_factory.mktemp("clips") / "long.flac"
    soundfile.write(path, np.tile(recordings.clip(40.0).samples, 3), synth.RATE_HZ)
    return path


@pytest.fixture
def held(own):
    """The engine's start is held back from the next load of the page on, until it is let go."""
    routes, is_free = [], []

    def let_go():
        is_free.append(True)  # for what has not been asked yet
        for route in routes:
            route.continue_()

    def hold():
        own.page.route("**/pyodide.asm.wasm", lambda r: r.continue_() if is_free else routes.append(r))

    return hold, let_go


def interrupt(page, file, hold):
    """Reload on the way, and be back before the engine is."""
    page.choose(file)
    page.page.wait_for_selector(LISTENING)
    hold()
    page.page.reload(wait_until="commit")
    page.page.wait_for_selector(f"#file-name:text('{file.name}')")


def test_what_waits_again_after_a_reload_gives_way_and_is_not_lost(own, held, long_file, clip_file):
    hold, let_go = held
    interrupt(own, long_file, hold)
    own.choose(clip_file)
    own.page.click("#projects-open")
    own.page.wait_for_selector("#project-rows li[data-state=waiting]:has-text('clip.flac')")
    let_go()
    own.page.wait_for_selector("#project-rows li[data-state=running]:has-text('clip.flac')", timeout=90_000)
    for name in ("clip.flac", "long.flac"):
        own.page.wait_for_selector(f"#project-rows li[data-state=done]:has-text('{name}')", timeout=120_000)
    assert own.page.inner_text("#file-name") == "clip.flac"
    assert own.page.locator("#project-rows li").count() == 2


def test_settings_changed_while_a_run_waits_stay(own, held, long_file):
    hold, let_go = held
    interrupt(own, long_file, hold)
    own.set_option("sensitivity", 0.3)
    let_go()
    own.page.wait_for_selector(LISTENING, timeout=90_000)
    own.wait_for("done")
    own.page.evaluate("linnet.saved()")
    assert own.page.input_value("#option-sensitivity") == "0.3"


def test_settings_changed_during_a_run_are_there_when_it_is_seen_again(own, long_file, clip_file):
    own.transcribe(clip_file)
    own.choose(long_file)
    own.page.wait_for_selector(LISTENING)
    own.set_option("sensitivity", 0.3)
    for name, value in (("clip.flac", "0.5"), ("long.flac", "0.3")):
        own.page.click("#projects-open")
        own.page.click(f"#project-rows li:has-text('{name}') button:text('Open')")
        own.page.wait_for_selector(f"#file-name:text('{name}')")
        assert own.page.input_value("#option-sensitivity") == value


def test_a_recording_does_not_begin_with_the_grid_of_the_one_before(own, clip_file, busy_file):  # noqa: F811
    own.transcribe(clip_file)
    own.set_option("sensitivity", 0.6)
    own.page.click("#time-panel summary")
    own.page.click("label[for=option-grid-manual]")
    own.page.fill("#option-tempo_bpm", "90")
    own.page.keyboard.press("Tab")
    own.page.click("label[for=preset-bass]")
    own.transcribe(busy_file)
    own.page.wait_for_selector("#file-name:text('busy.flac')")
    assert own.page.is_checked("#option-grid-off")
    assert own.page.input_value("#option-tempo_bpm") == "120"
    assert own.page.is_checked("#preset-bass")  # how a person works
    own.page.click("#projects-open")
    own.page.click("#project-rows li:has-text('clip.flac') button:text('Open')")
    own.page.wait_for_selector("#file-name:text('clip.flac')")
    assert own.page.is_checked("#option-grid-manual")
    assert own.page.input_value("#option-tempo_bpm") == "90"
