"""What is told of a column that a table does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pressrun.model.record import Record
from pressrun.readers.suggestion import did_you_mean, shortened


def hint_for_lacking(name: str, cells: Mapping[str, Sequence[Any]]) -> str | None:
    """Where the whole table is one row in which the rows are a list, as in JSON with a count beside them, that; else
    the nearest of the columns."""
    for column, found in cells.items():
        if len(found) == 1 and _has_rows(found[0], name):
            told = shortened(column)
            return f"the file is one row, and its rows are the list '{told}': write that alone, {{\"{told}\": [ … ]}}"
    return did_you_mean(name, cells, "columns")


def _has_rows(cell: Any, name: str) -> bool:
    is_list = isinstance(cell, list | tuple) and len(cell) > 0
    return is_list and all(isinstance(one, Record) and name in one for one in cell)
