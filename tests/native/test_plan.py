"""What is transcribed, and what the results are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linnet.errors import BadAudio, BadOption, OutputFailed
from linnet.native.plan import Plan, make_plan


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.wav", "b.MP3", "notes.txt", "set/c.flac", "set/deep/d.ogg", "set/.hidden.wav", "set/.git/e.wav"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    Path("empty").mkdir()
    return tmp_path


def table(plan: Plan) -> dict[str, list[str]]:
    return {str(job.source): [str(path) for path in job.targets.values()] for job in plan.jobs}


def test_beside_the_recording() -> None:
    plan = make_plan(["a.wav", "set/c.flac", "notes.txt"], out=None, formats=["mid", "csv"])
    assert table(plan) == {
        "a.wav": ["a.mid", "a.csv"],
        "set/c.flac": ["set/c.mid", "set/c.csv"],
        "notes.txt": ["notes.mid", "notes.csv"],
    }


def test_into_a_folder() -> None:
    plan = make_plan(["a.wav", "set"], out=Path("out"), formats=["mid"])
    assert table(plan) == {
        "a.wav": ["out/a.mid"],
        "set/c.flac": ["out/c.mid"],
        "set/deep/d.ogg": ["out/deep/d.mid"],
    }


def test_folders_give_their_audio_only() -> None:
    assert list(table(make_plan(["."], out=None, formats=["mid"]))) == [
        "a.wav",
        "b.MP3",
        "set/c.flac",
        "set/deep/d.ogg",
    ]


def test_patterns() -> None:
    assert list(table(make_plan(["*.wav", "set/**/*.*"], out=None, formats=["mid"]))) == [
        "a.wav",
        "set/c.flac",
        "set/deep/d.ogg",
    ]


def test_a_file_whose_name_looks_like_a_pattern() -> None:
    Path("take [1].wav").touch()
    assert list(table(make_plan(["take [1].wav"], out=None, formats=["mid"]))) == ["take [1].wav"]


def test_each_file_once() -> None:
    plan = make_plan(["a.wav", "./a.wav", os.path.abspath("a.wav"), "*.wav"], out=None, formats=["mid"])  # noqa: PTH100
    assert len(plan.jobs) == 1


def test_same_stem_keeps_the_suffix() -> None:
    Path("a.mp3").touch()
    plan = make_plan(["a.wav", "a.mp3", "b.MP3"], out=None, formats=["mid"])
    assert table(plan) == {"a.wav": ["a.wav.mid"], "a.mp3": ["a.mp3.mid"], "b.MP3": ["b.mid"]}


def test_same_name_from_two_folders() -> None:
    Path("other").mkdir()
    Path("other/a.wav").touch()
    with pytest.raises(BadOption, match=r"a.wav and other/a.wav would both be written to out/a.wav"):
        make_plan(["a.wav", "other/a.wav"], out=Path("out"), formats=["mid"])


def test_in_vain() -> None:
    plan = make_plan(["empty", "*.xyz", "a.wav", "none.wav"], out=None, formats=["mid"])
    assert [type(error) for error in plan.failures] == [BadAudio, BadAudio]
    assert "empty: holds no audio files" in str(plan.failures[0])
    assert "*.xyz: no file matches" in str(plan.failures[1])
    assert list(table(plan)) == ["a.wav", "none.wav"]


def test_folders_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    plan = make_plan(["set"], out=None, formats=["mid"])
    assert list(table(plan)) == ["set/c.flac"]
    assert str(plan.failures[0]) == "set/deep: cannot be opened (Permission denied); check its permissions"


def test_existing_results() -> None:
    job = make_plan(["a.wav"], out=None, formats=["mid", "csv"]).jobs[0]
    assert list(job.wanted(overwrite=False, skip_existing=False)) == ["mid", "csv"]
    Path("a.mid").touch()
    with pytest.raises(OutputFailed, match=r"a\.mid: is there already; choose --overwrite or --skip-existing"):
        job.wanted(overwrite=False, skip_existing=False)
    assert list(job.wanted(overwrite=True, skip_existing=False)) == ["mid", "csv"]
    assert list(job.wanted(overwrite=False, skip_existing=True)) == ["csv"]
    Path("a.csv").touch()
    assert job.wanted(overwrite=False, skip_existing=True) == {}
