"""Makes zips and wheels of sourceless bytecode.

Runs inside Pyodide (build/inside.mjs): only there is the compiler the browser's, 3.14.

A job is {"archives": [{"target", "members": [[source, name, new name], ...]}]}, paths relative to the project
root. Python source becomes unchecked-hash .pyc at -O2; members are stored, not deflated (brotli on the wire does
better on stored bytes), in sorted order with one fixed date, so the same input always gives the same bytes.
"""

from __future__ import annotations

import _imp
import base64
import hashlib
import json
import zipfile
from importlib import _bootstrap_external
from typing import Any, cast

HOST = "/host/"
OPTIMIZE = 2
DATE = (1980, 1, 1, 0, 0, 0)


def compiled(name: str, source: bytes) -> bytes:
    """The .pyc of one module; its hash is never checked, for there is no source beside it."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=OPTIMIZE)
    # Any, for these two are Python's own private parts, of 3.14 at that
    imp, bootstrap = cast(Any, _imp), cast(Any, _bootstrap_external)
    source_hash = imp.source_hash(imp.pyc_magic_number_token, source)
    return bytes(bootstrap._code_to_hash_pyc(code, source_hash, False))


def record_of(members: dict[str, bytes], record_name: str) -> bytes:
    """A wheel's RECORD for these members."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return ("\n".join([*lines, f"{record_name},,"]) + "\n").encode()


def repack(target: str, wanted: list[list[str]]) -> None:
    sources = {path: zipfile.ZipFile(HOST + path) for path in {source for source, *_ in wanted}}
    members: dict[str, bytes] = {}
    for source, old_name, name in sorted(wanted, key=lambda row: row[2]):
        content = sources[source].read(old_name)
        if name.endswith(".py"):
            members[name + "c"] = compiled(name, content)
        else:
            members[name] = content
    record_name = next((name for name in members if name.endswith(".dist-info/RECORD")), None)
    if record_name:
        del members[record_name]
        members[record_name] = record_of(members, record_name)
    with zipfile.ZipFile(HOST + target, "w", zipfile.ZIP_STORED) as out:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, DATE)
            info.external_attr = 0o644 << 16
            out.writestr(info, content)


def main(job: str) -> None:
    for archive in json.loads(job)["archives"]:
        repack(archive["target"], archive["members"])
