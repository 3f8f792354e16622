"""`linnet` as people run it: in a process, with files, signals and full disks."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from rich.console import Console

import linnet
from linnet.errors import BadAudio
from linnet.native.commands import app
from linnet.native.plan import Job
from linnet.native.report import TerminalReporter
from linnet.options import OPTIONS
from tests.native.conftest import TUNE_PITCHES, Run, command, encode, environment, tones, tune

NO_FILE, NO_OPTION, NO_AUDIO, NO_MODEL, NO_OUTPUT, NO_PART = 3, 2, 3, 4, 5, 6


def pitches(path: Path) -> list[int]:
    return [message.note for message in mido.MidiFile(path) if message.type == "note_on"]


def test_one_file(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    done = run("transcribe", "tune.wav", "--model", toy)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "tune.wav: 3 notes in 0:02, written to tune.mid\n"
    assert pitches(tmp_path / "tune.mid") == TUNE_PITCHES


def test_all_formats_into_a_folder(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    done = run("transcribe", "tune.wav", "-o", "out/deep", "-f", "mid,csv,json", "--quiet", "--model", toy)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out/deep").iterdir()) == ["tune.csv", "tune.json", "tune.mid"]
    values = json.loads((tmp_path / "out/deep/tune.json").read_text())
    assert [note["pitch"] for note in values["notes"]] == TUNE_PITCHES
    assert values["model"] == "toy 1"


def test_every_option_of_the_table(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    help_text = run("transcribe", "--help").stdout
    given: list[str] = []
    for spec in OPTIONS:
        flag = "--" + spec.name.replace("_", "-")
        assert flag in help_text
        given += [flag, spec.choices[-1] if spec.choices else str(spec.highest if spec.name != "lowest_pitch" else 65)]
    done = run("transcribe", "tune.wav", "-f", "mid,json", *given, "--shortest-note-s", "0.1", "--model", toy)
    assert done.returncode == 0, done.stderr
    values = json.loads((tmp_path / "tune.json").read_text())
    assert values["options"] == {
        "sensitivity": 1.0,
        "sustain": 1.0,
        "shortest_note_s": 0.1,
        "lowest_pitch": 65,
        "highest_pitch": 108,
        "bends": "off",
    }
    assert {note["pitch"] for note in values["notes"]} == {69, 72}
    file = mido.MidiFile(tmp_path / "tune.mid")
    assert [m.tempo for m in file.tracks[0] if m.type == "set_tempo"] == [100000]  # 400 dotted quarters a minute
    assert [track.name for track in file.tracks[1:]] == ["Soprano", "Alto"]
    assert {m.program for m in file if m.type == "program_change"} == {127}
    assert {m.channel for m in file if m.type == "note_on"} == {1, 2}  # mpe


def test_presets_and_what_is_given_besides(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    done = run("transcribe", "tune.wav", "-f", "json", "--preset", "bass", "--highest-pitch", "108", "--model", toy)
    assert done.returncode == 0, done.stderr
    options = json.loads((tmp_path / "tune.json").read_text())["options"]
    assert (options["lowest_pitch"], options["highest_pitch"]) == (23, 108)  # 108 is the default, but it was asked for


def test_a_grid_a_key_a_score_and_planes(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    given = ("--grid", "manual", "--tempo-bpm", "120", "--quantise", "1/8", "--key", "Am")
    done = run("transcribe", "tune.wav", "-f", "mid,musicxml,json,npz", *given, "--model", toy)
    assert done.returncode == 0, done.stderr
    ticks = np.cumsum([m.time for m in mido.MidiFile(tmp_path / "tune.mid").tracks[1]])
    kinds = [m.type for m in mido.MidiFile(tmp_path / "tune.mid").tracks[1]]
    assert all(tick % 480 == 0 for tick, kind in zip(ticks.tolist(), kinds, strict=True) if kind == "note_on")
    values = json.loads((tmp_path / "tune.json").read_text())
    assert (values["tempo_bpm"], values["key"]) == (120.0, "Am")
    assert "<mode>minor</mode>" in (tmp_path / "tune.musicxml").read_text()
    assert np.load(tmp_path / "tune.npz")["note"].shape[1] == 88


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sensitivity", "2"], "sensitivity"),
        (["--lowest-pitch", "high"], "lowest-pitch"),
        (["--bends", "wild"], "bends"),
        (["--lowest-pitch", "80", "--highest-pitch", "70"], "lowest_pitch is 80, above highest_pitch 70"),
        (["--format", "pdf"], "--format is 'pdf'; it must be one or more of mid, musicxml, csv, json, npz"),
        (["--format", ""], "--format is ''"),
        (["--overwrite", "--skip-existing"], "contradict each other"),
        (["--no-such-option"], "--no-such-option"),
    ],
)
def test_bad_options(run: Run, tune_wav: Path, arguments: list[str], said: str) -> None:
    done = run("transcribe", "tune.wav", *arguments)
    assert done.returncode == NO_OPTION
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def make_inputs(folder: Path) -> dict[str, Path]:
    def wav(name: str, rate_hz: int, subtype: str = "PCM_16", channels: int = 1, seconds: float = 2.0) -> Path:
        samples = tune(rate_hz)[: round(seconds * rate_hz)]
        soundfile.write(folder / name, np.repeat(samples[:, None], channels, 1), rate_hz, subtype, format="WAV")
        return folder / name

    stereo = np.stack([tune(48000)] * 2, axis=1)
    ogg = folder / "vorbis.ogg"
    soundfile.write(ogg, stereo, 48000, format="OGG", subtype="VORBIS")
    soundfile.write(folder / "low.flac", tune(22050), 22050)
    return {
        "8 kHz": wav("8k.wav", 8000),
        "192 kHz": wav("192k.wav", 192000),
        "6 channels": wav("six.wav", 44100, channels=6),
        "24 bit": wav("24.wav", 44100, "PCM_24"),
        "float": wav("float.wav", 44100, "FLOAT"),
        "wrong suffix": wav("wav-inside.mp3", 44100),
        "no suffix": wav("nothing", 44100),
        "a name of many kinds": wav("Ünï çode — [take 1] 'q'.wav", 44100),
        "flac": folder / "low.flac",
        "ogg": ogg,
        "mp3": encode(folder / "a.mp3", stereo, 48000, "libmp3lame"),
        "m4a": encode(folder / "b.m4a", stereo, 48000, "aac", "ipod"),
        "opus": encode(folder / "c.opus", stereo, 48000, "libopus"),
        "webm": encode(folder / "d.webm", stereo, 48000, "libopus"),
        "aac": encode(folder / "e.aac", stereo, 48000, "aac", "adts"),
    }


def test_formats(run: Run, tmp_path: Path, toy: Path) -> None:
    """One process for all of them: the results must be the same tune at the same times."""
    inputs = make_inputs(tmp_path)
    done = run("transcribe", *(path.name for path in inputs.values()), "-o", "out", "-f", "mid,json", "--model", toy)
    assert done.returncode == 0, done.stderr
    for name, path in inputs.items():
        notes = json.loads((tmp_path / "out" / f"{path.stem}.json").read_text())["notes"]
        assert [note["pitch"] for note in notes] == TUNE_PITCHES, name
        late = 0.025 if name == "aac" else 0.0  # states no encoder delay
        assert [note["onset_s"] - late for note in notes] == pytest.approx([0.2, 0.8, 1.4], abs=0.03), name
        assert pitches(tmp_path / "out" / f"{path.stem}.mid") == TUNE_PITCHES


def test_a_fifth_of_a_second(run: Run, tmp_path: Path, toy: Path) -> None:
    soundfile.write(tmp_path / "short.wav", tones([(0.0, 0.2, 69)], 0.2), 44100)
    done = run("transcribe", "short.wav", "--model", toy)
    assert done.stdout == "short.wav: 1 note in 0:00, written to short.mid\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.wav", None, "none.wav: there is no such file; check the name"),
        ("empty.wav", b"", "empty.wav: is empty (0 bytes)"),
        ("text.wav", b"just words\n" * 50, "text.wav: is text, not audio"),
        ("noise.wav", bytes(range(256)) * 30, "noise.wav: is not audio that can be read"),
        ("cut.wav", "cut", "cut.wav: is cut off or damaged, it can be read up to 1.00 s of the 2.00 s"),
        ("zero.wav", "zero", "zero.wav: holds 0 s of audio"),
        ("nan.wav", "nan", "nan.wav: the sample at 1.000 s is not a finite number"),
    ],
)
def test_bad_audio(run: Run, tmp_path: Path, toy: Path, name: str, content: bytes | str | None, said: str) -> None:
    path = tmp_path / name
    samples = tune()
    if content == "cut":
        soundfile.write(path, samples, 44100)
        path.write_bytes(path.read_bytes()[: 44 + 88200])
    elif content == "zero":
        soundfile.write(path, samples[:0], 44100)
    elif content == "nan":
        samples[44100] = np.nan
        soundfile.write(path, samples, 44100, subtype="FLOAT")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    done = run("transcribe", name, "--model", toy)
    assert done.returncode == NO_AUDIO
    assert f"linnet: {said}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.mid"))


def test_folder_without_audio(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = run("transcribe", "folder")
    assert done.returncode == NO_AUDIO
    assert "folder: holds no audio files" in done.stderr


def test_the_others_are_still_done(run: Run, tmp_path: Path, toy: Path) -> None:
    for name in ("a.wav", "c.wav"):
        soundfile.write(tmp_path / name, tune(), 44100)
    (tmp_path / "b.wav").write_bytes(b"")
    done = run("transcribe", "a.wav", "b.wav", "*.xyz", "c.wav", "--model", toy)
    assert done.returncode == NO_AUDIO
    assert sorted(path.name for path in tmp_path.glob("*.mid")) == ["a.mid", "c.mid"]
    assert done.stderr.splitlines()[-1] == "linnet: 2 of 4 done, 2 failed"


def test_mixed_failures(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    (tmp_path / "tune.mid").touch()
    (tmp_path / "b.wav").touch()
    done = run("transcribe", "tune.wav", "b.wav", "--model", toy)
    assert done.returncode == 1
    assert "tune.mid: is there already; choose --overwrite or --skip-existing" in done.stderr


def test_existing_results(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(b"mine")
    assert run("transcribe", "tune.wav", "--model", toy).returncode == NO_OUTPUT
    skipped = run("transcribe", "tune.wav", "--skip-existing", "--model", toy)
    assert (skipped.returncode, skipped.stdout) == (0, "tune.wav: skipped, its results are there\n")
    assert (tmp_path / "tune.mid").read_bytes() == b"mine"
    assert run("transcribe", "tune.wav", "--overwrite", "--model", toy).returncode == 0
    assert pitches(tmp_path / "tune.mid") == TUNE_PITCHES


def test_names_that_are_no_utf8(run: Run, tmp_path: Path, toy: Path) -> None:
    name = os.fsdecode(b"caf\xe9.wav")
    soundfile.write(tmp_path / "a.wav", tune(), 44100)
    (tmp_path / "a.wav").rename(tmp_path / name)
    done = subprocess.run(
        command("transcribe", name, "-f", "mid,json", "--model", toy),
        cwd=tmp_path, env=environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"caf\xe9.wav: 3 notes")
    assert json.loads((tmp_path / os.fsdecode(b"caf\xe9.json")).read_text())["source"] == "caf\ufffd.wav"


# --- disks and signals ------------------------------------------------------------------------------------------------


def test_full_disk(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    """No file may grow beyond 50 bytes: what a full disk does to the write, without needing one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))

    (tmp_path / "tune.mid").write_bytes(b"old")
    done = run("transcribe", "tune.wav", "--overwrite", "--model", toy, preexec_fn=limit)
    assert done.returncode == NO_OUTPUT
    assert "tune.mid: cannot be written: the file would be larger than is allowed here" in done.stderr
    assert (tmp_path / "tune.mid").read_bytes() == b"old"
    assert not list(tmp_path.glob(".linnet*"))


