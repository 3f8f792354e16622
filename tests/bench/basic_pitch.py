"""Basic Pitch 0.4.0, installed into an environment of its own the first time it is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.places import CACHE, ROOT
from tests.bench.results import CannotMeasure

NAME = "Basic Pitch 0.4.0"
REQUIREMENTS = ROOT / "tests" / "peers" / "requirements.txt"
HOME = CACHE / "peers" / "basic-pitch"
PYTHON = HOME / "bin" / "python"
PACKAGE = "basic-pitch==0.4.0"
SETTINGS = {"defaults": (0.5, 0.3), "0.7/0.3": (0.7, 0.3)}
"""Onset and frame threshold; the second is the best found for notes on our recordings."""


def python() -> Path:
    """The interpreter that has Basic Pitch."""
    stamp = HOME / "installed"
    wanted = REQUIREMENTS.read_text() + PACKAGE
    if stamp.is_file() and stamp.read_text() == wanted:
        return PYTHON
    print(f"installing {PACKAGE} beside the project (once)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        subprocess.run([*pip, "--no-deps", PACKAGE], check=True)
    except subprocess.CalledProcessError as error:
        raise CannotMeasure(f"{PACKAGE} could not be installed: {error}") from error
    stamp.write_text(wanted)
    return PYTHON


def model_path() -> Path:
    """Its network, nmp.onnx."""
    python()
    found = sorted(HOME.glob("lib/python*/site-packages/basic_pitch/saved_models/icassp_2022/nmp.onnx"))
    if not found:
        raise CannotMeasure(f"{PACKAGE} holds no nmp.onnx")
    return found[0]
