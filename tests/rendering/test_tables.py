"""Tables as their files show them: numbers under each other, columns that change sides, rows that do not fit."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rendering_kit import Press, read_layout

from pressrun.language.pages import IN_TEMPLATES, LATER
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.sheet import ShapeMark, Sheet, TextMark
from pressrun.model.table_content import CELLS, RowKind, TableContent, TableRow

TABLE = """
page: {{trim: 120mm x {height}mm, safe: 6mm}}
target: print
formats: [press-pdf]
layers:
  - type: table
    id: prices
    rows: rows
    size: 8pt
    {keys}
    columns:
"""
LAYOUT = TABLE + """\
      - {{header: Name, text: x, width: 1fr, lines: 3}}
      - {{header: Price, text: x, width: content, align: decimal}}
"""


def cells(*rows: tuple[str, ...], header: tuple[str, ...] = ("Name", "Price")) -> dict[str, dict[str, str]]:
    content = TableContent((0, 1), header, tuple(TableRow("row", row) for row in rows))
    return {"prices": {CELLS: content.written()}}


def composed(
    press: Press, rows: list[tuple[str, ...]], height: int = 90, keys: str = "", locale: str = "de-DE"
) -> tuple[Sheet, list[Finding]]:
    return press.compose(LAYOUT.format(height=height, keys=keys), layers=cells(*rows), locale=locale)


def lines_of(sheet: Sheet) -> Iterator[tuple[str, float, Rect]]:
    """Each line of each text with its baseline, and the room of its text."""
    for mark in sheet.marks:
        if isinstance(mark, TextMark) and mark.fit:
            fit, pitch = mark.fit, mark.leading_at(mark.fit.size) * mark.fit.size
            for number, line in enumerate("".join(span.text for span in fit.spans).split("\n")):
                if line.strip():
                    yield line, fit.column.y + fit.edges[0] * fit.size + number * pitch, fit.extent


@pytest.mark.parametrize(
    ("locale", "separator", "prices"),
    [
        ("de-DE", ",", ["9,5 €", "1.249,00 €", "12,125 €", "0,5"]),
        ("en-GB", ".", ["£9.50", "£1,249.00", "£0.125"]),
        ("ar-AE", ".", ["9.5 د.إ", "1,249.00 د.إ", "12.125"]),
    ],
)
def test_the_separators_of_numbers_stand_under_each_other(
    press: Press, locale: str, separator: str, prices: list[str]
) -> None:
    rows = [(f"n{at}", price) for at, price in enumerate(prices)]
    rendered = press.render(LAYOUT.format(height=60, keys=""), layers=cells(*rows), locale=locale)
    with pypdfium2.PdfDocument(rendered.files["press-pdf"]) as pdf:
        page = pdf[0].get_textpage()
        text = page.get_text_range()
        boxes = [page.get_charbox(at) for at, letter in enumerate(text) if letter == separator]
    figures = [box for box in boxes if box[2] - box[0] > 0]
    edges = sorted(round(box[0], 1) for box in figures)
    at = max(edges, key=edges.count)
    assert sum(1 for edge in edges if abs(edge - at) < 0.3) == len(prices)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE", "ar-AE"])
@pytest.mark.parametrize(
    "price", ["<s>8.2</s> 6.2", "<b>1,249.00</b>", "6.2 <i>a piece</i>", "<color flame>new</color> 6.20", "7<sup>50</sup>"]
)
def test_a_number_with_markup_may_stand_among_plain_ones(press: Press, price: str, locale: str) -> None:
    sheet, findings = composed(press, [("a", "6.25"), ("b", price), ("c", "12.5")], keys="markup: true", locale=locale)
    assert findings == []
    assert len([mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == "prices/2.2"]) == 1


def test_columns_change_sides_with_the_direction_of_writing(press: Press) -> None:
    def order(locale: str, keys: str = "") -> list[str]:
        sheet, _ = composed(press, [("ab", "1,5")], keys=keys, locale=locale)
        placed = [(mark.rect.x, mark.text.strip("\u2066\u2069")) for mark in sheet.marks if isinstance(mark, TextMark)]
        return [text for _, text in sorted(placed) if text in ("ab", "1,5")]

    assert order("de-DE") == ["ab", "1,5"]
    assert order("ar-AE") == ["1,5", "ab"]
    assert order("ar-AE", "mirror: false") == ["ab", "1,5"]


def test_rows_that_do_not_fit_are_counted_and_none_is_cut_silently(press: Press) -> None:
    rows = [(f"Wine {at}", "1,5") for at in range(40)]
    sheet, findings = composed(press, rows, height=60)
    assert [(one.severity, one.code, one.layer) for one in findings] == [("error", "rows-do-not-fit", "prices")]
    assert sheet.marks == ()
    fitting, findings = composed(press, rows[:8], height=60)
    assert findings == []
    assert max(mark.fit.extent.bottom for mark in fitting.marks if isinstance(mark, TextMark) and mark.fit) < 60 * 2.84


def test_a_table_wider_than_its_box_is_told(press: Press) -> None:
    layout = LAYOUT.format(height=60, keys="").replace("width: 1fr", "width: 90mm").replace("width: content", "width: 40mm")
    _, findings = press.compose(layout, layers=cells(("a", "1")))
    assert [one.code for one in findings] == ["table-too-wide"]


def test_cells_of_a_table_never_run_into_each_other(press: Press) -> None:
    prices = ["١٢٫٥٠", "١٬٢٠٩٫٠٠", "٩٫٥٠", "٨٫٠٠"]
    layout = LAYOUT.format(height=90, keys="zebra: ink 7%")
    made = press.render(layout, layers=cells(*(("قهوة", price) for price in prices)), locale="ar-EG")
    assert "texts-meet" not in made.codes


def test_no_rows_are_no_fault(press: Press) -> None:
    sheet, findings = composed(press, [])
    assert findings == []
    assert [mark.text for mark in sheet.marks if isinstance(mark, TextMark)] == ["Name", "Price"]


def test_every_second_row_has_a_ground_and_rules_stand_between(press: Press) -> None:
    keys = "zebra: sky\n    rules: {between: ink, end: flame}"
    sheet, _ = composed(press, [(f"n{at}", "1") for at in range(5)], keys=keys)
    shapes = [mark for mark in sheet.marks if isinstance(mark, ShapeMark)]
    assert len([mark for mark in shapes if mark.fill]) == 2
    (between,) = [mark for mark in shapes if mark.layer == "prices/between"]
    assert between.outline.count("m") == 4
    assert len({mark.layer for mark in sheet.marks}) == len(sheet.marks)  # each can be told of in a finding


NAMES = st.lists(
    st.sampled_from(["Riesling", "Äpfel & Birnen", "a very long name " * 4, "x", "قهوة", "1.249"]), min_size=1, max_size=9
)


@given(NAMES, st.sampled_from(["de-DE", "ar-AE"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_of_a_row_share_a_baseline_and_rows_follow_one_another(press: Press, names: list[str], locale: str) -> None:
    rows = [(name, f"{at},5") for at, name in enumerate(names)]
    sheet, findings = composed(press, rows, height=140, locale=locale)
    assert findings == []
    found = {line.strip("\u2066\u2069"): baseline for line, baseline, _ in lines_of(sheet)}
    prices = [found[price] for _, price in rows]
    assert prices == sorted(prices)
    assert len({round(price) for price in prices}) == len(prices)
    tops = {round(baseline, 2) for line, baseline, _ in lines_of(sheet)}
    assert {round(price, 2) for price in prices} <= tops
    starts = [round(mark.fit.column.y + mark.fit.edges[0] * mark.fit.size, 2) for mark in sheet.marks
              if isinstance(mark, TextMark) and mark.fit and mark.layer.endswith(".1")]  # fmt: skip
    assert all(any(abs(start - price) < 0.02 for price in prices) for start in starts if start > min(prices) - 1)


ANCHORED = TABLE.format(height=90, keys="padding: [50%, 4pt, 3pt, 4pt]\n    KEYS") + """\
      - {text: x, width: 20mm, lines: 9, merge: true}
      - {text: x, size: 14pt}
      - {text: x, anchor: bottom}