def test_a_disk_that_is_really_full(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    """On a tmpfs of one page where this machine lets us mount one; the test above holds everywhere."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        return
    try:
        (disk / "filler").write_bytes(bytes(4096))
        done = run("transcribe", "tune.wav", "-o", disk, "--model", toy)
        left = [path.name for path in disk.iterdir()]
    finally:
        subprocess.run(["umount", disk], check=True)
    assert done.returncode == NO_OUTPUT
    assert "the disk is full; make room or choose another folder" in done.stderr
    assert left == ["filler"]


def test_read_only_folder(run: Run, tmp_path: Path, toy: Path, tune_wav: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if os.geteuid() == 0:  # nothing is locked to root but what the kernel makes up
        folder = Path("/sys/linnet")
    done = run("transcribe", "tune.wav", "-o", folder, "--model", toy)
    assert done.returncode == NO_OUTPUT
    assert "cannot be written" in done.stderr
    assert "choose another folder" in done.stderr


@pytest.fixture
def long_wav(tmp_path: Path) -> Path:
    """An hour; nobody waits for its end."""
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros(3600 * 8000, np.int16), 8000)
    return path


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_half_way(tmp_path: Path, toy: Path, long_wav: Path, number: int, status: int) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        command("transcribe", long_wav, "-o", out, "--model", toy),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs are deaf to it
    )
    until = time.monotonic() + 30
    while not out.is_dir() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.5)
    assert process.poll() is None, "it must still be at work"
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert not list(out.iterdir())
    if number == signal.SIGINT:
        assert "stopped; what was not finished has not been written" in errors


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_version_and_info(run: Run) -> None:
    assert run("version").stdout == f"linnet {linnet.__version__}\n"
    info = run("info")
    assert info.returncode == 0
    assert "model linnet-2" in info.stdout
    assert "onnxruntime" in info.stdout


def test_help_without_arguments(run: Run) -> None:
    done = run()
    assert "transcribe" in done.stdout + done.stderr
    assert {command.name or command.callback.__name__ for command in app.registered_commands} == {
        "transcribe",
        "serve",
        "info",
        "version",
    }


def test_damaged_model(run: Run, tmp_path: Path, tune_wav: Path) -> None:
    done = run("transcribe", "tune.wav", "--model", tmp_path / "nowhere")
    assert done.returncode == NO_MODEL
    assert "there is no model" in done.stderr


@pytest.mark.parametrize("missing", ["typer", "rich", "soundfile", "av", "starlette", "uvicorn"])
def test_missing_extra(tmp_path: Path, toy: Path, tune_wav: Path, missing: str) -> None:
    encode(tmp_path / "a.m4a", tune()[:, None], 44100, "aac", "ipod")
    (tmp_path / "index.html").touch()
    arguments = ["serve", "--dir", tmp_path] if missing in ("starlette", "uvicorn") else ["transcribe", "a.m4a"]
    if missing not in ("starlette", "uvicorn"):
        arguments += ["--model", toy]
    code = (
        f"import sys; sys.modules[{missing!r}] = None; sys.argv = {['linnet', *map(str, arguments)]!r}\n"
        "from linnet.native.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == NO_PART, done.stderr
    assert "pip install 'linnet[native]'" in done.stderr
    assert missing in done.stderr
    assert "Traceback" not in done.stderr


def test_progress_bar_shows_time_left() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with TerminalReporter(console, quiet=False) as reporter:
        reporter.begin(Job(Path("a.wav"), {}), 2, 3)
        reporter.progress(30.0, 120.0)
        time.sleep(0.2)  # it is drawn ten times a second
        reporter.failed(BadAudio("a.wav: is [bold]empty[/bold]"))
    shown = screen.getvalue()
    assert "2/3 a.wav" in shown
    assert "25%" in shown
    assert "is [bold]empty[/bold]" in shown


def test_quiet_has_no_bar() -> None:
    screen = io.StringIO()
    with TerminalReporter(Console(file=screen, force_terminal=True), quiet=True) as reporter:
        reporter.begin(Job(Path("a.wav"), {}), 1, 1)
        reporter.progress(30.0, 120.0)
    assert screen.getvalue() == ""
