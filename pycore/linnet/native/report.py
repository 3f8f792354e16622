"""What the terminal shows of a batch: a bar with the time left, a line for every file, a summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from linnet.errors import LinnetError
from linnet.native.plan import Job
from linnet.native.transcribe import Transcription

LONGEST_NAME = 32  # characters, so that the bar keeps its place


class TerminalReporter:
    """Errors, bar and summary on standard error; a line for each file written on standard output."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._bar: Progress | None = None  # one a file: nothing is printed while a bar is on the screen
        self._task = TaskID(0)

    def __enter__(self) -> TerminalReporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def begin(self, job: Job, number: int, count: int) -> None:
        if self._quiet or not self._console.is_terminal:
            return
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            redirect_stdout=False,
        )
        self._bar.start()
        place = f"{number}/{count} " if count > 1 else ""
        self._task = self._bar.add_task(place + _short(job.source.name), total=None)

    def progress(self, done_s: float, total_s: float | None) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=done_s, total=total_s)

    def done(self, job: Job, transcription: Transcription, written: Sequence[Path]) -> None:
        self._clear()
        minutes, seconds = divmod(round(transcription.duration_s), 60)
        count = len(transcription.notes)
        names = ", ".join(map(str, written))
        self._print(
            f"{job.source}: {count} note{'' if count == 1 else 's'} in {minutes}:{seconds:02d}, written to {names}"
        )

    def skipped(self, job: Job) -> None:
        self._clear()
        self._print(f"{job.source}: skipped, its results are there")

    def failed(self, error: LinnetError) -> None:
        self._clear()
        self._console.print(f"linnet: {error}", markup=False, highlight=False)

    def end(self, succeeded: int, failed: int) -> None:
        if failed and succeeded + failed > 1:
            self._console.print(
                f"linnet: {succeeded} of {succeeded + failed} done, {failed} failed", markup=False, highlight=False
            )

    def _print(self, line: str) -> None:
        if not self._quiet:
            print(line, flush=True)

    def _clear(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
