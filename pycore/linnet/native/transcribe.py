"""Transcribe a file or an array in one call; memory does not grow with its length."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linnet.arrange import Arrangement, arrange
from linnet.engine import Engine, Kit
from linnet.errors import BadAudio, BadOption
from linnet.export import csv_text, json_text, npz_bytes
from linnet.manifest import Manifest
from linnet.native.audio_file import BLOCK_S, Pcm, open_audio
from linnet.native.output import write_whole
from linnet.native.session import DEFAULT_MODEL, Network, released_model
from linnet.notes import NoteTable
from linnet.options import ArrangeOptions, DecodeOptions, MidiOptions
from linnet.pcm import check_rate
from linnet.planes import PlaneBlock

Audio = str | os.PathLike[str] | NDArray[Any]
Progress = Callable[[float, float | None], None]
"""Called after every block with the seconds done and the seconds in all (None where the file does not say)."""

MOST_CHANNELS = 64
FORMATS = ("mid", "musicxml", "csv", "json", "npz")


@dataclass(frozen=True)
class Transcription:
    """The notes of a recording, and where they come from; the planes where they were kept."""

    notes: NoteTable
    duration_s: float
    options: DecodeOptions
    model: str
    source: str = ""
    arrangement: Arrangement | None = None
    planes: PlaneBlock | None = None
    manifest: Manifest | None = None

    def arranged(self, options: ArrangeOptions) -> Transcription:
        """The same with its notes put in time and in tune."""
        arrangement = arrange(self.notes, options)
        return replace(self, notes=arrangement.notes, arrangement=arrangement)

    def file_bytes(self, kind: str, midi: MidiOptions | None = None) -> bytes:
        """The content of a file of `kind` mid, musicxml, csv, json or npz."""
        grid = self.arrangement.grid if self.arrangement else None
        key = self.arrangement.key if self.arrangement else None
        title = Path(self.source).stem
        if kind == "mid":
            from linnet.midi import midi_bytes

            return midi_bytes(self.notes, midi, title=title, grid=grid)
        if kind == "musicxml":
            from linnet.musicxml import musicxml_bytes

            return musicxml_bytes(self.notes, midi, title=title, grid=grid, key=key)
        if kind == "npz":
            if self.planes is None or self.manifest is None:
                raise BadOption("there are no planes to write; transcribe with keep_planes=True")
            return npz_bytes(self.planes, self.manifest)
        if kind == "csv":
            return csv_text(self.notes).encode()
        if kind == "json":
            meta = {
                "source": self.source,
                "duration_s": round(self.duration_s, 4),
                "model": self.model,
                "options": asdict(self.options),
            }
            if grid:
                meta["tempo_bpm"] = round(grid.bpm, 3)
            if key:
                meta["key"] = key.name
            return json_text(self.notes, meta).encode()
        raise BadOption(f"format is {kind!r}; it must be one of {', '.join(FORMATS)}")

    def save(self, path: str | os.PathLike[str], midi: MidiOptions | None = None) -> None:
        """Write a file of the kind its name ends in (FORMATS); an existing one is replaced, whole or not at all."""
        kind = Path(path).suffix.lower().removeprefix(".").replace("midi", "mid")
        write_whole(Path(path), self.file_bytes(kind, midi))


class Transcriber:
    """A model made ready once, for many recordings.

    Parameters
    ----------
    model : str or path
        Name of a released model, or the folder of one (a `Path`).
    threads : int
        Threads of the network. One is fastest unless several cores are idle.
    """

    def __init__(self, model: str | os.PathLike[str] = DEFAULT_MODEL, *, threads: int = 1) -> None:
        released = released_model(model)
        self._kit = Kit.of(released.manifest)
        self._network = Network(released, threads=threads)

    @property
    def model(self) -> str:
        """Name and version, as results state it."""
        return f"{self._kit.manifest.name} {self._kit.manifest.version}"

    def transcribe(
        self,
        audio: Audio,
        *,
        rate_hz: float | None = None,
        options: DecodeOptions | None = None,
        progress: Progress | None = None,
        keep_planes: bool = False,
    ) -> Transcription:
        """See `linnet.transcribe`; `keep_planes` is for files of kind npz and makes memory grow with the recording."""
        options = options or DecodeOptions()
        opened = _opened(audio, rate_hz)
        engine = Engine(self._kit, options, rate_hz=opened.rate_hz, keep_planes=keep_planes)
        network = self._network.stream()
        for pcm in opened.blocks:
            for frames in engine.feed(pcm):
                out = network.run(frames)
                engine.absorb(out.onset, out.note, out.offset, out.velocity, out.contour)
            if progress:
                progress(engine.fed_s, opened.duration_s)
        for frames in engine.finish_feed():
            out = network.run(frames)
            engine.absorb(out.onset, out.note, out.offset, out.velocity, out.contour)
        found = Transcription(engine.finish(), engine.fed_s, options, self.model, opened.source)
        return replace(found, planes=engine.whole_planes(), manifest=self._kit.manifest) if keep_planes else found


def transcribe(
    audio: Audio,
    *,
    rate_hz: float | None = None,
    options: DecodeOptions | None = None,
    progress: Progress | None = None,
) -> Transcription:
    """Transcribe an audio file or an array with the released model.

    Parameters
    ----------
    audio : path, or array [shape=(n,) or (n, channels), float or integer PCM]
        Float samples have full scale 1; integers are scaled by their type's range.
    rate_hz : float
        Sample rate; required for an array, refused for a file, which knows its own.
    options : DecodeOptions, optional
    progress : callable, optional
        Called with the seconds done and the seconds in all (None if unknown).

    Returns
    -------
    Transcription
        `.notes` is a NoteTable; `.save("name.mid")` writes it.

    Raises
    ------
    BadAudio, BadOption, BadModel, MissingPart
    """
    return Transcriber().transcribe(audio, rate_hz=rate_hz, options=options, progress=progress)


@dataclass(frozen=True)
class _Opened:
    source: str
    blocks: Iterable[Pcm]
    rate_hz: float
    duration_s: float | None


def _opened(audio: Audio, rate_hz: float | None) -> _Opened:
    if isinstance(audio, np.ndarray):
        if rate_hz is None:
            raise BadOption("rate_hz is missing; an array does not say at which sample rate it was taken")
        pcm = _checked(audio)
        check_rate(rate_hz)
        size = round(BLOCK_S * rate_hz)
        blocks = (_as_float(pcm[i : i + size]) for i in range(0, len(pcm), size))
        return _Opened("", blocks, rate_hz, len(pcm) / rate_hz)
    if not isinstance(audio, (str, os.PathLike)):
        raise BadOption(f"audio is a {type(audio).__name__}; it must be a path or a numpy array")
    if rate_hz is not None:
        raise BadOption(f"rate_hz is {rate_hz!r} for a file, which states its own; leave it out")
    file = open_audio(audio)
    name = os.fsencode(file.path.name).decode("utf-8", "replace")  # names on Unix are bytes, of any encoding
    return _Opened(name, file.blocks(), file.rate_hz, file.duration_s)


def _checked(pcm: NDArray[Any]) -> NDArray[Any]:
    if pcm.ndim not in (1, 2) or pcm.dtype.kind not in "fi":
        raise BadAudio(
            f"audio has shape {pcm.shape} and type {pcm.dtype}; it must be float or integer, (n,) or (n, channels)"
        )
    if pcm.ndim == 2 and pcm.shape[1] > MOST_CHANNELS:
        raise BadAudio(f"audio has shape {pcm.shape}, that is {pcm.shape[1]} channels; transpose it to (n, channels)")
    if pcm.size == 0:
        raise BadAudio(f"audio has shape {pcm.shape}: 0 s; there is nothing to transcribe")
    return pcm


def _as_float(pcm: NDArray[Any]) -> Pcm:
    if pcm.dtype.kind == "i":
        return (pcm / -float(np.iinfo(pcm.dtype).min)).astype(np.float32)
    return pcm.astype(np.float32, copy=False)
