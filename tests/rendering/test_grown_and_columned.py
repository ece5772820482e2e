"""Boxes that take the height their words need, columns of like height, and breaks where the copy marks them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from rendering_kit import Press, read_layout, set_text
from test_reckoned_fit import mark_of

from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.language.bidi import unmarked
from pressrun.layers.text.sense import glued, sense_phrases, with_breaks
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Span, TextFit

PROSE = "Gesellschaftsvertrag und Fahrten sind lange Wörter, die in schmalen Spalten Löcher machen, wie hier zu sehen ist."
WARES = "Coffee is roasted every morning, and sent on the same day by train, so that it is fresh."
ARABIC = "قهوة الربيع الطازجة من المزارع الصغيرة كل صباح في المدينة القديمة مع الأصدقاء والجيران"
THAI = "กาแฟคั่วบดหอมกรุ่นจากไร่เล็กๆ บนภูเขา คั่วใหม่ทุกเช้าในเมืองเก่า เสิร์ฟพร้อมขนมปังอบใหม่"


def fit_of(mark: TextMark) -> TextFit:
    assert mark.fit
    return mark.fit


# ------------------------------------------------------------------------------------------------------------ growing


def test_a_box_is_as_high_as_its_words_need(press: Press) -> None:
    high, low = (mark_of(press, text, 100, 20, "size: 10pt, lines: 30, grow: true") for text in (PROSE, "One"))
    assert high.rect.height == pytest.approx(fit_of(high).extent.height, abs=0.01)
    assert (high.rect.y, low.rect.y) == (150, 150)
    assert low.rect.height == 20  # the least


@pytest.mark.parametrize(
    ("grow", "anchor", "box"),
    [("{most: 40pt}", "top", (150, 40)), ("true", "top", (150, 450)), ("{most: 40pt}", "bottom", (130, 40)), ("true", "bottom", (0, 170))],
)  # fmt: skip
def test_it_grows_as_far_as_it_may_and_then_the_type_becomes_smaller(
    press: Press, grow: str, anchor: str, box: tuple[float, float]
) -> None:
    text = PROSE if "most" in grow else " ".join([PROSE] * 40)
    mark = mark_of(press, text, 100, 20, f"size: [2pt, 20pt], lines: 60, grow: {grow}, anchor: {anchor}")
    assert fit_of(mark).size < 20
    assert not fit_of(mark).overflow
    assert mark.rect.y == pytest.approx(box[0], abs=box[1] * 0.2)
    assert mark.rect.height <= box[1]
    assert mark.rect.bottom == pytest.approx(170, abs=0.01) if anchor == "bottom" else mark.rect.y == 150


def test_its_panel_grows_with_it_and_keeps_its_padding(press: Press) -> None:
    options = "size: [6pt, 20pt], lines: 30, grow: {most: 90pt}, panel: {color: sky, padding: 5pt}"
    for text in (PROSE, "One", " ".join([PROSE] * 2)):
        mark = mark_of(press, text, 100, 20, options)
        panel, words = mark.panel_shape.rect, fit_of(mark).extent
        assert panel.height == mark.rect.height <= 90
        if panel.height > 20:
            assert words.y - panel.y >= 4.99
            assert panel.bottom - words.bottom >= 4.99


def test_what_does_not_fit_into_the_most_is_told_or_cut(press: Press) -> None:
    assert fit_of(mark_of(press, PROSE, 60, 10, "size: 10pt, lines: 30, grow: {most: 30pt}")).overflow
    cut = fit_of(mark_of(press, PROSE, 60, 10, "size: 10pt, lines: 30, grow: {most: 30pt}, overflow: ellipsis"))
    assert (cut.shortened, cut.overflow) == (True, False)
    assert mark_of(press, PROSE, 60, 10, "size: 10pt, grow: false").rect.height == 10


# ------------------------------------------------------------------------------------------------------------- columns


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(("text", "locale"), [(PROSE, "de-DE"), (ARABIC, "ar-AE"), (THAI, "th-TH")])
def test_columns_are_of_like_height(press: Press, text: str, locale: str, count: int) -> None:
    mark = mark_of(press, text, 300, 100, f"size: 10pt, lines: 30, columns: {count}, gutter: 20pt", locale)
    fit = fit_of(mark)
    assert mark.columns
    assert mark.columns.width == pytest.approx((300 - 20 * (count - 1)) / count)
    of_each = -(-fit.lines // count)
    leading = mark.leading * 10
    assert fit.extent.height == pytest.approx((of_each - 1) * leading + sum(fit.edges) * 10, abs=0.01)
    alone = fit_of(mark_of(press, text, mark.columns.width, 300, "size: 10pt, lines: 30, balance: false", locale))
    assert fit.lines == alone.lines


@pytest.mark.parametrize(
    "options", ["", "paragraph_space: 60%", "justify: true, hyphenate: true", "list: bullets", "markup: true, first_line: 10pt"]
)
def test_what_is_set_in_columns_stays_in_their_box(press: Press, options: str) -> None:
    text = f"{PROSE}\nZwei.\n<b>Drei</b> {PROSE}" if "markup" in options else f"{PROSE}\nZwei.\nDrei {PROSE}"
    page = """
