"""Folded paper does what folded paper does: what lies back to back on the sheet is a leaf, what lies along the last fold is
a spread."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressrun.run.imposition.booklet import Binding, booklet_pages, bound_page, depth
from pressrun.run.imposition.folds import DoesNotAddUp, FoldedPage, Half, Section, folded


@st.composite
def foldings(draw: st.DrawFn) -> tuple[int, int, list[Half]]:
    """Any folds that end at the spine, with the columns and rows that they take."""
    before = draw(st.lists(st.sampled_from(["left", "right", "top", "bottom"]), max_size=3))
    folds = [*before, "left"]
    across = sum(one in ("left", "right") for one in folds)
    return 2**across, 2 ** (len(folds) - across), folds


def by_place(section: Section, side: tuple[FoldedPage, ...]) -> dict[tuple[int, int], FoldedPage]:
    return {(at % section.columns, at // section.columns): page for at, page in enumerate(side)}


@given(foldings())
def test_every_page_is_there_once(folding: tuple[int, int, list[Half]]) -> None:
    section = folded(*folding)
    assert sorted(one.page for one in (*section.outer, *section.inner)) == list(range(section.pages))
    assert 0 in {one.page for one in section.outer}


@given(foldings())
def test_what_lies_back_to_back_is_a_leaf_with_its_heads_at_one_edge(folding: tuple[int, int, list[Half]]) -> None:
    section = folded(*folding)
    outer, inner = by_place(section, section.outer), by_place(section, section.inner)
    for (column, row), page in outer.items():
        back = inner[section.columns - 1 - column, row]
        assert page.page // 2 == back.page // 2
        assert page.turned == back.turned


@given(foldings())
def test_the_middle_spread_lies_side_by_side(folding: tuple[int, int, list[Half]]) -> None:
    """Whoever opens a folded section in its middle sees two pages of one side of the paper, joined by the last fold."""
    section = folded(*folding)
    left, right = section.pages // 2 - 1, section.pages // 2
    [places] = [
        {one.page: (at, one) for at, one in by_place(section, side).items()}
        for side in (section.outer, section.inner)
        if left in {one.page for one in side}
    ]
    (at_left, one), (at_right, other) = places[left], places[right]
    assert at_left[1] == at_right[1]
    assert one.turned == other.turned
    assert at_right[0] - at_left[0] == (1 if one.turned == 0 else -1)


@pytest.mark.parametrize(
    ("columns", "rows", "folds", "outer"),
    [
        (2, 1, ["left"], [4, 1]),
        (2, 2, ["top", "left"], [5, 4, 8, 1]),
        (4, 2, ["right", "top", "left"], [5, 12, 9, 8, 4, 13, 16, 1]),
    ],
)
def test_sections_that_every_bindery_knows(columns: int, rows: int, folds: list[Half], outer: list[int]) -> None:
    section = folded(columns, rows, folds)
    assert [one.page + 1 for one in section.outer] == outer
    heads = [180] * columns + [0] * columns if rows == 2 else [0] * columns
    assert [one.turned for one in section.outer] == heads


@pytest.mark.parametrize(
    ("columns", "rows", "folds"),
    [(3, 1, ["left"]), (2, 1, []), (4, 1, ["left"]), (2, 1, ["right"]), (2, 2, ["left", "top"]), (2, 1, ["top"])],
)
def test_folds_that_do_not_add_up(columns: int, rows: int, folds: list[Half]) -> None:
    with pytest.raises(DoesNotAddUp):
        folded(columns, rows, folds)


def test_the_spine_is_at_the_right_where_people_read_from_there() -> None:
    left, right = folded(2, 1, ["left"]), folded(2, 1, ["right"], "right")
    assert [one.page for one in right.outer] == [one.page for one in reversed(left.outer)]


@given(foldings(), st.integers(1, 6), st.booleans())
def test_a_booklet_has_every_page_once(folding: tuple[int, int, list[Half]], sections: int, nested: bool) -> None:
    section = folded(*folding)
    pages = [
        bound_page(page, number, sections, section, Binding(nested))
        for number, page in itertools.product(range(sections), range(section.pages))
    ]
    assert sorted(pages) == list(range(sections * section.pages))


@given(st.integers(1, 200))
def test_stitched_sheets_lie_in_each_others_fold(pages: int) -> None:
    """Of nested sheets of four pages, the two at the left and the two at the right add up to the same."""
    section, total = folded(2, 1, ["left"]), booklet_pages(pages, folded(2, 1, ["left"]))
    assert total % 4 == 0
    assert pages <= total < pages + 4
    sections = total // 4
    for number in range(sections):
        first, second, third, last = (bound_page(one, number, sections, section, Binding(True)) for one in range(4))
        assert first + last == second + third == total - 1
        assert {depth(one, total) for one in (first, second, third, last)} == {number}
