"""Expressions: what they mean, and what they refuse."""

from __future__ import annotations

import contextlib
import pickle
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from compiled_expression import compiled
from hypothesis import given
from hypothesis import strategies as st

from pressrun.language.expression import compile_expression
from pressrun.language.lookup import EvaluationError, Lookup, MissingEntry
from pressrun.model.finding import Place
from pressrun.readers.table import Table


@dataclass(frozen=True)
class _Layout:
    name: str

    def secret(self) -> str:
        return "no"


PRICES = Table(
    "prices.csv", {"sku": ["A"], "currency": ["EUR"], "amount": [Decimal("12.90")]}, [2], key=("sku", "currency")
)
VALUES: dict[str, Any] = {
    "product": {"sku": "A", "name": "Kenya", "launch": date(2027, 3, 1), "grams": 250, "price": "12.90", "empty": "",
                "off": None},
    "season": {"start": "2027-04-01"},
    "region": {"currency": "EUR", "locale": "de-DE"},
    "prices": Lookup("prices", PRICES),
    "layout": _Layout("square"),
    "date": date(2027, 5, 1),
    "take": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("season.start >= product.launch", True),
        ("product.launch == '2027-03-01'", True),
        ("product.launch == ''", False),
        ("date > product.launch", True),
        ("date('2027-05-01') == date", True),
        ("max(product.launch, season.start)", "2027-04-01"),
        ("prices[product.sku, region.currency].amount", Decimal("12.90")),
        ("prices[product.sku, region.currency].amount * 0.9", Decimal("11.610")),
        ("prices['A', 'EUR'].amount < 13", True),
        ("('A', 'EUR') in prices and ('A', 'GBP') not in prices", True),
        ("region.locale in ['de-DE', 'de-AT']", True),
        ("'enya' in product.name", True),
        ("product.name + ' ' + upper(product.sku)", "Kenya A"),
        ("100 < product.grams <= 250", True),
        ("product.grams / 4", 62.5),
        ("'big' if product.grams > 500 else 'small'", "small"),
        ("product.empty or product.off or 'neither'", "neither"),
        ("not product.empty and not product.off and not 0", True),
        ("layout.name == 'square'", True),
        ("product.off == none and true != false", True),
        ("round(2.675 * take, 1) + len(product.name) - -1", 8.7),
        ("[round(0.125, 2), round(2.5), round(-2.5), 2.675 | round(2), 0.5 | round]", (0.13, 3, -3, 2.68, 1.0)),
        ("min(3, 1, 2) + max([4, 5])", 6),
        ("  take\n  == 1 ", True),
        ("product.name | upper == 'KENYA'", True),
        ("product.empty | default('none', true) | title", "None"),
        ("((product.grams + 1) | string) + ' g'", "251 g"),
        ("'a, b' | replace(', ', '|')", "a|b"),
        ("product.price | float | round(1, method='floor')", 12.9),
        ("'b,a'.split(',') | sort | join('-')", "a-b"),
        ("product.name.startswith('K') and not product.name.endswith('x')", True),
        ("date.isoformat()", "2027-05-01"),
        ("['b', 'a'] | map('upper') | list", ("B", "A")),
        ("[3, 1] | sort", (1, 3)),
        ("[] | first | default('nobody')", "nobody"),
        ("(product.off | default(1)) + len(product.empty | default('ab'))", 3),
        ("-3 | abs", 3),
        ("not product.empty | trim", True),
        ("'<b>Tea</b>' | plain", "Tea"),
        ("'<p>A <strong>big</strong> &amp; <em class=\\'x\\'>good</em> tea.</p><p>Try<br>it</p>' | marked",
         "A <b>big</b> & <i>good</i> tea.\nTry\nit"),
        ("'<b>a <i>b</b> c</i> <del>d' | marked", "<b>a <i>b</i></b> c <s>d</s>"),
        ("'<script>x()</script><ul><li>one</li><li>two</li></ul>' | marked", "one\ntwo"),
        ("'Good <script>tea <b>for</b> you</p>' | marked", "Good tea <b>for</b> you"),
        ("'Good <b>tea</b><!-- for you' | marked", "Good <b>tea</b><!-- for you"),
        ("'<title>Good</title> <textarea><b>tea' | marked", "Good <b>tea</b>"),
        ("'<p>Size &lt;b&gt; 5</p>' | marked", "Size <\u2060b> 5"),
        ("'Use &lt;i&gt; here' | marked", "Use <\u2060i> here"),
        ("'no HTML,\\n2 lines' | marked", "no HTML,\n2 lines"),
    ],
)
def test_meaning(text: str, value: Any) -> None:
    assert compiled(text).evaluate(VALUES) == value


def test_what_it_reads_is_known_beforehand() -> None:
    expression = compiled("prices[product.sku, region.currency].amount < 20 and date('2027-01-01') < date")
    assert expression.names == {"prices", "product", "region", "date"}
    assert expression.columns == {("product", "sku"), ("region", "currency"), ("prices", "amount")}
    assert expression.tables == {"prices"}


