"""What a store remembers, in a PostgreSQL database: for campaigns that several machines work on."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from pressrun.model.journal import Journal, JournalOptions
from pressrun.stores.postgres.database import OURS, PostgresDatabase
from pressrun.stores.postgres.sessions import Session, telling, where_of
from pressrun.stores.tables import Tables

LONGEST_NAME = 63  # bytes that PostgreSQL keeps of a name


class PostgresJournal(PostgresDatabase, Tables):
    """The journal in one schema of the database at `url`, created if missing. Safe for several threads, and for
    several processes on several machines at once. All methods raise `JournalError` when it cannot be used."""


class PostgresOptions(JournalOptions):
    """A schema of a PostgreSQL database: of the campaign's own name, or the one called ``schema``."""

    SCHEMES: ClassVar[tuple[str, ...]] = ("postgresql", "postgres")

    type: Literal["postgres"] = Field(default="postgres", description="A schema of a PostgreSQL database.")
    url: str = Field(
        description="The database, as libpq has addresses: `postgresql://user@host:5432/database`. A password is best "
        "kept in PGPASSWORD or `~/.pgpass`."
    )
    named: str | None = Field(
        default=None, alias="schema", min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\"\x00]+$",
        description="The schema; left out, `pressrun_` and the name of the campaign's folder.",
    )  # fmt: skip

    def opener(self, folder: Path) -> Callable[[], Journal]:
        return functools.partial(PostgresJournal, self.url, self._schema(folder))

    def reader(self, folder: Path) -> Callable[[], Journal]:
        return functools.partial(PostgresJournal, self.url, self._schema(folder), reading=True)

    def is_there(self, folder: Path) -> bool:
        schema = self._schema(folder)
        where = where_of(self.url, schema)
        with contextlib.closing(Session(self.url, where)) as session, telling(where):
            found = session.one(
                "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
                " WHERE nspname = ? AND relname = ?",
                (schema, OURS),
            )
            return found is not None

    def _schema(self, folder: Path) -> str:
        if self.named:
            return self.named
        campaign = folder.resolve().parent.name
        name = "pressrun_" + re.sub(r"[^a-z0-9]+", "_", campaign.lower()).strip("_")
        if len(name) > LONGEST_NAME:
            name = f"{name[: LONGEST_NAME - 9]}_{hashlib.sha256(campaign.encode()).hexdigest()[:8]}"
        return name
