"""What a musician made looks the same after a reload: pictures under the notes, without hearing the recording again."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import numpy as np

from linnet.planes_file import PREFIX
from tests.browser import linnet_page
from tests.browser.test_arrange import eighths_file  # noqa: F401
from tests.browser.test_see import busy_file, mark, pixels  # noqa: F401


def picture(page, kind):
    """The roll with the whole recording in sight and a picture under it."""
    page.page.locator("#roll").focus()
    page.page.keyboard.press("f")
    page.page.click(f"label[for=underlay-{kind}]")
    until_shown(page)
    page.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return pixels(page)


def until_shown(page):
    page.page.wait_for_selector("#roll[data-underlay=shown]", timeout=1000 * linnet_page.BOOT_S)


def overview(page):
    return page.page.locator("#overview").screenshot()


def test_the_waveform_is_drawn_before_the_engine_runs(own, clip_file):
    own.transcribe(clip_file)
    before, strip = picture(own, "waveform"), overview(own)
    own.page.evaluate("linnet.saved()")
    own.page.route("**/pyodide.asm.wasm", lambda route: None)  # never answered
    own.page.reload(wait_until="commit")
    own.wait_for("done", seconds=20)
    assert np.array_equal(picture(own, "waveform"), before)
    assert overview(own) == strip
    assert own.page.get_attribute("html", "data-engine") is None
    own.page.unroute("**/pyodide.asm.wasm")


def test_spectrum_and_likelihood_come_back_with_the_engine(own, busy_file):  # noqa: F811
    own.transcribe(busy_file)
    own.set_option("sensitivity", 0.4)
    before = {kind: picture(own, kind) for kind in ("transform", "likelihood")}
    own.page.click("#ghosts-shown")
    own.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    ghosts = own.page.evaluate("linnet.ghosts()")
    own.page.evaluate("linnet.saved()")
    own.page.reload(wait_until="commit")
    own.page.wait_for_selector("#see:not([hidden])")
    own.page.click("#ghosts-shown")  # asked for before the engine can answer
    own.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    assert own.page.evaluate("linnet.ghosts()") == ghosts
    own.page.click("#ghosts-shown")
    for kind, was in before.items():
        assert np.array_equal(picture(own, kind), was), kind
    assert "transcribeMs" not in own.timings()


def test_a_picture_chosen_before_the_engine_runs_comes_when_it_does(own, clip_file):
    own.transcribe(clip_file)
    before = picture(own, "transform")
    own.page.evaluate("linnet.saved()")
    own.page.reload(wait_until="commit")
    own.page.wait_for_selector("#see:not([hidden])")
    own.page.click("label[for=underlay-transform]")
    own.page.locator("#roll").focus()
    own.page.keyboard.press("f")
    until_shown(own)
    assert np.array_equal(picture(own, "transform"), before)


def before_pictures(packed: bytes) -> bytes:
    """Planes as the version before stored them: layout 1, nothing seen."""
    _, _, length = PREFIX.unpack_from(packed)
    head = json.loads(packed[PREFIX.size : PREFIX.size + length])
    end = len(packed) - sum(size for _, size in head.pop("seen"))
    words = json.dumps(head).encode()
    return PREFIX.pack(b"LNPL", 1, len(words)) + words + packed[PREFIX.size + length : end]


def test_a_project_carries_its_pictures_and_one_without_them_opens(own, served, chromium, clip_file, tmp_path):
    notes = own.transcribe(clip_file)
    before = {kind: picture(own, kind) for kind in ("waveform", "transform")}
    path = own.save("project", tmp_path)
    old = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(old, "w") as older:
        assert len(peaks(path)) == 1 + 2 * 800  # eight seconds
        for name in ("project.json", "notes.json", "edits.json", "recording/clip.flac"):
            if name in archive.namelist():
                older.writestr(name, archive.read(name))
        older.writestr("planes", before_pictures(archive.read("planes")))
    with linnet_page.fresh(chromium) as page:
        page.open(served.url)
        page.choose(path)
        page.wait_for("done")
        for kind, was in before.items():
            assert np.array_equal(picture(page, kind), was), kind
        page.choose({"name": "older.linnet", "mimeType": "", "buffer": old.getvalue()})
        page.page.wait_for_selector("#underlay-waveform:disabled", state="attached")
        assert page.notes() == notes
        page.page.keyboard.press("u")
        page.page.wait_for_selector("#underlay-transform:disabled", state="attached")
        page.page.click("label[for=underlay-likelihood]")  # of the planes, which it has
        until_shown(page)
        page.set_option("sensitivity", 0.2)
        page.page.wait_for_selector(f"#status:not(:text-matches('^{len(notes['onsetS'])} notes'))")
        assert len(page.notes()["onsetS"]) < len(notes["onsetS"])
        assert page.complaints == []


def open_panels(page):
    for panel in ("time-panel", "pitch-panel"):
        if page.get_attribute(f"#{panel}", "open") is None:
            page.click(f"#{panel} summary")


def test_notes_in_time_and_in_tune_are_there_before_the_engine_runs(own, eighths_file, tmp_path):  # noqa: F811
    page = own.page
    heard = own.transcribe(eighths_file)
    open_panels(page)
    page.click("label[for=option-grid-auto]")
    page.select_option("#option-quantise", "1/8")
    page.click("label[for=option-snap-remove]")
    notes = own.until("linnet.notes()", lambda n: 73 not in n["pitch"] and n["onsetS"] != heard["onsetS"])
    analysis, saved = page.evaluate("linnet.analysis()"), own.save("mid", tmp_path).read_bytes()
    project = own.save("project", tmp_path)
    page.evaluate("linnet.saved()")
    page.route("**/pyodide.asm.wasm", lambda route: None)  # never answered
    page.reload(wait_until="commit")
    own.wait_for("done", seconds=20)
    assert own.notes() == notes
    assert page.evaluate("linnet.analysis()") == analysis
    assert "♩=96.0 · A minor" in page.inner_text("#file-facts")
    page.click("#play")
    assert page.evaluate("linnet.playing()")["isPlaying"]
    page.click("#play")
    assert page.get_attribute("html", "data-engine") is None
    page.unroute("**/pyodide.asm.wasm")
    page.reload(wait_until="commit")
    own.until_engine()
    assert own.save("mid", tmp_path).read_bytes() == saved
    assert "arrangeMs" not in own.timings()  # nobody had to ask
    open_panels(page)
    page.select_option("#option-quantise", "off")
    page.click("label[for=option-snap-off]")
    own.until("linnet.notes()", lambda n: n == heard)
    # and elsewhere; what is stored of another set of notes is not believed
    with zipfile.ZipFile(project) as archive, zipfile.ZipFile(tmp_path / "other.linnet", "w") as other:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "arranged.json":
                stored = json.loads(content)
                content = json.dumps(stored | {"columns": None, "source": [], "notes": "1 0"})
            other.writestr(name, content)
    for path in (project, tmp_path / "other.linnet"):
        own.choose(path)
        own.until("linnet.notes()", lambda n: n == notes)
    assert "arrangeMs" in own.timings()


def test_the_waveform_beside_a_part_that_is_heard_again_stays(own, busy_file, tmp_path):  # noqa: F811
    own.transcribe(busy_file)
    whole = peaks(own.save("project", tmp_path))
    mark(own, 3, 5)
    own.page.click("#part-only")
    own.page.wait_for_selector("html[data-linnet=running]", state="attached")
    own.wait_for("done")
    assert peaks(own.save("project", tmp_path)) == whole


def peaks(project):
    with zipfile.ZipFile(project) as archive:
        return zlib.decompress(archive.read("peaks"), wbits=31)
