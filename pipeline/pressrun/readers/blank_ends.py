"""Blanks at the ends of cells, which nobody sees."""

from __future__ import annotations

from pressrun.model.finding import Finding, Severity
from pressrun.readers.table import Table

_SHOWN = 30
_HINT = "write `trim: true` beside the file, or mend the cells"


def blank_ends(table: Table) -> dict[str, Finding]:
    """A note of each column in which cells begin or end with a blank, at the first of these. Code: ``blank-ends``."""
    found: dict[str, Finding] = {}
    for name in table.columns:
        cells = table.column(name)
        rows = [row for row, cell in enumerate(cells) if isinstance(cell, str) and cell.strip() != cell]
        if rows:
            shown, more = _shown(cells[rows[0]]), len(rows) - 1
            message = f"{shown} of '{name}' begins or ends with a blank, and is printed and compared so"
            message += f" ({more} more {'cell' if more == 1 else 'cells'} likewise)" if more else ""
            found[name] = Finding(Severity.NOTE, "blank-ends", message, table.place(rows[0]), _HINT)
    return found


def _shown(cell: str) -> str:
    if len(cell) > _SHOWN:
        cell = f"{cell[:_SHOWN]}…" if cell[0].isspace() else f"…{cell[-_SHOWN:]}"
    return "'" + cell.replace("\n", "\\n") + "'"
