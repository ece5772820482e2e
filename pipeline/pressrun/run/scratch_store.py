"""A store for looking: what is in the campaign's own is read there, and what is made goes no further than memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pressrun.model.store import ObjectMissing, Store


class ScratchStore:
    """See :class:`pressrun.model.store.Store`."""

    def __init__(self, under: Store) -> None:
        self._under = under
        self._own: dict[str, bytes] = {}

    def put(self, data: bytes, durable: bool = False) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self._own[digest] = bytes(data)
        return digest

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
        return self._own[digest] if digest in self._own else self._under.read(digest)

    def read_many(self, digests: Iterable[str]) -> Iterator[bytes | None]:
        for digest in digests:
            try:
                yield self.read(digest)
            except ObjectMissing:
                yield None

    def deliver_many(self, files: Iterable[tuple[str, str]], folder: Path) -> None:
        for digest, name in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(digest))

    def address(self, digest: str) -> str:
        return "memory" if digest in self._own else self._under.address(digest)

    def sweep(self) -> int:
        return 0
