"""Columns and pages of tables: by arithmetic, whatever their cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressrun.layers.table.cells import decimal_separators, right_of_separator
from pressrun.layers.table.pages import page_end
from pressrun.layers.table.widths import TOLERANCE, TooWide, Width, limit, widths
from pressrun.model.table_content import RowKind, TableContent, TableRow

POINTS = st.floats(1, 300)
ASKED = st.lists(
    st.one_of(POINTS.map(lambda value: Width("fixed", value)), st.just(Width("content")),
              st.floats(0.1, 5).map(lambda value: Width("share", value))),
    min_size=1, max_size=8,
)  # fmt: skip


@given(ASKED, st.lists(POINTS, min_size=8, max_size=8), st.floats(50, 2000))
def test_columns_have_what_they_ask_for_and_no_more_than_there_is(
    asked: list[Width], natural: list[float], room: float
) -> None:
    natural = natural[: len(asked)]
    fixed = sum(one.value for one in asked if one.kind == "fixed")
    try:
        given_ = widths(asked, natural, room)
    except TooWide:
        assert fixed > room - TOLERANCE
        return
    assert sum(given_) <= room + TOLERANCE
    if any(one.kind == "share" for one in asked):
        assert sum(given_) == pytest.approx(room)
    shares = {round(width / one.value, 6) for one, width in zip(asked, given_, strict=True) if one.kind == "share"}
    assert len(shares) <= 1
    for one, wanted, width in zip(asked, natural, given_, strict=True):
        assert width > 0
        assert width == one.value or one.kind != "fixed"
        assert width <= wanted or one.kind != "content"


@given(st.lists(POINTS, min_size=1, max_size=9), st.floats(1, 2000))
def test_only_the_widest_give_way(wanted: list[float], room: float) -> None:
    most = limit(wanted, room)
    taken = [min(width, most) for width in wanted]
    assert sum(taken) == pytest.approx(min(room, sum(wanted)))


GROUPS = st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.booleans()), min_size=1, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[TableRow], list[float]]:
    kinds: list[tuple[RowKind, int]] = []
    for number, (heading, count, subtotal) in enumerate(draw(GROUPS), start=1):
        kinds += [("heading", number)] * heading + [("row", number)] * count + [("subtotal", number)] * subtotal
    rows = [TableRow(kind, ("x",), (), number) for kind, number in kinds]
    return rows, draw(st.lists(st.floats(5, 60), min_size=len(rows), max_size=len(rows)))


@given(tables(), st.floats(10, 400))
def test_every_row_stands_on_one_page_in_order(table: tuple[list[TableRow], list[float]], room: float) -> None:
    rows, heights = table
    start = 0
    while start < len(rows):
        end = page_end(rows, heights, start, room)
        if end == start:
            assert heights[start] > room
            return
        assert end > start
        assert sum(heights[start:end]) <= room + 0.1
        if end < len(rows) and (end - start > 4 or sum(heights[start : end + 1]) <= room):
            assert rows[end - 1].kind != "heading" or all(row.kind == "heading" for row in rows[start:end])
        start = end
    assert start == len(rows)


@pytest.mark.parametrize(
    ("kinds", "fit", "end"),
    [
        ("hrrrrhrrr", 6, 5),  # no heading alone at the foot of a page
        ("hrrrrhrrr", 7, 5),  # nor one with a single row of several
        ("hrrrrhrrr", 8, 5),  # nor a single row of its group at the head of the next
        ("hrrrrhrrrr", 8, 8),
        ("rrrrrrrr", 7, 6),  # nor the last row of all
        ("hrrrsrrr", 4, 2),  # sums go with their rows, and these are two at least
        ("hrrrrshrrr", 5, 3),
        ("hrhrhrhr", 4, 4),  # groups of one row
    ],
)
def test_pages_end_well(kinds: str, fit: int, end: int) -> None:
    names: dict[str, RowKind] = {"h": "heading", "r": "row", "s": "subtotal"}
    rows = [TableRow(names[letter], ("x",)) for letter in kinds]
    assert page_end(rows, [10.0] * len(rows), 0, 10.0 * fit) == end


@pytest.mark.parametrize(
    ("locale", "text", "right"),
    [
        ("de-DE", "1.249,50 €", "0,50 €"),
        ("de-DE", "1.249 €", "0 €"),
        ("de-DE", "ab 9,5", "0,5"),
        ("en-GB", "£1,249.50", "0.50"),
        ("ar-AE", "1,249.50 د.إ", "0.50"),  # what follows the number stands to its left
        ("ar-EG", "١٬٢٤٩٫٥", "0٫٥"),
        ("fr-CH", "1\u202f249.50 CHF", "0.50 CHF"),  # money, which has a point there
        ("fr-CH", "9,5", "0,5"),
        ("de-CH", "CHF 1’249.50", "0.50"),
        ("de-DE", "auf Anfrage", None),
    ],
)
def test_what_stands_to_the_right_of_a_separator(locale: str, text: str, right: str | None) -> None:
    assert right_of_separator(text, decimal_separators(locale)) == right


def test_a_content_is_read_as_it_is_written() -> None:
    content = TableContent((0, 2), ("Wein", ""), (TableRow("heading", ("Rot\n",), (), 1), TableRow("row", ("a", "ü"), (1, 2), 1)))
    assert TableContent.read(content.written()) == content
