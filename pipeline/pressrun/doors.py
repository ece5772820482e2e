"""Every door to the outside: the store, the journal, the workers, the clock."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

from pressrun.executors.inline import InlineOptions
from pressrun.manifest.runs_read import RunRecord, find_run, read_run
from pressrun.model.disk import CannotWrite
from pressrun.model.elsewhere import Noting, Sendable, open_elsewhere
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.executor import B, Executor, ExecutorOptions, K, TaskKind
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.journal import Journal, JournalOptions
from pressrun.model.settings import Settings
from pressrun.model.store import Store
from pressrun.model.store_options import StoreOptions
from pressrun.readers.entry_named import named_in
from pressrun.readers.environment import read_environment
from pressrun.stores.folder.options import FolderOptions
from pressrun.stores.sqlite import SqliteOptions

T = TypeVar("T")
R = TypeVar("R")

LOCAL = "local"  # the executor of those who say nothing


def now() -> dt.datetime:
    """Now, in UTC: the one door to the time of day. Nothing that is delivered depends on it."""
    return dt.datetime.now(dt.UTC)


def secret() -> str:
    """A word that nobody can guess, for tokens alone: the one door to randomness. Nothing made depends on it."""
    return secrets.token_urlsafe(32)


def folder_of(root: Path) -> Path:
    """Where a campaign keeps what has no other place: its store and its journal, if the environment names no others."""
    return root / ".pressrun"


def store_options(root: Path) -> StoreOptions:
    """What the environment says of a campaign's store. Raises InputError."""
    said = read_environment(root)
    if not said.get("PRESSRUN_STORE"):
        return FolderOptions()
    from pressrun import registry  # slow to import: `doctor` looks at each library before

    return named_in(said, "PRESSRUN_STORE", registry.STORES, "folder")


def store_opener(root: Path) -> Callable[[], Store]:
    """What opens a campaign's store. Raises InputError."""
    return store_options(root).opener(folder_of(root))


def journal_options(root: Path) -> JournalOptions:
    """What the environment says of a campaign's journal. Raises InputError."""
    said = read_environment(root)
    if not said.get("PRESSRUN_JOURNAL"):
        return SqliteOptions()
    from pressrun import registry

    return named_in(said, "PRESSRUN_JOURNAL", registry.JOURNALS, "sqlite")


def language_of(root: Path, settings: Settings) -> str:
    """The language of the contact sheet's own words: as asked for, else what the environment says. Raises
    InputError."""
    from pressrun.language.page_words import LANGUAGES

    said = settings.language or read_environment(root).get("PRESSRUN_LANGUAGE", "").strip() or "en"
    if said not in LANGUAGES:
        told, hint = f"no contact sheet speaks '{said}'", f"write one of {', '.join(LANGUAGES)}"
        raise InputError([Finding(Severity.ERROR, "bad-setting", told, Place("PRESSRUN_LANGUAGE"), hint)])
    return said


@contextlib.contextmanager
def opened_journal(root: Path, reading: bool = False) -> Iterator[Journal | None]:
    """The campaign's journal; None if it has none yet (none is made by looking). With `reading` nothing is written.
    Raises InputError."""
    options = journal_options(root)
    if not options.is_there(folder_of(root)):
        yield None
        return
    opener = options.reader(folder_of(root)) if reading else options.opener(folder_of(root))
    with contextlib.closing(opener()) as journal:
        yield journal


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that has a store or brands. Raises InputError."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if os.path.isdir(folder_of(folder)) or os.path.isdir(folder / "brands"):
            return folder
    hint = "go into one, or name it with --root"
    raise InputError([Finding(Severity.ERROR, "no-campaign", f"no campaign in {start} or above it", hint=hint)])


@contextlib.contextmanager
def opened_run(root: Path | None, wanted: str) -> Iterator[tuple[Path, RunRecord, Journal]]:
    """The campaign's folder (by default the nearest from here upwards), a finished run of it, and its journal. Raises
    InputError where there is none of them."""
    root = (root or find_root(Path.cwd())).resolve()
    record = read_run(find_run(root, wanted))
    with opened_journal(root) as journal:
        if journal is None:
            told = f"there is no finished run in {root / 'runs'}"
            raise InputError([Finding(Severity.ERROR, "no-run", told, hint="run a job first")])
        yield root, record, journal


def who_works(root: Path, settings: Settings, executor: ExecutorOptions | None) -> ExecutorOptions:
    """The job's ``executor``, or what the environment says. Raises InputError."""
    from pressrun import registry

    said = named_in(read_environment(root), "PRESSRUN_EXECUTOR", registry.EXECUTORS, LOCAL)
    return registry.executor("inline") if settings.inline else executor or said


