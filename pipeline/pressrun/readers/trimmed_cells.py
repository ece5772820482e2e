"""Cells without the blanks that nobody sees: at their ends, and several where one is meant."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from pressrun.model.packed_cells import packed
from pressrun.readers.cells import Figure
from pressrun.readers.written_table import WrittenTable

_SEVERAL = re.compile(" {2,}")


def trimmed(table: WrittenTable) -> WrittenTable:
    """A table whose cells have no blanks and line breaks at their ends, and one blank where they had several in a row,
    as TRIM of spreadsheets makes them."""
    return replace(table, columns=tuple(packed([_trimmed(cell) for cell in column]) for column in table.columns))


def _trimmed(cell: Any) -> Any:
    return _SEVERAL.sub(" ", cell.strip()) if isinstance(cell, str) and type(cell) is not Figure else cell
