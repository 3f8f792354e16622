"""Part bytes: what a first and a later visit put on the wire, counted between the browser and `linnet serve`."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.bench.chromium import opened, playwright, until
from tests.bench.relay import Exchange, Relay, relayed
from tests.bench.results import Effort, Result
from tests.bench.serving import served, site

MOST_FIRST = 9_000_000
LINGER_S = 3.0  # for what the page fetches after it is ready


def run(effort: Effort) -> Result:
    result = Result()
    visits: dict[str, list[Exchange]] = {}
    a_profile = TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True)
    with served(site()) as server, relayed(server) as relay, playwright() as started, a_profile as folder:
        for visit in ("first", "later"):
            relay.start_anew()
            with opened(started, Path(folder)) as page:
                _visit(page, relay)
            visits[visit] = relay.exchanges
    first, later = (sum(e.body_bytes for e in visits[v]) for v in ("first", "later"))
    heads = {visit: sum(e.head_bytes for e in exchanges) for visit, exchanges in visits.items()}
    result.add(
        "first visit, everything that is kept offline included", f"{(first + heads['first']) / 1e6:.2f} MB", "",
        f"<= {MOST_FIRST / 1e6:g} MB", first + heads["first"] <= MOST_FIRST,
    )  # fmt: skip
    asked = ", ".join(f"{e.request} {e.status}" for e in visits["later"]) or "no request at all"
    result.add("later visit: content", f"{later} B", asked, "0 B", later == 0)
    result.add("  and headers", f"{heads['later']} B")
    result.raw = {visit: [asdict(e) for e in exchanges] for visit, exchanges in visits.items()}
    result.raw["content_bytes"] = {"first": first, "later": later}
    return result


def _visit(page: Page, relay: Relay) -> None:
    page.goto(relay.address, wait_until="commit")
    until(page, "ready")
    page.wait_for_selector("html[data-offline=ready]")
    time.sleep(LINGER_S)
