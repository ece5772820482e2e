"""What is odd about the words of some rows and of those beside them is what a look at all of them finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressrun.model.finding import Finding, Place, Severity
from pressrun.run.words.noted_files import OtherNotes
from pressrun.run.words.noted_words import NotedWords, UnchangedWords, Witnesses

Odd = list[list[int]]
"""Of each row, from the first, the layers whose words are odd."""


def noted(odd: Odd, rows: range | list[int]) -> NotedWords:
    """As sheets are looked at: each of a row's layers twice, for it is on two sheets."""
    found = NotedWords()
    for row in rows:
        for layer in [*odd[row - 1], *odd[row - 1]]:
            place, message = Place("t.csv", row), f"odd in {row}"
            found.add(Finding(Severity.NOTE, "odd", message, place, None, "card", f"layer {layer}", f"row {row}"), row)
    return found


rows = st.lists(st.lists(st.integers(0, 3), max_size=3, unique=True), min_size=1, max_size=14)


@given(rows, st.data())
@example([[0], [0], [0], [0], [0], [0]], None)
def test_rows_that_changed_along_with_the_others(before: Odd, data: st.DataObject | None) -> None:
    every = range(1, len(before) + 1)
    now = list(before)
    changed = data.draw(st.sets(st.sampled_from(every))) if data else {1, 3}
    for row in changed:
        now[row - 1] = data.draw(rows)[0] if data else []
    values = json.loads(json.dumps([*noted(before, every).values()]))
    witnesses = Witnesses(values)
    seen = [row for row in every if witnesses.is_one(row, changed=row in changed)]
    assert len(seen) <= 4 * 4
    unchanged = UnchangedWords(witnesses.without(changed), noted(now, seen))
    together = noted(now, sorted(changed)).along_with(unchanged)
    whole = noted(now, every)
    assert together.told() == whole.told()
    assert [*together.values()] == [*whole.values()]


@pytest.mark.parametrize("order", [[5, 2, 5, 9, 3], [9, 8, 7, 6, 5, 4, 3, 2, 1], [1, 2, 3, 9, 8, 7, 3]])
def test_rows_in_any_order_are_noted_in_theirs(order: list[int]) -> None:
    mixed, ordered = noted([[0], [1, 0]] * 5, order), noted([[0], [1, 0]] * 5, sorted({*order}))
    assert {one.message for one in mixed.told()} == {one.message for one in ordered.told()}
    assert sorted(mixed.values()) == sorted(ordered.values())


def test_rows_that_follow_each_other_are_kept_as_two_numbers() -> None:
    ((_, ranges),) = noted([[1]] * 900 + [[]] + [[1]] * 3, range(1, 905)).values()
    assert ranges == [1, 900, 902, 3]


def test_a_witness_that_says_something_else_is_not_believed() -> None:
    before: Odd = [[0], [0], [1]]
    witnesses = Witnesses(noted(before, range(1, 4)).values())
    unchanged = UnchangedWords(witnesses.without([1]), noted([[0], [], [1]], [2, 3]))
    with pytest.raises(OtherNotes):
        noted(before, [1]).along_with(unchanged)
