"""Part start: from navigation to the engine being ready, beside stock Pyodide with numpy, which can do less.

Each visit is a new browser process; the first one has a new profile, the second one that of the first. Both sites
are served by `linnet serve` with the same compression and cache rules.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, Playwright

from tests.bench.chromium import opened, playwright, until, watched
from tests.bench.results import Effort, Result, median, spread
from tests.bench.serving import served, site
from tests.bench.stock import stock_site, version_of

MOST_OF_STOCK = 0.55
MOST_USABLE_S = 1.0  # on a later visit
SETTLE_S = 1.0  # for the browser to write its caches


def run(effort: Effort) -> Result:
    visits: dict[str, list[dict[str, Any]]] = defaultdict(list)
    stock = stock_site()
    with served(site()) as ours, served(stock) as theirs, playwright() as started:
        for _ in range(effort.starts):
            _two_visits(started, ours, visits, "linnet")
            _two_visits(started, theirs, visits, "stock")
    result = Result(raw=dict(visits))
    for visit in ("first", "second"):
        linnet_s, stock_s = ([v["ready_s"] for v in visits[f"{side}, {visit}"]] for side in ("linnet", "stock"))
        ratio = median(linnet_s) / median(stock_s)
        result.add(
            f"{visit} visit: navigation to engine ready", spread(linnet_s),
            f"Pyodide {version_of(stock)} + numpy: {spread(stock_s)}",
            f"<= {MOST_OF_STOCK:g} of stock", ratio <= MOST_OF_STOCK,
        )  # fmt: skip
        result.add("  of stock's time", f"{ratio:.2f}")
        usable = [v["usable_s"] for v in visits[f"linnet, {visit}"]]
        target = ("", f"<= {MOST_USABLE_S:g} s", median(usable) <= MOST_USABLE_S) if visit == "second" else ()
        result.add("  a file can be chosen after", spread(usable), *target)
        result.raw[f"{visit}_ratio"] = ratio
    return result


def _two_visits(started: Playwright, address: str, visits: dict[str, list[dict[str, Any]]], side: str) -> None:
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        for visit in ("first", "second"):
            with opened(started, Path(folder)) as page:
                visits[f"{side}, {visit}"].append(_visit(page, address))
                if side == "linnet" and visit == "first":
                    page.wait_for_selector("html[data-offline=ready]")
                time.sleep(SETTLE_S)


def _visit(page: Page, address: str) -> dict[str, Any]:
    page.goto(address, wait_until="commit")
    ready = until(page, "ready")
    usable_ms = watched(page)["listensForFileMs"]
    return {
        "ready_s": ready["atMs"] / 1000,
        "usable_s": None if usable_ms is None else usable_ms / 1000,
        "phases_ms": ready["phases"],
    }
