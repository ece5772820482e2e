"""Pages of texts whose letters have their places, as PDF: each ink is painted as its marker, as Typst paints it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pikepdf
from msgspec import Struct
from msgspec.structs import replace
from pikepdf import Dictionary

from pressrun.graphics.paths.outlines import written
from pressrun.graphics.texts.embedded_fonts import EmbeddedFont
from pressrun.graphics.texts.shaped_texts import Stretch
from pressrun.model.spans import Span

LEAST = 0.01  # thousandths of an em that a letter may be off its place
EVEN = 0.001  # thousandths of an em that gaps differ by at most which are taken for one
SEVERAL = 3  # letters that PDFium knows to stand apart evenly; between two it takes what is as wide as a blank for one
FAR = 100.0  # thousandths of an em that letters are apart which a reader may take for two words


class SetLine(Struct, frozen=True):
    """Letters of a text of this size on a baseline that begins there, in points from the upper left of the page."""

    x: float
    y: float
    size: float
    stretches: Sequence[Stretch]


class SetText(Struct, frozen=True):
    """A text; ``marker`` answers the colour (#RRGGBB) that stands for the ink of a span of it."""

    lines: Sequence[SetLine]
    marker: Callable[[Span], str]


class SetLetters:
    """Pages, by their numbers (see `pressrun.model.letters.Letters`); those that are ``of_many`` files of one kind have
    the same fonts in each."""

    def __init__(self, of_many: bool) -> None:
        self._of_many = of_many
        self._fonts: dict[Path, tuple[str, EmbeddedFont]] = {}
        self._contents: dict[int, str] = {}
        self._put: tuple[pikepdf.Pdf, pikepdf.Object] | None = None
        self.at_odds: frozenset[int] = frozenset()  # pages that are not added, but could be in other company

    def __contains__(self, number: object) -> bool:
        return number in self._contents

    def add(self, number: int, texts: Iterable[SetText], height: float) -> bool:
        """A page of this height, without what holds already; False where a glyph stands for other words than
        elsewhere."""
        operators: list[str] = []
        painted, set_in, spaced = "", ("", 0.0), "0"
        for text in texts:
            if operators:  # a text that overprints another leaves its ink: all between BT and ET knocks out (9.3.8)
                operators += ("ET", "BT")
            span, marker = None, ""
            for line in text.lines:
                for stretch in line.stretches:
                    name, font = self._font(stretch.font)
                    if len(stretch.glyphs) == SEVERAL - 1 and stretch is line.stretches[-1]:
                        stretch = _closed(stretch, font)
                    if not font.takes(stretch.glyphs, stretch.said):
                        self.at_odds |= {number}
                        return False
                    if stretch.span is not span:
                        span, marker = stretch.span, text.marker(stretch.span)
                    if marker != painted:
                        operators.append(_painted(marker))
                        painted = marker
                    type = name, line.size * stretch.span.scale
                    if type != set_in:
                        operators.append(f"{name} {written(type[1])} Tf")
                        set_in = type
                    x, y = line.x + stretch.x * line.size, height - line.y + stretch.span.rise * line.size
                    even = _even_gap(stretch, font)
                    if (spacing := written(even / 1000 * type[1], 6) if even else "0") != spaced:
                        operators.append(f"{spacing} Tc")
                        spaced = spacing
                    shown = _shown(stretch, font, even)
                    operators.append(f"1 0 0 1 {written(x)} {written(y)} Tm [{shown}] TJ")
        if spaced != "0":
            operators.append("0 Tc")
        self._contents[number] = "\n".join(("BT", *operators, "ET\n"))
        return True

    def _font(self, file: Path) -> tuple[str, EmbeddedFont]:
        known = self._fonts.get(file)
        if known is None:
            known = self._fonts[file] = f"/F{len(self._fonts)}", EmbeddedFont(file, self._of_many)
        return known

    def painted(self, number: int, operators: Mapping[str, tuple[str, str]]) -> str:
        content = self._contents[number]
        for marker, (fill, _) in operators.items():
            content = content.replace(_painted(marker), fill)
        return content

    def fonts_in(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        if self._put is None or self._put[0] is not pdf:
            fonts = {name: pdf.make_indirect(font.put_into(pdf)) for name, font in self._fonts.values()}
            self._put = pdf, pdf.make_indirect(Dictionary(fonts))
        return self._put[1]


@functools.lru_cache(maxsize=256)
def _painted(marker: str) -> str:
    red, green, blue = (written(part / 255, 5) for part in bytes.fromhex(marker[1:]))
    return f"/c0 cs {red} {green} {blue} scn"


@functools.lru_cache(maxsize=4096)
def _moved(by: float) -> str:
    """Most letters are parted by the same few distances."""
    return written(by, 3)


def _closed(pair: Stretch, font: EmbeddedFont) -> Stretch:
    """Two letters that end a line; those that stand far apart with a blank behind them, so that they are several."""
    (first, last), scale = pair.glyphs, 1000 / pair.span.scale
    gap, blank = pair.advances[0] * scale - font.written[first][1], font.font.get_nominal_glyph(ord(" "))
    if gap < FAR or not blank:
        return pair
    advances = pair.advances[0], (font.written[last][1] + gap) / scale, 0.0
    return replace(pair, glyphs=(first, last, blank), advances=advances, said=(*pair.said, " "))


def _even_gap(stretch: Stretch, font: EmbeddedFont) -> float:
    """What parts all letters besides their own widths, in thousandths of an em; 0 where that differs. Readers know
    letters that stand apart for one word by this, and take gaps of their own for blanks (9.3.2)."""
    count = len(stretch.glyphs)
    if count < SEVERAL:
        return 0.0
    scale = 1000 / stretch.span.scale
    first = stretch.advances[0] * scale - font.written[stretch.glyphs[0]][1]
    if -LEAST <= first <= LEAST:
        return 0.0
    for glyph, advance in zip(stretch.glyphs[1:-1], stretch.advances[1:-1], strict=True):
        if not -EVEN < advance * scale - font.written[glyph][1] - first < EVEN:
            return 0.0
    return first


def _shown(stretch: Stretch, font: EmbeddedFont, even: float) -> str:
    """Glyphs with what parts them besides their own widths and an ``even`` gap (ISO 32000-1, 9.4.3)."""
    parts, run, off = [], "", 0.0
    scale = 1000 / stretch.span.scale
    for glyph, advance in zip(stretch.glyphs, stretch.advances, strict=True):
        if off > LEAST or off < -LEAST:
            moved = round(off, 3)
            parts.append(f"<{run}>{_moved(-moved)}")
            run, off = "", off - moved
        digits, width, _ = font.written[glyph]
        run += digits
        off += advance * scale - width - even
    return "".join((*parts, f"<{run}>"))
