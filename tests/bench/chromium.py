"""Debian's Chromium under Playwright, and what its processes take."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psutil
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.bench.results import CannotMeasure

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCH = Path(__file__).with_name("page") / "watch.js"


@contextmanager
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def program() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise CannotMeasure("there is no chromium here; install it with your system's packages")
    return found


@contextmanager
def opened(started: Playwright, profile: Path) -> Iterator[Page]:
    """A page of a browser of its own on this profile folder, with the watcher in it; nothing is loaded yet."""
    context = started.chromium.launch_persistent_context(profile, executable_path=program(), args=list(FLAGS))
    try:
        context.add_init_script(path=WATCH)
        yield context.pages[0] if context.pages else context.new_page()
    finally:
        context.close()


def until(page: Page, what: Literal["ready", "notes"]) -> dict[str, Any]:
    """Wait for the engine, or for all notes of a recording; the page's CSP forbids Playwright's own waiting."""
    heard: dict[str, Any] = page.evaluate(f"linnetWatch.until('{what}')")
    return heard


def watched(page: Page) -> dict[str, Any]:
    """What the watcher has seen, messages apart."""
    seen: dict[str, Any] = page.evaluate("({ ...linnetWatch, messages: [], until: null })")
    return seen


@contextmanager
def at_most_cores(count: int) -> Iterator[None]:
    """What is started in the block may use this many cores: with two the engine takes one thread."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[-count:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def renderer(profile: Path) -> psutil.Process:
    """The process of the page: the renderer of this profile's browser that takes most."""
    mark = f"--user-data-dir={profile}"
    browsers = [p for p in psutil.process_iter() if mark in (line := _words(p)) and not _is_part(line)]
    pages = [p for browser in browsers for p in browser.children(recursive=True) if "--type=renderer" in _words(p)]
    if not pages:
        raise RuntimeError(f"no renderer of {profile.name} was found")
    return max(pages, key=_resident)


def _words(process: psutil.Process) -> list[str]:
    """How a process was started; nothing of one that has just ended."""
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _is_part(line: list[str]) -> bool:
    return any(word.startswith("--type=") for word in line)


def peak_mb(process: psutil.Process) -> float:
    """The most resident memory it ever took."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cpu_s(process: psutil.Process) -> float:
    """Processor time of all its threads so far."""
    times = process.cpu_times()
    return float(times.user + times.system)
