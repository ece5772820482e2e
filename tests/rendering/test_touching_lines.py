"""Lines touch where their letters do, one below the other; the leading that is told keeps them apart."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rendering_kit import Press

from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.model.sheet import Sheet, TextMark

PAGE = """
page: {{trim: 300pt x 400pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, role: headline, size: 30pt, lines: 6, box: {{width: 260pt, height: 350pt}}, {options}}}]
"""
THAI = "ที่นี่มีกาแฟที่ดีที่สุดในเมืองนี้ ชิ้นนี้ก็ดีมากกู้ปู่ญู่"
ARABIC = "مَرْحَبًا بِكُمْ فِي مَقْهَانَا الْجَدِيدِ كُلَّ صَبَاحٍ"
VIETNAMESE = "Ấm áp mỗi sớm Ẩn Ặ Ế gộp Ở Ỗ"
DEPTHS = "ggggggg\nÄÄÄÄÄÄÄ"


def composed(press: Press, text: str, locale: str, options: str) -> tuple[Sheet, TextMark]:
    sheet, _ = press.compose(PAGE.format(options=options), layers={"t": {"text": text}}, locale=locale)
    [mark] = sheet.marks
    assert isinstance(mark, TextMark)
    assert mark.fit
    return sheet, mark


def apart(press: Press, text: str, locale: str, options: str) -> float:
    fit = composed(press, text, locale, options)[1].fit
    assert fit
    return fit.apart


def blank_rows(press: Press, text: str, locale: str, options: str) -> int:
    """How many stretches of level rows without ink a text has between its lines."""
    sheet, mark = composed(press, text, locale, options)
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=(mark,))], press.bench)
    assert overlay
    (page,) = rasterise(shown_pages([overlay], [lambda ink: ink.srgb]), (1200, 1600))
    alpha = page.getchannel("A")
    rows = ["#" if alpha.crop((0, row, 1200, row + 1)).getbbox() else " " for row in range(1600)]
    return len("".join(rows).split()) - 1


@pytest.mark.parametrize(
    ("text", "locale"), [(THAI, "th-TH"), (ARABIC, "ar-EG"), (VIETNAMESE, "vi-VN"), (DEPTHS, "de-DE")]
)
@pytest.mark.parametrize("more", ["align: start", "align: center", "align: end"])
def test_lines_that_touch_are_told_and_the_leading_told_keeps_them_apart(
    press: Press, text: str, locale: str, more: str
) -> None:
    needed = apart(press, text, locale, f"leading: 0.9, {more}")
    assert 0.9 < needed < 1.7
    assert apart(press, text, locale, f"leading: {needed}, {more}") == 0
    assert apart(press, text, locale, f"leading: {needed - 0.05:.2f}, {more}") > 0


def test_what_is_told_is_seen(press: Press) -> None:
    text = "ggggggg\nlllllll"
    needed = apart(press, text, "de-DE", "leading: 0.85")
    assert blank_rows(press, text, "de-DE", "leading: 0.85") == 0
    assert blank_rows(press, text, "de-DE", f"leading: {needed}") == 1


@pytest.mark.parametrize(
    ("text", "locale", "options"),
    [
        ("Frisch geröstet jeden Morgen in Äpfelwäldchen", "de-DE", "leading: 1.08"),
        ("ggggg\nÄÄÄ", "de-DE", "leading: 0.95, align: start, paragraph_space: 50%"),
        ("gggg     \nAAAA Ä", "de-DE", "leading: 1.0"),
        ("ggggg", "de-DE", "leading: 0.6"),
    ],
)
def test_letters_that_pass_each_other_do_not_touch(press: Press, text: str, locale: str, options: str) -> None:
    assert apart(press, text, locale, options) == 0


@pytest.mark.parametrize("options", ['breaks: "|"', "justify: true", "columns: 2", "markup: true, list: bullets"])
def test_it_is_known_of_texts_that_are_more_than_lines(press: Press, options: str) -> None:
    text = THAI.replace(" ", "|" if "breaks" in options else "\n" if "list" in options else " ")
    assert apart(press, text, "th-TH", f"leading: 0.95, {options}") > 1
