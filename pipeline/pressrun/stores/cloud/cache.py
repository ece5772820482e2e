"""What was put and read lately, on this machine's disk; and what the bucket turned out not to have."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pressrun.stores.folder import FolderStore

LET_GO = 0.8  # of its room a cache has left after things were let go


class Cache(FolderStore):
    """Objects in a folder of `room` bytes: what was used least lately is let go."""

    def __init__(self, root: Path, room: int) -> None:
        super().__init__(root)
        self._room = room
        self._lost, self._sending = self.root / "lost", FolderStore(self.root / "sending")
        self._unseen = 0  # bytes that came in since it was looked how many there are
        self._counting = threading.Lock()

    def keep(self, data: bytes) -> None:
        """Raises CannotWrite."""
        self.put(data)
        self._count(len(data))

    def keep_written(self, write: Callable[[BinaryIO], None], size: int) -> None:
        """Raises CannotWrite."""
        self.put_written(write)
        self._count(size)

    def read(self, digest: str) -> bytes:
        data = super().read(digest)
        with contextlib.suppress(OSError):  # many disks do not note by themselves when a file was read
            place = self.path(digest)
            os.utime(place, ns=(time.time_ns(), place.stat().st_mtime_ns))
        return data

    @contextlib.contextmanager
    def sending(self, write: Callable[[BinaryIO], None]) -> Iterator[tuple[str, Path]]:
        """A file on its way to the bucket, and its digest; gone afterwards. Raises CannotWrite."""
        digest = self._sending.put_written(write)
        path = self._sending.path(digest)
        try:
            yield digest, path
        finally:
            with contextlib.suppress(OSError):
                path.unlink()

    def is_lost(self, digest: str) -> bool:
        """Whether the bucket had no sound object of it when it was asked for one, and none was put since."""
        return (self._lost / digest).exists()

    def lost(self, digest: str) -> None:
        with contextlib.suppress(OSError):
            self._lost.mkdir(parents=True, exist_ok=True)
            (self._lost / digest).touch()

    def found(self, digest: str) -> None:
        with contextlib.suppress(OSError):
            (self._lost / digest).unlink(missing_ok=True)

    def let_go(self) -> int:
        """Remove what was used least lately until there is room; how many objects."""
        found = []
        for folder in self._folders_of_objects():
            for entry in os.scandir(folder):
                with contextlib.suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    found.append((max(status.st_atime_ns, status.st_ctime_ns), status.st_size, entry.path))
        total, count = sum(size for _, size, _ in found), 0
        if total <= self._room:
            return 0
        for _, size, path in sorted(found):
            if total <= self._room * LET_GO:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                total, count = total - size, count + 1
        return count

    def sweep(self) -> int:
        removed = super().sweep() + self._sending.sweep()
        self.let_go()
        return removed

    def _count(self, size: int) -> None:
        with self._counting:
            self._unseen += size
            if self._unseen <= self._room * (1 - LET_GO):
                return
            self._unseen = 0
        self.let_go()

    def _folders_of_objects(self) -> list[str]:
        try:
            return [entry.path for entry in os.scandir(self.root / "objects") if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
