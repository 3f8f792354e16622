"""Runs inside Pyodide, from dist/: the lean stand-ins give way to the whole modules, and scipy works."""

import sys
import traceback

import numpy as np
import numpy.typing

import linnet.bridge

assert linnet.bridge.option_schema()
for whole in ("_colorize_whole", "numpy._typing._whole", "numpy._typing._array_like"):
    assert whole not in sys.modules, f"{whole} is loaded at every start"
try:
    raise ValueError("seen")
except ValueError:
    assert "ValueError: seen" in traceback.format_exc()

import python_rest  # noqa: E402, F401
import scipy.signal  # noqa: E402
from _colorize import ANSIColors, decolor  # noqa: E402

assert list(scipy.signal.find_peaks(np.array([0.0, 1.0, 0.0]))[0]) == [1]
assert decolor(f"{ANSIColors.RED}x") == "x"
assert numpy.typing.ArrayLike is not None
