"""Tab stops: where words behind a tab stand, and what fills the room before them; and the room around paragraphs."""

from __future__ import annotations

import pytest
from PIL import ImageChops
from rendering_kit import Press, read_layout, set_text
from test_reckoned_fit import mark_of

from pressrun.model.geometry import Rect, parse_length

WIDE = 200  # points
ONE = """
page: {{trim: 300pt x 200pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, size: 10pt, lines: 9, box: {{x: 50pt, width: 200pt, height: 200pt}}, {options}}}]
"""


def ink(press: Press, text: str, options: str, locale: str = "de-DE") -> Rect:
    """The ink of a text in a column of 200 points, from its left edge."""
    sheet, findings = press.compose(read_layout(ONE.format(options=options)), layers={"t": {"text": text}}, locale=locale)
    assert findings == []
    found = set_text(press, sheet, scale=6)["t"].ink
    assert found
    return Rect(found.x - 50, found.y, found.width, found.height)


def stop(align: str, at: str = "100pt", leader: str = "") -> str:
    return f"tabs: [{{at: {at}, align: {align}, leader: '{leader}'}}]"


@pytest.mark.parametrize("words", ["Hill", "<b>Hi</b>ll", "กาแฟ", "Hl Hl"])
def test_words_stand_at_their_stop(press: Press, words: str) -> None:
    left, right, middle = (ink(press, f"\t{words}", f"markup: true, {stop(one)}") for one in ("left", "right", "center"))
    assert left.x == pytest.approx(100, abs=1)
    assert right.right == pytest.approx(100, abs=1)
    assert middle.x + middle.width / 2 == pytest.approx(100, abs=1)
    edge = ink(press, f"\t{words}", f"markup: true, {stop('right', '100%')}")
    assert edge.right == pytest.approx(WIDE, abs=1)


@pytest.mark.parametrize(
    ("number", "whole", "locale"),
    [("12,345", "12", "de-DE"), ("12.345", "12", "en-GB"), ("1.299,50 €", "1.299", "de-DE"), ("-12,5", "-12", "de-DE"),
     ("12", "12", "de-DE"), ("12 kg", "12", "de-DE"), ("<b>1</b>2,5", "<b>1</b>2", "de-DE"), ("ohne", "ohne", "de-DE")],
)  # fmt: skip
def test_numbers_stand_by_their_decimal_sign(press: Press, number: str, whole: str, locale: str) -> None:
    options = f"markup: true, {stop('decimal')}"
    alone = ink(press, f"\t{whole}", f"markup: true, {stop('right')}", locale)
    assert ink(press, f"\t{number}", options, locale).x == pytest.approx(alone.x, abs=0.4)


def test_from_the_right_stops_are_mirrored(press: Press) -> None:
    left, right = (ink(press, "\tقهوة", f"{stop(one, '80pt')}", "ar-AE") for one in ("left", "right"))
    assert left.right == pytest.approx(WIDE - 80, abs=1)
    assert right.x == pytest.approx(WIDE - 80, abs=1)
    whole, number = (ink(press, f"\t{said}", stop("decimal", "80pt"), "ar-AE") for said in ("12", "12.5"))
    assert number.x == pytest.approx(whole.x, abs=0.4)
    assert mark_of(press, "Flat\tWhite", 200, 20, f"size: 10pt, {stop('left')}", "ar-AE").text == (
        "\u2066Flat\u2069\t\u2066White\u2069"
    )


def test_each_tab_goes_to_the_next_stop(press: Press) -> None:
    stops = "tabs: [{at: 120pt}, {at: 40pt}]"
    assert ink(press, "\t\tH", stops).x == pytest.approx(120, abs=1)
    assert ink(press, " \t H", stops).x == pytest.approx(40, abs=1)
    assert ink(press, "HHHHHHHH\tH", stops).right == pytest.approx(126, abs=1)
    assert ink(press, "\t\t\tH", stops).x == pytest.approx(125, abs=1)  # behind the last, half an em
    assert mark_of(press, "a\tb", 200, 20, "size: 10pt").text == "a b"
    assert mark_of(press, "<b>a</b><tab/>b", 200, 20, "size: 10pt, markup: true").text == "a b"


def test_leaders_stand_in_columns(press: Press) -> None:
    layout = read_layout(ONE.format(options=stop("right", "100%", ".") + ", leading: 15pt"))
    picture = press.render(layout, layers={"t": {"text": "H\tI\nHHHH\tI"}}).picture("png").convert("L")
    first, second = (picture.crop((130, top, 300, top + 14)) for top in (0, 20))
    assert ImageChops.difference(first, second).getextrema()[1] < 80  # of some 200
    assert first.getextrema()[0] < 100


def test_a_line_with_tabs_is_as_large_as_fits_and_is_cut(press: Press) -> None:
    options = f"lines: 3, {stop('right', '100%', '.')}"
    fitted = mark_of(press, "Cappuccino\t3,90\nEspresso\t2,40", 90, 60, f"size: [4pt, 30pt], {options}", "de-DE").fit
    assert fitted
    assert (fitted.lines, fitted.overflow) == (2, False)
    assert 8 < fitted.size < 20
    cut = mark_of(press, "Cappuccino mit Hafermilch\t3,90", 90, 60, f"size: 12pt, overflow: ellipsis, {options}").fit
    assert cut
    assert cut.shortened
    assert cut.extent.width < 90


# ---------------------------------------------------------------------------------------------------- room around them


def height(press: Press, text: str, options: str = "") -> float:
    fit = mark_of(press, text, 200, 300, f"size: 10pt, lines: 20, markup: true, first_line: 1pt{options}").fit
    assert fit
    return fit.extent.height


def test_paragraphs_have_room_above_and_below(press: Press) -> None:
    plain = height(press, "a\nb\nc")
    assert height(press, "a\nb\nc", ", space_before: 4pt") - plain == pytest.approx(8, abs=0.01)
    assert height(press, "a\nb\nc", ", space_before: 4pt, space_after: 20%, paragraph_space: 1pt") - plain == (
        pytest.approx(14, abs=0.01)
    )
    assert height(press, "<b>a</b>\nb\nc", ", space_after: 4pt") - plain == pytest.approx(8, abs=0.01)


def test_a_paragraph_in_another_role_has_that_ones_room(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    room = {"space_before": parse_length("9pt"), "space_after": parse_length("3pt")}
    role = press.brand.typography["headline"].model_copy(update=room)
    typography = {**press.brand.typography, "headline": role}
    monkeypatch.setattr(press, "brand", press.brand.model_copy(update={"typography": typography}))
    marked, inside = "a\n<role headline>b</role>\nc\nd", "a\nx <role headline>b</role>\nc\nd"
    assert height(press, marked, ", space_after: 1pt") - height(press, inside, ", space_after: 1pt") == (
        pytest.approx(9 + 3 - 1, abs=0.01)
    )


def test_a_role_says_to_which_side_its_lines_are_set(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    role = press.brand.typography["body"].model_copy(update={"align": "center"})
    typography = {**press.brand.typography, "body": role}
    monkeypatch.setattr(press, "brand", press.brand.model_copy(update={"typography": typography}))
    assert mark_of(press, "a", 100, 20, "size: 10pt").align == "center"
    assert mark_of(press, "a", 100, 20, "size: 10pt, align: end").align == "end"
    assert mark_of(press, "a", 100, 20, "size: 10pt, role: headline").align == "start"
