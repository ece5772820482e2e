"""Which item goes into which cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pressrun.run.imposition import order

ITEMS, CELLS = st.integers(1, 300), st.integers(1, 30)


@given(ITEMS, CELLS)
def test_n_up_reads_as_the_pages_came(items: int, cells: int) -> None:
    sheets = order.in_sequence(range(items), cells)
    assert [one for sheet in sheets for one in sheet if one is not None] == list(range(items))
    assert all(len(sheet) == cells for sheet in sheets)
    assert all(None not in sheet for sheet in sheets[:-1])


@given(ITEMS, CELLS)
def test_stacks_laid_on_each_other_are_in_row_order(items: int, cells: int) -> None:
    sheets = order.cut_and_stacked(range(items), cells)
    stacks = [[sheet[cell] for sheet in sheets] for cell in range(cells)]
    assert [one for stack in stacks for one in stack if one is not None] == list(range(items))
    assert len(sheets) == -(-items // cells)


@given(ITEMS, CELLS)
def test_step_and_repeat_fills_a_sheet_with_each(items: int, cells: int) -> None:
    assert [set(sheet) for sheet in order.repeated(range(items), cells)] == [{item} for item in range(items)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_quantities_are_kept(quantities: list[int]) -> None:
    wanted = order.in_quantity(range(len(quantities)), quantities)
    assert [wanted.count(item) for item in range(len(quantities))] == quantities
    assert wanted == sorted(wanted)
