"""Binary workbooks (MS-XLSB) as records: what Excel writes into .xlsb, as far as cells go."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass

PACKAGES = "http://schemas.openxmlformats.org/package/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    f'<Types xmlns="{PACKAGES}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)


@dataclass(frozen=True)
class Error:
    """What a cell shows instead of a value, by its number (2.5.97.2): 42 is #N/A."""

    number: int


@dataclass(frozen=True)
class Packed:
    """A number in four bytes, as Excel keeps whole ones, and those of two decimals as hundredths (2.5.122)."""

    number: int
    hundredths: bool = False


Value = str | float | bool | Error | Packed


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record: its kind in one byte or two, its length in sevens of bits (2.1.4)."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0xFF, kind >> 8])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _cell(column: int, value: Value, style: int) -> bytes:
    at = struct.pack("<II", column, style)
    if isinstance(value, bool):
        return _record(0x04, at + bytes([value]))  # BrtCellBool
    if isinstance(value, Error):
        return _record(0x03, at + bytes([value.number]))  # BrtCellError
    if isinstance(value, Packed):
        return _record(0x02, at + struct.pack("<i", value.number << 2 | 2 | value.hundredths))  # BrtCellRk
    if isinstance(value, float):
        return _record(0x05, at + struct.pack("<d", value))  # BrtCellReal
    return _record(0x06, at + _text(value))  # BrtCellSt


def binary_workbook(
    rows: Sequence[Sequence[Value]], *, style: int = 0, format: str = "", epoch_1904: bool = False,
    hidden: Collection[int] = (),
) -> bytes:  # fmt: skip
    """A workbook of one sheet; its cells have the format of this number: 0 is none, 14 a date (18.8.30 of ECMA-376); or
    one that is written."""
    style = 164 if format else style
    width = max(map(len, rows))
    sheet = [_record(0x0181), _record(0x0194, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)), _record(0x0191)]
    for number, cells in enumerate(rows):
        no_height = 0x10 if number in hidden else 0
        sheet.append(_record(0x00, struct.pack("<IIHBBBIII", number, 0, 300, 0, no_height, 0, 1, 0, width)))
        sheet += [_cell(column, value, 1) for column, value in enumerate(cells)]
    sheet += [_record(0x0192), _record(0x0182)]
    formats = b"".join(_record(0x2F, struct.pack("<HH", 0xFFFF, one) + bytes(12)) for one in (0, style))  # BrtXF
    written = _record(0x04E7, struct.pack("<I", 1)) + _record(0x2C, struct.pack("<H", 164) + _text(format)) + _record(0x04E8)
    styles = _record(0x0296) + (written if format else b"") + _record(0x04E9, struct.pack("<I", 2)) + formats + _record(0x04EA) + _record(0x0297)
    named = struct.pack("<II", 0, 1) + _text("rId1") + _text("Products")  # BrtBundleSh
    properties = _record(0x0199, struct.pack("<II", epoch_1904, 0) + _text("")) if epoch_1904 else b""  # BrtWbProp
    book = _record(0x0183) + properties + _record(0x018F) + _record(0x019C, named) + _record(0x0190) + _record(0x0184)
    target = f'<Relationships xmlns="{PACKAGES}/relationships"><Relationship Id="{{}}" Type="{RELATIONS}/{{}}" Target="{{}}"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": target.format("rId1", "officeDocument", "xl/workbook.bin") + "</Relationships>",
        "xl/_rels/workbook.bin.rels": target.format("rId1", "worksheet", "worksheets/sheet1.bin")
        + f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/styles.bin": styles,
        "xl/worksheets/sheet1.bin": b"".join(sheet),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()
