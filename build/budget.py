"""One table of what dist/ weighs, and the limit that fails the build."""

from __future__ import annotations

from collections.abc import Sequence

from compress import Sizes
from fetch import BuildError

LIMIT_BYTES = 9_000_000
"""Brotli bytes that a first visit may put on the wire, everything that is kept offline included."""
SHOWN_ABOVE = 20_000  # smaller files are summed up in one row, and so are the many that hold samples


def _is_first_visit(size: Sizes, on_demand: Sequence[str]) -> bool:
    return size.path.rsplit("/", 1)[-1] not in on_demand


def first_visit_bytes(sizes: Sequence[Sizes], on_demand: Sequence[str]) -> int:
    return sum(size.brotli for size in sizes if _is_first_visit(size, on_demand))


def _is_shown(size: Sizes) -> bool:
    return size.brotli >= SHOWN_ABOVE and not size.path.endswith(".sf3")


def table(sizes: Sequence[Sizes], on_demand: Sequence[str]) -> str:
    """Rows by weight, first visit apart from on demand."""
    lines = [f"{'file':<72}{'raw':>12}{'gzip':>12}{'brotli':>12}"]
    for heading, is_first in (("first visit", True), ("on demand", False)):
        group = [size for size in sizes if _is_first_visit(size, on_demand) is is_first]
        large = sorted(filter(_is_shown, group), key=lambda s: -s.brotli)
        small = [s for s in group if not _is_shown(s)]
        rows = [*large, _sum(f"({len(small)} other files)", small), _sum(f"= {heading}", group)]
        lines += [f"{s.path:<72}{s.raw:>12,}{s.gzip:>12,}{s.brotli:>12,}" for s in rows if s.raw]
    return "\n".join(lines)


def _sum(name: str, sizes: Sequence[Sizes]) -> Sizes:
    return Sizes(name, sum(s.raw for s in sizes), sum(s.gzip for s in sizes), sum(s.brotli for s in sizes))


def check(sizes: Sequence[Sizes], on_demand: Sequence[str]) -> None:
    """BuildError where a first visit is over the limit."""
    total = first_visit_bytes(sizes, on_demand)
    if total > LIMIT_BYTES:
        raise BuildError(f"a first visit takes {total:,} bytes (brotli), the budget is {LIMIT_BYTES:,}; see the table")
