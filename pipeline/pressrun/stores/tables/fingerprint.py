"""What a journal says that later runs go by, in short."""

from __future__ import annotations

import hashlib

from pressrun.model.journal import ENDED
from pressrun.stores.tables.database import Database

# Neither results, which are told by their keys, nor runs and holders, which nothing is made from.
_TOLD = {
    "decisions": "id, subject, verdict, who, reason, content, at",
    "branches": "id, root, name, head",
    "choices": "id, root, name",
    "lineage": "child, parent, kind, instruction",
    "batches": "id, state, remote, shard",
    "attempts": "id, picture, run, provider, model, quoted, detail, batch, state, cost, usage, digest, held, address",
}


class FingerprintOfTables(Database):
    """Of all tables together."""

    def fingerprint(self) -> str | None:
        """See :meth:`pressrun.model.journal.Journal.fingerprint`."""
        if self._query("SELECT 1 FROM attempts WHERE state = 'open' LIMIT 1"):
            return None
        if self._query(f"SELECT 1 FROM batches WHERE state NOT IN {ENDED} LIMIT 1"):
            return None
        told = hashlib.sha256()
        for table, columns in _TOLD.items():
            told.update(f"{table}\0".encode())
            for row in self._query(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):
                told.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        return told.hexdigest()
