"""What a disk refuses, in words: one line that says what happened, and what to do about it."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from pressrun.model.errors import PressrunError

TOO_MANY_OPEN = "too many files are open"
MORE_HANDLES = "allow more of them (ulimit -n 256), then run the same command again: what is done is kept"

_WHY = {
    errno.ENOSPC: ("the disk is full", "make room, then run the same command again: what is done is kept"),
    errno.EDQUOT: ("your disk quota is used up", "make room, then run the same command again: what is done is kept"),
    errno.EROFS: ("the file system is read-only", "choose a folder you can write to with --out"),
    errno.EACCES: ("the folder is read-only for you", "change its permissions, or choose another with --out"),
    errno.EPERM: ("the folder is read-only for you", "change its permissions, or choose another with --out"),
    errno.ENOTDIR: ("a file is where a folder should be", "move it away, or choose another folder with --out"),
    errno.ENAMETOOLONG: ("the name is too long for this file system", "shorten `save_as`"),
    errno.EFBIG: ("the file is larger than you may write here", "raise the limit (ulimit -f), then run it again"),
    errno.EISDIR: ("a folder has that name", "move it away, or change `save_as`"),
    errno.EEXIST: ("something else has that name", "move it away, or change `save_as`"),
    errno.EMFILE: (TOO_MANY_OPEN, MORE_HANDLES),
    errno.ENFILE: (TOO_MANY_OPEN, "end other programs, then run the same command again: what is done is kept"),
}


class CannotRead(PressrunError):
    """The store is there, but the system does not let us read from it."""

    exit_code = 2


class CannotWrite(PressrunError):
    """A file could not be written (full disk, read-only folder …); nothing half-written was left."""

    exit_code = 2


@contextlib.contextmanager
def telling_why(path: str) -> Iterator[None]:
    """Turn the system's errors into a line that says what to do."""
    try:
        yield
    except OSError as error:
        fallback = (error.strerror or str(error), None)
        why, hint = _WHY.get(error.errno or 0, fallback)
        raise CannotWrite(f"cannot write {path}: {why}", hint) from error


def write_authored(path: Path, text: str) -> None:
    """Write a file that people wrote, all of it or nothing: where it is a link, the file that it leads to, since others
    read that one, too. Raises CannotWrite."""
    path = path.resolve()
    beside = path.with_name(f".{path.name}.part")
    with telling_why(str(path)):
        beside.write_text(text, "utf-8")
        beside.replace(path)


class SystemRefused(PressrunError):
    """The operating system did not do what was asked of it, somewhere that has no words of its own for that."""

    exit_code = 2


def refused_by_system(error: OSError) -> SystemRefused:
    """An error of the system as one line: which file, why, and what to do about it."""
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return SystemRefused("the current folder is not there any more", "go into another one: cd …")
    why, hint = _WHY.get(error.errno or 0, (error.strerror or str(error), None))
    return SystemRefused(f"{error.filename}: {why}" if error.filename else why, hint)
