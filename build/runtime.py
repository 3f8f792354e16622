"""Repacks Pyodide's standard library and the wheels: only what is used, as 3.14 bytecode, reproducibly.

Python compiles its standard library anew at every start when it is shipped as source; bytecode more than halves the
start. What is left out of the standard library and of numpy lies in one wheel of its own (`python_rest`), loaded only
with packages that need it (scipy).
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cached import run_node
from fetch import CACHE, ROOT, npm_file, wheels
from pins import NPM_FILES, NUMPY, WHEELS

HERE = Path(__file__).resolve().parent
REST_VERSION = "3.14"

# Modules that the interpreter or Pyodide load late, by name, or before tracing can see them.
STDLIB_ALWAYS = re.compile(
    r"^(_?pyodide/|importlib/|collections/|encodings/(__init__|aliases|ascii|latin_1|utf_8|utf_8_sig|utf_16|idna|cp437)\.py"
    r"|(abc|codecs|_collections_abc|genericpath|io|os|posixpath|site|_sitebuiltins|stat|csv|tarfile|gzip)\.py"
    r"|_sysconfigdata|compression/|zipfile/|sitecustomize)"
)
STDLIB_NEVER = re.compile(
    r"^(test/|idlelib/|lib2to3/|tkinter/|turtledemo/|ensurepip/|pydoc_data/|venv/)|__pycache__|\.pyi$"
)
NUMPY_NEVER = re.compile(r"/tests/|\.pyi$|\.(h|a|c|ini|pkl|npz|pc)$|conftest\.py$|_core/include")
NUMPY_LATER = re.compile(
    r"^numpy/(f2py|testing|ma|random|polynomial|core|_pyinstaller|char|strings|rec|ctypeslib|doc)/|^numpy/linalg/lapack_lite"
    r"|^numpy/(matlib|_configtool|_core/(strings|defchararray|cversions)|lib/(recfunctions|_?user_array\w*)"
    r"|typing/mypy_plugin|_typing/_[a-z]\w*|_utils/_pep440)\.py$"
)
MIDO_NEVER = re.compile(r"^mido/(backends/(?!backend|__init__)|scripts/)")
# Modules with a lean stand-in in build/lean, and where the whole one goes (None: nowhere).
LEAN = {
    "_colorize.py": ("_colorize.py", "_colorize_whole.py"),
    "numpy/_core/_add_newdocs.py": ("numpy_docs.py", None),
    "numpy/_core/_add_newdocs_scalars.py": ("numpy_docs.py", None),
    "numpy/_typing/__init__.py": ("numpy_typing.py", "numpy/_typing/_whole.py"),
    "numpy/typing/__init__.py": ("numpy_typing.py", None),
    "mido/version.py": ("mido_version.py", None),
}
# Of the modules that tracing cannot see, those that a page may want without any late package.
PAGE_ALWAYS = re.compile(r"^encodings/")
LINNET_NEVER = re.compile(r"^linnet/(native|released)/|\.dist-info/entry_points\.txt$")


@dataclass(frozen=True)
class Repacked:
    """Paths of what goes into dist/: the zip, and package -> wheel (with `linnet` and `python-rest`).

    `page_stdlib` names the members of the zip that a page without late packages can come to need.
    """

    stdlib: Path
    wheels: dict[str, Path]
    page_stdlib: frozenset[str]


def own_wheel() -> Path:
    """The linnet wheel as hatchling makes it from pyproject.toml."""
    folder = CACHE / "own-wheel"
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("linnet-*.whl"))


def _inside(script: str, name: str, job: dict[str, object], targets: list[Path]) -> None:
    """Run a Python script in Pyodide-in-node unless its targets are there for the same inputs."""
    run_node(["build/inside.mjs", f"build/{script}"], name, job, targets)


def _traced(job_name: str, wheels_members: dict[str, list[str]], imports: list[str]) -> set[str]:
    """Members of the standard library that these modules pull in."""
    target = CACHE / f"stdlib-{job_name}.json"
    job: dict[str, object] = {"wheels": wheels_members, "imports": imports, "target": _relative(target)}
    _inside("trace.py", job_name, job, [target])
    return set(json.loads(target.read_text()))


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [name for name in archive.namelist() if not name.endswith("/")]


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _imports_in(wheel: Path, members: list[str]) -> set[str]:
    """Names of other packages that the wheel's modules import, wherever in them the import stands."""
    names: set[str] = set()
    with zipfile.ZipFile(wheel) as archive:
        for member in members:
            if member.endswith(".py"):
                for node in ast.walk(ast.parse(archive.read(member))):
                    if isinstance(node, ast.Import):
                        names.update(alias.name for alias in node.names)
                    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                        names.add(node.module)
    return {name for name in names if name.split(".")[0] != "linnet"}