page: {trim: 400pt x 300pt}
target: screen
formats: [png]
layers: [{type: text, id: t, text: x, size: 10pt, lines: 30, columns: 3, gutter: 10pt, box: {x: 20pt, y: 20pt, width: 360pt, height: 200pt}%s}]
"""
    layout = read_layout(page % (f", {options}" if options else ""))
    sheet, _ = press.compose(layout, layers={"t": {"text": text}}, locale="de-DE")
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    fit, ink = fit_of(mark), set_text(press, sheet)["t"].ink
    assert ink
    assert ink.x >= 19
    assert ink.right <= 381
    assert ink.bottom <= fit.extent.bottom + 1
    assert ink.right > 280  # the last one has words
    assert fit.extent.height < 200 / 2


def test_a_paragraph_that_goes_on_in_a_column_keeps_its_direction(press: Press) -> None:
    """Latin words on an Arabic page, in brackets of which each has its other half at its word."""
    text = " ".join(f"(word{number})" for number in range(29)) + " (last)."
    fit = fit_of(mark_of(press, text, 300, 100, "size: 10pt, lines: 30, columns: 2, gutter: 20pt", "ar-AE"))
    assert fit.flow
    (end,) = fit.flow.ends
    words = "".join(span.text for span in fit.spans).encode()
    behind = unmarked(words[end:].decode())
    page = """
