"""What a part of the bench reports: rows for the table, raw figures for the JSON file."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table. `is_met` is None where there is no target or nothing could be measured."""

    what: str
    linnet: str
    beside: str = ""
    target: str = ""
    is_met: bool | None = None


@dataclass
class Result:
    """Rows and raw figures of one part."""

    rows: list[Row] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def add(self, what: str, linnet: str, beside: str = "", target: str = "", is_met: bool | None = None) -> None:
        self.rows.append(Row(what, linnet, beside, target, is_met))


class CannotMeasure(Exception):
    """Something that a part needs is not here; the message says what, `so_far` holds what could be measured."""

    def __init__(self, why: str, so_far: Result | None = None) -> None:
        super().__init__(why)
        self.so_far = so_far


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    repeats: int = 5
    starts: int = 3
    long_native_min: int = 60
    long_browser_min: int = 20


QUICK = Effort(repeats=2, starts=1, long_native_min=5, long_browser_min=3)


def median(values: Sequence[float]) -> float:
    return float(statistics.median(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(values: Sequence[float], digits: int = 2, unit: str = "s") -> str:
    """Median, and the range where there is one."""
    text = f"{median(values):.{digits}f} {unit}"
    if len(values) > 1:
        text += f" ({min(values):.{digits}f} to {max(values):.{digits}f})"
    return text
