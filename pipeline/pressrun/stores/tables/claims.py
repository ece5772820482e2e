"""Who is making which picture, so that two runs on one store do not pay for the same one."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.stores.tables.database import Database


class ClaimTable(Database):
    """The table of claims."""

    def claim_all(self, keys: Iterable[str]) -> set[str]:
        """Take those of `keys` that nobody alive has. A dead process' claims are taken over."""
        holder = self._own_holder()
        alive = {holder: True}
        taken: set[str] = set()
        with self._transaction(holder) as connection:
            for key in keys:
                row = connection.execute("SELECT holder FROM claims WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    if row[0] not in alive:
                        alive[row[0]] = self._is_alive(row[0])
                    if alive[row[0]]:
                        continue
                connection.execute(
                    "INSERT INTO claims (key, holder) VALUES (?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET holder = excluded.holder",
                    (key, holder),
                )
                taken.add(key)
        return taken

    def release_all(self, keys: Iterable[str]) -> None:
        """Let go of several keys."""
        if self._holder is None:
            return
        with self._transaction() as connection:
            connection.executemany(
                "DELETE FROM claims WHERE key = ? AND holder = ?", [(key, self._holder) for key in keys]
            )
