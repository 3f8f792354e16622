"""Files are written whole or not at all: to a temporary name beside the target, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from linnet.errors import OutputFailed

CURES = {
    errno.ENOSPC: "the disk is full; make room or choose another folder",
    errno.EDQUOT: "your quota on this disk is used up; make room or choose another folder",
    errno.EFBIG: "the file would be larger than is allowed here; choose another folder",
    errno.EROFS: "the folder is read-only; choose another folder",
    errno.EACCES: "you may not write there; choose another folder",
    errno.EPERM: "you may not write there; choose another folder",
    errno.ENOENT: "the folder is not there; make it first",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another folder",
    errno.EISDIR: "there is a folder of this name; choose another name",
    errno.EEXIST: "there is a file in the way; choose another folder",
    errno.ENAMETOOLONG: "the name is too long for this disk; choose a shorter one",
}


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what is there; OutputFailed leaves no trace."""
    target = Path(os.path.realpath(path))  # through a link, not over it
    part = _part_name(target.parent)
    try:
        try:
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:  # also on Ctrl-C; after the rename there is nothing left to remove
            part.unlink(missing_ok=True)
    except OSError as error:
        raise not_written(path, error) from error


def ready_folder(folder: Path) -> None:
    """Make the folder if need be, and find out now rather than after an hour's work whether it takes files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = _part_name(folder)
        try:
            part.touch(exist_ok=False)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error


def not_written(path: Path, error: OSError) -> OutputFailed:
    """The error in words, with the cure."""
    cure = CURES.get(error.errno or 0, f"{error.strerror or error}; choose another folder")
    return OutputFailed(f"{path}: cannot be written: {cure}")


def _part_name(folder: Path) -> Path:
    return folder / f".linnet-{os.getpid()}-{secrets.token_hex(4)}.part"