def test_it_travels() -> None:
    expression = pickle.loads(pickle.dumps(compiled("take + 1")))
    assert expression == compiled("take + 1")
    assert expression.test(VALUES)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("product.__class__", 1),
        ("product.name.__len__", 1),
        ("().__class__.__bases__", 1),
        ("_hidden == 1", 1),
        ("take == __import__('os')", 9),
        ("open('x')", 1),
        ("product.name.format(take)", 1),
        ("product.name.encode()", 1),
        ("product.name + '%s' | upper", 1),
        ("product.name | upper + 'x'", 1),
        ("take | take", 1),
        ("take | 5", 1),
        ("product | _weighed", 1),
        ("product | default(**take)", 11),
        ("product | attr('sku')", 1),
        ("take + product.get('sku')", 8),
        ("(lambda: 1)()", 1),
        ("lambda: 1", 1),
        ("[x for x in product]", 1),
        ("{x: 1 for x in product}", 1),
        ("(x for x in product)", 1),
        ("f'{take}'", 1),
        ("(take := 2)", 2),
        ("9 ** 9 ** 9", 1),
        ("take @ 2", 1),
        ("take << 99", 1),
        ("~take", 1),
        ("a is none", 1),
        ("price | money", 1),
        ("{{ product.sku }}", 1),
        ("prices[1:2, 3]", 8),
        ("prices[*take]", 8),
        ("b'x'", 1),
        ("3j", 1),
        ("...", 1),
        ("1" * 40, 1),
        ("len(*product)", 5),
        ("len(obj=take)", 1),
        ("len()", 1),
        ("await x", 1),
        ("+".join("1" * 100), 1),
        ("-" * 100 + "1", 42),
        ("x" * 1001, 1),
        ("'é' + _x", 7),
    ],
)
def test_refused_at_its_place(text: str, column: int) -> None:
    expression, findings = compile_expression(text, Place("job.yaml", 7, 1))
    assert expression is None
    assert [finding.code for finding in findings] == ["unsafe-expression"]
    assert findings[0].place == Place("job.yaml", 7, column)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("product.name ~ 'cup'", "'cup' in product.name"),
        ('price > 2 and product.name~"a cup"', '"a cup" in product.name'),
        ("a ~ row.b", "row.b in a"),
    ],
)
def test_who_asks_for_a_piece_of_a_text_is_told_how(text: str, meant: str) -> None:
    expression, [fault] = compile_expression(text, Place("--only", 1, 1))
    assert expression is None
    assert (fault.message, fault.hint) == (
        "'~' is no operator of expressions",
        f"to ask for a piece of a text: {meant}; + joins texts",
    )


@pytest.mark.parametrize(("text", "part"), [("item == car.class", "class"), ("a.day >= show.from", "from")])
def test_a_column_named_like_a_word_of_expressions_is_told_by_its_name_here(text: str, part: str) -> None:
    expression, [fault] = compile_expression(text, Place("--only", 1, 1))
    assert expression is None
    assert fault.message == f"'{part}' is a word of expressions"
    assert fault.hint == f"the column '{part}' is called {part}_ here: {text.split()[-1]}_"


@pytest.mark.parametrize(
    "text", ["", "  ", "a =", "a = b", "a && b", "!a", "(" * 300, "a b", "if x", "import os", "a\0", "'a"]
)
def test_not_an_expression(text: str) -> None:
    expression, findings = compile_expression(text, Place("job.yaml", 7))
    assert expression is None
    assert len(findings) == 1
    assert findings[0].place == Place("job.yaml", 7)


def test_every_fault_is_told() -> None:
    _, findings = compile_expression("_a + open('x') > c.__d__", Place("job.yaml", 1, 1))
    assert [finding.place and finding.place.column for finding in findings] == [1, 6, 18]


