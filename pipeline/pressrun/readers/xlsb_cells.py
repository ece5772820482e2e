"""Odd cells of binary workbooks (MS-XLSB): records of a kind, a length and bytes."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator

from pressrun.readers.number_formats import AS_IT_IS, BUILT_IN, NumberFormat, looked_for, told
from pressrun.readers.packages import Package
from pressrun.readers.serial_dates import EPOCH_1900, EPOCH_1904
from pressrun.readers.sheet_formats import BrokenWorkbook, OddCells, checked_size

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11  # of cells (2.1.7.62)
_TEXTS = (6, 7, 8)
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 47, 617, 618
_WORKBOOK, _SHEET = 153, 156
_ROW_FLAGS, _NO_HEIGHT = 11, 0x10  # where a row says that it is hidden (BrtRowHdr)
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip


def odd_in_xlsb(packed: Package, workbook: str, sheet: str, odd: OddCells) -> OddCells:
    """Raises what the parser and the archive raise, BrokenWorkbook and ValueError."""
    try:
        part, epoch = _part_and_epoch(packed, workbook, sheet)
        return _odd(packed, part, _formats(packed, workbook), epoch, odd) if part else odd
    except (struct.error, IndexError) as error:
        raise BrokenWorkbook(f"a record of it is too short: {error}") from error


def _odd(packed: Package, part: str, formats: list[NumberFormat], epoch: dt.datetime, odd: OddCells) -> OddCells:
    row = -1
    for kind, data in _records(packed, part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if data[_ROW_FLAGS] & _NO_HEIGHT:
                odd.hidden.add(row)
        elif kind in (_ERROR, _FORMULA_ERROR):
            (column,) = struct.unpack_from("<I", data)
            odd.without_value((row, column), _ERRORS.get(data[8], "#ERROR"))
        elif kind in (_RK, _REAL, _FORMULA_NUMBER, *_TEXTS):
            column, style = struct.unpack_from("<II", data)
            format = formats[style & 0xFFFFFF] if style & 0xFFFFFF < len(formats) else AS_IT_IS
            if kind in _TEXTS:
                odd.word((row, column), format.text)
            elif format != AS_IT_IS:
                value = _of_rk(data[8:12]) if kind == _RK else struct.unpack_from("<d", data, 8)[0]
                told(odd, (row, column), repr(value), format, epoch)
    return odd


def _of_rk(data: bytes) -> float:
    """A number in four bytes: an integer, or the upper part of a double, perhaps times a hundred (2.5.122)."""
    (bits,) = struct.unpack("<i", data)
    number = float(bits >> 2) if bits & 2 else struct.unpack("<d", struct.pack("<q", (bits & ~3) << 32))[0]
    return number / 100 if bits & 1 else float(number)


def _formats(packed: Package, workbook: str) -> list[NumberFormat]:
    """Of each style what is looked for of its format."""
    if (part := packed.styles_of(workbook)) is None:
        return []
    written, styles, inside = dict(BUILT_IN), list[int](), False
    for kind, data in _records(packed, part):
        if kind == _FORMAT:
            written[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    return [looked_for(written.get(number, "")) for number in styles]


def _part_and_epoch(packed: Package, workbook: str, sheet: str) -> tuple[str | None, dt.datetime]:
    relations = packed.relations(workbook)
    found, epoch = None, EPOCH_1900
    for kind, data in _records(packed, workbook):
        if kind == _WORKBOOK and data[0] & 1:
            epoch = EPOCH_1904
        elif kind == _SHEET:
            relation, behind = _text(data, 8)
            if _text(data, behind)[0] == sheet:
                found = relations.get(relation)
    return found.part if found else None, epoch


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, and where it ends; empty where there is none."""
    (length,) = struct.unpack_from("<I", data, at)
    at += 4
    if length == 0xFFFFFFFF:
        return "", at
    return data[at : at + 2 * length].decode("utf-16-le"), at + 2 * length


def _records(packed: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Kinds in one or two bytes, lengths in up to four, of seven bits each (2.1.4)."""
    checked_size(packed, part)
    data = packed.read(part)
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, data[at : at + length]
        at += length
