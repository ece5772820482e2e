"""A path that is read in one piece is what its operators build one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressrun.readers.press_pdf import operators
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.graphics_state import State
from pressrun.readers.press_pdf.outline import Outline, outline_of

NUMBER = st.sampled_from(["0", "1", "-2.5", ".25", "+3.", "99"])
BUILT = st.sampled_from([("m", 2), ("l", 2), ("c", 6), ("v", 4), ("y", 4), ("re", 4), ("h", 0)]).flatmap(
    lambda one: st.lists(NUMBER, min_size=one[1], max_size=one[1]).map(lambda numbers: " ".join([*numbers, one[0]]))
)


def unexpected(operator: str, operands: Sequence[Any]) -> None:
    pytest.fail(f"{operator} was not read with the others")


def told(outline: Outline) -> dict[str, object]:
    return {name: getattr(outline, name) for name in Outline.__slots__}


def alone(data: bytes) -> Outline:
    """The path as its operators build it one by one."""
    outline = Outline()
    steps: dict[str, Callable[..., None]] = {"m": outline.move, "l": outline.line, "re": outline.rectangle}

    def visit(operator: str, operands: Sequence[Any]) -> None:
        if operator in steps:
            steps[operator](*operands)
        elif operator != "h":
            outline.curve(tuple(operands))

    operators.each_operator(data, operators.Scratch(), 0, visit, Budget(0))
    return outline


@given(st.lists(BUILT, max_size=80), st.sampled_from([" ", "\n", "\r\n"]))
@example(["0 0 m"] * 70, " ")
def test_a_path_read_at_once_is_the_same(pieces: list[str], between: str) -> None:
    data = between.join(pieces).encode()
    outline = Outline()
    left = operators.each_operator(data, operators.Scratch(), 0, unexpected, Budget(0), outline.go_on)
    assert not left
    assert told(outline) == told(alone(data))


@given(st.lists(BUILT, max_size=40), st.lists(BUILT, max_size=40))
def test_what_is_kept_of_a_path_does_not_change_when_it_goes_on(first: list[str], second: list[str]) -> None:
    run, more = " ".join(first).encode(), " ".join(second).encode()
    kept, count = outline_of(run)
    before = told(kept.copied())
    goes_on = kept.copied()
    assert goes_on.go_on(more) == len(second)
    assert count == len(first)
    assert told(kept) == before
    assert told(goes_on) == told(alone(run + b" " + more))


@pytest.mark.parametrize("written", [b"1 m", b"1 2 3 m", b"1 2 re", b"1 2 mm", b"1 2 m0", b"true l", b"1\x002 m"])
def test_what_builds_no_path_is_visited_alone(written: bytes) -> None:
    run = operators.BUILDING.match(b" 0 0 m 1 1 l " + written)
    assert run
    assert run.group() == b" 0 0 m 1 1 l"


def test_a_budget_holds_for_a_path_without_end() -> None:
    budget = Budget(0)
    budget.visits = 5_000
    with pytest.raises(Spent):
        operators.each_operator(b"0 0 m " * 20_000, operators.Scratch(), 0, unexpected, budget, Outline().go_on)


def test_a_state_that_is_kept_is_all_of_it() -> None:
    values: dict[str, Any] = {name: object() for name in State.__struct_fields__}
    kept = State(**values).copied()
    assert {name: getattr(kept, name) for name in values} == values
