"""Joins the late part of the standard library to the early one, when it is imported.

The early part is a zip with the modules that every visit needs; the late part is the folder beside this file, and
comes with the packages that need it. Whole modules are found there through sys.path; packages of which the zip holds
a part get a second place to look in.
"""

import importlib
import sys
from pathlib import Path

LATE = Path(__file__).parent / "python_rest_modules"

sys.path.append(str(LATE))
for folder in LATE.iterdir():
    if folder.is_dir() and not (folder / "__init__.pyc").exists():
        importlib.import_module(folder.name).__path__.append(str(folder))
        for inner in folder.iterdir():
            if inner.is_dir() and not (inner / "__init__.pyc").exists():
                importlib.import_module(f"{folder.name}.{inner.name}").__path__.append(str(inner))
