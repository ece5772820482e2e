"""A bench on another machine: it proves that its engines are ours and that it reaches our store before it takes a task,
and answers with what it made, which the parent writes into the journal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from pressrun.model.disk import CannotRead, CannotWrite
from pressrun.model.errors import PressrunError
from pressrun.model.executor import Closing, UnfitWorker
from pressrun.model.journal import Result, Results
from pressrun.model.store import ObjectMissing, Store

T = TypeVar("T")
R = TypeVar("R")


class Cancelled(PressrunError):
    """Nobody waits for what a worker was doing."""

    exit_code = 130


class NotedResults:
    """The results that a worker made, until they are answered with its task; ``known`` are those of earlier runs that
    it is told of."""

    def __init__(self, known: Iterable[Result] = ()) -> None:
        self._known = {result.key: result for result in known}
        self._noted: list[Result] = []

    def lookup(self, keys: Iterable[str]) -> dict[str, Result]:
        return {key: self._known[key] for key in keys if key in self._known}

    def record(self, results: Iterable[Result]) -> dict[str, Result]:
        given = {result.key: result for result in results}
        self._known |= given
        self._noted += given.values()
        return given

    def noted(self) -> list[Result]:
        """What was made since the last time."""
        noted, self._noted = self._noted, []
        return noted

    def forget(self, key: str, digest: str) -> bool:
        return self._known.pop(key, None) is not None

    def damaged(self) -> list[str]:
        return []

    def set_aside(self) -> int:
        return 0

    def pictures_beginning(self, prefix: str, most: int = 10) -> list[str]:
        return []

    def painted(self, most: int) -> list[Result]:
        return []

    def close(self) -> None: ...


class FarKit(Struct, frozen=True):
    """What is sent to another machine: a ``kit`` of values and digests, and the openers of bench and store. ``engines``
    are the parent's, of ``engines_of``; ``nonce`` is the digest of an object that only the parent has put."""

    kit: Any
    open_near: Callable[[Any], Closing]
    open_store: Callable[[], Store]
    engines_of: Callable[[], tuple[str, ...]]
    engines: tuple[str, ...]
    nonce: str


class Sendable(Protocol):
    """A kit that can be sent to another machine."""

    def elsewhere(self, store: Store, results: Results, open_store: Callable[[], Store], chance: bytes) -> FarKit:
        """The kit for there, which tells what is painted in ``results``; the proof that it is the same store is put
        into it, and differs by ``chance``."""
        ...


class _Recording(Protocol):
    @property
    def results(self) -> Any: ...


class Noting(Struct, Generic[T, R], frozen=True):
    """A worker's task, whose answer has the results that were made on its way."""

    function: Callable[[Any, T], R]

    def __call__(self, bench: _Recording, task: T) -> tuple[R, list[Result]]:
        made = self.function(bench, task)
        assert isinstance(bench.results, NotedResults)
        return made, bench.results.noted()


def open_elsewhere(far: FarKit) -> Closing:
    """A bench of a worker that is fit for it. Raises UnfitWorker."""
    here = far.engines_of()
    if here != far.engines:
        differ = [(theirs, ours) for ours, theirs in _paired(far.engines, here) if ours != theirs]
        told = ", ".join(f"has {theirs or 'nothing'} where we have {ours or 'nothing'}" for theirs, ours in differ[:3])
        raise UnfitWorker(told, UnfitWorker.CURE)
    with _telling_of_the_store():
        far.open_store().read(far.nonce)
        return far.open_near(far.kit)


@contextlib.contextmanager
def _telling_of_the_store() -> Iterator[None]:
    try:
        yield
    except ObjectMissing:
        hint = "let PRESSRUN_STORE name a bucket, or a folder that all machines share"
        raise UnfitWorker("does not see the campaign's store", hint) from None
    except (CannotRead, CannotWrite) as error:
        raise UnfitWorker(f"does not reach the campaign's store: {error.message}", error.hint) from None


def _paired(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[str, str]]:
    """Engines of two machines by name."""
    by_name = [{one.split(" ")[0]: one for one in some} for some in (ours, theirs)]
    return [(by_name[0].get(name, ""), by_name[1].get(name, "")) for name in dict.fromkeys((*by_name[0], *by_name[1]))]
