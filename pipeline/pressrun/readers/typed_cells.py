"""Cells that have a type already, from a frame, a database or a columnar file, as texts that a person would write."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.record import Record
from pressrun.readers.cells import Figure
from pressrun.readers.composed_text import composed
from pressrun.readers.written_table import MOST_COLUMNS, WrittenTable

_OF_PANDAS = frozenset(("NAType", "NaTType"))  # what is not there; within lists no frame tells it
_OF_NO_TEXT: Any = object.__str__  # which gives the form for programmers, with a place in memory


class NoText(ValueError):
    """A value that no cell can show."""


def table_of_columns(
    file: str, headers: Sequence[str], columns: Iterable[Iterable[Any]]
) -> tuple[WrittenTable | None, list[Finding]]:
    """Columns of values as a table; its rows are counted from 1. Codes: ``too-large``, ``bad-cell``."""
    if len(headers) > MOST_COLUMNS:
        message = f"there are {len(headers):,} columns; {MOST_COLUMNS:,} are the most"
        return None, [Finding(Severity.ERROR, "too-large", message, Place(file))]
    written: list[list[Any]] = []
    faults: dict[int, tuple[Finding, ...]] = {}
    for number, values in enumerate(columns):
        cells: list[Any] = []
        for line, value in enumerate(values, start=1):
            try:
                cells.append(cell_of(value, file))
            except NoText as problem:
                fault = Finding(Severity.ERROR, "bad-cell", f"'{headers[number]}' {problem}", Place(file, line))
                faults.setdefault(number, (fault,))
                cells.append("")
        written.append(cells)
    lines = array("Q", range(1, (len(written[0]) if written else 0) + 1))
    names = tuple(composed(name).strip() for name in headers)
    return WrittenTable(file, 1, names, tuple(written), lines, faults=faults), []


def cell_of(value: Any, file: str) -> Any:
    """A value as text; lists and objects in a form that templates can only read. A whole number is its digits, also
    where a column with gaps made a fraction of it; what is not there (None, NaN) is empty. Raises NoText."""
    if isinstance(value, str):
        return _text(value)
    if value is None or type(value).__name__ in _OF_PANDAS:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, dt.datetime):
        plain = value.tzinfo is None and value.time() == dt.time()
        return value.date().isoformat() if plain else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return tuple(cell_of(one, file) for one in value)
    if isinstance(value, dict):
        return Record._of({str(key): cell_of(one, file) for key, one in value.items()}, file)
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise NoText("holds bytes, which are no text")
    if isinstance(value, (set, frozenset)):
        raise NoText("holds a set, which has no order: sorted(…) makes a list of it")
    if hasattr(value, "tolist"):  # of NumPy
        if getattr(value, "shape", ()):
            return tuple(cell_of(one, file) for one in value)
        is_narrow = getattr(value, "dtype", None) in ("float32", "float16")  # 0.1, of which a double has more digits
        return _number(float(str(value))) if is_narrow else cell_of(value.tolist(), file)
    if type(value).__str__ is _OF_NO_TEXT:
        raise NoText(f"holds a {type(value).__name__}, which is no text")
    return _text(str(value))


def _text(value: str) -> str:
    if "\0" in value:
        raise NoText("holds a zero byte, which is no text")
    try:
        value.isascii() or value.encode()
    except UnicodeEncodeError:
        raise NoText("holds half of a character, a surrogate without its other") from None
    return composed(value)


def _number(value: float | Decimal) -> str:
    if value != value:
        return ""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not number.is_finite():
        raise NoText("holds a number without end")
    if number == number.to_integral_value() and not isinstance(value, Decimal):
        return str(int(number))
    return Figure(format(number, "f"))
