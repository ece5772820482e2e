"""The cells of tables: of each item, of groups and of all; what is told where one cannot be rendered."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pressrun.expand import expand_rows, layout_content
from pressrun.model.errors import InputError
from pressrun.model.item_list import LEFT_OVER
from pressrun.model.project import Project
from pressrun.model.table_content import CELLS, TableContent, TableRow

Make = Callable[..., Project]
CARD = "templates/layouts/social/card.yaml"
PRICE = '  - {type: text, id: price, text: "{{ price | money }}", when: price, size: 20px}'
TABLE = """\
  - type: table
    id: price
    size: 9px
"""
ROW = "K1/de-DE/spring"
LINE = 9  # of the layer in its file


@pytest.fixture
def content(project: Make) -> Callable[[str], dict[str, str]]:
    """A function from the keys of a table to what the row has of it."""

    def make(keys: str) -> dict[str, str]:
        said = TABLE + "".join(f"    {line}\n" for line in keys.strip().splitlines())
        loaded = project({CARD: {PRICE: said.rstrip("\n")}})
        row = next(row for row in expand_rows(loaded) if row.id == ROW)
        return layout_content(loaded, row, "social/card")["price"]

    return make


def test_each_item_is_a_row(content: Callable[[str], dict[str, str]]) -> None:
    fields = content("""
rows: {of: prices, as: one, where: one.currency == region.currency or one.sku == 'M1', sort: one.amount, descending: true}
columns:
  - {header: "{{ region.currency }}", text: "{{ loop.index }} {{ one.sku }}"}
  - {text: "{{ one.amount | number(2) }}", when: season.id == 'winter'}
  - {header: c, text: "{{ one.currency }}", span: 1 if loop.first else 2}
""")
    rows = (TableRow("row", ("1 K1", "EUR")), TableRow("row", ("2 M1", "GBP"), (1, 2)))
    assert TableContent.read(fields[CELLS]) == TableContent((0, 2), ("EUR", "c"), rows)
    assert LEFT_OVER not in fields


def test_a_cell_says_itself_where_it_stands(content: Callable[[str], dict[str, str]]) -> None:
    fields = content("""
rows: {of: prices, where: item.currency == 'EUR' or item.sku == 'M1', sort: item.sku}
columns: [{text: "{{ item.sku }}", anchor: "'middle' if item.currency == 'EUR' else none"}, {text: x, anchor: top}]
""")
    assert [row.anchors for row in TableContent.read(fields[CELLS]).rows] == [("middle", None), ()]


def test_groups_have_headings_and_sums_over_the_empty_cells_behind_them(
    content: Callable[[str], dict[str, str]],
) -> None:
    fields = content("""
rows: prices
group:
  by: item.currency
  heading: "{{ group.value }} × {{ group.size }}, from {{ item.sku }}"
  subtotal: ["Sum", "", "{{ group.rows | sum(attribute='amount') }}"]
