"""The table on the terminal and the JSON file of a run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import linnet
from linnet.native.session import released_model
from tests.bench.places import REPORTS
from tests.bench.results import Result

MARKS = {True: "met", False: "MISSED", None: ""}


def conditions() -> dict[str, Any]:
    """What the figures were taken with."""
    network = released_model().manifest.network
    packages = ("numpy", "onnxruntime", "mir_eval", "pretty_midi", "playwright")
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "linnet": linnet.__version__,
        "model_sha256": network.sha256,
        "parameters": network.parameters,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in packages},
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
    }


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def print_table(results: Mapping[str, Result], width: int | None = None) -> None:
    table = Table(title="Linnet, measured side by side", title_justify="left", show_lines=False)
    for name in ("part", "what", "Linnet", "beside it", "target", ""):
        table.add_column(name, overflow="fold")
    for part, result in results.items():
        for number, row in enumerate(result.rows):
            style = "red" if row.is_met is False else None
            title = part if number == 0 else ""
            table.add_row(title, row.what, row.linnet, row.beside, row.target, MARKS[row.is_met], style=style)
        table.add_section()
    Console(width=width, highlight=False).print(table, markup=False)


def save(results: Mapping[str, Result], missing: Mapping[str, str], about: Mapping[str, Any]) -> Path:
    """Write .cache/bench/<date>.json; parts of an earlier run of the day stay where they were not run again."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    path = REPORTS / f"{about['date'][:10]}.json"
    earlier = json.loads(path.read_text())["parts"] if path.is_file() else {}
    parts = earlier | {
        name: {"conditions": about, "rows": [asdict(row) for row in result.rows], "raw": result.raw}
        for name, result in results.items()
    }
    path.write_text(json.dumps({"parts": parts, "not_measured": missing}, indent=1))
    return path
