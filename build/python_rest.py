"""Joins the late part of the standard library to the early one, when it is imported.

The early part is what lies in memory or in the zip from the start; the late part is the folder beside this file, and
comes with the packages that need it. Whole modules are found there through sys.path; packages of which the early part
holds some, or that have been imported already, get a second place to look in.
"""

import importlib
import sys
from pathlib import Path

LATE = Path(__file__).parent / "python_rest_modules"


def join(folder: Path, name: str) -> None:
    if (folder / "__init__.pyc").exists() and name not in sys.modules:
        return
    importlib.import_module(name).__path__.append(str(folder))
    for inner in folder.iterdir():
        if inner.is_dir():
            join(inner, f"{name}.{inner.name}")


sys.path.append(str(LATE))
for top in LATE.iterdir():
    if top.is_dir():
        join(top, top.name)
