"""Words of justified lines stand as far apart as is told; of other lines nothing is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rendering_kit import Press

from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.model.sheet import Sheet, TextMark

PAGE = """
page: {{trim: 200pt x 400pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, size: 20pt, lines: 13, {options}, box: {{width: 200pt, height: 390pt}}}}]
"""
SPACE = 0.265  # em of FiraGO's
SCALE = 4


def composed(press: Press, text: str, options: str, locale: str = "de-DE") -> tuple[Sheet, TextMark]:
    sheet, _ = press.compose(PAGE.format(options=options), layers={"t": {"text": text}}, locale=locale)
    [mark] = sheet.marks
    assert isinstance(mark, TextMark)
    assert mark.fit
    return sheet, mark


def loosest(press: Press, text: str, options: str, locale: str = "de-DE") -> float:
    fit = composed(press, text, options, locale)[1].fit
    assert fit
    return fit.loosest


def widest_gap(press: Press, text: str, options: str) -> float:
    """The widest stretch without ink between words of the first line, in points."""
    sheet, mark = composed(press, text, options)
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=(mark,))], press.bench)
    assert overlay
    (page,) = rasterise(shown_pages([overlay], [lambda ink: ink.srgb]), (200 * SCALE, 400 * SCALE))
    line = page.getchannel("A").crop((0, 0, 200 * SCALE, 20 * SCALE))
    columns = "".join("#" if line.crop((x, 0, x + 1, line.height)).getbbox() else " " for x in range(line.width))
    return max(map(len, columns.strip().replace("#", "\n").split("\n"))) / SCALE


LONG = "mmmmmmmmmmm"


@pytest.mark.parametrize("text", [f"mm mm {LONG}", f"mmm mm mm {LONG}", f"mm\N{NO-BREAK SPACE}mm {LONG}"])
def test_blanks_are_as_wide_as_is_told(press: Press, text: str) -> None:
    told = loosest(press, text, "justify: true, balance: false")
    assert told >= 3
    assert widest_gap(press, text, "justify: true, balance: false") == pytest.approx(told * SPACE * 20, abs=3.5)  # and what letters leave beside their ink


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f"mm mm {LONG}", "balance: false"),  # not justified
        (f"{LONG} mm mm", "justify: true"),  # the last line
        (f"mm mm\n{LONG} mm", "justify: true"),  # the last of its paragraph
        ("mm mm mm mm mm mm mm mm mm mm mm mm", "justify: true, balance: false"),
        (f"{LONG} {LONG}", "justify: true"),  # one word a line
    ],
)
def test_of_lines_that_are_as_they_should_nothing_is_told(press: Press, text: str, options: str) -> None:
    assert loosest(press, text, options) == 0


@pytest.mark.parametrize(
    ("text", "locale"),
    [("شاي أخضر ومشروباتنا والمستحضرات والاستعمالات الكثيرة", "ar-EG"), ("珈琲は毎朝焼いています。珈琲は毎朝焼いています", "ja-JP")],
)
def test_other_scripts_have_an_answer(press: Press, text: str, locale: str) -> None:
    assert loosest(press, text, "justify: true, balance: false", locale) >= 0


def test_of_words_that_may_be_parted_nothing_is_told(press: Press) -> None:
    text = "Von der Ofentemperatur hängen die Farbschattierungen unserer Holzaschenglasuren ab, die jedes Mal ganz anders sind"
    whole, parted = (loosest(press, text, f"justify: true, hyphenate: {one}") for one in ("false", "true"))
    assert (whole > 20, parted) == (True, 0)
