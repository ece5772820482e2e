"""A number of a workbook is read as its format shows it: padded, as a percentage, a time or a year."""

from __future__ import annotations

from pathlib import Path

import pytest
from ods_kit import TEXT, write_ods
from test_written_tables import read
from workbook_kit import inline, number, workbook
from xlsb_kit import Error, Packed, binary_workbook

from pressrun.model.finding import Place


def test_numbers_and_dates_of_a_binary_workbook_are_what_they_mean(tmp_path: Path) -> None:
    numbers = [("sku", "cell"), ("A", 4006381333931.0), ("B", 0.1 + 0.2), ("C", True), ("D", -0.0)]
    (tmp_path / "t.xlsb").write_bytes(binary_workbook(numbers))
    table, findings = read(tmp_path / "t.xlsb")
    assert (list(table.column("cell")), findings) == (["4006381333931", "0.3", "TRUE", "0"], [])
    (tmp_path / "t.xlsb").write_bytes(binary_workbook([("sku", "cell"), ("A", 46447.0), ("B", 0.5)], style=14))
    table, _ = read(tmp_path / "t.xlsb")
    assert list(table.column("cell")) == ["2027-03-01", "12:00"]


@pytest.mark.parametrize(
    ("format", "value", "text"),
    [
        ("00000", 12.0, "00012"),
        ("00000", Packed(12), "00012"),
        ('"SKU-"0000', Packed(12), "SKU-0012"),
        ("0.0%", 0.125, "12.5%"),
        ("0%", Packed(25, hundredths=True), "25%"),
        ("yyyy", 46447.0, "2027"),
        ("yyyy", Packed(46447), "2027"),
        ("mm:ss.0", 0.001310185, "00:01:53.2"),
        ("0.00", Packed(1250, hundredths=True), "12.5"),
        ("[Red]0;(0)", Packed(7), "7"),
    ],
)
def test_a_number_of_a_binary_workbook_is_as_it_is_shown(
    tmp_path: Path, format: str, value: float | Packed, text: str
) -> None:
    rows = [("sku", "cell"), ("A", value)]
    (tmp_path / "t.xlsb").write_bytes(binary_workbook(rows, format=format))
    table, findings = read(tmp_path / "t.xlsb")
    assert (table.column("cell")[0], findings) == (text, [])
    if format == "yyyy":
        (tmp_path / "t.xlsb").write_bytes(binary_workbook(rows, format=format, epoch_1904=True))
        assert read(tmp_path / "t.xlsb")[0].column("cell")[0] == "2031"


def test_an_error_in_a_binary_workbook_is_told_by_its_cell(tmp_path: Path) -> None:
    (tmp_path / "t.xlsb").write_bytes(binary_workbook([("sku", "cell"), ("A", Error(42))]))
    _, (fault,) = read(tmp_path / "t.xlsb")
    assert (fault.code, fault.place, fault.message) == ("cell-error", Place("t.xlsb", 2, 2), "Products!B2 shows #N/A")


@pytest.mark.parametrize(
    ("format", "value", "text"),
    [
        ("mm:ss", "0.001310185", "00:01:53"),
        ("mm:ss.0", "0.001310185", "00:01:53.2"),
        ("[h]:mm:ss.00", "1.001310185", "24:01:53.20"),
        ("yyyy-mm-dd hh:mm:ss.000", "46447.25000001", "2027-03-01 06:00:00.001"),
        ("d/m/yyyy h:mm", "46447.123456789", "2027-03-01 02:57:47"),
        ("h:mm", "0.9999999", "23:59:59"),
        ("h:mm", "46447.2917", "07:00:03"),
        ("[$-409]h:mm:ss\\ AM/PM;@", "46447.75", "18:00"),
        ("h:mm:ss.0", "46447.75", "18:00:00.0"),
        ("h:mm:ss.0", "46447.9999999", "23:59:59.9"),
        ("[h]:mm", "1", "24:00"),
        ("yyyy", "46447", "2027"),
        ("yy", "46447", "27"),
        ("yyyy", "7", "1900"),
        ("mmmm yyyy", "46447", "2027-03-01"),
    ],
)
def test_a_time_has_the_fractions_and_a_date_the_year_that_are_shown(
    tmp_path: Path, format: str, value: str, text: str
) -> None:
    rows = [inline("A1", "sku") + inline("B1", "cell"), inline("A2", "A") + number("B2", value, 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=format))
    assert read(tmp_path / "t.xlsx")[0].column("cell")[0] == text
    if format == "yyyy" and value == "46447":
        (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits=format, epoch_1904=True))
        assert read(tmp_path / "t.xlsx")[0].column("cell")[0] == "2031"


@pytest.mark.parametrize(("parts", "text"), [
    ('<number:year number:style="long"/>', "2027"),
    ("<number:year/><number:month/>", "2027-03-01"),
    ('<number:hours/><number:text>:</number:text><number:minutes number:style="long"/>', "07:12"),
])  # fmt: skip
def test_of_a_date_in_an_opendocument_sheet_is_read_what_alone_is_shown(tmp_path: Path, parts: str, text: str) -> None:
    style = f'<number:date-style style:name="own">{parts}</number:date-style>'
    value = "2027-03-01T07:12:00" if "hours" in parts else "2027-03-01"
    cell = f'<table:table-cell table:style-name="own" office:value-type="date" office:date-value="{value}"/>'
    write_ods(tmp_path / "t.ods", [TEXT.format("cell"), cell], styles=style)
    assert list(read(tmp_path / "t.ods")[0].column("cell")) == [text]
