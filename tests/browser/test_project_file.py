"""Project files: out of one browser into another, and what is no project or a broken one changes nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.browser import linnet_page
from tests.browser.test_keep import until_on_disk

NEWER = b'{"format": "linnet-project/9"}'


@pytest.fixture(scope="module")
def made(chromium, served, clip_file, tmp_path_factory):
    """A project file, and the notes that it must show."""
    with linnet_page.fresh(chromium, accept_downloads=True) as page:
        page.open(served.url)
        page.transcribe(clip_file)
        page.decoded_again(0.6)
        page.page.wait_for_selector("#file-facts:text('♩')")  # tempo and key are kept with the rest
        page.until("linnet.analysis() !== null", bool)
        with page.page.expect_download() as download:
            page.page.click("#save-project")
        path = tmp_path_factory.mktemp("projects") / download.value.suggested_filename
        download.value.save_as(path)
        return path, page.notes()


def test_it_is_a_zip_with_the_recording_in_it(made, clip_file):
    path, notes = made
    assert path.name == "clip.linnet"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = {"project.json", "notes.json", "edits.json", "planes", "peaks", "history", "arranged.json"}
        assert set(archive.namelist()) == {*names, "recording/clip.flac"}
        assert archive.read("recording/clip.flac") == clip_file.read_bytes()
        assert json.loads(archive.read("project.json"))["format"] == "linnet-project/1"
        assert json.loads(archive.read("notes.json"))["onsetS"] == notes["onsetS"]


def test_it_opens_elsewhere_and_settings_act_on_it(made, chromium, served):
    path, notes = made
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.choose(path)
        page.wait_for("done")
        assert page.notes() == notes
        assert page.page.input_value("#option-sensitivity") == "0.6"
        page.set_option("sensitivity", 0.2)
        count = f"'^{len(notes['onsetS'])} notes'"
        page.page.wait_for_selector(f"#status:not(:text-matches({count}))")
        assert len(page.notes()["onsetS"]) < len(notes["onsetS"])
        page.set_option("sensitivity", 0.6)
        page.page.wait_for_selector(f"#status:text-matches({count})")
        assert page.notes() == notes
        until_on_disk(page, 0, 0.6)
        page.page.reload(wait_until="commit")
        page.wait_for("done")
        assert page.notes() == notes
        assert page.complaints == []


def changed(path: Path, name: str, content: bytes, folder: Path) -> Path:
    """The project with another content of one of its files."""
    other = folder / "changed.linnet"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return other


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda path, folder: path.read_bytes()[:2000], "damaged"),
    (lambda path, folder: b"RIFF" + bytes(400), "is not a Linnet project"),
    (lambda path, folder: b"", "is not a Linnet project"),
    (lambda path, folder: path.read_bytes()[:60000] + bytes(2000) + path.read_bytes()[62000:], "damaged"),
    (lambda path, folder: changed(path, "notes.json", b'{"onsetS": [1]}', folder).read_bytes(), "damaged"),
    (lambda path, folder: changed(path, "project.json", b"{", folder).read_bytes(), "damaged"),
    (lambda path, folder: changed(path, "project.json", NEWER, folder).read_bytes(), "newer"),
])  # fmt: skip
def test_what_is_none_changes_nothing(made, linnet, clip_file, tmp_path, spoil, words):
    notes = linnet.transcribe(clip_file)
    count = kept(linnet)
    linnet.choose({"name": "bad.linnet", "mimeType": "", "buffer": spoil(made[0], tmp_path)})
    alarm = linnet.alarm()
    assert words in alarm
    assert "Nothing else changed" in alarm
    assert linnet.notes() == notes
    assert kept(linnet) == count
    linnet.page.click("#alarm-close")


def kept(page):
    """How many projects there are on disk."""
    script = """async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
      let count = 0;
      for await (const _ of root.keys()) count += 1;
      return count;
    }"""
    return page.page.evaluate(script)