"""
LONG = "A name that takes three lines here"


def anchored(press: Press, keys: str, *rows: tuple[str, str, str]) -> dict[str, tuple[float, float, float]]:
    """Of each line of text its upper edge, its baseline and the lower edge of its text."""
    content = TableContent((0, 1, 2), ("", "", ""), tuple(TableRow("row", row) for row in rows))
    layers = {"prices": {CELLS: content.written()}}
    sheet, findings = press.compose(ANCHORED.replace("KEYS", keys), layers=layers)
    assert not findings
    return {line: (extent.y, base, extent.bottom) for line, base, extent in lines_of(sheet)}


def test_cells_stand_in_their_row_as_they_are_told(press: Press) -> None:
    top = 6 * 72 / 25.4
    own = anchored(press, "", (LONG, "large", "small"))
    assert own[LONG][1] == pytest.approx(own["large"][1])  # whatever room is above them, which goes by their sizes
    assert own["small"][2] == pytest.approx(own[LONG][2])  # the lowest but for its padding
    upper = anchored(press, "anchor: top", (LONG, "large", "small"))
    assert (upper[LONG][0], upper["large"][0]) == pytest.approx((top + 4, top + 7))
    middle = anchored(press, "anchor: middle", (LONG, "large", "small"))
    low = middle[LONG][2] + 3
    assert sum(middle["large"][::2]) == pytest.approx(top + 7 + low - 3)


def test_a_single_cell_stands_elsewhere(press: Press) -> None:
    rows = (TableRow("row", (LONG, "large", "small"), anchors=(None, None, "top")), TableRow("row", ("one", "b", "c")))
    layers = {"prices": {CELLS: TableContent((0, 1, 2), ("", "", ""), rows).written()}}
    sheet, findings = press.compose(ANCHORED.replace("KEYS", ""), layers=layers)
    assert not findings
    own = {line: extent.y for line, _, extent in lines_of(sheet)}
    plain = anchored(press, "", (LONG, "large", "small"), ("one", "b", "c"))
    assert own["small"] == pytest.approx(6 * 72 / 25.4 + 4)
    assert plain["small"][0] > own["small"] + 10
    assert {line: own[line] for line in ("large", "one", "b", "c")} == pytest.approx(
        {line: plain[line][0] for line in ("large", "one", "b", "c")}
    )


def test_padding_may_be_two_lengths_as_in_css(press: Press) -> None:
    rows = tuple(TableRow("row", row) for row in (("one", "a", "b"), ("two", "c", "d")))
    layers = {"prices": {CELLS: TableContent((0, 1, 2), ("", "", ""), rows).written()}}
    two, four = (
        press.compose(ANCHORED.replace("[50%, 4pt, 3pt, 4pt]", padding).replace("KEYS", ""), layers=layers)
        for padding in ("[2pt, 5pt]", "[2pt, 5pt, 2pt, 5pt]")
    )
    assert two == four
    assert not two[1]


def test_merged_cells_stand_in_all_of_their_rows(press: Press) -> None:
    """Those of plain rows, and those beside cells of several lines."""
    rows = [("one", "a", "b"), ("one", "c", "d"), ("one", "e", "f"), ("two", "g", f"{LONG} {LONG} and more")]
    lines = anchored(press, "anchor: middle", *rows)
    assert sum(lines["one"][::2]) == pytest.approx(sum(lines["c"][::2]) + 4 - 7, abs=0.1)
    high = anchored(press, "anchor: middle", *rows[2:], ("two", "h", "i"))
    assert high["g"][1] < high["two"][1] < high["h"][1]


def test_a_table_in_a_stack_takes_what_its_rows_need(press: Press) -> None:
    page = """
