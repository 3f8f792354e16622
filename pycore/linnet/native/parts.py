"""Optional packages: imported where they are used, and missed in words that name the cure."""

from __future__ import annotations

import importlib
from types import ModuleType

from linnet.errors import MissingPart

EXTRA = "pip install 'linnet[native]'"


def part(name: str, purpose: str) -> ModuleType:
    """The module `name`, or MissingPart that says what it is for and how to get it."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: soundfile without its C library
        raise MissingPart(f"{name} is needed to {purpose} and is not here ({error}); run: {EXTRA}") from error
