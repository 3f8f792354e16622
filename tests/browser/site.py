"""dist/ under `linnet serve`'s own application, on a free port, in a thread of the test process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from linnet.native.site_app import make_app

DIST = Path(__file__).resolve().parents[2] / "dist"


@dataclass(frozen=True)
class Site:
    """A running server. `server` may be stopped to cut the network for good."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(10)


def start(port: int = 0, folder: Path = DIST) -> Site:
    assert (folder / "index.html").is_file(), "there is no dist/; assemble it first with: make site"
    listening = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(make_app(folder), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    return Site(f"http://127.0.0.1:{listening.getsockname()[1]}/", server, thread)


@contextmanager
def served() -> Iterator[Site]:
    site = start()
    try:
        yield site
    finally:
        site.stop()


def folder(prefix: str) -> str:
    """app or engine -> the name of its folder in dist/, with the hash."""
    return next(path.name for path in DIST.iterdir() if path.name.startswith(f"{prefix}-"))
