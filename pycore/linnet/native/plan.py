"""Which files to transcribe, and what their results are called: decided before the work begins."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linnet.errors import BadAudio, BadOption, LinnetError, OutputFailed
from linnet.native.audio_file import AUDIO_SUFFIXES


@dataclass(frozen=True)
class Job:
    """One recording and the files to write, by format."""

    source: Path
    targets: Mapping[str, Path]

    def wanted(self, *, overwrite: bool, skip_existing: bool) -> dict[str, Path]:
        """The files to write now, none if all are there already; OutputFailed where one must not be replaced."""
        there = {kind: path for kind, path in self.targets.items() if os.path.lexists(path)}
        if there and not overwrite and not skip_existing:
            path = next(iter(there.values()))
            raise OutputFailed(
                f"{path}: is there already; choose --overwrite or --skip-existing, or another folder with -o"
            )
        return {kind: path for kind, path in self.targets.items() if overwrite or kind not in there}


@dataclass(frozen=True)
class Plan:
    """The jobs in order, and what was asked for in vain."""

    jobs: tuple[Job, ...]
    failures: tuple[LinnetError, ...]


@dataclass(frozen=True)
class _Source:
    path: Path
    folder: Path  # of its results


def make_plan(names: Sequence[str], *, out: Path | None, formats: Sequence[str]) -> Plan:
    """Files, folders (with all below them) and patterns (`*`, `?`, `[]`, `**`) to jobs.

    Results lie beside their recording, or in `out`, which repeats the structure of a folder given. They are
    called as the recording, with the format's suffix in place of its own, or after it where two recordings
    of a folder differ in the suffix only.
    """
    sources: dict[str, _Source] = {}
    failures: list[LinnetError] = []
    for name in names:
        try:
            for source in _sources(name, out, failures):
                sources.setdefault(str(source.path.absolute()), source)
        except LinnetError as error:
            failures.append(error)
    stems = Counter(_stem_key(source) for source in sources.values())
    taken: dict[str, Path] = {}
    jobs = []
    for source in sources.values():
        base = source.path.name if stems[_stem_key(source)] > 1 else source.path.stem
        key = str(source.folder / base).casefold()
        if key in taken:
            raise BadOption(
                f"{taken[key]} and {source.path} would both be written to {source.folder / base}; "
                "transcribe them one by one"
            )
        taken[key] = source.path
        jobs.append(Job(source.path, {kind: source.folder / f"{base}.{kind}" for kind in formats}))
    return Plan(tuple(jobs), tuple(failures))


def _stem_key(source: _Source) -> str:
    return str(source.folder / source.path.stem).casefold()


def _sources(name: str, out: Path | None, failures: list[LinnetError]) -> Iterator[_Source]:
    path = Path(name)
    if path.is_dir():
        yield from _in_folder(path, out, failures)
    elif not os.path.lexists(path) and glob.has_magic(name):
        found = sorted(Path(match) for match in glob.glob(name, recursive=True))  # noqa: PTH207 - absolute or not
        matches = [match for match in found if match.is_file()]
        if not matches:
            raise BadAudio(f"{name}: no file matches; check the pattern")
        yield from (_Source(match, out or match.parent) for match in matches)
    else:  # a missing file is found missing when its turn comes
        yield _Source(path, out or path.parent)


def _in_folder(top: Path, out: Path | None, failures: list[LinnetError]) -> Iterator[_Source]:
    count = 0

    def closed(error: OSError) -> None:
        failures.append(BadAudio(f"{error.filename}: cannot be opened ({error.strerror}); check its permissions"))

    for folder, below, names in os.walk(top, onerror=closed):
        below[:] = sorted(name for name in below if not name.startswith("."))
        here = Path(folder)
        for name in sorted(names):
            if Path(name).suffix.lower() in AUDIO_SUFFIXES and not name.startswith("."):
                count += 1
                yield _Source(here / name, out / here.relative_to(top) if out else here)
    if not count:
        raise BadAudio(f"{top}: holds no audio files ({', '.join(sorted(AUDIO_SUFFIXES))}); name the file itself")
