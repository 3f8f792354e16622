"""A side's end of the line: a JSON object in, a JSON value out. Standard library only: both environments run it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def pin_to_core() -> None:
    """To the core that the first argument names; -1 leaves all."""
    core = int(sys.argv[1])
    if core >= 0:
        os.sched_setaffinity(0, {core})


def answer(**commands: Callable[..., Any]) -> None:
    """Until the input ends. Whatever else is printed goes to standard error."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        value = commands[request.pop("do")](**request)
        replies.write(json.dumps(value) + "\n")
        replies.flush()


class Clock:
    """Wall and processor seconds since it was made (all threads of this process)."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        return {"wall_s": time.perf_counter() - self._wall, "cpu_s": time.process_time() - self._cpu}


def memory_mb() -> dict[str, float]:
    """Resident memory of this process: now, its peak, and how much of it now is files and how much is data."""
    names = {"VmRSS": "now", "VmHWM": "peak", "RssAnon": "data", "RssFile": "files"}
    values = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {new: int(values[old].split()[0]) / 1024 for old, new in names.items()}


def forget_peak() -> None:
    """Let the peak begin again at what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")
