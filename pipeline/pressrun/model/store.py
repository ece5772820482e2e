"""Where bytes are kept: what every store can, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from pressrun.model.errors import PressrunError


class ObjectMissing(PressrunError, KeyError):
    """The store has no sound object of this digest; making it again is the cure."""


class Store(Protocol):
    """Objects named by the SHA-256 of their bytes, in lower-case hex; safe for several threads and processes at once.

    An object is there whole or not at all, whatever ends the process that puts it. One whose bytes are no longer those
    of its name counts as missing. Whatever the number of files, a run asks a store a few times: for many at once.
    All raise `CannotRead` or `CannotWrite` where the store itself cannot be used.
    """

    def put(self, data: bytes, durable: bool = False) -> str:
        """Keep `data`, and return its digest. `durable` also survives a power cut (for what was paid)."""
        ...

    def put_many(self, data: Iterable[bytes]) -> list[str]:
        """`put` each, and return the digests in their order. `data` is read as it is kept: it may be much."""
        ...

    def put_written(self, write: Callable[[BinaryIO], None]) -> str:
        """Keep what `write` writes into a file that it is given, which may be more than memory holds; its digest."""
        ...

    def present(self, digests: Iterable[str], recorded: bool = False) -> frozenset[str]:
        """Those of the digests whose objects are here and sound. Of what is `recorded`, in a journal that is written
        after the store has answered, a store that is far away may take the journal's word, until it is read in vain.
        """
        ...

    def read(self, digest: str) -> bytes:
        """The object's bytes, always checked in full; raises `ObjectMissing`."""
        ...

    def opened(self, digest: str) -> BinaryIO:
        """The object as a file to be read, which may be more than memory holds; its bytes are sound. Raises
        `ObjectMissing`."""
        ...

    def read_many(self, digests: Iterable[str]) -> Iterator[bytes | None]:
        """What `read` says of each, in their order, as it is taken; None for one that is missing."""
        ...

    def deliver_many(self, files: Iterable[tuple[str, str]], folder: Path) -> None:
        """Give objects their names: (digest, path below `folder`, with `/`) each, whole or not at all.

        A name replaces what had it; none may lead out of `folder`. Editing a delivered file never harms the object.
        Raises `ObjectMissing`.
        """
        ...

    def address(self, digest: str) -> str:
        """Where the object lies, or would lie, for people who look for it."""
        ...

    def discard(self, digests: Iterable[str]) -> None:
        """Remove objects that nothing goes by any more, as far as they are here. Who still wants one puts it again."""
        ...

    def sweep(self) -> int:
        """Remove what killed processes left half-written long ago, and return how many pieces."""
        ...


def read_each(store: Store, digests: Iterable[str]) -> Iterator[bytes | None]:
    """`read_many` of a store to which each is at hand, so that nothing is gained by asking for many."""
    for digest in digests:
        try:
            yield store.read(digest)
        except ObjectMissing:
            yield None


class PublishedFile(Struct, frozen=True):
    """A file of a run: ``path`` is the one below its folder, and below the address that it is published to."""

    path: str
    sha256: str


class Published(Struct, frozen=True):
    """How many files were copied where they lay, sent from here, and there already."""

    copied: int
    sent: int
    there: int


class Publisher(Protocol):
    """A place that serves files by their names."""

    address: str

    def publish(self, folder: Path, files: Iterable[PublishedFile], records: Sequence[str]) -> Published:
        """Have the files of a run there, then the ``records`` that tell of them, in their order; all are in its
        ``folder``. What is cut off in the middle is done by publishing again. Raises CannotRead, CannotWrite, and
        InputError where a file is not what the run delivered."""
        ...
