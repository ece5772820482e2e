"""What is left out of files that rows name, told once a file, of the first row that names it. So it can be told of a
run in which some rows say something else, without a look at the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

from pressrun.model.finding import Finding


class OtherNotes(Exception):
    """What was kept is not what rows that say what they said have."""


class NotedFiles:
    """Findings by what they say, each with the number of its row, from 1; ``gone`` are those that only rows which say
    something else now have told."""

    def __init__(self, noted: Iterable[tuple[int, Finding]] = (), gone: Collection[str] = ()) -> None:
        self._noted: dict[str, tuple[int, Finding]] = {}
        self._gone = gone
        for row, one in noted:
            self.add(one, row)

    @classmethod
    def of(cls, values: Iterable[Any]) -> Self:
        """The inverse of :meth:`values`."""
        return cls((row, Finding.from_dict(said)) for row, said in values)

    def add(self, one: Finding, row: int) -> None:
        """Rows are looked at in their order."""
        self._noted.setdefault(one.message, (row, one))

    def told(self) -> Iterator[Finding]:
        return (one for _, one in self._noted.values())

    def values(self) -> Iterator[list[Any]]:
        """To be kept."""
        return ([row, one.to_dict()] for row, one in self._noted.values())

    def without(self, changed: Collection[int]) -> Self:
        """Those of the rows that say what they said."""
        stays = [(row, one) for row, one in self._noted.values() if row not in changed]
        return type(self)(stays, {one.message for row, one in self._noted.values() if row in changed})

    def along_with(self, unchanged: Self) -> Self:
        """What is noted of these rows and those that are ``unchanged``. Raises OtherNotes where another of these may be
        the first to name a file now."""
        if not self._noted.keys() >= set(unchanged._gone):
            raise OtherNotes
        every = (*self._noted.values(), *unchanged._noted.values())
        return type(self)(sorted(every, key=lambda noted: noted[0]))
