"""A table that comes as a pandas DataFrame. Its index is no column; what is missing in any of its ways is empty."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.typed_cells import table_of_columns
from pressrun.readers.written_table import WrittenTable


def read_frame(frame: Any, file: str) -> tuple[WrittenTable | None, list[Finding]]:
    """The rows of a frame; ``file`` is what findings call it. Codes: ``bad-frame``, and those of `table_of_columns`."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        return None, [_bad(file, f"this is a {type(frame).__name__}, not a DataFrame", "give pandas.DataFrame(…)")]
    if isinstance(frame.columns, pd.MultiIndex):
        return None, [_bad(file, "its columns have several levels", "name them by one: frame.columns = […]")]
    headers = [str(name) for name in frame.columns]
    if twice := [name for name, count in Counter(headers).items() if count > 1]:
        return None, [_bad(file, f"it has two columns '{twice[0]}'", "rename one of them")]
    columns = (frame.iloc[:, at] for at in range(len(headers)))
    values = (column.astype(object).where(column.notna(), None).tolist() for column in columns)
    return table_of_columns(file, headers, values)


def _bad(file: str, message: str, hint: str) -> Finding:
    return Finding(Severity.ERROR, "bad-frame", message, Place(file), hint)
