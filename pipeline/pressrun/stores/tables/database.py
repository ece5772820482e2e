"""What the tables ask of a database, whichever it is: statements in the SQL that SQLite and PostgreSQL share, and in
its own words what they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from pressrun.stores.tables.dialect import Dialect
from pressrun.stores.tables.soundness import Soundness

PARAMETERS = 900  # below the smallest limit a SQLite was ever built with (999)


class Answer(Protocol):
    """What a statement came to."""

    @property
    def rowcount(self) -> int: ...
    @property
    def description(self) -> Any: ...
    def fetchone(self) -> Any: ...


class Connection(Protocol):
    """A connection within a transaction; values stand where the statement has ``?``."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Answer: ...
    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object: ...


class Database:
    """One connection, shared by this process' threads. Whoever spends or claims is a *holder*, whose life ends with its
    process, however that ends."""

    dialect: Dialect
    sound: Mapping[str, Soundness]
    _holder: int | None  # this journal's number among the holders, once it has one

    def _transaction(self, holder: int | None = None) -> AbstractContextManager[Connection]:
        """Everything in the block is committed and on disk, or nothing is; one at a time of all that write to the
        journal, so that what is read within stands until the end. With ``holder``, only as long as that one lives."""
        raise NotImplementedError

    def _query(self, statement: str, values: Iterable[object] = ()) -> list[tuple[object, ...]]:
        raise NotImplementedError

    def _own_holder(self) -> int:
        """This journal's number among the holders, taken at its first use."""
        raise NotImplementedError

    def _is_alive(self, holder: int) -> bool:
        raise NotImplementedError