@pytest.mark.parametrize(
    "text",
    [
        "product.price > 10",
        "product.price == 10",
        "10 in [product.price]",
        "product.price * 2",
        "product.name * 1000",
        "product.name + 1",
        "product.off < product.launch",
        "product.empty < product.launch",
        "product.name < product.launch",
        "date('soon')",
        "date(20270301)",
        "1 / 0",
        "prices['A', 'EUR'].amount / 0",
        "1e308 * 10 * product.name",
        "round(1.5, 99)",
        "round(1e999)",
        "layout.secret",
        "layout.nam",
        "product.items",
        "product.sku.real",
        "nowhere",
        "nowhere.x",
        "take.real",
        "take in take",
        "upper(take)",
        "len(take)",
        "min([])",
        "prices[product, take]",
        "product[take]",
        "-product.name",
        "+true",
        "take.upper()",
        "take | upper | abs",
        "[] | first",
        "product.name | round",
        "'a'.split('')",
        "prices | list",
        "product.name | replace",
        "[1, 'a'] | sort",
        "['a'] | map('nothing')",
        "['a'] | map('_weighed', 1, 2) | list",
    ],
)
def test_values_that_do_not_go_together(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        compiled(text).evaluate(VALUES)
    assert text in str(caught.value) or "table" in str(caught.value)


@pytest.mark.parametrize("text", ["product.off < 3", "3 >= product.empty", "product.off < product.launch", "'' < product.grams"])
def test_an_empty_cell_that_is_compared_brings_a_hint(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        compiled(text).evaluate(VALUES)
    assert caught.value.hint is not None


def test_a_missing_entry_names_table_and_key() -> None:
    with pytest.raises(MissingEntry) as caught:
        compiled("prices[product.sku, 'GBP'].amount").evaluate(VALUES)
    assert (caught.value.table, caught.value.key) == ("prices", ("A", "GBP"))
    assert pickle.loads(pickle.dumps(caught.value)).key == ("A", "GBP")


def test_a_column_that_is_worked_out_is_refused_with_what_to_write_in_its_place() -> None:
    with pytest.raises(EvaluationError, match=r"'grams' is named behind a dot, as in \.grams") as caught:
        compiled("product['gr' + 'ams']").evaluate(VALUES)
    assert "in `copy`" in str(caught.value.hint)


def test_who_asks_a_table_for_its_values_is_told_that_its_name_gives_them() -> None:
    _, [fault] = compile_expression("prices.values()", Place("square.yaml", 9, 1))
    assert fault.hint == "write prices alone: it gives all its entries"


def test_an_unknown_column_brings_a_suggestion() -> None:
    with pytest.raises(EvaluationError, match="did you mean 'grams'"):
        compiled("product.gramms > 1").evaluate(VALUES)


_HUGE = "'" + "a" * 300 + "'"
ATTACKS = [
    "''.__class__.__mro__", "'' | attr('__class__')", "product | attr('_header')", "[''] | map(attribute='__class__') | list",
    "[product] | map(attribute='__class__') | first", "['', 'a'] | sort(attribute='__class__')",
    "[''] | groupby('__class__')", "[''] | selectattr('__class__') | list", "[''] | unique(attribute='__class__') | list",
    "[''] | sum(attribute='__class__')", "[''] | map('attr', '__class__') | list", "'{0.__class__}'.format(product)",
    "'{x.__class__}'.format_map(product)", "'%s' | format(product)", "'%99999999d' % 1", "'a'.ljust(999999999)",
    "'a'.center(999999999)", "'a'.zfill(999999999)", "'a\t'.expandtabs(999999999)", "'a'.encode('utf-7')",
    "'a'.translate(product)", "'a'.maketrans('a', 'b')", "'a'.join(['b'])", "'a' | center(999999999)",
    "'a' | indent(999999999)", "product | xmlattr", "product | tojson", "product | pprint", "'a' | urlize",
    "'a' | safe", "'a' | escape", "'a' | forceescape", "[1] | random", "'a' | filesizeformat", "'a' | wordwrap(1)",
    "layout.secret()", "layout | map(attribute='secret')", "prices.rows", "prices.name", "prices.row(1)",
    "prices | map(attribute='rows')", "product.items()", "product.get('sku')", "product.keys()", "take.to_bytes(9)",
    "take.bit_length()", "date.today()", "date.strftime('%s')", "date.fromtimestamp(0)", "date.replace(2020)",
    "upper.__globals__", "round.__self__", "len.__class__", "(upper)(take)", "upper.__call__('a')", "max(key=len)",
    "[upper][0]('a')", "(lambda x: x)(1)", "__import__('os').system('true')", "getattr(product, '_header')",
    "eval('1')", "exec('1')", "open('/etc/passwd')", "globals()", "vars(product)", "dir()", "type(product)",
    "object.__subclasses__()", "self", "loop", "context", "environment", "namespace(a=1)", "range(9)",
    f"{_HUGE} | replace('a', {_HUGE}) | replace('a', {_HUGE})", "[1] | batch(999999999) | list",
    "[1] | slice(999999999) | list", "1 | round(999999999)", "2 | round(-999999999)",
    "[[1]] | sum(start=[])", "product._header", "product | list | first | attr('x')",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_but_data_is_reached(text: str) -> None:
    expression, _ = compile_expression(text)
    if expression is not None:
        with pytest.raises(EvaluationError):
            expression.evaluate(VALUES)


def test_one_evaluation_has_one_allowance_and_the_next_begins_anew() -> None:
    expression = compiled(f"rows | map('replace', 'a', {_HUGE}) | map('length') | sum")
    assert expression.evaluate({"rows": ["a"] * 300}) == 90_000
    assert expression.evaluate({"rows": ["a"] * 300}) == 90_000
    with pytest.raises(EvaluationError, match="more than"):
        expression.evaluate({"rows": ["a"] * 20_000})


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    expression, findings = compile_expression(text, Place("job.yaml", 1, 1))
    if expression is None:
        assert findings
        return
    with contextlib.suppress(EvaluationError):
        expression.evaluate(VALUES)
