"""The words of a campaign: one text a key, narrowed to some rows where the table says so, in every locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pressrun.model.locale import from_general


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """One line of the copy table: ``conditions`` are (row set, key) pairs that a row must meet; texts by locale."""

    conditions: tuple[tuple[str, str], ...]
    texts: Mapping[str, str]
    line: int

    def applies(self, keys: Mapping[str, str]) -> bool:
        return all(keys.get(name) == key for name, key in self.conditions)


@dataclass(frozen=True, slots=True)
class CopyBook:
    """Entries by key, the most specific first: more conditions win, then conditions of an earlier column.

    ``scopes`` names the row sets on which a key's text depends at all.
    """

    file: str
    locales: tuple[str, ...]
    entries: Mapping[str, tuple[CopyEntry, ...]]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column_for(self, locale: str) -> str | None:
        """The column a locale reads: its own, else the nearest that it is a case of, up to its language's."""
        return next((known for known in reversed(from_general(locale)) if known in self.locales), None)

    def find(self, key: str, keys: Mapping[str, str], locale: str) -> str | None:
        """The text for a row with these keys; None if no entry that applies has one in this locale."""
        column = self.column_for(locale)
        if column is None:
            return None
        for entry in self.entries.get(key, ()):
            if (text := entry.texts.get(column)) and entry.applies(keys):
                return text
        return None


class CopyView:
    """A row's copy as templates and expressions see it: ``copy.headline``. A key without a text here is ''
    in expressions, so that ``when: copy.badge`` works, and undefined in templates."""

    __slots__ = ("_book", "_find")

    def __init__(self, book: CopyBook, find: Callable[[str], str | None]) -> None:
        self._book = book
        self._find = find

    def __getitem__(self, key: str) -> str:
        if key not in self._book.entries:
            raise KeyError(key)
        return self._find(key) or ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._book.entries)

    def __len__(self) -> int:
        return len(self._book.entries)

    def __contains__(self, key: object) -> bool:
        return key in self._book.entries


Mapping.register(CopyView)
