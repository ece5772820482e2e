"""Streams unpacked within the budget."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable

import pikepdf

from pressrun.readers.press_pdf.budget import ONE_STREAM, Budget, TooLong
from pressrun.readers.press_pdf.facts import Object

_LZW = frozenset({"/LZWDecode", "/LZW"})
LZW_RATIO = 2560  # the most bytes that one of LZW can stand for: codes of 12 bits, strings of up to 3 838


class Wrapped(ValueError):
    """Something lies around a picture's data that is not taken off here."""


def filters_of(stream: Object) -> list[str]:
    """The names of a stream's filters, the outermost first."""
    written = stream.get("/Filter")
    if isinstance(written, pikepdf.Array):
        return [str(one) for one in written]
    return [] if written is None else [str(written)]


def is_lzw(filters: Iterable[str]) -> bool:
    """Whether LZW is among the filters that pack a stream."""
    return not _LZW.isdisjoint(filters)


def coded(stream: Object) -> bytes:
    """A picture's data as its last filter packs them: a JPEG out of ASCII, as some programs write it. Raises Wrapped,
    ValueError where what is around it is broken, TooLong, and what pikepdf raises."""
    data, outer = bytes(stream.read_raw_bytes()), filters_of(stream)[:-1]
    settings = stream.get("/DecodeParms", [])
    for at, name in enumerate(outer):
        if name in ("/ASCII85Decode", "/A85"):
            data = base64.a85decode(b"<~" + data.strip().removeprefix(b"<~").removesuffix(b"~>") + b"~>", adobe=True)
        elif name in ("/ASCIIHexDecode", "/AHx"):
            data = bytes.fromhex(data.partition(b">")[0].decode("ascii"))
        elif name in ("/FlateDecode", "/Fl") and not (isinstance(settings, pikepdf.Array) and _is_said(settings, at)):
            data = _inflated(data)
        else:
            raise Wrapped("it is compressed twice")
    return data


def _is_said(settings: Object, at: int) -> bool:
    return at < len(settings) and isinstance(settings[at], pikepdf.Dictionary)


def _inflated(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        whole = unpacking.decompress(data, ONE_STREAM)
    except zlib.error as error:
        raise ValueError("its data cannot be unpacked") from error
    if unpacking.unconsumed_tail:
        raise _too_long()
    return whole


def unpacked(stream: Object, budget: Budget) -> bytes:
    """A stream's data. Raises Spent, and what pikepdf raises."""
    _look_at_lzw(stream)
    try:
        data = bytes(stream.read_bytes())
    except (RuntimeError, pikepdf.PdfError) as error:
        if "limit exceeded" in str(error):
            budget.unpack(ONE_STREAM)
            raise _too_long() from error
        raise
    budget.unpack(len(data))
    return data


def _too_long() -> TooLong:
    return TooLong(f"a stream in it unpacks to more than {ONE_STREAM // 1_000_000} MB")


def _look_at_lzw(stream: Object) -> None:
    """qpdf limits every filter but this one, of which 64 kB may become 160 MB."""
    names = filters_of(stream)
    if _LZW.isdisjoint(names):
        return
    raw = bytes(stream.read_raw_bytes())
    if len(raw) > ONE_STREAM // LZW_RATIO and (len(names) > 1 or lzw_length(raw) > ONE_STREAM):
        raise _too_long()


def lzw_length(data: bytes) -> int:
    """How many bytes LZW data unpack to (ISO 32000, 7.4.4): of what the codes stand for, only the length is kept."""
    lengths = [1] * 258
    total = before = held = bits = 0
    width = 9
    for byte in data:
        held, bits = held << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & (1 << bits) - 1
        if code == 257:
            break
        if code == 256:
            lengths, before, width = [1] * 258, 0, 9
            continue
        length = lengths[code] if code < len(lengths) else before + 1
        total += length
        if before and len(lengths) < 4096:
            lengths.append(before + 1)
        before = length
        width = 9 + (len(lengths) >= 511) + (len(lengths) >= 1023) + (len(lengths) >= 2047)
    return total
