"""Batches sent to a provider, which outlive the process that sent them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pipeline.stores.journal.database import Database
from pipeline.stores.journal.results import to_json

ENDED = ("settled", "dropped", "lost")
"""States of a batch that nothing more comes of: its rows were read and booked; it never reached the provider; the
provider no longer knows it. Of an attempt that is still open then, nobody knows whether it was charged."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One shard. `id` is our own name for it, `remote` the provider's (none until the provider took it).

    `alive` says whether the journal that began it is still open somewhere.
    """

    id: str
    state: str
    remote: str | None
    shard_json: str
    alive: bool

    @property
    def shard(self) -> dict[str, Any]:
        """What is in it, as its maker noted."""
        return cast(dict[str, Any], json.loads(self.shard_json))


class Batches(Database):
    """The table of batches."""

    def begin_batch(self, batch: str, shard: Mapping[str, Any]) -> None:
        """Write down a batch before it is sent, in state `begun`."""
        holder = self._own_holder()
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO batches (id, state, holder, shard) VALUES (?, 'begun', ?, ?)",
                (batch, holder, to_json(shard)),
            )

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
        where = f" WHERE state IN ({','.join('?' * len(states))})" if states else ""
        rows = self._query(f"SELECT id, state, remote, shard, holder FROM batches{where} ORDER BY id", states)
        return [
            Batch(*cast(tuple[str, str, str | None, str], row[:4]), alive=self._is_alive(cast(int, row[4])))
            for row in rows
        ]
