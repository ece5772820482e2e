"""What a layout says for a row, in the row's own locale, and what its files are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from pressrun.expand import expand_rows, layout_content, save_path
from pressrun.language.bare_values import as_read
from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.model.template import Bare

Make = Callable[..., Project]
JOB = "jobs/job.yaml"
CARD = "templates/layouts/social/card.yaml"
PRODUCTS = "jobs/data/products.csv"


def rows_of(project: Project) -> dict[str, Row]:
    return {row.id: row for row in expand_rows(project)}


def text_of(project: Project, source: str, row_id: str = "K1/de-DE/spring") -> str:
    return layout_content(project, rows_of(project)[row_id], "social/card")["headline"]["text"]


def fault_of(project: Project, row_id: str = "K1/de-DE/spring") -> tuple[str, str, str | None]:
    with pytest.raises(InputError) as caught:
        layout_content(project, rows_of(project)[row_id], "social/card")
    (finding,) = caught.value.findings
    assert (finding.layout, finding.row) == ("social/card", row_id)
    return finding.code, str(finding.place), finding.layer


def saying(source: str) -> dict[str, dict[str, str]]:
    return {CARD: {"{{ copy.headline }}": source}}


def test_fields_by_layer(project: Make) -> None:
    loaded = project()
    assert layout_content(loaded, rows_of(loaded)["K1/de-DE/spring"], "social/card") == {
        "scene": {},
        "packshot": {"file": "packshots/kettle.svg"},
        "logo-3": {},
        "headline": {"text": "Gemacht für lange"},
        "price": {"text": "59,00\N{NO-BREAK SPACE}€"},
    }


def test_a_layer_refused_by_when_is_left_out(project: Make) -> None:
    loaded = project()
    assert "price" not in layout_content(loaded, rows_of(loaded)["M1/de-DE/winter"], "social/card")


def test_the_most_specific_copy_wins(project: Make) -> None:
    loaded = project()
    assert text_of(loaded, "", "M1/de-DE/winter") == "Zum Festhalten"
    assert text_of(loaded, "", "M1/en-GB/winter") == "Hold it"
    assert text_of(loaded, "", "K1/en-GB/winter") == "Made to last"


def test_copy_falls_back_from_an_empty_cell_and_from_region_to_language(project: Make) -> None:
    loaded = project({"jobs/data/copy.csv": {"Zum Festhalten": "", ",de-DE": ",de"}})
    assert text_of(loaded, "", "M1/de-DE/winter") == "Gemacht für lange"


def test_more_conditions_beat_fewer_and_earlier_columns_beat_later(project: Make) -> None:
    copy = "key,product,season,en-GB,de-DE\nheadline,,,a,a\nheadline,,winter,b,b\nheadline,M1,,c,c\n"
    loaded = project(files={"jobs/data/copy.csv": copy})
    assert [text_of(loaded, "", row) for row in ("K1/de-DE/spring", "K1/de-DE/winter", "M1/de-DE/winter")] == [
        "a", "b", "c",
    ]  # fmt: skip
    loaded = project(files={"jobs/data/copy.csv": copy + "headline,M1,winter,d,d\n"})
    assert text_of(loaded, "", "M1/de-DE/winter") == "d"


def test_copy_may_depend_on_the_theme(project: Make) -> None:
    copy = "key,theme,en-GB,de-DE\nheadline,,a,a\nheadline,dark,b,b\n"
    loaded = project(files={"jobs/data/copy.csv": copy})
    assert [text_of(loaded, "", row) for row in ("K1/de-DE/spring", "K1/de-DE/winter")] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ product.launch | date }}", "15. Januar 2027"),
        ("{{ product.launch | date('d MMM') }}", "15 Jan."),
        ("{{ date | date('short') }}", "01.03.27"),
        ("{{ 1234.5 | number }}", "1.234,5"),
        ("{{ 1234.5 | number(2) }}", "1.234,50"),
        ("{{ 1000 | money('JPY') }}", "1.000\N{NO-BREAK SPACE}¥"),
        ("{{ price | money(whole=true) }}", "59\N{NO-BREAK SPACE}€"),
        ("{{ (price * 2) | money }}", "118,00\N{NO-BREAK SPACE}€"),
        ("{{ brand.name }} {{ brand.palette.accent.srgb }}", "Plain Goods #E4572E"),
        ("{{ theme.setting }}, {{ locale }}, {{ take }}", "a white table, de-DE, 1"),
        ("{{ layout.id }} {{ layout.name }} {{ layout.folder }}", "social/card card social"),
        ("{{ brand.style.terms | join(' & ') }}", "plain & calm"),
        (
            "{% for color in theme.palette %}{{ color.words }}{{ ', ' if not loop.last }}{% endfor %}",
            "white, vermilion",
        ),
        ("no template", "no template"),
        ("100 % { }", "100 % { }"),
    ],
)
def test_helpers(project: Make, source: str, text: str) -> None:
    assert text_of(project(saying(source)), "") == text


def test_a_price_is_never_relabelled(project: Make) -> None:
    assert fault_of(project(saying("{{ price | money('GBP') }}")))[0] == "relabelled-price"
    typed = {JOB: {"types: {launch: date}": "types: {launch: date, material: decimal}"}}
    plain = {PRODUCTS: {"steel": "12.50", "clay": "9"}, **saying("{{ product.material | money }}")}
    assert fault_of(project({**typed, **plain}))[0] == "relabelled-price"
    explicit = saying("{{ product.material | money(region.currency) }}")
    assert text_of(project({**typed, **plain, **explicit}), "") == "12,50\N{NO-BREAK SPACE}€"


def test_a_foreign_price_is_refused_in_this_row(project: Make) -> None:
    loaded = project({JOB: {"prices[product.sku, region.currency]": "prices[product.sku, 'GBP']"}})
    assert fault_of(loaded) == ("relabelled-price", f"{CARD}:9:36", "price")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ price | money('EURO') }}", "relabelled-price"),
        ("{{ 5 | money('EURO') }}", "unknown-currency"),
        ("{{ product.name | money('EUR') }}", "wrong-value"),
        ("{{ product.name | date }}", "wrong-value"),
        ("{{ product }}", "not-text"),
        ("{{ theme.terms }}", "not-text"),
        ("{{ none }}", "empty-value"),
        ("{{ copy.headline.format(1) }}", "unsafe-template"),
    ],
)
def test_values_that_cannot_be_printed(project: Make, source: str, code: str) -> None:
    assert fault_of(project(saying(source))) == (code, f"{CARD}:8:39", "headline")


def test_an_empty_amount_without_when_is_a_fault_of_that_row(project: Make) -> None:
    loaded = project({CARD: {"when: price, ": ""}})
    assert fault_of(loaded, "M1/de-DE/winter") == ("empty-value", f"{CARD}:9:36", "price")
    assert "price" in layout_content(loaded, rows_of(loaded)["K1/de-DE/spring"], "social/card")


def test_all_faults_of_a_layout_come_together(project: Make) -> None:
    loaded = project({CARD: {"{{ copy.headline }}": "{{ none }}", "{{ price | money }}": "{{ none }}"}})
    with pytest.raises(InputError) as caught:
        layout_content(loaded, rows_of(loaded)["K1/de-DE/spring"], "social/card")
    assert [finding.layer for finding in caught.value.findings] == ["headline", "price"]


def test_a_template_that_sets_names_keeps_them_to_itself(project: Make) -> None:
    loaded = project({CARD: {"{{ copy.headline }}": "{% set price = 1 %}{{ price }}"}})
    content = layout_content(loaded, rows_of(loaded)["K1/de-DE/spring"], "social/card")
    assert (content["headline"]["text"], content["price"]["text"]) == ("1", "59,00\N{NO-BREAK SPACE}€")


def test_file_names(project: Make) -> None:
    loaded = project()
    assert [save_path(loaded, row, name) for row in list(expand_rows(loaded))[:2] for name in loaded.layouts] == [
        "K1/en-GB/spring-card", "K1/en-GB/spring-flyer", "K1/en-GB/winter-card", "K1/en-GB/winter-flyer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "save_as",
    [
        "{{ product.name }}", "/{{ product.sku }}", "a//{{ product.sku }}", "../{{ product.sku }}", "{{ none }}",
        "a/../{{ product.sku }}", "con/{{ product.sku }}", "{{ product.sku }}/NUL.txt", "{{ product.sku }}.", "x" * 121,
        " {{ product.sku }}", "a{{ product.sku }}:b", "a\\\\{{ product.sku }}", "{{ product.sku }}\\t",
        "{{ layout.id }}", "{{ product.sku * 1 }}", "{{ product.sku }}\\u202e",
    ],
)  # fmt: skip
def test_unsafe_names_are_refused(project: Make, save_as: str) -> None:
    job = {JOB: {"{{ product.sku }}/{{ region.locale }}/{{ season.id }}-{{ layout.name }}": save_as}}

    def name_files() -> None:
        loaded = project({**job, PRODUCTS: {"Kettle": "a/b"}})
        save_path(loaded, next(iter(expand_rows(loaded))), "social/card")

    with pytest.raises(InputError) as caught:
        name_files()
    codes = {finding.code for finding in caught.value.findings if finding.is_error}
    assert codes <= {"unsafe-name", "empty-value", "unsafe-template"}
    assert codes


def test_names_are_composed_so_that_all_systems_agree(project: Make) -> None:
    job = {JOB: {"{{ product.sku }}/{{ region.locale }}": "{{ product.name }}"}}
    loaded = project({**job, PRODUCTS: {"Kettle": "Ka\N{COMBINING DIAERESIS}nnle"}})
    assert save_path(loaded, next(iter(expand_rows(loaded))), "social/card").startswith("K\u00e4nnle/")


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("Of {{ product.material }} made", ["material"]),
        ("Of {{ product['material'] | upper }} made", ["material"]),
        ("Of {{ product.material if locale == 'de-DE' else product.name }} made", ["material"]),
        ("Of {{ product.name if locale == 'de-DE' else product.material }} made", []),
        ("Of {{ product.material | default('') }} made", []),
        ("Of {% if product.material %}{{ product.material }}{% endif %} made", []),
        ("Of {{ '' if product.material == '' else 'x' }} made", []),
    ],
)
def test_an_empty_cell_among_other_words_is_told(project: Make, source: str, columns: list[str]) -> None:
    loaded = project({**saying(source), PRODUCTS: {"clay": ""}})
    noted: list[Finding] = []
    for row_id in ("K1/de-DE/spring", "M1/de-DE/winter"):
        for _ in range(2):  # what is remembered of a row is told, too
            layout_content(loaded, rows_of(loaded)[row_id], "social/card", noted=noted)
    told = [(one.code, str(one.place), one.layer, one.row, one.subject) for one in noted if one.code == "empty-value"]
    assert told == 2 * [("empty-value", f"{PRODUCTS}:3", "headline", "M1/de-DE/winter", one) for one in columns]


@pytest.mark.parametrize("cell", ["<p>Clay</p>", "a <b> c", "1 < 2 & 3", "</p>"])
def test_what_looks_like_a_tag_in_a_cell_is_no_fault_where_nothing_marks_up(project: Make, cell: str) -> None:
    loaded = project({CARD: {"{{ copy.headline }}": "{{ product.material }}"}, PRODUCTS: {"clay": cell}})
    row = rows_of(loaded)["M1/de-DE/winter"]
    assert layout_content(loaded, row, "social/card", noted=[])["headline"]["text"] == cell


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (" {{ product.material }} ", f"{PRODUCTS}:3"),
        ("{{ product.material | upper }}", f"{PRODUCTS}:3"),
        ("{{ product.material | replace('a', '') }}", None),  # who replaces by nothing has thought of it
        ("{{ (product.material ~ product.material) | trim }}", f"{CARD}:8:39"),
        ("{{ product.material | default('') }}", None),
        ("{{ product.material or '' }}", None),
        ("{% if product.material %}{{ product.material }}{% endif %}", None),
        ("{{ product.name }}", None),
    ],
)
@pytest.mark.parametrize("also", ["", ", when: locale != ''", ", inside: all"])
def test_a_text_that_stands_by_itself_and_says_nothing_is_told(
    project: Make, source: str, place: str | None, also: str
) -> None:
    changes = {CARD: {'"{{ copy.headline }}"': f'"{source}"{also}'}, PRODUCTS: {"clay": ""}}
    if "inside" in also:
        changes[CARD]["layers:\n"] = "layers:\n  - {type: stack, id: all}\n"
    loaded, noted = project(changes), list[Finding]()
    for row_id in ("K1/de-DE/spring", "M1/de-DE/winter"):
        for _ in range(2):
            layout_content(loaded, rows_of(loaded)[row_id], "social/card", noted=noted)
    told = [(one.code, str(one.place), one.layer, one.row) for one in noted]
    is_told = place is not None and not also
    assert told == (2 * [("empty-value", place, "headline", "M1/de-DE/winter")] if is_told else [])


@pytest.mark.parametrize(
    ("source", "row", "message"),
    [
        ("{{ price }}", "K1/de-DE/spring", "'59.00' is printed as tables have it, which readers of de-DE write 59,00"),
        ("{{ price / 7 }}", "K1/de-DE/spring", "'8.428571428571428571428571429' is printed as tables have it, which readers of de-DE write 8,43"),
        ("{{ 2.5 | round }}", "K1/de-DE/spring", "'3.0' is printed as tables have it, which readers of de-DE write 3,0"),
        ("{{ date }}", "K1/de-DE/spring", "'2027-03-01' is printed as tables have it, which readers of de-DE write 01.03.27"),
        ("{{ '2027-05-01' }}, frei", "K1/de-DE/spring", "'2027-05-01' is printed as tables have it, which readers of de-DE write 01.05.27"),
        ("ab {{ '2027-05-01 00:00:00' }}", "K1/de-DE/spring", "'2027-05-01 00:00:00' is printed as tables have it, which readers of de-DE write 01.05.27"),
        ("{{ '2027-05-01' | date }}, 2027-13-45, AB-2027-05-01, 2027-05-01-7", "K1/de-DE/spring", None),
        ("{{ price | number(2) }} {{ product.name }} {{ 12 }} {{ date | date }}", "K1/de-DE/spring", None),
        ("{% if price > 3.5 %}a{% endif %}", "K1/de-DE/spring", None),
    ],
)  # fmt: skip
def test_a_value_that_no_reader_writes_so_is_told(project: Make, source: str, row: str, message: str | None) -> None:
    loaded, noted = project(saying(source)), list[Finding]()
    for _ in range(2):  # what is remembered of a row is told, too
        layout_content(loaded, rows_of(loaded)[row], "social/card", noted=noted)
    found = [(one.code, one.message, one.layer) for one in noted]
    assert found == ([("unformatted-value", message, "headline")] * 2 if message else [])


@pytest.mark.parametrize(
    ("source", "cell", "trim", "told"),
    [
        ("{{ product.material }}", "clay  pot", "", [f"{PRODUCTS}:3 'clay  pot'"]),
        ("{{ product.material }} (1899)", "clay ", "", ["templates/layouts/social/card.yaml:8:39 'clay  (1899)'"]),
        ("{{ product.material }} (1899)", " clay  pot ", ", trim: true", []),
        ("{{ product.material }}", "  clay", "", []),
        ("{{ product.material }}  {{  product.sku }}", "clay", "", []),  # whoever wrote the layout meant it
        ("{{  product.material  }}", "clay  pot", "", [f"{PRODUCTS}:3 'clay  pot'"]),
        ("Of {{ product.material }} made", "", "", []),  # the empty cell is told
        ("Of {{ product.material | default('') }} made", "", "", ["templates/layouts/social/card.yaml:8:39 'Of  made'"]),
        ("{{ product.material }}", "clay \N{NO-BREAK SPACE}pot", "", []),
    ],
)
def test_a_blank_that_is_printed_double_is_told(project: Make, source: str, cell: str, trim: str, told: list[str]) -> None:
    edits = {**saying(source), PRODUCTS: {"clay": cell}, JOB: {"key: sku,": f"key: sku{trim},"}}
    loaded, noted = project(edits), list[Finding]()
    for _ in range(2):  # what is remembered of a row is told, too
        layout_content(loaded, rows_of(loaded)["M1/de-DE/winter"], "social/card", noted=noted)
    found = [(one.code, f"{one.place} {one.message.partition(' has')[0]}", one.layer) for one in noted if one.code != "empty-value"]
    assert found == 2 * [("double-blank", one, "headline") for one in told]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("SchÃ¶ner Topf", "'SchÃ¶ner' is printed, which was 'Schöner' until"), ("Itâ€™s 20 â‚¬", "'Itâ€™s' is printed, which was 'It’s' until"),
        ("Å‚Ã³dÅº", "which was 'łódź'"), ("РџСЂРёРІРµС‚", "which was 'Привет'"), ("voilÃ\xa0 tout", "which was 'voilà'"), ("ZĂĽrich", "which was 'Zürich'"),
        ("s?cac?k", "'s?cac?k' is printed, where letters have been lost"), ("Topf ????", "'????' is"), ("Caf\ufffd", "'Caf\ufffd' is"),
        ("#N/A", "'#N/A' is printed, which is an error of a spreadsheet"),
        ("DĹŽKA Ĺ›wit", "'Ĺ›wit' is printed, which was 'świt'"), ("\"Topf\nSchÃ¶n\"", "'SchÃ¶n' is"),
        ("ĐźŃ€Đ¸Đ˛ĐµŃ‚", "which was 'Привет'"), ("DĹŽKA 20 CM", ""), ("ORĂŞENESC", ""), ("СІРІ", ""),
        ("CAFÉ»", ""), ("« café »…", ""), ("AMANHÃ… LÃ”", ""), ("DIÄT“", ""), ("5 Å wide", ""), ("130\xa0×\xa0180", ""),
        ("What??? Really?Yes", ""), ("https://a.example/b?c=d", ""), ("Привет „Її“", ""), ("NÃO É…", ""), ("#1", ""),
    ],
)  # fmt: skip
def test_a_word_that_went_wrong_before_is_told(project: Make, cell: str, said: str) -> None:
    loaded, noted = project({**saying("{{ product.material }}"), PRODUCTS: {"clay": cell}}), list[Finding]()
    layout_content(loaded, rows_of(loaded)["M1/de-DE/winter"], "social/card", noted=noted)
    found = [(one.code, str(one.place)) for one in noted if said in one.message]
    assert found == ([("misread-text", f"{PRODUCTS}:3")] if said else [])


@pytest.mark.parametrize(
    ("source", "row", "message"),
    [
        ("Der Topf \"{{ product.name }}\" ist neu", "K1/de-DE/spring", 'Der Topf "Kettle" ist … Der Topf „Kettle“ ist'),
        ("{% filter quotes %}Der \"{{ product.name }}\"{% endfilter %}", "K1/de-DE/spring", None),
        ("1.249,00 Stück von \"{{ product.name }}\" zu 12.345.678,90 €", "K1/de-DE/spring",
         '1.249,00 Stück von "Kettle" zu 12.345.678,90 … 1.249,00 Stück von „Kettle“ zu 12.345.678,90'),
        ('Vinyl, 12"', "K1/de-DE/spring", None),
        ("CHF 39''996.00", "K1/de-DE/spring", None),  # as Swiss thousands are parted
    ],
)
def test_straight_quotes_are_noted(project: Make, source: str, row: str, message: str | None) -> None:
    loaded, noted = project({CARD: {'"{{ copy.headline }}"': f"'{source}'"}}), list[Finding]()
    layout_content(loaded, rows_of(loaded)[row], "social/card", noted=noted)
    found = [(one.code, one.severity, one.message, str(one.place)) for one in noted]
    first, _, last = (message or "").partition(" … ")
    said = f"“{first}” is printed with straight quotes, which readers of de-DE know as “{last}”"
    assert found == ([("straight-quotes", "note", said, f"{CARD}:8:39")] if message else [])


@pytest.mark.parametrize(
    ("value", "locale", "written"),
    [
        (Decimal("1234.50"), "en-GB", None), (Decimal("1234.50"), "fr-CH", "1’234,50"), (Decimal(250), "de-DE", None),
        (12.5, "ar-EG", "١٢٫٥"), (dt.date(2027, 5, 1), "sv-SE", None), (float("inf"), "de-DE", None),
    ],
)  # fmt: skip
def test_how_readers_write_a_bare_value(value: Bare, locale: str, written: str | None) -> None:
    assert as_read(value, locale) == (written and written.replace("’", "'"))


@pytest.mark.parametrize(
    ("filter_", "locale", "said"),
    [
        ("upper", "tr-TR", "İÇİNDE SIĞ"), ("upper", "en-GB", "IÇINDE SIĞ"), ("capitalize", "tr-TR", "İçinde sığ"),
        ("title", "tr-TR", "İçinde Sığ"), ("lower", "tr-TR", "içinde sığ"),
    ],
)  # fmt: skip
def test_letters_change_their_case_by_the_rows_language(filter_: str, locale: str, said: str) -> None:
    templates = Templates(filters=layout_filters((), frozenset()), in_cells=())
    source = f"{{{{ name | {filter_} }}}} {{{{ [name] | map('{filter_}') | first }}}}"
    assert templates.text(source).render({"name": "içinde sığ", "locale": locale}) == f"{said} {said}"


@pytest.mark.parametrize(
    ("value", "escaped"),
    [("Doe; Jane", "Doe\\; Jane"), ("Lab, Ltd", "Lab\\, Ltd"), ("a\\b", "a\\\\b"), ("1 Road\nTown", "1 Road\\nTown")],
)
def test_a_vcard_takes_every_value(value: str, escaped: str) -> None:
    filters = layout_filters((), frozenset())
    assert filters["vcard"](value) == escaped
    assert filters["vcard"](None) == ""