page: {trim: 100mm x 100mm, safe: 5mm}
target: print
formats: [press-pdf]
layers:
  - type: stack
    id: all
    gap: 10pt
    layers:
      - {type: table, id: prices, rows: rows, size: 8pt, padding: 3pt, BOXcolumns: [{text: x}, {text: x}]}
      - {type: text, id: below, text: Below, size: 8pt}
"""

    def below(count: int, box: str = "") -> tuple[float, list[Finding]]:
        content = cells(*[(f"n{at}", "9") for at in range(count)], header=("", ""))
        sheet, findings = press.compose(page.replace("BOX", box), layers=content)
        (mark,) = (one.mark for one in sheet.placed if one.mark.layer == "below")
        return mark.rect.y, findings

    (none, _), (two, told), (five, _) = below(0), below(2), below(5)
    assert told == []
    assert five - two == pytest.approx(1.5 * (two - none - 10))
    assert none == pytest.approx(5 * 72 / 25.4)  # where there is none, there is no gap either
    assert below(5, "box: {height: 50mm}, ")[0] == five
    y, findings = below(30, "box: {height: 50mm}, ")
    assert y == pytest.approx(none + 10 + 50 * 72 / 25.4)
    (finding,) = findings
    assert finding.code == "rows-do-not-fit"
    assert not finding.message.startswith("30 of 30")


def test_a_table_is_set_alike_whatever_was_set_before(press: Press) -> None:
    layout = read_layout(LAYOUT.format(height=60, keys=""))
    plain, tall = [press.content(layout, "x", layers=cells(row)) for row in (("nun", "1,5"), ("Ǻ ŷ ấ", "1,25"))]
    alone, _ = press.bench.composer.compose(layout, plain)
    press.bench.composer.compose(layout, tall)
    after, _ = press.bench.composer.compose(layout, plain)
    assert after == alone


FLOWING = """
page: {trim: 80mm x 50mm, safe: 6mm}
target: print
formats: [press-pdf]
pages:
- id: list
  flow: prices
  layers:
  - {type: text, id: head, text: "{{ page.first }} – {{ page.last }}", when: page.first != page.last, size: 6pt, box: {height: 5mm}}
  - {type: text, id: alone, text: "{{ page.last }}", when: page.first == page.last, size: 6pt, box: {height: 5mm}}
  - type: table
    id: prices
    rows: rows
    size: 8pt
    box: {y: 8mm, height: 26mm}
    GROUP
    columns: [{text: x}, {text: x}]
