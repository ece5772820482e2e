"""The SQLite file itself: opening, migrating, transactions, and which of the journals that wrote to it still live."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pressrun.model.errors import MissingTool
from pressrun.model.journal import JournalError
from pressrun.stores.tables.database import Database
from pressrun.stores.tables.dialect import Dialect
from pressrun.stores.tables.schema import MIGRATIONS
from pressrun.stores.tables.soundness import soundness_in

try:
    import fcntl
except ImportError:  # Windows has no lock that ends with its process
    fcntl = None  # type: ignore[assignment]  # looked at before it is used

APPLICATION_ID = 0x70726A31  # "prj1", in the file's header
BUSY_SECONDS = 60.0


def _is_object(column: str) -> str:
    words = " OR ".join(f"{column} GLOB '{{*{word}*}}'" for word in ("Infinity", "NaN"))
    return f"(CASE WHEN json_valid({column}) THEN json_type({column}) = 'object' ELSE {words} END)"


SQLITE = Dialect(
    is_object=_is_object,
    items=lambda column: f"(CASE WHEN json_valid({column}) THEN json_array_length({column}) END)",
    field=lambda column, name: f"json_extract({column}, '$.{name}')",
    quoted=lambda column: f"quote({column})",
)


class SqliteDatabase(Database):
    """One connection, shared by this process' threads.

    Whether somebody is still at work on an attempt or a claim is asked of the operating system, not of process
    numbers: whoever spends or claims holds a lock on a file of its own as long as it lives, and the system drops that
    lock however the process ends, over reboots and across containers.
    """

    dialect = SQLITE
    sound = soundness_in(SQLITE)

    def __init__(self, path: Path, reading: bool = False) -> None:
        if fcntl is None:
            raise MissingTool("Pressrun runs on Linux and macOS", "on Windows, install it in WSL, where it is at home")
        self.path = Path(path)
        self._lock = threading.RLock()
        self._holder: int | None = None
        self._holder_file: int | None = None
        self._alive = self.path.with_name(self.path.name + ".alive")
        with _telling(self.path):
            if reading:
                self._begin(_as_it_stands(self.path))
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One at a time: SQLite does not wait for its turn when it switches a new file to WAL.
            with _locked(self.path.with_name(self.path.name + ".opening")):
                new = not self.path.exists()
                self._begin(
                    sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                )
                if new:
                    _flush_folder(self.path.parent)

    def _begin(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A letter that is none must not keep its row, and all rows beside it, from being read.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            self._prepare()
        except BaseException:
            connection.close()
            raise

    @property
    def address(self) -> str:
        """The file's path, in full."""
        return str(self.path.resolve())

    def close(self) -> None:
        """Let go of the file; what this journal still claimed is free, what it left open counts as unknown."""
        with self._lock, _telling(self.path):
            if self._holder is not None:
                # On a full disk they stay in the table, and are stale all the same once the lock is gone.
                with contextlib.suppress(JournalError), self._transaction() as connection:
                    connection.execute("DELETE FROM claims WHERE holder = ?", (self._holder,))
            self._connection.close()
            if self._holder_file is not None:
                with contextlib.suppress(OSError):
                    (self._alive / str(self._holder)).unlink()
                os.close(self._holder_file)
            self._holder = self._holder_file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _prepare(self) -> None:
        connection = self._connection
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        foreign = owner == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if foreign or owner not in (0, APPLICATION_ID):
            raise JournalError(f"{self.path} is some other program's database", "choose another store folder")
        if version > len(MIGRATIONS):
            raise JournalError(
                f"{self.path} was written by a newer Pressrun (its version {version}, ours {len(MIGRATIONS)})",
                "upgrade Pressrun, or choose another store folder",
            )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = 1")  # macOS: else its disks only promise
        connection.execute("PRAGMA foreign_keys = 1")
        if version < len(MIGRATIONS):
            with self._transaction():  # one for all: each waits for the disk
                for statement in itertools.chain.from_iterable(MIGRATIONS[version:]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextlib.contextmanager
    def _transaction(self, holder: int | None = None) -> Iterator[sqlite3.Connection]:
        with self._lock, _telling(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def _query(self, statement: str, values: Iterable[object] = ()) -> list[tuple[object, ...]]:
        with self._lock, _telling(self.path):
            return self._connection.execute(statement, tuple(values)).fetchall()

    # who is at work

    def _own_holder(self) -> int:
        with self._lock:
            if self._holder is None:
                with self._transaction() as connection:
                    self._alive.mkdir(exist_ok=True)
                    # Within the transaction, so that nobody sweeps a file between its making and its locking.
                    self._sweep_holders()
                    row = connection.execute(
                        "INSERT INTO holders (pid, host) VALUES (?, ?) RETURNING id",
                        (os.getpid(), socket.gethostname()),
                    ).fetchone()
                    descriptor = os.open(self._alive / str(row[0]), os.O_RDWR | os.O_CREAT, 0o600)
                    try:
                        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except OSError:
                        os.close(descriptor)
                        raise
                self._holder, self._holder_file = row[0], descriptor
            return self._holder

    def _is_alive(self, holder: int) -> bool:
        if holder == self._holder:
            return True
        try:
            descriptor = os.open(self._alive / str(holder), os.O_RDONLY)
        except FileNotFoundError:
            return False
        except PermissionError:  # somebody else's: whoever ends takes it away, or the next one who begins
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two who ask do not mistake each other
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _sweep_holders(self) -> None:
        for entry in os.scandir(self._alive):
            if entry.name.isdigit() and not self._is_alive(int(entry.name)):
                os.unlink(entry.path)


def _as_it_stands(path: Path) -> sqlite3.Connection:
    """What is in the file, in memory; nothing, if there is no file."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    if not path.is_file():
        return memory
    log = path.with_name(f"{path.name}-wal")
    try:
        if not log.exists():  # nobody is at work; even to read, SQLite would begin a log, and leave it behind
            _copy_into(memory, path, "ro&immutable=1")
            if not log.exists():
                return memory
        _copy_into(memory, path)
    except sqlite3.OperationalError:
        # SQLite reads a file with its log beside it only where it may write a third one there.
        with tempfile.TemporaryDirectory(prefix="pressrun-journal-") as scratch:
            for name in (path.name, f"{path.name}-wal"):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(path.with_name(name), Path(scratch, name))
            _copy_into(memory, Path(scratch, path.name), "rw")
    return memory


def _copy_into(memory: sqlite3.Connection, path: Path, mode: Literal["ro", "ro&immutable=1", "rw"] = "ro") -> None:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as there:
        there.backup(memory)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into a line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise JournalError(f"the journal {path} cannot be used: {error}", _hint(str(error))) from error
    except OSError as error:
        problem = error.strerror or str(error)
        raise JournalError(f"the journal {path} cannot be used: {problem}", _hint(problem)) from error


def _hint(problem: str) -> str:
    problem = problem.lower()
    if "full" in problem or "no space" in problem:
        return "make room, then run the same command again: what is done is kept"
    if any(word in problem for word in ("readonly", "read-only", "permission", "unable to open")):
        return "the store's folder must be writable"
    if "no such" in problem or "unsupported file format" in problem:
        problem = "malformed"
    if "locked" in problem:
        return "another run keeps it busy: wait for it, or end it"
    if "malformed" in problem or "not a database" in problem:
        return "move the file away: the next run makes a new one, but what was paid is only in the old one's ledger"
    if "exists" in problem or "not a directory" in problem:
        return "a file is where the store's folder should be: move it away"
    return "run the same command again: what is done is kept"
