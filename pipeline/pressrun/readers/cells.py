"""Text cells of a table turned into typed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal

from msgspec import Struct

from pressrun.readers.bad_cell import BadCell
from pressrun.readers.written_dates import iso_date

ColumnType = Literal["text", "date", "decimal", "integer", "number", "boolean"]
"""What a column may hold; `decimal` keeps money exact, `number` is a float. An empty cell is None, in text ''."""

_DECIMAL = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_COMMA = re.compile(r"([-+]?\d+),(\d{1,2}|\d{4,})\Z", re.ASCII)  # before three figures it may part thousands
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})+(?:[.,]\d+)?\Z", re.ASCII)  # 1.249,00, 1'249.00
_GROUPS_IN = {".": "de-DE", ",": "en-US", "'": "de-CH", "’": "de-CH"}  # all others: blanks, as in fr-FR
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
_INTEGER = re.compile(r"[-+]?\d{1,300}\Z", re.ASCII)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Figure(str):
    """The digits of a cell that its file has as a number: 126.125 is no German text of 126125."""

    __slots__ = ()


ReadAs = ColumnType | Callable[[str], Any]
"""A type, or a function of its own that reads a cell and raises BadCell."""


class ItemsOf(Struct, frozen=True):
    """Reads a cell that is a list, with a sign between its items. An empty one has none."""

    separator: str
    empty: ClassVar[tuple[str, ...]] = ()

    def __call__(self, cell: str) -> tuple[str, ...]:
        return tuple([item for part in cell.split(self.separator) if (item := part.strip())])


class TruthOf(Struct, frozen=True):
    """Reads a cell that is true or false by words of its own, in lower case; and by those that every column has."""

    yes: frozenset[str]
    no: frozenset[str]

    def __call__(self, cell: str) -> bool:
        word = cell.casefold()
        if word in self.yes or word in self.no:
            return word in self.yes
        try:
            return _BOOLEANS[word]
        except KeyError:
            told = ", ".join(sorted(self.yes) + sorted(self.no))
            raise BadCell(f"one of {told}", "correct it, or add the word to `booleans: {COLUMN: …}`") from None


def typed(cell: str, kind: ReadAs) -> Any:
    """The value of a cell without blanks around it; raises BadCell. Never called for an empty cell."""
    return kind(cell) if callable(kind) else _READERS[kind](cell)


def is_list(cell: object, kind: ReadAs) -> bool:
    """Whether a cell already is what a list is read as: one of JSON."""
    return isinstance(cell, tuple) and isinstance(kind, ItemsOf)


def is_numeric(cell: str) -> bool:
    """Whether a text cell is written as a number."""
    return _NUMBER.match(cell.strip()) is not None


def _text(cell: str) -> str:
    return cell


def _decimal(cell: str) -> Decimal:
    if _DECIMAL.match(cell):
        return Decimal(cell)
    if match := _COMMA.match(cell):
        hint = f"write {match[1]}.{match[2]}, or for a column with commas `decimals: {{COLUMN: de-DE}}`"
        raise BadCell("a decimal number", hint)
    hint = "write 1299.90: a point for the fraction, nothing between thousands, no currency"
    match = _GROUPED.match(cell)
    if match and (match[1] not in ".," or len(re.findall(r"[.,]", cell)) != 1):  # a single one may be of a fraction
        hint = f"{hint}; or for a column written so `decimals: {{COLUMN: {_GROUPS_IN.get(match[1], 'fr-FR')}}}`"
    raise BadCell("a decimal number", hint)


def _integer(cell: str) -> int:
    if _INTEGER.match(cell):
        return int(cell)
    raise BadCell("a whole number", "write digits only, like 1200")


def _number(cell: str) -> float:
    if _NUMBER.match(cell):
        value = float(cell)
        if value not in (float("inf"), float("-inf")):
            return value
    raise BadCell("a number", "write 1299.9: a point for the fraction, nothing between thousands")


def _boolean(cell: str) -> bool:
    try:
        return _BOOLEANS[cell.lower()]
    except KeyError:
        own = "`booleans: {COLUMN: {yes: [ja], no: [nein]}}` for a column with words of its own"
        hint = f"write true or false (yes, no, 1 and 0 will do), or {own}"
        raise BadCell("true or false", hint) from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": _text,
    "date": iso_date,
    "decimal": _decimal,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
