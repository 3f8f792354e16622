"""A microphone of the system's own sound server, unplugged in the middle of a take."""

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests import synth
from tests.browser import linnet_page
from tests.browser.sound_server import RATE_HZ, sound_server
from tests.browser.test_live import begin, stop, until_told
from tests.browser.test_live_faults import kept

PITCHES = (60, 64, 67, 72)


@pytest.fixture
def room(tmp_path):
    """Four notes over and over."""
    path = tmp_path / "notes.wav"
    parts = []
    for pitch in PITCHES:
        note = sum(synth.tone(synth.hertz(pitch) * n, 0.5, 0.3 / n, RATE_HZ) for n in range(1, 6))
        parts += [note, np.zeros(RATE_HZ // 10)]
    soundfile.write(path, np.concatenate(parts).astype(np.float32), RATE_HZ)
    with sound_server(path) as server:
        yield server


@pytest.fixture
def take(playwright, served, room):
    """A take that has heard something."""
    browser = linnet_page.launch(playwright, "--use-fake-ui-for-media-stream", environment=room.environment)
    with linnet_page.fresh(browser) as page:
        page.open(served.url)
        begin(page)
        until_told(page, 4)
        yield page
        assert set(page.notes()["pitch"]) <= set(PITCHES)
        assert page.complaints == []
    browser.close()


def test_without_any_input_the_take_ends_and_is_kept(take, room):
    room.end()
    expect(take.page.locator("#notices")).to_contain_text("it was unplugged")
    kept(take)
    # the loudspeaker went, too, and the browser may say so for itself
    take.complaints = [each for each in take.complaints if "error from the audio device" not in each]


def test_another_input_in_place_of_the_unplugged_one_is_told_by_its_silence(take, room):
    room.unplug()
    assert "plugged in and switched on" in take.alarm()
    stop(take)
    kept(take)
