"""Words that stand on what a picture shows are told; those beside it, and on a picture that is all ground, are not."""

from __future__ import annotations

from rendering_kit import Press
from small_layouts import HERO, PRODUCT, SCREEN, TEXT


def test_a_panel_on_the_subject_counts_with_its_text(press: Press) -> None:
    beside = TEXT.replace("height: 30pt", "x: 0, y: 90pt, width: 100pt, height: 30pt").replace("Some words", "Go")
    panel = beside.replace("size: 20pt", "size: 20pt, panel: {color: sky, padding: 30pt}")
    assert "text-on-subject" not in press.render(SCREEN + PRODUCT + beside, slots={"hero": ["cutout"]}).codes
    assert "text-on-subject" in press.render(SCREEN + PRODUCT + panel, slots={"hero": ["cutout"]}).codes


def test_a_panel_that_is_turned_counts_where_it_is_turned_to(press: Press) -> None:
    box = "width: 40pt, height: 100pt"
    words = f"{{type: text, id: t, text: Go, color: ink, size: 9pt, anchor: middle, panel: sky, box: {{{box}}}}}"
    group = f"  - {{type: group, rotate: 90, box: {{x: 75pt, y: 125pt, {box}}}, layers: [{words}]}}\n"
    turned = press.render(SCREEN + PRODUCT + group, slots={"hero": ["cutout"]})
    level = press.render(SCREEN + PRODUCT + group.replace("rotate: 90, ", ""), slots={"hero": ["cutout"]})
    assert ("text-on-subject" in turned.codes, "text-on-subject" in level.codes) == (False, True)


def test_text_on_a_picture_that_fills_the_page_is_on_no_subject(press: Press) -> None:
    assert "text-on-subject" not in press.render(SCREEN + HERO + TEXT, slots={"hero": ["light"]}).codes
