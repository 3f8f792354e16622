"""Audio files of any usual format as blocks of float32 samples, in constant memory.

What a file is, its content says, not its name. libsndfile reads first (WAV, FLAC, OGG, MP3, AIFF, CAF);
what it refuses, FFmpeg's libraries get through PyAV (AAC, M4A, ALAC, WebM, sound of videos, ...).

Time 0 is what a player shows as 0: both libraries drop the encoder delay that MP3 (LAME tag), M4A (edit
list), Vorbis and Opus state, to the sample. A bare AAC stream and MP3 without a tag state none; their sound
comes 23 and 25 ms late, as it does in players.

A file that is shorter than its header promises, or is damaged, is refused rather than transcribed in part. Formats
that promise nothing (Ogg, bare AAC, MP3 without a tag, WAV written to a pipe) end where they end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linnet.errors import BadAudio
from linnet.pcm import check_rate

Pcm = NDArray[np.float32]
BLOCK_S = 1.0
_SUFFIXES = """
    .aac .ac3 .aif .aiff .alac .au .caf .flac .m4a .m4b .mka .mkv .mov .mp3 .mp4 .oga .ogg .opus
    .wav .wave .w64 .webm .wma
"""
AUDIO_SUFFIXES = frozenset(_SUFFIXES.split())
"""What counts as audio when a whole folder is transcribed."""


class Refused(Exception):
    """A reader does not know this format; the next one may."""


@dataclass(frozen=True)
class AudioFile:
    """A file that can be read; nothing stays open between calls.

    `frame_count` is what the file states, None where it states nothing. A frame here is one sample of every
    channel.
    """

    path: Path
    rate_hz: int
    channels: int
    frame_count: int | None
    read: Callable[[int], Iterator[Pcm]]

    @property
    def duration_s(self) -> float | None:
        return None if self.frame_count is None else self.frame_count / self.rate_hz

    def blocks(self, seconds: float = BLOCK_S) -> Iterator[Pcm]:
        """The samples from the start [shape=(n, channels), float32, full scale = 1], about `seconds` at a time.

        Raises BadAudio where the file is cut off, damaged, empty or holds samples that are no numbers.
        """
        done = 0
        for block in self.read(max(1, round(seconds * self.rate_hz))):
            if not np.isfinite(block).all():
                at_s = (done + int(np.argmin(np.isfinite(block).all(axis=1)))) / self.rate_hz
                raise BadAudio(
                    f"{self.path}: the sample at {at_s:.3f} s is not a finite number; export the audio again"
                )
            done += len(block)
            yield block
        if done == 0:
            raise BadAudio(f"{self.path}: holds 0 s of audio; there is nothing to transcribe")


def open_audio(path: str | os.PathLike[str]) -> AudioFile:
    """Find out how a file can be read. BadAudio names the file, what is wrong and the cure."""
    from linnet.native import libav, sndfile

    path = Path(path)
    start = _first_bytes(path)
    try:
        file = sndfile.open_file(path)
    except Refused as refusal:
        try:
            file = libav.open_file(path)
        except Refused as second:
            raise BadAudio(f"{path}: {_why_not(start, refusal, second)}") from second
    try:
        check_rate(file.rate_hz)
    except BadAudio as error:
        raise BadAudio(f"{path}: {error}") from error
    if file.frame_count == 0:
        raise BadAudio(f"{path}: holds 0 s of audio; there is nothing to transcribe")
    return file


def damaged(path: Path, at_s: float, promised_s: float | None, reason: str = "") -> BadAudio:
    """The error for a file that breaks off or breaks; readers raise it."""
    promise = "" if promised_s is None else f" of the {promised_s:.2f} s it promises"
    return BadAudio(
        f"{path}: is cut off or damaged, it can be read up to {at_s:.2f} s{promise}{f' ({reason})' if reason else ''}; "
        "copy or export it again, or keep the part that is there with: ffmpeg -i FILE part.wav"
    )


def _first_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadAudio(f"{path}: is a folder where one file was asked for")
        if path.exists() and not path.is_file():
            raise BadAudio(f"{path}: is a device or pipe, not a file; save the audio to a file first")
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise BadAudio(f"{path}: there is no such file; check the name") from error
    except OSError as error:
        raise BadAudio(f"{path}: cannot be opened ({error.strerror or error}); check its permissions") from error
    except ValueError as error:  # a name with a null byte
        raise BadAudio(f"{str(path)!r}: is no file name ({error})") from error
    if not start:
        raise BadAudio(f"{path}: is empty (0 bytes); copy or export it again")
    return start


def _why_not(start: bytes, first: Refused, second: Refused) -> str:
    if start.startswith(b"%PDF"):
        return "is a PDF document, not audio"
    if start.startswith(b"MThd"):
        return "is already a MIDI file, not audio"
    if _is_text(start):
        return "is text, not audio; give the audio file itself"
    return f"is not audio that can be read, or is damaged or cut off ({first}; {second}); convert it to WAV or FLAC"


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8", "strict" if len(start) < 512 else "ignore")
    except UnicodeDecodeError:
        return False
    readable = sum(char.isprintable() or char.isspace() for char in text)
    return readable == len(text) and len(text.encode()) > len(start) - 4  # a character may be cut at the end
