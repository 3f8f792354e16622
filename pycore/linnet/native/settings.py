"""The table of options as options of the command line: same names, limits, defaults and words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from linnet.options import OPTIONS, OptionSpec
from linnet.presets import PRESETS, preset

PANELS = {"decode": "Notes", "arrange": "Time and pitch", "midi": "MIDI file"}


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` an option for every row of the table; it gets their values as the mapping `settings`."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "settings"]
    added = [
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        inspect.Parameter("preset_name", inspect.Parameter.KEYWORD_ONLY, default="mix", annotation=_preset()),
    ]
    added += [
        inspect.Parameter(spec.name, inspect.Parameter.KEYWORD_ONLY, default=spec.default, annotation=_annotation(spec))
        for spec in OPTIONS
    ]

    def run(context: typer.Context, **values: Any) -> None:
        settings = {spec.name: values.pop(spec.name) for spec in OPTIONS}
        for name, value in preset(values.pop("preset_name")).items():
            if str(getattr(context.get_parameter_source(name), "name", "")).startswith("DEFAULT"):
                settings[name] = value
        command(**values, settings=settings)

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in [*own, *added]}
    return run


def _preset() -> Any:  # a type that typer reads
    option = typer.Option(
        "--preset",
        help="Settings for a kind of recording; options that are given besides have the last word.",
        rich_help_panel=PANELS["decode"],
    )
    return Annotated[Literal[tuple(PRESETS)], option]


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
