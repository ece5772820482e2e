"""What is copied or searched in a press file are its words alone, without what only held them together on their line.

Typst takes a joiner (U+2060) for part of the letter before it, so that its glyph says both (ToUnicode: ISO 32000-1,
9.10.3), or the words beside it do (ActualText: 14.9.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pikepdf
from pikepdf import Dictionary, Stream, String

from pressrun.graphics.typefaces.characters import WORD_JOINER

_LISTED = re.compile(rb"(?<=> <)[0-9A-F]*2060[0-9A-F]*(?=>)")
_SPELLED_OUT = re.compile(rb"(?<=/ActualText)\s*(\((?:[^\\()]|\\.)*\))", re.DOTALL)


def words_alone(said: str) -> str:
    """Letters without joiners; a joiner that stands for nothing else stays."""
    return said.replace(WORD_JOINER, "") or said


def fonts_of_words_alone(pdf: pikepdf.Pdf, pages: Iterable[pikepdf.Page]) -> None:
    """Have the fonts of pages that Typst has set say no joiners."""
    fonts = {font.objgen: font for page in pages for font in page.obj.Resources.get("/Font", Dictionary()).values()}
    for font in fonts.values():
        if "/ToUnicode" in font and b"2060" in (said := font.ToUnicode.read_bytes()):
            font.ToUnicode = pdf.make_indirect(Stream(pdf, _LISTED.sub(_listed, said)))


def spelled_without_joiners(content: bytes) -> bytes:
    """A page's content whose words spelled out beside their glyphs have no joiners."""
    return _SPELLED_OUT.sub(_spelled, content) if b"/ActualText" in content else content


def _listed(match: re.Match[bytes]) -> bytes:
    return words_alone(bytes.fromhex(match[0].decode()).decode("utf-16-be")).encode("utf-16-be").hex().upper().encode()


def _spelled(match: re.Match[bytes]) -> bytes:
    said = str(pikepdf.Object.parse(match[1]))
    return String(words_alone(said)).unparse() if WORD_JOINER in said else match[0]
