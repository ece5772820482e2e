"""Texts that conditions compare with cells, where no cell says so and one says nearly so: what depends on such a
condition would be left out without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pressrun.language.locale_formats import is_locale
from pressrun.language.vocabulary import Vocabulary
from pressrun.model.comparison import Comparison
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.record import Record
from pressrun.readers.suggestion import did_you_mean, shortened, slip

MOST = 1000  # different cells of a column; one that has more is no choice of words, and something is near to anything


class CellsSaid:
    """What the columns of tables say, each looked through once."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, str], frozenset[str] | None] = {}

    def unmatched(self, compared: Iterable[Comparison], vocabulary: Vocabulary) -> Iterator[tuple[Comparison, Finding]]:
        """Those of the texts that no cell of their column says, though one nearly does. Code: ``unmatched-text``."""
        for one in compared:
            thing = vocabulary.things.get(one.name)
            if thing is not None and one.attribute is not None and one.attribute in (thing.fields or ()):
                found = unmatched(one.literal, one.attribute, self._of(thing.records, one.attribute), thing.file)
                yield from ((one, finding) for finding in found)

    def _of(self, records: Sequence[Record], column: str) -> frozenset[str] | None:
        known = (id(records), column)
        if known not in self._said:
            self._said[known] = texts_said(record[column] for record in records)
        return self._said[known]


def texts_said(cells: Iterable[Any]) -> frozenset[str] | None:
    """The different texts of a column; None of one that has too many."""
    said: set[str] = set()
    for cell in cells:
        if isinstance(cell, str) and cell:
            said.add(cell)
            if len(said) > MOST:
                return None
    return frozenset(said)


def unmatched(literal: str, column: str, said: frozenset[str] | None, file: str) -> Iterator[Finding]:
    """A warning, without its place, where no cell says a text, though one nearly does."""
    if not said or literal in said or not literal.strip():
        return
    near = slip(literal, said)
    if near is None or (is_locale(literal) and literal.casefold() != near.casefold()):  # another locale is no slip
        return
    message = f"no row of {file} has '{shortened(literal)}' in '{column}', which is asked here"
    yield Finding(Severity.WARNING, "unmatched-text", message, None, did_you_mean(literal, [near]))


def in_line(place: Place, at: Comparison) -> Place:
    """Where such a text stands in an expression that begins at a place."""
    if place.column is None or at.column is None:
        return place
    return Place(place.file, place.line, place.column + at.column - 1)
