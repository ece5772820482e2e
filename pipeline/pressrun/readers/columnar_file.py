"""Tables of Parquet and Feather (Arrow) files: columns with types of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.arrow_values import has_short_fractions, with_own_digits
from pressrun.readers.text_file import no_plain_file, unreadable
from pressrun.readers.typed_cells import table_of_columns
from pressrun.readers.written_table import WrittenTable


def read_columnar(path: Path, file: str, *, asked_at: Place | None = None) -> tuple[WrittenTable | None, list[Finding]]:
    """Codes: ``missing-extra``, ``broken-table``, those of `no_plain_file`, `unreadable` and `table_of_columns`."""
    if odd := no_plain_file(path, file, asked_at=asked_at):
        return None, [odd]
    try:
        from pyarrow import ArrowException, feather, parquet
    except ImportError:
        message = f"'{file}' is read by PyArrow, which is not installed"
        return None, [missing_extra(message, "parquet", asked_at or Place(file))]
    try:
        with path.open("rb") as opened:
            read: Any = parquet.read_table if path.suffix.lower() == ".parquet" else feather.read_table
            table = read(opened)
    except OSError as error:
        if error.errno is not None:
            return None, [unreadable(path, file, error, asked_at=asked_at)]
        return None, [_broken(file, error)]
    except ArrowException as error:
        return None, [_broken(file, error)]
    return table_of_columns(file, table.column_names, map(_values, table.columns))


def _values(column: Any) -> Any:
    if not has_short_fractions(column.type):
        return column.to_pylist()
    if str(column.type) in ("float", "halffloat"):
        return column.to_numpy()
    return with_own_digits(column.to_pylist(), column.type)


def missing_extra(message: str, extra: str, place: Place | None) -> Finding:
    """What is told where something is read by a library of an extra."""
    return Finding(Severity.ERROR, "missing-extra", message, place, f"pip install 'pressrun[{extra}]'")


def _broken(file: str, error: Exception) -> Finding:
    said = str(error).strip().splitlines()
    message = f"this is no sound file of its kind: {said[0] if said else type(error).__name__}"
    return Finding(Severity.ERROR, "broken-table", message, Place(file), "write it again")
