"""Python's memory after its start, for the page to begin with, and what the page may still need beside it.

Starting the interpreter and importing numpy and linnet takes longer than all else at the engine's start. So it is
done here, once (build/snapshot.mjs); the page copies the memory that was left and goes on.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cached import run_node
from fetch import CACHE, ROOT
from runtime import Repacked

FOLDER = CACHE / "snapshot"
DATE = (1980, 1, 1, 0, 0, 0)
IN_SNAPSHOT = ("numpy", "linnet")
IN_LATE = (*IN_SNAPSHOT, "mido")
# numpy's compiled parts; web/worker/python-snapshot.js asks for the same
LIBRARIES = ("_multiarray_umath.wasm", "_umath_linalg.wasm", "_pocketfft_umath.wasm")
IMPORTS = ["linnet.bridge", "numpy.fft"]  # what every transcription needs
SCRIPTS = ("build/memory.mjs", "build/warm.py", "web/worker/python-snapshot.js", "node_modules/pyodide/package.json")


@dataclass(frozen=True)
class Snapshot:
    """The memory, the zip with the modules that are not in it, and numpy's compiled parts."""

    memory: Path
    late: Path
    libraries: tuple[Path, ...]


def snapshot(packages: Repacked) -> Snapshot:
    """Made where the archives have changed, else from .cache."""
    FOLDER.mkdir(exist_ok=True)
    site_packages = FOLDER / "site-packages"
    shutil.rmtree(site_packages, ignore_errors=True)
    for name in IN_SNAPSHOT:
        with zipfile.ZipFile(packages.wheels[name]) as archive:
            archive.extractall(site_packages)
    target, report = FOLDER / "python.snapshot", FOLDER / "loaded.json"
    libraries = tuple(FOLDER / name for name in LIBRARIES)
    job: dict[str, object] = {
        "stdlib": str(packages.stdlib.relative_to(ROOT)),
        "wheels": [str(packages.wheels[name].relative_to(ROOT)) for name in IN_SNAPSHOT],
        "packages": str(site_packages.relative_to(ROOT)),
        "imports": IMPORTS,
        "libraries": [str(path.relative_to(ROOT)) for path in libraries],
        "loaded": str(report.relative_to(ROOT)),
        "target": str(target.relative_to(ROOT)),
    }
    run_node(["build/snapshot.mjs"], "snapshot", job, [target, report, *libraries], *SCRIPTS)
    late = FOLDER / "python_late.zip"
    _write_late(packages, frozenset(json.loads(report.read_text())), late)
    return Snapshot(target, late, libraries)


def _write_late(packages: Repacked, loaded: frozenset[str], target: Path) -> None:
    """The zip that stands where the standard library stood: modules that the snapshot lacks."""
    members: dict[str, bytes] = {}
    for path in (packages.stdlib, *(packages.wheels[name] for name in IN_LATE)):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                is_wanted = path != packages.stdlib or name.removesuffix("c") in packages.page_stdlib
                if is_wanted and _is_module_or_name(name) and _module(name) not in loaded:
                    content = archive.read(name)
                    is_metadata = name.endswith("METADATA")  # of which the description is of no use here
                    members[name] = content.partition(b"\n\n")[0] + b"\n\n" if is_metadata else content
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, DATE)
            info.external_attr = 0o644 << 16
            out.writestr(info, content)


def _is_module_or_name(member: str) -> bool:
    return member.endswith((".pyc", ".dist-info/METADATA"))


def _module(member: str) -> str:
    return member.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")
