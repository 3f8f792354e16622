"""The assembled site as an ASGI application, with the headers that it needs to be isolated and to stay local.

Starlette's StaticFiles does paths, ETags, conditional and range requests; here are added precompressed
siblings (.br, .gz), cache rules, headers and what must not be served.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linnet.errors import BadOption

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",  # playing the chosen file from memory
        "manifest-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
EVERYWHERE: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), midi=(self)",
}
INSTEAD: Mapping[str, Mapping[str, str | None]] = {}
"""Path -> headers that differ there; None leaves one out."""

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mid": "audio/midi",
    ".mjs": "text/javascript",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".sf3": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/octet-stream",
    ".zip": "application/zip",
}
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # in the order we prefer them
HASHED = re.compile(r"^/(app|engine|instruments)-[0-9A-Za-z]+/")  # the folder's name changes with its content
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"


class SiteFiles(StaticFiles):
    """StaticFiles that knows precompressed siblings and this site's types and cache rules."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        parts = scope["path"].split("/")
        if any(part.startswith(".") or "\\" in part or not part.isprintable() for part in parts):
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        plain = os.fspath(full_path)
        asked = Headers(scope=scope)
        headers = {"Cache-Control": FOREVER if HASHED.match(scope["path"]) else ASK}
        siblings = {name: plain + suffix for name, suffix in ENCODINGS.items() if Path(plain + suffix).is_file()}
        chosen = plain
        if siblings:
            headers["Vary"] = "Accept-Encoding"
            wanted = preferred(asked.get("accept-encoding", ""), tuple(siblings))
            if wanted and "range" not in asked:  # ranges count the bytes of the file itself
                chosen, stat_result = siblings[wanted], Path(siblings[wanted]).stat()
                headers["Content-Encoding"] = wanted
        kind = MEDIA_TYPES.get(Path(plain).suffix.lower())
        response = FileResponse(chosen, status_code, headers, media_type=kind, stat_result=stat_result)
        if chosen != plain:
            del response.headers["accept-ranges"]
        if self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response


def preferred(accept_encoding: str, there: tuple[str, ...]) -> str | None:
    """The first of `there` that an Accept-Encoding header allows; None for the file as it is."""
    quality: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        match = re.search(r"q\s*=\s*([0-9.]+)", parameters)
        try:
            quality[name.strip()] = float(match[1]) if match else 1.0
        except ValueError:
            quality[name.strip()] = 0.0
    allowed = [name for name in there if quality.get(name, quality.get("*", 0.0)) > 0]
    return max(allowed, key=lambda name: quality.get(name, quality.get("*", 0.0)), default=None)


class WithHeaders:
    """Puts the headers of the tables above on every response, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**EVERYWHERE, **INSTEAD.get(scope["path"], {})}.items():
                    if value is not None:
                        headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_more if scope["type"] == "http" else send)


def make_app(folder: Path) -> ASGIApp:
    """The ASGI application for an assembled site; BadOption if there is none in `folder`."""
    if not folder.is_dir():
        raise BadOption(f"--dir is {folder}: there is no such folder; assemble the site first with: make site")
    if not (folder / "index.html").is_file():
        raise BadOption(f"--dir is {folder}: it holds no index.html; assemble the site first with: make site")
    return WithHeaders(
        Starlette(
            routes=[
                Route("/healthz", _health),
                Mount("/", SiteFiles(directory=folder, html=True)),
            ],
            exception_handlers={HTTPException: _plain_error},
        )
    )


async def _health(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _plain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text = "There is nothing here.\n" if error.status_code == 404 else f"{error.detail}.\n"
    return PlainTextResponse(text, error.status_code, headers=error.headers)
