"""The table of options as options of the command line: same names, limits, defaults and words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from linnet.options import OPTIONS, OptionSpec

PANELS = {"decode": "Notes", "midi": "MIDI file"}


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` an option for every row of the table; it gets their values as the mapping `settings`."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "settings"]
    added = [
        inspect.Parameter(spec.name, inspect.Parameter.KEYWORD_ONLY, default=spec.default, annotation=_annotation(spec))
        for spec in OPTIONS
    ]

    def run(**values: Any) -> None:
        settings = {spec.name: values.pop(spec.name) for spec in OPTIONS}
        command(**values, settings=settings)

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in [*own, *added]}
    return run


def _annotation(spec: OptionSpec) -> Any:  # a type that typer reads
    kinds: dict[str, Any] = {"number": float, "integer": int, "choice": Literal[spec.choices]}
    option = typer.Option(
        f"--{spec.name.replace('_', '-')}",
        min=spec.lowest,
        max=spec.highest,
        help=spec.help,
        rich_help_panel=PANELS[spec.stage],
        metavar=spec.unit.upper().replace(" ", "-") or None,
    )
    return Annotated[kinds[spec.kind], option]
