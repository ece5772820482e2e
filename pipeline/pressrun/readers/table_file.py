"""A table from a file, by the kind that its ending names: a workbook, JSON, Parquet, HTML, else a text: CSV."""

from __future__ import annotations

from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers import json_table
from pressrun.readers.csv_file import read_csv
from pressrun.readers.written_table import TableFormat, WrittenTable

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
COLUMNAR = (".parquet", ".feather", ".arrow")
PAGES = (".html", ".htm")
AS_IT_IS = TableFormat()


def read_written(
    path: Path, file: str, how: TableFormat = AS_IT_IS, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Codes: those of the kind's own reader, and ``unused-option`` where something is said of a kind that has not such
    a thing."""
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        from pressrun.readers.spreadsheet import read_spreadsheet  # which few campaigns need

        table, findings = read_spreadsheet(path, file, how, asked_at=asked_at)
        unused: dict[str, object] = {"encoding": how.encoding}
    elif suffix in COLUMNAR:
        from pressrun.readers.columnar_file import read_columnar

        table, findings = read_columnar(path, file, asked_at=asked_at)
        unused = {"sheet": how.sheet, "header": how.header, "encoding": how.encoding}
    elif suffix in PAGES:
        from pressrun.readers.html_table import read_html_table

        table, findings = read_html_table(path, file, how, asked_at=asked_at)
        unused = {}
    elif how.widths:
        from pressrun.readers.fixed_width import read_fixed_width

        return read_fixed_width(path, file, how, asked_at=asked_at)
    elif suffix in json_table.SUFFIXES:
        table, findings = json_table.read_json_table(path, file, asked_at=asked_at)
        unused = {"sheet": how.sheet, "header": how.header, "encoding": how.encoding}
    else:
        table, findings = read_csv(path, file, how, asked_at=asked_at)
        unused = {"sheet": how.sheet}
    unused["widths"] = how.widths or None
    told = [_unused(key, file, asked_at) for key, said in unused.items() if said is not None]
    return table, findings + told


def _unused(key: str, file: str, asked_at: Place | None) -> Finding:
    message = f"`{key}` says nothing of a file of this kind"
    return Finding(Severity.WARNING, "unused-option", message, asked_at or Place(file), f"take `{key}` out")
