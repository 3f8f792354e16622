"""Part browser-speed: Chromium, decoded samples -> notes in our worker, beside Basic Pitch's network alone.

Both run in one page on the same onnxruntime-web with one thread, and take turns; that Basic Pitch would still have
notes to find in its planes is in its favour. Then how fast a changed setting acts, and what the window feels.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from tests.bench import basic_pitch
from tests.bench.browser_memory import task_words, transcribe
from tests.bench.chromium import at_most_cores, cpu_s, opened, playwright, renderer, until
from tests.bench.clips import CLIP_S, clip_name, clip_path, song
from tests.bench.places import REPORTS
from tests.bench.results import Effort, Result, median, percentile, spread
from tests.bench.serving import folder_named, served, site

PAGE = Path(__file__).with_name("page")
LEAST_RATIO = 2.0
MOST_TASK_MS = 100.0
MOST_REDECODE_MS = 100.0
SONG_S = 180


def run(effort: Effort) -> Result:
    result = Result()
    with TemporaryDirectory(prefix="site-", dir=_reports()) as folder, playwright() as started, at_most_cores(2):
        bench_site, profile = _site_with_bench(Path(folder) / "site"), Path(folder) / "profile"
        with served(bench_site) as address:
            with opened(started, profile) as page:
                page.goto(f"{address}bench/speed.html")
                _side_by_side(result, page, profile, effort)
                _redecode(result, page, effort)
            with opened(started, profile) as page:
                page.goto(address, wait_until="commit")
                until(page, "ready")
                window = transcribe(page, bench_site / "bench" / "song.flac")
    worst = window["longest_task_ms"]
    result.add(
        f"the real page, {SONG_S} s: longest task of the window", task_words(worst), "",
        f"< {MOST_TASK_MS:g} ms", worst < MOST_TASK_MS,
    )  # fmt: skip
    result.add("  it took, reading the file and drawing included", f"{window['took_s']:.1f} s")
    result.raw["window"] = window
    return result


def _reports() -> Path:
    REPORTS.mkdir(parents=True, exist_ok=True)
    return REPORTS


def _site_with_bench(target: Path) -> Path:
    """The assembled site with the bench's page, the other network and the audio in a folder of their own."""
    shutil.copytree(site(), target, copy_function=os.link)
    own = target / "bench"
    own.mkdir()
    for name in ("speed.html", "speed.js", "basic-pitch-worker.js"):
        shutil.copyfile(PAGE / name, own / name)
    shutil.copyfile(basic_pitch.model_path(), own / "nmp.onnx")
    shutil.copyfile(clip_path(), own / "clip.flac")
    song(own / "song.flac", SONG_S)
    return target


def _side_by_side(result: Result, page: Page, profile: Path, effort: Effort) -> None:
    loaded = page.evaluate("([app, engine]) => bench.load(app, engine)", [folder_named("app"), folder_named("engine")])
    process = renderer(profile)
    sides = {"linnet": "bench.transcribe('clip.flac')", "basic_pitch": "bench.basicPitch('clip.flac')"}
    first = {name: page.evaluate(call) for name, call in sides.items()}
    turns: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for _ in range(effort.repeats):
        for name, call in sides.items():
            before = cpu_s(process)
            turn = page.evaluate(call)
            turns[name].append(turn | {"wall_s": turn["wallMs"] / 1000, "cpu_s": cpu_s(process) - before})
    result.raw |= {"loaded": loaded, "first": first, "turns": turns}
    for key, name in (("cpu_s", "processor time"), ("wall_s", "wall time")):
        ours, theirs = ([turn[key] for turn in turns[side]] for side in sides)
        ratio = median(theirs) / median(ours)
        result.raw[f"{key}_ratio"] = ratio
        result.add(
            f"{clip_name()}, {loaded['threads']} thread, {name}", spread(ours),
            f"{basic_pitch.NAME}, network alone: {spread(theirs)}",
            f">= {LEAST_RATIO:g} times as fast", ratio >= LEAST_RATIO,
        )  # fmt: skip
        result.add(f"  {name}: times as fast", f"{ratio:.2f}")
    result.add("  real-time factor", f"{median([t['wall_s'] for t in turns['linnet']]) / CLIP_S:.4f}")


def _redecode(result: Result, page: Page, effort: Effort) -> None:
    transcribed = page.evaluate("bench.transcribe('song.flac')")
    page.evaluate("bench.redecode(2)")
    times = page.evaluate(f"bench.redecode({6 * effort.repeats})")
    p50, p95 = (percentile(times["roundMs"], p) for p in (50, 95))
    result.add(
        f"a changed setting, {SONG_S} s and {transcribed['notes']} notes: to new notes (p50, p95)",
        f"{p50:.0f}, {p95:.0f} ms", "", f"p95 < {MOST_REDECODE_MS:g} ms", p95 < MOST_REDECODE_MS,
    )  # fmt: skip
    result.raw["redecode"] = times | {"song": transcribed, "p50": p50, "p95": p95}
