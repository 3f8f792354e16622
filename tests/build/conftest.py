"""build/ is a folder of scripts, so its modules are found by path."""

import importlib
import sys
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"


@pytest.fixture(scope="session")
def build():
    """Name -> module of build/."""
    sys.path.insert(0, str(BUILD))
    yield importlib.import_module
    sys.path.remove(str(BUILD))


@pytest.fixture(scope="session")
def dist():
    folder = BUILD.parent / "dist"
    assert (folder / "index.html").is_file(), "there is no dist/; assemble it first with: make site"
    return folder


@pytest.fixture(scope="session")
def named(dist):
    """app or engine -> its folder."""
    return lambda prefix: next(path for path in dist.iterdir() if path.name.startswith(f"{prefix}-"))
