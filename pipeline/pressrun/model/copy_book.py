"""The words of a campaign: one text a key, narrowed to some rows where the table says so, in every locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field

from pressrun.model.locale import from_general


class NarrowedLines(Struct, frozen=True):
    """Lines of one key that are for rows of the same row ``sets``: the number of each, from 0, by the keys that rows
    must have there; where it is one row set, as mostly, by that key alone."""

    sets: tuple[str, ...]
    by_keys: Mapping[str | tuple[str, ...], int]

    def line(self, keys: Mapping[str, str]) -> int | None:
        """The line that applies to a row with these keys."""
        if len(self.sets) == 1:
            return self.by_keys.get(keys.get(self.sets[0], ""))
        return self.by_keys.get(tuple([keys.get(name, "") for name in self.sets]))


class CopyBook(Struct, frozen=True):
    """Lines by key, the most specific first: more conditions win, then conditions of an earlier column. A catalogue
    has as many lines of one key as products, so their texts are kept by column.

    ``texts`` has those of every line by locale, ``places`` the line of the file in which each stands. ``scopes`` names
    the row sets on which a key's text depends at all.
    """

    file: str
    texts: Mapping[str, Sequence[str]]
    places: Sequence[int]
    entries: Mapping[str, tuple[NarrowedLines, ...]]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(self.texts)

    def column_for(self, locale: str) -> str | None:
        """The column a locale reads: its own, else the nearest that it is a case of, up to its language's."""
        return next((known for known in reversed(from_general(locale)) if known in self.texts), None)

    def find(self, key: str, keys: Mapping[str, str], locale: str) -> str | None:
        """The text for a row with these keys; None if no line that applies has one in this locale."""
        column = self.column_for(locale)
        if column is None:
            return None
        texts = self.texts[column]
        for narrowed in self.entries.get(key, ()):
            line = narrowed.line(keys)
            if line is not None and (text := texts[line]):
                return text
        return None

    def place_of(self, key: str, keys: Mapping[str, str]) -> int:
        """The line of the file where such a row's text belongs: the first that applies, else the first of the key."""
        applying = (line for narrowed in self.entries[key] if (line := narrowed.line(keys)) is not None)
        first = next(applying, None)
        return self.places[next(iter(self.entries[key][0].by_keys.values())) if first is None else first]

    def place_saying(self, text: str, keys: Mapping[str, str]) -> int | None:
        """The line of the file that has this text, in whatever locale, for a row with these keys."""
        for narrowed in chain.from_iterable(self.entries.values()):
            line = narrowed.line(keys)
            if text and line is not None and any(texts[line] == text for texts in self.texts.values()):
                return self.places[line]
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
