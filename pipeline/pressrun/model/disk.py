"""What a disk refuses, in words: one line that says what happened, and what to do about it."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from pressrun.model.errors import PressrunError

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
