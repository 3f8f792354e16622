"""Part browser-memory: peak memory of the page's process for a short and a long recording, through the real page."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, Playwright

from tests.bench.chromium import opened, peak_mb, playwright, renderer, until, watched
from tests.bench.clips import long_files
from tests.bench.results import Effort, Result
from tests.bench.serving import served, site

MOST_GROWTH_MB = 60.0
SETTLE_MS = 300  # for the last notes to be drawn and the last long task to be told


def run(effort: Effort) -> Result:
    lengths = (1, effort.long_browser_min)
    with long_files(*lengths) as paths, served(site()) as address, playwright() as started:
        short, long = (_fresh(started, address, path) for path in paths)
    result = Result(raw={f"{m} min": figures for m, figures in zip(lengths, (short, long), strict=True)})
    result.add("page's process, engine ready: peak", f"{short['ready_mb']:.0f} MB")
    for minutes, figures in zip(lengths, (short, long), strict=True):
        result.add(f"{minutes} min of audio: peak", f"{figures['peak_mb']:.0f} MB")
    growth = long["peak_mb"] - short["peak_mb"]
    result.add(
        f"{lengths[1]} min above 1 min", f"{growth:.0f} MB", "", f"<= {MOST_GROWTH_MB:g} MB", growth <= MOST_GROWTH_MB
    )
    speed = 60 * lengths[1] / long["took_s"]
    result.add(f"  {lengths[1]} min took", f"{long['took_s']:.0f} s ({speed:.0f} times real time)")
    result.add("  longest task of the window while it ran", task_words(long["longest_task_ms"]))
    return result


def task_words(longest_ms: float) -> str:
    """A browser tells of tasks from 50 ms on."""
    return f"{longest_ms:.0f} ms" if longest_ms else "none of 50 ms"


def _fresh(started: Playwright, address: str, audio: Path) -> dict[str, Any]:
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        with opened(started, profile) as page:
            page.goto(address, wait_until="commit")
            until(page, "ready")
            process = renderer(profile)
            ready_mb = peak_mb(process)
            return {"ready_mb": ready_mb} | transcribe(page, audio) | {"peak_mb": peak_mb(process)}


def transcribe(page: Page, audio: Path) -> dict[str, Any]:
    """Choose a file on the real page and wait for all its notes; how the window fared meanwhile."""
    chosen_ms = page.evaluate("(linnetWatch.longestGapMs = 0, performance.now())")
    page.set_input_files("input[type=file]", str(audio))
    over = until(page, "notes")
    page.wait_for_timeout(SETTLE_MS)
    watch = watched(page)
    tasks = [task["duration"] for task in watch["longTasks"] if task["startTime"] >= chosen_ms]
    return {
        "took_s": (over["atMs"] - chosen_ms) / 1000,
        "notes": over["count"],
        "longest_task_ms": max(tasks, default=0.0),
        "long_tasks": len(tasks),
        "longest_gap_ms": watch["longestGapMs"],
    }
