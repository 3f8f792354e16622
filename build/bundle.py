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
DATA = ("page/languages",)
ALONE = ("shared/sampler-events.js",)  # what the instrument's own modules import


def bundle(app: Path, scratch: Path) -> None:
    """Replace page/, worker/ and shared/ in the folder of the app by what the browser is to read."""
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
    for name in DATA:
        shutil.copytree(app / name, scratch / name)
    for name in ALONE:
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(app / name, scratch / name)
    for name in ("page", "worker", "shared"):
        shutil.rmtree(app / name)
        shutil.copytree(scratch / name, app / name)
