"""Fonts as PDFs have them (ISO 32000-1, 9.7): cut down to the glyphs that are used, and told what each stands for."""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import uharfbuzz
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.outlines import written
from pressrun.graphics.words_copied import words_alone

USUAL = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x100)))) + "–—‘’“”„…•€"
"""Letters that a font of many files has in any case, so that it is the same in each."""
_LEFT_OUT = ("GSUB", "GPOS", "GDEF", "name", "OS/2", "post", "cmap", "kern", "DSIG", "STAT", "gasp", "vhea", "vmtx")
SYMBOLIC, ITALIC = 1 << 2, 1 << 6  # flags of a descriptor: letters by numbers of its own
UPRIGHT_STEM, BOLD_STEM = 80, 140  # which no font tells; viewers that replace a font go by it
LISTED_TOGETHER = 100  # entries of a block of a map of characters


@dataclass(frozen=True, slots=True)
class Measured:
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


class _Written(dict[int, tuple[str, float]]):
    """Glyphs as they are written: their numbers in hexadecimal, and their widths in thousandths of an em."""

    def __init__(self, font: uharfbuzz.Font, em: int) -> None:
        super().__init__()
        self._font, self._em = font, em

    def __missing__(self, glyph: int) -> tuple[str, float]:
        width = round(self._font.get_glyph_h_advance(glyph) * 1000 / self._em, 3)
        known = self[glyph] = f"{glyph:04X}", width
        return known


class EmbeddedFont:
    """A font of which glyphs are used, and where it is one ``of_many`` files, the usual ones in any case."""

    def __init__(self, file: Path, of_many: bool) -> None:
        self.measured, self._file = _measured(file), file
        _, self.font = _opened(file)
        self._said: dict[int, str] = dict(self.measured.usual) if of_many else {}
        self._taken: set[tuple[int, str]] = set()
        self.written = _Written(self.font, self.measured.em)

    def takes(self, glyphs: Iterable[int], said: Iterable[str]) -> bool:
        """Use glyphs that stand for these words; False where one of them stands for others already."""
        known, new = self._said, set(zip(glyphs, said, strict=True)) - self._taken
        if not all(known.setdefault(glyph, word) in (word, _BLANK.get(word)) for glyph, word in sorted(new)):
            return False
        self._taken |= new
        return True

    def put_into(self, pdf: pikepdf.Pdf) -> Dictionary:
        """The font with all that it refers to, in a file."""
        one = self.measured
        program = _program(self._file, frozenset(self._said))
        tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
        name = Name(f"/{tag}+{one.name}")
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=SYMBOLIC | (ITALIC if one.angle else 0),
            FontBBox=Array([round(edge) for edge in one.box]),
            ItalicAngle=round(one.angle),
            Ascent=round(one.ascent),
            Descent=round(one.descent),
            CapHeight=round(one.capitals),
            StemV=BOLD_STEM if one.is_bold else UPRIGHT_STEM,
        )
        if one.is_cff:
            descriptor.FontFile3 = pdf.make_indirect(Stream(pdf, program, Subtype=Name("/CIDFontType0C")))
        else:
            descriptor.FontFile2 = pdf.make_indirect(Stream(pdf, program, Length1=len(program)))
        carrier = Dictionary(
            Type=Name.Font,
            Subtype=Name("/CIDFontType0") if one.is_cff else Name("/CIDFontType2"),
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=0,
            W=self._listed_widths(),
        )
        if not one.is_cff:
            carrier.CIDToGIDMap = Name.Identity
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"{name}-Identity-H") if one.is_cff else name,  # 9.7.6.1
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(carrier)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, self._characters())),
        )

    def _listed_widths(self) -> Array:
        runs: dict[int, list[str]] = {}  # by their first glyph
        first = last = -2
        for glyph in sorted(self._said):
            first = first if glyph == last + 1 else glyph
            runs.setdefault(first, []).append(written(self.written[glyph][1], 3))
            last = glyph
        listed = " ".join(f"{first} [{' '.join(widths)}]" for first, widths in runs.items())
        return Array(pikepdf.Object.parse(f"[{listed}]".encode()))

    def _characters(self) -> bytes:
        """The map from glyphs to what they stand for (9.10.3)."""
        said = sorted(self._said.items())
        entries = [f"<{glyph:04X}> <{words_alone(word).encode('utf-16-be').hex().upper()}>" for glyph, word in said]
        blocks = []
        for start in range(0, len(entries), LISTED_TOGETHER):
            some = entries[start : start + LISTED_TOGETHER]
            blocks.append("\n".join((f"{len(some)} beginbfchar", *some, "endbfchar")))
        return _CMAP.format("\n".join(blocks)).encode()


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


@functools.lru_cache(maxsize=64)
def _opened(file: Path) -> tuple[uharfbuzz.Face, uharfbuzz.Font]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
    return face, uharfbuzz.Font(face)


@functools.lru_cache(maxsize=64)
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
def _program(file: Path, glyphs: frozenset[int]) -> bytes:
    """What draws these: a few hundred rows have the same letters as the next."""
    asked, flags = uharfbuzz.SubsetInput(), uharfbuzz.SubsetFlags
    asked.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    asked.flags = flags.RETAIN_GIDS | flags.NO_LAYOUT_CLOSURE | flags.NOTDEF_OUTLINE | flags.CFF_IDENTITY_CHARSET
    asked.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in _LEFT_OUT)
    cut = uharfbuzz.subset(_opened(file)[0], asked).blob.data
    assert cut, "nothing is left of a font"
    if _measured(file).is_cff:
        return bytes(TTFont(io.BytesIO(cut)).reader["CFF "])
    return bytes(cut)
