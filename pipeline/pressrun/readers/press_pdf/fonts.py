"""Whether a font's program travels in the file and can be used, and whether letters are shown that it does not have."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.budget import Budget, TooLong
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.streams import unpacked
from pressrun.readers.press_pdf.traits import Font
from pressrun.readers.press_pdf.truetype import codes_without_glyph

_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman", "/StandardEncoding": "ascii"}
_SUBSET = re.compile(r"[A-Z]{6}\+")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
BLANKS = frozenset((0, 9, 10, 13, 32, 160))  # which show nothing in any font
_SFNT = (b"\0\1\0\0", b"true", b"OTTO", b"typ1")
_OUTLINES = ({b"glyf", b"loca"}, {b"CFF "}, {b"CFF2"})


class _Program(Struct, frozen=True):
    """What draws a font's letters, unpacked, under which ``key``; none where that is empty. Why it cannot be used is
    told as far as its first bytes and its table of contents say so."""

    key: str = ""
    data: bytes = b""
    fault: str = ""

    @classmethod
    def of(cls, font: Object, keys: Keys, budget: Budget) -> _Program:
        carrier = font
        if str(font.get("/Subtype")) == "/Type0":
            carrier = next(keys.dictionaries(font, "/DescendantFonts"), font)
        descriptor = keys.dictionary(carrier, "/FontDescriptor")
        key = next((one for one in _PROGRAMS if one in descriptor), None)
        if key is None:
            return cls()
        program = keys.stream(descriptor, key)
        if program is None:
            return cls(key, fault="it is no stream")
        try:
            data = unpacked(program, budget)
        except (pikepdf.PdfError, RuntimeError, ValueError, TooLong):
            return cls(key, fault="it cannot be unpacked")
        return cls(key, data, _fault(key, data, program, keys))


def read_font(font: Object, program: _Program, keys: Keys) -> Font:
    """A font as it is used. Type 3 fonts are drawings on the page, so they always travel along."""
    kind = keys.name(font, "/Subtype", "unknown")
    name = keys.name(font, "/BaseFont") or keys.name(font, "/Name") or "unnamed"
    subset = _SUBSET.match(name) is not None
    embedded = kind == "Type3" or bool(program.key)
    return Font(name[7:] if subset else name, kind, embedded, subset, program.fault)


def _fault(key: str, data: bytes, program: pikepdf.Stream, keys: Keys) -> str:
    """Why a font program, with this data, cannot be used."""
    if not data:
        return "it is empty"
    if key == "/FontFile":
        return "" if data[:2] == b"%!" or data[:2] == b"\x80\x01" else "it does not begin as a Type 1 font does"
    if key == "/FontFile2":
        return _sfnt_fault(data)
    if data[:4] in _SFNT:
        said = keys.name(program, "/Subtype")
        return _sfnt_fault(data) if said == "OpenType" else f"it is said to be {said or 'of no kind'}, and is OpenType"
    return "" if data[0] == 1 and len(data) > 4 and data[2] >= 4 else "it does not begin as a CFF font does"


def _sfnt_fault(data: bytes) -> str:
    """The table directory of OpenType: every table within the file, and outlines among them."""
    if data[:4] == b"ttcf":
        return "it is a collection of fonts"
    if data[:4] not in _SFNT:
        return "it does not begin as a TrueType font does"
    count = int.from_bytes(data[4:6])
    if len(data) < 12 + 16 * count:
        return "it ends within its list of tables"
    tables = set()
    for at in range(12, 12 + 16 * count, 16):
        tables.add(data[at : at + 4])
        if int.from_bytes(data[at + 8 : at + 12]) + int.from_bytes(data[at + 12 : at + 16]) > len(data):
            return f"its table '{data[at : at + 4].decode('latin-1').strip()}' ends after the font does"
    return "" if any(need <= tables for need in _OUTLINES) else "it has no outlines"


def glyph_count(program: _Program) -> int | None:
    """How many glyphs a composite font has whose codes are numbers of its glyphs; None where its program does not say
    so in its table `maxp`."""
    data = program.data if program.key == "/FontFile2" else b""
    for at in range(12, 12 + 16 * int.from_bytes(data[4:6]), 16):
        if data[at : at + 4] == b"maxp":
            table = int.from_bytes(data[at + 8 : at + 12])
            return int.from_bytes(data[table + 4 : table + 6]) or None
    return None


def drawn_codes(font: Object, keys: Keys) -> frozenset[int]:
    """The codes for which a Type 3 font has a drawing."""
    drawings = keys.dictionary(font, "/CharProcs")
    return frozenset(code for code, name in _differences(font, keys) if name in drawings)


def undefined_codes(font: Object, keys: Keys, budget: Budget) -> frozenset[int]:
    """The codes of a simple font whose encoding names them .notdef, what a font shows for what it does not have; and
    those for which a TrueType font has none."""
    kind = str(font.get("/Subtype"))
    if kind == "/Type3":
        return frozenset(range(256)) - drawn_codes(font, keys) - BLANKS
    names = dict(_differences(font, keys))
    undefined = frozenset(code for code, name in names.items() if name == "/.notdef")
    program = keys.stream(keys.dictionary(font, "/FontDescriptor"), "/FontFile2") if kind == "/TrueType" else None
    if program is None:
        return undefined
    said = font.get("/Encoding")
    base = said.get("/BaseEncoding") if isinstance(said, pikepdf.Dictionary) else said
    try:
        return undefined | codes_without_glyph(unpacked(program, budget), names, _ENCODINGS.get(str(base), "")) - BLANKS
    except (pikepdf.PdfError, RuntimeError, ValueError, struct.error, TooLong):  # which is told by itself
        return undefined


def _differences(font: Object, keys: Keys) -> Iterator[tuple[int, str]]:
    encoding = font.get("/Encoding")
    code = 0
    for one in keys.list(encoding, "/Differences") if isinstance(encoding, pikepdf.Dictionary) else ():
        if isinstance(one, int):
            code = one
        else:
            yield code, str(one)
            code += 1


def shows_glyph_numbers(font: Object, keys: Keys) -> bool:
    """Whether the codes of a composite font are numbers of its glyphs, of which 0 is .notdef."""
    if str(font.get("/Subtype")) != "/Type0" or str(font.get("/Encoding")) not in ("/Identity-H", "/Identity-V"):
        return False
    below = next(keys.dictionaries(font, "/DescendantFonts"), None)
    return not isinstance(keys.value(below, "/CIDToGIDMap"), pikepdf.Stream)


class Shown(Struct, frozen=True):
    """A font, and which of its codes stand for nothing."""

    font: Font
    undefined: frozenset[int]
    by_number: bool
    glyphs: int | None = None

    @classmethod
    def of(cls, font: Object, keys: Keys, budget: Budget) -> Shown:
        by_number, program = shows_glyph_numbers(font, keys), _Program.of(font, keys, budget)
        glyphs = glyph_count(program) if by_number else None
        return cls(read_font(font, program, keys), undefined_codes(font, keys, budget), by_number, glyphs)

    def is_undefined(self, words: Iterable[bytes]) -> bool:
        if self.by_number:
            return self._have_no_glyph(words)
        return bool(self.undefined) and any(not self.undefined.isdisjoint(word) for word in words)

    def _have_no_glyph(self, words: Iterable[bytes]) -> bool:
        """Whether a glyph is asked for that is .notdef, or comes after the last."""
        codes = b"".join([word if not len(word) % 2 else word[:-1] for word in words])
        numbers = struct.unpack(f">{len(codes) // 2}H", codes)
        return 0 in numbers or (self.glyphs is not None and max(numbers, default=0) >= self.glyphs)
