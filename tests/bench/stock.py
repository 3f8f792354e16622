"""A site that only starts stock Pyodide and imports stock numpy, from the files that the build has fetched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import brotli

from tests.bench.places import CACHE, REPORTS, ROOT
from tests.bench.results import CannotMeasure

PYODIDE = ROOT / "node_modules" / "pyodide"
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PAGE = Path(__file__).with_name("page")
FOLDER = "app-stock"  # named as the server's rule for files that never change wants it
QUALITY = 9


def stock_site() -> Path:
    """The folder, made once for each version of Pyodide; served with .br files as ours is."""
    lock_file = PYODIDE / "pyodide-lock.json"
    if not lock_file.is_file():
        raise CannotMeasure("there is no node_modules/pyodide; run: make site")
    numpy_wheel = CACHE / "wheels" / json.loads(lock_file.read_text())["packages"]["numpy"]["file_name"]
    if not numpy_wheel.is_file():
        raise CannotMeasure(f"{numpy_wheel.name} has not been fetched; run: make site")
    version = json.loads((PYODIDE / "package.json").read_text())["version"]
    site = REPORTS / f"stock-{version}"
    if not (site / "made").is_file():
        shutil.rmtree(site, ignore_errors=True)
        (site / FOLDER).mkdir(parents=True)
        for source in (*(PYODIDE / name for name in FILES), numpy_wheel):
            target = site / FOLDER / source.name
            shutil.copyfile(source, target)
            packed = brotli.compress(target.read_bytes(), quality=QUALITY)
            target.with_name(f"{target.name}.br").write_bytes(packed)
        (site / "made").touch()
    shutil.copyfile(PAGE / "stock.html", site / "index.html")
    for name in ("stock.js", "stock-worker.js"):
        shutil.copyfile(PAGE / name, site / FOLDER / name)
    return site


def version_of(site: Path) -> str:
    return site.name.removeprefix("stock-")
