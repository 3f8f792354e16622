"""A long take through the real page; memory, lost sound and drift.

Tone bursts come from Chromium's fake microphone. What must not grow is the page's process beyond what it keeps of the
take: the recording (which the browser stores outside the process) and the planes that settings act on.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from playwright.sync_api import Page

from tests.bench.chromium import playwright
from tests.bench.live import bursts, microphone
from tests.bench.places import REPORTS
from tests.bench.serving import served, site
from tests.bench.soak.written import Soak

MINUTES = 30.0
SETTLED_MIN = 2.0
PLANES_MB_PER_MIN = 88 * 4 * 86.13 * 60 / 1e6 + 309 * 86.13 * 60 / 2 / 1e6  # note planes, and the transform for the eye
MOST_DRIFT_MS = 5.0
SPARE_MB = 30.0  # that an allocator keeps for later
ROWS = 15  # of the table


def run(minutes: float) -> Soak:
    """Record for so long."""
    soak = Soak(kind="live", title=f"Linnet, a soak: a take of {minutes:g} minutes")
    soak.columns = ("minute", "memory MB", "behind s")
    soak.facts["recording"] = "tone bursts from Chromium's fake microphone, Follow"
    REPORTS.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="soak-", dir=REPORTS) as folder, playwright() as started, served(site()) as address:
        sound = Path(folder) / "bursts.wav"
        bursts(sound)
        with microphone(started, sound) as page:
            browser = page.context.browser
            soak.facts["browser"] = f"Chromium {browser.version if browser else ''}"
            _record(soak, page, address, minutes)
    return soak


def _record(soak: Soak, page: Page, address: str, minutes: float) -> None:
    """Nothing may drift, and memory may grow by what is kept alone."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-linnet=ready]", state="attached", timeout=120_000)
    page.click("#record")
    page.wait_for_selector("#record[aria-pressed=true]")
    began, settled_mb, next_min = time.monotonic(), None, 0.0
    while time.monotonic() - began < 60 * minutes:
        page.wait_for_timeout(5000)
        now_min, mb = (time.monotonic() - began) / 60, renderer_mb()
        if settled_mb is None and now_min >= min(SETTLED_MIN, minutes / 2):
            settled_mb, settled_min = mb, now_min
        behind = page.evaluate("linnet.live().behindS")
        if now_min >= next_min:
            soak.sample(f"{now_min:.1f}", f"{mb:.0f}", f"{behind:.2f}")
            next_min += minutes / ROWS
    figures = page.evaluate("linnet.live()")
    marks = figures["marks"]
    frames, ms = marks[-1][0] - marks[0][0], marks[-1][1] - marks[0][1]
    heard_s = frames / figures["rateHz"]
    drift_ms = 1000 * heard_s - ms
    grown = renderer_mb() - (settled_mb or 0.0)
    most = PLANES_MB_PER_MIN * (now_min - settled_min) + SPARE_MB
    page.click("#record")
    page.wait_for_selector("html[data-linnet=done]", state="attached", timeout=1_200_000)
    soak.add(
        f"drift of the stream against the clock over {heard_s:.0f} s", f"{drift_ms:.1f} ms", "",
        f"<= {MOST_DRIFT_MS:g} ms", abs(drift_ms) <= MOST_DRIFT_MS,
    )  # fmt: skip
    soak.add(
        f"memory grown after {settled_min:.1f} min", f"{grown:.0f} MB", "",
        f"<= {most:.0f} MB: planes, pictures, {SPARE_MB:g} to spare", grown <= most,
    )  # fmt: skip


def renderer_mb() -> float:
    """Resident memory of the page's process."""
    most = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                most = max(most, process.memory_info().rss / 1e6)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return most
