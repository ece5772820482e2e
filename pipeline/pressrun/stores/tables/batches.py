"""Batches sent to a provider, which outlive the process that sent them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from pressrun.model.journal import Batch, Limit, Quote, Settlement, to_json
from pressrun.stores.tables.attempts import insert_attempts, settle_attempts
from pressrun.stores.tables.database import Database


class BatchTable(Database):
    """The table of batches."""

    def begin_batch(
        self, batch: str, shard: Mapping[str, Any], quotes: Sequence[Quote] = (), within: Limit | None = None
    ) -> None:
        """Write down a batch before it is sent, in state `begun`, with an attempt for each of its pictures."""
        holder = self._own_holder()
        with self._transaction(holder) as connection:
            connection.execute(
                "INSERT INTO batches (id, state, holder, shard) VALUES (?, 'begun', ?, ?)",
                (batch, holder, to_json(shard)),
            )
            insert_attempts(connection, holder, quotes, within)

    def end_batch(self, batch: str, state: str, settlements: Iterable[Settlement] = ()) -> None:
        """Settle what a batch came to, and set its last state, at once: none is over whose pictures are not booked,
        and none is still open whose pictures all are. `KeyError` as for `update_batch` and `finish_attempts`."""
        with self._transaction() as connection:
            settle_attempts(connection, settlements, self.dialect)
            if not connection.execute("UPDATE batches SET state = ? WHERE id = ?", (state, batch)).rowcount:
                raise KeyError(batch)

    def update_batch(
        self, batch: str, state: str, remote: str | None = None, shard: Mapping[str, Any] | None = None
    ) -> None:
        """Set a batch's state, and what else became known of it; `KeyError` if there is none of that name."""
        with self._transaction() as connection:
            changed = connection.execute(
                "UPDATE batches SET state = ?, remote = coalesce(?, remote), shard = coalesce(?, shard) WHERE id = ?",
                (state, remote, None if shard is None else to_json(shard), batch),
            ).rowcount
            if not changed:
                raise KeyError(batch)

    def batches(self, *states: str) -> list[Batch]:
        """All batches in these states, or all there are, by name."""
        # Of a batch that does not say what is in it nobody can read the answers.
        state = f"CASE WHEN {self.sound['batches'].condition} THEN state ELSE 'lost' END"
        where = f" WHERE {state} IN ({','.join('?' * len(states))})" if states else ""
        rows = self._query(f"SELECT id, {state}, remote, shard, holder FROM batches{where} ORDER BY id", states)
        return [
            Batch(*cast(tuple[str, str, str | None, str], row[:4]), alive=self._is_alive(cast(int, row[4])))
            for row in rows
        ]
