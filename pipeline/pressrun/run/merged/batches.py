"""Rows whose pages are made together: some hundred that follow each other in a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pressrun.model.task import BatchTask, ReadySheet, SheetTask

RECIPE = 4
TOGETHER, MOST_TOGETHER = 192, 512  # rows whose pages are made together: about so many, and at the most
PICTURES = 24  # different ones on them, at the most


class Batch(Struct, frozen=True):
    """Rows of a document whose pages are made together. Where one ends hangs on the rows in it alone, so that a row
    more or less changes no more than one or two of them. ``shows``: it is to show what its first page looks like."""

    key: str
    format: str
    records: tuple[ReadySheet, ...]
    shows: bool

    def task(self, index: int, only: Iterable[int] | None = None) -> BatchTask:
        """The making of it, or of some of its rows."""
        numbers = range(len(self.records)) if only is None else only
        tasks = []
        for number in numbers:
            ready = self.records[number]
            assert ready.content, "a row without its words has no pages"
            tasks.append(SheetTask(number, ready.sheet.row.id, ready.content, ready.files))
        return BatchTask(index, self.format, tuple(tasks), self.shows)


class Batches:
    """Those of a document, as its rows come; the first shows its first page, if it ``shows`` anything."""

    def __init__(self, shows: bool) -> None:
        self._shows = shows
        self._some: list[ReadySheet] = []
        self._pictures: set[str] = set()
        self.closed: list[Batch] = []

    def add(self, ready: ReadySheet) -> Iterator[Batch]:
        """What is full, now that this row has come."""
        assert ready.content, "a row without its words has no pages"
        placed = [*ready.content.files.values(), *(one for slot in ready.content.slots.values() for one in slot)]
        shown = {picture.digest for picture in placed}
        if len(self._some) == MOST_TOGETHER or len(self._pictures | shown) > PICTURES:
            yield from self.rest()
        self._some.append(ready)
        self._pictures |= shown
        if int(ready.files[0].key[:8], 16) % TOGETHER == 0:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """What is not full."""
        if not self._some:
            return
        keys = "".join(ready.files[0].key for ready in self._some)
        is_shown = self._shows and not self.closed
        key = hashlib.sha256(f"batch {RECIPE} {'shown ' if is_shown else ''}{keys}".encode()).hexdigest()
        self.closed.append(Batch(key, self._some[0].files[0].format, tuple(self._some), is_shown))
        self._some.clear()
        self._pictures.clear()
        yield self.closed[-1]

    @classmethod
    def of(cls, sheets: Iterable[ReadySheet], shows: bool = False) -> list[Batch]:
        """Those of a document whose rows are all there."""
        batches = cls(shows)
        for ready in sheets:
            for _ in batches.add(ready):
                pass
        return [*batches.closed, *batches.rest()]
