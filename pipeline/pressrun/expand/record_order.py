"""The order of a job's rows, their numbers in it, and which document, group and number of copies each has."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from pressrun.expand.compiled import Compiled
from pressrun.language.expression import Expression
from pressrun.language.lookup import EvaluationError
from pressrun.language.vocabulary import SERIAL
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Row
from pressrun.model.output import MOST_COPIES, RecordPlace

_KEYS = ("output", "one-pdf")
SPELLED_OUT = 10  # rows that are told one by one


RowsByNumber = Callable[[Iterable[int] | None], Iterator[tuple[int, Row]]]
"""Answers the rows with these numbers, or all; each time anew."""


def in_order(parts: Compiled, rows: RowsByNumber) -> Iterator[Row]:
    """Rows sorted, and numbered from 1 as `serial`."""
    ordered = (row for _, row in rows(None)) if parts.project.job.output is None else _Order(parts).sorted(rows)
    for number, row in enumerate(ordered, start=1):
        row.values[SERIAL] = number
        yield row


def names_of(parts: Compiled, row: Row) -> dict[str, Any]:
    """What expressions see of a row that is there."""
    return {**parts.tables, "date": parts.project.job.date, **row.values, "locale": row.locale}


class _Order:
    def __init__(self, parts: Compiled) -> None:
        self._parts = parts
        output = parts.project.job.output
        assert output
        said = self._said = output.one_pdf
        at = parts.expression
        self._sort = [at(text, (*_KEYS, "sort", number)) for number, text in enumerate(said.sort)]
        self._by = at(said.by, (*_KEYS, "by")) if said.by else None
        self._quantity = at(said.quantity, (*_KEYS, "quantity")) if said.quantity else None
        self._slip = at(said.slip.by, (*_KEYS, "slip", "by")) if said.slip else None

    def sorted(self, rows: RowsByNumber) -> Iterator[Row]:
        """By what the job says; documents in the order in which they come first. None without copies. Where the order
        is not that of the files, only the numbers of rows are remembered, and not the rows."""
        if not self._sort and self._by is None:
            numbers = None
        else:
            numbers = self._parts.order = self._parts.order or self._numbers(rows)
        absent = _Absent()
        for _, row in rows(numbers):
            placed = self._placed(row)[1]
            if placed.stands.copies or placed.fault:
                yield placed
            else:
                absent.add(placed)
        if numbers is None:
            self._parts.without_copies = absent.told()

    def _numbers(self, rows: RowsByNumber) -> array[int]:
        keyed: list[tuple[tuple[Any, ...], str, int]] = []
        absent = _Absent()
        for number, row in rows(None):
            key, placed = self._placed(row)
            if placed.stands.copies or placed.fault:
                keyed.append((key, placed.stands.document, number))
            else:
                absent.add(placed)
        self._parts.without_copies = absent.told()
        keyed.sort(key=itemgetter(0))
        documents: dict[str, int] = {}
        for _, document, _ in keyed:
            documents.setdefault(document, len(documents))
        keyed.sort(key=lambda one: documents[one[1]])
        return array("q", [number for _, _, number in keyed])

    def _placed(self, row: Row) -> tuple[tuple[Any, ...], Row]:
        names = names_of(self._parts, row)
        document, group = "", ""
        key = tuple(_comparable(None) for _ in self._sort)
        try:  # what is known before a fault still says where the row would be
            document, group = _text(self._by, names), _text(self._slip, names)
            key = tuple(_comparable(one.evaluate(names)) for one in self._sort)
            copies = _copies(self._quantity, names)
        except EvaluationError as error:
            fault = Finding(Severity.ERROR, "bad-value", error.message, row.place, error.hint, row=row.id)
            placed = replace(row, stands=RecordPlace(document, group))
            return key, replace(placed, findings=(*row.findings, fault))
        return key, replace(row, stands=RecordPlace(document, group, copies))


class _Absent:
    """Rows that are on no page, since there are no copies of them: the first of them are told one by one."""

    def __init__(self) -> None:
        self._first: list[Finding] = []
        self._count = 0

    def add(self, row: Row) -> None:
        self._count += 1
        if self._count <= SPELLED_OUT:
            message = f"{row.id} has a quantity of 0, and is on no page"
            hint = "write a number in this row if it should be printed"
            self._first.append(Finding(Severity.NOTE, "no-copies", message, row.place, hint, row=row.id))

    def told(self) -> tuple[Finding, ...]:
        further = self._count - len(self._first)
        if not further:
            return tuple(self._first)
        *first, last = self._first
        return *first, replace(last, further_rows=further)


def _text(expression: Expression | None, names: Mapping[str, Any]) -> str:
    if expression is None:
        return ""
    value = expression.evaluate(names)
    return "" if value is None else str(value)


def _copies(expression: Expression | None, names: Mapping[str, Any]) -> int:
    """How many copies there are. Raises EvaluationError."""
    if expression is None:
        return 1
    value = expression.evaluate(names)
    said = str(value).strip() if value is not None else ""
    hint = "write a whole number from 0; 0 leaves the row out"
    if isinstance(value, bool) or not said.isascii() or not said.removesuffix(".0").isdigit():
        raise EvaluationError(f"the quantity is '{said}', which is no number of copies", hint)
    copies = int(Decimal(said))
    if copies > MOST_COPIES:
        raise EvaluationError(f"the quantity is {copies}; at most {MOST_COPIES} copies of a row are made", hint)
    return copies


def _comparable(value: Any) -> tuple[int, Any, str]:
    """Numbers before texts, and what is empty behind all; texts whatever their case is."""
    if value is None or value == "":
        return 2, 0, ""
    if isinstance(value, (int, float, Decimal)):
        return 0, value, ""
    return 1, str(value).casefold(), str(value)
