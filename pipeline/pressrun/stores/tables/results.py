"""What was made from which key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from pressrun.model.journal import PICTURE, Result, Results
from pressrun.model.journal.results import PIECE, PLATE
from pressrun.stores.tables.database import PARAMETERS, Connection, Database
from pressrun.stores.tables.dialect import Dialect


class ResultTable(Database, Results):
    """The table of results."""

    def lookup(self, keys: Iterable[str]) -> dict[str, Result]:
        """The results of those keys that have one. Whether the store still has the bytes is the store's to say."""
        found: dict[str, Result] = {}
        # In the table's own order, neighbours lie on the same page.
        rest = iter(sorted(set(keys)))
        while chunk := list(islice(rest, PARAMETERS)):
            marks = ",".join("?" * len(chunk))
            where = f"key IN ({marks}) AND {self.sound['results'].condition}"
            rows = self._query(f"SELECT key, kind, digest, size, facts FROM results WHERE {where}", chunk)
            for row in rows:
                result = Result(*row)  # type: ignore[arg-type]  # columns, in its fields' order
                found[result.key] = result
        return found

    def pictures_beginning(self, prefix: str, most: int = 10) -> list[str]:
        """Keys of pictures that begin with these hex digits, the first few."""
        rows = self._query(
            f"SELECT key FROM results WHERE key >= ? AND key < ? AND kind = '{PICTURE}' ORDER BY key LIMIT ?",
            (prefix, prefix + "g", most),
        )
        return [str(row[0]) for row in rows]

    def painted(self, most: int) -> list[Result]:
        """Plates and pieces that are known, as many as are asked for at most; which of more is left open."""
        where = f"kind IN ('{PLATE}', '{PIECE}') AND {self.sound['results'].condition}"
        columns = "key, kind, digest, size, facts"
        rows = self._query(f"SELECT {columns} FROM results WHERE {where} ORDER BY key LIMIT ?", (most,))
        return [Result(*row) for row in rows]  # type: ignore[arg-type]  # columns, in its fields' order

    def record(self, results: Iterable[Result]) -> dict[str, Result]:
        """Keep results, all or none, and return what now stands for each key.

        The last one wins, except for pictures: what may have been paid is never replaced, only `forget`.
        """
        given = list(results)
        with self._transaction() as connection:
            insert_results(connection, given, self.dialect)
        return self.lookup(result.key for result in given)

    def forget(self, key: str, digest: str) -> bool:
        """Drop a result whose object the store has lost, unless it was replaced already; whether there was one."""
        with self._transaction() as connection:
            return connection.execute("DELETE FROM results WHERE key = ? AND digest = ?", (key, digest)).rowcount > 0


def insert_results(connection: Connection, results: Iterable[Result], dialect: Dialect) -> None:
    """Write results within the caller's transaction."""
    connection.executemany(
        "INSERT INTO results (key, kind, digest, size, facts) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
        " SET kind = excluded.kind, digest = excluded.digest, size = excluded.size, facts = excluded.facts"
        f" WHERE results.kind <> '{PICTURE}' OR NOT {dialect.is_object('results.facts')}",
        ((result.key, result.kind, result.digest, result.size, result.facts_json) for result in results),
    )
