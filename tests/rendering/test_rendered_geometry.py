"""Lengths, boxes, and where a picture goes in a box."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rendering_kit import read_layout

from pressrun import registry
from pressrun.model.geometry import (
    POINTS_PER_UNIT,
    Box,
    Length,
    Rect,
    length_told,
    parse_fraction,
    parse_length,
    told_below,
    type_told,
)
from pressrun.model.page import Page
from pressrun.model.page_sizes import PageSize, page_sizes
from pressrun.model.placement import best_master, contain, cover

numbers = st.floats(0.01, 5000).map(lambda value: round(value, 3))
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))
rects = st.builds(Rect, numbers, numbers, numbers, numbers)
fractions = st.floats(0, 1)
CLOSE = 1e-6


@given(numbers, st.sampled_from([*POINTS_PER_UNIT, "%"]))
def test_a_length_reads_back_what_it_writes(value: float, unit: str) -> None:
    length = parse_length(f"{value} {unit}")
    assert length == Length(value, unit)
    assert length.points(200) == pytest.approx(value * (2 if unit == "%" else POINTS_PER_UNIT[unit]))


def test_units_agree() -> None:
    inch = [Length(1, "in"), Length(2.54, "cm"), Length(25.4, "mm"), Length(72, "pt"), Length(96, "px")]
    assert [length.points(0) for length in inch] == pytest.approx([72] * 5)


@pytest.mark.parametrize("written", [3, 3.5, True, "3", "3 furlongs", "mm", "1e3mm", "--1mm", None, []])
def test_what_is_no_length(written: object) -> None:
    with pytest.raises(ValueError, match=r"unit|not a length"):
        parse_length(written)


def test_fractions() -> None:
    assert parse_fraction("75%") == 0.75
    assert parse_fraction(0.25) == 0.25
    with pytest.raises(ValueError, match="percentage"):
        parse_fraction("3mm")


@pytest.mark.parametrize(
    ("name", "inches"), [("letter", (8.5, 11)), ("LEGAL", (8.5, 14)), ("Tabloid", (11, 17)), ("Ledger", (17, 11))]
)
def test_american_sizes_in_any_spelling(name: str, inches: tuple[float, float]) -> None:
    trim = Page.model_validate({"trim": name}).boxes().trim
    assert (trim.width / 72, trim.height / 72) == pytest.approx(inches)


@pytest.mark.parametrize("name", page_sizes())
def test_named_sizes_turn(name: str) -> None:
    upright = Page.model_validate({"trim": name, "orientation": "portrait"}).boxes().trim
    lying = Page.model_validate({"trim": name, "orientation": "landscape"}).boxes().trim
    assert (upright.width, upright.height) == (lying.height, lying.width)
    assert upright.width <= upright.height


@pytest.mark.parametrize("size", page_sizes().values(), ids=lambda size: size.name)
def test_every_named_size_has_its_safe_zones_and_room_between_them(size: PageSize) -> None:
    """On screens in whole pixels; no zone takes more than two thirds of the page."""
    boxes = Page.model_validate(size.name.upper()).boxes()
    safe, trim = boxes.safe, boxes.trim
    assert all(edge > 0 for edge in (safe.x, safe.y, trim.right - safe.right, trim.bottom - safe.bottom))
    assert (safe.width > trim.width / 3 and safe.height > trim.height / 4) or size.name == "youtube-banner"
    lengths = [size.safe] if isinstance(size.safe, str) else [*size.safe]
    lengths += size.trim.split(" x ")
    assert len({"px" in length for length in lengths}) == 1


@pytest.mark.parametrize("series", "ABC")
def test_iso_sizes_halve(series: str) -> None:
    """ISO 216 and 269: each is the one before, halved and rounded down; B and C are rounded as the standard does."""
    edges = [sorted(edge.value for edge in Page.model_validate(f"{series}{number}").trim) for number in range(11)]
    for (short, long), (half, same) in pairwise(edges):
        assert same == short
        assert abs(half - long / 2) <= 0.5


@given(numbers, numbers, st.floats(0, 50), st.tuples(*[st.floats(0, 40)] * 4))
def test_page_boxes_nest(width: float, height: float, bleed: float, safe: tuple[float, ...]) -> None:
    edges = [f"{edge:.4f}pt" for edge in safe]
    page = {"trim": [f"{width}pt", f"{height}pt"], "bleed": f"{bleed:.4f}pt", "safe": edges}
    top, right, bottom, left = (float(edge.removesuffix("pt")) for edge in edges)
    if min(width - left - right, height - top - bottom) <= 0:
        with pytest.raises(ValueError, match="no room"):
            Page.model_validate(page)
        return
    boxes = Page.model_validate(page).boxes()
    assert boxes.bleed.contains(boxes.trim)
    assert boxes.trim.contains(boxes.safe)
    assert (boxes.trim.width, boxes.trim.height) == pytest.approx((width, height))
    assert boxes.bleed.width - boxes.trim.width == pytest.approx(2 * bleed, abs=1e-3)


@given(rects)
def test_a_box_without_lengths_is_its_frame(frame: Rect) -> None:
    assert Box().resolve(frame) == frame


@given(rects, *[st.floats(0, 100).map(lambda value: round(value, 2))] * 4)
def test_percentages_are_of_the_frame(frame: Rect, x: float, y: float, width: float, height: float) -> None:
    box = Box.model_validate({"x": f"{x}%", "y": f"{y}%", "width": f"{width}%", "height": f"{height}%"})
    found = box.resolve(frame)
    assert (found.x - frame.x) / frame.width * 100 == pytest.approx(x, abs=1e-3)
    assert found.height / frame.height * 100 == pytest.approx(height, abs=1e-3)


def test_missing_lengths_take_the_rest() -> None:
    found = Box.model_validate({"x": "10pt", "y": "25%"}).resolve(Rect(100, 100, 50, 80))
    assert found == Rect(110, 120, 40, 60)


@given(rects, rects)
def test_containing_is_mutual_only_for_equals(one: Rect, other: Rect) -> None:
    assert one.contains(one)
    if one.contains(other, 0) and other.contains(one, 0):
        assert (one.x, one.y, one.right, one.bottom) == (other.x, other.y, other.right, other.bottom)


@given(sizes, rects, st.tuples(fractions, fractions))
def test_cover_has_the_boxs_proportions_and_keeps_all_of_one_side(
    size: tuple[int, int], rect: Rect, focus: tuple[float, float]
) -> None:
    x, y, width, height = cover(size, rect, focus)
    assert -CLOSE <= x <= x + width <= 1 + CLOSE
    assert -CLOSE <= y <= y + height <= 1 + CLOSE
    assert max(width, height) == pytest.approx(1)
    assert width * size[0] / (height * size[1]) == pytest.approx(rect.width / rect.height)


@given(sizes, rects, st.tuples(fractions, fractions))
def test_cover_brings_the_focus_as_near_the_middle_as_edges_allow(
    size: tuple[int, int], rect: Rect, focus: tuple[float, float]
) -> None:
    crop = cover(size, rect, focus)
    for start, length, wanted in ((crop[0], crop[2], focus[0]), (crop[1], crop[3], focus[1])):
        assert start - CLOSE <= wanted <= start + length + CLOSE
        middle = start + length / 2
        at_an_edge = start < CLOSE or start + length > 1 - CLOSE
        assert abs(middle - wanted) < CLOSE or at_an_edge


@given(
    sizes, rects, st.sampled_from(["top", "middle", "bottom"]), st.sampled_from(["left", "center", "right"])
)  # fmt: skip
def test_contain_shows_all_in_its_own_proportions(size: tuple[int, int], rect: Rect, anchor: str, align: str) -> None:
    found = contain(size, rect, anchor, align)  # type: ignore[arg-type]
    assert rect.contains(found, 1e-6 * (1 + rect.right + rect.bottom))
    assert found.width / found.height == pytest.approx(size[0] / size[1])
    assert found.width == pytest.approx(rect.width) or found.height == pytest.approx(rect.height)
    if anchor == "bottom":
        assert found.bottom == pytest.approx(rect.bottom)
    if align == "left":
        assert found.x == pytest.approx(rect.x)


class _Master:
    def __init__(self, width: int, height: int) -> None:
        self.size = width, height


def test_the_best_master_loses_least_and_has_most_pixels() -> None:
    square, tall, wide, large = _Master(1024, 1024), _Master(1024, 1536), _Master(1536, 1024), _Master(2048, 2048)
    assert best_master([square, tall, wide], Rect(0, 0, 90, 160)) is tall
    assert best_master([square, tall, wide], Rect(0, 0, 160, 90)) is wide
    assert best_master([square, tall, large], Rect(0, 0, 10, 10)) is large


def test_a_screen_layout_has_no_bleed() -> None:
    with pytest.raises(ValueError, match="no bleed"):
        read_layout("{page: {trim: A5, bleed: 3mm}, target: screen, formats: [png], layers: [{type: shade}]}")


LIMITED = {name: kind.longest_edge for name, kind in registry.FORMATS.items() if kind.longest_edge}
LARGEST = 19_200  # pixels: of the longest page that PDF readers take, 200 inches


@pytest.mark.parametrize("name", LIMITED)
def test_a_format_has_its_longest_edge(name: str) -> None:
    def page(edge: int) -> str:
        return f"{{page: {{trim: {edge}px x 10px}}, target: screen, formats: [{name}], layers: [{{type: shade}}]}}"

    longest = LIMITED[name] or 0
    assert read_layout(page(min(longest, LARGEST))).formats == (name,)
    if longest < LARGEST:
        with pytest.raises(ValueError, match=f"{longest} pixels"):
            read_layout(page(longest + 1))


@given(st.floats(0.01, 100), st.floats(0.02, 101), st.integers(0, 2))
def test_what_is_too_small_is_told_so_that_one_sees_it(value: float, limit: float, least: int) -> None:
    assume(value < limit * 0.9999)
    assert float(told_below(value, limit, least)) < limit


def test_what_is_far_too_small_is_told_shortly() -> None:
    assert [told_below(57.3, 150, 0), told_below(3.71, 4.5), told_below(0.2, 0.33, 2)] == ["57", "3.7", "0.20"]


@pytest.mark.parametrize(
    ("points", "target", "told"),
    [(18, "print", "6.35 mm"), (6.375, "print", "2.25 mm"), (2834.65, "print", "1000 mm"), (18, "screen", "24 px"),
     (7.5, "screen", "10 px")],
)  # fmt: skip
def test_lengths_are_told_in_the_units_of_their_target(points: float, target: str, told: str) -> None:
    assert length_told(points, target) == told


@pytest.mark.parametrize(("target", "told"), [("print", "18 pt"), ("screen", "24 px")])
def test_sizes_of_type_are_told_in_points_in_print(target: str, told: str) -> None:
    assert type_told(18, target) == told


def test_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="two layers"):
        read_layout(
            "{page: {trim: A5}, target: screen, formats: [png], layers: [{type: shade, id: a}, {type: shade, id: a}]}"
        )
