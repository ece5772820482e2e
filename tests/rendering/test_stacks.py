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


ADDRESS = """
page: {trim: 200pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - type: stack
    id: address
    layers:
      - {type: text, id: name, text: x, role: body, size: 10pt, lines: 2, box: {width: 60pt}}
      - {type: text, id: street, text: 5 High Street, role: body, size: 10pt}
      - {type: shape, id: rule, fill: ink, box: {height: 1pt}}
      - {type: text, id: town, text: Leeds, role: body, size: 10pt, leading: 2}
      - {type: text, id: country, text: UNITED KINGDOM, role: body, size: 10pt, leading: 16pt}
"""


def baselines(sheet: Sheet) -> dict[str, tuple[float, float]]:
    """Of each text its first and its last."""
    fits = {one.mark.layer: (one.mark, one.mark.fit) for one in sheet.placed if isinstance(one.mark, TextMark)}
    return {
        name: (fit.extent.y + fit.edges[0] * fit.size, fit.extent.bottom - fit.edges[1] * fit.size)
        for name, (_, fit) in fits.items() if fit
    }  # fmt: skip


def test_texts_of_a_stack_without_a_gap_stand_by_their_leading(press: Press) -> None:
    leading = press.brand.typography["body"].leading
    assert isinstance(leading, float)
    lines = baselines(composed(press, "Ada of the House", ADDRESS))
    first, last = lines["name"]
    assert last - first == pytest.approx(10 * leading)  # two lines of one text
    assert lines["street"][0] - last == pytest.approx(10 * leading)
    assert lines["country"][0] - lines["town"][0] == pytest.approx((20 + 16) / 2)
    sheet = composed(press, "Ada of the House", ADDRESS)
    places = boxes(sheet)
    assert places["rule"].y == pytest.approx(places["street"].bottom)
    assert places["town"].y == pytest.approx(places["rule"].bottom)


def test_leading_makes_no_stack_too_small_and_a_gap_of_nothing_is_one(press: Press) -> None:
    touching = composed(press, "Ada", ADDRESS.replace("    id: address\n", "    id: address\n    gap: 0\n"))
    places = boxes(touching)
    assert places["street"].y == pytest.approx(places["name"].bottom)
    height = places["country"].bottom - places["name"].y + 2
    tight = composed(press, "Ada", ADDRESS.replace("id: address\n", f"id: address\n    box: {{height: {height}pt}}\n"))
    assert boxes(tight)["country"].bottom == pytest.approx(places["country"].bottom + 2)


def test_stacks_in_a_row_are_as_wide_as_what_they_contain(press: Press) -> None:
    page = """
page: {trim: 200pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - type: stack
    id: row
    run: across
    wrap: true
    gap: 6pt
    layers:
      - type: stack
        id: one
        align: end
        layers:
          - {type: text, id: name, text: x, role: body, size: 10pt}
          - type: stack
            id: pair
            run: across
            gap: 4pt
            layers:
              - {type: shape, id: dot, shape: ellipse, fill: ink, box: {width: 8pt, height: 8pt}}
              - {type: text, id: role, text: Countess, role: body, size: 10pt}
      - type: grid
        id: two
        columns: [20pt, 30pt]
        layers:
          - {type: shape, id: left, fill: ink, box: {height: 8pt}}
          - {type: shape, id: right, fill: ink, box: {height: 8pt}}
      - {type: stack, id: three, layers: [{type: shape, id: wide, fill: ink, box: {height: 8pt}}]}
"""
    places = boxes(composed(press, "Ada", page))
    assert places["dot"].x == pytest.approx(10)
    assert places["name"].right == pytest.approx(places["role"].right, abs=0.1)
    assert places["left"].x == pytest.approx(places["role"].right + 6, abs=0.1)
    assert (places["right"].x, places["right"].width) == pytest.approx((places["left"].x + 20, 30))
    assert places["wide"].width == pytest.approx(180, abs=0.1)  # nothing tells its width: it has a line of its own
    assert places["wide"].y > places["role"].bottom


