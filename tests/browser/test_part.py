"""A part of a recording heard by itself, from the page: it goes into the whole, and settings act on all of it."""

import json

import numpy as np
import pytest
import soundfile

from tests import recordings, synth
from tests.browser import linnet_page
from tests.browser.test_see import mark, until_settled

FRAMES_PER_S = 22050 / 256
LOSE_PLANES = """async () => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
  const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
  await folder.removeEntry("planes");
}"""
CARD = """async () => {
  await linnet.saved();
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("projects");
  const folder = await root.getDirectoryHandle(sessionStorage.getItem("linnet-project"));
  return (await (await folder.getFileHandle("project.json")).getFile()).text();
}"""


@pytest.fixture(scope="module")
def busy_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("clips") / "busy.flac"
    soundfile.write(path, recordings.clip(12.0, 1).samples, synth.RATE_HZ)
    return path


def fit(page):
    page.page.locator("#roll").focus()
    page.page.keyboard.press("f")


def hear_part(page, from_s, to_s):
    region = mark(page, from_s, to_s)
    page.page.click("#part-only")
    page.page.wait_for_selector("html[data-linnet=running]", state="attached")
    page.wait_for("done")
    return region


def away_from(notes, from_s, to_s):
    """Notes that have nothing to do with a region: when and which."""
    rows = zip(notes["onsetS"], notes["offsetS"], notes["pitch"], strict=True)
    return [(on, pitch) for on, off, pitch in rows if off < from_s - 0.2 or on > to_s + 0.5]


def inside(notes, from_s, to_s):
    return [(on, pitch) for on, pitch in zip(notes["onsetS"], notes["pitch"], strict=True) if from_s <= on < to_s]


def card(page):
    """The project on the page as it is kept."""
    return json.loads(page.page.evaluate(CARD))


def reload(page):
    page.page.reload(wait_until="commit")
    page.wait_for("done")
    page.until_engine()


def test_settings_act_on_the_whole_after_a_part_was_heard_again(own, busy_file, tmp_path):
    first = own.transcribe(busy_file)
    more = own.decoded_again(0.8)
    assert own.decoded_again(0.5) == first
    fit(own)
    region = hear_part(own, 4, 6)
    after = own.notes()
    assert away_from(after, *region) == away_from(first, *region)
    assert inside(after, *region)
    assert own.page.evaluate("linnet.playing()")["loop"]  # the region stays marked

    # settings, and back
    after_more = own.decoded_again(0.8)
    assert away_from(after_more, *region) == away_from(more, *region) != away_from(first, *region)
    assert own.decoded_again(0.5) == after

    # ghosts, what is seen, planes
    own.page.keyboard.press("Shift+G")
    own.page.wait_for_selector("#ghosts-adopt:not([hidden])")
    assert away_from(own.page.evaluate("linnet.ghosts()"), *region)
    own.page.keyboard.press("Shift+G")
    own.page.click("label[for=underlay-likelihood]")
    until_settled(own)
    planes = np.load(own.save("npz", tmp_path))
    frames = len(planes["onset"])
    assert frames == pytest.approx(12 * FRAMES_PER_S, abs=2)
    assert planes["onset"][: int(3 * FRAMES_PER_S)].any()
    assert planes["onset"][int(7 * FRAMES_PER_S) :].any()

    # storage: the same whole, and another part of it
    own.page.evaluate("linnet.saved()")
    reload(own)
    assert own.notes() == after
    assert own.decoded_again(0.8) == after_more
    assert own.decoded_again(0.5) == after
    fit(own)
    other = hear_part(own, 8, 9)
    again = own.notes()
    assert away_from(again, *other) == away_from(after, *other)
    assert away_from(own.decoded_again(0.8), *other) == away_from(after_more, *other)


def test_a_part_that_is_heard_straight_from_storage_goes_into_the_whole(own, busy_file):
    first = own.transcribe(busy_file)
    own.page.evaluate("linnet.saved()")
    reload(own)
    fit(own)
    region = hear_part(own, 0, 2)
    assert away_from(own.notes(), *region) == away_from(first, *region)
    fewer = own.decoded_again(0.2)
    assert 0 < len(away_from(fewer, *region)) < len(away_from(first, *region))