page: {trim: 300pt x 100pt}
target: print
formats: [press-pdf]
layers: [{type: text, id: t, text: x, size: 10pt, lines: 30, mirror: false, box: {width: %dpt}%s}]
"""
    seen = []
    for width, columns, said in ((300, ", columns: 2, gutter: 20pt", text), (140, ", balance: false", behind)):
        sheet, _ = press.compose(read_layout(page % (width, columns)), layers={"t": {"text": said}}, locale="ar-AE")
        overlays = typeset_stage.typeset([sheet], press.bench)
        (picture,) = rasterise(shown_pages(overlays, [lambda ink: ink.srgb]), (600, 200))
        seen.append(picture.crop((0, 0, 280, 200)).tobytes())
    assert seen[0] == seen[1]


def share_of_each(press: Press, mark: TextMark) -> list[int]:
    """How many lines each column has, by the ink of the file."""
    fit = fit_of(mark)
    assert fit.flow
    text = mark.text.encode()
    parts = [text[start:end].decode() for start, end in pairwise((0, *fit.flow.ends, len(text)))]
    width = mark.columns.width if mark.columns else 0.0
    return [
        sum(fit_of(mark_of(press, line, width, 400, "size: 10pt, lines: 60, balance: false")).lines
            for line in part.split("\n") if line.strip())
        for part in parts
    ]  # fmt: skip


def words(lines: int) -> str:
    """A paragraph of so many lines of 90 points, two words each."""
    return " ".join(["Millimeter Wortlang"] * lines)


@pytest.mark.parametrize(
    ("text", "size", "box", "locale"),
    [
        ("5 % fi naïve", ["4pt", "40pt"], (30, 12), "tr-TR"),
        ("well-known <role headline>don't</role> سوق", "14pt", (140, 40), "ar-AE"),
        ("ﷺ 28 April 2027 x² € 12,99 € 12,99 don't", "14pt", (140, 90), "he-IL"),
    ],
)  # fmt: skip
def test_columns_may_end_in_an_ellipsis(
    press: Press, text: str, size: str | list[str], box: tuple[int, int], locale: str
) -> None:
    """Where their lines may end is told in bytes, of which the ellipsis is three."""
    layer = {"type": "text", "id": "t", "text": text, "markup": True, "size": size, "columns": 2, "overflow": "ellipsis"}
    page = {"page": {"trim": "200pt x 200pt"}, "target": "screen", "formats": ["png"], "ground": "paper"}
    drawn = [{**layer, "role": "headline", "box": {"width": f"{box[0]}pt", "height": f"{box[1]}pt"}}]
    made = press.render(json.dumps({**page, "layers": drawn}), locale=locale)
    assert "internal-error" not in made.codes


@pytest.mark.parametrize(
    ("paragraphs", "columns", "shares"),
    [
        ((7,), 3, [3, 2, 2]),
        ((5,), 3, [2, 2, 1]),
        ((4,), 3, [2, 1, 1]),
        ((8,), 3, [3, 3, 2]),
        ((13,), 4, [4, 3, 3, 3]),
        ((5, 3), 2, [5, 3]),  # or else the last line of the first would stand alone
        ((3, 5), 2, [5, 3]),  # or else the first line of the second would
        ((4, 3), 3, [2, 2, 3]),
        ((2, 2, 2), 3, [2, 2, 2]),
        ((8, 3, 6), 3, [6, 5, 6]),
        ((10, 3, 9), 2, [13, 9]),  # where the second would be parted either way
    ],
)
def test_lines_are_shared_out_evenly_and_none_is_alone(
    press: Press, paragraphs: tuple[int, ...], columns: int, shares: list[int]
) -> None:
    width = 100 * columns + 10 * (columns - 1)
    text = "\n".join(map(words, paragraphs))
    mark = mark_of(press, text, width, 300, f"size: 10pt, lines: 30, columns: {columns}, gutter: 10pt")
    assert share_of_each(press, mark) == shares
    assert fit_of(mark).extent.height == pytest.approx(
        (max(shares) - 1) * mark.leading * 10 + sum(fit_of(mark).edges) * 10, abs=0.01
    )


LINKS = "Wortlang siehe https://example.com/kaffee/berge "


@pytest.mark.parametrize(
    ("text", "locale", "columns", "options"),
    [
        (THAI * 3, "th-TH", 3, ""),
        (f"{THAI} {THAI}\n{THAI}", "th-TH", 2, ""),
        (LINKS * 5, "de-DE", 3, ""),
        (f"{LINKS * 3}\n{LINKS * 2}", "de-DE", 2, "first_line: 10pt"),
        ("Kaffee vom Berg | frisch geröstet | jeden Morgen | in der Stadt | und am Fluss", "de-DE", 2, "breaks: '|'"),
    ],
    ids=["thai", "thai-paragraphs", "addresses", "indented-addresses", "by-sense"],
)
def test_they_are_so_where_only_the_line_breaker_knows_where_lines_end(
    press: Press, text: str, locale: str, columns: int, options: str
) -> None:
    width = 100 * columns + 10 * (columns - 1)
    said = f"size: 10pt, lines: 30, columns: {columns}, gutter: 10pt" + (f", {options}" if options else "")
    mark = mark_of(press, text, width, 300, said, locale)
    fit = fit_of(mark)
    assert fit.flow
    assert len(fit.flow.ends) == columns - 1
    ends = [len(mark.text.encode()[:end].decode()) for end in fit.flow.ends]
    assert all(not mark.text[end].isspace() for end in ends)
    shares = share_of_each(press, mark)
    assert max(shares) - min(shares) <= 2
    assert fit.extent.height == pytest.approx(
        (max(shares) - 1) * mark.leading * 10 + sum(fit.edges) * 10, abs=mark.leading * 10 if "|" in options else 0.01
    )


@pytest.mark.parametrize("text", ["A.\n\nB.", "A.\n \n\nB.\n\nC.\n\nD.", f"{WARES}\n\n{WARES}"])
def test_a_blank_line_between_paragraphs_is_no_paragraph(press: Press, text: str) -> None:
    mark = mark_of(press, text, 200, 300, "size: 10pt, lines: 30, columns: 2, gutter: 10pt")
    fit = fit_of(mark)
    assert not fit.overflow
    assert fit.flow
    assert max(shares := share_of_each(press, mark)) - min(shares) <= 1


def test_columns_make_their_type_smaller(press: Press) -> None:
    mark = mark_of(press, PROSE, 200, 40, "size: [4pt, 30pt], lines: 30, columns: 2, gutter: 10pt")
    assert 4 < fit_of(mark).size < 30
    assert fit_of(mark).extent.height <= 40.01
    of_each = mark_of(press, PROSE, 200, 300, "size: 10pt, lines: 2, columns: 2, gutter: 10pt")
    assert fit_of(of_each).overflow


# ------------------------------------------------------------------------------------------------------ breaks by sense


def lines(press: Press, text: str, width: float, options: str, locale: str = "en-GB") -> TextMark:
    return mark_of(press, text, width, 300, f"size: [6pt, 20pt], lines: 4, balance: false, {options}", locale)


def test_lines_end_where_the_copy_marks_it(press: Press) -> None:
    mark = lines(press, "Freshly roasted | every morning | in Leipzig", 150, "breaks: '|'")
    assert mark.text == "Freshly roasted every morning in Leipzig"
    assert mark.phrases == (("Freshly roasted", " ", "every morning", " ", "in Leipzig"),)
    assert (fit_of(mark).lines, fit_of(mark).phrases) == (3, mark.phrases)
    free = lines(press, "Freshly roasted every morning in Leipzig", 150, "breaks: '|'")
    assert free.phrases == ()
    assert fit_of(free).lines == 3


def test_of_a_piece_that_is_wider_than_a_line_lines_end_elsewhere(press: Press) -> None:
    mark = lines(press, "Freshly roasted every morning | in Leipzig", 40, "breaks: '|'")
    words = ("Freshly", " ", "roasted", " ", "every", " ", "morning")
    assert fit_of(mark).phrases == ((*words, " ", "in Leipzig"),)
    assert not fit_of(mark).overflow


def test_marked_up_words_are_kept_together_likewise(press: Press) -> None:
    mark = lines(press, "Freshly <b>roasted</b> <wbr/>every morning", 150, "markup: true")
    assert mark.text == "Freshly\u00a0roasted every\u00a0morning"
    assert lines(press, "春の<wbr/>新作", 150, "markup: true").text == "春の新作"


@pytest.mark.parametrize(
    ("text", "said"),
    [("a|b", "a \ue001b"), ("a | b", "a \ue001b"), ("a |b", "a \ue001b"), ("春の|新作", "春の\ue001新作"), ("กาแฟ|หอม", "กาแฟ\ue001หอม"), ("|a|", "\ue001a\ue001"),
     ("no", "no")],
)  # fmt: skip
def test_the_sign_stands_for_a_blank_where_a_script_has_any(text: str, said: str) -> None:
    assert with_breaks(text, "|") == said


def test_pieces_are_parted_at_breaks_alone() -> None:
    assert sense_phrases("a b \ue001c\nd e") == (("a b", " ", "c"), ("d e",))
    assert sense_phrases("a b") == ()
    long = "x " * 30
    assert glued((Span(f"{long}\ue001a b"),)) == (Span(f"{long}a\u00a0b"),)
