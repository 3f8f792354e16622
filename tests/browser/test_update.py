"""A new version is offered and never forced: work is on disk before it comes, and it works offline at once."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.browser import linnet_page, site

MARK = '<meta name="linnet-test" content="two">'
NO_ENGINE = """
const There = window.Worker;
window.Worker = class extends There {
  constructor(address, options) {
    super(String(address).includes("engine-worker") ? "./not-there.js" : address, options);
  }
};
"""


@pytest.fixture
def two_versions(tmp_path):
    """A server of the present site and what makes it another one."""
    folder = tmp_path / "dist"
    shutil.copytree(site.DIST, folder)
    running = site.start(folder=folder)

    def change():
        for name in ("index.html", "sw.js"):
            for sibling in folder.glob(f"{name}.*"):
                sibling.unlink()
        page, worker = folder / "index.html", folder / "sw.js"
        page.write_text(page.read_text().replace("<title>", f"{MARK}\n<title>"))
        listed = re.compile(r'("url": "index.html",\s*"revision": ")\w+|("revision": ")\w+(",\s*"url": "index.html")')
        text, count = listed.subn(lambda m: f"{m[1] or m[2]}{'0' * 32}{m[3] or ''}", worker.read_text())
        assert count == 1
        worker.write_text(text)

    yield running, change
    running.stop()


@pytest.fixture
def outdated(chromium, two_versions):
    """A page of a first visit that works offline; a new version lies on the server since."""
    running, change = two_versions
    with linnet_page.fresh(chromium, works_offline=True) as page:
        page.open(running.url)
        page.until_offline()
        change()
        yield page


def until_taken(page):
    page.page.click("[data-notice=update] button:text('Reload')", timeout=120_000)
    page.page.wait_for_selector("meta[name=linnet-test]", state="attached")


def is_new(page):
    return page.page.locator("meta[name=linnet-test]").count() == 1


def test_a_new_version_waits_until_it_is_asked_for(chromium, two_versions, clip_file):
    running, change = two_versions
    with linnet_page.fresh(chromium, works_offline=True) as page:
        page.open(running.url)
        page.until_offline()
        page.transcribe(clip_file)
        notes = page.decoded_again(0.7)
        change()
        page.page.evaluate("linnet.saved()")
        page.page.reload(wait_until="commit")
        page.page.wait_for_selector("[data-notice=update] >> text=A new version is ready", timeout=120_000)
        assert not is_new(page)
        other = linnet_page.LinnetPage(page.page.context.new_page()).open(running.url)
        other.page.wait_for_selector("[data-notice=update]")
        page.until_engine()
        changed = page.decoded_again(0.5)
        page.page.click("[data-notice=update] button:text('Reload')")
        page.page.wait_for_selector("meta[name=linnet-test]", state="attached")
        page.wait_for("done", seconds=linnet_page.BOOT_S)
        assert page.notes() == changed != notes
        other.page.wait_for_timeout(500)
        assert not is_new(other)  # it was asked for over there, not here
        other.page.click("[data-notice=update] button:text('Reload')")
        other.page.wait_for_selector("meta[name=linnet-test]", state="attached")
        other.wait_for("ready", seconds=linnet_page.BOOT_S)
        running.stop()  # from here on without a network
        for tab in (page, other):
            tab.page.reload(wait_until="commit")
            tab.wait_for("done", "ready", seconds=linnet_page.BOOT_S)
            assert is_new(tab)
        assert page.notes() == changed
        assert len(other.transcribe(clip_file)["onsetS"]) > 0


def test_a_tab_of_a_first_visit_is_offered_it_too(outdated):
    outdated.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => void found.update())")
    until_taken(outdated)


def test_it_is_offered_where_the_engine_does_not_start(outdated):
    outdated.page.add_init_script(NO_ENGINE)
    outdated.page.reload(wait_until="commit")
    assert "could not be started" in outdated.alarm()
    until_taken(outdated)
