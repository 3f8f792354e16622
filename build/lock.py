"""Writes the trimmed pyodide-lock.json: only our packages, hashes of the repacked wheels, through pyodide-build.

pyodide-build needs Python 3.12 or later, which need not be the project's: any such interpreter on the machine gets
a small virtual environment in .cache/.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fetch import CACHE, BuildError, sha256_of, stock_lock
from pins import PYODIDE_BUILD

INTERPRETER_VARIABLE = "LINNET_PYTHON_312"
OLDEST = (3, 12)


def _candidates() -> Iterator[str]:
    given = os.environ.get(INTERPRETER_VARIABLE)
    if given:
        yield given
    for minor in (13, 12, 14):
        found = shutil.which(f"python3.{minor}")
        if found:
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from (str(path) for path in sorted(pyenv.glob("3.1[2-9]*/bin/python")))


def _is_new_enough(interpreter: str) -> bool:
    check = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([interpreter, "-c", check], capture_output=True, check=False).returncode == 0


def pyodide_command() -> Path:
    """The `pyodide` command of pyodide-build, installed on first use."""
    folder = CACHE / f"pyodide-build-{PYODIDE_BUILD}"
    command = folder / "bin" / "pyodide"
    if command.is_file():
        return command
    interpreter = next((name for name in _candidates() if _is_new_enough(name)), None)
    if interpreter is None:
        raise BuildError(
            "pyodide-build needs Python 3.12 or later and none was found on PATH or under pyenv; "
            f"install one (with venv) or name it in {INTERPRETER_VARIABLE}"
        )
    subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
    requirements = [f"pyodide-build=={PYODIDE_BUILD}", "pyodide-lock[wheel]"]
    subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-qq", *requirements], check=True)
    return command


def trimmed_lock(
    base: dict[str, Path], added: list[Path], addresses: dict[str, str], depends: dict[str, list[str]]
) -> str:
    """The lock file's text.

    `base` maps packages of Pyodide's own lock to their repacked wheels, `added` are wheels it does not know. Each
    file_name becomes its address in dist/ (`addresses`, by wheel file name). `depends` replaces what a wheel's own
    metadata asks for, where not all of that belongs on the way to the first note.
    """
    lock: dict[str, Any] = stock_lock()  # Any: JSON
    packages = {name: dict(lock["packages"][name]) for name in base}
    for name, path in base.items():
        packages[name].update(file_name=path.name, sha256=sha256_of(path))
    start, end = CACHE / "lock-start.json", CACHE / "lock-end.json"
    start.write_text(json.dumps({"info": lock["info"], "packages": packages}))
    end.unlink(missing_ok=True)
    arguments = ["lockfile", "add-wheels", "--input", str(start), "--output", str(end), "--ignore-missing-dependencies"]
    subprocess.run([pyodide_command(), *arguments, *map(str, added)], check=True, capture_output=True)
    result: dict[str, Any] = json.loads(end.read_text())
    for name, entry in result["packages"].items():
        entry["file_name"] = addresses[Path(entry["file_name"]).name]
        entry["depends"] = depends.get(name, entry["depends"])
    return json.dumps(result, indent=1, sort_keys=True)
