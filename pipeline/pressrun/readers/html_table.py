"""The table of a web page. Its cells are text as they are shown; one that spans several stands in each of them."""

from __future__ import annotations

import re
from array import array
from html.parser import HTMLParser
from pathlib import Path

from msgspec import Struct, field

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.composed_text import composed
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.text_encodings import decoded_text, with_doubts
from pressrun.readers.written_table import MOST_COLUMNS, TableFormat, WrittenTable

MOST_SPANNED = 1_000  # cells: more is a slip, or a trap
_BREAKS = frozenset(("br", "p", "div", "li"))
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_UNSEEN = frozenset(("script", "style", "template"))


class _Found(Struct):
    """A table of the page: its id or caption, and the cells of its rows, each row with its line."""

    name: str = ""
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    below: dict[int, tuple[int, str]] = field(default_factory=dict)  # columns that a cell above still spans
    in_head: bool = False
    heads: set[int] = field(default_factory=set)  # rows of the table's head
    plain: set[int] = field(default_factory=set)  # rows that have a cell which names nothing (`td`)
    wide: dict[int, str] = field(default_factory=dict)  # what goes over several columns, by row

    def names(self, row: int) -> bool:
        """Whether a row is one of names: of the head, or of none but naming cells, where others below are not."""
        return row in self.heads or (row not in self.plain and row < max(self.plain, default=-1))


def read_html_table(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Read the first table, or the one whose id or caption is the ``sheet``. Codes: those of `decoded_text`,
    ``empty-file``, ``unknown-sheet``, ``merged-header``, ``header-below`` (a note of further rows of names,
    which are left out, where the job says which it wants)."""
    read, findings = decoded_text(path, file, how, asked_at=asked_at)
    if read is None:
        return None, findings
    text, encoded = read
    page = _Page()
    page.feed(text)
    page.close()
    tables = [one for one in page.tables if one.rows]
    if how.sheet is not None:
        tables = [one for one in tables if one.name == how.sheet]
        if not tables:
            names = [one.name for one in page.tables if one.name]
            message = f"'{file}' has no table '{how.sheet}'"
            hint = did_you_mean(how.sheet, names, "tables")
            return None, [*findings, Finding(Severity.ERROR, "unknown-sheet", message, asked_at or Place(file), hint)]
    if not tables:
        return None, [*findings, Finding(Severity.ERROR, "empty-file", "there is no table in it", Place(file))]
    table, rows = tables[0], tables[0].rows
    begin = (how.header or 1) - 1
    if begin >= len(rows):
        message = f"the table has {len(rows)} rows, and none {how.header}"
        return None, [*findings, Finding(Severity.ERROR, "empty-file", message, asked_at or Place(file))]
    last = begin
    while last + 1 < len(rows) and table.names(last + 1):
        last += 1
    if how.header is None and (fault := _which_names(table, begin, last, file)):
        return None, [*findings, fault]
    if last > begin:
        message = f"rows of names are left out below the one that is wanted: {last - begin} of them"
        findings.append(Finding(Severity.NOTE, "header-below", message, Place(file, rows[begin + 1][0])))
    header_line, header = rows[begin]
    width = min(MOST_COLUMNS, max(max(cells, default=-1) for _, cells in rows[begin:]) + 1)
    headers = tuple([header.get(at, "") for at in range(width)])
    columns = tuple([cells.get(at, "") for _, cells in rows[last + 1 :]] for at in range(width))
    lines = array("Q", [line for line, _ in rows[last + 1 :]])
    return with_doubts(WrittenTable(file, header_line, headers, columns, lines), encoded), findings


def _which_names(table: _Found, begin: int, last: int, file: str) -> Finding | None:
    """What is told where it is not sure which row names the columns."""
    place = Place(file, table.rows[begin][0])
    if begin in table.wide and len(table.rows) > begin + 1:
        message = f"'{table.wide[begin]}' is one cell over several columns, where their names are looked for"
        hint = f"write `header: {begin + 2}` if the names stand below, `header: {begin + 1}` if they are these"
        return Finding(Severity.ERROR, "merged-header", message, place, hint)
    if last > begin:
        message = f"the table has {last - begin + 1} rows of names"
        hint = f"write `header: {last + 1}` beside the file for the lowest, or another"
        return Finding(Severity.ERROR, "header-below", message, place, hint)
    return None


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Found] = []
        self._open: list[_Found] = []
        self._text: list[str] | None = None
        self._spans = 1, 1
        self._unseen = 0
        self._caption: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._end_cell()
            self._open.append(_Found(said.get("id", "")))
            self.tables.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._begin_row()
        elif tag in _GROUPS:
            self._end_cell()
            self._open[-1].in_head = tag == "thead"
        elif tag in ("td", "th"):
            self._end_cell()
            if not self._open[-1].rows:
                self._begin_row()
            if tag == "td":
                self._open[-1].plain.add(len(self._open[-1].rows) - 1)
            self._text, self._spans = [], (_span(said.get("colspan")), _span(said.get("rowspan")))
        elif tag == "caption":
            self._caption = []
        elif tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS and self._text:
            self._text.append("\0")

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "thead":
            self._open[-1].in_head = False
        elif tag == "table":
            self._end_cell()
            self._open.pop()
        elif tag == "caption" and self._caption is not None:
            self._open[-1].name = self._open[-1].name or _shown(self._caption)
            self._caption = None
        elif tag in _UNSEEN and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        if self._caption is not None:
            self._caption.append(data)
        elif self._text is not None and not self._unseen:
            self._text.append(data)

    def _begin_row(self) -> None:
        table = self._open[-1]
        row: dict[int, str] = {}
        for at, (rest, text) in list(table.below.items()):
            row[at] = text
            table.below[at] = rest - 1, text
            if rest == 1:
                del table.below[at]
        if table.in_head:
            table.heads.add(len(table.rows))
        table.rows.append((self.getpos()[0], row))

    def _end_cell(self) -> None:
        if self._text is None:
            return
        text, self._text = _shown(self._text), None
        row = self._open[-1].rows[-1][1]
        at = next(number for number in range(MOST_COLUMNS + MOST_SPANNED) if number not in row)
        wide, high = self._spans
        if wide > 1 and text:
            self._open[-1].wide.setdefault(len(self._open[-1].rows) - 1, text)
        for number in range(at, at + wide):
            row[number] = text
            if high > 1:
                self._open[-1].below[number] = high - 1, text


def _shown(parts: list[str]) -> str:
    lines = re.sub(r"[ \t\r\n\f]+", " ", "".join(parts)).split("\0")
    return composed("\n".join(line.strip() for line in lines).strip())


def _span(said: str | None) -> int:
    return min(MOST_SPANNED, max(1, int(said))) if said and said.isascii() and said.strip().isdigit() else 1
