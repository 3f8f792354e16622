"""The longest tasks of the window: by the clock, and in processor time, where waiting for a busy core does not count.

The browser itself tells the first (from 50 ms on); the second is read from its trace, taken piece by piece so that it
stays small. Between two pieces only the clock watches.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.bench.chromium import watched

PATIENCE_MS = 60_000
PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Longest:
    """Of a stretch of time."""

    busy_ms: float
    clock_ms: float
    many: int
    """of 50 ms by the clock and more"""


class WindowTasks:
    """Watches one page from the time it is made."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Tracing.tracingComplete", self._ended)
        self._stream = ""
        self._busy_ms = 0.0

    def _ended(self, event: dict[str, Any]) -> None:
        if event["dataLossOccurred"]:
            raise RuntimeError("the browser's trace has holes; take it in shorter pieces")
        self._stream = event["stream"]

    def begin(self) -> None:
        """Forget what was, and watch."""
        self._busy_ms = 0.0
        self._page.evaluate("() => { linnetWatch.longTasks.length = 0; }")
        self._start()

    def _start(self) -> None:
        config = {"includedCategories": ["toplevel"], "excludedCategories": ["*"]}
        self._cdp.send("Tracing.start", {"transferMode": "ReturnAsStream", "traceConfig": config})

    def go_on(self) -> None:
        """Read the trace so far and begin another piece."""
        self._read()
        self._start()

    def end(self) -> Longest:
        """What was the longest since `begin`."""
        self._read()
        tasks = [task["duration"] for task in watched(self._page)["longTasks"]]
        return Longest(self._busy_ms, max(tasks, default=0.0), len(tasks))

    def _read(self) -> None:
        self._stream = ""
        self._cdp.send("Tracing.end")
        self._wait(lambda: self._stream != "")
        parts, is_over = [], False
        while not is_over:
            piece = self._cdp.send("IO.read", {"handle": self._stream, "size": PIECE_BYTES})
            parts.append(piece["data"])
            is_over = piece["eof"]
        self._cdp.send("IO.close", {"handle": self._stream})
        self._busy_ms = max(self._busy_ms, longest_busy_ms("".join(parts)))

    def _wait(self, is_there: Callable[[], bool]) -> None:
        for _ in range(PATIENCE_MS // 20):
            if is_there():
                return
            self._page.wait_for_timeout(20)
        raise TimeoutError("the browser gave no trace")


def longest_busy_ms(trace: str) -> float:
    """Of all tasks of pages' main threads in a trace of the category "toplevel"."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (e["pid"], e["tid"])
        for e in events
        if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }  # fmt: skip
    tasks = [e["tdur"] for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) in mains and "tdur" in e]
    return max(tasks, default=0) / 1000
