"""Fonts as PDFs have them (ISO 32000-1, 9.7): cut down to the glyphs that are used, and told what each stands for."""

from __future__ import annotations

import functools
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pikepdf
import uharfbuzz
from fontTools.ttLib import TTFont
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.paths.outlines import written
from pressrun.graphics.texts.words_copied import words_alone

USUAL = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x100)))) + "–—‘’“”„…•€"
"""Letters that a font of many files has in any case, so that it is the same in each."""
_LEFT_OUT = tuple([
    int.from_bytes(tag) for tag in (
        b"GSUB", b"GPOS", b"GDEF", b"name", b"OS/2", b"post", b"cmap", b"kern", b"DSIG", b"STAT", b"gasp", b"vhea",
        b"vmtx",
    )
])  # fmt: skip
_CAPITALS = bytes([ord("A") + byte % 26 for byte in range(256)])
SYMBOLIC, ITALIC = 1 << 2, 1 << 6  # flags of a descriptor: letters by numbers of its own
UPRIGHT_STEM, BOLD_STEM = 80, 140  # which no font tells; viewers that replace a font go by it
QUICKLY = 1  # of zlib's levels: a few kilobytes beside a plate
LISTED_TOGETHER = 100  # entries of a block of a map of characters


class Measured(Struct, frozen=True):
    """What a font file says of itself, in thousandths of an em."""

    name: str
    box: tuple[float, ...]
    ascent: float
    descent: float
    capitals: float
    angle: float
    is_bold: bool
    is_cff: bool
    em: int
    usual: Mapping[int, str]


class _Written(dict[int, tuple[str, float, str]]):
    """Glyphs as they are written: their numbers in hexadecimal, and their widths in thousandths of an em, as numbers
    and as PDF has them."""

    def __init__(self, font: uharfbuzz.Font, em: int) -> None:
        super().__init__()
        self._font, self._em = font, em

    def __missing__(self, glyph: int) -> tuple[str, float, str]:
        width = round(self._font.get_glyph_h_advance(glyph) * 1000 / self._em, 3)
        known = self[glyph] = f"{glyph:04X}", width, written(width, 3)
        return known


class _Source:
    """A font file, opened once for all that is set in it."""

    def __init__(self, file: Path) -> None:
        self.measured = _measured(file)
        self.face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
        self.font = uharfbuzz.Font(self.face)
        self.written = _Written(self.font, self.measured.em)

    @functools.cached_property
    def prepared(self) -> uharfbuzz.Face:
        """One that is cut in a third of the time."""
        return uharfbuzz.subset_preprocess(self.face)


_source = functools.lru_cache(maxsize=64)(_Source)


class EmbeddedFont:
    """A font of which glyphs are used, and where it is one ``of_many`` files, the usual ones in any case."""

    def __init__(self, file: Path, of_many: bool) -> None:
        self._source, self._of_many = _source(file), of_many
        self.measured, self.font, self.written = self._source.measured, self._source.font, self._source.written
        self._said: dict[int, str] = dict(self.measured.usual) if of_many else {}
        self._taken: set[tuple[int, str]] = set()

    def takes(self, glyphs: Iterable[int], said: Iterable[str]) -> bool:
        """Use glyphs that stand for these words; False where one of them stands for others already."""
        known, new = self._said, set(zip(glyphs, said, strict=True)) - self._taken
        for glyph, word in sorted(new):
            if known.setdefault(glyph, word) not in (word, _BLANK.get(word)):
                return False
        self._taken |= new
        return True

    def put_into(self, pdf: pikepdf.Pdf) -> Dictionary:
        """The font with all that it refers to, in a file."""
        one, cut = self.measured, _cut(self._source, frozenset(self._said.items()))
        descriptor = pikepdf.Object.parse(cut.descriptor)
        program = pdf.make_indirect(self._program(pdf, cut))
        if one.is_cff:
            program.Subtype = Name("/CIDFontType0C")
            descriptor.FontFile3 = program
        else:
            program.Length1 = len(cut.program)
            descriptor.FontFile2 = program
        carrier = pikepdf.Object.parse(cut.carrier)
        carrier.FontDescriptor = pdf.make_indirect(descriptor)
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"{cut.name}-Identity-H" if one.is_cff else cut.name),  # 9.7.6.1
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(carrier)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, cut.characters)),
        )

    def _program(self, pdf: pikepdf.Pdf, cut: _Cut) -> Stream:
        """In a file of many packed as well as can be, which is done once for all of its parts."""
        return Stream(pdf, _packed_well(cut.program) if self._of_many else cut.packed, Filter=Name.FlateDecode)


