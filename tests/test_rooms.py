"""The laws of the house: who may import whom, how long a file may be, where numbers live."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "pycore" / "linnet"
STANDARD = set(sys.stdlib_module_names)
ALLOWED_IN_CORE = {"numpy", "linnet"}
EXCEPTIONS = {"midi.py": {"mido"}, "bridge.py": {"pyodide"}}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).is_file()]


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


def test_the_core_knows_numpy_and_itself_alone():
    for path in sorted(CORE.glob("*.py")):
        roots = {name.split(".")[0] for name in imports(path)}
        foreign = roots - STANDARD - ALLOWED_IN_CORE - EXCEPTIONS.get(path.name, set())
        assert not foreign, f"{path.name} imports {foreign}"
        if path.name not in ("__init__.py", "__main__.py"):  # the doors of the native host
            assert not any(name.startswith("linnet.native") for name in imports(path)), path.name


def test_the_core_asks_for_no_numpy_that_the_page_lacks():
    """np.unique and np.median load numpy.ma, which is not among what a first visit brings."""
    for path in sorted(CORE.glob("*.py")):
        assert not re.search(r"np\.(unique|median|nanmedian|ma|random|polynomial)\b", path.read_text()), path.name


def test_the_core_opens_no_file_and_prints_nothing():
    for path in sorted(CORE.glob("*.py")):
        calls = {
            n.func.id
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert not calls & {"open", "print", "input"}, path.name
        if path.name != "bridge.py":
            assert not any(isinstance(n, ast.Await) for n in ast.walk(ast.parse(path.read_text()))), path.name


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [("pycore", ("models", "tests", "build")), ("models", ("tests", "build")), ("build", ("tests", "models"))],
)
def test_nothing_sees_the_rooms_above_it(room, forbidden):
    for path in tracked(".py"):
        if path.is_relative_to(ROOT / room):
            seen = {name for name in imports(path) if name.split(".")[0] in forbidden}
            assert not seen, f"{path.relative_to(ROOT)} imports {seen}"


WEB_LAWS = {
    "page": {"page", "shared", "vendor"},
    "worker": {"worker", "shared", "runtime"},
    "shared": {"shared"},
    "instrument": {"instrument", "shared"},
    "worklet": set(),
}


def test_the_rooms_of_the_page_keep_apart():
    web = ROOT / "web"
    statement = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
    for path in tracked(".js", ".mjs"):
        if not path.is_relative_to(web) or path.parent == web:
            continue
        room = path.relative_to(web).parts[0]
        for target in statement.findall(path.read_text()):
            if "/%INSTRUMENTS%/" in target:  # others' synthesiser; the build names its folder
                continue
            where = (path.parent / target).resolve().relative_to(web).parts[0]
            assert where in WEB_LAWS.get(room, {room}), f"{path.relative_to(ROOT)} imports {target}"


def test_no_file_is_two_things():
    for path in tracked(".py", ".js", ".mjs", ".css", ".html"):
        assert len(path.read_text().splitlines()) <= 400, path.relative_to(ROOT)
        assert path.stem not in {"utils", "util", "helpers", "misc", "common"}, path.relative_to(ROOT)


def test_numbers_of_the_grid_stand_in_one_place():
    for path in tracked(".js", ".mjs"):
        if path.is_relative_to(ROOT / "web"):
            assert not re.search(r"\b(22050|309)\b", path.read_text()), f"{path.name}: read it from the manifest"


def test_no_machine_is_named():
    for path in tracked(".py", ".js", ".mjs", ".json", ".toml", ".md", ".html", ".css", ".sh", "Makefile"):
        text = path.read_text()
        assert not re.search(r"/(work|root|home/\w+)/", text), path.relative_to(ROOT)
