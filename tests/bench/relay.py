"""A relay before a web server that counts what goes over the wire: each request with the bytes of its answer."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 1 << 16


@dataclass
class Exchange:
    """A request line and what came back, headers counted apart."""

    request: str
    status: int = 0
    head_bytes: int = 0
    body_bytes: int = 0


class Answers:
    """Splits a server's stream on one connection into answers; they come in the order of the requests."""

    def __init__(self, asked: deque[Exchange]) -> None:
        self._asked = asked
        self._buffer = b""
        self._body_left = 0
        self._current: Exchange | None = None

    def feed(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer:
            if self._body_left and self._current:
                taken = min(self._body_left, len(self._buffer))
                self._current.body_bytes += taken
                self._body_left -= taken
                self._buffer = self._buffer[taken:]
                continue
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self._buffer = rest
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if "transfer-encoding" in headers:
                raise ValueError("the relay counts answers that state their length only")
            self._current = self._asked.popleft()
            self._current.status = int(lines[0].split()[1])
            self._current.head_bytes = len(head) + len(end)
            without_body = self._current.status in (204, 304) or self._current.request.startswith("HEAD")
            self._body_left = 0 if without_body else int(headers.get("content-length", "0"))


class Relay:
    """Counts between `address` and the server behind it."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._host, self._port = parts.hostname, parts.port
        self.exchanges: list[Exchange] = []
        self.address = ""

    def start_anew(self) -> None:
        self.exchanges = []

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        return server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        asked: deque[Exchange] = deque()
        answers = Answers(asked)

        def requested(data: bytes) -> None:  # a browser sends a request in one piece and none has a body
            for head in data.split(b"\r\n\r\n")[:-1]:
                exchange = Exchange(head.split(b"\r\n", 1)[0].decode("latin-1").removesuffix(" HTTP/1.1"))
                asked.append(exchange)
                self.exchanges.append(exchange)

        async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter, see: object) -> None:
            assert callable(see)
            try:
                while data := await source.read(CHUNK):
                    see(data)
                    sink.write(data)
                    await sink.drain()
            except ConnectionError:
                pass
            finally:
                sink.close()

        await asyncio.gather(pass_on(reader, up_writer, requested), pass_on(up_reader, writer, answers.feed))


@contextmanager
def relayed(server: str) -> Iterator[Relay]:
    """A relay in a thread of its own."""
    relay = Relay(server)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(relay.listen(), loop).result()
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
