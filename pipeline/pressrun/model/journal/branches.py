"""Branches of pictures: which picture stands at the end of each, and which branch runs take."""

from __future__ import annotations

from typing import Protocol


class Branches(Protocol):
    """Heads and choices, both logs of which the latest line counts. `root` is the key of the picture as it is planned,
    `head` of the one that stands for it on the branch called `name`; an empty head ends a branch."""

    def set_head(self, root: str, name: str, head: str) -> None:
        """Put a picture at the end of a branch; an empty one ends it."""
        ...

    def branches(self) -> dict[str, dict[str, str]]:
        """Root → name → head, of all branches there are."""
        ...

    def branch_of(self, key: str) -> tuple[str, str] | None:
        """Root and name of the branch that this picture stands, or stood, at the end of."""
        ...

    def choose(self, root: str, name: str) -> None:
        """Let runs take this branch of the picture, until another is chosen."""
        ...

    def choices(self) -> dict[str, str]:
        """Root → the name of the branch chosen for it."""
        ...
