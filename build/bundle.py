"""Joins the page's modules into one file and the engine worker's into another.

A hundred small files cost a first visit more in headers and waiting than in content. The bundler (esbuild) is pinned;
what it makes lies where the first module of each lay, so that addresses relative to a module stay true.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from fetch import NODE_MODULES

# The page's first module asks for the engine before the rest is read, so the engine's stays a file of its own.
ENTRIES = ("page/main.js", "page/engine.js", "worker/engine-worker.js")
KEPT_APART = "./engine.js"
ROOMS = ("page", "worker", "shared")
ALONE = ("shared/sampler-events.js",)  # what the instrument's own modules import


def bundle(app: Path, scratch: Path) -> None:
    """Put joined modules in place of the first of each in the folder of the app; the others stay, unfetched."""
    shutil.rmtree(scratch, ignore_errors=True)
    subprocess.run(
        [
            str(NODE_MODULES / ".bin" / "esbuild"), *ENTRIES, "--bundle", "--format=esm", "--target=es2023", "--minify",
            "--charset=utf8", f"--external:{KEPT_APART}", f"--outdir={scratch.resolve()}", "--outbase=.",
        ],
        cwd=app,
        check=True,
        capture_output=True,
    )  # fmt: skip
    for name in ENTRIES:
        shutil.copyfile(scratch / name, app / name)


def unfetched(app: Path) -> list[str]:
    """The modules that are in a joined one, relative to the folder of the app: no visit asks for them."""
    modules = [path.relative_to(app).as_posix() for room in ROOMS for path in sorted((app / room).rglob("*.js"))]
    return [name for name in modules if name not in (*ENTRIES, *ALONE)]
