"""Pictures of one bit, packed as fax machines (CCITT) or scanners (JBIG2) do: whether their data are all there."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.facts import Object

FAX = ("/CCITTFaxDecode", "/CCF")
END_OF_BLOCK = "000000000001" * 2  # ITU-T T.6, 2.4.1
NO_END = "its CCITT data have no end (EOFB): they may break off"
MILD = frozenset({NO_END})  # what some programs draw all the same
# Kinds of segments (ITU-T T.88, 7.3).
_PAGE, _END_OF_STRIPE = 48, 50
_REGIONS = frozenset((4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43))
_KINDS = _REGIONS | {0, 16, _PAGE, 49, _END_OF_STRIPE, 51, 52, 53, 62}
_UNKNOWN_LENGTH = 0xFFFFFFFF  # which a generic region may have


class FaxSettings(Struct, frozen=True):
    """``k`` is below zero for data of group 4. ``ends``: a pattern is said to stand at their end."""

    k: int
    columns: int
    ends: bool


def fax_settings(image: Object) -> FaxSettings:
    """How a picture is packed, as its last filter's settings tell (ISO 32000-1, 7.4.6)."""
    written = image.get("/DecodeParms")
    if isinstance(written, pikepdf.Array):
        written = written[-1] if len(written) else None
    if not isinstance(written, pikepdf.Dictionary):
        return FaxSettings(0, 1728, True)
    return FaxSettings(
        int(written.get("/K", 0)), int(written.get("/Columns", 1728)), written.get("/EndOfBlock", True) is True
    )


def fax_fault(data: bytes, size: tuple[int, int], settings: FaxSettings) -> str:
    """Why CCITT data are not those of a picture of ``size``, as far as their length and their end tell; "" if they may
    be. How each row is packed is not looked at."""
    width, height = size
    if settings.columns != width:
        return f"its CCITT data have {settings.columns} columns, and it says {width}"
    if 8 * len(data) < height:  # a row takes a bit at least
        return "its CCITT data end too early"
    if settings.k < 0 and settings.ends:
        bits = "".join(f"{byte:08b}" for byte in data.rstrip(b"\r\n\0")[-4:] + b"\0")
        if END_OF_BLOCK not in bits:
            return NO_END
    return ""


def jbig2_fault(data: bytes, size: tuple[int, int]) -> str:
    """Why JBIG2 data, as they are embedded in PDF, are not those of a picture of ``size``; "" if they may be. What is
    within their segments is not looked at."""
    try:
        segments = list(_segments(data))
    except (ValueError, struct.error):
        return "its JBIG2 data break off"
    page = next((body for kind, body in segments if kind == _PAGE), None)
    if page is None or len(page) < 8 or not any(kind in _REGIONS for kind, _ in segments):
        return "its JBIG2 data have no picture in them"
    width, height = struct.unpack(">II", page[:8])
    if width != size[0] or height not in (size[1], _UNKNOWN_LENGTH):
        return f"its JBIG2 data have {width} x {height} pixels, and it says {size[0]} x {size[1]}"
    return ""


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kinds and data of segments (ITU-T T.88, 7.2). Raises ValueError, struct.error where they are none."""
    at = 0
    while at < len(data) and data[at:].strip(b"\r\n\0"):
        number, flags = struct.unpack_from(">IB", data, at)
        kind, at = flags & 0x3F, at + 5
        if kind not in _KINDS:
            raise ValueError(kind)
        (count,) = struct.unpack_from(">B", data, at)
        if count >> 5 == 7:
            count = struct.unpack_from(">I", data, at)[0] & 0x1FFFFFFF
            at += 4 + (count + 8) // 8
        else:
            count >>= 5
            at += 1
        at += count * (1 if number <= 256 else 2 if number <= 65536 else 4)
        at += 4 if flags & 0x40 else 1
        (length,) = struct.unpack_from(">I", data, at)
        at += 4
        if length == _UNKNOWN_LENGTH:
            yield kind, data[at:]
            return
        if at + length > len(data):
            raise ValueError("it breaks off")
        yield kind, data[at : at + length]
        at += length
