"""Reading through FFmpeg's libraries (PyAV): what libsndfile refuses, AAC and M4A above all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from linnet.native.audio_file import AudioFile, Pcm, Refused, damaged
from linnet.native.parts import part

# Only containers of sound and film, only from the file itself: FFmpeg also opens playlists and scripts, which
# name other files and addresses.
CONTAINERS = (
    "aac ac3 aiff amr ape asf au avi caf dsf dts eac3 flac flv loas matroska mov mp3 mp4 mpeg mpegts ogg "
    "tak tta w64 wav wv"
)
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join([*CONTAINERS.split(), "matroska,webm"])}
PADDING = 4096  # frames: what an AAC encoder may add at the end beyond the stated length
SHORTFALL_S = 0.1
SHORTEST_GAP_S, LONGEST_GAP_S = 0.04, 600.0  # of time stamps: above what containers round, below broken ones


def open_file(path: Path) -> AudioFile:
    """Read the header; Refused if FFmpeg's libraries do not know the format or find no sound in it."""
    with _open(path) as container:
        stream = _stream(container)
        stated = _stated_frames(container, stream)
        estimate = container.duration and _whole(container.duration * 1e-6 * stream.rate)
        rate_hz, channels = stream.rate, stream.codec_context.channels

    def read(block_frames: int) -> Iterator[Pcm]:
        return _gathered(_blocks(path, stated), block_frames)

    return AudioFile(path, rate_hz, channels, stated or estimate or None, read)


def _blocks(path: Path, stated: int | None) -> Iterator[Pcm]:
    av = part("av", "read this kind of file")
    with _open(path) as container:
        stream = _stream(container)
        rate_hz, channels = stream.rate, stream.codec_context.channels
        to_float = av.AudioResampler(format="flt")
        origin_s = _origin_s(container)
        done = 0
        beyond: list[Pcm] = []  # decoded past the stated length; padding if it stays short
        try:
            for frame in container.decode(stream):
                if frame.time is not None:
                    origin_s = frame.time if origin_s is None else origin_s
                    gap = _whole((frame.time - origin_s) * rate_hz) - done
                    if SHORTEST_GAP_S * rate_hz < gap < LONGEST_GAP_S * rate_hz:  # players wait here; so do we
                        stated = stated + gap if stated and not done else stated
                        done += gap
                        yield from _silence(gap, channels)
                for piece in to_float.resample(frame):
                    block = piece.to_ndarray().reshape(piece.samples, -1)
                    done += len(block)
                    inside = len(block) if stated is None else max(0, min(len(block), stated - (done - len(block))))
                    if inside:
                        yield block[:inside]
                    if inside < len(block):
                        beyond.append(block[inside:])
                    if sum(map(len, beyond)) > PADDING:  # not padding: the stated length is wrong
                        yield from beyond
                        beyond, stated = [], None
        except (av.FFmpegError, ValueError) as error:  # ValueError: rate or channels change on the way
            reason = getattr(error, "strerror", None) or str(error)
            raise damaged(path, done / rate_hz, stated and stated / rate_hz, reason) from error
        if stated is not None and done < stated - SHORTFALL_S * rate_hz:
            raise damaged(path, done / rate_hz, stated / rate_hz)


def _silence(frames: int, channels: int) -> Iterator[Pcm]:
    for start in range(0, frames, PADDING):
        yield np.zeros((min(PADDING, frames - start), channels), np.float32)


def _gathered(blocks: Iterator[Pcm], block_frames: int) -> Iterator[Pcm]:
    """Codec frames, about a thousand samples each, joined to blocks of at least block_frames."""
    waiting: list[Pcm] = []
    for block in blocks:
        waiting.append(block)
        if sum(map(len, waiting)) >= block_frames:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)


def _open(path: Path) -> Any:  # av.container.InputContainer
    av = part("av", "read this kind of file")
    try:
        return av.open(str(path), options=dict(OPTIONS))
    except (av.FFmpegError, ValueError) as error:
        raise Refused(f"FFmpeg: {getattr(error, 'strerror', None) or error}") from error


def _stream(container: Any) -> Any:  # av.audio.AudioStream
    if not container.streams.audio:
        raise Refused("FFmpeg: no audio stream")
    stream = container.streams.audio[0]
    if not stream.rate or not stream.codec_context.channels:
        raise Refused("FFmpeg: an audio stream without rate or channels")
    return stream


def _stated_frames(container: Any, stream: Any) -> int | None:
    """The length a header states; None where FFmpeg only estimates one from size and bit rate."""
    kind = container.format.name
    if "mp4" in kind and stream.duration:
        return _whole(float(stream.duration * stream.time_base) * stream.rate)
    if "matroska" in kind and container.duration and len(container.streams) == 1:
        begins_s = float((stream.start_time or 0) * stream.time_base)
        return _whole((container.duration * 1e-6 - begins_s) * stream.rate)
    return None


def _whole(frames: float) -> int:
    return round(frames)


def _origin_s(container: Any) -> float | None:
    """The time that players show as 0: a film's beginning; of sound alone, its own (None)."""
    if len(container.streams) == 1 or container.start_time is None:
        return None
    return float(container.start_time * 1e-6)
