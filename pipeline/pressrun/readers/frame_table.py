"""A table that comes as a pandas DataFrame. Its index is no column; what is missing in any of its ways is empty."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.arrow_values import has_short_fractions, with_own_digits
from pressrun.readers.typed_cells import table_of_columns
from pressrun.readers.written_table import WrittenTable

_NARROW = {"float16": "float16", "halffloat[pyarrow]": "float16", "float32": "float32", "float[pyarrow]": "float32"}


def read_frame(frame: Any, file: str) -> tuple[WrittenTable | None, list[Finding]]:
    """The rows of a frame; ``file`` is what findings call it. Codes: ``bad-frame``, and those of `table_of_columns`."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        return None, [_bad(file, f"this is a {type(frame).__name__}, not a DataFrame", "give pandas.DataFrame(…)")]
    if isinstance(frame.columns, pd.MultiIndex):
        return None, [_bad(file, "its columns have several levels", "name them by one: frame.columns = […]")]
    headers = ["" if pd.api.types.is_scalar(name) and pd.isna(name) else str(name) for name in frame.columns]
    if twice := [name for name, count in Counter(headers).items() if name and count > 1]:
        return None, [_bad(file, f"it has two columns '{twice[0]}'", "rename one of them")]
    columns = (frame.iloc[:, at] for at in range(len(headers)))
    return table_of_columns(file, headers, map(_values, columns))


def _values(column: Any) -> list[Any]:
    there = column.notna()
    if narrow := _NARROW.get(str(column.dtype).lower()):
        floats = column.to_numpy(dtype=narrow, na_value=float("nan"))  # else each would become a double
        return [value if is_there else None for value, is_there in zip(floats, there, strict=True)]
    values = list(column.astype(object).where(there, None))
    kind = getattr(column.dtype, "pyarrow_dtype", None)  # of lists and records
    return list(with_own_digits(values, kind)) if has_short_fractions(kind) else values


def _bad(file: str, message: str, hint: str) -> Finding:
    return Finding(Severity.ERROR, "bad-frame", message, Place(file), hint)