"""
GROUPED = "group: {by: item.kind, heading: x, subtotal: [x, x]}"


@pytest.mark.parametrize(
    ("group", "rows", "heads"),
    [
        ("", "a b c d e f T", ["a – d", "e – f"]),
        ("", "a b c d T", ["a – d"]),
        ("", "a T", ["a"]),
        (GROUPED, "H:reds a b s H:whites c s T", ["reds", "whites"]),
    ],
)
def test_running_heads_name_entries_and_never_sums(press: Press, group: str, rows: str, heads: list[str]) -> None:
    """A page whose first entry is its last has another head, by its layers' conditions."""
    layout = read_layout(FLOWING.replace("GROUP", group))
    kinds: dict[str, RowKind] = {"H": "heading", "s": "subtotal", "T": "total"}
    made, number = [], 0
    for said in rows.split():
        kind = kinds.get(said[0], "row")
        number += kind == "heading"
        text = said.removeprefix("H:") if kind in ("row", "heading") else "All of them"
        made.append(TableRow(kind, (text, "1"), (), 0 if kind == "total" else number))
    layers = {
        "prices": {CELLS: TableContent((0, 1), ("", ""), tuple(made)).written()},
        "head": {"text": f"{IN_TEMPLATES.first} – {IN_TEMPLATES.last}", LATER: "page.first != page.last"},
        "alone": {"text": str(IN_TEMPLATES.last), LATER: "page.first == page.last"},
    }
    content = press.content(layout, "book", "en-GB", layers=layers)
    pages = press.bench.composer.pages(layout, content)
    assert [finding for _, findings in pages for finding in findings] == []
    told = [
        [mark.text for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer in ("head", "alone")]
        for sheet, _ in pages
    ]
    assert told == [[head] for head in heads]


@pytest.mark.parametrize("continued", ["Reds (continued)", "Reds, which go on with a text that takes two lines of it", ""])
def test_a_group_that_goes_on_may_have_another_heading(press: Press, continued: str) -> None:
    layout = read_layout(FLOWING.replace("GROUP", "group: {by: item.kind, heading: x}"))
    heading = TableRow("heading", ("Reds", *([continued] if continued else [])), (), 1)
    rows = (heading, *(TableRow("row", (f"wine {number}", "1"), (), 1) for number in range(12)))
    layers = {"prices": {CELLS: TableContent((0, 1), ("", ""), rows).written()}, "head": {"text": ""}, "alone": {"text": ""}}
    pages = press.bench.composer.pages(layout, press.content(layout, "book", "en-GB", layers=layers))
    assert len(pages) > 1
    names, seen = [], 0
    for sheet, findings in pages:
        assert not findings
        texts = [mark for mark in sheet.marks if isinstance(mark, TextMark)]
        names.append(next(mark.text for mark in texts if mark.layer.startswith("prices/1.")))
        seen += sum(mark.text.count("wine") for mark in texts)
        assert all(mark.fit and mark.fit.extent.bottom <= 6 / 25.4 * 72 + 34 / 25.4 * 72 + 12 for mark in texts)
    assert names == ["Reds", *[continued or "Reds"] * (len(pages) - 1)]
    assert seen == 12
