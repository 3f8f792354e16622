"""Nothing that was made is lost: projects outlive a reload, two tabs, a full disk and broken files."""

from __future__ import annotations

import numpy as np
import soundfile

from tests import recordings, synth
from tests.browser import linnet_page

PART = """async (name) => {
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
    const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
    return JSON.parse(await (await (await folder.getFileHandle(name)).getFile()).text());
  } catch {
    return null;  // on its way, or being swapped just now
  }
}"""


def until_on_disk(page, removed, sensitivity):
    """Until the project was saved by itself, with so many notes removed and decoded with that sensitivity."""
    page.until(f"({PART})('project.json')", lambda card: card and card["state"] == "done")
    page.until(f"({PART})('notes.json')", lambda notes: notes and notes["decodedWith"]["sensitivity"] == sensitivity)
    if removed:
        page.until(f"({PART})('edits.json')", lambda edits: edits and len(edits["removed"]) == removed)


def again(page: linnet_page.LinnetPage, stage: str = "done") -> linnet_page.LinnetPage:
    """Reload without a word of farewell, and wait until what was there is back."""
    page.page.reload(wait_until="commit")
    page.wait_for(stage)
    return page


def remove_first_note(page):
    """Select a note on the roll and delete it, as hands do."""
    notes = page.notes()
    time_s = (notes["onsetS"][0] + notes["offsetS"][0]) / 2
    place = page.page.evaluate("([s, p]) => linnet.place(s, p)", [time_s, notes["pitch"][0]])
    page.page.locator("#roll").click(position=place)
    page.page.keyboard.press("Delete")
    assert len(page.notes()["onsetS"]) == len(notes["onsetS"]) - 1


def test_a_reload_brings_everything_back(own, clip_file):
    own.transcribe(clip_file)
    own.decoded_again(0.7)
    remove_first_note(own)
    before = own.notes()
    until_on_disk(own, 1, 0.7)
    again(own)
    assert own.notes() == before
    assert own.page.inner_text("#file-name") == "clip.flac"
    assert "FLAC" in own.page.inner_text("#file-facts")
    assert own.page.input_value("#option-sensitivity") == "0.7"


def test_settings_act_after_a_reload_as_before_it(own, clip_file):
    first = own.transcribe(clip_file)
    fewer = own.decoded_again(0.2)
    assert len(fewer["onsetS"]) < len(first["onsetS"])
    until_on_disk(own, 0, 0.2)
    again(own)
    assert own.notes() == fewer
    own.set_option("sensitivity", 0.5)
    own.page.wait_for_selector(f"#status:text-matches('^{len(first['onsetS'])} notes')")
    assert own.notes() == first  # exactly: the planes are the same bytes


def test_what_is_there_shows_before_the_engine_runs(own, clip_file):
    own.transcribe(clip_file)
    before = own.notes()
    own.page.route("**/pyodide.asm.wasm", lambda route: None)  # never answered
    own.page.reload(wait_until="commit")
    own.wait_for("done", seconds=20)
    assert own.notes() == before
    assert own.page.is_enabled("#play")
    own.page.unroute("**/pyodide.asm.wasm")


def test_a_run_that_was_interrupted_begins_anew(own, tmp_path):
    path = tmp_path / "two minutes.flac"  # long enough to be broken off on the way
    soundfile.write(path, np.tile(recordings.clip(40.0).samples, 3), synth.RATE_HZ)
    reference = own.transcribe(path)
    own.choose(path)
    own.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    assert own.page.get_attribute("html", "data-linnet") == "running"
    again(own)
    assert own.notes() == reference


def test_two_tabs_keep_out_of_each_others_way(own, served, clip_file, tmp_path):
    other_file = tmp_path / "other.flac"
    soundfile.write(other_file, recordings.clip(3.0).samples, synth.RATE_HZ)
    own.transcribe(clip_file)
    mine = own.notes()
    other = linnet_page.LinnetPage(own.page.context.new_page()).open(served.url)
    assert other.page.is_visible("#welcome")
    other.page.click("#projects-open")
    other.page.wait_for_selector("#project-rows >> text=open in another tab")
    other.page.keyboard.press("Escape")
    theirs = other.transcribe(other_file)
    remove_first_note(other)
    until_on_disk(other, 1, 0.5)
    assert own.notes() == mine
    again(own)
    assert own.notes() == mine
    again(other)
    assert len(other.notes()["onsetS"]) == len(theirs["onsetS"]) - 1
    assert other.page.inner_text("#file-name") == "other.flac"
    other.page.close()
    own.page.click("#projects-open")
    own.page.click("#project-rows li:has-text('other.flac') >> button:text('Open')")
    own.page.wait_for_selector("#file-name:text('other.flac')")
    assert len(own.notes()["onsetS"]) == len(theirs["onsetS"]) - 1


