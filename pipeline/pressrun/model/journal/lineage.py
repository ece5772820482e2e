"""Which picture came from which: forks, finals of drafts, masters retouched by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct


class Descent(Struct, frozen=True):
    """`child` was made from `parent` (both keys of pictures): by a `kind` of change, as an `instruction` said."""

    child: str
    parent: str
    kind: str
    instruction: str = ""


class Lineage(Protocol):
    """Descents; one that was recorded stays as it is."""

    def descend(self, descents: Iterable[Descent]) -> None:
        """Keep descents, all or none; `ValueError` if one would make a picture its own ancestor."""
        ...

    def parents(self, child: str) -> list[Descent]:
        """What a picture was made from."""
        ...

    def children(self, parent: str) -> list[Descent]:
        """What was made from a picture."""
        ...

    def parents_by(self, kind: str) -> dict[str, str]:
        """Child → parent, of all descents of a kind."""
        ...