def test_a_text_whose_font_is_not_at_hand_does_not_take_all_the_room(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a look before the first run, where no font of Chinese is cut."""
    monkeypatch.setattr(press.bench.fitter._shaper, "has_scripts", lambda families: False)
    sheet = composed(press, "Ada", PAGE.replace("lines: 3", "lines: 1"))
    assert boxes(sheet)["photo"].y < 10 + 2 * 20 + 6


GRID = """
page: {trim: 220pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - type: grid
    id: photos
    columns: 3
    gap: 10pt
    row_height: 80pt
    align: center
    layers:
      - {type: image, id: first, picture: photo, box: {height: 80pt}}
      - {type: image, id: second, picture: photo, box: {height: 80pt}}
      - {type: image, id: third, picture: photo, box: {WIDTH}}
"""


def test_a_picture_is_no_wider_than_its_cell(press: Press) -> None:
    sheet, findings = press.compose(GRID.replace("WIDTH", "height: 20pt"), slots={"photo": ["quadrants"]})
    places = boxes(sheet)
    assert not findings
    assert (places["first"].x, places["first"].width, places["first"].height) == pytest.approx((10, 60, 80))
    assert places["second"].x == pytest.approx(80)
    assert places["third"].width < 60  # a smaller one keeps its shape, in the middle of its cell
    assert places["third"].x > 150


@pytest.mark.parametrize("fit", ["cover", "contain"])
def test_pictures_fill_rows_whose_height_is_said(press: Press, fit: str) -> None:
    page = GRID.replace(", box: {height: 80pt}", f", fit: {fit}").replace(", box: {WIDTH}", f", fit: {fit}")
    sheet, findings = press.compose(page.replace("row_height: 80pt", "row_height: 20pt"), slots={"photo": ["quadrants"]})
    places = boxes(sheet)
    assert not findings
    assert {place.height for place in places.values()} == {20}
    assert {place.width for place in places.values()} == ({60} if fit == "cover" else {20})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("width: 75pt", "'third' is 100 px wide, and its cell 80 px"),
        ("height: 90pt", "'third' is 120 px high, and its row 106.7 px"),
    ],
)
def test_what_says_that_it_is_larger_than_its_cell_is_told(press: Press, said: str, message: str) -> None:
    _, findings = press.compose(GRID.replace("WIDTH", said), slots={"photo": ["quadrants"]})
    assert [(one.code, one.message) for one in findings] == [("grid-too-small", message)]


RANGED = PAGE.replace("    gap: 6pt\n", "    gap: 6pt\n    box: {height: 130pt}\n").replace("size: 20pt", "size: [12pt, 24pt]")
LONG = "Ada of the House of Lovelace and others"


def test_a_text_with_a_range_of_sizes_gives_way_where_a_stack_is_too_high(press: Press) -> None:
    """Wherever it stands among the others; in one that is high enough it is as large as its width allows."""
    roomy = composed(press, LONG, RANGED.replace("height: 130pt", "height: 200pt"))
    below = RANGED.replace("size: 9pt", "size: 9pt, box: {height: 11pt}")
    for page in (RANGED, below):
        tight = composed(press, LONG, page)
        assert boxes(tight)["foot"].bottom <= 140.01
        sizes = [next(mark.fit.size for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == "name" and mark.fit)
                 for sheet in (roomy, tight)]  # fmt: skip
        assert 12 <= sizes[1] < sizes[0]


def test_of_several_texts_that_give_way_later_ones_give_first(press: Press) -> None:
    page = """
page: {trim: 200pt x 300pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - type: stack
    id: stack
    gap: 0pt
    box: {in: safe, height: HIGHpt}
    layers:
      - {type: text, id: name, text: x, role: headline, size: [10pt, 20pt], lines: 9}
      - {type: text, id: more, text: x, role: body, size: [5pt, 12pt], lines: 9}
"""
    found = []
    for high in (300, 100, 70, 50, 20):
        layers = {"name": {"text": LONG}, "more": {"text": f"{LONG} {LONG} {LONG}"}}
        sheet, findings = press.compose(page.replace("HIGH", str(high)), layers=layers)
        fits = {mark.layer: mark.fit for mark in sheet.marks if isinstance(mark, TextMark) and mark.fit}
        found.append((fits["name"].size, fits["more"].size))
        assert (fits["more"].extent.bottom <= 10.01 + high) is (findings == [])
        assert [one.code for one in findings] == ["stack-too-small"] * (high == 20)
    (name, more), later, both, least, _ = found
    assert (name, more) == (20, 12)
    assert later[0] == name
    assert later[1] < more
    assert least[0] <= both[0] < name
    assert least[1] <= both[1] < more


def test_a_stack_whose_texts_cannot_give_way_is_too_small(press: Press) -> None:
    slots = {"hero": ["gray"], "photo": ["quadrants"]}
    _, findings = press.compose(RANGED.replace("130pt", "80pt"), slots=slots, layers={"name": {"text": LONG}})
    assert [(one.code, one.layer) for one in findings] == [("stack-too-small", "stack")]