class _Cut(Struct, frozen=True):
    """A font cut down, as it is written: what refers to it is added in its file. ``characters`` is the map from glyphs
    to what they stand for (9.10.3)."""

    name: str
    program: bytes
    packed: bytes
    descriptor: bytes
    carrier: bytes
    characters: bytes


_BLANK = {"\u00a0": " ", "\u2010": "-", "\u2011": "-"}  # which often have one glyph
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def _measured(file: Path) -> Measured:
    with TTFont(file, lazy=True) as font:
        head, reach, names = font["head"], font["hhea"], font["name"]
        em = head.unitsPerEm
        capitals = getattr(font.get("OS/2"), "sCapHeight", 0) or reach.ascent
        usual: dict[int, str] = {}
        known = font.getBestCmap()
        for letter in USUAL:
            if ord(letter) in known:
                usual.setdefault(font.getGlyphID(known[ord(letter)]), letter)
        edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        name = re.sub(r"[^A-Za-z0-9-]", "", str(names.getDebugName(6) or "")) or "Font"
        return Measured(
            name,
            tuple(edge * 1000 / em for edge in edges),
            reach.ascent * 1000 / em,
            reach.descent * 1000 / em,
            capitals * 1000 / em,
            font["post"].italicAngle,
            bool(head.macStyle & 1),
            "CFF " in font,
            em,
            usual,
        )


@functools.lru_cache(maxsize=64)
def _cut(source: _Source, said: frozenset[tuple[int, str]]) -> _Cut:
    """With glyphs that stand for these words: a page is written to be seen and for the press, and a few hundred rows
    have the same letters as the next."""
    one, known = source.measured, sorted(said)
    glyphs = [glyph for glyph, _ in known]
    program = _program(source, glyphs)
    tag = hashlib.sha256(program).digest()[:6].translate(_CAPITALS).decode()
    name = f"/{tag}+{one.name}"
    box = " ".join([str(round(edge)) for edge in one.box])
    descriptor = (
        f"<< /Type /FontDescriptor /FontName {name} /Flags {SYMBOLIC | (ITALIC if one.angle else 0)} /FontBBox [{box}]"
        f" /ItalicAngle {round(one.angle)} /Ascent {round(one.ascent)} /Descent {round(one.descent)}"
        f" /CapHeight {round(one.capitals)} /StemV {BOLD_STEM if one.is_bold else UPRIGHT_STEM} >>"
    )
    carrier = (
        f"<< /Type /Font /Subtype {'/CIDFontType0' if one.is_cff else '/CIDFontType2 /CIDToGIDMap /Identity'}"
        f" /BaseFont {name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /DW 0 /W [{_listed_widths(source.written, glyphs)}] >>"
    )
    packed = zlib.compress(program, QUICKLY)
    return _Cut(name, program, packed, descriptor.encode(), carrier.encode(), _characters(known))


_packed_well = functools.lru_cache(maxsize=16)(zlib.compress)


def _listed_widths(known: _Written, glyphs: Iterable[int]) -> str:
    runs: dict[int, list[str]] = {}  # by their first glyph
    first = last = -2
    for glyph in glyphs:
        first = first if glyph == last + 1 else glyph
        runs.setdefault(first, []).append(known[glyph][2])
        last = glyph
    return " ".join([f"{first} [{' '.join(widths)}]" for first, widths in runs.items()])


def _characters(said: Iterable[tuple[int, str]]) -> bytes:
    entries = [_entry(glyph, word) for glyph, word in said]
    blocks = []
    for start in range(0, len(entries), LISTED_TOGETHER):
        some = entries[start : start + LISTED_TOGETHER]
        blocks.append("\n".join((f"{len(some)} beginbfchar", *some, "endbfchar")))
    return _CMAP.format("\n".join(blocks)).encode()


@functools.lru_cache(maxsize=4096)
def _entry(glyph: int, word: str) -> str:
    return f"<{glyph:04X}> <{words_alone(word).encode('utf-16-be').hex().upper()}>"


def _program(source: _Source, glyphs: Iterable[int]) -> bytes:
    asked, flags = uharfbuzz.SubsetInput(), uharfbuzz.SubsetFlags
    asked.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    asked.flags = flags.RETAIN_GIDS | flags.NO_LAYOUT_CLOSURE | flags.NOTDEF_OUTLINE | flags.CFF_IDENTITY_CHARSET
    asked.drop_table_tag_set.update(_LEFT_OUT)
    cut = uharfbuzz.subset(source.prepared, asked).blob.data
    assert cut, "nothing is left of a font"
    if source.measured.is_cff:
        return bytes(TTFont(io.BytesIO(cut)).reader["CFF "])
    return bytes(cut)
