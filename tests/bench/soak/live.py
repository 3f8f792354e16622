"""A long take through the real page; memory, lost sound and drift.

Tone bursts come from Chromium's fake microphone. What must not grow is the page's process beyond what it keeps of the
take: the recording (which the browser stores outside the process) and the planes that settings act on.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
import soundfile
from playwright.sync_api import Page

from tests.bench.chromium import playwright
from tests.bench.live import PERIOD_S, PITCHES, RATE_HZ, bursts, microphone, onsets
from tests.bench.places import REPORTS
from tests.bench.serving import served, site
from tests.bench.soak.written import Soak

MINUTES = 30.0
SETTLED_MIN = 2.0
PLANES_MB_PER_MIN = 88 * 4 * 86.13 * 60 / 1e6 + 309 * 86.13 * 60 / 2 / 1e6  # note planes, and the transform for the eye
MOST_DRIFT_MS = 5.0
SPARE_MB = 30.0  # that an allocator keeps for later
ROWS = 15  # of the table
EVERY_S = 5.0
READINGS = 6  # of memory, whose median counts: the worker's rubbish comes and goes
MOST_OFF_S = 0.005
PIECE_FRAMES = 20 * RATE_HZ


def run(minutes: float) -> Soak:
    """Record for so long. Drift and gaps are judged in the full length alone: a shared machine makes its own."""
    soak = Soak(kind="live", title=f"Linnet, a soak: a take of {minutes:g} minutes")
    soak.columns = ("minute", "memory MB", "behind s", "lost s")
    soak.facts["recording"] = "tone bursts from Chromium's fake microphone, Follow"
    REPORTS.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="soak-", dir=REPORTS) as folder, playwright() as started, served(site()) as address:
        sound = Path(folder) / "bursts.wav"
        bursts(sound)
        with microphone(started, sound) as page:
            browser = page.context.browser
            soak.facts["browser"] = f"Chromium {browser.version if browser else ''}"
            _begin(page, address)
            figures = _record(soak, page, minutes)
            take = Path(folder) / "take.wav"
            _stop(page, take)
            _judge_take(soak, figures, take, is_long=minutes >= MINUTES)
    return soak


def _begin(page: Page, address: str) -> None:
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-linnet=ready]", state="attached", timeout=120_000)
    page.click("#record")
    page.wait_for_selector("#record[data-recording=true]")


def _record(soak: Soak, page: Page, minutes: float) -> dict[str, Any]:
    """Watch memory, which may grow by what is kept alone; gives what the page measured."""
    browser = page.context.new_cdp_session(page)
    began, next_min = time.monotonic(), 0.0
    settled_min = min(SETTLED_MIN, minutes / 2)
    settled_mb: list[float] = []
    last_mb: list[float] = []
    first_late_ms = None
    now_min = 0.0
    while now_min < minutes:
        page.wait_for_timeout(1000 * EVERY_S)
        browser.send("HeapProfiler.collectGarbage")  # what is kept is judged, not when the browser tidies up
        now_min, mb = (time.monotonic() - began) / 60, renderer_mb()
        if settled_min <= now_min and len(settled_mb) < READINGS:
            settled_mb.append(mb)
        last_mb = [*last_mb[1 - READINGS :], mb]
        figures: dict[str, Any] = page.evaluate("linnet.live()")
        first_late_ms = first_late_ms if first_late_ms is not None else _least_late_ms(figures)
        if now_min >= next_min:
            soak.sample(f"{now_min:.1f}", f"{mb:.0f}", f"{figures['behindS']:.2f}", f"{figures['lostS']:.2f}")
            next_min += minutes / ROWS
    grown = median(last_mb) - median(settled_mb)
    most = PLANES_MB_PER_MIN * (now_min - settled_min) + SPARE_MB
    soak.add(
        f"memory grown after {settled_min:.1f} min", f"{grown:.0f} MB", "",
        f"<= {most:.0f} MB: planes, pictures, {SPARE_MB:g} to spare", grown <= most,
    )  # fmt: skip
    return figures | {"drift_ms": _least_late_ms(figures) - first_late_ms}


def _stop(page: Page, take: Path) -> None:
    page.click("#record")
    page.wait_for_selector("html[data-linnet=done]", state="attached", timeout=1_200_000)
    with page.expect_download(timeout=300_000) as download:
        page.click("#save-take")
    download.value.save_as(take)


def _judge_take(soak: Soak, figures: dict[str, Any], take: Path, is_long: bool) -> None:
    kept = soundfile.info(take)
    heard = int(figures["marks"][-1][0])
    begins = _onsets(take, kept.samplerate)
    wrong, late = out_of_step(begins, kept.samplerate)
    drift_ms, lost_s = figures["drift_ms"], figures["lostS"]
    missing, behind_s = max(0, heard - kept.frames), figures["behindS"]
    soak.add("samples that the page had and the take has not", str(missing), "", "0", missing == 0)
    for what, measured, target, is_met in (
        ("the engine behind at the end", f"{behind_s:.2f} s", "< 1 s", behind_s < 1),
        ("sound that the browser never handed over", f"{lost_s:.2f} s", "0", lost_s == 0),
        (f"bursts that come early or not at all, of {len(begins)}", str(len(wrong)), "0", not wrong),
        (
            f"drift of the stream against the clock over {heard / kept.samplerate:.0f} s", f"{drift_ms:.1f} ms",
            f"<= {MOST_DRIFT_MS:g} ms", abs(drift_ms) <= MOST_DRIFT_MS,
        ),
    ):  # fmt: skip
        soak.add(what, measured, "", target, is_met if is_long else None)
    pauses = ", ".join(f"{1000 * off_s:.0f} ms at {at_s:.1f} s" for at_s, off_s in late)
    soak.add("pauses that the fake microphone made between them", pauses or "none", "", "")


def out_of_step(begins: list[int], rate_hz: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Bursts that come early or after a missing one, and those a little late: when, and by how much, in seconds.

    Where something was left out the next burst comes early. A little late is the fake microphone's doing: its timer
    skips a turn that it is late for, and the file goes on where it was. Where the file begins anew it always pauses,
    so late ones at the place of the file that has most of them do not count.
    """
    off_s = np.diff(begins) / rate_hz - PERIOD_S
    is_late = (off_s > MOST_OFF_S) & (off_s < PERIOD_S / 2)
    is_wrong = (np.abs(off_s) > MOST_OFF_S) & ~is_late
    place = np.arange(len(off_s)) % len(PITCHES)
    is_late &= place != np.bincount(place[is_late], minlength=1).argmax()

    def told(chosen: np.ndarray) -> list[tuple[float, float]]:
        return [(begins[i + 1] / rate_hz, float(off_s[i])) for i in np.flatnonzero(chosen)]

    return told(is_wrong), told(is_late)


def _least_late_ms(figures: dict[str, Any]) -> float:
    """How late the sound of the last seconds came, where nothing held it up."""
    marks = figures["marks"]
    return min(ms - 1000 * frames / figures["rateHz"] for frames, ms in marks if ms > marks[-1][1] - 1000 * EVERY_S)


def _onsets(take: Path, rate_hz: int) -> list[int]:
    """First samples of the bursts; read in pieces, for a take may be long."""
    found: list[int] = []
    held = np.zeros(0, np.float32)
    at = 0
    for block in soundfile.blocks(take, blocksize=PIECE_FRAMES, dtype="float32", always_2d=True):
        samples = np.concatenate([held, block[:, 0]])
        found += [at + onset for onset in onsets(samples, rate_hz) if not found or at + onset > found[-1]]
        held = samples[-PIECE_FRAMES // 8 :]
        at += len(samples) - len(held)
    return found


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
