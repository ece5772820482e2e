"""Fonts that we put into a file ourselves are called as the standard has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pressrun.graphics.texts.embedded_fonts import EmbeddedFont

GLYPHS = [".notdef", "I"]


def bar_font(file: Path, cubic: bool) -> Path:
    """A font whose one letter is a bar, of outlines in CFF or of TrueType's."""
    builder = FontBuilder(1000, isTTF=not cubic)
    builder.setupGlyphOrder(GLYPHS)
    builder.setupCharacterMap({ord("I"): "I"})
    drawn = {}
    for glyph in GLYPHS:
        pen = T2CharStringPen(300, None) if cubic else TTGlyphPen(None)
        pen.moveTo((50, 0))
        for point in ((50, 700), (150, 700), (150, 0)):
            pen.lineTo(point)
        pen.closePath()
        drawn[glyph] = pen.getCharString() if isinstance(pen, T2CharStringPen) else pen.glyph()
    if cubic:
        builder.setupCFF("Bars-Regular", {"FullName": "Bars"}, drawn, {})
    else:
        builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(dict.fromkeys(GLYPHS, (300, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Bars", "styleName": "Regular", "psName": "Bars-Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)
    return file


@pytest.mark.parametrize(("cubic", "encoding"), [(True, "-Identity-H"), (False, "")])
def test_a_font_is_called_by_its_letters_and_where_they_are_cubic_by_its_encoding(
    tmp_path: Path, cubic: bool, encoding: str
) -> None:
    """ISO 32000-1, table 121: the name of a Type 0 CIDFont, a hyphen, and that of the encoding."""
    font = EmbeddedFont(bar_font(tmp_path / "bars", cubic), of_many=False)
    assert font.takes([1], ["I"])
    with pikepdf.new() as pdf:
        made = font.put_into(pdf)
        (carrier,) = made.DescendantFonts
        assert str(carrier.BaseFont) == str(carrier.FontDescriptor.FontName)
        assert str(carrier.BaseFont).endswith("+Bars-Regular")
        assert str(made.BaseFont) == f"{carrier.BaseFont}{encoding}"


def test_the_same_letters_are_cut_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is written to be seen and for the press, and its small print is that of the next."""
    cut: list[object] = []
    subset = uharfbuzz.subset

    def counted(*args: Any) -> Any:
        cut.append(args)
        return subset(*args)

    monkeypatch.setattr(uharfbuzz, "subset", counted)
    file = bar_font(tmp_path / "bars", cubic=False)
    written = []
    for _ in range(2):
        font = EmbeddedFont(file, of_many=False)
        assert font.takes([1], ["I"])
        for _ in range(2):
            with pikepdf.new() as pdf:
                made = font.put_into(pdf)
                written.append(made.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes())
    assert len(cut) == 1
    assert len(set(written)) == 1
