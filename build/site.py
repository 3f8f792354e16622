"""Assembles dist/: `python build/site.py [--model FOLDER]`. The second run takes seconds.

dist/
  index.html sw.js manifest.webmanifest icons/ screenshots/   stable addresses, always revalidated
  instruments-<hash>/  samples and synthesiser that notes are heard with; fetched when they are first played
  engine-<hash>/   other people's runtimes and wheels; changes with build/pins.py only
  app-<hash>/      page, worker, linnet wheel, lock file, model, options.json, presets.json
Folders are named by the hash of what is in them, so everything in them may be cached for ever.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from budget import check, table
from bundle import ENTRIES, bundle, unfetched
from compress import compress
from example import write_example
from fetch import NODE_MODULES, ROOT, BuildError, install_npm_packages, npm_file, sha256_of
from instruments import fill_instruments
from lock import trimmed_lock
from pins import NPM_FILES
from runtime import Repacked, repack
from snapshot import Snapshot, snapshot

WEB = ROOT / "web"
DIST = ROOT / "dist"
MODEL = ROOT / "models" / "released" / "linnet-2"
APP_FOLDERS = ("page", "worker", "worklet", "instrument", "shared")
FROM_NPM = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "ort.wasm.bundle.min.mjs",
    "ort-wasm-simd-threaded.wasm",
    "mediabunny.min.mjs",
    "zip-core-external.min.js",
)
WORKBOX_PARTS = ("core", "routing", "strategies", "precaching")
# Never fetched unless used; everything else is kept offline from the first visit. The page has numpy, linnet and mido
# in and beside the snapshot; their wheels and the standard library are for where that cannot be taken up.
ON_DEMAND = ("scipy", "python-rest", "micropip", "packaging", "numpy", "mido", "linnet")
DEPENDS = {"linnet": ["numpy"], "mido": [], "scipy": ["numpy", "python-rest"], "python-rest": []}


def main() -> int:
    parser = argparse.ArgumentParser(description="Assemble dist/, the whole of Linnet as static files.")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder with model.onnx and manifest.json")
    model = parser.parse_args().model
    started = time.monotonic()
    try:
        install_npm_packages()
        assemble(model)
    except BuildError as error:
        print(f"build/site.py: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        output = b"".join(part for part in (error.stdout, error.stderr) if isinstance(part, bytes)).decode()
        print(f"build/site.py: {error}\n{output[-4000:]}", file=sys.stderr)
        return 1
    print(f"dist/ is ready after {time.monotonic() - started:.1f} s")
    return 0


def assemble(model: Path) -> None:
    packages = repack()
    memory = snapshot(packages)
    fresh = ROOT / ".cache" / "dist"
    shutil.rmtree(fresh, ignore_errors=True)
    engine = _named_by_hash(fresh, "engine", lambda folder: _fill_engine(folder, packages, memory))
    instruments = _named_by_hash(fresh, "instruments", fill_instruments)
    app = _named_by_hash(fresh, "app", lambda folder: _fill_app(folder, packages, memory, engine, instruments, model))
    _fill_root(fresh, app, engine)
    late = [packages.stdlib.name, *(packages.wheels[name].name for name in ON_DEMAND)]
    sounds = [path.name for path in (fresh / instruments).iterdir()]
    shots = [path.name for path in (WEB / "screenshots").iterdir()]
    sources = unfetched(fresh / app)
    on_demand = [*late, *sounds, *shots, *(name.rsplit("/", 1)[-1] for name in sources)]
    ignored = [*(f"*/{name}" for name in late), f"{instruments}/**", *(f"{app}/{name}" for name in sources)]
    subprocess.run(
        ["node", "build/precache.mjs", str(fresh), f"{engine}/workbox", *ignored],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    samples = {name for name in sounds if name.endswith(".sf3")}
    sizes = compress(fresh, already_packed=frozenset({packages.wheels["scipy"].name, *samples}))
    print(table(sizes, on_demand))
    (fresh / "sizes.json").write_text(json.dumps([vars(size) for size in sizes], indent=1))
    check(sizes, on_demand)
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)


def _named_by_hash(root: Path, name: str, fill: Callable[[Path], None]) -> str:
    """Fill a folder, then name it by its content; returns the name."""
    folder = root / name
    folder.mkdir(parents=True)
    fill(folder)
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256_of(path)}\n".encode())
    final = f"{name}-{digest.hexdigest()[:12]}"
    folder.rename(root / final)
    return final


def _fill_engine(folder: Path, packages: Repacked, memory: Snapshot) -> None:
    for pin in NPM_FILES:
        if pin.name in FROM_NPM:
            shutil.copyfile(npm_file(pin), folder / pin.name)
    shutil.copyfile(packages.stdlib, folder / packages.stdlib.name)
    for name, wheel in packages.wheels.items():
        if name != "linnet":
            shutil.copyfile(wheel, folder / wheel.name)
    for library in memory.libraries:
        shutil.copyfile(library, folder / library.name)
    (folder / "workbox").mkdir()
    for part in WORKBOX_PARTS:
        source = NODE_MODULES / f"workbox-{part}" / "build" / f"workbox-{part}.prod.js"
        text = source.read_text().split("//# sourceMappingURL=")[0]
        (folder / "workbox" / f"{part}.js").write_text(text)


def _fill_app(folder: Path, packages: Repacked, memory: Snapshot, engine: str, instruments: str, model: Path) -> None:
    for name in APP_FOLDERS:
        if (WEB / name).is_dir():
            shutil.copytree(WEB / name, folder / name, ignore=shutil.ignore_patterns("*.d.ts"))
    for style in WEB.glob("*.css"):
        shutil.copyfile(style, folder / style.name)
    own = packages.wheels["linnet"]
    for path in (own, memory.memory, memory.late):
        shutil.copyfile(path, folder / path.name)
    (folder / "options.json").write_text(_said_by("linnet.options", "schema_json"))
    (folder / "presets.json").write_text(_said_by("linnet.presets", "presets_json"))
    write_example(folder / "example.flac")
    shutil.copytree(_checked_model(model), folder / "model", ignore=shutil.ignore_patterns("*.md"))
    # Pyodide resolves addresses against the lock file's own
    addresses = {wheel.name: f"../{engine}/{wheel.name}" for wheel in packages.wheels.values()} | {own.name: own.name}
    base = {name: path for name, path in packages.wheels.items() if name in ("numpy", "scipy", "micropip", "packaging")}
    added = [packages.wheels[name] for name in ("linnet", "mido", "python-rest")]
    (folder / "pyodide-lock.json").write_text(trimmed_lock(base, added, addresses, DEPENDS))
    for path in [folder / "shared" / "places.js", *(folder / "instrument").glob("*.js")]:
        named = path.read_text().replace("%ENGINE%", engine).replace("%INSTRUMENTS%", instruments)
        path.write_text(named)
    bundle(folder, ROOT / ".cache" / "bundle")


def _fill_root(root: Path, app: str, engine: str) -> None:
    # What the worker needs comes first: asked for here, it is there before the worker asks for one after the other.
    # Then the page's own, but behind: the engine takes longest.
    worker = [root / app / name for name in ENTRIES if name.startswith("worker/")]
    runtimes = [root / engine / name for name in ("pyodide.mjs", "ort.wasm.bundle.min.mjs")]
    page = [root / app / name for name in ENTRIES if name.startswith("page/")]
    preloads = [
        f'<link rel="modulepreload" href="./{path.relative_to(root).as_posix()}" fetchpriority="{priority}">'
        for paths, priority in ((worker + runtimes, "high"), (page, "low"))
        for path in sorted(paths)
    ]
    page_text = (WEB / "index.html").read_text().replace("%PRELOADS%", "\n".join(preloads)).replace("%APP%", app)
    (root / "index.html").write_text(page_text)
    shutil.copyfile(WEB / "manifest.webmanifest", root / "manifest.webmanifest")
    for folder in ("icons", "screenshots"):  # the browser asks for screenshots when it offers to install the page
        shutil.copytree(WEB / folder, root / folder)


def _said_by(module: str, function: str) -> str:
    command = [sys.executable, "-c", f"from {module} import {function}; print({function}())"]
    done = subprocess.run(command, cwd=ROOT / "pycore", check=True, capture_output=True, text=True)
    return done.stdout


def _checked_model(folder: Path) -> Path:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise BuildError(f"there is no manifest.json in {folder}; export a model into it first")
    network = json.loads(manifest.read_text())["network"]
    found = sha256_of(folder / network["file"])
    if found != network["sha256"]:
        raise BuildError(f"{network['file']} has sha256 {found}, its manifest says {network['sha256']}; export again")
    return folder


if __name__ == "__main__":
    sys.exit(main())
