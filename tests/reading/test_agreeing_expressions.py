"""Expressions agree with Python and with templates where both are defined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from compiled_expression import compiled
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError, UndefinedError

from pressrun.language.expression import compile_expression
from pressrun.language.filters import FOR_ALL
from pressrun.language.lookup import EvaluationError
from pressrun.language.sandbox import Sandbox
from pressrun.model.template import ValueFault

_numbers = (
    st.integers(-1000, 1000).map(str) | st.floats(-1e6, 1e6, allow_nan=False).map(repr) | st.sampled_from(["i", "f"])
)
_arithmetic = st.recursive(
    _numbers,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(st.sampled_from(["-", "+"]), inner).map(lambda t: f"{t[0]}({t[1]})")
        | st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})")
    ),
    max_leaves=8,
)
_comparisons = st.tuples(
    _arithmetic,
    st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), _arithmetic), min_size=1, max_size=3),
).map(lambda t: t[0] + "".join(f" {sign} {other}" for sign, other in t[1]))
_words = st.sampled_from(["s", "''", "'a'", "'b'", "upper(s)", "s + 'b'", "lower('A')"])
_texts = st.tuples(_words, st.sampled_from(["==", "!=", "<", "in", "not in"]), _words).map(" ".join)
_logic = st.recursive(
    _comparisons | _texts | _arithmetic | _words,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
        | inner.map(lambda part: f"not ({part})")
        | st.tuples(inner, inner, inner).map(lambda t: f"({t[0]}) if ({t[1]}) else ({t[2]})")
    ),
    max_leaves=5,
)


@given(_logic, st.integers(-5, 5), st.floats(-5, 5), st.text(max_size=3))
def test_agrees_with_python(text: str, i: int, f: float, s: str) -> None:
    names = {"i": i, "f": f, "s": s}
    functions = {"min": min, "max": max, "upper": str.upper, "lower": str.lower}
    expression, findings = compile_expression(text)
    if expression is None:
        assert len(text) > 1000 or "nested" in findings[0].message
        return
    try:
        wanted = eval(text, {"__builtins__": {}, **functions}, names)
    except ArithmeticError:
        with pytest.raises(EvaluationError):
            expression.evaluate(names)
        return
    found = expression.evaluate(names)
    assert found == wanted or (found != found and wanted != wanted)


_filters = st.sampled_from([
    "upper", "title", "trim", "length", "string", "int", "abs", "first", "last", "list", "reverse", "sort", "unique",
    "default('d')", "default('d', true)", "replace('a', 'b')", "join('-')", "round(1)", "truncate(3)", "float(2.5)", "sum",
    "map('upper')", "wordcount", "select", "batch(2)", "dictsort", "min", "max", "capitalize", "plain", "marked",
])  # fmt: skip
_filtered = st.tuples(
    st.sampled_from(["s", "i", "f", "'a b'", "(s, 'a')", "-i", "(i + 1)", "s.partition('a')", "s.strip()"]),
    st.lists(_filters, min_size=1, max_size=3),
    st.sampled_from(["", " == s", " in 'abc'", " or i", " if i else s"]),
).map(lambda t: " | ".join([t[0], *t[1]]) + t[2])


def as_tuples(value: Any) -> Any:
    return tuple(map(as_tuples, value)) if isinstance(value, (list, tuple, Iterator)) else value


@given(_filtered, st.integers(-5, 5), st.floats(-5, 5), st.text("ab A", max_size=5))
def test_filters_and_methods_agree_with_templates(text: str, i: int, f: float, s: str) -> None:
    names = {"i": i, "f": f, "s": s}
    try:
        found = compiled(text).evaluate(names)
    except EvaluationError:
        return
    wanted = Sandbox({}, FOR_ALL, None, trim=False).compile_expression(text, undefined_to_none=False)(**names)
    assert str(found) == str(as_tuples(wanted))


LETTERS = ["Z", "o", "e\u0308", " ", "नि", "👨‍👩‍👧", "🇩🇪"]


@given(st.tuples(*[st.none() | st.integers(-9, 9)] * 2, st.sampled_from([None, 1, 2, -1])), st.integers(-8, 8))
def test_texts_and_lists_have_parts_and_templates_take_the_same(places: tuple[Any, ...], at: int) -> None:
    names = {"row": {"name": "".join(LETTERS), "list": LETTERS}}
    templates = Sandbox({}, FOR_ALL, None, trim=False)
    cut = ":".join("" if place is None else str(place) for place in places)
    wanted = "".join(LETTERS[slice(*places)])
    assert compiled(f"row.name[{cut}]").evaluate(names) == wanted
    assert templates.from_string(f"{{{{ row.name[{cut}] }}}}").render(names) == wanted
    assert templates.from_string(f"{{{{ row.list[{cut}] | join }}}}").render(names) == wanted
    if -len(LETTERS) <= at < len(LETTERS):
        assert compiled(f"row.name[{at}] + row.list[{at}]").evaluate(names) == 2 * LETTERS[at]
        assert templates.from_string(f"{{{{ row.name[{at}] }}}}").render(names) == LETTERS[at]
        return
    for what in ("name", "list"):
        with pytest.raises(EvaluationError, match="there is no"):
            compiled(f"row.{what}[{at}]").evaluate(names)
    with pytest.raises(UndefinedError, match="there is no"):
        templates.from_string(f"{{{{ row.name[{at}] }}}}").render(names)


@pytest.mark.parametrize("text", ["row.year[2:]", "row['year'][0]", "row.name['a']", "row.name[::0]", "row.name[true:]"])
def test_parts_that_there_are_not(text: str) -> None:
    names = {"row": {"name": "Zoë", "year": 2027}}
    with pytest.raises(EvaluationError):
        compiled(text).evaluate(names)
    with pytest.raises((UndefinedError, ValueFault)):
        Sandbox({}, FOR_ALL, None, trim=False).from_string(f"{{{{ {text} }}}}").render(names)


_signs = st.sampled_from(["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "in", "not in"])
_sides = st.sampled_from(["price", "0.1", "rate", "7", "count", "0.10", "day", "'2027-03-01'", "word", "'7'", "[price, rate]"])


@given(_sides, _signs, _sides, st.decimals(-2, 2, places=1), st.sampled_from([0.1, -0.5, 3.0]), st.sampled_from([0, 7, -7]))
def test_signs_mean_the_same_in_templates(
    left: str, sign: str, right: str, price: Decimal, rate: float, count: int
) -> None:
    names = {"price": price, "rate": rate, "count": count, "day": date(2027, 3, 1), "word": "b"}
    template = Sandbox({}, FOR_ALL, None, trim=False).from_string(f"{{{{ {left} {sign} {right} }}}}")
    try:
        found = compiled(f"{left} {sign} {right}").evaluate(names)
    except EvaluationError:
        with pytest.raises((ValueFault, SecurityError, TypeError)):
            template.render(names)
    else:
        assert template.render(names) == str(found)


@pytest.mark.parametrize("text", [
    "price == 0.2", "0.2 <= price <= 0.20", "price in [0.1, 0.2]", "price * 0.5 == 0.1", "day == '2027-03-01'",
    "day < '2027-03-02'", "([price] | select('==', 0.2) | list | length) == 1", "price % 0.15 == 0.05", "-7 // 2 == -4",
])  # fmt: skip
def test_a_template_counts_in_tenths_and_knows_days(text: str) -> None:
    names = {"price": Decimal("0.2"), "day": date(2027, 3, 1)}
    assert Sandbox({}, FOR_ALL, None, trim=False).from_string(f"{{{{ {text} }}}}").render(names) == "True"


def test_a_template_does_not_quietly_compare_a_number_with_a_text() -> None:
    with pytest.raises(ValueFault, match="the text '5' is compared with the number 5") as told:
        Sandbox({}, FOR_ALL, None, trim=False).from_string("{% if stock == 5 %}few{% endif %}").render({"stock": "5"})
    assert "type" in str(told.value.hint)


@given(st.decimals(-1000, 1000, places=2), st.integers(0, 100), st.decimals(-1000, 1000, places=2))
def test_decimals_stay_exact(price: Decimal, percent: int, other: Decimal) -> None:
    values = {"price": price, "percent": percent, "other": other}
    assert compiled("price * 1.25").evaluate(values) == price * Decimal("1.25")
    assert compiled("price * percent / 100").evaluate(values) == price * percent / 100
    assert compiled("price - other").evaluate(values) == price - other
    assert compiled("price < other").evaluate(values) == (price < other)
    assert compiled(f"price == {price}").evaluate(values)
