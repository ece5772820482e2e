"""The runs in whose name money is spent: whose job each is, and whether it came to its end."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from pressrun.model.journal.money import RunEntry
from pressrun.stores.tables.attempts import COMMITTED, from_nano
from pressrun.stores.tables.database import Database


class RunTable(Database):
    """The table of runs."""

    def begin_run(self, name: str, job: str, started: str) -> None:
        holder = self._own_holder()
        with self._transaction(holder) as connection:
            connection.execute(
                "INSERT INTO runs (name, job, started, holder) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET job = excluded.job, started = excluded.started, holder = excluded.holder, exit = NULL",
                (name, job, started, holder),
            )

    def end_run(self, name: str, exit: int) -> None:
        with self._transaction() as connection:
            connection.execute("UPDATE runs SET exit = ? WHERE name = ?", (exit, name))

    def runs(self) -> list[RunEntry]:
        rows = self._query(
            "SELECT name, job, started, exit, holder, pid, host FROM runs LEFT JOIN holders ON holders.id = holder"
            " ORDER BY started, name"
        )
        return [
            RunEntry(
                *cast(tuple[str, str, str, int | None], row[:4]),
                alive=row[3] is None and row[4] is not None and self._is_alive(cast(int, row[4])),
                pid=cast(int | None, row[5]),
                host=cast(str | None, row[6]) or "",
            )
            for row in rows
        ]

    def committed(self, job: str, but: str = "") -> Decimal:
        return from_nano(self._query(COMMITTED, (job, but))[0][0]) or Decimal(0)
