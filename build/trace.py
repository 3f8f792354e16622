"""Finds which standard-library modules our code pulls in. Runs inside Pyodide (build/inside.mjs).

A job is {"wheels": {path: [member, ...]}, "imports": [name, ...], "target": path}. Every member that is a module is
imported, so are all modules it names anywhere (an import inside a function counts), and the members of the
standard-library zip that were loaded are written to `target` as JSON.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.abc
import json
import sys
import zipfile
from pathlib import Path

HOST = "/host/"
SITE_PACKAGES = "/tmp/traced"
STDLIB = "/lib/python314.zip/"


def imports_in(source: str) -> set[str]:
    """Absolute names that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


def load(name: str) -> None:
    with contextlib.suppress(ImportError):  # parts for other systems and tests: what cannot be loaded is not needed
        importlib.import_module(name)


def main(job_text: str) -> None:
    job = json.loads(job_text)
    names: set[str] = set(job["imports"])
    for wheel, members in job["wheels"].items():
        with zipfile.ZipFile(HOST + wheel) as archive:
            archive.extractall(SITE_PACKAGES, members)
            for member in members:
                if member.endswith(".py") and not member.startswith("numpy/"):  # numpy is huge: what it loads will do
                    names |= imports_in(archive.read(member).decode())
                    if not member.endswith("__main__.py"):
                        names.add(member.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    sys.path.insert(0, SITE_PACKAGES)
    for name in sorted(names):
        load(name)
    found = set()
    for module in list(sys.modules.values()):
        path = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        if path.startswith(STDLIB):
            found.add(path.removeprefix(STDLIB))
    Path(HOST + job["target"]).write_text(json.dumps(sorted(found)))
