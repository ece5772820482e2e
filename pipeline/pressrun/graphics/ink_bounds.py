"""How far the ink of a text reaches above and below its baseline, as HarfBuzz shapes it.

Typst's own bounds leave out how far the font moves a mark (Thai tones over vowels, Arabic vowels over tall letters).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import uharfbuzz
from fontTools import unicodedata as ucd

from pressrun.graphics.characters import letters_of
from pressrun.graphics.fonts import GUARD, FontFace, read_face
from pressrun.model.sheet import Span


class InkBounds:
    """Measures texts in these font files, taking for each letter the font that Typst takes."""

    def __init__(self, font_files: Iterable[Path]) -> None:
        self._faces = tuple(read_face(file) for file in font_files)
        self._of_text = functools.lru_cache(maxsize=4096)(self._measure)

    def of(
        self, spans: tuple[Span, ...], families: tuple[str, ...], weight: int, italic: bool, language: str
    ) -> tuple[float, float]:
        """Above and below the baseline, in em of the full size; (0, 0) where there is no ink."""
        bounds = [
            (span.rise + span.scale * top, span.scale * bottom - span.rise)
            for span in spans
            for top, bottom in [self._of_text(span.text, families, weight, italic, language)]
        ]
        return max((top for top, _ in bounds), default=0.0), max((bottom for _, bottom in bounds), default=0.0)

    def _measure(
        self, text: str, families: tuple[str, ...], weight: int, italic: bool, language: str
    ) -> tuple[float, float]:
        faces = [face for family in families if (face := self._nearest(family, weight, italic))]
        top = bottom = 0.0
        for (face, _), letters in groupby(_runs(text, faces), key=lambda run: run[:2]):
            above, below = _extent(face.path, "".join(letter for _, _, letter in letters), language)
            top, bottom = max(top, above), max(bottom, below)
        return top, bottom

    def _nearest(self, family: str, weight: int, italic: bool) -> FontFace | None:
        """The face of a family that is set: of the style first, then of the nearest weight."""
        of_family = [face for face in self._faces if face.family.removesuffix(GUARD) == family]
        return min(of_family, key=lambda face: (face.italic != italic, abs(face.weight - weight)), default=None)


def _runs(text: str, faces: list[FontFace]) -> Iterator[tuple[FontFace, str, str]]:
    """Each letter with its marks, the first face that has all of it, and its script; letters that none has are not
    set at all, and what has no script of its own goes with what stands before it."""
    script = "Zyyy"
    for letter in letters_of(text):
        face = next((face for face in faces if all(ord(one) in face.covers for one in letter)), None)
        own = ucd.script(letter[0])
        script = script if own in ("Zyyy", "Zinh") else own
        if face is not None:
            yield face, script, letter


@functools.lru_cache(maxsize=64)
def _font(file: Path) -> tuple[uharfbuzz.Font, int]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
    return uharfbuzz.Font(face), face.upem


def _extent(file: Path, text: str, language: str) -> tuple[float, float]:
    """Above and below the baseline in em, of one script in one font."""
    font, em = _font(file)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = language
    uharfbuzz.shape(font, buffer)
    top = bottom = 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        extents = font.get_glyph_extents(info.codepoint)
        if extents is not None and extents.height:
            top = max(top, position.y_offset + extents.y_bearing)
            bottom = max(bottom, -(position.y_offset + extents.y_bearing + extents.height))
    return top / em, bottom / em
