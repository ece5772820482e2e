"""A store for looking: what is in the campaign's own is read there, and what is made goes no further than memory."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pressrun.model.store import Store, read_each


class ScratchStore:
    """See :class:`pressrun.model.store.Store`."""

    def __init__(self, under: Store) -> None:
        self._under = under
        self._own: OrderedDict[str, bytes] = OrderedDict()  # what was not used for longest is first

    def put(self, data: bytes, durable: bool = False) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self._own[digest] = bytes(data)
        self._own.move_to_end(digest)
        return digest

    def shrink(self, most: int, but_for: Collection[str]) -> None:
        """Let go of what was not used for longest, down to so many bytes, but for these digests."""
        over = sum(map(len, self._own.values())) - most
        for digest in [one for one in self._own if one not in but_for]:
            if over <= 0:
                return
            over -= len(self._own.pop(digest))

    def put_many(self, data: Iterable[bytes]) -> list[str]:
        return [self.put(one) for one in data]

    def put_written(self, write: Callable[[BinaryIO], None]) -> str:
        file = io.BytesIO()
        write(file)
        return self.put(file.getvalue())

    def present(self, digests: Iterable[str], recorded: bool = False) -> frozenset[str]:
        asked = frozenset(digests)
        own = asked & self._own.keys()
        return own | self._under.present(asked - own, recorded)

    def read(self, digest: str) -> bytes:
        if digest not in self._own:
            return self._under.read(digest)
        self._own.move_to_end(digest)
        return self._own[digest]

    def opened(self, digest: str) -> BinaryIO:
        return io.BytesIO(self.read(digest)) if digest in self._own else self._under.opened(digest)

    def read_many(self, digests: Iterable[str]) -> Iterator[bytes | None]:
        return read_each(self, digests)

    def deliver_many(self, files: Iterable[tuple[str, str]], folder: Path) -> None:
        for digest, name in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(digest))

    def address(self, digest: str) -> str:
        return "memory" if digest in self._own else self._under.address(digest)

    def discard(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self._own.pop(digest, None)

    def sweep(self) -> int:
        return 0