def _own_members(folder: Path) -> Path:
    """What we add to others' archives, as a zip to take members from: python_rest's wrapping, the lean modules."""
    path = folder / "own-members.zip"
    info = f"python_rest-{REST_VERSION}.dist-info"
    texts = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: python-rest\nVersion: {REST_VERSION}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: linnet\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
        "python_rest.py": (HERE / "python_rest.py").read_text(),
        **{f"lean/{source.name}": source.read_text() for source in sorted((HERE / "lean").glob("*.py"))},
    }
    with zipfile.ZipFile(path, "w") as out:
        for name, text in texts.items():
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return path


def _rows(source: Path, members: list[str], own: Path) -> list[list[str]]:
    """Which member of which archive goes where: [source, name, new name]; lean stand-ins take their places."""
    rows = []
    for member in members:
        lean, whole = LEAN.get(member, (None, member))
        if lean:
            rows.append([_relative(own), f"lean/{lean}", member])
        if whole:
            rows.append([_relative(source), member, whole])
    return rows


def repack() -> Repacked:
    """All archives, from .cache where nothing changed."""
    sources = wheels(WHEELS)
    sources["linnet"] = own_wheel()
    stdlib = npm_file(next(pin for pin in NPM_FILES if pin.name == "python_stdlib.zip"))
    kept = {
        "linnet": [name for name in _names(sources["linnet"]) if not LINNET_NEVER.search(name)],
        "mido": [name for name in _names(sources["mido"]) if not MIDO_NEVER.search(name)],
        "micropip": _names(sources["micropip"]),
        "packaging": _names(sources["packaging"]),
    }
    numpy_all = [name for name in _names(sources["numpy"]) if not NUMPY_NEVER.search(name)]
    numpy_rest = [name for name in numpy_all if NUMPY_LATER.search(name)]
    kept["numpy"] = [name for name in numpy_all if name not in set(numpy_rest)]

    imports = sorted({"numpy.fft", "numpy.linalg"} | _imports_in(sources["linnet"], kept["linnet"]))
    needed = _traced("trace", {_relative(sources[name]): kept[name] for name in kept if name != "linnet"}, imports)
    late = {name: [member for member in kept[name] if member not in LEAN] for name in ("numpy", "mido")}
    page = _traced("trace-page", {_relative(sources[name]): members for name, members in late.items()}, imports)
    stdlib_all = [name for name in _names(stdlib) if not STDLIB_NEVER.search(name)]
    stdlib_kept = [name for name in stdlib_all if name in needed or STDLIB_ALWAYS.search(name)]
    stdlib_page = frozenset(name for name in stdlib_kept if name in page or PAGE_ALWAYS.search(name))
    stdlib_rest = [name for name in stdlib_all if name not in stdlib_page]

    folder = CACHE / "repacked"
    folder.mkdir(exist_ok=True)
    own = _own_members(folder)
    rest = folder / f"python_rest-{REST_VERSION}-py3-none-any.whl"
    targets = {name: folder / sources[name].name for name in kept}
    archives: dict[Path, list[list[str]]] = {
        path: _rows(sources[name], kept[name], own) for name, path in targets.items()
    }
    slim_stdlib = folder / "python_stdlib.zip"
    archives[slim_stdlib] = _rows(stdlib, stdlib_kept, own)
    archives[rest] = [
        *([_relative(stdlib), member, f"python_rest_modules/{member}"] for member in stdlib_rest),
        *([_relative(sources["numpy"]), member, member] for member in numpy_rest),
        *([_relative(own), member, member] for member in _names(own) if not member.startswith("lean/")),
    ]
    for job_name, paths in (
        ("repack-linnet", [targets["linnet"]]),  # by itself: it is the one that changes from day to day
        ("repack", [path for path in archives if path != targets["linnet"]]),
    ):
        job: dict[str, object] = {"archives": [{"target": _relative(p), "members": archives[p]} for p in paths]}
        _inside("repack.py", job_name, job, paths)
    assert NUMPY.file == targets["numpy"].name
    wholes = {whole for name, (_, whole) in LEAN.items() if whole and name in stdlib_page}
    return Repacked(slim_stdlib, {**targets, "python-rest": rest, "scipy": sources["scipy"]}, stdlib_page | wholes)
