"""Rows that share a sheet: which are together, what the sheet has of them, and what is said where that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pressrun.expand import expand_rows, layout_content, save_path
from pressrun.expand.row_groups import shared_row
from pressrun.load.fed_rows import with_rows
from pressrun.model.errors import InputError
from pressrun.model.finding import Place
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.model.record import Amount, Header, Record

Make = Callable[..., Project]
JOB = "jobs/job.yaml"
CARD = "templates/layouts/social/card.yaml"
PRODUCTS = """sku,name,material,packshot,launch
K1,Kettle,steel,packshots/kettle.svg,2027-01-15
M1,Mug,clay,packshots/mug.svg,2027-06-01
P1,Pan,steel,packshots/kettle.svg,2027-06-01
"""
PRICES = "sku,currency,amount\nK1,GBP,49\nK1,EUR,59\nM1,GBP,12\nM1,EUR,15\nP1,GBP,20\nP1,EUR,25\n"
GROUPED = {
    JOB: {
        "types: {launch: date}": "types: {launch: date}, group_by: product.material",
        "{{ product.sku }}/": "{{ product.material }}/",
    },
    CARD: {"{{ product.packshot }}": "packshots/mug.svg", "{{ price | money }}": "x", "when: price": "when: season.id"},
}


@pytest.fixture
def grouped(project: Make) -> Callable[..., Project]:
    def make(text: str = "{{ copy.headline }}", edits: dict[str, dict[str, str]] | None = None) -> Project:
        files = {"jobs/data/products.csv": PRODUCTS, "jobs/data/prices.csv": PRICES}
        own = {name: {**GROUPED.get(name, {}), **(edits or {}).get(name, {})} for name in (JOB, CARD)}
        own[CARD]["{{ copy.headline }}"] = text
        return project(own, files)

    return make


def text_of(project: Project, row_id: str) -> str:
    row = next(row for row in expand_rows(project) if row.id == row_id)
    return layout_content(project, row, "social/card")["headline"]["text"]


def test_a_sheet_for_each_group_and_each_row_of_the_other_sets(grouped: Make) -> None:
    rows = list(expand_rows(grouped()))
    assert [row.id for row in rows] == [
        f"{material}/{locale}/{season}"
        for material in ("steel", "clay") for locale in ("en-GB", "de-DE") for season in ("spring", "winter")
        if (material, season) != ("clay", "spring")
    ]  # fmt: skip
    steel = {row.id: [one.product.sku for one in row.values["rows"]] for row in rows if row.id.startswith("steel/en")}
    assert steel == {"steel/en-GB/spring": ["K1"], "steel/en-GB/winter": ["K1", "P1"]}  # where leaves rows out


def test_layouts_see_the_rows_and_what_they_share(grouped: Make) -> None:
    loaded = grouped("{{ product.material }}{% for row in rows %} {{ row.product.name }} {{ row.price }}{% endfor %}")
    assert text_of(loaded, "steel/de-DE/winter") == "steel Kettle 59 Pan 25"


def test_the_rows_of_a_group_have_copy_of_their_own(grouped: Make) -> None:
    loaded = grouped("{{ copy.headline }}:{% for row in rows %} {{ row.copy.headline }}{% endfor %}")
    assert text_of(loaded, "clay/en-GB/winter") == "Made to last: Hold it"


def test_a_group_may_have_copy_by_its_own_key(project: Make) -> None:
    copy = "key,product,en-GB,de-DE\nheadline,,All,Alle\nheadline,steel,Steel things,Stahl\n"
    files = {"jobs/data/products.csv": PRODUCTS, "jobs/data/prices.csv": PRICES, "jobs/data/copy.csv": copy}
    loaded = project(GROUPED, files)
    assert text_of(loaded, "steel/de-DE/winter") == "Stahl"
    assert text_of(loaded, "clay/de-DE/winter") == "Alle"
    assert not [note for note in loaded.notes if note.code == "unknown-row"]


def test_files_are_named_by_what_rows_share(grouped: Make) -> None:
    loaded = grouped()
    row = next(expand_rows(loaded))
    assert save_path(loaded, row, "social/card") == "steel/en-GB/spring-card"


def test_what_rows_do_not_share_is_told_of_the_group(grouped: Make) -> None:
    loaded = grouped("{{ product.name }}")
    assert text_of(loaded, "clay/en-GB/winter") == "Mug"  # alone, it shares all with itself
    with pytest.raises(InputError) as caught:
        text_of(loaded, "steel/en-GB/winter")
    assert [(one.row, one.layer) for one in caught.value.findings] == [("steel/en-GB/winter", "headline")]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ product.name }}", "there is no 'name' in what all rows of this group share", "`rows`"),
        ("{{ locale.language }}", "a text has no 'language'", "locale | region"),
        ("{{ price | money }}", "money takes a number, not a whole row", "name one of its columns"),
        ("{{ product.material.size }}", "a text has no 'size'", "a filter takes what is in it"),
        ("{{ season.start | date('pri' ~ 'ce') }}", "'price' is no date style; write short, medium, long, full, some of weekday, day, month, year (and short, for short names), or a pattern like 'd MMM y'", ""),
    ],
)
def test_only_what_rows_do_not_share_is_told_as_that(grouped: Make, text: str, message: str, hint: str) -> None:
    loaded = grouped(text, edits={JOB: {".amount\n": "\n"}} if "price" in text else {})
    with pytest.raises(InputError) as caught:
        text_of(loaded, "steel/en-GB/winter")
    (finding,) = caught.value.findings
    assert finding.message == message
    assert hint in (finding.hint or "")
    assert (hint or not finding.hint)


def test_the_rows_of_a_group_are_no_column(grouped: Make) -> None:
    for text in ("{{ product.rows | length }}", "{% if product.rows %}x{% endif %}"):
        with pytest.raises(InputError) as caught:
            grouped(text)
        assert [(one.code, one.hint) for one in caught.value.findings] == [
            ("unknown-column", "`rows` alone are the rows of the group")
        ]


def test_only_lets_whole_groups_through(grouped: Make) -> None:
    loaded = grouped()
    some = list(expand_rows(loaded, "product.material == 'steel' and season.id == 'winter' and locale == 'en-GB'"))
    assert [(row.id, len(row.members)) for row in some] == [("steel/en-GB/winter", 2)]


def test_only_a_group_and_only_a_row_sent_from_outside(grouped: Make) -> None:
    loaded = grouped()
    place = Place("request", 1)
    whole = with_rows(loaded, {"product": "steel", "season": "winter", "region": "en-GB"}, place)
    assert [[one.product.sku for one in row.values["rows"]] for row in expand_rows(whole)] == [["K1", "P1"]]
    new = {"sku": "N1", "name": "Pot", "material": "clay", "launch": "2027-01-01"}
    sent = with_rows(loaded, {"product": new, "season": "winter", "region": "en-GB"}, place)
    assert [row.id for row in expand_rows(sent)] == ["clay/en-GB/winter"]
    with pytest.raises(InputError) as caught:
        with_rows(loaded, {"product": {"sku": "N1", "material": ""}}, place)
    assert [one.code for one in caught.value.findings] == ["no-group"]


def test_a_fault_of_one_row_is_told_with_its_line_and_the_sheet(grouped: Make) -> None:
    loaded = grouped(edits={JOB: {".amount\n": ".amount + product.name\n"}})
    row = next(row for row in expand_rows(loaded) if row.id == "steel/en-GB/winter")
    assert row.fault
    assert (row.fault.row, str(row.fault.place)) == (row.id, "jobs/data/products.csv:2")


@pytest.mark.parametrize(
    ("edits", "codes"),
    [
        ({JOB: {"group_by: product.material": "group_by: product.maker"}}, ["unknown-column"]),
        ({JOB: {"group_by: product.material": "group_by: region.locale"}}, ["unknown-name"]),
        ({JOB: {"group_by: product.material": "group_by: product"}}, ["no-group"] * 3),
        ({JOB: {"  price: ": "  rows: "}, CARD: {"when: price": "when: rows"}}, ["reserved-name"]),
    ],
)
def test_groups_that_cannot_be(grouped: Make, edits: dict[str, dict[str, str]], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        grouped(edits=edits)
    found = [one for one in caught.value.findings if one.is_error]
    assert [one.code for one in found] == codes
    assert all(one.place and one.place.line for one in found)


def test_a_set_that_walks_beside_goes_into_the_groups(grouped: Make) -> None:
    seasons = "  season:\n    items: [{id: spring, start: 2027-03-01, theme: bright}, {id: winter, start: 2027-12-01, theme: dark}]"
    three = seasons.replace("theme: bright}", "theme: dark}").replace("theme: dark}]", "theme: dark}, {id: s3, start: 2027-12-02, theme: dark}]")
    walking = {"expand: [product, region, season]": "expand: [[product, season], region]", "where: season.start >= product.launch\n": ""}
    loaded = grouped(edits={JOB: {**walking, seasons: three, "{{ season.id }}": "x"}, CARD: {"when: price": "when: region.locale"}})
    rows = list(expand_rows(loaded, "region.locale == 'en-GB'"))
    assert [(row.id, [one.season.id for one in row.values["rows"]]) for row in rows] == [
        ("steel/steel/en-GB", ["spring", "s3"]), ("clay/winter/en-GB", ["winter"]),
    ]  # fmt: skip


HEADER = Header(("name", "price"), "wines.csv")
PARTS = st.tuples(st.sampled_from("ab"), st.sampled_from([Amount(1, "EUR"), Amount(1, "GBP"), Amount(2, "EUR")]))


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_exactly_what_is_the_same_in_all_is_shared(cells: list[tuple[str, Amount]]) -> None:
    rows = [Row(str(at), "de-DE", "", {"wine": Record(HEADER, one)}) for at, one in enumerate(cells)]
    shared = shared_row(rows, ("red",)).values["wine"]
    assert ("name" in shared) == (len({name for name, _ in cells}) == 1)
    assert ("price" in shared) == (len({(price, price.currency) for _, price in cells}) == 1)


def test_rows_of_several_languages_share_no_sheet() -> None:
    row = Row("1", "de-DE", "", {})
    (fault,) = shared_row([row, replace(row, locale="fr-FR")], ("red", "x")).findings
    assert (fault.code, fault.row) == ("mixed-group", "red/x")


def test_a_column_that_stands_alone_is_told_with_its_row_set(grouped: Make) -> None:
    """As the `where` of a row set has it."""
    with pytest.raises(InputError) as caught:
        grouped(edits={JOB: {"group_by: product.material": "group_by: material"}})
    assert {one.hint for one in caught.value.findings} == {"write product.material: it is a column"}