def test_a_part_of_what_was_not_yet_heard(own, tmp_path):
    path = tmp_path / "four minutes.flac"
    soundfile.write(path, np.tile(recordings.clip(40.0).samples, 6), synth.RATE_HZ)
    own.choose(path)
    own.page.wait_for_selector("#status:text-matches('Listening: [1-9][0-9][0-9]')")
    own.page.click("#cancel")
    own.wait_for("done")
    first = own.notes()
    heard_s = max(first["offsetS"])
    assert heard_s < 150
    assert own.page.is_visible("#part-all")  # not all of it was heard
    fit(own)
    region = hear_part(own, 200, 206)
    after = own.notes()
    assert away_from(after, heard_s - 1, 1e9) == away_from(first, heard_s - 1, 1e9)
    assert inside(after, *region)
    assert not inside(after, heard_s + 1, region[0] - 0.2)
    assert not inside(after, region[1] + 0.2, 1e9)
    fewer = own.decoded_again(0.2)
    assert 0 < len(inside(fewer, 0, heard_s)) < len(inside(after, 0, heard_s))
    assert 0 < len(inside(fewer, *region)) < len(inside(after, *region))
    assert card(own)["doneS"] < 150  # for what lies between was not heard
    planes = np.load(own.save("npz", tmp_path))["onset"]
    assert len(planes) == pytest.approx(region[1] * FRAMES_PER_S, abs=3)
    assert not planes[int(160 * FRAMES_PER_S) : int((region[0] - 0.1) * FRAMES_PER_S)].any()
    assert own.page.is_visible("#part-all")


def test_a_part_heard_again_leaves_view_and_playhead(own, busy_file):
    own.transcribe(busy_file)
    fit(own)
    region = mark(own, 4, 6)
    own.page.locator("#roll").focus()
    own.page.keyboard.press("+")
    box = own.page.locator("#roll").bounding_box()
    own.page.mouse.click(own.place(6.5, 60)[0], box["y"] + 6)
    time, place = own.page.inner_text("#time"), own.place(5, 60)
    assert not time.startswith("0:00")
    own.page.click("#part-only")
    own.page.wait_for_selector("html[data-linnet=running]", state="attached")
    own.wait_for("done")
    assert inside(own.notes(), *region)
    assert own.page.inner_text("#time") == time
    assert own.place(5, 60) == place


@pytest.mark.parametrize("has_planes", [True, False])
def test_all_heard_again_and_stopped_leaves_the_rest(own, tmp_path, has_planes):
    path = tmp_path / "two minutes.flac"
    soundfile.write(path, np.tile(recordings.clip(40.0).samples, 3), synth.RATE_HZ)
    first = own.transcribe(path)
    own.page.evaluate("linnet.saved()")
    if not has_planes:
        own.page.evaluate(LOSE_PLANES)
        reload(own)
        own.page.wait_for_selector("[data-notice=again]", timeout=1000 * linnet_page.BOOT_S)
    fit(own)
    mark(own, 4, 6)
    own.page.click("#part-all")
    own.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")
    own.page.click("#cancel")
    own.wait_for("done")
    assert "stopped early" in own.page.inner_text("#status")
    assert away_from(own.notes(), 0, 100) == away_from(first, 0, 100) != []
    if not has_planes:
        return
    assert own.notes() == first
    fewer = own.decoded_again(0.2)
    assert 0 < len(away_from(fewer, 0, 100)) < len(away_from(first, 0, 100))


def test_without_planes_the_notes_beside_a_part_stay(own, busy_file):
    first = own.transcribe(busy_file)
    own.page.evaluate("linnet.saved()")
    own.page.evaluate(LOSE_PLANES)
    reload(own)
    own.page.wait_for_selector("[data-notice=again]", timeout=1000 * linnet_page.BOOT_S)
    fit(own)
    region = hear_part(own, 4, 6)
    after = own.notes()
    assert away_from(after, *region) == away_from(first, *region)
    fewer = own.decoded_again(0.1)
    assert away_from(fewer, *region) == away_from(first, *region)
    assert len(inside(fewer, *region)) < len(inside(after, *region))
    own.page.evaluate("linnet.saved()")
    reload(own)
    assert own.notes() == fewer
    assert own.decoded_again(0.5) == after
    own.page.click("#part-all")
    own.page.wait_for_selector("html[data-linnet=running]", state="attached")
    own.wait_for("done")
    assert own.notes() == first
