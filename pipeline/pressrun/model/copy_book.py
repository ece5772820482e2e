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


_ByRows = tuple[tuple[tuple[str, ...], Mapping[tuple[str | None, ...], tuple[CopyEntry, ...]]], ...]


@dataclass(frozen=True, slots=True)
class CopyBook:
    """Entries by key, the most specific first: more conditions win, then conditions of an earlier column.

    ``scopes`` names the row sets on which a key's text depends at all.
    """

    file: str
    locales: tuple[str, ...]
    entries: Mapping[str, tuple[CopyEntry, ...]]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _by_rows: Mapping[str, _ByRows] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_rows", {key: _by_rows(entries) for key, entries in self.entries.items()})

    def column_for(self, locale: str) -> str | None:
        """The column a locale reads: its own, else the nearest that it is a case of, up to its language's."""
        return next((known for known in reversed(from_general(locale)) if known in self.locales), None)

    def find(self, key: str, keys: Mapping[str, str], locale: str) -> str | None:
        """The text for a row with these keys; None if no entry that applies has one in this locale."""
        column = self.column_for(locale)
        if column is None:
            return None
        for names, by_keys in self._by_rows.get(key, ()):
            for entry in by_keys.get(tuple(keys.get(name) for name in names), ()):
                if text := entry.texts.get(column):
                    return text
        return None


def _by_rows(entries: tuple[CopyEntry, ...]) -> _ByRows:
    """The entries for each set of conditioned row sets, in the order of the book, by the keys that they ask for: a
    catalogue has as many entries of one key as products, and every row looks for its own."""
    found: dict[tuple[str, ...], dict[tuple[str | None, ...], tuple[CopyEntry, ...]]] = {}
    for entry in entries:
        names, keys = tuple(name for name, _ in entry.conditions), tuple(key for _, key in entry.conditions)
        same = found.setdefault(names, {})
        same[keys] = (*same.get(keys, ()), entry)
    return tuple(found.items())


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
