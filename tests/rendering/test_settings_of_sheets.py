"""What sheets of a layout have in common is resolved once, and what is each one's own costs little."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from msgspec.structs import replace
from rendering_kit import Press, read_layout

from pressrun.compose import Composer
from pressrun.model.sheet import Sheet, TextMark
from pressrun.model.task import SheetContent

PAGE = """
page: {trim: 400pt x 400pt}
target: screen
formats: [png]
layers:
  - {type: shape, id: rule, shape: line, stroke: ink, box: {x: 10pt, y: 10pt, width: 50pt, height: 0pt}}
  - {type: logo, id: logo, logo: [default], box: {x: 300pt, y: 10pt, width: 60pt, height: 30pt}}
  - {type: text, id: head, role: headline, size: [12pt, 60pt], lines: 3, text: Head,
     box: {x: 20pt, y: 60pt, width: 300pt, height: 120pt}}
  - {type: text, id: body, size: [8pt, 14pt], lines: 6, text: Body,
     box: {x: 20pt, y: 200pt, width: 200pt, height: 120pt}}
  - {type: text, id: price, figures: price, size: [20pt, 40pt], text: Price,
     box: {x: 240pt, y: 200pt, width: 120pt, height: 60pt}}
"""
MOST_CALLS = 880  # of Python functions, for a sheet with three texts that no other sheet has


@pytest.fixture
def composer(press: Press) -> Composer:
    return Composer(press.brand, press.logos, press.bench.faces, press.bench.fitter, press.bench.logo_frame)


def content(press: Press, number: int, locale: str = "en-GB") -> SheetContent:
    words = {
        "head": f"Coffee number {number} for slow mornings",
        "body": f"Washed at {number} metres, dried for weeks, and roasted well - a cup that keeps what the hills gave it.",
        "price": f"£{number}.50",
    }
    return press.content(
        read_layout(PAGE), "layout", locale, layers={layer: {"text": text} for layer, text in words.items()}
    )


def marks(sheet: Sheet) -> dict[str, Any]:
    return {mark.layer: mark for mark in sheet.marks}


def test_sheets_of_a_layout_share_what_their_rows_do_not_decide(press: Press, composer: Composer) -> None:
    layout = read_layout(PAGE)
    one, other = (marks(composer.compose(layout, content(press, number))[0]) for number in (11, 12))
    assert one["rule"] is other["rule"]
    assert one["logo"] is other["logo"]
    assert one["head"].spans != other["head"].spans
    assert replace(one["head"], spans=()) == replace(other["head"], spans=())


def test_each_locale_and_each_layout_has_a_setting_of_its_own(press: Press, composer: Composer) -> None:
    layout = read_layout(PAGE)
    english = marks(composer.compose(layout, content(press, 11))[0])
    hebrew = marks(composer.compose(layout, content(press, 11, "he-IL"))[0])
    assert hebrew["rule"].rect.x == 400 - english["rule"].rect.right
    assert hebrew["head"].language == "he"
    wider = marks(composer.compose(read_layout(PAGE.replace("width: 50pt", "width: 70pt")), content(press, 11))[0])
    assert wider["rule"].rect.width == 70
    assert english["rule"].rect.width == 50


def test_layers_that_have_one_name_are_told_apart(press: Press, composer: Composer) -> None:
    page = PAGE.replace("id: rule, ", "").replace("id: logo", "id: shape-1")
    sheet, findings = composer.compose(read_layout(page), press.content(read_layout(page), "layout"))
    assert not findings
    assert {"ShapeMark", "LogoMark", "TextMark"} <= {type(mark).__name__ for mark in sheet.marks}


def test_a_sheet_with_words_of_its_own_is_fitted_in_fewer_than_nine_hundred_calls(
    press: Press, composer: Composer
) -> None:
    layout, fitter = read_layout(PAGE), press.bench.fitter
    told = [content(press, number) for number in range(20, 61)]
    fitter.fitted([composer.compose(layout, told[0])[0]])
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        sheets = fitter.fitted([composer.compose(layout, one)[0] for one in told[1:]])
    finally:
        sys.setprofile(None)
    assert all(mark.fit for sheet in sheets for mark in sheet.marks if isinstance(mark, TextMark))
    assert calls / len(sheets) < MOST_CALLS
