"""The letters that a font draws, as HarfBuzz reads its table of them: in a thirtieth of the time of fontTools."""

from __future__ import annotations

from pathlib import Path

import uharfbuzz


def letters_drawn(font: Path | bytes, number: int = 0) -> frozenset[int]:
    """The code points that a font has glyphs for; of a collection, the one with this ``number``. Of what is no font
    none. Raises OSError."""
    return frozenset(_face(font, number).unicodes)


def glyphs_of(letters: str, font: bytes) -> list[int]:
    """The number of the glyph of each of these letters, all of which the font draws."""
    opened = uharfbuzz.Font(_face(font, 0))
    return [opened.get_nominal_glyph(ord(letter)) for letter in letters]


def _face(font: Path | bytes, number: int) -> uharfbuzz.Face:
    read = uharfbuzz.Blob(font) if isinstance(font, bytes) else uharfbuzz.Blob.from_file_path(str(font))
    return uharfbuzz.Face(read, number)