def test_deleting_can_be_undone_until_the_sheet_is_closed(own, clip_file):
    own.transcribe(clip_file)
    notes = own.notes()
    row = "#project-rows li:has-text('clip.flac')"
    for is_meant in (False, True):
        own.page.click("#projects-open")
        own.page.click("#project-rows button:text('Delete')")
        own.page.wait_for_selector("#welcome", state="visible")
        if is_meant:
            own.page.keyboard.press("Escape")
            break
        own.page.click("#project-rows button:text('Undo')")
        own.page.click(f"{row} >> text=Open")
        own.page.wait_for_selector("#file-name:text('clip.flac')")
        assert own.notes() == notes
    own.page.click("#projects-open")
    own.page.wait_for_selector("#projects-none", state="visible")
    own.page.keyboard.press("Escape")
    own.page.reload(wait_until="commit")
    own.wait_for("ready")


def test_a_full_disk_is_said_and_the_page_goes_on(own, served, clip_file):
    session = own.page.context.new_cdp_session(own.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": served.url.rstrip("/"), "quotaSize": 1000})
    own.transcribe(clip_file)
    own.page.wait_for_selector("[data-notice=full] >> text=Storage is full: edits are kept in this tab only")
    remove_first_note(own)
    notes = own.notes()
    own.page.click("#projects-open")
    with own.page.expect_download() as download:
        own.page.click("#project-rows button:text('Export')")
    assert download.value.suggested_filename == "clip.linnet"
    own.page.keyboard.press("Escape")
    session.send("Storage.overrideQuotaForOrigin", {"origin": served.url.rstrip("/")})
    own.choose(download.value.path())  # a name of its own: it is no project to the page
    own.page.wait_for_selector("#alarm:not([hidden])")
    own.choose({"name": "clip.linnet", "mimeType": "", "buffer": download.value.path().read_bytes()})
    own.page.wait_for_selector("#alarm", state="hidden")
    assert own.notes() == notes


def test_notes_of_another_model_stay_and_transcribing_again_is_offered(own, clip_file, tmp_path):
    notes = own.transcribe(clip_file)
    own.page.evaluate("linnet.saved()")
    spoil = """async () => {
      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
      const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
      const handle = await folder.getFileHandle("planes");
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      const text = new TextDecoder("latin1").decode(bytes.subarray(0, 60));
      bytes[text.indexOf("linnet-2")] = 76;
      const sink = await handle.createWritable();
      await sink.write(bytes);
      await sink.close();
    }"""
    own.page.evaluate(spoil)
    again(own)
    line = own.page.wait_for_selector("[data-notice=again]", timeout=linnet_page.BOOT_S * 1000)
    assert "These notes were found by the model Linnet-2 2, and this page has linnet-2 2;" in line.inner_text()
    assert own.notes() == notes
    soundfile.write(tmp_path / "other.flac", recordings.clip(3.0).samples, synth.RATE_HZ)
    own.transcribe(tmp_path / "other.flac")
    own.page.wait_for_selector("[data-notice=again]", state="detached")  # it is not about this one
    own.page.click("#projects-open")
    own.page.click("#project-rows li:has-text('clip.flac') >> button:text('Open')")
    own.page.wait_for_selector("[data-notice=again]")
    assert own.notes() == notes
    own.page.evaluate("() => { document.documentElement.dataset.linnet = 'asked'; }")
    own.page.click("[data-notice=again] button:text('Transcribe again')")
    own.wait_for("done")
    assert own.notes() == notes
    assert len(own.decoded_again(0.2)["onsetS"]) < len(notes["onsetS"])
