"""Rows: order, walking together, values, lookups, filters, themes, locales."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressrun.expand import expand_rows, is_wanted
from pressrun.expand.compiled import Compiled
from pressrun.expand.rows import combinations
from pressrun.load.record_combinations import Combinations
from pressrun.model.errors import InputError
from pressrun.model.project import Project, Rows
from pressrun.model.record import Amount, Header, Record

Make = Callable[..., Project]
JOB = "jobs/job.yaml"
PRODUCTS = "jobs/data/products.csv"


def ids(project: Project, only: str | None = None) -> list[str]:
    return [row.id for row in expand_rows(project, only)]


def test_every_combination_in_the_order_of_the_files_the_last_set_fastest(project: Make) -> None:
    assert ids(project({JOB: {"where: season.start >= product.launch\n": ""}})) == [
        f"{sku}/{locale}/{season}"
        for sku, locale, season in itertools.product(("K1", "M1"), ("en-GB", "de-DE"), ("spring", "winter"))
    ]


def test_the_order_is_that_of_expand(project: Make) -> None:
    spring = {"where: season.start": "where: season.id == 'spring' and season.start"}
    edited = project({JOB: {"[product, region, season]": "[season, product, region]", **spring}})
    assert ids(edited) == ["spring/K1/en-GB", "spring/K1/de-DE"]


def test_where_leaves_rows_out(project: Make) -> None:
    assert ids(project()) == [
        "K1/en-GB/spring",
        "K1/en-GB/winter",
        "K1/de-DE/spring",
        "K1/de-DE/winter",
        "M1/en-GB/winter",
        "M1/de-DE/winter",
    ]


def test_row_sets_walk_together(project: Make) -> None:
    edited = project({JOB: {"[product, region, season]": "[[product, region], season]"}})
    assert ids(edited) == ["K1/en-GB/spring", "K1/en-GB/winter", "M1/de-DE/winter"]


def test_a_row_knows_its_parts_and_where_they_come_from(project: Make) -> None:
    row = list(expand_rows(project()))[-1]
    assert row.keys == {"product": "M1", "region": "de-DE", "season": "winter"}
    assert [source[1:] for source in row.sources] == [(PRODUCTS, 3), ("jobs/data/regions.csv", 3), (JOB, 7)]
    assert (row.locale, row.theme, str(row.place)) == ("de-DE", "dark", f"{PRODUCTS}:3")


def test_a_key_with_a_slash_stays_one_key(project: Make) -> None:
    job = {JOB: {"{{ product.sku }}": "{{ product.sku | replace('/', '-') }}"}}
    edited = project({**job, PRODUCTS: {"K1,": "K/1,"}, "jobs/data/prices.csv": {"K1,": "K/1,"}})
    assert next(iter(expand_rows(edited))).keys["product"] == "K/1"


def test_values_are_looked_up_and_know_their_currency(project: Make) -> None:
    prices = [row.values["price"] for row in expand_rows(project())]
    assert prices == [Decimal("49.00")] * 2 + [Decimal("59.00")] * 2 + [Decimal("12.50"), None]
    assert isinstance(prices[2], Amount)
    assert prices[2].currency == "EUR"


def test_a_missing_entry_is_a_warning_at_its_csv_row_and_the_row_goes_on(project: Make) -> None:
    row = list(expand_rows(project()))[-1]
    assert [(finding.severity, finding.code, str(finding.place)) for finding in row.findings] == [
        ("warning", "missing-entry", f"{PRODUCTS}:3")
    ]
    assert row.fault is None
    assert "M1, EUR" in row.findings[0].message


def test_values_may_use_values_above_them(project: Make) -> None:
    lookup = "  price: prices[product.sku, region.currency].amount\n"
    edited = project({JOB: {lookup: f"{lookup}  twice: price * 2\n"}})
    row = next(iter(expand_rows(edited)))
    assert row.values["twice"] == Decimal("98.00")
    assert row.values["twice"].currency == "GBP"


def test_a_value_that_cannot_be_worked_out_is_an_error_of_its_row_alone(project: Make) -> None:
    edited = project({PRODUCTS: {"2027-06-01": ""}})
    rows = list(expand_rows(edited))
    broken = [row for row in rows if row.fault]
    assert {row.keys["product"] for row in broken} == {"M1"}
    assert {finding.code for row in broken for finding in row.findings if finding.is_error} == {"bad-value"}
    assert sum(row.fault is None for row in rows) == 4


@pytest.mark.parametrize(
    ("value", "file"),
    [("1 / 0", "products.csv"), ("date(region.locale)", "regions.csv"), ("date(season.id)", "jobs/job.yaml")],
)
def test_a_fault_is_told_at_the_row_that_was_read_else_at_the_first(project: Make, value: str, file: str) -> None:
    edited = project({JOB: {"price: prices[product.sku, region.currency].amount": f"price: {value}"}})
    places = [finding.place for row in expand_rows(edited) for finding in row.findings if finding.code == "bad-value"]
    assert places
    assert {place.file.split("data/")[-1] for place in places if place} == {file}


def test_only_is_a_further_condition(project: Make) -> None:
    assert ids(project(), "region.locale == 'de-DE' and theme.id == 'dark'") == ["K1/de-DE/winter", "M1/de-DE/winter"]
    assert ids(project(), "price and price < 20") == ["M1/en-GB/winter"]
    assert ids(project(), "locale == 'fr-FR'") == []


def test_only_may_speak_of_layouts(project: Make) -> None:
    loaded = project()
    only = "layout.name == 'card' and region.locale == 'de-DE'"
    rows = list(expand_rows(loaded, only))
    assert len(rows) == 6
    wanted = [(row.id, name) for row in rows for name in loaded.layouts if is_wanted(loaded, row, name, only)]
    assert wanted == [(row_id, "social/card") for row_id in ("K1/de-DE/spring", "K1/de-DE/winter", "M1/de-DE/winter")]
    assert is_wanted(loaded, rows[0], "print/flyer", None)


@pytest.mark.parametrize(
    ("only", "code"),
    [
        ("regon.locale == 'x'", "unknown-name"),
        ("region.lokale == 'x'", "unknown-column"),
        ("region.locale = 'x'", "bad-expression"),
        ("product.__class__", "unsafe-expression"),
    ],
)
def test_a_faulty_only_is_refused_before_any_row(project: Make, only: str, code: str) -> None:
    loaded = project()
    with pytest.raises(InputError) as caught:
        expand_rows(loaded, only)
    assert [finding.code for finding in caught.value.findings] == [code]


def test_locale_and_theme_may_be_written_out(project: Make) -> None:
    edited = project({JOB: {"locale: region.locale": "locale: de-DE", "theme: season.theme": "theme: dark"}})
    assert {(row.locale, row.theme) for row in expand_rows(edited)} == {("de-DE", "dark")}


def test_a_row_set_called_theme_has_the_brands_words_too(project: Make) -> None:
    edited = project(
        {
            JOB: {
                "tables:": "  theme: {items: [{id: bright, label: B}, {id: dark, label: D}], key: id}\ntables:",
                "[product, region, season]": "[product, region, theme]",
                "where: season.start >= product.launch\n": "",
                "theme: season.theme": "theme: theme.id",
                "{{ season.id }}": "{{ theme.label }}",
            }
        }
    )
    row = next(iter(expand_rows(edited)))
    assert (row.theme, row.values["theme"].label, row.values["theme"].setting) == ("bright", "B", "a white table")


def test_expanding_twice_gives_the_same(project: Make) -> None:
    loaded = project()
    assert [(row.id, repr(row.values)) for row in expand_rows(loaded)] == [
        (row.id, repr(row.values)) for row in combinations(Compiled(loaded))
    ]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_combinations_that_load_sees_are_the_projections_of_the_rows(sizes: list[int], data: st.DataObject) -> None:
    rows = {}
    for number, size in enumerate(sizes):
        header = Header(("n",), f"{number}.csv")
        records = tuple(Record(header, (index,), index + 2) for index in range(size))
        rows[f"s{number}"] = Rows(f"s{number}", header.file, "n", ("n",), records, tuple(map(str, range(size))))
    found = Combinations(rows, [(name,) for name in rows], None)
    wanted = data.draw(st.sets(st.sampled_from(sorted(rows))))
    keys = [tuple(key for _, key in meeting.values()) for meeting in found.of(wanted)]
    names = [name for name in rows if name in wanted]
    assert keys == list(itertools.product(*(rows[name].keys for name in names)))
