"""Part live: a take through Chromium's fake microphone and the real page: how late notes come, and what it costs.

Tone bursts are played to the microphone over and over. Where each began in the take is read from the take itself, and
when that sample reached the worklet from the worklet's own marks: what is measured is sound in the audio thread to
event on the page. The browser has the machine to itself as far as the bench can see to it.
"""

from __future__ import annotations

import bisect
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
import soundfile
from playwright.sync_api import Page, Playwright

from tests import synth
from tests.bench import live_accuracy
from tests.bench.chromium import FLAGS, playwright, program
from tests.bench.places import REPORTS
from tests.bench.results import Effort, Result, percentile
from tests.bench.serving import served, site

TAKE_S = 40
SETTLE_S = 2
QUICK_TAKE_S = 15
BURST_S, PERIOD_S = 0.35, 0.6
PITCHES = (45, 52, 60, 67, 72, 57, 64, 76)
MOST_MS = {"follow": (250.0, 350.0), "play": (130.0, 200.0)}
MOST_LOAD = 0.6
QUIET = 0.01  # below it there is no burst
RATE_HZ = 48000


def run(effort: Effort) -> Result:
    result = Result()
    take_s = QUICK_TAKE_S if effort.repeats <= 2 else TAKE_S
    REPORTS.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="live-", dir=REPORTS) as folder, playwright() as started, served(site()) as address:
        sound = Path(folder) / "bursts.wav"
        bursts(sound)
        for mode in ("follow", "play"):
            _latency(result, started, address, sound, mode, take_s)
    live_accuracy.add_rows(result)
    return result


def bursts(path: Path) -> None:
    """Reed-like bursts at steady distances, silence between them."""
    parts = []
    for pitch in PITCHES:
        tones = [synth.tone(synth.hertz(pitch) * n, BURST_S, 0.3 / n, RATE_HZ) for n in range(1, 6)]
        burst = np.sum(tones, axis=0)
        edge = round(0.004 * RATE_HZ)
        burst[:edge] *= np.linspace(0, 1, edge)
        burst[-edge:] *= np.linspace(1, 0, edge)
        parts += [burst, np.zeros(round((PERIOD_S - BURST_S) * RATE_HZ))]
    soundfile.write(path, np.concatenate(parts).astype(np.float32), RATE_HZ, subtype="PCM_16")


@contextmanager
def microphone(started: Playwright, sound: Path) -> Iterator[Page]:
    """A page whose microphone plays a file over and over."""
    fake = [
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
    ]  # fmt: skip
    browser = started.chromium.launch(executable_path=program(), args=[*FLAGS, *fake])
    try:
        yield browser.new_context(accept_downloads=True).new_page()
    finally:
        browser.close()


def take(page: Page, address: str, mode: str, seconds: float) -> tuple[dict[str, Any], np.ndarray, int]:
    """Record so long; what the page measured, the take's samples and their rate."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-linnet=ready]", state="attached", timeout=120_000)
    page.evaluate("(mode) => localStorage.setItem('linnet-live', JSON.stringify({ mode }))", mode)
    page.reload()
    page.wait_for_selector("html[data-linnet=ready]", state="attached", timeout=120_000)
    page.click("#record")
    page.wait_for_selector("#record[data-recording=true]")
    page.wait_for_timeout(1000 * SETTLE_S)
    before, since = worker_cpu_s(), time.monotonic()
    page.wait_for_timeout(1000 * seconds)
    figures = page.evaluate("linnet.live()")
    figures["load"] = (worker_cpu_s() - before) / (time.monotonic() - since)
    page.click("#record")
    page.wait_for_selector("html[data-linnet=done]", state="attached", timeout=300_000)
    with page.expect_download(timeout=60_000) as download:
        page.click("#save-take")
    content = Path(download.value.path()).read_bytes()
    samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    return figures, samples.mean(axis=1), rate_hz


def worker_cpu_s() -> float:
    """Processor time so far of the engine's thread in the browser that this process started."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" not in process.cmdline():
                continue
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                name, fields = (thread / "stat").read_text().rsplit(")", 1)
                if "DedicatedWorker" in name:
                    user, system = fields.split()[11:13]
                    total += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            continue
    return total


def onsets(samples: np.ndarray, rate_hz: int) -> list[int]:
    """First samples of the bursts: the first loud one after a tenth of a second of quiet."""
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    starts = loud[1:][np.diff(loud) > 0.1 * rate_hz]
    return [int(start) for start in starts]


def delays_ms(figures: dict[str, Any], samples: np.ndarray, rate_hz: int) -> list[float]:
    """Of every burst that was told: from its first sample in the worklet to its event on the page."""
    frames = [mark[0] for mark in figures["marks"]]
    found = []
    for start in onsets(samples, rate_hz):
        near = [ms for onset_s, ms in figures["told"] if abs(onset_s - start / rate_hz) < 0.1]
        after = bisect.bisect_left(frames, start)
        if not near or after >= len(frames):
            continue
        frame, heard_ms = figures["marks"][after]
        found.append(min(near) - (heard_ms - 1000 * (frame - start) / rate_hz))
    return found


def _latency(result: Result, started: Playwright, address: str, sound: Path, mode: str, take_s: float) -> None:
    with microphone(started, sound) as page:
        figures, samples, rate_hz = take(page, address, mode, take_s)
    late = delays_ms(figures, samples, rate_hz)
    name = mode.capitalize()
    p50, p95 = (percentile(late, p) for p in (50, 95))
    most = MOST_MS[mode]
    result.add(
        f"{name}: sound in the worklet to event on the page, {len(late)} bursts (p50, p95)", f"{p50:.0f}, {p95:.0f} ms",
        "", f"<= {most[0]:g}, {most[1]:g} ms", p50 <= most[0] and p95 <= most[1],
    )  # fmt: skip
    share = figures["load"]
    result.add(
        f"  {name}: engine's processor time, share of one core",
        f"{100 * share:.0f} %",
        "",
        f"<= {100 * MOST_LOAD:g} %",
        share <= MOST_LOAD,
    )
    result.raw[name] = {"delays_ms": late, "load": share, "bursts": len(onsets(samples, rate_hz))}
