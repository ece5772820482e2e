"""Objects in a folder, named by the SHA-256 of their bytes: `objects/ab/cdef…`.

An object is written beside and renamed, so it is there whole or not at all, whatever ends the process; its seal (see
`seals.py`) shows what happened to it later.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pressrun.model.disk import CannotRead, CannotWrite, telling_why
from pressrun.model.store import ObjectMissing, read_each
from pressrun.stores.folder.disk_calls import flush, lstat, write_all
from pressrun.stores.folder.seals import SECOND, is_sealed, is_trusted, seal

READ_ONLY = 0o444
ABANDONED_AFTER = 3600 * SECOND  # no write takes an hour

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_UNREADABLE = {errno.EIO, errno.EISDIR, errno.ELOOP}  # bad sectors, or no file: told from a lack of rights or handles


# One for the process: threads have stores of their own over one folder, and their temporary names must differ.
_NUMBERS = itertools.count()


class FolderStore:
    """A content-addressed store below `root`; safe for several threads and processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._objects = os.path.join(self.root, "objects")
        self._partial = os.path.join(self.root, "partial")
        self._damaged = os.path.join(self.root, "damaged")
        self._folders: set[tuple[str, str | None]] = set()  # made and looked at, by (folder, within)
        self._flushed: set[str] = set()

    def path(self, digest: str) -> Path:
        """Where the object of this digest lies, or would lie; `ValueError` if it is no SHA-256 in lower-case hex."""
        return Path(self._place(digest))

    def address(self, digest: str) -> str:
        """The object's path."""
        return self._place(digest)

    def put(self, data: bytes, durable: bool = False) -> str:
        """Keep `data`, and return its SHA-256 in hex. `durable` also survives a power cut (for what was paid).

        Raises `CannotWrite`.
        """
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(digest)
        with telling_why(place):
            there = lstat(place)
            if there is not None and not stat.S_ISREG(there.st_mode):
                self._set_aside(place, digest, there)
            elif is_sealed(there, digest, len(data)) and is_trusted(there):
                if durable:
                    flush(place)
                    self._flush_folders(place)
                return digest
            with self._writing(data, digest, durable) as partial:
                self._move(partial, place)
            if durable:
                self._flush_folders(place)
        return digest

    def put_many(self, data: Iterable[bytes]) -> list[str]:
        """`put` each, and return the digests in their order."""
        return [self.put(one) for one in data]

    def put_written(self, write: Callable[[BinaryIO], None]) -> str:
        """Keep what `write` writes into a file that it is given, and return its digest. Raises `CannotWrite`."""
        with telling_why(self._partial):
            descriptor, partial = self._begin(0o600)
            try:
                with open(descriptor, "wb") as file:
                    write(file)
                with open(partial, "rb") as file:
                    digest, size = hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
                if not self.verify(digest):
                    os.chmod(partial, READ_ONLY)
                    written = os.lstat(partial).st_mtime_ns
                    os.utime(partial, ns=(written, seal(digest, size, written)))
                    self._move(partial, self._place(digest))
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(partial)
        return digest

    def present(self, digests: Iterable[str], recorded: bool = False) -> frozenset[str]:
        """Those of the digests whose objects are here and sound. Raises `CannotRead`."""
        return frozenset(one for one in set(digests) if _DIGEST.fullmatch(one) and self.verify(one))

    def verify(self, digest: str) -> bool:
        """Whether the object is here and sound: by its seal, or by all its bytes when the seal is broken.

        A damaged object is moved to `damaged/`, so that it counts as missing and is made again. Raises `CannotRead`.
        """
        place = self._place(digest)
        status = lstat(place)
        if status is None:
            return False
        return (is_sealed(status, digest) and is_trusted(status)) or self._examine(place, digest, status)

    def read(self, digest: str) -> bytes:
        """The object's bytes, always checked in full; raises `ObjectMissing`, `CannotRead`."""
        place = self._place(digest)
        status = lstat(place)
        if status is None:
            raise _missing(digest)
        try:
            with open(place, "rb", buffering=0) as file:
                data = file.read()
        except OSError as error:
            self._judge(error, place, digest, status)
            raise _missing(digest) from error
        if hashlib.sha256(data).hexdigest() != digest:
            self._set_aside(place, digest, status)
            raise _missing(digest)
        return data

    def opened(self, digest: str) -> BinaryIO:
        """The object's file, once it is known to be sound; raises `ObjectMissing`, `CannotRead`."""
        with telling_why(self._place(digest)):
            if self.verify(digest):
                with contextlib.suppress(FileNotFoundError):
                    return open(self._place(digest), "rb")
        raise _missing(digest)

    def read_many(self, digests: Iterable[str]) -> Iterator[bytes | None]:
        """What `read` says of each, in their order, as it is taken; None for one that is missing."""
        return read_each(self, digests)

    def deliver_many(self, files: Iterable[tuple[str, str]], folder: Path) -> None:
        """`deliver` of (digest, path below `folder`) each, within `folder`."""
        for digest, path in files:
            self.deliver(digest, f"{folder}/{path}", within=folder)

    def deliver(self, digest: str, target: Path | str, within: Path | None = None) -> None:
        """Give the object the name `target`: a read-only hard link where that works, else a copy. Atomic.

        What had that name is replaced; if it was a symlink, the link itself is. With `within`, `target` must lie
        below that folder, and no folder between may be a symlink, nor `..`. Raises `ObjectMissing`, `CannotWrite`.
        """
        name = os.fspath(target)
        with telling_why(name):
            folder = os.path.dirname(name) or "."
            base = None if within is None else os.fspath(within)
            self._make_folder(folder, base)
            if not self.verify(digest):
                raise _missing(digest)
            place = self._place(digest)
            try:
                self._link(place, name)
            except FileNotFoundError:  # the folder was removed behind our back
                self._folders.clear()
                self._make_folder(folder, base)
                self._link(place, name)
            except OSError as error:
                if error.errno not in _NO_LINK:
                    raise
                self._copy(digest, name)

    def is_whole(self, digest: str) -> bool:
        """Whether all the bytes of an object that is here are sound; as `verify`, whatever its seal says."""
        place = self._place(digest)
        status = lstat(place)
        return status is not None and self._examine(place, digest, status)

    def discard(self, digests: Iterable[str]) -> None:
        with telling_why(self._objects):
            for digest in digests:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._place(digest))

    def sweep(self) -> int:
        """Remove what killed processes left half-written more than an hour ago, and return how many files."""
        removed = 0
        with telling_why(self._partial):
            if not os.path.isdir(self._partial):
                return 0
            descriptor, probe = self._create(self._partial, 0o600)
            os.close(descriptor)
            try:  # the file system's own clock, which need not be this machine's
                now = os.lstat(probe).st_mtime_ns
            finally:
                os.unlink(probe)
            for entry in os.scandir(self._partial):
                with contextlib.suppress(FileNotFoundError):
                    if now - entry.stat(follow_symlinks=False).st_mtime_ns > ABANDONED_AFTER:
                        os.unlink(entry.path)
                        removed += 1
        return removed

    def _place(self, digest: str) -> str:
        if _DIGEST.fullmatch(digest) is None:
            raise ValueError(f"not a SHA-256 in hex: {digest!r}")
        return f"{self._objects}/{digest[:2]}/{digest[2:]}"

    # writing

    @contextlib.contextmanager
    def _writing(self, data: bytes, digest: str, durable: bool) -> Iterator[str]:
        """A sealed file of `data` under a temporary name; removed again unless the caller moved it."""
        descriptor, partial = self._begin(READ_ONLY)
        try:
            try:
                write_all(descriptor, data)
                written = os.fstat(descriptor).st_mtime_ns
                os.utime(descriptor, ns=(written, seal(digest, len(data), written)))
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            yield partial
        finally:
            with contextlib.suppress(OSError):
                os.unlink(partial)

    def _begin(self, mode: int) -> tuple[int, str]:
        try:
            return self._create(self._partial, mode)
        except FileNotFoundError:  # the first that is written
            os.makedirs(self._partial, exist_ok=True)
            return self._create(self._partial, mode)

    def _create(self, folder: str, mode: int) -> tuple[int, str]:
        """A new file that nobody else has, by number rather than by chance."""
        while True:
            name = f"{folder}/.{os.getpid()}-{next(_NUMBERS)}.part"
            with contextlib.suppress(FileExistsError):
                return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), name

    def _move(self, partial: str, place: str) -> None:
        try:
            os.replace(partial, place)
        except (FileNotFoundError, NotADirectoryError):
            folder = os.path.dirname(place)
            if os.path.isfile(folder):
                self._set_aside(folder, os.path.basename(folder), os.lstat(folder))
            os.makedirs(folder, exist_ok=True)
            os.replace(partial, place)

    def _flush_folders(self, place: str) -> None:
        """Make the object's name durable, and those of the folders it may be the first in."""
        folder = os.path.dirname(place)
        flush(folder)
        if folder not in self._flushed:
            for level in (self._objects, os.fspath(self.root), os.path.dirname(os.path.abspath(self.root))):
                flush(level)
            self._flushed.add(folder)

    # delivering

    def _link(self, place: str, name: str) -> None:
        try:
            os.link(place, name, follow_symlinks=False)
            return
        except FileExistsError:
            if os.path.samestat(os.lstat(place), os.lstat(name)):
                return
        while True:
            beside = f"{os.path.dirname(name) or '.'}/.{os.getpid()}-{next(_NUMBERS)}.part"
            with contextlib.suppress(FileExistsError):
                os.link(place, beside, follow_symlinks=False)
                break
        try:
            os.replace(beside, name)
        finally:  # renaming onto another link of the same file does nothing, and leaves both
            with contextlib.suppress(FileNotFoundError):
                os.unlink(beside)

    def _copy(self, digest: str, name: str) -> None:
        data = self.read(digest)
        descriptor, beside = self._create(os.path.dirname(name) or ".", 0o666)
        try:
            try:
                write_all(descriptor, data)
            finally:
                os.close(descriptor)
            os.replace(beside, name)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(beside)

    def _make_folder(self, folder: str, within: str | None) -> None:
        if (folder, within) in self._folders:
            return
        if within is None:
            os.makedirs(folder, exist_ok=True)
            self._folders.add((folder, None))
            return
        if (within, within) not in self._folders:
            os.makedirs(within, exist_ok=True)
            self._folders.add((within, within))
        level = within
        for step in _steps(folder, within):
            level = f"{level}{os.sep}{step}"
            if (level, within) in self._folders:
                continue
            try:
                os.mkdir(level)
            except FileExistsError:
                if not stat.S_ISDIR(os.lstat(level).st_mode):
                    hint = "a link there could lead anywhere"
                    raise CannotWrite(f"{level} is not a folder of its own", hint) from None
            self._folders.add((level, within))
        self._folders.add((folder, within))

    # damage

    def _examine(self, place: str, digest: str, before: os.stat_result) -> bool:
        """Hash an object whose seal is broken: seal it again if it is sound, move it aside if not."""
        try:
            if not stat.S_ISREG(before.st_mode):
                self._set_aside(place, digest, before)
                return False
            with open(place, "rb") as file:
                sound = hashlib.file_digest(file, "sha256").hexdigest() == digest
                after = os.fstat(file.fileno())
        except OSError as error:
            self._judge(error, place, digest, before)
            return False
        if not sound:
            self._set_aside(place, digest, before)
            return False
        if os.path.samestat(before, after) and before.st_mtime_ns == after.st_mtime_ns:
            with contextlib.suppress(OSError):  # a store on read-only media is sound all the same
                os.chmod(place, READ_ONLY)
                os.utime(place, ns=(after.st_atime_ns, seal(digest, after.st_size, time.time_ns())))
        return True

    def _judge(self, error: OSError, place: str, digest: str, seen: os.stat_result) -> None:
        """What a failed reading means: gone, damaged, or (raising `CannotRead`) nothing about the object."""
        if error.errno in _UNREADABLE:
            self._set_aside(place, digest, seen)
        elif not isinstance(error, FileNotFoundError):
            raise CannotRead(f"cannot read {place}: {error.strerror}", "the store's files must be yours") from error

    def _set_aside(self, place: str, digest: str, seen: os.stat_result) -> None:
        """Move a damaged object out of the way, for people to look at."""
        with contextlib.suppress(OSError):
            os.makedirs(self._damaged, exist_ok=True)
            aside = f"{self._damaged}/{digest}-{os.getpid()}-{next(_NUMBERS)}"
            os.rename(place, aside)
            # Another process may have put a sound one in its place in the meantime.
            if not os.path.samestat(os.lstat(aside), seen):
                os.replace(aside, place)


def _steps(folder: str, within: str) -> list[str]:
    """The folders from ``within`` down to ``folder``. Raises CannotWrite if that is not where it leads."""
    below = folder[len(within) :]
    if not folder.startswith(within + os.sep):  # the two are written in different ways, or are one
        below = os.path.relpath(folder, within)
        below = os.path.join(below, *(part for part in Path(folder).parts[len(Path(within).parts) :] if part == ".."))
    steps = [step for step in below.split(os.sep) if step not in ("", ".")]
    if ".." in steps:
        raise CannotWrite(f"{folder} is not below {within}", "a file's name must not lead out of its folder")
    return steps


def _missing(digest: str) -> ObjectMissing:
    return ObjectMissing(f"the store has no sound object {digest}", "run the job again: it is made anew")
