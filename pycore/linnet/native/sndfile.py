"""Reading through libsndfile (soundfile): WAV, FLAC, OGG, MP3, AIFF, CAF and kin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linnet.native.audio_file import AudioFile, Pcm, Refused, damaged
from linnet.native.parts import part

MP3_SLACK = 2 * 1152  # frames: an MP3's tag may count two of its blocks more than a decoder gives
# libsndfile's log of a header that promises more than the file has: "data : 529200 (should be 317502)"
PROMISE = re.compile(r"^\s*(data|SSND|riff) *: (\d+) \(should be (\d+)\)", re.MULTILINE)
UNKNOWN_LENGTH = 0x7FFFF000  # writers to a pipe put sizes from here up (or 0), meaning "until the end"


def open_file(path: Path) -> AudioFile:
    """Read the header; Refused if libsndfile does not know the format."""
    with _open(path) as file:
        promise = PROMISE.search(file.extra_info)
        if promise and int(promise[3]) < int(promise[2]) < UNKNOWN_LENGTH:
            stated, there = int(promise[2]), int(promise[3])
            at_s = file.frames / file.samplerate
            if stated - there >= max(1024, file.samplerate // 100):  # less than that is a sloppy writer's padding
                raise damaged(path, at_s, at_s * stated / there)
        states_length = file.format not in ("MP3", "MPEG") or _has_length_tag(path)
        rate_hz, channels, frames = file.samplerate, file.channels, file.frames

    def read(block_frames: int) -> Iterator[Pcm]:
        return _blocks(path, block_frames, frames if states_length else None)

    return AudioFile(path, rate_hz, channels, frames, read)


def _blocks(path: Path, block_frames: int, promised: int | None) -> Iterator[Pcm]:
    soundfile = part("soundfile", "read audio files")
    with _open(path) as file:
        done = 0
        promised_s = None if promised is None else promised / file.samplerate
        while True:
            try:
                block: Pcm = file.read(block_frames, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError as error:
                raise damaged(path, done / file.samplerate, promised_s) from error
            if not len(block):
                break
            done += len(block)
            yield block
        if promised is not None and done < promised - MP3_SLACK:
            raise damaged(path, done / file.samplerate, promised_s)


def _open(path: Path) -> Any:  # soundfile.SoundFile; the package has no types
    soundfile = part("soundfile", "read audio files")
    try:
        return soundfile.SoundFile(os.fsencode(path))  # bytes: names need not be UTF-8
    except soundfile.LibsndfileError as error:
        raise Refused(f"libsndfile: {error.error_string.strip().rstrip('.')}") from error
    except TypeError as error:  # named .raw: soundfile then wants to be told everything
        raise Refused("libsndfile: raw samples") from error


def _has_length_tag(path: Path) -> bool:
    """Whether an MP3 states its length (Xing, Info or VBRI in its first frame); else it is an estimate."""
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3"):
            size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
            file.seek(10 + size)
        else:
            file.seek(0)
        first = file.read(4096)
    return any(tag in first for tag in (b"Xing", b"Info", b"VBRI"))
