"""One server and one Chromium for the whole folder; most tests share one booted page, some need a fresh profile."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import soundfile
from playwright.sync_api import sync_playwright

from tests import recordings, synth
from tests.browser import linnet_page, site


@pytest.fixture(scope="session")
def served():
    with site.served() as running:
        yield running


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = linnet_page.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def shared_page(chromium, served):
    with linnet_page.fresh(chromium, works_offline=True, accept_downloads=True) as page:
        yield page.open(served.url)


@pytest.fixture(scope="session")
def old_decoders_page(playwright, served):
    """A page in a Chromium that decodes with its other set of decoders."""
    browser = linnet_page.launch(playwright, old_decoders=True)
    with linnet_page.fresh(browser) as page:
        yield page.open(served.url)
    browser.close()


@pytest.fixture
def linnet(shared_page):
    """The page of the session; whatever it complains about in a test fails that test."""
    shared_page.complaints.clear()
    yield shared_page
    assert shared_page.complaints == []


@pytest.fixture(scope="session")
def profile(chromium):
    context = linnet_page.profile(chromium, accept_downloads=True)
    yield context
    context.close()


@contextmanager
def opened(profile, served, module):
    """A page whose browser has kept nothing before; what the module has as BEFORE_PAGE runs before the page's code."""
    with linnet_page.emptied(profile, served.url) as page:
        page.page.add_init_script(getattr(module, "BEFORE_PAGE", ""))
        yield page.open(served.url)
        assert page.complaints == []


@pytest.fixture
def own(request, profile, served):
    with opened(profile, served, request.module) as page:
        yield page


@pytest.fixture(scope="session")
def clip_file(tmp_path_factory):
    """Eight seconds of music as FLAC."""
    path = tmp_path_factory.mktemp("clips") / "clip.flac"
    soundfile.write(path, recordings.clip(8.0).samples, synth.RATE_HZ)
    return path


@pytest.fixture(scope="module")
def microphone(playwright, tmp_path_factory):
    """A Chromium whose microphone plays a recording, over and over."""
    path = tmp_path_factory.mktemp("microphone") / "sound.wav"
    soundfile.write(path, recordings.clip(12.0, 3).samples, synth.RATE_HZ)
    browser = linnet_page.launch(playwright, *linnet_page.FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={path}")
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def microphone_profile(microphone):
    context = linnet_page.profile(microphone)
    yield context
    context.close()


@pytest.fixture
def live(request, microphone_profile, served):
    with opened(microphone_profile, served, request.module) as page:
        yield page
