"""The command line: `linnet transcribe`, `serve`, `info` and `version`.

What became of each file goes to standard output, errors and the progress bar to standard error. The exit
status is that of the error's class (see linnet.errors), 1 where several files failed for different reasons,
130 after Ctrl-C and 143 after SIGTERM, both of which leave no half-written file.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import linnet
from linnet.errors import BadOption, LinnetError
from linnet.native.parts import part
from linnet.native.settings import with_settings

STOPPED = 130  # by Ctrl-C, as shells count it

app = typer.Typer(
    name="linnet",
    help="Audio to MIDI, on your own machine: nothing is uploaded.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False, soft_wrap=True)

Files = Annotated[
    list[str], typer.Argument(metavar="FILE|FOLDER|PATTERN...", help="What to transcribe.", show_default=False)
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results; without it, beside each file.")]
Formats = Annotated[
    str, typer.Option("--format", "-f", help="One or more of mid, musicxml, csv, json and npz, with commas between.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace results that are there already.")]
SkipExisting = Annotated[bool, typer.Option("--skip-existing", help="Leave out what has its results already.")]
Model = Annotated[Path | None, typer.Option("--model", help="Folder of another model (with a manifest.json).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Folder = Annotated[Path, typer.Option("--dir", help="The assembled site.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes any free one.")]


@contextmanager
def _reported() -> Iterator[None]:
    """Errors raised on purpose become a line and their exit status; Ctrl-C and SIGTERM clean up on the way out."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    except LinnetError as error:
        console.print(f"linnet: {error}", markup=False, highlight=False)
        raise typer.Exit(error.exit_status) from error
    except KeyboardInterrupt:
        console.print("linnet: stopped; what was not finished has not been written")
        raise typer.Exit(STOPPED) from None


@app.command()
@with_settings
def transcribe(
    files: Files,
    out: Out = None,
    formats: Formats = "mid",
    overwrite: Overwrite = False,
    skip_existing: SkipExisting = False,
    model: Model = None,
    quiet: Quiet = False,
    *,
    settings: Mapping[str, Any],
) -> None:
    """Transcribe audio files to MIDI, MusicXML, CSV, JSON or the network's planes (npz)."""
    with _reported():
        from linnet.native.batch import Batch
        from linnet.native.plan import make_plan
        from linnet.native.report import TerminalReporter
        from linnet.native.transcribe import FORMATS
        from linnet.options import ArrangeOptions, DecodeOptions, MidiOptions

        kinds = list(dict.fromkeys(kind.strip().lower() for kind in formats.split(",")))
        if set(kinds) - set(FORMATS):
            raise BadOption(
                f"--format is {formats!r}; it must be one or more of {', '.join(FORMATS)} with commas between"
            )
        if overwrite and skip_existing:
            raise BadOption("--overwrite and --skip-existing contradict each other; choose one")
        batch = Batch(
            plan=make_plan(files, out=out, formats=kinds),
            decode_options=DecodeOptions.from_mapping(settings),
            arrange_options=ArrangeOptions.from_mapping(settings),
            midi_options=MidiOptions.from_mapping(settings),
            model=model,
            overwrite=overwrite,
            skip_existing=skip_existing,
        )
        with TerminalReporter(console, quiet=quiet) as reporter:
            status = batch.run(reporter)
    raise typer.Exit(status)


@app.command()
def serve(folder: Folder = Path("dist"), host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the assembled site to browsers."""
    with _reported():
        for name in ("starlette", "uvicorn"):
            part(name, "serve the site")
        from linnet.native.server import run_server

        run_server(folder, host=host, port=port, announce=lambda line: print(line, flush=True))


@app.command()
def info() -> None:
    """Show the model and the versions of the parts in use."""
    with _reported():
        from linnet.native.session import released_model

        model = released_model()
        network = model.manifest.network
        print(f"linnet {linnet.__version__}")
        print(f"model {model.manifest.name} {model.manifest.version}")
        print(f"parameters {network.parameters}, bytes {network.bytes}")
        print(f"sha256 {network.sha256}")
        for name in ("numpy", "onnxruntime", "mido", "soundfile", "av"):
            print(f"{name} {_version(name)}")


@app.command()
def version() -> None:
    """Show the version."""
    print(f"linnet {linnet.__version__}")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(not installed)"
