"""Stands in for numpy's typing packages at start: the one name that code at run time needs, and the rest on demand.

Building all the protocols and unions that type checkers read costs as much as importing a tenth of numpy.
"""

from typing import Any, TypeVar

from numpy import dtype, ndarray

_ScalarT = TypeVar("_ScalarT", bound=Any)
NDArray = ndarray[tuple[Any, ...], dtype[_ScalarT]]


def __getattr__(name):
    from importlib import import_module  # `from numpy._typing import _whole` would ask this function for _whole

    return getattr(import_module("numpy._typing._whole"), name)
