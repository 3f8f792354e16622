"""After one visit everything works without a network, twice in a row, with nothing but the browser's own caches."""

import mido

from tests.browser import linnet_page, site


def test_second_visits_need_no_network(chromium, clip_file, tmp_path):
    running = site.start()
    with linnet_page.fresh(chromium, works_offline=True, accept_downloads=True) as page:
        page.open(running.url)
        page.until_offline()
        running.stop()
        session = page.page.context.new_cdp_session(page.page)
        for visit in range(2):
            page.page.goto("about:blank")
            if visit == 1:  # even when the browser has dropped its own cache: the service worker has everything
                session.send("Network.clearBrowserCache")
            page.open(running.url)
            if visit == 1:
                page.wait_for("done")  # what the visit before has left is there again
            assert page.page.evaluate("crossOriginIsolated")
            notes = page.transcribe(clip_file)
            assert len(notes["onsetS"]) > 0
            saved = mido.MidiFile(page.save("mid", tmp_path))
            assert saved.length > 0
        assert page.complaints == []


def test_installable(chromium, served):
    with linnet_page.fresh(chromium, works_offline=True) as page:
        page.open(served.url)
        page.until_offline()
        session = page.page.context.new_cdp_session(page.page)
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
        assert session.send("Page.getAppManifest")["errors"] == []
