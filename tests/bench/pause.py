"""Holds our own training while the bench runs, and lets it go on however the bench ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

MODULES = frozenset({"models.train", "models.corpus", "models.features"})
KEEPER = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
for pid in map(int, sys.stdin.read().split()):
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass
"""
"""Is told what is stopped, and waits for its input to close: at the latest when the bench is gone, were it killed."""


def training() -> list[psutil.Process]:
    """Processes of `python -m models.train` and its like that are not stopped, with those they have started."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            if MODULES.isdisjoint(process.cmdline()):
                continue
            for one in (process, *process.children(recursive=True)):
                if one.status() not in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
                    found[one.pid] = one
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    found.pop(os.getpid(), None)
    return list(found.values())


@contextmanager
def paused_training() -> Iterator[list[int]]:
    """Stop training for the length of the block; gives the ids of the processes that were stopped."""
    if not training():
        yield []
        return
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER], stdin=subprocess.PIPE, start_new_session=True, text=True)
    assert keeper.stdin
    try:
        yield _stop_all(keeper)
    finally:
        keeper.stdin.close()
        keeper.wait()


def _stop_all(keeper: subprocess.Popen[str], rounds: int = 5) -> list[int]:
    """Several rounds, as a process may start another one before it is stopped itself."""
    stopped: list[int] = []
    for _ in range(rounds):
        for process in training():
            assert keeper.stdin
            keeper.stdin.write(f"{process.pid}\n")  # first, so that none is forgotten
            keeper.stdin.flush()
            try:
                process.suspend()
            except psutil.NoSuchProcess:
                continue
            stopped.append(process.pid)
    return sorted(set(stopped))
