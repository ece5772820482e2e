"""Pages of texts whose letters have their places, as PDF: each ink is painted as its marker, as Typst paints it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pressrun.graphics.embedded_fonts import EmbeddedFont
from pressrun.graphics.outlines import written
from pressrun.graphics.shaping import Stretch
from pressrun.model.spans import Span

LEAST = 0.01  # thousandths of an em that a letter may be off its place


@dataclass(frozen=True, slots=True)
class SetLine:
    """Letters of a text of this size on a baseline that begins there, in points from the upper left of the page."""

    x: float
    y: float
    size: float
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class SetText:
    """A text; ``marker`` answers the colour (#RRGGBB) that stands for the ink of a span of it."""

    lines: Sequence[SetLine]
    marker: Callable[[Span], str]


class LetterPages:
    """Writes pages; those that are ``of_many`` files of one kind have the same fonts in each."""

    def __init__(self, of_many: bool) -> None:
        self._of_many = of_many
        self._fonts: dict[Path, tuple[str, EmbeddedFont]] = {}

    def content(self, texts: Iterable[SetText], height: float) -> bytes | None:
        """What draws a page of this height, without what holds already; None where a glyph stands for other words than
        elsewhere."""
        operators: list[str] = []
        painted, set_in = "", ("", 0.0)
        for text in texts:
            span, marker = None, ""
            for line in text.lines:
                for stretch in line.stretches:
                    name, font = self._font(stretch.font)
                    if not font.takes(stretch.glyphs, stretch.said):
                        return None
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
                    operators.append(f"1 0 0 1 {written(x)} {written(y)} Tm [{_shown(stretch, font)}] TJ")
        return "\n".join(("BT", *operators, "ET\n")).encode()

    def _font(self, file: Path) -> tuple[str, EmbeddedFont]:
        if file not in self._fonts:
            self._fonts[file] = f"/F{len(self._fonts)}", EmbeddedFont(file, self._of_many)
        return self._fonts[file]

    def document(self, contents: Sequence[bytes | int], sizes: Sequence[tuple[float, float]], others: bytes) -> bytes:
        """The PDF: pages of these sizes as they are drawn, or those of ``others`` with a number (from 0)."""
        with pikepdf.open(io.BytesIO(others)) if others else pikepdf.new() as pdf:
            there = list(pdf.pages)
            del pdf.pages[:]
            fonts = {name: pdf.make_indirect(font.put_into(pdf)) for name, font in self._fonts.values()}
            shared = pdf.make_indirect(Dictionary(fonts))
            for content, size in zip(contents, sizes, strict=True):
                if isinstance(content, int):
                    pdf.pages.append(there[content])
                    continue
                box, resources = Array([0, 0, *size]), Dictionary(Font=shared)
                page = Dictionary(
                    Type=Name.Page, MediaBox=box, Resources=resources, Contents=pdf.make_stream(content)
                )
                pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
            out = io.BytesIO()
            pdf.save(out, compress_streams=False, static_id=True)
            return out.getvalue()


def _painted(marker: str) -> str:
    red, green, blue = (written(part / 255, 5) for part in bytes.fromhex(marker[1:]))
    return f"/c0 cs {red} {green} {blue} scn"


def _shown(stretch: Stretch, font: EmbeddedFont) -> str:
    """Glyphs with what parts them besides their own widths (ISO 32000-1, 9.4.3)."""
    parts, run, off = [], "", 0.0
    scale = 1000 / stretch.span.scale
    for glyph, advance in zip(stretch.glyphs, stretch.advances, strict=True):
        if off > LEAST or off < -LEAST:
            parts.append(f"<{run}>{written(-off, 3)}")
            run, off = "", off - round(off, 3)
        digits, width = font.written[glyph]
        run += digits
        off += advance * scale - width
    return "".join((*parts, f"<{run}>"))
