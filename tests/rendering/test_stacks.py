"""Stacks: what hangs on where they put things, beside the composed cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rendering_kit import Press, read_layout

from pressrun.layers.text import TextLayer
from pressrun.model.composition import Composing
from pressrun.model.geometry import Rect
from pressrun.model.sheet import PictureMark, Sheet, TextMark

PAGE = """
page: {trim: 200pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - {type: image, id: ground, picture: hero, box: {in: bleed}}
  - type: stack
    id: stack
    gap: 6pt
    layers:
      - {type: text, id: name, text: x, role: headline, size: 20pt, lines: 3}
      - {type: image, id: photo, picture: photo, box: {height: 60pt}}
      - {type: text, id: foot, text: Below, size: 9pt}
"""


def composed(press: Press, name: str, page: str = PAGE, **content: Any) -> Sheet:
    slots = {"hero": ["gray"], "photo": ["quadrants"]}
    sheet, findings = press.compose(page, slots=slots, layers={"name": {"text": name}}, **content)
    assert not findings
    return sheet


def boxes(sheet: Sheet) -> dict[str, Rect]:
    return {one.mark.layer: one.mark.rect for one in sheet.placed}


def test_what_grows_pushes_what_is_below_it(press: Press) -> None:
    short, long = (boxes(composed(press, name)) for name in ("Ada", "Ada of the House of Lovelace"))
    assert long["name"].height > 2 * short["name"].height - 6
    for layer in ("photo", "foot"):
        assert long[layer].y - short[layer].y == pytest.approx(long["name"].height - short["name"].height)


def test_a_picture_that_is_pushed_is_one_plate_in_all_languages(press: Press) -> None:
    sheets = [composed(press, name) for name in ("Ada", "Ada of the House of Lovelace")]
    lifted = {mark.layer: mark.lifted for mark in sheets[0].marks if isinstance(mark, PictureMark)}
    assert lifted == {"ground": False, "photo": True}
    assert len({press.bench.plate_key(sheet) for sheet in sheets}) == 1


def test_a_stack_of_one_height_in_all_rows_is_painted_on_the_plate(press: Press) -> None:
    page = PAGE.replace("      - {type: text, id: name, text: x, role: headline, size: 20pt, lines: 3}\n", "")
    page = page.replace("      - {type: text, id: foot, text: Below, size: 9pt}\n", "")
    sheet, _ = press.compose(page, slots={"hero": ["gray"], "photo": ["quadrants"]})
    assert not any(mark.lifted for mark in sheet.marks if isinstance(mark, PictureMark))


def test_a_text_says_in_a_stack_what_it_says_in_its_own_box(press: Press) -> None:
    """It is set at the size and in the lines that its width allows, and takes their height alone."""
    (mark,) = [one.mark for one in composed(press, "Ada of the House").placed if one.mark.layer == "name"]
    alone = read_layout(PAGE.replace("type: stack", "type: group").replace("    gap: 6pt\n", ""))
    (other,) = [one.mark for one in composed(press, "Ada of the House", alone).placed if one.mark.layer == "name"]
    assert isinstance(mark, TextMark)
    assert isinstance(other, TextMark)
    assert mark.fit
    assert other.fit
    assert (mark.fit.size, mark.fit.lines, mark.fit.spans) == (other.fit.size, other.fit.lines, other.fit.spans)
    assert mark.rect.height == pytest.approx(mark.fit.extent.height)


def test_stacks_change_sides_with_the_page(press: Press) -> None:
    page = PAGE.replace("    gap: 6pt", "    run: across\n    gap: 6pt").replace("box: {height: 60pt}", "box: {width: 60pt, height: 60pt}")
    left, right = (boxes(composed(press, name, page, locale=to)) for name, to in (("Ada", "en-GB"), ("آدا", "ar-EG")))
    assert left["name"].x == 10
    assert right["name"].right == pytest.approx(190)
    assert left["photo"].x > left["name"].right
    assert right["photo"].right < right["name"].x


def test_a_layer_of_a_stack_may_be_moved_from_where_it_is_put(press: Press) -> None:
    moved = PAGE.replace("box: {height: 60pt}", "box: {height: 60pt, shift: [3pt, -2pt]}")
    one, other = (boxes(composed(press, "Ada", page)) for page in (PAGE, moved))
    assert (other["photo"].x - one["photo"].x, other["photo"].y - one["photo"].y) == (3, -2)
    assert other["foot"] == one["foot"]


def test_what_is_wrong_in_a_stack_is_told_once(press: Press) -> None:
    """Though layers are composed to be measured, and again in their places."""
    page = PAGE.replace("    gap: 6pt", "    run: across\n    anchor: baseline")
    page = page.replace("picture: photo, box: {height: 60pt}", "picture: none, box: {width: 60pt, height: 60pt}")
    _, findings = press.compose(page, slots={"hero": ["gray"]}, layers={"name": {"text": "Ada"}})
    assert [(one.layer, one.code) for one in findings] == [("photo", "missing-picture")]


def test_a_picture_stands_on_the_stage_of_its_own_item(press: Press) -> None:
    page = """
page: {trim: 200pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - type: stack
    id: list
    layers:
      - type: group
        id: card
        repeat: items
        box: {height: 60pt}
        layers:
          - {type: image, id: scene, picture: hero}
          - {type: image, id: product, picture: photo, stand: scene, fit: contain, box: {width: 20pt, height: 20pt}}
"""
    items = {f"{layer}#{number}": {} for layer in ("card", "scene", "product") for number in (1, 2)}
    sheet, findings = press.compose(page, slots={"hero": ["gray"], "photo": ["quadrants"]}, layers=items)
    assert not findings
    places = boxes(sheet)
    feet = [places[f"product#{number}"].bottom - places[f"scene#{number}"].y for number in (1, 2)]
    assert feet[0] == pytest.approx(feet[1])


def test_stacks_in_stacks_are_measured_once_a_level(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    depth, asked = 8, 0
    fitted = TextLayer.compose

    def counted(self: TextLayer, composing: Composing) -> Iterator[TextMark]:
        nonlocal asked
        asked += 1
        return fitted(self, composing)

    inner = "{type: text, id: words, text: Words, size: 9pt}"
    for level in range(depth):
        run = "across, anchor: baseline" if level == 0 else "down"
        inner = f"{{type: stack, id: level-{level}, run: {run}, layers: [{inner}]}}"
    page = f"page: {{trim: 200pt x 300pt, safe: 10pt}}\ntarget: screen\nformats: [png]\nlayers: [{inner}]\n"
    monkeypatch.setattr(TextLayer, "compose", counted)
    sheet, findings = press.compose(page)
    assert not findings
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    assert mark.rect.x == pytest.approx(10)
    assert asked <= 2 * depth + 2  # and not twice as often with each
