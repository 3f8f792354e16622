"""What is being transcribed gives way to what one opens and goes on after it, but not to what is no recording."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_next import LISTENING, long_file  # noqa: F401
from tests.browser.test_see import mark

BEFORE_PAGE = """
window.heard = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message?.type === "transcribe") window.heard.push(message.part && [message.part.fromS, message.part.toS]);
  return post.call(this, message, ...rest);
};
"""


@pytest.fixture
def opened(own, long_file):  # noqa: F811
    own.choose(long_file)
    own.page.wait_for_selector(LISTENING)
    return own


def until_all_done(page, names):
    page.page.click("#projects-open")
    for name in names:
        page.page.wait_for_selector(f"#project-rows li[data-state=done]:has-text('{name}')", timeout=120_000)


def test_one_that_gave_way_to_a_file_goes_on_after_it(opened, clip_file):
    opened.choose(clip_file)
    expect(opened.page.locator("#file-name")).to_have_text("clip.flac")
    opened.wait_for("done")
    until_all_done(opened, ["clip.flac", "long.flac"])
    assert opened.page.inner_text("#file-name") == "clip.flac"


def test_nothing_gives_way_to_a_file_that_cannot_be_opened(opened, tmp_path):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no sound at all " * 100)
    opened.choose(broken)
    assert "broken.mp3" in opened.alarm()
    assert opened.page.get_attribute("html", "data-linnet") == "running"
    assert opened.page.inner_text("#file-name") == "long.flac"
    opened.wait_for("done")
    opened.page.click("#projects-open")
    expect(opened.page.locator("#project-rows li")).to_have_count(1)
    opened.complaints.clear()  # the browser's decoder says it too


def test_a_part_that_gave_way_is_heard_and_not_the_whole(opened, clip_file):
    opened.wait_for("done")
    opened.page.locator("#roll").focus()
    opened.page.keyboard.press("f")
    mark(opened, 20, 110)
    opened.page.click("#part-only")
    opened.page.wait_for_selector("html[data-linnet=running]", state="attached")
    opened.page.wait_for_selector(LISTENING)
    opened.choose(clip_file)
    expect(opened.page.locator("#file-name")).to_have_text("clip.flac")
    until_all_done(opened, ["clip.flac", "long.flac"])
    whole, part, clip, again = opened.page.evaluate("window.heard")
    assert whole is clip is None
    assert part == again
