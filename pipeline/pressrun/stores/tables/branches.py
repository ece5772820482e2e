"""Branches of pictures: which picture stands at the end of each, and which branch runs take."""

from __future__ import annotations

from pressrun.model.journal import Branches
from pressrun.stores.tables.database import Database


class BranchTable(Database, Branches):
    """The tables of branches and choices. `root` is the key of the picture as it is planned, `head` of the one that
    stands for it on the branch called `name`. Nothing is ever removed: an empty head ends a branch."""

    def set_head(self, root: str, name: str, head: str) -> None:
        """Put a picture at the end of a branch; an empty one ends it."""
        with self._transaction() as connection:
            connection.execute("INSERT INTO branches (root, name, head) VALUES (?, ?, ?)", (root, name, head))

    def branches(self) -> dict[str, dict[str, str]]:
        """Root → name → head, of all branches there are."""
        found: dict[str, dict[str, str]] = {}
        for root, name, head in self._query("SELECT root, name, head FROM branches ORDER BY id"):
            found.setdefault(str(root), {})[str(name)] = str(head)
        alive = {root: {name: head for name, head in names.items() if head} for root, names in found.items()}
        return {root: names for root, names in alive.items() if names}

    def branch_of(self, key: str) -> tuple[str, str] | None:
        """Root and name of the branch that this picture stands, or stood, at the end of."""
        rows = self._query("SELECT root, name FROM branches WHERE head = ? ORDER BY id DESC LIMIT 1", [key])
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def choose(self, root: str, name: str) -> None:
        """Let runs take this branch of the picture, until another is chosen."""
        with self._transaction() as connection:
            connection.execute("INSERT INTO choices (root, name) VALUES (?, ?)", (root, name))

    def choices(self) -> dict[str, str]:
        """Root → the name of the branch chosen for it."""
        return {str(root): str(name) for root, name in self._query("SELECT root, name FROM choices ORDER BY id")}
