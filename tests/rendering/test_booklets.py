"""Booklets as people bind them: margins at the fold, spreads that are drawn as one, and pages filled up to sheets."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
from rendering_kit import HERE, Press, dump, read_layout
from test_composed_cases import compare

from pressrun.language.pages import LATER
from pressrun.model.finding import Finding
from pressrun.model.geometry import SpreadBoxes
from pressrun.model.layout import Layout
from pressrun.model.sheet import PictureMark, Sheet, TextMark
from pressrun.model.task import SheetContent

FOLDER = HERE / "booklet"
MM = 72 / 25.4
NUMBER = "\U0010fff0"  # stands for a page's until pages are counted
STORY = "\n".join(
    f"On the {name} hill coffee grows in the shade of old trees, and is picked by hand, cherry by cherry, until the "
    "baskets are full and the mill begins to turn. " * 6
    for name in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def content(press: Press, layout: Layout, story: str, locale: str = "en-GB") -> SheetContent:
    layers = {
        "body": {"text": story},
        "folio-left": {"text": NUMBER, LATER: "page.is_left and page.id == 'story'"},
        "folio-right": {"text": NUMBER, LATER: "page.is_right and page.id == 'story'"},
    }
    return press.content(layout, "booklet", locale, layers=layers, slots={"hero": ["quadrants"]})


def made(press: Press, story: str, locale: str = "en-GB", text: str = "") -> list[tuple[Sheet, list[Finding]]]:
    layout = read_layout(text or (FOLDER / "layout.yaml").read_text())
    composed = press.bench.composer.pages(layout, content(press, layout, story, locale))
    fitted = press.bench.fitter.fitted([sheet for sheet, _ in composed])
    return [(sheet, findings) for sheet, (_, findings) in zip(fitted, composed, strict=True)]


def layers(sheet: Sheet) -> set[str]:
    return {mark.layer for mark in sheet.marks}


def test_a_booklet_is_composed_as_it_is_bound(press: Press) -> None:
    pages = made(press, STORY)
    written = "[\n" + ",\n".join(dump(sheet, findings).rstrip() for sheet, findings in pages) + "\n]\n"
    assert len(json.loads(written)) % 4 == 0
    compare(written, FOLDER / "pages.json")


def test_texts_stay_away_from_the_fold(press: Press) -> None:
    for sheet, _ in made(press, STORY)[3:-1]:
        if not layers(sheet) - {"ground"}:
            continue  # a blank one
        (body,) = (mark for mark in sheet.marks if mark.layer == "body")
        assert sheet.page
        is_left = sheet.page % 2 == 0
        assert body.rect.x == pytest.approx((3 + (8 if is_left else 14)) * MM)
        assert body.rect.right == pytest.approx((3 + 100 - (14 if is_left else 8)) * MM)
        assert ("folio-left" in layers(sheet)) is is_left


def test_from_right_to_left_texts_stay_away_from_the_fold(press: Press) -> None:
    """The first page lies left of the fold, and what follows in turns right and left."""
    for sheet, _ in made(press, STORY, "ar-EG"):
        assert sheet.page
        is_left = sheet.page % 2 == 1
        for mark in sheet.marks:
            if isinstance(mark, TextMark) and mark.layer in ("title", "body", "imprint"):
                assert mark.rect.x == pytest.approx((3 + (8 if is_left else 14)) * MM)
                assert mark.rect.right == pytest.approx((3 + 100 - (14 if is_left else 8)) * MM)


def test_a_picture_goes_over_the_fold(press: Press) -> None:
    """Each page has its half, and in its bleed at the fold what the other page shows there."""
    left, right = (sheet for sheet, _ in made(press, STORY)[1:3])
    places = []
    for sheet in (left, right):
        (view,) = (mark for mark in sheet.marks if isinstance(mark, PictureMark))
        places.append(view.rect)
    assert places[0].x == 0
    assert places[0].width == pytest.approx(206 * MM)
    assert places[1].x == pytest.approx(-100 * MM)
    assert (layers(left), layers(right)) == ({"view", "band", "left-note"}, {"view", "band", "caption"})
    (caption,) = (mark for mark in right.marks if isinstance(mark, TextMark))
    assert caption.rect.x == pytest.approx(17 * MM)


def test_in_languages_from_right_to_left_the_book_is_turned_over(press: Press) -> None:
    pages = made(press, STORY, "ar-EG")
    first, second = (sheet for sheet, _ in pages[1:3])
    assert isinstance(first.boxes, SpreadBoxes)
    assert first.boxes.across.x < 0  # it lies right
    assert second.boxes.frame("bleed").x == 0
    assert layers(first) == {"view", "band", "left-note"}  # what is read first
    assert [finding.code for _, findings in pages for finding in findings if finding.is_error] == []


@pytest.mark.parametrize(("words", "blank"), [(1, 3), (820, 3)])
def test_blank_pages_fill_its_sheets_and_are_told(press: Press, words: int, blank: int) -> None:
    pages = made(press, " ".join(["coffee"] * words))
    empty = [sheet.page for sheet, _ in pages if not layers(sheet) - {"ground"}]
    assert len(pages) % 4 == 0
    assert empty == list(range(len(pages) - blank, len(pages)))
    assert layers(pages[-1][0]) == {"ground", "imprint"}
    told = [finding for _, findings in pages for finding in findings]
    assert [(finding.code, finding.is_error) for finding in told] == [("blank-pages", False)]
    assert f"{len(pages) - blank} pages" in told[0].message


def test_without_a_place_for_them_they_are_the_last(press: Press) -> None:
    text = (FOLDER / "layout.yaml").read_text().replace("{multiple: 4, blank_before: back}", "true")
    pages = made(press, "A short one.", text=text)
    assert [bool(layers(sheet) - {"ground"}) for sheet, _ in pages] == [True] * 5 + [False] * 3


def test_a_spread_on_one_leaf_is_told(press: Press) -> None:
    text = (FOLDER / "layout.yaml").read_text()
    parted = text.replace("  - id: opening\n", "  - {id: inside, layers: [{type: text, id: more, text: x, size: 9pt}]}\n  - id: opening\n")
    told = [finding for _, findings in made(press, STORY, text=parted) for finding in findings if finding.is_error]
    assert [(finding.code, "3 and 4" in finding.message) for finding in told] == [("parted-spread", True)]


def test_its_press_file_has_all_pages(press: Press, tmp_path: Path) -> None:
    layout = read_layout((FOLDER / "layout.yaml").read_text())
    task = press.task(layout, formats=("press-pdf",))
    task = type(task)(task.index, task.row, content(press, layout, STORY), task.files)
    press.layouts["booklet"] = layout
    rendered = press.rendered(press.make(task))
    assert set(rendered.codes) <= {"blank-pages", "stand-in-picture", "low-contrast"}
    with pikepdf.open(io.BytesIO(rendered.files["press-pdf"])) as pdf:
        assert len(pdf.pages) == len(made(press, STORY))
        assert {tuple(round(float(edge)) for edge in page.trimbox) for page in pdf.pages} == {(9, 9, 292, 405)}
