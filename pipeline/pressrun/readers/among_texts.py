"""Numbers and dates of a workbook that stand in a column of texts, where no template sets them: what is read of them is
what is printed, whatever their cells show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.sheet_formats import name_of

_FIGURES = frozenset((float, int, dt.datetime, dt.date, dt.time, dt.timedelta))
_HINT = "write it as a text there (TEXT), or give the texts a column of their own"


class MixedColumns:
    """Which columns have both, of rows that come some at a time."""

    def __init__(self) -> None:
        self._with_texts, self._with_figures = set[int](), set[int]()

    def add(self, number: int, cells: Sequence[Any]) -> None:
        kinds = set(map(type, cells))
        if not kinds.isdisjoint(_FIGURES):
            self._with_figures.add(number)
        if str in kinds and number not in self._with_texts and any(type(one) is str and one.strip() for one in cells):
            self._with_texts.add(number)

    def found(self) -> frozenset[int]:
        return frozenset(self._with_texts & self._with_figures)


def told_among_texts(
    file: str, sheet: str, lines: Sequence[int], dressed: Mapping[int, Mapping[int, tuple[str, str]]]
) -> dict[int, tuple[Finding, ...]]:
    """Of each column, from 0, that such cells are printed otherwise than they are shown: those of rows that are read,
    by their ``lines``."""
    told: dict[int, tuple[Finding, ...]] = {}
    known = set(lines) if dressed else set[int]()
    for column, cells in sorted(dressed.items()):
        if not (rows := sorted(row for row in cells if row + 1 in known)):
            continue
        first = rows[0]
        read, shown = cells[first]
        more = f", as {len(rows) - 1:,} more of its column are" if len(rows) > 1 else ""
        message = f"{sheet}!{name_of((first, column))} is among texts printed as {read}, and shows {shown}{more}"
        place = Place(file, first + 1, column + 1)
        told[column] = (Finding(Severity.WARNING, "number-among-texts", message, place, _HINT),)
    return told
