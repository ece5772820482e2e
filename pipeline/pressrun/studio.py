"""Settings, and every door to the outside: the store, the journal, the workers, the clock."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pressrun.executors.local import LocalExecutor
from pressrun.model.batch import Lane
from pressrun.model.disk import CannotWrite
from pressrun.model.provider import ProviderOptions
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line may say. ``jobs`` worker processes (0: one a core); ``max_cost`` in US dollars;
    ``retry_unknown`` asks again for pictures that were perhaps paid and never came.

    ``branch`` is the one pictures are taken from, where they have it; ``quality`` stands for every picture's own.
    ``approved_only`` leaves out what nobody approved; ``final`` makes what is approved in its final quality,
    ``from_draft`` with the draft as its reference. ``lane`` is how paid pictures are had, ``deadline`` in how many
    seconds they are wanted.
    """

    out: Path | None = None
    jobs: int = 0
    only: str | None = None
    take: int | None = None
    max_cost: float | None = None
    provider: str | None = None
    inline: bool = False
    retry_unknown: bool = False
    branch: str | None = None
    quality: str | None = None
    approved_only: bool = False
    final: bool = False
    from_draft: bool = False
    lane: Lane = "direct"
    deadline: float | None = None

    @property
    def workers(self) -> int:
        return self.jobs or os.cpu_count() or 1


def now() -> dt.datetime:
    """Now, in UTC: the one door to the time of day. Nothing that is delivered depends on it."""
    return dt.datetime.now(dt.UTC)


class Studio:
    """Opened for one run, closed after it. Workers start only when there is something for them to do."""

    def __init__(self, root: Path, settings: Settings, provider: ProviderOptions) -> None:
        self.root = root
        self.settings = settings
        self.provider = provider
        self.store_folder = root / ".pressrun"
        self.store = FolderStore(self.store_folder)
        self.journal = SqliteJournal(self.store_folder / "journal.db")
        self._executor: LocalExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._executor:
            self._executor.close()
        self.journal.close()

    def clock(self) -> dt.datetime:
        """See :func:`now`."""
        return now()

    def in_workers(
        self, initializer: Callable[..., object], kit: Any, tasks: Iterable[T], function: Callable[[T], R]
    ) -> Iterator[tuple[T, R | Exception]]:
        """Do ``function(task)`` for all tasks on all cores, answered as they are done."""
        if self._executor is None:
            with contextlib.suppress(CannotWrite):  # whoever writes next says why
                self.store.sweep()
            self._executor = LocalExecutor(self.settings.workers, initializer, (kit,), inline=self.settings.inline)
        return self._executor.run(tasks, function)
