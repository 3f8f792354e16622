"""What a soak leaves behind: a page of plain text, with its date and what it was taken with, in tests/bench/soaks/."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.places import DIST, ROOT
from tests.bench.report import MARKS, processor
from tests.bench.results import Result

KEPT = Path(__file__).parents[1] / "soaks"


@dataclass
class Soak(Result):
    """Figures, and a table of samples on the way to them."""

    kind: str = ""
    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    samples: list[tuple[str, ...]] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    taken_with: dict[str, str] = field(default_factory=lambda: surroundings())  # as it begins

    def sample(self, *cells: str) -> None:
        """Note a line of the table, and say it."""
        if not self.samples:
            print("  ".join(f"{name:>9}" for name in self.columns), flush=True)
        self.samples.append(cells)
        print("  ".join(f"{cell:>9}" for cell in cells), flush=True)

    @property
    def is_met(self) -> bool:
        return all(row.is_met is not False for row in self.rows)

    def text(self) -> str:
        """The page of text."""
        load = f"{os.getloadavg()[2]:.1f} over the last 15 minutes, the soak's own included"
        facts = {"date": f"{self.began:%Y-%m-%d %H:%M} UTC"} | self.taken_with | {"load": load} | self.facts
        lines = [self.title, "=" * len(self.title), ""]
        lines += [f"{name:<10} {value}" for name, value in facts.items()]
        lines += ["", *_table([self.columns, *self.samples], right=range(len(self.columns)))]
        figures = [(row.what, row.linnet, row.target, MARKS[row.is_met]) for row in self.rows]
        lines += ["", *_table([("figure", "measured", "target", ""), *figures], right=())]
        missed = [row.what for row in self.rows if row.is_met is False]
        lines += ["", f"verdict: {'MISSED: ' + '; '.join(missed) if missed else 'every target met'}"]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def keep(self) -> Path:
        """Write it where it is committed; another soak of the same day and kind takes its place."""
        KEPT.mkdir(exist_ok=True)
        path = KEPT / f"{self.began:%Y-%m-%d}-{self.kind}.txt"
        path.write_text(self.text())
        return path


def surroundings() -> dict[str, str]:
    """What was measured and on what; nothing that names the machine or a folder of it."""
    changed = _git("status", "--porcelain", "--untracked-files=no")
    folders = sorted(
        path.name for path in DIST.glob("*-*") if path.is_dir() and path.name.startswith(("app", "engine"))
    )
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD") + (" and changes" if changed else ""),
        "site": ", ".join(folders),
        "processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores",
    }


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:>{width}}" if i in right else f"{cell:<{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
