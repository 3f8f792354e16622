"""`linnet serve` in a process of its own, asked over real sockets."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import brotli
import httpx
import pytest

from linnet.native.site_app import preferred
from tests.native.conftest import command, environment

SCRIPT = b"export const answer = 42;\n" * 400
HTML = "<!doctype html><title>Linnet ♪</title>".encode()


def make_site(folder: Path) -> Path:
    site = folder / "dist"
    files = {
        "index.html": HTML,
        "embed.html": HTML,
        "manifest.webmanifest": b"{}",
        "app-1a2b3c/page/main.js": SCRIPT,
        "app-1a2b3c/page/main.js.br": brotli.compress(SCRIPT),
        "app-1a2b3c/page/main.js.gz": gzip.compress(SCRIPT),
        "app-1a2b3c/runtime/ort.mjs": b"",
        "app-1a2b3c/runtime/ort.wasm": bytes(range(256)) * 4,
        "app-1a2b3c/runtime/linnet.whl": b"PK",
        "app-1a2b3c/runtime/stdlib.zip": b"PK",
        "app-1a2b3c/model/model.onnx": b"onnx",
        "engine-4d5e/ort.js": SCRIPT,
        "only-gz.js": SCRIPT,
        "only-gz.js.gz": gzip.compress(SCRIPT),
        "help/index.html": b"help",
        ".secret": b"secret",
        ".git/config": b"secret",
    }
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    (folder / "outside.txt").write_bytes(b"secret")
    (site / "link.txt").symlink_to(folder / "outside.txt")
    return site


@contextmanager
def serving(site: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        command("serve", "--dir", site, "--port", "0", *more),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    match = re.search(r"http://\S+/", line)
    assert match, line + process.communicate()[1]
    try:
        yield process, match[0]
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_site(tmp_path_factory.mktemp("served"))) as (_, address):
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, headers={"Accept-Encoding": "identity"}, trust_env=False) as client:
        yield client


def raw(address: str, request: bytes) -> bytes:
    host, port = address.removeprefix("http://").rstrip("/").rsplit(":", 1)
    with closing(socket.create_connection((host, int(port)), timeout=5)) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def test_page_and_its_headers(client: httpx.Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.content) == (200, HTML)
    headers = answer.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "microphone=(self)" in headers["permissions-policy"]
    assert "midi=(self)" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-cache"
    assert "server" not in headers


def test_content_security_policy(client: httpx.Client) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get("/").headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["connect-src"] == policy["worker-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe-inline" not in str(policy)
    assert "'unsafe-eval'" not in str(policy)
    assert "http" not in str(policy)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/app-1a2b3c/page/main.js", "text/javascript; charset=utf-8"),
        ("/app-1a2b3c/runtime/ort.mjs", "text/javascript; charset=utf-8"),
        ("/app-1a2b3c/runtime/ort.wasm", "application/wasm"),
        ("/app-1a2b3c/runtime/linnet.whl", "application/octet-stream"),
        ("/app-1a2b3c/runtime/stdlib.zip", "application/zip"),
        ("/app-1a2b3c/model/model.onnx", "application/octet-stream"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_types(client: httpx.Client, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind


def test_caching(client: httpx.Client) -> None:
    assert client.get("/app-1a2b3c/page/main.js").headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/", "/index.html", "/embed.html", "/manifest.webmanifest", "/only-gz.js"):
        assert client.get(path).headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/engine-4d5e/ort.js").headers["cache-control"]
    assert client.get("/app-1a2b3c/none.js").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("", None),
        ("deflate", None),
    ],
)
def test_precompressed(client: httpx.Client, accepted: str, encoding: str | None) -> None:
    with client.stream("GET", "/app-1a2b3c/page/main.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(answer.headers["content-length"]) == len(body)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(body) == SCRIPT


def test_only_the_siblings_that_are_there(client: httpx.Client) -> None:
    answer = client.get("/only-gz.js", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["content-encoding"], answer.content) == ("gzip", SCRIPT)
    assert "vary" not in client.get("/").headers


def test_preferred() -> None:
    assert preferred("GZIP ; Q=0.3", ("br", "gzip")) == "gzip"
    assert preferred("br;q=oops", ("br",)) == "br"
    assert preferred("br;q=0.0.1", ("br",)) is None


def test_not_modified(client: httpx.Client) -> None:
    path = "/app-1a2b3c/page/main.js"
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br"})
    assert plain.headers["etag"] != packed.headers["etag"]
    again = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert again.headers["vary"] == "Accept-Encoding"
    assert again.headers["cross-origin-embedder-policy"] == "require-corp"
    assert client.get(path, headers={"If-None-Match": packed.headers["etag"]}).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": plain.headers["last-modified"]}).status_code == 304


def test_ranges_are_of_the_file_itself(client: httpx.Client) -> None:
    path = "/app-1a2b3c/page/main.js"
    answer = client.get(path, headers={"Accept-Encoding": "br, gzip", "Range": "bytes=7-12"})
    assert (answer.status_code, answer.content) == (206, SCRIPT[7:13])
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-range"] == f"bytes 7-12/{len(SCRIPT)}"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get(path, headers={"Range": "bytes=-5"}).content == SCRIPT[-5:]
    beyond = client.get(path, headers={"Range": f"bytes={len(SCRIPT)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(SCRIPT)}")
    stale = client.get(path, headers={"Range": "bytes=0-1", "If-Range": '"old"'})
    assert (stale.status_code, stale.content) == (200, SCRIPT)


def test_head(client: httpx.Client) -> None:
    path = "/app-1a2b3c/page/main.js"
    for accepted in ("br", "identity"):
        head, get = (client.request(method, path, headers={"Accept-Encoding": accepted}) for method in ("HEAD", "GET"))
        assert (head.status_code, head.content) == (200, b"")
        assert {k: v for k, v in head.headers.items() if k != "date"} == {
            k: v for k, v in get.headers.items() if k != "date"
        }


def test_health(client: httpx.Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["cache-control"] == "no-store"
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods(client: httpx.Client, method: str) -> None:
    for path in ("/", "/app-1a2b3c/page/main.js", "/none"):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there(client: httpx.Client) -> None:
    for path in ("/none", "/app-1a2b3c/", "/app-1a2b3c", "/help/none.html", "/" + "x" * 5000):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_folders_with_an_index(client: httpx.Client) -> None:
    answer = client.get("/help")
    assert answer.status_code == 307
    assert client.get("/help/").text == "help"


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/app-1a2b3c/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e%2foutside.txt",
        "/..%5coutside.txt",
        "/%252e%252e/outside.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/.secret",
        "/.git/config",
        "/%2esecret",
        "/help/../.secret",
        "/link.txt",
        "/index.html%00.js",
        "/index.html%0a",
        "/\xff",
    ],
)
def test_nothing_else_gets_out(address: str, path: str) -> None:
    answer = raw(address, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
    status = int(answer.split(b" ")[1])
    assert status in (400, 404)
    assert b"secret" not in answer
    assert b"root:" not in answer


def test_broken_requests_do_not_stop_it(address: str, client: httpx.Client) -> None:
    for request in (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nRange: what\r\nConnection: close\r\n\r\n",
    ):
        assert raw(address, request).startswith(b"HTTP/1.1 4")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_graceful_stop(tmp_path: Path, number: int) -> None:
    """A download under way is finished, then the process ends of itself, with status 0."""
    site = make_site(tmp_path)
    size = 40_000_000  # more than the sockets' buffers hold
    with (site / "big.bin").open("wb") as file:
        file.truncate(size)
    with serving(site) as (process, address), httpx.Client(trust_env=False) as client:
        with client.stream("GET", address + "big.bin") as answer:
            parts = answer.iter_bytes(65536)
            count = len(next(parts))
            process.send_signal(number)
            time.sleep(0.3)
            assert process.poll() is None, "it must wait for the download"
            count += sum(len(part) for part in parts)
        assert count == size
        _, errors = process.communicate(timeout=10)
        assert process.returncode == 0
        assert errors == ""


def test_stop_does_not_wait_for_idle_connections(tmp_path: Path) -> None:
    with serving(make_site(tmp_path)) as (process, address):
        host, port = address.removeprefix("http://").rstrip("/").rsplit(":", 1)
        with closing(socket.create_connection((host, int(port)))):
            process.terminate()
            assert process.wait(timeout=8) == 0


def test_says_where_it_listens(tmp_path: Path) -> None:
    with serving(make_site(tmp_path), "--host", "localhost") as (_, address):
        assert re.fullmatch(r"http://localhost:[1-9]\d+/", address)
        assert httpx.get(address, trust_env=False).status_code == 200


def refused(*arguments: str | Path) -> str:
    done = subprocess.run(
        command("serve", *arguments), env=environment(), capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_no_site(tmp_path: Path) -> None:
    assert "there is no such folder; assemble the site first with: make site" in refused("--dir", tmp_path / "dist")
    assert "it holds no index.html; assemble the site first with: make site" in refused("--dir", tmp_path)


def test_port_in_use(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        message = refused("--dir", make_site(tmp_path), "--port", str(port))
    assert f"cannot listen on 127.0.0.1 port {port}" in message
    assert "choose another --host or --port" in message


def test_no_such_host(tmp_path: Path) -> None:
    assert "cannot listen on 203.0.113.1 port 8000" in refused("--dir", make_site(tmp_path), "--host", "203.0.113.1")
    assert "--port" in refused("--dir", tmp_path, "--port", "99999")


def test_site_may_change_while_it_is_served(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with serving(site) as (_, address), httpx.Client(base_url=address, trust_env=False) as client:
        before = client.get("/")
        (site / "index.html").write_bytes(b"<!doctype html>new")
        os.utime(site / "index.html", (1, 1))
        after = client.get("/", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.content) == (200, b"<!doctype html>new")
