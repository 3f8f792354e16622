"""Where a page cannot write the browser's files projects lie in IndexedDB; where it can write nothing it says so."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import linnet_page
from tests.browser.test_edit import click_note, longest, rows
from tests.browser.test_look import picture

NO_FILES = "delete FileSystemFileHandle.prototype.createWritable;"
NO_DATABASE = 'IDBFactory.prototype.open = () => { throw new DOMException("not here", "SecurityError"); };'
KEYS = """async () => {
  const request = indexedDB.open("linnet-projects", 1);
  const database = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const asked = database.transaction("parts").objectStore("parts").getAllKeys();
  const keys = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  database.close();
  return keys;
}"""
FOLDERS = """async () => {
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
}"""


@pytest.fixture
def without(chromium, served):
    """Opens a page in a browser that lacks something from the beginning."""
    opened = []

    def open_page(*lacks: str) -> linnet_page.LinnetPage:
        context = linnet_page.profile(chromium, accept_downloads=True)
        for script in lacks:
            context.add_init_script(script)
        opened.append((context, linnet_page.LinnetPage(context.new_page()).open(served.url)))
        return opened[-1][1]

    yield open_page
    for context, page in opened:
        context.close()
        assert page.complaints == []


def test_indexed_db_keeps_all_of_it(without, chromium, served, clip_file, tmp_path):
    page = without(NO_FILES)
    assert page.page.locator("[data-notice=unkept]").count() == 0
    before = rows_after_edits(page, clip_file)
    wave, spectrum = picture(page, "waveform"), picture(page, "transform")
    page.page.evaluate("linnet.saved()")
    project = page.page.evaluate("sessionStorage.getItem('linnet-project')")
    parts = {"project.json", "edits.json", "notes.json", "planes", "peaks", "history", "audio", "arranged.json"}
    assert set(page.page.evaluate(KEYS)) == {f"{project}/{part}" for part in parts}
    assert page.page.evaluate(FOLDERS) == []

    page.page.reload(wait_until="commit")
    page.wait_for("done")
    assert rows(page) == before[-1]
    assert page.page.input_value("#option-sensitivity") == "0.4"
    assert np.array_equal(picture(page, "waveform"), wave)
    assert np.array_equal(picture(page, "transform"), spectrum)
    page.page.locator("#roll").focus()
    page.page.keyboard.press("Control+z")
    assert rows(page) == before[-2]
    page.page.keyboard.press("Control+y")
    assert rows(page) == before[-1]

    path = page.save("project", tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("recording/clip.flac") == clip_file.read_bytes()
        assert json.loads(archive.read("project.json"))["id"] == project
    with linnet_page.fresh(chromium) as other:  # and over to a browser that has files
        other.open(served.url)
        other.choose(path)
        other.wait_for("done")
        assert rows(other) == before[-1]

    page.page.click("#projects-open")
    page.page.click("#project-rows button:text('Delete')")
    page.page.wait_for_selector("#welcome", state="visible")
    page.page.keyboard.press("Escape")
    page.page.click("#projects-open")
    page.page.wait_for_selector("#projects-none", state="visible")
    page.page.evaluate("linnet.saved()")
    for _ in range(600):
        if not page.page.evaluate(KEYS):
            break
        page.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.page.evaluate(KEYS) == []
    page.page.reload(wait_until="commit")
    page.wait_for("ready")

    page.choose(path)
    page.wait_for("done")
    assert rows(page) == before[-1]


def rows_after_edits(page, clip_file):
    """A setting and two edits; the notes after each."""
    states = [page.transcribe(clip_file)]
    count = len(states[0]["onsetS"])
    page.set_option("sensitivity", 0.4)
    page.page.wait_for_selector(f"#status:not(:text-matches('^{count} notes in'))")
    page.page.locator("#roll").focus()
    page.page.keyboard.press("f")
    for key in ("ArrowUp", "Delete"):
        click_note(page, longest(page))
        page.page.keyboard.press(key)
        states.append(rows(page))
        page.page.keyboard.press("Escape")
    return states


def test_where_nothing_can_be_kept_the_page_says_so_and_works(without, chromium, served, clip_file, tmp_path):
    page = without(NO_FILES, NO_DATABASE)
    line = page.page.locator("[data-notice=unkept]")
    expect(line).to_contain_text("what you make is gone when the tab is closed or reloaded")
    made = rows_after_edits(page, clip_file)[-1]
    assert page.page.locator("[data-notice=full]").count() == 0
    path = page.save("project", tmp_path)
    line.locator("button").click()
    expect(line).to_have_count(0)
    page.page.reload(wait_until="commit")
    page.wait_for("ready")
    expect(line).to_be_visible()
    page.choose(path)
    page.wait_for("done")
    assert rows(page) == made