total: ["", "{{ group.size }}", ""]
columns: [{text: "{{ item.sku }}"}, {text: "{{ item.currency }}"}, {text: "{{ item.amount | number }}"}]
""")
    assert TableContent.read(fields[CELLS]).rows == (
        TableRow("heading", ("GBP × 2, from K1",), (), 1),
        TableRow("row", ("K1", "GBP", "49"), (), 1),
        TableRow("row", ("M1", "GBP", "12,5"), (), 1),
        TableRow("subtotal", ("Sum", "", "61.50"), (2, 1, 1), 1),
        TableRow("heading", ("EUR × 1, from K1",), (), 2),
        TableRow("row", ("K1", "EUR", "59"), (), 2),
        TableRow("subtotal", ("Sum", "", "59.00"), (2, 1, 1), 2),
        TableRow("total", ("", "3", ""), (1, 2, 1), 0),
    )


@pytest.mark.parametrize(("align", "spans"), [("decimal", (1, 1, 1)), ("end", (1, 1, 1)), ("start", (1, 2, 1))])
def test_a_sum_stands_under_its_column_of_numbers(
    content: Callable[[str], dict[str, str]], align: str, spans: tuple[int, ...]
) -> None:
    """Empty cells behind it moved it away, to the end of the room that they left."""
    columns = f'[{{text: a}}, {{text: "{{{{ item.amount }}}}", align: {align}}}, {{text: b}}]'
    fields = content(f"rows: prices\ntotal: [All, '61.50 m²', '']\ncolumns: {columns}")
    *_, total = TableContent.read(fields[CELLS]).rows
    assert (total.spans or (1, 1, 1)) == spans
    fields = content(f"rows: prices\ntotal: ['', All, '']\ncolumns: {columns}")
    *_, total = TableContent.read(fields[CELLS]).rows
    assert total.spans == (1, 2, 1)


def test_a_heading_knows_what_stands_where_its_group_goes_on(content: Callable[[str], dict[str, str]]) -> None:
    group = '{by: item.currency, heading: "{{ group.value }}", continued: "{{ group.value }}, from {{ group.size }}"}'
    fields = content(f"rows: prices\ngroup: {group}\ncolumns: [{{text: x}}]")
    rows = TableContent.read(fields[CELLS]).rows
    assert [row.cells for row in rows if row.kind == "heading"] == [("GBP", "GBP, from 2"), ("EUR", "EUR, from 1")]


def test_items_of_a_group_come_together(content: Callable[[str], dict[str, str]]) -> None:
    fields = content("rows: prices\ngroup: {by: item.currency}\ncolumns: [{text: '{{ item.amount }}'}]")
    assert [row.cells for row in TableContent.read(fields[CELLS]).rows] == [("49.00",), ("12.50",), ("59.00",)]


def test_no_items_are_no_rows_and_a_limit_is_told(content: Callable[[str], dict[str, str]]) -> None:
    none = content("rows: {of: prices, where: item.amount > 1000}\ntotal: [x]\ncolumns: [{text: x}]")
    assert TableContent.read(none[CELLS]).rows == ()
    assert content("rows: {of: prices, limit: 1}\ncolumns: [{text: x}]")[LEFT_OVER] == "2"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("rows: product.name\ncolumns: [{text: x}]", 3),
        ("rows: {of: prices, sort: item}\ncolumns: [{text: x}]", 3),
        ("rows: prices\ncolumns:\n  - {text: x}\n  - {text: '{{ item.amount | date }}'}", 6),
        ("rows: prices\ncolumns:\n  - {text: x, span: item.amount}", 5),
        ("rows: prices\ncolumns:\n  - {text: x, anchor: item.sku}", 5),
        ("rows: prices\ncolumns: [{text: x}]\ngroup: {by: item.amount + item.sku}", 5),
        ("rows: prices\ncolumns: [{text: x}]\ntotal: [\"{{ group.rows | sum(attribute='amount') }}\"]", 5),  # two currencies
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line_with_its_row(
    content: Callable[[str], dict[str, str]], keys: str, line: int
) -> None:
    with pytest.raises(InputError) as caught:
        content(keys)
    (fault,) = caught.value.findings
    assert (fault.row, fault.layer, fault.place and fault.place.line) == (ROW, "price", LINE + line)


def test_a_value_that_an_item_does_not_have_is_an_empty_cell(content: Callable[[str], dict[str, str]]) -> None:
    fields = content("""
rows: {of: "[none, 1967]", as: year}
columns: [{text: "{{ year }}"}, {text: " {{ year | number }} "}, {text: x}]
""")
    assert [row.cells for row in TableContent.read(fields[CELLS]).rows] == [("", "", "x"), ("1967", " 1.967 ", "x")]


def test_what_marks_up_a_value_that_an_item_does_not_have_is_an_empty_cell(
    content: Callable[[str], dict[str, str]],
) -> None:
    """Prices that were are struck through, where there are any."""
    fields = content("""
rows: {of: "[none, 1967]", as: year}
markup: true
columns: [{text: "<s>{{ year | number(2) }}</s>"}]
""")
    assert [row.cells for row in TableContent.read(fields[CELLS]).rows] == [("",), ("<s>1.967,00</s>",)]


@pytest.mark.parametrize("words", ["<s>{{ year }}</s>", "<logo mark/>{{ year }}"])
def test_what_is_no_markup_or_no_mark_of_words_is_not_dropped(
    content: Callable[[str], dict[str, str]], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        content(f"rows: {{of: '[none]', as: year}}\nmarkup: {'logo' in words}\ncolumns: [{{text: '{words}'}}]")
    assert [fault.code for fault in caught.value.findings] == ["empty-value"]


@pytest.mark.parametrize("words", ["{{ year | default('') | number }}", "{{ year | default('') }}"])
def test_the_hint_of_an_empty_value_does(content: Callable[[str], dict[str, str]], words: str) -> None:
    fields = content(f"rows: {{of: '[none]', as: year}}\ncolumns: [{{text: \"of {words}\"}}]")
    assert [row.cells for row in TableContent.read(fields[CELLS]).rows] == [("of ",)]


def test_what_stands_beside_an_empty_value_is_not_dropped_in_silence(
    content: Callable[[str], dict[str, str]],
) -> None:
    with pytest.raises(InputError) as caught:
        content("rows: {of: '[none, 1967]', as: year}\ncolumns: [{text: 'of {{ year }}'}]")
    (fault,) = caught.value.findings
    assert fault.code == "empty-value"
    assert "default('')" in str(fault.hint)
    assert "`when`" not in str(fault.hint)


def test_what_marks_up_in_a_cell_is_literal(content: Callable[[str], dict[str, str]]) -> None:
    fields = content("rows: {of: \"['<b>x</b>', 'a & b']\", as: word}\nmarkup: true\ncolumns: [{text: '<i>{{ word }}</i>'}]")
    cells = [row.cells[0] for row in TableContent.read(fields[CELLS]).rows]
    assert cells == ["<i>&lt;b&gt;x&lt;/b&gt;</i>", "<i>a &amp; b</i>"]
    assert json.loads(fields[CELLS])
