"""Tasks that wait for workers which may die: what comes next, and who is to blame when one does."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class PackedTask(Struct, Generic[T], eq=False):
    """A task, as sent with its function: ``alone`` once a worker has died of it."""

    task: T
    message: bytes
    alone: bool = False


class WaitingTasks(Generic[T]):
    """Reads tasks only as they are taken. ``suspects`` are those of which a worker has died; ``again`` holds those that
    lay behind one, and are not to blame."""

    def __init__(self, tasks: Iterable[T], function: Callable[[Any, T], Any]) -> None:
        self.suspects: deque[PackedTask[T]] = deque()
        self.again: deque[PackedTask[T]] = deque()
        self._tasks, self._function = iter(tasks), function
        self._are_more = True
        self._unpackable: list[tuple[T, Exception]] = []

    def __bool__(self) -> bool:
        """Whether any may be left."""
        return bool(self.again or self.suspects or self._are_more)

    def take(self) -> PackedTask[T] | None:
        """The next: those to be done again come before the suspects, and these before new ones."""
        if self.again or self.suspects:
            return (self.again or self.suspects).popleft()
        for task in self._tasks:
            try:
                return PackedTask(task, pickle.dumps((self._function, task), pickle.HIGHEST_PROTOCOL))
            except Exception as error:
                self._unpackable.append((task, error))
        self._are_more = False
        return None

    def unpackable(self) -> Iterator[tuple[T, Exception]]:
        """Tasks that no worker can be sent, each once, and why."""
        while self._unpackable:
            yield self._unpackable.pop(0)

    def unbegun(self, held: Iterable[PackedTask[T]]) -> None:
        """Take back what a worker held that did not begin it."""
        for one in held:
            (self.suspects if one.alone else self.again).append(one)

    def bury(self, held: Iterable[PackedTask[T]]) -> PackedTask[T] | None:
        """Take back what a dead worker held, of which it did the first. That is tried once more, alone; if it was
        alone before, it is not, and is answered."""
        suspect, *others = held
        self.again.extend(others)
        if suspect.alone:
            return suspect
        suspect.alone = True
        self.suspects.append(suspect)
        return None
