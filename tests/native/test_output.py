"""Whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from linnet.errors import OutputFailed
from linnet.native.output import ready_folder, write_whole


def test_writes_and_replaces(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.mid", b"one")
    write_whole(tmp_path / "a.mid", b"two")
    assert (tmp_path / "a.mid").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]


def test_permissions_are_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_whole(tmp_path / "a.mid", b"one")
    assert (tmp_path / "a.mid").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.mid").symlink_to(tmp_path / "folder" / "b.mid")
    write_whole(tmp_path / "a.mid", b"one")
    assert (tmp_path / "a.mid").is_symlink()
    assert (tmp_path / "folder" / "b.mid").read_bytes() == b"one"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full; make room"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "you may not write there"),
        (errno.EIO, "choose another folder"),
    ],
)
def test_failing_disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    (tmp_path / "a.mid").write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputFailed, match=said) as caught:
        write_whole(tmp_path / "a.mid", b"new")
    assert "a.mid: cannot be written" in str(caught.value)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.mid", b"old")]


def test_stopped_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.mid", b"new")
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.mid").mkdir()
    with pytest.raises(OutputFailed, match="there is a folder of this name"):
        write_whole(tmp_path / "a.mid", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]


def test_names_too_long(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="name is too long"):
        write_whole(tmp_path / ("a" * 300), b"new")
    assert not list(tmp_path.iterdir())


def test_ready_folder(tmp_path: Path) -> None:
    ready_folder(tmp_path / "a" / "b")
    ready_folder(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(OutputFailed):
        ready_folder(tmp_path / "file")
    with pytest.raises(OutputFailed, match="a part of the path is a file"):
        ready_folder(tmp_path / "file" / "below")
