"""Every door to the outside: the store, the journal, the workers, the clock."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pressrun.model.disk import CannotWrite
from pressrun.model.executor import B, Executor, ExecutorOptions, K, TaskKind
from pressrun.model.journal import Journal
from pressrun.model.settings import Settings
from pressrun.model.store import Store
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

T = TypeVar("T")
R = TypeVar("R")


def now() -> dt.datetime:
    """Now, in UTC: the one door to the time of day. Nothing that is delivered depends on it."""
    return dt.datetime.now(dt.UTC)


class Studio:
    """Opened for one run, closed after it. Workers start only when there is something for them to do."""

    def __init__(self, root: Path, settings: Settings, executor: ExecutorOptions) -> None:
        self.root = root
        self.settings = settings
        self.store_folder = root / ".pressrun"
        self.open_store = functools.partial(FolderStore, self.store_folder)
        self.open_journal = functools.partial(SqliteJournal, self.store_folder / "journal.db")
        self.store: Store = self.open_store()
        self.journal: Journal = self.open_journal()
        self._options = executor
        self._executor: Executor | None = None

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
        self, open_bench: Callable[[K], B], kit: K, tasks: Iterable[T], function: Callable[[B, T], R], kind: TaskKind
    ) -> Iterator[tuple[T, R | Exception]]:
        """Do ``function(bench, task)`` for all tasks on all cores, answered as they are done."""
        if self._executor is None:
            with contextlib.suppress(CannotWrite):  # whoever writes next says why
                self.store.sweep()
            self._executor = self._options.open(open_bench, kit, self.settings.workers)
        return self._executor.run(tasks, function, deadline=self._options.deadlines.of(kind))
