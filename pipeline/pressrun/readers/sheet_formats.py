"""What libraries do not tell of the cells of a workbook: numbers that are shown padded or as percentages, formulas
without a value, errors, and numbers with more digits than a float holds. Read from the XML of the file itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.parsers import expat

Cell = tuple[int, int]  # row and column, from 0
Attributes = dict[str, str]
LARGEST_PART = 2_000_000_000  # bytes of one part, unpacked
_CHUNK = 1 << 20
_DIGITS = 15  # as many as a float keeps of a whole number
_PADDED = re.compile(r"0{2,}\Z")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)\Z")
_BUILT_IN = {9: "0%", 10: "0.00%"}  # of number formats that need not be written (ECMA-376, 18.8.30)


@dataclass(frozen=True, slots=True)
class OddCell:
    """``padded``: the number, with as many digits as are shown; ``percent``: the number; ``long``: all of its digits;
    ``error``: what the cell shows; ``no-value``: the formula."""

    kind: Literal["padded", "percent", "long", "error", "no-value"]
    text: str


class BrokenWorkbook(Exception):
    """XML that is none, or is larger than any table."""


def odd_cells(path: Path, sheet: str) -> dict[Cell, OddCell] | None:
    """Those of a sheet; None of a kind of file whose cells cannot be told so (xls, xlsb). Raises BrokenWorkbook."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if "xl/workbook.xml" in names:
                return dict(_of_xlsx(packed, sheet))
            if "content.xml" in names:
                return dict(_of_ods(packed, sheet))
    except zipfile.BadZipFile:
        return None
    except (KeyError, OSError, expat.ExpatError, ValueError, NotImplementedError) as error:
        raise BrokenWorkbook(str(error)) from error
    return None


def name_of(cell: Cell) -> str:
    """A cell as spreadsheets name it: D14."""
    row, column = cell
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _parse(
    packed: zipfile.ZipFile, part: str, begin: Callable[[str, Attributes], None],
    end: Callable[[str, str], None] | None = None,
) -> None:  # fmt: skip
    """Walk through a part: names without their prefixes; ``end`` is told the text inside, too."""
    info = packed.getinfo(part)
    if info.file_size > LARGEST_PART:
        raise BrokenWorkbook(f"{part} unpacks to {info.file_size / 1e9:.0f} GB")
    parser = expat.ParserCreate()
    texts: list[str] = []

    def started(name: str, attributes: Attributes) -> None:
        texts.clear()
        begin(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def ended(name: str) -> None:
        if end is not None:
            end(name.rpartition(":")[2], "".join(texts))

    def refused(*_: object) -> None:
        raise BrokenWorkbook("it declares a document type, which no spreadsheet does")

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = refused
    with packed.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)


# ------------------------------------------------------------------------------------------- Office Open XML (ECMA-376)


def _of_xlsx(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[Cell, OddCell]]:
    part, formats = _part_of(packed, sheet), _formats(packed)
    if part is None:
        return
    found: list[tuple[Cell, OddCell]] = []
    at, kind, format = "", "", ""
    formula: str | None = None
    value: str | None = None

    def begin(name: str, attributes: Attributes) -> None:
        nonlocal at, kind, format, formula, value
        if name == "c":
            at, kind = attributes.get("r", ""), attributes.get("t", "n")
            format = formats.get(attributes.get("s", "0"), "")
            formula = value = None
        elif name == "f":
            formula = ""

    def end(name: str, text: str) -> None:
        nonlocal formula, value
        if name == "f":
            formula = text
        elif name == "v":
            value = text
        elif name == "c" and (odd := _odd_number(kind, format, formula, value)):
            cell = _REFERENCE.match(at)
            if cell:
                found.append(((int(cell[2]) - 1, _column(cell[1])), odd))

    _parse(packed, part, begin, end)
    yield from found


