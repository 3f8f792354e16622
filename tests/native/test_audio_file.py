"""Every usual format gives the same samples at the same times; everything else gives a clear refusal."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from linnet.errors import BadAudio
from linnet.native.audio_file import AudioFile, open_audio
from tests.native.conftest import encode, tune

RATE_HZ = 48000  # one that every encoder takes


def whole(path: Path, seconds: float = 0.5) -> np.ndarray:
    return np.concatenate(list(open_audio(path).blocks(seconds)))


def clicks(rate_hz: int = RATE_HZ) -> np.ndarray:
    """Three seconds of a faint tone with clicks at the start, 0.5, 1 and 2.5 s [shape=(n, 2)]."""
    out = 0.05 * np.sin(2 * np.pi * 440 * np.arange(3 * rate_hz) / rate_hz)
    for time_s in (0.0, 0.5, 1.0, 2.5):
        out[round(time_s * rate_hz) :][:20] += 0.8
    return np.stack([out, out], axis=1).astype(np.float32)


def click_frames(samples: np.ndarray) -> list[int]:
    loud = np.flatnonzero(np.abs(samples[:, 0]) > 0.4)
    return loud[np.r_[True, np.diff(loud) > 2000]].tolist()


WRITTEN_HERE = {
    "pcm16.wav": ("WAV", "PCM_16"),
    "pcm24.wav": ("WAV", "PCM_24"),
    "float.wav": ("WAV", "FLOAT"),
    "u8.wav": ("WAV", "PCM_U8"),
    "double.w64": ("W64", "DOUBLE"),
    "a.flac": ("FLAC", "PCM_24"),
    "a.aiff": ("AIFF", "PCM_16"),
    "a.caf": ("CAF", "PCM_16"),
    "vorbis.ogg": ("OGG", "VORBIS"),
    "a.rf64": ("RF64", "PCM_16"),
}
ENCODED = {
    "a.mp3": ("libmp3lame", None),
    "a.m4a": ("aac", "ipod"),
    "lossless.m4a": ("alac", "ipod"),
    "a.opus": ("libopus", None),
    "a.webm": ("libopus", None),
}


@pytest.fixture(params=[*WRITTEN_HERE, *ENCODED])
def clicks_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    if request.param in WRITTEN_HERE:
        kind, subtype = WRITTEN_HERE[request.param]
        soundfile.write(path, clicks(), RATE_HZ, format=kind, subtype=subtype)
        return path
    codec, container = ENCODED[request.param]
    return encode(path, clicks(), RATE_HZ, codec, container)


def test_times_agree_to_the_sample(clicks_file: Path) -> None:
    file = open_audio(clicks_file)
    samples = whole(clicks_file)
    assert (file.rate_hz, file.channels) == (RATE_HZ, 2)
    assert samples.dtype == np.float32
    assert np.abs(np.array(click_frames(samples)) - [0, 24000, 48000, 120000]).max() <= 1
    assert abs(len(samples) - 3 * RATE_HZ) <= 0.01 * RATE_HZ
    assert file.duration_s == pytest.approx(3.0, abs=0.01)


def test_streams_that_state_no_delay_come_as_players_show_them(tmp_path: Path) -> None:
    bare = whole(encode(tmp_path / "a.aac", clicks(), RATE_HZ, "aac", "adts"))
    assert click_frames(bare)[1] == pytest.approx(24000 + 1024, abs=2)
    no_tag = whole(encode(tmp_path / "a.mp3", clicks(), RATE_HZ, "libmp3lame", write_xing="0"))
    assert click_frames(no_tag)[1] == pytest.approx(24000 + 1105, abs=2)


def test_content_counts_not_the_name(tmp_path: Path) -> None:
    wav = tmp_path / "tune.wav"
    soundfile.write(wav, tune(), 44100)
    for name in ("tune.mp3", "tune.txt", "tune.raw", "tune"):
        (tmp_path / name).write_bytes(wav.read_bytes())
        assert np.array_equal(whole(tmp_path / name), whole(wav))
    encode(tmp_path / "a.m4a", tune()[:, None], 44100, "aac", "ipod").rename(tmp_path / "aac.wav")
    assert len(whole(tmp_path / "aac.wav")) == 88200


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (192000, 1), (44100, 6), (11025, 2)])
def test_rates_and_channels(tmp_path: Path, rate_hz: int, channels: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.repeat(tune(rate_hz)[:, None], channels, axis=1), rate_hz)
    file = open_audio(path)
    assert (file.rate_hz, file.channels, file.frame_count) == (rate_hz, channels, 2 * rate_hz)
    assert whole(path).shape == (2 * rate_hz, channels)


def test_six_channels_through_the_other_reader(tmp_path: Path) -> None:
    samples = np.zeros((48000, 6), np.float32)
    samples[:, 4] = tune(48000)[:48000]
    path = encode(tmp_path / "a.m4a", samples, 48000, "alac", "ipod")
    got = whole(path)
    assert got.shape == (48000, 6)
    assert [c for c in range(6) if np.abs(got[:, c]).max() > 0.1] == [4]


def test_full_scale_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([1.0, -1.0, 0.5, 0.0]), 8000, subtype="PCM_24")
    assert whole(path)[:, 0] == pytest.approx([1.0, -1.0, 0.5, 0.0], abs=1e-6)


def test_blocks_are_as_long_as_asked(tmp_path: Path) -> None:
    for path in (
        encode(tmp_path / "a.m4a", tune()[:, None], 44100, "aac", "ipod"),
        encode(tmp_path / "a.mp3", tune()[:, None], 44100, "libmp3lame"),
    ):
        lengths = [len(block) for block in open_audio(path).blocks(0.25)]
        assert sum(lengths) == 88200
        assert all(11025 <= length < 11025 + 2048 for length in lengths[:-1])


def test_a_file_can_be_read_twice(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", tune()[:, None], 44100, "aac", "ipod")
    file = open_audio(path)
    first, second = (np.concatenate(list(file.blocks())) for _ in range(2))
    assert np.array_equal(first, second)


def test_sound_of_a_film_that_begins_after_its_picture(tmp_path: Path) -> None:
    import av

    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width = video.height = 32
        audio = out.add_stream("pcm_s16le", rate=44100, layout="mono")
        for i in range(20):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            frame.pts = i
            out.mux(video.encode(frame))
        sound = av.AudioFrame.from_ndarray(np.full((1, 22050), 16384, np.int16), format="s16", layout="mono")
        sound.sample_rate, sound.pts = 44100, 44100
        out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    samples = whole(path)
    assert np.flatnonzero(samples[:, 0])[0] == pytest.approx(44100, abs=50)
    assert len(samples) == pytest.approx(44100 + 22050, abs=50)


def test_packets_left_out_are_silence(tmp_path: Path) -> None:
    """As encoders do that send nothing while nobody speaks: what comes after keeps its time."""
    import av

    whole_file = encode(tmp_path / "whole.webm", clicks(), RATE_HZ, "libopus")
    path = tmp_path / "gap.webm"
    with av.open(str(whole_file)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.pts is not None and not 1.2 <= packet.pts * packet.time_base < 1.9:
                packet.stream = stream
                out.mux(packet)
    samples = whole(path)
    assert np.abs(np.array(click_frames(samples)) - [0, 24000, 48000, 120000]).max() <= 48  # stamps are milliseconds
    assert not samples[round(1.3 * RATE_HZ) : round(1.8 * RATE_HZ)].any()


# --- refusals ---------------------------------------------------------------------------------------------------------


def refused(path: Path | str) -> str:
    with pytest.raises(BadAudio) as caught:
        for _ in open_audio(path).blocks():
            pass
    message = str(caught.value)
    assert str(path) in message
    return message


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    assert "is empty (0 bytes); copy or export it again" in refused(tmp_path / "a.wav")


def test_no_sound_in_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 2)), 44100)
    assert "holds 0 s of audio" in refused(tmp_path / "a.wav")


def test_a_rate_that_cannot_be(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tune(), 500)
    assert "a.wav: sample rate is 500 Hz; it must be" in refused(tmp_path / "a.wav")


def test_missing_folder_and_device(tmp_path: Path) -> None:
    assert "there is no such file; check the name" in refused(tmp_path / "none.wav")
    assert "is a folder" in refused(tmp_path)
    assert "is a device or pipe" in refused("/dev/null")
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is a device or pipe" in refused(tmp_path / "pipe.wav")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"this is not audio\n" * 100, "is text, not audio"),
        ("Grüße, das ist kein Ton\n".encode() * 100, "is text, not audio"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "is text, not audio"),
        (b"ffconcat version 1.0\nfile tune.wav\n", "is text, not audio"),
        (b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x04\x00\xff\x2f\x00", "is already a MIDI file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
        (bytes(range(256)) * 50, "is not audio that can be read"),
        (b"RIFF\x00\x00", "is not audio that can be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "is not audio that can be read"),
    ],
)  # fmt: skip
def test_not_audio(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert said in refused(tmp_path / "a.wav")


def test_a_film_without_sound(tmp_path: Path) -> None:
    import av

    with av.open(str(tmp_path / "a.mkv"), "w") as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width = video.height = 32
        out.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        out.mux(video.encode(None))
    assert "no audio stream" in refused(tmp_path / "a.mkv")


CUT = ["pcm16.wav", "a.flac", "a.aiff", "double.w64", "a.mp3", "fast.m4a", "a.webm", "a.aac"]


@pytest.mark.parametrize("name", CUT)
def test_cut_off_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name in WRITTEN_HERE:
        soundfile.write(path, clicks(), RATE_HZ, format=WRITTEN_HERE[name][0], subtype=WRITTEN_HERE[name][1])
    elif name == "fast.m4a":
        encode(path, clicks(), RATE_HZ, "aac", "ipod", movflags="+faststart")
    elif name == "a.aac":
        encode(path, clicks(), RATE_HZ, "aac", "adts")
    else:
        encode(path, clicks(), RATE_HZ, ENCODED[name][0])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    message = refused(path)
    assert "is cut off or damaged, it can be read up to " in message
    assert "copy or export it again" in message
    if name != "a.aac":
        assert " of the 3.0" in message


def test_m4a_cut_before_its_index(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", clicks(), RATE_HZ, "aac", "ipod")
    path.write_bytes(path.read_bytes()[:-2000])
    assert "is not audio that can be read, or is damaged or cut off" in refused(path)


def test_wav_of_unknown_length_is_no_cut_off_one(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tune(), 44100)
    data = bytearray(path.read_bytes())
    at = data.index(b"data")
    data[at + 4 : at + 8] = data[4:8] = struct.pack("<I", 0xFFFFFFFF)  # as written to a pipe
    path.write_bytes(data)
    assert len(whole(path)) == 88200


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers(tmp_path: Path, value: float) -> None:
    samples = tune()
    samples[66150] = value
    soundfile.write(tmp_path / "a.wav", samples, 44100, subtype="FLOAT")
    assert "the sample at 1.500 s is not a finite number" in refused(tmp_path / "a.wav")


def test_damage_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(0).standard_normal(5 * 44100) * 0.1
    soundfile.write(path, noise, 44100)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 30000] = bytes(30000)
    path.write_bytes(data)
    assert "is cut off or damaged" in refused(path)


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    import tracemalloc

    def peak(seconds: int) -> int:
        path = tmp_path / f"{seconds}.wav"
        soundfile.write(path, np.zeros(seconds * 8000, np.int16), 8000)
        file: AudioFile = open_audio(path)
        tracemalloc.start()
        for _ in file.blocks():
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(5)
    assert peak(600) < peak(10) + 100_000
