"""Where the ink of a line lies: the outlines of its letters, in strips."""

from __future__ import annotations

import functools
import math
from itertools import pairwise
from pathlib import Path

from fontTools.pens.basePen import BasePen

from pressrun.graphics.paths.outlines import on_curve
from pressrun.graphics.texts.glyphs import font_of
from pressrun.graphics.texts.shaped_texts import ShapedText

STRIP = 0.02  # em, how wide a strip is
CURVE = 8  # parts of a curve, which are taken as straight

Reach = tuple[float, float]
Strips = dict[int, Reach]
"""How far ink reaches above and below the baseline in em, by the number of the strip."""


def strips_of(text: ShapedText, start: int, seen: int) -> tuple[Strips, float] | None:
    """The ink of a line that begins at 0, and how wide the line is in em; None of one that runs both ways."""
    parts = text.parts(start, seen)
    if len({part.from_right for part in parts}) > 1:
        return None
    found: Strips = {}
    x = 0.0
    for part in reversed(parts) if parts and parts[0].from_right else parts:
        glyphs, scale, rise = part.glyphs, part.span.scale, part.span.rise
        for number, file, advance, aside, up in zip(
            glyphs.numbers, glyphs.fonts, glyphs.advances, glyphs.asides, glyphs.ups, strict=True
        ):
            em = font_of(file).em
            left, raised = x + scale * aside / em, rise + scale * up / em
            for at, above, below in _outline(file, number):
                strip = math.floor((left + scale * at) / STRIP)
                known = found.get(strip, (-math.inf, -math.inf))
                found[strip] = max(known[0], scale * above + raised), max(known[1], scale * below - raised)
            x += scale * advance
    return found, x


def reach_of(text: ShapedText, start: int, seen: int) -> Reach:
    """How far any of a part of it reaches above and below its baseline, in em."""
    found = [
        (scale * extent[0] + raised, scale * extent[1] - raised)
        for part in text.parts(start, seen)
        for scale, rise in [(part.span.scale, part.span.rise)]
        for number, file, up in zip(part.glyphs.numbers, part.glyphs.fonts, part.glyphs.ups, strict=True)
        if (extent := _extent(file, number))
        for raised in [rise + (scale * up / font_of(file).em if up else 0.0)]
    ]
    return max([above for above, _ in found], default=0.0), max([below for _, below in found], default=0.0)


@functools.lru_cache(maxsize=4096)
def _extent(file: Path, glyph: int) -> Reach | None:
    """How far a glyph reaches; None of one without an outline."""
    outline = _outline(file, glyph)
    return (max(above for _, above, _ in outline), max(below for _, _, below in outline)) if outline else None


@functools.lru_cache(maxsize=4096)
def _outline(file: Path, glyph: int) -> tuple[tuple[float, float, float], ...]:
    """Where an outline of a glyph passes, a few times in each strip: how far aside, above and below, in em."""
    font = font_of(file)
    pen = _Points()
    font.font.draw_glyph_with_pen(glyph, pen)
    found: dict[int, tuple[float, float]] = {}
    for (x, y), (u, v) in pen.lines:
        steps = max(1, math.ceil(abs(u - x) / font.em / STRIP * 2))
        for step in range(steps + 1):
            at, up = (x + (u - x) * step / steps) / font.em, (y + (v - y) * step / steps) / font.em
            strip = math.floor(at / STRIP * 2)
            known = found.get(strip, (-math.inf, -math.inf))
            found[strip] = max(known[0], up), max(known[1], -up)
    return tuple((strip * STRIP / 2, above, below) for strip, (above, below) in found.items())


class _Points(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Takes down outlines as straight lines."""

    def __init__(self) -> None:
        super().__init__(None)
        self.lines: list[tuple[tuple[float, float], tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._first = pt

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.lines.append((self._getCurrentPoint(), pt))

    def _closePath(self) -> None:
        self.lines.append((self._getCurrentPoint(), self._first))

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        curve = (self._getCurrentPoint(), *points)
        self.lines += pairwise(on_curve(curve, step / CURVE) for step in range(CURVE + 1))
