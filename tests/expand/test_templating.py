"""The fence around Jinja, told as what a template may not do; and what can be known of one without rendering it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.model.record import Amount, Record
from pressrun.model.template import TemplateFault

ROW = Record._of({"sku": "A", "name": "Kenya", "day": dt.date(2027, 3, 1), "tags": ("x", "y")}, "data/products.csv")


def render(source: str, **values: object) -> str:
    return Templates().text(source).render({"product": ROW, "missing": None, **values})


def fault(source: str) -> TemplateFault:
    with pytest.raises(TemplateFault) as caught:
        render(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ product.name }} {{ product['sku'] }}", "Kenya A"),
        ("{{ product.name.upper() }} {{ product.name | lower }}", "KENYA kenya"),
        ("{{ product.nix | default('-') }}", "-"),
        ("{{ missing | default('-') }}{{ missing | d('+') }}{{ '' | default('an empty cell') }}", "-+an empty cell"),
        ("{{ missing | default }}{{ 0 | default(7) }}{{ 0 | default(7, true) }}{{ false | default(7) }}", "07False"),
        ("{{ 'yes' if product.nix is defined else 'no' }}", "no"),
        ("{% for tag in product.tags %}{{ loop.index }}{{ tag }} {% endfor %}", "1x 2y "),
        ("{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "6"),
        ("{% macro bold(x) %}*{{ x }}*{% endmacro %}{{ bold(product.sku) }}", "*A*"),
        ("{{ product.day.isoformat() }} {{ product.day.year }}", "2027-03-01 2027"),
        ("{{ '<p>Fish &amp; <b>chips</b></p>' | striptags }} {{ '<b>' }}", "Fish & chips <b>"),
        ("{{ 3 * 4 }} {{ 7 % 4 }}", "12 3"),
    ],
)
def test_what_templates_may_do(source: str, text: str) -> None:
    assert render(source) == text


@pytest.mark.parametrize("filter_", ["number(2)", "money('EUR')", "date", "time", "pad(4)", "luhn"])
def test_where_nothing_stands_for_a_value_there_is_nothing_to_write(filter_: str) -> None:
    texts = Templates(filters=layout_filters((), frozenset()))
    left_empty = texts.text(f"({{{{ missing | default('') | {filter_} }}}})")
    assert left_empty.render({"missing": None, "locale": "de-DE"}) == "()"
    with pytest.raises(TemplateFault) as caught:
        texts.text(f"({{{{ missing | {filter_} }}}})").render({"missing": "", "locale": "de-DE"})
    assert caught.value.code == "empty-value"


@pytest.mark.parametrize("filter_", ["money(other | default(''))", "date('medium', other | default(''))"])
def test_an_empty_value_is_told_of_though_nothing_may_stand_for_what_goes_with_it(filter_: str) -> None:
    text = Templates(filters=layout_filters((), frozenset())).text(f"({{{{ missing | {filter_} }}}})")
    with pytest.raises(TemplateFault) as caught:
        text.render({"missing": "", "other": None, "locale": "de-DE"})
    assert caught.value.code == "empty-value"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ product.__class__ }}",
        "{{ product['__class__'] }}",
        "{{ product._cells }}",
        "{{ product.name['__class__'] }}",
        "{{ self.__init__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ range.__globals__ }}",
        "{{ product.name.format(product) }}",
        "{{ product.name.format_map(product) }}",
        "{{ product.name.encode() }}",
        "{{ product.day.today() }}",
        "{{ product.day.strftime('%Y') }}",
        "{{ 'a' * 100000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ [1] * 100000000 }}",
    ],
)
def test_what_templates_may_not_reach(source: str) -> None:
    assert fault(source).code in ("unsafe-template", "template-syntax")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ product.grams * 2.2 | round }}", "`| round` takes 2.2 alone here: put parentheses around all that it shall take"),
        ("a\n{{ product.was or 0 | round | string }}", "`| round` takes 0 alone here: put parentheses around all that it shall take"),
        ("{{ (product.grams * 2.2) | round }}", None), ("{{ product.name ~ 2 | string }}", None),
        ("{{ product.grams * product.was | round(2) }}", "`| round` takes product.was alone here: put parentheses around all that it shall take"),
        ("{{ [1, 2 - product.sizes[0] | round] }}", "`| round` takes the last value alone here: put parentheses around all that it shall take"),
        ("{{ product.grams * (product.was | round(2)) }}", None), ("{{ product.grams * (2.4 | round) }}", None),
        ("{{ product.grams + product.name | float }}", None), ("{{ 2.5 | round }}", None), ("{{ -2.5 | round }}", None),
        ("{{ 1 if product.grams - 2 else product.was | round }}", None), ("{{ product.was * 2 }}{{ 3 | round }}", None),
    ],
)  # fmt: skip
def test_a_filter_that_takes_a_number_alone_is_told(source: str, message: str | None) -> None:
    told = [(one.code, one.message, one.line) for one in Templates().inspect(source, "").faults]
    assert told == ([("template-syntax", message, source.count("\n") + 1)] if message else [])


@pytest.mark.parametrize("name", ["attr", "pprint", "random", "format", "xmlattr", "tojson", "safe", "filesizeformat"])
def test_filters_that_reach_or_guess_are_not_there(name: str) -> None:
    source = f"{{{{ product.name | {name} }}}}"
    assert [one.code for one in Templates().inspect(source, "").faults] == ["unknown-filter"]
    assert fault(source).line == 1


@pytest.mark.parametrize("name", ["lipsum", "cycler", "joiner", "dict", "open", "__builtins__", "config"])
def test_globals_that_reach_are_not_there(name: str) -> None:
    assert fault(f"{{{{ {name} }}}}").code == "undefined"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(900) %}{% for j in range(900) %}{% endfor %}{% endfor %}",
        "{{ range(100000000) | list }}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% set ns = namespace(t='aaaaaaaaaa') %}{% for i in range(9) %}{% set ns.t = ns.t | replace('a', 'aaaaa') %}"
        "{% endfor %}{{ ns.t }}",
    ],
)
def test_templates_come_to_an_end(source: str) -> None:
    assert fault(source).code in ("template-too-long", "template-loop")


@pytest.mark.parametrize(
    "source",
    [
        "{{ product.name.upper | string }}", "{{ 'a' ~ product.name.upper }}", "{{ product.name.upper }}",
        "{{ [product.name.upper] | join }}", "{{ product.tags | reverse }}", "{{ product.tags | map('upper') }}",
    ],
)  # fmt: skip
def test_what_is_no_text_is_not_printed(source: str) -> None:
    assert fault(source).code == "not-text"


@pytest.mark.parametrize("name", ["reverse", "map('upper')", "select", "unique", "batch(2)", "slice(2)"])
def test_no_text_shows_where_a_list_lies_in_memory(name: str) -> None:
    assert " at 0x" not in render(f"{{{{ product.tags | {name} | string }}}}{{{{ (product.tags | {name}) ~ '' }}}}")


def test_what_a_row_or_a_list_lacks_is_told_without_the_names_of_python() -> None:
    assert fault("{{ product.tags[7] }}").message == "the list has no entry 7: it is empty, or shorter"
    assert fault("{{ [product] | map(attribute='price') | first }}").message == "a row has no column 'price'"


@pytest.mark.parametrize("source", ["{{ product['na me'] }}", "{{ product.nme }}", "{{ [product] | map(attribute='nmae') | first }}"])
def test_a_column_that_a_row_lacks_brings_the_nearest(source: str) -> None:
    assert fault(source).hint == "did you mean 'name'?"


def test_undefined_names_are_faults_that_say_where() -> None:
    assert (fault("a\n{{ product.nme }}").line, fault("a\n{{ product.nme }}").message) == (
        2, "there is no 'nme' in data/products.csv",
    )  # fmt: skip
    files = Templates({"a.j2": "{% include 'b.j2' %}", "b.j2": "\n\n{{ x }}"})
    with pytest.raises(TemplateFault) as caught:
        files.file("a.j2").render({})
    assert (caught.value.code, caught.value.template, caught.value.line) == ("undefined", "b.j2", 3)


def test_files_come_from_what_was_loaded_only() -> None:
    with pytest.raises(TemplateFault) as caught:
        Templates({"a.j2": "{% include '/etc/passwd' %}"}).file("a.j2").render({})
    assert caught.value.code == "missing-template"
    loop = Templates({"a.j2": "{% extends 'b.j2' %}", "b.j2": "{% extends 'a.j2' %}"})
    with pytest.raises(TemplateFault) as caught:
        loop.file("a.j2").render({})
    assert caught.value.code == "template-loop"


def test_inspection_tells_uses_with_their_places() -> None:
    source = (
        "{% for p in items %}{{ p.x }}{% endfor %}{{ product.name | default('x') }}\n"
        "  {% if brand.x is defined %}{{ region['q'] }}{% endif %}{{ product[key] }}{% include 'c.j2' %}"
    )
    inspection = Templates().inspect(source, "t.j2")
    assert [(use.name, use.attribute, use.line, use.column, use.guarded, use.printed) for use in inspection.uses] == [
        ("items", None, 1, 13, False, False),
        ("product", "name", 1, 45, True, False),
        ("brand", "x", 2, 9, True, False),
        ("region", "q", 2, 33, False, True),
        ("product", None, 2, 61, False, True),
        ("key", None, 2, 69, False, False),
    ]
    assert inspection.others == (("c.j2", 2),)


def test_inspection_finds_every_fault_at_once() -> None:
    source = "{{ a | mony }}\n{{ b.__class__ }}\n{% include x %}\n{{ c is definde }}"
    inspection = Templates(filters={"money": str}).inspect(source, "t.j2")
    assert [(one.code, one.line, one.hint) for one in inspection.faults] == [
        ("unknown-filter", 1, "did you mean 'money'?"),
        ("unknown-test", 4, "did you mean 'defined'?"),
        ("unsafe-template", 2, None),
        ("dynamic-include", 3, "write its name in quotes, choose with {% if %}"),
    ]


def test_amounts_keep_their_currency_through_arithmetic() -> None:
    price = Amount("10.00", "EUR")
    for value, text in (
        (price * 2, "20.00"), (2 * price, "20.00"), (price / 4, "2.50"), (price + price, "20.00"),
        (price - Decimal("0.01"), "9.99"), (-price, "-10.00"), (round(price, 1), "10.0"), (abs(-price), "10.00"),
        (price.quantize(Decimal("0.1")), "10.0"),
    ):  # fmt: skip
        assert isinstance(value, Amount)
        assert (str(value), value.currency) == (text, "EUR")
    assert not isinstance(price / price, Amount)
    with pytest.raises(ValueError, match="different currencies"):
        price + Amount("1", "GBP")
