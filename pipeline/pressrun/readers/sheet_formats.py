"""What libraries do not tell of the cells of a workbook: numbers that are shown padded or as percentages, formulas
without a value, errors, and numbers with more digits than a float holds. Read from the XML of the file itself."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any
from xml.parsers import expat

from msgspec import Struct, field

Cell = tuple[int, int]  # row and column, from 0
Attributes = dict[str, str]
Began = Callable[[str, Attributes], None]
Ended = Callable[[str, str], None]
Inline = Callable[[str, Attributes], str | None]
LARGEST_PART = 2_000_000_000  # bytes of one part, unpacked
PLACE = "\0"  # of a digit, in the picture of a number
DIGITS = 15  # as many as a float keeps of a number
CHUNK = 1 << 20
CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what old workbooks begin with, and locked ones (MS-CFB 2.2)
_AS_SHOWN = Context(prec=DIGITS, Emin=-308, Emax=308)


class OddCells(Struct, frozen=True):
    """Cells of a sheet by column and row. ``shown`` is the text of numbers that are not shown as they are: padded, as a
    percentage, or of more digits than a float holds; ``rounded`` what numbers hold and what is shown of them, where
    that is less; ``worded`` what is shown of texts that other words stand round, with `PLACE` for the text itself;
    ``hidden`` the rows that are not seen; ``faults`` the error that stands in a cell, None of a formula without a
    value. Of columns ``among_texts``, which alone are asked for where there are some, ``dressed`` has what numbers and
    dates are read as, and what is shown of them, where that is not the same."""

    shown: dict[int, dict[int, str]] = field(default_factory=dict)
    rounded: dict[int, dict[int, tuple[str, str]]] = field(default_factory=dict)
    worded: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    faults: dict[int, dict[int, str | None]] = field(default_factory=dict)
    dressed: dict[int, dict[int, tuple[str, str]]] = field(default_factory=dict)
    among_texts: frozenset[int] = frozenset()

    def show(self, cell: Cell, text: str) -> None:
        self.shown.setdefault(cell[1], {})[cell[0]] = text

    def round(self, cell: Cell, held_and_shown: tuple[str, str]) -> None:
        self.rounded.setdefault(cell[1], {})[cell[0]] = held_and_shown

    def dress(self, cell: Cell, read_and_shown: tuple[str, str]) -> None:
        self.dressed.setdefault(cell[1], {})[cell[0]] = read_and_shown

    def word(self, cell: Cell, picture: str) -> None:
        if picture != PLACE:
            self.worded.setdefault(cell[1], {})[cell[0]] = picture

    def without_value(self, cell: Cell, error: str | None) -> None:
        self.faults.setdefault(cell[1], {})[cell[0]] = error

    def repeat(self, cell: Cell, rows: range, columns: range) -> None:
        """Say of all these cells what is said of one."""
        row, column = cell
        kinds: tuple[dict[int, dict[int, Any]], ...] = (
            self.shown, self.rounded, self.worded, self.faults, self.dressed,
        )  # fmt: skip
        for said in kinds:
            if row in (of_column := said.get(column, {})):
                for other in columns:
                    said.setdefault(other, {}).update(dict.fromkeys(rows, of_column[row]))


class BrokenWorkbook(Exception):
    """XML that is none, or is larger than any table."""


class Walk:
    """Walks through XML that comes in pieces: names without their prefixes; ``ended`` is told the text inside, too,
    since the last element in it that is not ``inline``, which answers what such a one is within a text."""

    def __init__(self, began: Began, ended: Ended | None = None, inline: Inline | None = None) -> None:
        self._began, self._ended, self._inline = began, ended, inline
        self._texts: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self._texts.append
        self._parser.StartDoctypeDeclHandler = _refused

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        self._parser.Parse(piece, last)

    def _start(self, name: str, attributes: Attributes) -> None:
        name, attributes = name.rpartition(":")[2], {key.rpartition(":")[2]: said for key, said in attributes.items()}
        if self._inline is not None and (text := self._inline(name, attributes)) is not None:
            self._texts.append(text)
            return
        self._texts.clear()
        self._began(name, attributes)

    def _end(self, name: str) -> None:
        if self._ended is not None:
            self._ended(name.rpartition(":")[2], "".join(self._texts))


def _refused(*_: object) -> None:
    raise BrokenWorkbook("it declares a document type, which no spreadsheet does")


def walk(
    packed: zipfile.ZipFile, part: str, began: Began, ended: Ended | None = None, inline: Inline | None = None
) -> None:
    """Walk through a part from beginning to end."""
    checked_size(packed, part)
    walk = Walk(began, ended, inline)
    with packed.open(part) as opened:
        while chunk := opened.read(CHUNK):
            walk.feed(chunk)
    walk.feed(b"", last=True)


def checked_size(packed: zipfile.ZipFile, part: str) -> None:
    size = packed.getinfo(part).file_size
    if size > LARGEST_PART:
        raise BrokenWorkbook(f"{part} unpacks to {size / 1e9:.0f} GB")


def name_of(cell: Cell) -> str:
    """A cell as spreadsheets name it: D14."""
    row, column = cell
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def plain(value: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def percentage(value: str) -> str:
    """A number of a file, as a percentage is shown, without the noise of a float's last digits; raises ValueError."""
    try:
        return f"{plain(_AS_SHOWN.plus(Decimal(value)) * 100)}%"
    except ArithmeticError:
        raise ValueError(f"'{value[:40]}' is no number") from None


def held(value: str) -> str:
    """A number of a file without the noise of a float's last digits; raises ValueError."""
    try:
        return plain(_AS_SHOWN.plus(Decimal(value)))
    except ArithmeticError:
        raise ValueError(f"'{value[:40]}' is no number") from None


def rounded(value: str, places: int | None, *, percent: bool, thousands: int = 0) -> tuple[str, str] | None:
    """What a number holds, and what is shown of it with so many decimal places, after so many times a thousandth was
    taken of it; None where that is all of it."""
    if places is None:
        return None
    try:
        whole = _AS_SHOWN.plus(Decimal(value))
        shown = whole.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except ArithmeticError:  # no number, or one of more digits than anything is rounded to
        return None
    if shown == whole:
        return None
    return (percentage(str(whole)), percentage(str(shown))) if percent else (plain(whole), f"{shown:f}")


def figures(value: str, places: int, least: int, *, grouped: bool, percent: bool, thousands: int) -> str:
    """The figures of a number without its sign, as a format of so many decimal places shows them, ``least`` of them
    where they are zeros; raises ValueError."""
    try:
        whole = _AS_SHOWN.plus(abs(Decimal(value))).scaleb(-3 * thousands)
        shown = whole.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) * (100 if percent else 1)
    except ArithmeticError:
        raise ValueError(f"'{value[:40]}' is no number") from None
    written = f"{shown:,f}" if grouped else f"{shown:f}"
    before, _, behind = written.partition(".")
    behind = behind[: places - 2 * percent].rstrip("0").ljust(least, "0")
    return before + (f".{behind}" if behind else "") + "%" * percent


def padded(value: str, picture: str) -> str | None:
    """A whole number in a picture that has `PLACE` for each of its digits, at least; None of any other."""
    whole = value.removeprefix("-").removesuffix(".0")
    if not whole.isdigit():
        return None
    places, sign = picture.count(PLACE), "-" if value.startswith("-") else ""
    digits = whole.zfill(places)
    if places == len(picture):
        return sign + digits
    first, *rest = digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]
    parts = picture.split(PLACE)
    shown = "".join(map("".join, zip(parts, (first, *rest, ""), strict=True)))
    return sign + shown
