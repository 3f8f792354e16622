"""The bench's end of a side: a process that answers one JSON line for each it is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import basic_pitch
from tests.bench.places import ROOT, SIDES, one_core


class Side:
    """One program, ready and waiting."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: str, **arguments: Any) -> Any:  # Any: JSON
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the side ended with status {self._process.wait()} when asked to {what}")
        return json.loads(line)


@contextmanager
def _running(python: Path | str, script: str, core: int | None) -> Iterator[Side]:
    command = [str(python), "-W", "ignore", str(SIDES / script), "-1" if core is None else str(core)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Side(process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def linnet(*, on_one_core: bool = True) -> Iterator[Side]:
    """Linnet in a fresh process."""
    with _running(sys.executable, "linnet_side.py", one_core() if on_one_core else None) as side:
        yield side


@contextmanager
def basic_pitch_side(*, on_one_core: bool = True) -> Iterator[Side]:
    """Basic Pitch in a fresh process."""
    with _running(basic_pitch.python(), "basic_pitch_side.py", one_core() if on_one_core else None) as side:
        yield side
