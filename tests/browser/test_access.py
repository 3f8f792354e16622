"""No serious fault that axe-core can see, in every state of the page, dark and light; contrasts of the canvases."""

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests import recordings, synth
from tests.browser import linnet_page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}"""
SCHEMES = ("dark", "light")
TARGET_PX = 44


def faults(page):
    page.page.evaluate(AXE.read_text())
    return page.page.evaluate(RUN)


def check(page, what):
    for scheme in SCHEMES:
        page.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults(page) == [], f"{what}, {scheme}"


def long_file(folder):
    path = folder / "long.wav"
    soundfile.write(path, np.tile(recordings.clip(10.0).samples, 120), synth.RATE_HZ)
    return path


def run_for_a_while(page, folder):
    page.choose(long_file(folder))
    page.page.wait_for_selector("#status:text-matches('Listening: [1-9]')")


def test_at_a_desk(chromium, served, tmp_path):
    with linnet_page.fresh(chromium, viewport={"width": 1280, "height": 800}) as page:
        page.open(served.url)
        check(page, "empty")
        run_for_a_while(page, tmp_path)
        check(page, "running")
        page.page.click("#cancel")
        page.wait_for("done")
        page.page.keyboard.press("Shift+G")
        page.page.keyboard.press("Control+a")
        check(page, "done, with ghosts and a selection")
        page.page.keyboard.press("?")
        check(page, "sheet of keys")
        page.page.keyboard.press("Escape")
        page.page.click("#notes-open")
        check(page, "list of notes")
        page.page.click("#note-close")
        page.page.click("#privacy summary")
        check(page, "what privacy means")
        page.choose({"name": "broken.wav", "mimeType": "audio/wav", "buffer": b"not a recording"})
        page.alarm()
        check(page, "a message")


def test_on_a_phone(chromium, served, tmp_path):
    with linnet_page.fresh(chromium, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        page.open(served.url)
        check(page, "empty")
        too_small(page, "empty")
        run_for_a_while(page, tmp_path)
        page.page.click("#cancel")
        page.wait_for("done")
        page.page.click("#see-toggle")
        check(page, "layers open")
        too_small(page, "layers open")
        page.page.click("#see-toggle")
        page.page.click("#panel-toggle")
        check(page, "settings open")
        too_small(page, "settings open")
        page.page.click("#panel-toggle")
        page.page.click("#notes-open")
        check(page, "list of notes")


SMALL = """(least) => [
  ...document.querySelectorAll("button, select, summary, input:not([type=radio]), .segments label")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.closest("label") ?? element)
  .filter((element) => element.getBoundingClientRect().height < least - 0.5)
  .map((element) => `${element.outerHTML.slice(0, 120)}: ${element.getBoundingClientRect().height}`)"""


def too_small(page, what):
    """Whatever a finger is to hit is large enough."""
    assert page.page.evaluate(SMALL, TARGET_PX) == [], what


def luminance(colour):
    if colour.startswith("#"):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    else:
        channels = [float(c) / 255 for c in re.findall(r"[\d.]+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


READ = """(names) => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_notes_stand_out_against_every_underlay(linnet, scheme):
    linnet.page.emulate_media(color_scheme=scheme)
    names = ["note-edge", "underlay", "wave", "roll-back", "roll-black-row", "text", "text-quiet"]
    colours = linnet.page.evaluate(READ, names)
    for behind in ("underlay", "wave", "roll-back", "roll-black-row"):
        assert contrast(colours["note-edge"], colours[behind]) >= 3, behind  # the outline of notes and ghosts
        assert contrast(colours["text"], colours[behind]) >= 3, behind  # that of chosen ones, and the playhead
    for behind in ("roll-back", "roll-black-row"):
        assert contrast(colours["text-quiet"], colours[behind]) >= 4.5  # times on the ruler
    linnet.page.emulate_media(color_scheme=None)
