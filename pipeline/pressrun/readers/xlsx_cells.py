"""Odd cells of Office Open XML spreadsheets (ECMA-376, part 1).

Of a large sheet nearly all cells are plain, and walking through each of them takes ten times what the library takes for
the whole: so those that may be odd are found by one pattern, and they alone are looked at: numbers by another pattern,
all others by walking through them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from pressrun.readers.number_formats import AS_IT_IS, BUILT_IN, NumberFormat, looked_for, told
from pressrun.readers.packages import Package
from pressrun.readers.serial_dates import EPOCH_1900, EPOCH_1904
from pressrun.readers.sheet_formats import CHUNK, DIGITS, Attributes, OddCells, Walk, checked_size, name_of, walk

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)\Z")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]*?\?>", re.DOTALL)
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"']|us-ascii[\"'])", re.IGNORECASE)
_ROOT = re.compile(rb"\s*<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_NUMBER = re.compile(  # as Excel and LibreOffice write those that have a style
    rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})" s="(\d{1,5})"(?: t="n")?><v>(-?[\d.]+(?:E[-+]?\d+)?)</v></c>'
)
_OF_NO_STYLE = "0"  # the style of a cell that names none (18.3.1.4)
_TEXTS = ("s", "str", "inlineStr")
_LONGEST_ROW = 64 * CHUNK
Formats = Mapping[str, NumberFormat]  # by style


def odd_in_xlsx(packed: Package, workbook: str, sheet: str, odd: OddCells) -> OddCells:
    """Raises what the parser and the archive raise, BrokenWorkbook and ValueError."""
    part, formats = _part_of(packed, workbook, sheet), _formats(packed, workbook)
    if part is None or (odd.among_texts and not formats):
        return odd
    checked_size(packed, part)
    epoch = _epoch(packed, workbook)
    cells = _Cells(formats, odd, epoch)
    any_may_be_odd = _OF_NO_STYLE in formats
    if any_may_be_odd or not _seen_through(packed, part, cells, formats):
        cells = _Cells(formats, OddCells(among_texts=odd.among_texts), epoch)
        walk(packed, part, cells.began, cells.ended)
    return cells.odd


class _Cells:
    """Walks through the rows of a sheet."""

    def __init__(self, formats: Formats, odd: OddCells, epoch: dt.datetime = EPOCH_1900) -> None:
        self.formats, self.epoch = formats, epoch
        self.odd = odd
        self.row = self.column = -1
        self.kind, self.format = "", AS_IT_IS
        self.formula = False
        self.value: str | None = None

    def number(self, column: bytes, row: bytes, style: bytes, value: bytes) -> None:
        """Note a number of which all is known."""
        cell = int(row) - 1, _column(column.decode())
        told(self.odd, cell, value.decode(), self.formats.get(style.decode(), AS_IT_IS), self.epoch)

    def began(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.column += 1
            if at := _REFERENCE.match(attributes.get("r", "")):  # which a cell need not have
                self.row, self.column = int(at[2]) - 1, _column(at[1])
            self.kind = attributes.get("t", "n")
            self.format = self.formats.get(attributes.get("s", _OF_NO_STYLE), AS_IT_IS)
            self.formula, self.value = False, None
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            if attributes.get("hidden", "0") in ("1", "true"):
                self.odd.hidden.add(self.row)

    def ended(self, name: str, text: str) -> None:
        if name == "v":
            self.value = text
        elif name == "c":
            self._add()

    def _add(self) -> None:
        cell, value = (self.row, self.column), self.value
        if self.kind == "e":
            self.odd.without_value(cell, value or "#ERROR")
        elif self.formula and not value and self.kind in ("n", "str", "b"):
            if self.kind != "str" or value is None:
                self.odd.without_value(cell, None)
        elif self.kind == "n" and value:
            told(self.odd, cell, value, self.format, self.epoch)
        elif self.kind in _TEXTS:
            self.odd.word(cell, self.format.text)


def _seen_through(packed: Package, part: str, cells: _Cells, formats: Formats) -> bool:
    """Walk through those cells alone that may be odd; False where a sheet is not written as plainly as all are."""
    left = b""
    begun: tuple[bytes, re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]] | None = None
    found = Walk(cells.began, cells.ended)
    found.feed(b"<found>")
    with packed.open(part) as opened:
        while chunk := opened.read(CHUNK):
            text = left + chunk
            if begun is None:
                declared = _DECLARATION.match(text)
                if declared and _OTHER_ENCODING.search(declared[0]):
                    return False
                text = text[declared.end() :] if declared else text
                if (root := _ROOT.match(text)) is None:
                    return False
                prefix = re.escape(root[1] + b":") if root[1] else b""
                end = b"</%brow>" % (root[1] + b":" if root[1] else b"")
                begun = end, _odd(prefix, formats, cells.odd.among_texts), _nameless(prefix), _hidden(prefix)
            row_end, odd, nameless, hidden = begun
            cut = text.rfind(row_end) + 1
            text, left = text[:cut], text[cut:]
            if b"<!" in text or b"<?" in text or nameless.search(text) or len(left) > _LONGEST_ROW:
                return False
            rows = [one[0] + b"/>" for one in hidden.finditer(text)] if b"hidden" in text else []
            for one in odd.finditer(text):
                if plain := _NUMBER.fullmatch(one[0]):
                    cells.number(*plain.groups())
                else:
                    rows.append(one[0])
            if rows:
                found.feed(b"".join(rows))
    found.feed(b"</found>", last=True)
    return True


def _odd(prefix: bytes, formats: Formats, among_texts: frozenset[int]) -> re.Pattern[bytes]:
    """What finds cells that may be odd: with errors, formulas, numbers of many digits or of styles that show them in
    another way, or with more decimal places than their style has; below zero, and zeros, where they have their own. Of
    columns ``among_texts``, where there are some, all that have a style."""
    other, rounding, numbers = list[str](), dict[int, list[str]](), dict[bytes, list[str]]()
    for style, format in formats.items():
        if format.kept:
            other.append(style)
            continue
        if format.above.places is not None:
            rounding.setdefault(format.above.places, []).append(style)
        if format.of_less:
            numbers.setdefault(rb"-", []).append(style)
        if format.of_zero:
            numbers.setdefault(rb"-?[0.]+(?:[eE][^<>]*)?\s*<", []).append(style)
    asks = rb"[^<>]*\s(?:t\s*=\s*[\"']e[\"']|%b)" % _of(other)
    for places, styles in rounding.items():
        numbers[rb"-?(?:\d*\.\d{%d}|[\d.]+[eE]-)" % (places + 1)] = styles
    for number, styles in numbers.items():
        asks += rb"|[^<>]*\s%b[^<>]*>\s*<%bv[^<>]*>\s*%b" % (_of(styles), prefix, number)
    holds = rb"[^<>]*>\s*<%b(?:f[\s/>]|v[^<>]*>\s*-?\d{%d})" % (prefix, DIGITS + 1)
    if among_texts:
        names = b"|".join(name_of((0, column))[:-1].encode() for column in sorted(among_texts))
        asks = rb"[^<>]*\sr\s*=\s*[\"'](?:%b)\d)"
        asks = asks % names + rb"(?![^<>]*\st\s*=\s*[\"'](?!n[\"']))(?=[^<>]*\s%b" % _of(formats)
        holds = rb"(?!)"
    # To the next cell at most: of one that is not closed, the walk through what was found knows.
    inside = rb"[^<]*+(?:<(?!/?%bc[\s/>])[^<]*+)*+(?:</%bc\s*>)?" % (prefix, prefix)
    return re.compile(rb"<%bc(?=\s)(?:(?=%b)|(?=%b))(?:[^<>]*/>|[^<>]*>%b)" % (prefix, asks, holds, inside))


def _of(styles: Iterable[str]) -> bytes:
    """A pattern of the attribute of cells that have one of these styles."""
    return rb"s\s*=\s*[\"'](?:%b)[\"']" % (b"|".join(style.encode() for style in styles) or b"(?!)")


def _nameless(prefix: bytes) -> re.Pattern[bytes]:
    """What finds a cell that does not say where it is, and so is known by those before it."""
    return re.compile(rb"<%bc(?:[/>]|\s(?![^<>]*\br\s*=))" % prefix)


def _hidden(prefix: bytes) -> re.Pattern[bytes]:
    """What finds the beginning of a row that is hidden and says which it is."""
    return re.compile(rb"<%brow(?=\s[^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'])(?=\s[^<>]*\br\s*=)[^<>/]*" % prefix)


def _part_of(packed: Package, workbook: str, sheet: str) -> str | None:
    ids: dict[str, str] = {}

    def sheets(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            ids[attributes.get("name", "")] = attributes.get("id", "")

    walk(packed, workbook, sheets)
    found = packed.relations(workbook).get(ids.get(sheet, ""))
    return found.part if found else None


def _epoch(packed: Package, workbook: str) -> dt.datetime:
    """From when on days are counted."""
    found = [EPOCH_1900]

    def began(name: str, attributes: Attributes) -> None:
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            found.append(EPOCH_1904)

    walk(packed, workbook, began)
    return found[-1]


def _formats(packed: Package, workbook: str) -> Formats:
    """Of each style that shows numbers not as they are, how."""
    if (part := packed.styles_of(workbook)) is None:
        return {}
    written: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    styles: dict[str, NumberFormat] = {}
    inside: list[str] = []

    def began(name: str, attributes: Attributes) -> None:
        inside.append(name)
        if name == "numFmt":
            written[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            styles[str(len(styles))] = looked_for(written.get(attributes.get("numFmtId", ""), ""))

    def ended(name: str, text: str) -> None:
        inside.pop()

    walk(packed, part, began, ended)
    return {style: format for style, format in styles.items() if format != AS_IT_IS}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
