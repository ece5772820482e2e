"""A table from a file, by the kind that its ending names: a workbook, JSON, Parquet, HTML, else a text: CSV. What shops
and stock systems call .xls is often a page or a text, and is read as that."""

from __future__ import annotations

from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers import json_table
from pressrun.readers.csv_file import read_csv
from pressrun.readers.trimmed_cells import trimmed
from pressrun.readers.written_table import TableFormat, WrittenTable

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
COLUMNAR = (".parquet", ".feather", ".arrow")
PAGES = (".html", ".htm")
AS_IT_IS = TableFormat()
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")  # what workbooks begin with: zip archives, and OLE containers before them
_HEAD = 4096  # bytes
_SPREADSHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"  # the namespace of XML Spreadsheet 2003
_SAVE = "open it in a spreadsheet, and save it as xlsx or CSV"


def read_written(
    path: Path, file: str, how: TableFormat = AS_IT_IS, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Codes: those of the kind's own reader, ``unused-option`` where something is said of a kind that has not such
    a thing, ``no-workbook``, a note of what is only called so, and ``wrong-file-type`` of XML, which is no table."""
    table, findings = _read(path, file, how, asked_at)
    return trimmed(table) if table is not None and how.trim else table, findings


def _read(
    path: Path, file: str, how: TableFormat, asked_at: Place | None
) -> tuple[WrittenTable | None, list[Finding]]:
    suffix = path.suffix.lower()
    if odd := _of_xml(path, file):
        return None, [odd]
    if suffix in WORKBOOKS and (really := _only_called_so(path)):
        what, read = ("a page in HTML", _read_page) if really in PAGES else ("a text", read_csv)
        table, findings = read(path, file, how, asked_at=asked_at)
        message = f"it is called {suffix} and is {what}, and so it is read"
        return table, [*findings, Finding(Severity.NOTE, "no-workbook", message, Place(file))]
    if suffix in WORKBOOKS:
        from pressrun.readers.spreadsheet import read_spreadsheet  # which few campaigns need

        table, findings = read_spreadsheet(path, file, how, asked_at=asked_at)
        unused: dict[str, object] = {"encoding": how.encoding}
    elif suffix in COLUMNAR:
        from pressrun.readers.columnar_file import read_columnar

        table, findings = read_columnar(path, file, asked_at=asked_at)
        unused = {"sheet": how.sheet, "header": how.header, "encoding": how.encoding}
    elif suffix in PAGES:
        table, findings = _read_page(path, file, how, asked_at=asked_at)
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


def _read_page(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None
) -> tuple[WrittenTable | None, list[Finding]]:
    from pressrun.readers.html_table import read_html_table

    return read_html_table(path, file, how, asked_at=asked_at)


def _begins(path: Path) -> str:
    """The first signs of a file that may be a text, in small letters; empty of any other, and of none."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return ""  # its reader tells why
    if head.startswith(_PACKED):
        return ""
    return head.decode("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1", "replace").casefold()


def _of_xml(path: Path, file: str) -> Finding | None:
    """What is told of a file of XML that is no page."""
    said = _begins(path)
    if _SPREADSHEET_2003 in said and "<html" not in said:
        message = "it is a workbook as Excel 2003 writes it in XML, which is not read"
        return Finding(Severity.ERROR, "wrong-file-type", message, Place(file), _SAVE)
    if said.removeprefix("\xef\xbb\xbf").lstrip().startswith("<?xml") and "<html" not in said and "<table" not in said:
        message = "it is XML, which is read as no table"
        return Finding(Severity.ERROR, "wrong-file-type", message, Place(file), _SAVE)
    return None


def _only_called_so(path: Path) -> str:
    """The ending that a file which is called a workbook should have, if it is a page or a text; empty of any other."""
    said = _begins(path)
    if not said:
        return ""
    if "<table" in said or "<html" in said:
        return ".html"
    is_text = "<?xml" not in said and not any(one < " " and one not in "\t\r\n" for one in said)
    return ".txt" if is_text and any(sign in said.partition("\n")[0] for sign in "\t;,|") else ""


def _unused(key: str, file: str, asked_at: Place | None) -> Finding:
    message = f"`{key}` says nothing of a file of this kind"
    return Finding(Severity.WARNING, "unused-option", message, asked_at or Place(file), f"take `{key}` out")
