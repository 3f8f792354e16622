"""A file of three minutes: no note is lost, and memory does not grow with the sound. `make soak` has the long one."""

import numpy as np
import psutil

from linnet.native.transcribe import Transcriber
from tests.bench.soak import hour
from tests.browser import linnet_page
from tests.browser.same_notes import assert_same_notes

MINUTES = 3
MOST_GROWN_MB = 100.0  # kept whole, the decoded sound alone would take 64, and again as it is copied


def test_a_long_file_loses_no_notes_and_keeps_no_sound(playwright, served, tmp_path):
    path = tmp_path / "long.flac"
    hour.recording(path, MINUTES)
    browser = linnet_page.launch(playwright)
    with linnet_page.fresh(browser) as page:
        page.open(served.url)
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        renderers = [psutil.Process(process["id"]) for process in processes if process["type"] == "renderer"]
        page.page.evaluate("() => { document.documentElement.dataset.linnet = 'asked'; }")
        page.choose(path)
        taken_mb = []
        while page.page.get_attribute("html", "data-linnet") in ("asked", "running"):
            page.page.wait_for_timeout(200)
            taken_mb.append(max(process.memory_info().rss for process in renderers) / 1e6)
        page.wait_for("done")
        third = len(taken_mb) // 3
        assert third > 2
        assert np.median(taken_mb[-third:]) - np.median(taken_mb[third : 2 * third]) < MOST_GROWN_MB
        assert_same_notes(page.notes(), Transcriber().transcribe(path).notes)
        assert page.complaints == []
    browser.close()
