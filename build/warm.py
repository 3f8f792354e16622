"""Imports and uses all that the engine needs, so that it lies in memory. Runs inside Pyodide (build/snapshot.mjs).

Answers with the names of the modules that have been loaded: the rest goes into a zip of its own, which takes the
place of the standard library in the page.
"""

import gc
import importlib
import json
import random
import sys
import zipimport

STDLIB = "/lib/python314.zip"
SITE_PACKAGES = "/lib/python3.14/site-packages"


def warm(imports: str) -> str:
    importlib.invalidate_caches()
    for name in imports.split():
        importlib.import_module(name)
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        # a package's other modules lie in the zip from now on
        if origin.startswith(f"{SITE_PACKAGES}/") and hasattr(module, "__path__"):
            module.__path__.append(f"{STDLIB}/{name.replace('.', '/')}")
    random.seed(0)  # the page sows anew
    sys.path.remove("")  # Pyodide puts it there at every start
    del sys.modules["__main__"].warm, sys.modules["__main__"].STDLIB, sys.modules["__main__"].SITE_PACKAGES
    return json.dumps(sorted(sys.modules))


def forget() -> None:
    """What was only of use until now: where modules were looked for, what is not referred to."""
    sys.path_importer_cache.clear()
    vars(zipimport)["_zip_directory_cache"].clear()
    for _ in range(3):
        gc.collect()
