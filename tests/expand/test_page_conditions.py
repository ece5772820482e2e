"""What is asked of a page is asked once pages are counted: what a row decides alone is settled before."""

from __future__ import annotations

import pytest

from pressrun.language.expression import compile_expression
from pressrun.language.lookup import EvaluationError
from pressrun.language.pages import PageFacts, for_later
from pressrun.model.folded_boxes import FoldedBoxes
from pressrun.model.geometry import Rect
from pressrun.model.record import Record

ROW = {"product": Record._of({"sku": "MUG", "pages": 3}, "products"), "locale": "de-DE"}


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("page.is_left", "page.is_left"),
        ("product.sku == 'MUG' and page.number > 1", "page.number > 1"),
        ("product.sku == 'TIN' and page.number > 1", False),
        ("product.sku == 'MUG' or page.is_first", True),
        ("page.is_first or product.sku == 'TIN'", "page.is_first"),
        ("not (page.is_first or locale == 'de-DE')", False),
        ("page.number < product.pages", "page.number < 3"),
        ("page.number in [1, product.pages]", "page.number in (1, 3)"),
    ],
)
def test_what_is_left_of_a_condition(written: str, left: bool | str) -> None:
    expression, _ = compile_expression(written)
    assert expression
    assert for_later(expression, ROW) == left


def test_what_cannot_be_asked_of_a_page_is_told() -> None:
    expression, _ = compile_expression("page.first.upper() == 'A'")
    assert expression
    with pytest.raises(EvaluationError):
        for_later(expression, ROW)


@pytest.mark.parametrize(
    ("number", "from_right", "condition", "holds"),
    [
        (1, False, "page.is_right", True),
        (2, False, "page.is_left", True),
        (1, True, "page.is_left", True),
        (2, False, "page.is_verso", True),
        (2, True, "page.is_verso", True),
        (3, True, "page.is_recto", True),
        (4, True, "page.is_recto", False),
        (4, False, "page.is_last", True),
        (3, False, "page.turn > 1 and page.id == 'list'", True),
        (3, False, "page.total < 4", False),
    ],
)
def test_a_page_knows_its_place(number: int, from_right: bool, condition: str, holds: bool) -> None:
    assert PageFacts("list", number, 4, 2, from_right).holds(condition) is holds


def test_folds_change_sides_with_the_page() -> None:
    page = Rect(0, 0, 66, 30)
    trim = Rect(3, 0, 60, 30)
    panels = (Rect(3, 0, 18, 30), Rect(21, 0, 20, 30), Rect(41, 0, 22, 30))
    assert FoldedBoxes(page, trim, trim, panels).folds == (Rect(21, 0, 0, 30), Rect(41, 0, 0, 30))
    assert FoldedBoxes(page, trim, trim, panels, mirrored=True).folds == (Rect(25, 0, 0, 30), Rect(45, 0, 0, 30))
