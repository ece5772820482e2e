"""Expressions that grow, overflow or go deep: each gives a value, or a fault of its own."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest

from pressrun.language.expression import compile_expression
from pressrun.language.lookup import EvaluationError


@pytest.mark.parametrize(
    "text",
    [
        " * ".join(["9" * 29] * 30), " + ".join(["a"] * 200), "a * a * a * a * a * a", "1e308 * 10 - 1e308 * 10",
        "d < 1e308 * 10 - 1e308 * 10", "round(1e308 * 10)", "round(d * d * d, 12)", "upper(1e308)", "len(1)",
        "'\\ud800'", "'\\udfff' + 'a'", "date('9999-99-99')", "max(d, 'a')", "min([])", "a / 0", "d / 0", "(a, a) < (a, a)",
        "[[1], [2]] == [[1], 2]", "d in 'a'", "a == date('2027-01-01')", "-date('2027-01-01')", "none < none", "true + true",
        "(" * 300 + "1" + ")" * 300, "not " * 200 + "a", "a if a else " * 80 + "a", "d == 1e400", "1e400 == d",
    ],
)  # fmt: skip
def test_every_expression_gives_a_value_or_a_fault(text: str) -> None:
    expression, findings = compile_expression(text)
    assert (expression is None) == bool(findings)
    if expression is not None:
        with contextlib.suppress(EvaluationError):
            str(expression.evaluate({"a": int("9" * 300), "d": Decimal("9" * 2_000)}))
