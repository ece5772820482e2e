"""Which picture came from which: forks, finals of drafts, masters retouched by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pressrun.model.journal import Descent, Lineage
from pressrun.stores.tables.database import Database


class LineageTable(Database, Lineage):
    """The table of descents; a descent once recorded stays as it is."""

    def descend(self, descents: Iterable[Descent]) -> None:
        """Keep descents, all or none; `ValueError` if one would make a picture its own ancestor."""
        with self._transaction() as connection:
            for one in descents:
                ancestor = connection.execute(
                    "WITH RECURSIVE up (key) AS (SELECT parent FROM lineage WHERE child = ?"
                    " UNION SELECT parent FROM lineage JOIN up ON child = up.key) SELECT 1 FROM up WHERE key = ?",
                    (one.parent, one.child),
                ).fetchone()
                if ancestor or one.parent == one.child:
                    raise ValueError(f"{one.child} would be its own ancestor")
                connection.execute(
                    "INSERT INTO lineage (child, parent, kind, instruction) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (one.child, one.parent, one.kind, one.instruction),
                )

    def parents(self, child: str) -> list[Descent]:
        """What a picture was made from."""
        return self._descents("child = ?", child)

    def children(self, parent: str) -> list[Descent]:
        """What was made from a picture."""
        return self._descents("parent = ?", parent)

    def parents_by(self, kind: str) -> dict[str, str]:
        """Child → parent, of all descents of a kind."""
        rows = self._query("SELECT child, parent FROM lineage WHERE kind = ? ORDER BY child, parent", [kind])
        return {str(child): str(parent) for child, parent in rows}

    def _descents(self, where: str, key: str) -> list[Descent]:
        rows = self._query(
            f"SELECT child, parent, kind, instruction FROM lineage WHERE {where} ORDER BY child, parent", [key]
        )
        return [Descent(*cast(tuple[str, str, str, str], row)) for row in rows]
