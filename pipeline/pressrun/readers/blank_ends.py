"""Blanks at the ends of cells, which nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pressrun.model.finding import Finding, Severity
from pressrun.model.packed_cells import in_batches
from pressrun.readers.table import Table

_SHOWN = 30
_HINT = "write `trim: true` beside the file, or mend the cells"


def blank_ends(table: Table) -> dict[str, Finding]:
    """A note of each column in which cells begin or end with a blank, at the first of these. Code: ``blank-ends``."""
    found: dict[str, Finding] = {}
    for name in table.columns:
        cells = table.column(name)
        rows = list(_rows(cells))
        if rows:
            shown, more = _shown(cells[rows[0]]), len(rows) - 1
            message = f"{shown} of '{name}' begins or ends with a blank, and is printed and compared so"
            message += f" ({more} more {'cell' if more == 1 else 'cells'} likewise)" if more else ""
            found[name] = Finding(Severity.NOTE, "blank-ends", message, table.place(rows[0]), _HINT)
    return found


def _rows(cells: Sequence[Any]) -> Iterator[int]:
    begun = 0
    for some in in_batches(cells):
        texts = [cell for cell in some if isinstance(cell, str)]
        if list(map(str.strip, texts)) != texts:
            rows = enumerate(some, begun)
            yield from (row for row, cell in rows if isinstance(cell, str) and cell.strip() != cell)
        begun += len(some)


def _shown(cell: str) -> str:
    if len(cell) > _SHOWN:
        cell = f"{cell[:_SHOWN]}…" if cell[0].isspace() else f"…{cell[-_SHOWN:]}"
    return "'" + cell.replace("\n", "\\n") + "'"
