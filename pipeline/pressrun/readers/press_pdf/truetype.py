"""Which codes of a simple TrueType font have no glyph in its program (ISO 32000-1, 9.6.6.4): they show .notdef."""

from __future__ import annotations

import bisect
import struct
from collections.abc import Callable, Iterator, Mapping

Tables = Mapping[bytes, bytes]
_HIGH = (0, 0xF000, 0xF100, 0xF200)  # where cmaps of symbols put their codes
_LIKE = {0xAD: 0x2D, 0xB5: 0x3BC, 0x3BC: 0xB5, 0x3A9: 0x2126, 0x2126: 0x3A9, 0x394: 0x2206, 0x2206: 0x394}
MAC, MOST_MAPS = 1, 16


def codes_without_glyph(program: bytes, names: Mapping[int, str], encoding: str) -> frozenset[int]:
    """Codes from which no way leads to a glyph: by the name of the letter (of ``names``, which are its differences from
    an ``encoding`` of Python's; both may be nothing), or by the code itself. None of a font that does not say where its
    codes lead."""
    tables = _tables(program)
    maps = list(_maps(tables.get(b"cmap", b"")))
    if not maps:
        return frozenset()
    named = _glyph_names(tables.get(b"post", b""))

    def is_there(code: int) -> bool:
        said = names.get(code)
        letters = _letters(said) if said else _decoded(code, encoding)
        letters += [_LIKE[letter] for letter in letters if letter in _LIKE]
        if said and said[1:] in named:
            return True
        for platform, glyph_of in maps:
            numbers = [*(high + code for high in _HIGH), *(_in_mac(letters) if platform == MAC else letters)]
            if any(map(glyph_of, numbers)):
                return True
        return False

    return frozenset(code for code in range(256) if not is_there(code))


def _tables(program: bytes) -> Tables:
    count = int.from_bytes(program[4:6])
    places = [program[at : at + 16] for at in range(12, 12 + 16 * count, 16)]
    return {
        one[:4]: program[int.from_bytes(one[8:12]) :][: int.from_bytes(one[12:16])] for one in places if len(one) == 16
    }


def _maps(cmap: bytes) -> Iterator[tuple[int, Callable[[int], int]]]:
    """A platform, and what answers the glyph of a code there; 0 is none."""
    for number in range(min(int.from_bytes(cmap[2:4]), MOST_MAPS)):
        record = cmap[4 + 8 * number : 12 + 8 * number]
        if len(record) == 8:
            platform, _, at = struct.unpack(">HHI", record)
            if glyph_of := _map(cmap[at:]):
                yield platform, glyph_of


def _map(table: bytes) -> Callable[[int], int] | None:
    kind = int.from_bytes(table[:2])
    if kind == 0:
        glyphs = dict(enumerate(table[6:262]))
    elif kind == 6:
        first, count = struct.unpack(">HH", table[6:10])
        glyphs = {first + at: int.from_bytes(table[10 + 2 * at : 12 + 2 * at]) for at in range(count)}
    elif kind == 4:
        return _in_segments(table)
    elif kind == 12:
        groups = [struct.unpack(">III", table[at : at + 12]) for at in range(16, 16 + 12 * min(table[15], 255), 12)]
        return lambda code: next((glyph + code - first for first, last, glyph in groups if first <= code <= last), 0)
    else:
        return None
    return lambda code: glyphs.get(code, 0)


def _in_segments(table: bytes) -> Callable[[int], int]:
    """The glyph of a code in a map of segments (OpenType, cmap format 4)."""
    double = int.from_bytes(table[6:8]) // 2 * 2
    ends, starts, deltas, offsets = (  # numbers of 16 bits
        struct.unpack_from(f">{double // 2}H", table, at) for at in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )

    def glyph_of(code: int) -> int:
        number = bisect.bisect_left(ends, code)
        if number == len(ends) or code < starts[number]:
            return 0
        if not offsets[number]:
            return int(code + deltas[number]) & 0xFFFF
        at = 16 + 3 * double + 2 * number + offsets[number] + 2 * (code - starts[number])
        glyph = int.from_bytes(table[at : at + 2])
        return int(glyph + deltas[number]) & 0xFFFF if glyph else 0

    return glyph_of


def _glyph_names(post: bytes) -> frozenset[str]:
    """The names that glyphs have in `post`."""
    if post[:4] not in (b"\0\1\0\0", b"\0\2\0\0"):
        return frozenset()
    from fontTools.ttLib.standardGlyphOrder import standardGlyphOrder

    if post[:4] == b"\0\1\0\0":
        return frozenset(standardGlyphOrder[1:])
    count = int.from_bytes(post[32:34])
    indices = [int.from_bytes(post[at : at + 2]) for at in range(34, 34 + 2 * count, 2)]
    names, at = list(standardGlyphOrder), 34 + 2 * count
    while at < len(post):
        names.append(post[at + 1 : at + 1 + post[at]].decode("latin-1"))
        at += 1 + post[at]
    return frozenset(names[index] for index in indices[1:] if index < len(names))


def _letters(name: str) -> list[int]:
    from fontTools.agl import toUnicode

    return [ord(letter) for letter in toUnicode(name.removeprefix("/"))]


def _decoded(code: int, encoding: str) -> list[int]:
    try:
        return [ord(bytes((code,)).decode(encoding))] if encoding else []
    except UnicodeDecodeError:
        return []


def _in_mac(letters: list[int]) -> Iterator[int]:
    for letter in letters:
        try:
            yield chr(letter).encode("mac_roman")[0]
        except UnicodeEncodeError:
            continue