def may_fork(root: Path) -> bool:
    """Whether a process may be forked that has opened a campaign's store and journal: what reaches servers has threads
    that Python does not know of, and hangs or breaks in a fork, where they are not. Raises InputError."""
    said = read_environment(root)
    return not said.get("PRESSRUN_STORE") and not said.get("PRESSRUN_JOURNAL")


def get_workers_ready(root: Path, settings: Settings, forking: bool = False) -> None:
    """Have worker processes begin to import what they will need, before anything is known of the job: worth it where
    there surely is something to make; ``forking`` as `beginnings.get_ready` has it. Raises InputError."""
    if not settings.inline and read_environment(root).get("PRESSRUN_EXECUTOR", LOCAL) == LOCAL:
        from pressrun.executors.local.beginnings import get_ready

        get_ready("pressrun.run.worker.bench", forking=forking and may_fork(root))


class Doors:
    """Opened for one run, closed after it. Workers start only when there is something for them to do. With `reading`,
    it is for a look at what a run would do: nothing is written into the campaign. With ``idle`` nothing is made: there
    are no workers."""

    def __init__(
        self, root: Path, settings: Settings, executor: ExecutorOptions | None = None, reading: bool = False,
        idle: bool = False,
    ) -> None:  # fmt: skip
        self.root = root
        self.settings = settings
        self.folder = folder_of(root)
        self.language = language_of(root, settings)
        self.open_store = store_opener(root)
        self.open_journal = journal_options(root).opener(self.folder)
        self.store, self.journal = self.open_store(), self.read_journal() if reading else self.open_journal()
        self._options: ExecutorOptions = InlineOptions() if idle else who_works(root, settings, executor)
        self._executor: Executor | None = None
        self._far: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is asked behind them any more."""
        self.dismiss_workers()
        self.journal.close()

    def read_journal(self) -> Journal:
        """The journal to be looked at alone."""
        return journal_options(self.root).reader(self.folder)()

    def dismiss_workers(self) -> None:
        """Let the workers go; who is needed later gets a new bench."""
        for executor in (self._executor, self._far):
            if executor:
                executor.close()
        self._executor = self._far = None

    def clock(self) -> dt.datetime:
        """See :func:`now`."""
        return now()

    @property
    def sheets_at_once(self) -> int:
        """The most sheets that a worker is handed together."""
        return self._options.SHEETS_AT_ONCE

    def in_workers(
        self, open_bench: Callable[[K], B], kit: K, tasks: Iterable[T], function: Callable[[B, T], R], kind: TaskKind
    ) -> Iterator[tuple[T, R | Exception]]:
        """Do ``function(bench, task)`` for all tasks on all cores, answered as they are done. What is bought, drawn
        and retouched is made on this machine, whoever makes the sheets."""
        from pressrun import registry

        if self._options.FAR and kind == "sheets":
            return self._in_far_workers(cast(Sendable, kit), tasks, function, kind)
        if self._executor is None:
            with contextlib.suppress(CannotWrite):  # whoever writes next says why
                self.store.sweep()
            near = registry.executor("local") if self._options.FAR else self._options
            self._executor = near.open(open_bench, kit, self.settings.workers)
        return self._executor.run(tasks, function, deadline=self._options.deadlines.of(kind))

    @property
    def refused_workers(self) -> Sequence[PressrunError]:
        """Workers on other machines that are given no task, each with why, as far as is known by now."""
        return self._far.refused if self._far else ()

    def _in_far_workers(
        self, kit: Sendable, tasks: Iterable[T], function: Callable[[B, T], R], kind: TaskKind
    ) -> Iterator[tuple[T, R | Exception]]:
        """As `in_workers`, on other machines: what they made on their way comes with the answer, and is recorded
        here."""
        if self._far is None:
            opener = store_options(self.root).opener_elsewhere(self.folder)
            chance = f"{now().isoformat()} {os.getpid()} {socket.gethostname()}".encode()
            sent = kit.elsewhere(self.store, self.journal, opener, chance)
            self._far = self._options.open(open_elsewhere, sent, self.settings.workers)
        for task, answer in self._far.run(tasks, Noting(function), deadline=self._options.deadlines.of(kind)):
            if isinstance(answer, Exception):
                yield task, answer
                continue
            made, noted = answer
            self.journal.record(noted)
            yield task, made
