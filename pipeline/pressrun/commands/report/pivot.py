"""A run's files counted by two things that are known of each, such as locale and layout."""

from __future__ import annotations

from typing import Any

from pressrun.manifest.runs_read import RunRecord
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import did_you_mean

OF_FILES = ("layout", "format", "locale", "status", "theme", "take", "row", "decision", "condition")
ALL = "all"


def pivot(record: RunRecord, down: str, across: str) -> dict[str, dict[str, int]]:
    """The number of files by the values of two fields, or of keys of rows, with sums as ``all`` (``all files`` where
    one of the values is that word). Raises InputError."""
    import pandas as pd

    rows = [(_value(record, asset, down), _value(record, asset, across)) for asset in record.assets]
    frame = pd.DataFrame(rows, columns=["down", "across"])
    if frame.empty:
        return {}
    sums = f"{ALL} files" if frame.isin([ALL]).to_numpy().any() else ALL
    table = pd.crosstab(frame["down"], frame["across"], margins=True, margins_name=sums)
    return {str(name): {str(one): int(count) for one, count in line.items()} for name, line in table.iterrows()}


def pivot_text(counted: dict[str, dict[str, int]], down: str) -> str:
    """The same as a table in columns."""
    if not counted:
        return "There are no files."
    names = list(next(iter(counted.values())))
    lines = [[down, *names], *([name, *(str(line[one] or "·") for one in names)] for name, line in counted.items())]
    widths = [max(len(line[at]) for line in lines) for at in range(len(names) + 1)]
    aligned = ([cell.rjust(wide) for cell, wide in zip(line, widths, strict=True)] for line in lines)
    named = zip(lines, aligned, strict=True)
    return "\n".join("  ".join([line[0].ljust(widths[0]), *cells[1:]]) for line, cells in named)


def _value(record: RunRecord, asset: Any, name: str) -> str:
    if name in OF_FILES:
        return str(getattr(asset, name)) or "–"
    if name in asset.keys:
        return str(asset.keys[name])
    known = [*OF_FILES, *asset.keys]
    message = f"--pivot: files have no '{name}'"
    raise InputError([Finding(Severity.ERROR, "unknown-name", message, Place(record.run), did_you_mean(name, known))])
