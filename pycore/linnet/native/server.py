"""`linnet serve`: listens, says where, and stops without cutting off what is under way."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from linnet.errors import BadOption
from linnet.native.site_app import make_app

LOOPBACK = ("127.0.0.1", "localhost", "::1")
STOP_S = 3  # time that requests under way have to end


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._announce()


def run_server(folder: Path, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then let requests under way end; `announce` gets the address once it listens."""
    app = make_app(folder)
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    hint = "" if host in LOOPBACK else "; over plain http, browsers lend the microphone to this machine alone"
    # uvicorn raises the signal again after it has stopped; a stop that was asked for is no failure
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    _Server(config, lambda: announce(f"Linnet is at {address} (stop with Ctrl-C){hint}")).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        raise BadOption(
            f"cannot listen on {host} port {port} ({error.strerror or error}); choose another --host or --port"
        ) from error
    return listener
