"""Numbers are shown by the section of a format that is theirs; where that shows less than they hold, it is noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from ods_kit import TEXT, write_ods
from workbook_kit import inline, number, workbook
from xlsb_kit import binary_workbook

from pressrun.readers.table_file import read_written


@pytest.mark.parametrize(("picture", "value", "text"), [
    ("[<1]0%;0.0", "0.25", "25%"), ("[<1]0%;0.0", "2.5", "2.5"), ("0%;(0%)", "-0.25", "-25%"), ("0%;-0%", "0", "0%"),
    ("00000;\\-00000", "-12", "-00012"), ("00000;(00000)", "-12", "(00012)"), ("00000;", "12", "00012"),
])  # fmt: skip
def test_a_number_is_shown_by_its_section_of_a_format(tmp_path: Path, picture: str, value: str, text: str) -> None:
    (tmp_path / "t.xlsx").write_bytes(workbook([inline("A1", "part"), number("A2", value, 1)], digits=picture))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None
    assert (table.columns, findings) == (([text],), [])


ROUNDED = {  # how it is shown, what it holds: what is told of that
    ("0.00", "23.988"): ("23.988", "23.99"),
    ("0.00", "23.987999999999996"): ("23.988", "23.99"),
    ("#,##0.00 [$€-407]", "1234.5678"): ("1234.5678", "1234.57"),
    ("0", "2.5"): ("2.5", "3"),
    ("0%", "0.2503"): ("25.03%", "25%"),
    ("0.0%", "0.2503"): ("25.03%", "25%"),
    ("0.00", "1.5E-3"): ("0.0015", "0.00"),
    ("0.00", "23.99"): None,
    ("0.00", "23.990000000000002"): None,
    ("0%", "0.25"): None,
    ("General", "23.988"): None,
    ("0.00E+00", "23.988"): None,
    ("# ?/?", "0.3333"): None,
    ("$0.00", "23.988"): ("23.988", "23.99"),
    ('_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "0"): ("0", "-"),
    ('_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "-5.5"): None,
    ('_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "-5.555"): ("-5.555", "-5.56"),
    ("0.00;[Red]0.00", "-1.25"): ("-1.25", "1.25"),
    ("0.00;[Red]-0.00", "-1.25"): None,
    ("0;;;@", "-3"): ("-3", "nothing"),
    ("0;;;@", "0"): ("0", "nothing"),
    ("0;;;@", "3"): None,
    ("#", "0"): ("0", "nothing"),
    ("#", "0.3"): ("0.3", "nothing"),
    ('#" pcs"', "-0.3"): ("-0.3", "pcs"),
    ("#", "0.6"): ("0.6", "1"),
    ("00000", "7.5"): ("7.5", "00008"),
    ("00-00;(00-00)", "-7.5"): ("-7.5", "(00-08)"),
    ("General;[Red]General", "-7"): ("-7", "7"),
    ("General;-General", "-7"): None,
    ("# ?/?;[Red]# ?/?", "-7"): ("-7", "7"),
    ("[h]", "1.5"): None,
    ("h:mm;h:mm", "1.5"): None,
    ("#,##0,", "12345"): ("12345", "12"),
    ("0.0,,\"M\"", "1234567"): ("1234567", "1.2M"),
    ("0,", "12000"): ("12000", "12"),
    ('"sold out"', "7"): ("7", "sold out"),
    ('[>999999]0.0,,"M";[>999]0.0,"K";0', "12345"): ("12345", "12.3K"),
    ('[>999999]0.0,,"M";[>999]0.0,"K";0', "12.5"): ("12.5", "13"),
    ('[>999999]0.0,,"M";[>999]0.0,"K";0', "12"): None,
    ("[<1]0%;0.0", "0.2503"): ("25.03%", "25%"),
    ("[<1]0%;0.0", "7.25"): ("7.25", "7.3"),
    (".0", "23.988"): ("23.988", "24.0"),
    ("[Red]0.00", "23.988"): ("23.988", "23.99"),
    ('"a;b "0.0', "0.25"): ("0.25", "0.3"),
}


@pytest.mark.parametrize("formula", [False, True])
@pytest.mark.parametrize(("picture", "value"), ROUNDED)
def test_a_number_that_holds_more_than_it_shows_is_noted(
    tmp_path: Path, picture: str, value: str, formula: bool
) -> None:
    cells = [number(f"B{row}", value, 1) for row in (2, 3)]
    cells = [cell.replace("<v>", "<f>1/3</f><v>") if formula else cell for cell in cells]
    rows = [inline("A1", "sku") + inline("B1", "price"), *(inline(f"A{row}", "A") + cells[row - 2] for row in (2, 3))]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=picture))
    _, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    told = ROUNDED[picture, value]
    message = "Products!B2 holds {} and shows {}, as 1 more of its column do".format(*told) if told else ""
    assert [(one.code, one.message) for one in findings] == ([("more-than-shown", message)] if told else [])


PLACES = 'number:decimal-places="{}" number:min-integer-digits="1"'
NUMBER = f"<number:number {PLACES.format(0)}/>"
RED = '<style:text-properties fo:color="#ff0000"/>'
GROUPED = f'<number:number {PLACES.format(2)} number:grouping="true"/>'
IN_ODS = {  # the base, and by condition what is shown in its stead, as LibreOffice writes them; then numbers
    "0;[RED]-0": (f"{RED}<number:text>-</number:text>{NUMBER}", {">=0": NUMBER}, {"-7": None, "-1.5": ("-1.5", "-2")}),
    "0;[RED]0": (f"{RED}{NUMBER}", {">=0": NUMBER}, {"-7": ("-7", "7"), "7": None, "0": None}),
    '0;-0;"-"': ("<number:text>-</number:text>", {">0": NUMBER, "<0": f"<number:text>-</number:text>{NUMBER}"}, {
        "0": ("0", "-"), "-7": None, "7": None,
    }),
    "#,##0.00": (GROUPED, {}, {"1234567": None, "1234.567": ("1234.567", "1234.57")}),
    "0,": (NUMBER.replace("/>", ' number:display-factor="1000"/>'), {}, {"12345": ("12345", "12")}),
    "#": (NUMBER.replace('digits="1"', 'digits="0"'), {}, {"0.3": ("0.3", "nothing"), "3": None}),
    "0.0#": (f'<number:number {PLACES.format(2)} number:min-decimal-places="1"/>', {}, {"0.25": None, "0.255": ("0.255", "0.26")}),
    '[=0]"free";0.00': (GROUPED, {"=0": "<number:text>free</number:text>"}, {"0": ("0", "free"), "-7": None}),
    '[>999]0.0,"K";0': (
        NUMBER, {">999": f'<number:number {PLACES.format(1)} number:display-factor="1000"/><number:text>K</number:text>'},
        {"12345": ("12345", "12.3K"), "12": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("picture", "value"), [(picture, value) for picture in IN_ODS for value in IN_ODS[picture][2]])
def test_so_it_is_noted_of_opendocument(tmp_path: Path, picture: str, value: str) -> None:
    base, others, noted = IN_ODS[picture]
    style = '<number:number-style style:name="{}">{}</number:number-style>'
    maps = "".join(
        f'<style:map style:condition="value(){condition.replace("<", "&lt;")}" style:apply-style-name="P{at}"/>'
        for at, condition in enumerate(others)
    )
    styles = "".join(style.format(f"P{at}", other) for at, other in enumerate(others.values()))
    cell = f'<table:table-cell table:style-name="own" office:value-type="float" office:value="{value}"/>'
    rows = [TEXT.format("price"), f'<table:table-row table:number-rows-repeated="2">{cell}</table:table-row>']
    write_ods(tmp_path / "t.ods", rows, styles=styles + style.format("own", base + maps))
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert table.columns == ([value, value],)
    told = "Products!A2 holds {} and shows {}, as 1 more of its column do"
    assert [one.message for one in findings] == ([told.format(*said)] if (said := noted[value]) else [])


WORDED = {  # what is shown of the text "linen"; None where that is something else
    '"SQL : "@': "SQL : linen", '@" kg"': "linen kg", '0;-0;0;"T: "@': "T: linen", "@": "linen", '"  "@_)': "linen",
    '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)': "linen", "0;-0;0;": None, '0;-0;0;"words"': None,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["inline", "shared", "xlsb"])
@pytest.mark.parametrize("picture", WORDED)
def test_a_text_is_read_with_the_words_that_are_shown_round_it(tmp_path: Path, picture: str, kind: str) -> None:
    cells = {"inline": inline("A2", "linen").replace("<c ", '<c s="1" '), "shared": '<c r="A2" s="1" t="s"><v>0</v></c>'}
    file = f"t.{'xlsb' if kind == 'xlsb' else 'xlsx'}"
    if kind == "xlsb":
        (tmp_path / file).write_bytes(binary_workbook([["part"], ["linen"]], format=picture))
    else:
        rows = [inline("A1", "part"), cells[kind]]
        (tmp_path / file).write_bytes(workbook(rows, digits=picture, shared=["linen"]))
    table, findings = read_written(tmp_path / file, file)
    assert table is not None
    assert table.columns == ([WORDED[picture] or "linen"],)
    shown = "words" if "words" in picture else "nothing"
    told = [] if WORDED[picture] else [f"Products!A2 holds linen and shows {shown}"]
    assert [one.message for one in findings] == told


def test_so_it_is_of_a_text_in_opendocument(tmp_path: Path) -> None:
    style = '<number:text-style style:name="own"><number:text>No. </number:text><number:text-content/></number:text-style>'
    cell = TEXT.format("linen").replace("<table:table-cell", '<table:table-cell table:style-name="own"')
    write_ods(tmp_path / "t.ods", [TEXT.format("part"), cell], styles=style)
    table, findings = read_written(tmp_path / "t.ods", "t.ods")
    assert table is not None
    assert (table.columns, findings) == ((["No. linen"],), [])


@pytest.mark.parametrize("picture", ["0.00", "h:mm:ss.0", "h:mm", "0,", "[>1]0.0;0", "0000", "0%", "[" * 30_000])
@pytest.mark.parametrize("value", ["1E400", "-1E400", "1E-400"])
def test_numbers_beyond_all_have_no_trace(tmp_path: Path, picture: str, value: str) -> None:
    rows = [inline("A1", "sku") + inline("B1", "price"), inline("A2", "A") + number("B2", value, 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=picture))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None or [one.code for one in findings] == ["broken-workbook"]
