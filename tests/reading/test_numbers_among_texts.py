"""A number, or a date, in a workbook's column of texts is told where it is printed otherwise than its cell shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ods_kit import TEXT, write_ods
from workbook_kit import inline, number, workbook
from xlsb_kit import binary_workbook

from pressrun.model.finding import Place, Severity
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat

SHOWN = {  # by format and number: what is printed, and what is seen; None where that is the same
    ('#,##0\\ "€"', "449000"): ("449000", "449,000 €"),
    ("#,##0", "449000"): ("449000", "449,000"),
    ("#,##0", "449"): None,
    ("#,##0.00\\ [$€-407]", "12.5"): ("12.5", "12.50 €"),
    ("0.00", "12.5"): ("12.5", "12.50"),
    ("0.00", "12.25"): None,
    ("0.##", "12.5"): None,
    ('General" €"', "12.5"): ("12.5", "12.5 €"),
    ("General", "449000"): None,
    ("0", "449000"): None,
    ("00000", "12"): None,
    ("0%", "0.25"): None,
    ("0.0%", "0.25"): ("25%", "25.0%"),
    ("$#,##0;($#,##0)", "-1200"): ("-1200", "($1,200)"),
    ("$#,##0", "-1200"): ("-1200", "-$1,200"),
    ("# ?/?", "0.5"): ("0.5", "# ?/?"),
    ("d/\\ mmmm\\ yyyy", "46447"): ("2027-03-01", "d/ mmmm yyyy"),
    ("yyyy\\-mm\\-dd", "46447"): None,
    ("yyyy-mm-dd", "46447"): None,
    ("h:mm", "0.5"): None,
    ("yyyy", "46447"): None,
    ("[h]:mm", "1.5"): None,
}


def told_of(path: Path) -> list[tuple[str, str]]:
    table, findings = read_written(path, path.name)
    assert table is not None
    return [(one.code, one.message) for one in [*findings, *(one for some in table.faults.values() for one in some)]]


@pytest.mark.parametrize("kind", ["xlsx", "xlsb"])
@pytest.mark.parametrize(("picture", "value"), SHOWN)
def test_a_number_among_texts_that_is_shown_otherwise_is_told(
    tmp_path: Path, picture: str, value: str, kind: str
) -> None:
    file = tmp_path / f"t.{kind}"
    if kind == "xlsb":
        rows = [("sku", "price"), ("A", "on request"), ("B", float(value)), ("C", float(value))]
        file.write_bytes(binary_workbook(rows, format=picture))
    else:
        cells = [inline("B1", "price"), inline("B2", "on request"), *(number(f"B{row}", value, 1) for row in (3, 4))]
        skus = "ABCD"
        rows = [inline(f"A{row}", skus[row - 1]) + cell for row, cell in enumerate(cells, 1)]
        file.write_bytes(workbook(rows, digits=picture))
    said = SHOWN[picture, value]
    message = "Products!B3 is among texts printed as {}, and shows {}, as 1 more of its column are"
    assert told_of(file) == ([("number-among-texts", message.format(*said))] if said else [])


def test_in_a_column_of_numbers_alone_templates_set_them(tmp_path: Path) -> None:
    rows = [inline("A1", "price"), number("A2", "449000", 1), number("A3", "5", 1)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits='#,##0\\ "€"'))
    assert told_of(tmp_path / "t.xlsx") == []


def test_what_stands_above_the_header_or_in_cells_that_say_no_place_is_no_matter(tmp_path: Path) -> None:
    rows = [number("A1", "449000", 1) + inline("B1", "List"), inline("A2", "price") + inline("B2", "sku"),
            number("A3", "7", 1).replace(' r="A3"', "") + inline("B3", "X"), inline("A4", "on request") + inline("B4", "Y")]  # fmt: skip
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, digits='#,##0\\ "€"'))
    table, _ = read_written(tmp_path / "t.xlsx", "t.xlsx", TableFormat(header=2))
    assert table is not None
    ((fault,),) = table.faults.values()
    assert (fault.severity, fault.place) == (Severity.WARNING, Place("t.xlsx", 3, 1))
    assert fault.message == "Products!A3 is among texts printed as 7, and shows 7 €"


def test_so_it_is_told_of_opendocument_and_of_old_workbooks(tmp_path: Path) -> None:
    style = (
        '<number:number-style style:name="own"><number:number number:decimal-places="0" number:min-integer-digits="1" '
        'number:grouping="true"/><number:text> €</number:text></number:number-style>'
    )
    cell = '<table:table-cell table:style-name="own" office:value-type="float" office:value="449000"/>'
    write_ods(tmp_path / "t.ods", [TEXT.format("price"), TEXT.format("auf Anfrage"), cell], styles=style)
    message = "Products!A3 is among texts printed as 449000, and shows 449,000 €"
    assert told_of(tmp_path / "t.ods") == [("number-among-texts", message)]
    message = "Products!B10 is among texts printed as 2027-03-01, and shows d.m.yy, as 2 more of its column are"
    assert ("number-among-texts", message) in told_of(Path(__file__).parent / "workbooks" / "libreoffice.xls")
