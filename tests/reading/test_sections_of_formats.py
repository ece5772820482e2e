"""Numbers are shown by the section of a format that is theirs; where that shows less than they hold, it is noted."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbook_kit import inline, number, workbook

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


@pytest.mark.parametrize("picture", ["0.00", "h:mm:ss.0", "h:mm", "0,", "[>1]0.0;0", "0000", "0%", "[" * 30_000])
@pytest.mark.parametrize("value", ["1E400", "-1E400", "1E-400"])
def test_numbers_beyond_all_have_no_trace(tmp_path: Path, picture: str, value: str) -> None:
    rows = [inline("A1", "sku") + inline("B1", "price"), inline("A2", "A") + number("B2", value, 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=picture))
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None or [one.code for one in findings] == ["broken-workbook"]
