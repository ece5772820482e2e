"""What a store remembers, in one SQLite file, which `database.py` opens, migrates, and knows the users of."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from pressrun.model.journal import Journal, JournalOptions
from pressrun.readers.file_stamps import stamps
from pressrun.stores.sqlite.database import SqliteDatabase
from pressrun.stores.tables import Tables


class SqliteJournal(SqliteDatabase, Tables):
    """The journal at `path`, created if missing. Safe for several threads, and for several processes at once.

    Every method is one transaction, on disk when it returns. All raise `JournalError` when the file cannot be used.
    """


class SqliteOptions(JournalOptions):
    """One file: ``journal.db`` in the campaign's own folder, or the one at ``path``."""

    type: Literal["sqlite"] = Field(default="sqlite", description="One SQLite file.")
    path: Path | None = Field(default=None, description="The file; left out, `journal.db` in the campaign's own store.")

    def opener(self, folder: Path) -> Callable[[], Journal]:
        return functools.partial(SqliteJournal, self._file(folder))

    def reader(self, folder: Path) -> Callable[[], Journal]:
        return functools.partial(SqliteJournal, self._file(folder), reading=True)

    def stamp(self, folder: Path) -> object:
        file = self._file(folder)
        return stamps((), (file, file.with_name(f"{file.name}-wal")))

    def is_there(self, folder: Path) -> bool:
        return self._file(folder).is_file()

    def _file(self, folder: Path) -> Path:
        return self.path or folder / "journal.db"