def _odd_number(kind: str, format: str, formula: str | None, value: str | None) -> OddCell | None:
    if kind == "e":
        return OddCell("error", value or "#ERROR")
    if formula is not None and not value and kind in ("n", "str", "b"):
        return OddCell("no-value", f"={formula}") if kind != "str" or value is None else None
    if kind != "n" or not value:
        return None
    digits = value.removeprefix("-").removesuffix(".0")
    if format.startswith("0") and _PADDED.match(format) and digits.isdigit():
        return OddCell("padded", digits.zfill(len(format)))
    if format.endswith("%"):
        return OddCell("percent", value)
    return OddCell("long", value) if digits.isdigit() and len(digits) > _DIGITS else None


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str | None:
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheets(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            ids[attributes.get("name", "")] = attributes.get("id", "")

    def relations(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(packed, "xl/workbook.xml", sheets)
    _parse(packed, "xl/_rels/workbook.xml.rels", relations)
    target = targets.get(ids.get(sheet, ""), "")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if target and part in packed.namelist() else None


def _formats(packed: zipfile.ZipFile) -> dict[str, str]:
    """The plain part of the number format of each style that is looked for."""
    if "xl/styles.xml" not in packed.namelist():
        return {}
    written: dict[str, str] = {str(number): code for number, code in _BUILT_IN.items()}
    styles: dict[str, str] = {}
    inside: list[str] = []

    def begin(name: str, attributes: Attributes) -> None:
        inside.append(name)
        if name == "numFmt":
            written[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            code = written.get(attributes.get("numFmtId", ""), "").split(";")[0]
            styles[str(len(styles))] = _LITERALS.sub("", code).strip()

    def end(name: str, text: str) -> None:
        inside.pop()

    _parse(packed, "xl/styles.xml", begin, end)
    return {style: code for style, code in styles.items() if _PADDED.match(code) or code.endswith("%")}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# --------------------------------------------------------------------------------------------------- OpenDocument (1.3)


class _OdsCells:
    """Walks through the tables of a content.xml."""

    def __init__(self, sheet: str, digits: Mapping[str, int]) -> None:
        self.sheet, self.digits = sheet, digits
        self.found: list[tuple[Cell, OddCell]] = []
        self.is_here = False
        self.row = self.column = 0
        self.rows_repeated = 1
        self.cell: Attributes = {}
        self.shown: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.is_here, self.row = attributes.get("name") == self.sheet, 0
        elif name == "table-row":
            self.column, self.rows_repeated = 0, int(attributes.get("number-rows-repeated", "1"))
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.shown = attributes, []

    def end(self, name: str, text: str) -> None:
        if name == "p":
            self.shown.append(text)
        elif name in ("table-cell", "covered-table-cell"):
            if self.is_here and (odd := self._odd()):
                self.found.append(((self.row, self.column), odd))
            self.column += int(self.cell.get("number-columns-repeated", "1"))
        elif name == "table-row":
            self.row += self.rows_repeated

    def _odd(self) -> OddCell | None:
        kind, value, shown = self.cell.get("value-type", ""), self.cell.get("value", ""), "\n".join(self.shown)
        if "formula" in self.cell and (shown.startswith(("#", "Err:")) or kind == "error"):
            return OddCell("error", shown or "#ERROR")
        if "formula" in self.cell and not kind and not shown:
            return OddCell("no-value", self.cell["formula"].partition(":")[2])
        if kind == "percentage":
            return OddCell("percent", value)
        digits = value.removeprefix("-")
        if kind != "float" or not digits.isdigit():
            return None
        if (least := self.digits.get(self.cell.get("style-name", ""), 0)) > 1:
            return OddCell("padded", digits.zfill(least))
        return OddCell("long", value) if len(digits) > _DIGITS else None


def _of_ods(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[Cell, OddCell]]:
    digits: dict[str, int] = {}
    shown_by: dict[str, str] = {}
    style = ""

    def styles(name: str, attributes: Attributes) -> None:
        nonlocal style
        if name == "style":
            shown_by[attributes.get("name", "")] = attributes.get("data-style-name", "")
        elif name.endswith("-style"):
            style = attributes.get("name", "")
        elif name == "number" and attributes.get("decimal-places", "0") == "0":
            digits[style] = int(attributes.get("min-integer-digits", "0"))

    for part in ("styles.xml", "content.xml"):
        if part in packed.namelist():
            _parse(packed, part, styles)
    cells = _OdsCells(sheet, {name: digits[data] for name, data in shown_by.items() if data in digits})
    _parse(packed, "content.xml", cells.begin, cells.end)
    yield from cells.found
