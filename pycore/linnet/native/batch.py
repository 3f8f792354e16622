"""Many recordings, one after the other: one that fails does not keep the others from being done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from linnet.errors import BadModel, LinnetError, MissingPart
from linnet.native.output import ready_folder, write_whole
from linnet.native.plan import Job, Plan
from linnet.native.session import DEFAULT_MODEL
from linnet.native.transcribe import Transcriber, Transcription
from linnet.options import ArrangeOptions, DecodeOptions, MidiOptions

MIXED_FAILURES = 1  # exit status where files failed for different reasons


class Reporter(Protocol):
    """What a surface shows of a batch."""

    def begin(self, job: Job, number: int, count: int) -> None: ...
    def progress(self, done_s: float, total_s: float | None) -> None: ...
    def done(self, job: Job, transcription: Transcription, written: Sequence[Path]) -> None: ...
    def skipped(self, job: Job) -> None: ...
    def failed(self, error: LinnetError) -> None: ...
    def end(self, succeeded: int, failed: int) -> None: ...


@dataclass(frozen=True)
class Batch:
    """A plan and the settings to carry it out with."""

    plan: Plan
    decode_options: DecodeOptions
    arrange_options: ArrangeOptions
    midi_options: MidiOptions
    model: Path | None = None
    overwrite: bool = False
    skip_existing: bool = False

    def run(self, reporter: Reporter) -> int:
        """Do every job; the exit status is 0, that of the failures' class, or MIXED_FAILURES."""
        errors: list[LinnetError] = []
        for error in self.plan.failures:
            errors.append(error)
            reporter.failed(error)
        transcriber: Transcriber | None = None
        jobs = self.plan.jobs
        for number, job in enumerate(jobs, 1):
            reporter.begin(job, number, len(jobs))
            try:
                wanted = job.wanted(overwrite=self.overwrite, skip_existing=self.skip_existing)
                if not wanted:
                    reporter.skipped(job)
                    continue
                transcriber = transcriber or Transcriber(self.model or DEFAULT_MODEL)
                reporter.done(job, *self._do(job, wanted, transcriber, reporter))
            except (BadModel, MissingPart):  # the same for every file
                raise
            except LinnetError as error:
                errors.append(error)
                reporter.failed(error)
        reporter.end(len(jobs) + len(self.plan.failures) - len(errors), len(errors))
        statuses = {error.exit_status for error in errors}
        return 0 if not statuses else statuses.pop() if len(statuses) == 1 else MIXED_FAILURES

    def _do(
        self, job: Job, wanted: dict[str, Path], transcriber: Transcriber, reporter: Reporter
    ) -> tuple[Transcription, list[Path]]:
        for folder in {path.parent for path in wanted.values()}:
            ready_folder(folder)
        transcription = transcriber.transcribe(
            job.source, options=self.decode_options, progress=reporter.progress, keep_planes="npz" in wanted
        ).arranged(self.arrange_options)
        for kind, path in wanted.items():
            write_whole(path, transcription.file_bytes(kind, self.midi_options))
        return transcription, list(wanted.values())
