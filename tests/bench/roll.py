"""Part roll: the real page's piano roll.

Script per frame while it is panned and zoomed with 5,000 notes in sight, over each underlay; from a moved slider to the
redrawn roll; the window's longest task while a file runs with the spectrum shown.

Chromium runs without a GPU here, so the time from frame to frame is told and has no target.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from tests.bench.browser_memory import task_words, transcribe
from tests.bench.chromium import at_most_cores, opened, playwright, until
from tests.bench.clips import song
from tests.bench.results import Effort, Result, percentile
from tests.bench.serving import served, site

DRIVER = Path(__file__).with_name("page") / "roll.js"
UNDERLAYS = ("none", "waveform", "transform", "likelihood")
MOST_SCRIPT_MS = 16.0
MOST_SLIDE_MS = 100.0
MOST_TASK_MS = 100.0
NOTES = 5000
MANY_S = 540  # of the song: holds that many notes
SONG_S = 180
WARM_UP = 40
SETTLE_MS = 1500


def run(effort: Effort) -> Result:
    result = Result()
    with TemporaryDirectory(prefix="roll-") as folder, at_most_cores(2), served(site()) as address:
        many, short = Path(folder) / "many.flac", Path(folder) / "song.flac"
        song(many, MANY_S)
        song(short, SONG_S)
        with _page(address, Path(folder) / "one") as page:
            page.evaluate("linnetRoll.choose('transform')")
            window = transcribe(page, many)
            worst = window["longest_task_ms"]
            result.add(
                f"{MANY_S} s run with the spectrum shown: longest task of the window", task_words(worst), "",
                f"< {MOST_TASK_MS:g} ms", worst < MOST_TASK_MS,
            )  # fmt: skip
            result.raw["window"] = window
            _sweeps(result, page, effort)
        with _page(address, Path(folder) / "two") as page:
            transcribe(page, short)
            page.evaluate("linnetRoll.slide(3)")
            times = page.evaluate(f"linnetRoll.slide({6 * effort.repeats})")
    p50, p95 = percentile(times, 50), percentile(times, 95)
    result.add(
        f"a moved slider, {SONG_S} s: to the redrawn roll (p50, p95)", f"{p50:.0f}, {p95:.0f} ms", "",
        f"p95 <= {MOST_SLIDE_MS:g} ms", p95 <= MOST_SLIDE_MS,
    )  # fmt: skip
    result.raw["slide"] = times
    return result


@contextmanager
def _page(address: str, profile: Path) -> Iterator[Page]:
    with playwright() as started, opened(started, profile) as page:
        page.add_init_script(path=DRIVER)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address, wait_until="commit")
        until(page, "ready")
        yield page


def _sweeps(result: Result, page: Page, effort: Effort) -> None:
    count = page.evaluate("linnetRoll.count()")
    result.add("notes in sight", f"{count}", "", f">= {NOTES}", count >= NOTES)
    for underlay in UNDERLAYS:
        page.evaluate(f"linnetRoll.choose('{underlay}')")
        page.evaluate("linnetRoll.key('f')")
        page.wait_for_timeout(SETTLE_MS)
        for move in ("pan", "zoom"):
            page.evaluate(f"linnetRoll.{move}({WARM_UP})")
            found: dict[str, Any] = page.evaluate(f"linnetRoll.{move}({120 * effort.repeats})")
            p50, p95 = (percentile(found["scriptMs"], p) for p in (50, 95))
            interval = percentile(found["intervalMs"], 95)
            result.add(
                f"{move}, {underlay} beneath: script a frame (p50, p95)", f"{p50:.1f}, {p95:.1f} ms",
                f"frame to frame {interval:.0f} ms", f"p95 <= {MOST_SCRIPT_MS:g} ms", p95 <= MOST_SCRIPT_MS,
            )  # fmt: skip
            result.raw[f"{move}, {underlay}"] = found
            page.evaluate("linnetRoll.key('f')")
