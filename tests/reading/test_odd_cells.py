"""Cells that show something else than their value are found, however a workbook is written."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ods_kit import TEXT, write_ods
from workbook_kit import inline, number, workbook
from xlsb_kit import binary_workbook

from pressrun.readers import xlsx_cells
from pressrun.readers.number_formats import looked_for
from pressrun.readers.odd_cells import odd_cells
from pressrun.readers.packages import Package
from pressrun.readers.sheet_formats import OddCells
from pressrun.readers.table import read_table
from pressrun.readers.table_file import read_written

_values = st.sampled_from(["", "12", "-7", "0.125", "12345678901234567", "-12345678901234567", "1E5", "46447"])
_cells = st.one_of(
    st.builds(lambda value, style: ("n", f's="{style}"', f"<v>{value}</v>"), _values, st.integers(0, 5)),
    st.builds(lambda value: ("n", "", f"<f>A1&gt;2</f><v>{value}</v>"), _values),
    st.sampled_from(
        [("n", "", "<f/>"), ("e", 't="e"', "<v>#N/A</v>"), ("s", 't="inlineStr"', "<is><t>a &lt;f> b</t></is>"),
         ("n", 's="1"', ""), ("b", 't="b"', "<v>1</v>"), ("str", 't="str"', "<f>A1</f>"), ("e", "t='e'", "\n <v>#REF!</v>")]
    ),
)  # fmt: skip
_sheets = st.lists(st.lists(_cells, max_size=6), max_size=8)


def _rows(sheet: list[list[tuple[str, str, str]]]) -> list[str]:
    return [
        "".join(f'<c r="{"ABCDEF"[at]}{line}" {said}>{inside}</c>' for at, (_, said, inside) in enumerate(cells))
        for line, cells in enumerate(sheet, 1)
    ]


@given(_sheets, st.sampled_from([1, 40, 1 << 20]))
def test_looking_for_odd_cells_finds_what_a_walk_through_all_does(
    sheet: list[list[tuple[str, str, str]]], piece: int
) -> None:
    rows = _rows(sheet)
    found: list[OddCells] = []
    for written in (rows, [*rows, "<!-- not plain -->"]):
        with pytest.MonkeyPatch.context() as patch, Package(io.BytesIO(workbook(written))) as packed:
            patch.setattr(xlsx_cells, "CHUNK", piece)
            found.append(xlsx_cells.odd_in_xlsx(packed, "xl/workbook.xml", "Products", OddCells()))
    assert found[0] == found[1]


def test_a_cell_may_not_say_where_it_is(tmp_path: Path) -> None:
    text = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = [text.format("sku") + text.format("code"), text.format("A") + '<c s="1"><v>12</v></c>']
    (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    table, findings = read_table(tmp_path / "t.xlsx", "t.xlsx", key=["sku"])
    assert table is not None, findings
    assert table.row(0) == {"sku": "A", "code": "00012"}


def test_a_cell_without_a_style_has_the_first(tmp_path: Path) -> None:
    rows = [inline("A1", "code"), '<c r="A2"><v>12</v></c>', number("A3", "13", 1), number("A4", "14")]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, formats=(164, 0)))
    table, _ = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None
    assert table.columns == (["00012", "13", "00014"],)


def test_a_cell_that_is_not_closed_is_looked_at_once(tmp_path: Path) -> None:
    """Looking for its end through all that follows, again for each, would take hours of a hostile sheet."""
    begun = '<c r="A1" s="1">'
    cells = xlsx_cells._odd(b"", {"1": looked_for("00000")}, frozenset()).findall(b'<c r="A1" s="1"><v>7<c r="A2" s="1"></c>')
    assert cells == [b'<c r="A1" s="1"><v>7', b'<c r="A2" s="1"></c>']
    (tmp_path / "t.xlsx").write_bytes(workbook([inline("A1", "sku"), begun * 20_000 + "</c>"]))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert (table, [one.code for one in findings]) == (None, ["broken-workbook"])


def test_another_encoding_is_walked_through(tmp_path: Path) -> None:
    packed = zipfile.ZipFile(io.BytesIO(workbook([inline("A1", "sku"), number("A2", "12", 1)])))
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as again:
        for name in packed.namelist():
            text = packed.read(name).decode()
            if "sheet1" in name:
                again.writestr(name, text.replace("UTF-8", "UTF-16").encode("utf-16"))
            else:
                again.writestr(name, text)
    assert odd_cells(tmp_path / "t.xlsx", "Products") == OddCells(shown={0: {1: "00012"}})


def test_a_sign_stays_before_the_zeros_that_are_shown(tmp_path: Path) -> None:
    rows = [inline("A1", "sku") + inline("B1", "shift"), inline("A2", "A") + number("B2", "-7", 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    table, _ = read_table(tmp_path / "t.xlsx", "t.xlsx", key=["sku"])
    assert table is not None
    assert table.column("shift") == ["-00007"]


PICTURES = {
    "000-000": "001-207",
    "000\\-000": "001-207",
    '"SKU-"000000': "SKU-001207",
    '00" "00" "00': "00 12 07",
    "0-0": "120-7",
    "[$-407]00000": "01207",
    "(000) 000": "(001) 207",
    "0000;-0000;;@": "1207",
    '0" g"': "1207",
    "0,000": "1207",
    "00/00": "1207",
    "[<1000]0;00000": "01207",
    "[>2000]0;[>1000]000000;0": "001207",
    "[Red]00000;-0": "01207",
    '[>1]"No. "00000': "No. 01207",
}


@pytest.mark.parametrize("picture", PICTURES)
def test_what_stands_among_the_zeros_of_a_format_is_shown(tmp_path: Path, picture: str) -> None:
    """A key that its sheet shows as 001-207 is that key, and not the number 1207."""
    rows = [inline("A1", "part"), number("A2", "1207", 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=picture))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None
    assert (table.columns, findings) == (([PICTURES[picture]],), [])


SHOWN_IN_ODS = {
    '<number:text>SKU-</number:text><number:number {}"4"/>': "SKU-0012",
    '<number:number {}"4"><number:embedded-text number:position="2">-</number:embedded-text></number:number>': "00-12",
    '<number:number {}"4"/><number:text> "B"</number:text>': '0012 "B"',
    '<number:number {}"4"/>': "0012",
    '<number:number {}"1"/><number:text> kg</number:text>': "12",
}


@pytest.mark.parametrize("style", SHOWN_IN_ODS)
def test_so_it_is_in_ods(tmp_path: Path, style: str) -> None:
    places = 'number:decimal-places="0" number:min-integer-digits='
    own = f'<number:number-style style:name="own">{style.format(places)}</number:number-style>'
    cell = '<table:table-cell table:style-name="own" office:value-type="float" office:value="12"/>'
    write_ods(tmp_path / "t.ods", [TEXT.format("part"), cell], styles=own)
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert (table.columns, findings) == (([SHOWN_IN_ODS[style]],), [])


@pytest.mark.parametrize("style", ["ce1", "ce2"])
@pytest.mark.parametrize("of", ["cell", "row", "column"])
def test_a_cell_of_ods_has_the_style_of_its_row_or_column_where_it_names_none(
    tmp_path: Path, of: str, style: str
) -> None:
    said = f' table:default-cell-style-name="{style}"'
    own = f' table:style-name="{style}"' if of == "cell" else ""
    other = ' table:style-name="Default"'
    cells = [f'<table:table-cell{own if at else other} office:value-type="float" office:value="12"/>' for at in (0, 1)]
    row = f"<table:table-row{said if of == 'row' else ''}>{''.join(cells)}</table:table-row>"
    columns = f'<table:table-column/><table:table-column table:number-columns-repeated="9"{said}/>'
    header = TEXT.format("other") + TEXT.format("sku")
    write_ods(tmp_path / "t.ods", [header, row], columns if of == "column" else "")
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None, findings
    assert table.columns == (["12"], ["0012"])


def test_zeros_are_shown_where_a_format_says_nothing_of_decimals(tmp_path: Path) -> None:
    cell = '<table:table-cell table:style-name="ce8" office:value-type="float" office:value="12"/>'
    write_ods(tmp_path / "t.ods", [TEXT.format("sku"), cell])
    table, _ = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert table.columns == (["00012"],)


def test_a_duration_beyond_all_is_told(tmp_path: Path) -> None:
    cell = f'<table:table-cell office:value-type="time" office:time-value="PT{"9" * 15}H"/>'
    write_ods(tmp_path / "t.ods", [TEXT.format("time"), cell])
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert (table, [one.code for one in findings]) == (None, ["broken-workbook"])


@pytest.mark.parametrize(
    ("kind", "value", "style", "told"),
    [
        ("float", "23.988", "ce3", "holds 23.988 and shows 23.99"),
        ("currency", "23.988", "ce3", "holds 23.988 and shows 23.99"),
        ("percentage", "0.2503", "ce4", "holds 25.03% and shows 25%"),
        ("float", "23.99", "ce3", ""),
        ("percentage", "0.25", "ce4", ""),
        ("float", "23.988", "Default", ""),
    ],
)
def test_so_it_is_noted_of_ods(tmp_path: Path, kind: str, value: str, style: str, told: str) -> None:
    cell = f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:value="{value}"/>'
    empty = f'<table:table-cell table:style-name="{style}"/>'
    header = TEXT.format("sku") + TEXT.format("price")
    write_ods(tmp_path / "t.ods", [header, TEXT.format("A") + cell, TEXT.format("B") + empty])
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert [one.message for one in findings] == ([f"Products!B2 {told}"] if told else [])
    assert not table.faults


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        ("PT01H45M00S", "ce5", "01:45"),
        ("PT12H05M07S", "ce5", "12:05:07"),
        ("PT06H00M25.92S", "ce5", "06:00:26"),
        ("PT36H00M00S", "ce5", "12:00"),
        ("PT01H45M00S", "ce6", "1:45"),
        ("PT36H00M00S", "ce6", "36:00"),
        ("-PT12H30M00S", "ce6", "-12:30"),
        ("PT06H00M25.92S", "ce7", "06:00:25.9"),
        ("PT30H00M25.92S", "ce7", "06:00:25.9"),
        ("PT45M", "Default", "00:45"),
        ("PT36H", "Default", "36:00"),
    ],
)
def test_times_and_durations_of_ods_are_as_those_of_an_xlsx(tmp_path: Path, value: str, style: str, text: str) -> None:
    cell = f'<table:table-cell table:style-name="{style}" office:value-type="time" office:time-value="{value}"/>'
    date = cell.replace('"time"', '"date"').replace("time-value", "date-value").replace(value, "2027-03-01T23:59:51.36")
    write_ods(tmp_path / "t.ods", [TEXT.format("time") + TEXT.format("date"), cell + date])
    table, _ = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    dated = {"ce5": "23:59:51", "ce7": "23:59:51.4"}  # of which the time alone is shown
    assert table.columns == ([text], [dated.get(style, "2027-03-01 23:59:51")])


@pytest.mark.parametrize("kind", ["xlsx", "prefixed.xlsx", "unnamed.xlsx", "xlsb", "ods"])
@pytest.mark.parametrize(("hidden", "told"), [((), ""), ((0,), ""), ((2,), "row 3 of Products is hidden"),
                                              ((2, 3), "2 rows of Products are hidden, the first of them row 3")])  # fmt: skip
def test_rows_that_are_hidden_are_noted(tmp_path: Path, kind: str, hidden: tuple[int, ...], told: str) -> None:
    file = f"t.{kind}"
    texts = ["sku", "A", "B", "C"]
    if kind == "xlsb":
        data = binary_workbook([[text] for text in texts], hidden=hidden)
    elif kind == "ods":
        said = [' table:visibility="filter"' if row in hidden else "" for row in range(4)]
        rows = zip(said, map(TEXT.format, texts), strict=True)
        cells = [f"<table:table-row{own}>{cell}</table:table-row>" for own, cell in rows]
        write_ods(tmp_path / file, cells)
    else:
        prefix = "x" if kind.startswith("prefixed") else ""
        cells = [inline(f"A{row}", text) for row, text in enumerate(texts, 1)]
        cells = [cell.replace("<", "<x:").replace("<x:/", "</x:") if prefix else cell for cell in cells]
        cells = [cell.replace('r="A', 'q="A') if kind.startswith("unnamed") else cell for cell in cells]
        packed = zipfile.ZipFile(io.BytesIO(workbook(cells, prefix=prefix)))
        with zipfile.ZipFile(tmp_path / file, "w") as again:
            for name in packed.namelist():
                text = packed.read(name).decode()
                for row in hidden:
                    text = text.replace(f'row r="{row + 1}"', f'row r="{row + 1}" spans="1:1" hidden="1"')
                again.writestr(name, text)
    if kind == "xlsb":
        (tmp_path / file).write_bytes(data)
    table, findings = read_written(tmp_path / file, file)
    assert table is not None, findings
    assert [(one.code, one.message) for one in findings] == ([("hidden-rows", told)] if told else [])
    assert table.columns == (texts[1:],)


@pytest.mark.parametrize(("picture", "value", "told"), [
    ("yyyy", "4006381333931", "Products!B2 shows #####"),
    ("[h]:mm:ss", "4006381333931", "it is no workbook that can be read: row 2 of Products has a time or a date that is "
                                   "beyond all"),
])  # fmt: skip
def test_a_date_beyond_all_is_told_with_its_row(tmp_path: Path, picture: str, value: str, told: str) -> None:
    rows = [inline("A1", "sku") + inline("B1", "date"), inline("A2", "A") + number("B2", value, 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=picture))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert [one.message for one in (*findings, *(table.faults[1] if table else ()))] == [told]


def test_a_formula_without_a_value_below_all_that_stands_there_is_told(tmp_path: Path) -> None:
    rows = [inline("A1", "sku") + inline("B1", "price"), inline("A2", "A"), "", '<c r="B4"><f>B2*2</f></c>']
    (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    table, _ = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None
    assert (table.columns, list(table.lines)) == ((["A", ""], ["", ""]), [2, 4])
    assert [one.message for one in table.faults[1]] == ["Products!B4 is a formula that was never worked out"]


def test_a_table_may_begin_anywhere_in_its_sheet(tmp_path: Path) -> None:
    rows = [
        "",
        inline("C2", "sku") + inline("D2", "code"),
        "",
        inline("C4", "A") + number("D4", "7", 1) + inline("F4", "x"),
    ]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None
    assert (table.headers, table.columns) == (("", "", "sku", "code"), ([""], [""], ["A"], ["00007"]))
    assert [(one.code, one.message.split()[0]) for one in findings] == [("unnamed-cells", "Products!F4")]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_percentages_are_read_as_they_were_typed(tmp_path: Path, ending: str) -> None:
    stored = [f"{tenth / 1000:.16E}" for tenth in range(1001)]  # as Excel does: 7 % is 7.0000000000000007E-02
    if ending == "xlsx":
        rows = [inline("A1", "share"), *(number(f"A{line}", value, 2) for line, value in enumerate(stored, 2))]
        (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    else:
        cell = '<table:table-cell office:value-type="percentage" office:value="{}"/>'
        write_ods(tmp_path / "t.ods", [TEXT.format("share"), *map(cell.format, stored)])
    table, findings = read_written(tmp_path / f"t.{ending}", f"t.{ending}")
    assert table is not None, findings
    assert table.columns == ([f"{tenth / 10:g}%" for tenth in range(1001)],)


@pytest.mark.parametrize(("inside", "text"), [
    ("Gr&#xfc;n<text:line-break/>Blau", "Gr\xfcn\nBlau"),
    ("<text:span>Gr&#xfc;n<text:tab/></text:span>und <text:span>Blau</text:span>", "Gr\xfcn\tund Blau"),
    ("A<text:line-break/>B</text:p><text:p>C<text:s text:c=\"2\"/>D", "A\nB\nC  D"),
])  # fmt: skip
def test_lines_and_tabs_within_a_text_of_ods_are_kept(tmp_path: Path, inside: str, text: str) -> None:
    """They ran together: GrünBlau."""
    note = "<office:annotation><text:p>a note<text:tab/></text:p></office:annotation>"
    noted = TEXT.format(inside).replace("<text:p>", f"{note}<text:p>", 1)
    write_ods(tmp_path / "t.ods", [TEXT.format("name"), TEXT.format(inside), noted])
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert (table.columns, findings) == (([text, text],), [])


def test_an_error_of_ods_is_told_beside_a_comment(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>ask Ann</text:p></office:annotation>"
    cell = f'<table:table-cell table:formula="of:=1/0" office:value-type="string">{note}<text:p>#DIV/0!</text:p></table:table-cell>'
    write_ods(tmp_path / "t.ods", [TEXT.format("name"), cell])
    table, _ = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert [one.message for one in table.faults[0]] == ["Products!A2 shows #DIV/0!"]


def test_cells_that_are_alike_are_written_once_in_ods(tmp_path: Path) -> None:
    twice = (
        f'<table:table-row table:number-rows-repeated="2">{TEXT.format("A")}<table:table-cell table:number-columns-repeated="2"'
        ' table:style-name="ce1" office:value-type="float" office:value="12"><text:p>0012</text:p></table:table-cell>'
        "</table:table-row>"
    )  # fmt: skip
    write_ods(tmp_path / "t.ods", ["".join(map(TEXT.format, ("sku", "code", "other"))), twice])
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None, findings
    assert table.columns[1:] == (["0012", "0012"], ["0012", "0012"])
