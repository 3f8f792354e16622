"""`linnet serve` over a folder, as users run it, for as long as a block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.places import DIST, ROOT
from tests.bench.results import CannotMeasure


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Gives the address, with a slash at its end."""
    command = [sys.executable, "-m", "linnet.native.cli", "serve", "--dir", str(folder), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+/", said)
        if not found:
            raise RuntimeError(f"linnet serve said {said!r} and no address")
        yield found[0]
    finally:
        process.terminate()
        process.communicate()


def site() -> Path:
    """dist/, with the addresses of its folders checked."""
    if not (DIST / "index.html").is_file():
        raise CannotMeasure("there is no dist/; assemble it first with: make site")
    return DIST


def folder_named(prefix: str) -> str:
    """app or engine -> the folder in dist/ that carries the hash."""
    return next(path.name for path in site().iterdir() if path.name.startswith(f"{prefix}-"))
