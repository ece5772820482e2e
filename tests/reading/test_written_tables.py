"""A cell is what was written, whatever kind of file it comes in: no reader changes a text, or guesses a number."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from workbook_kit import inline, number, workbook
from xlsb_kit import binary_workbook

from pressrun.language import locale_formats
from pressrun.model.finding import Finding, Place
from pressrun.readers.table import Table, read_table
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat

WORKBOOKS = Path(__file__).parent / "workbooks"
HOSTILE = ("0012", "NA", "1E5", "TRUE", "12345678901234567", "1.10", "null", "-0", "2027-03-01", "Größe ½ 木")


def _csv(cells: tuple[str, ...]) -> bytes:
    return "\n".join(["sku,cell", *(f'S{at},"{cell}"' for at, cell in enumerate(cells))]).encode()


def _as_items(cells: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"sku": f"S{at}", "cell": cell} for at, cell in enumerate(cells)]


def _inline(cells: tuple[str, ...]) -> bytes:
    rows = [inline(f"A{at}", f"S{at - 2}") + inline(f"B{at}", cell) for at, cell in enumerate(cells, 2)]
    return workbook([inline("A1", "sku") + inline("B1", "cell"), *rows])


def _shared(cells: tuple[str, ...]) -> bytes:
    texts = ["sku", "cell", *cells]
    rows = [inline(f"A{at}", f"S{at - 2}") + f'<c r="B{at}" t="s"><v>{at}</v></c>' for at in range(2, len(cells) + 2)]
    return workbook(['<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>', *rows], shared=texts)


KINDS: dict[str, Callable[[tuple[str, ...]], bytes]] = {
    "csv": _csv,
    "utf-16.csv": lambda cells: _csv(cells).decode().encode("utf-16"),
    "without-mark.csv": lambda cells: _csv(cells).decode().encode("utf-16-le"),
    "tsv": lambda cells: _csv(cells).replace(b",", b"\t", len(cells) + 1),
    "json": lambda cells: json.dumps(_as_items(cells)).encode(),
    "jsonl": lambda cells: "\n".join(json.dumps(one, ensure_ascii=False) for one in _as_items(cells)).encode(),
    "inline.xlsx": _inline,
    "shared.xlsx": _shared,
    "xlsb": lambda cells: binary_workbook([("sku", "cell"), *((f"S{at}", cell) for at, cell in enumerate(cells))]),
}


def read(path: Path, **options: object) -> tuple[Table, list[Finding]]:
    table, findings = read_table(path, path.name, key=["sku"], **options)  # type: ignore[arg-type]
    assert table is not None, findings
    return table, findings


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("sku,name,price\nA1,Tin, blue,3\nB2,Cup, red,4\n", ["ragged-row", "ragged-row"]),
        ("sku,name,colour\nA1,Tin, large,blue\n", ["ragged-row"]),
        ("Prices\nsku,name,price,\nA1,Tin,3,\n", ["header-below"]),
        ("Prices,spring\nsku, name, price\nA1, Tin, 3\n", ["header-below"]),
    ],
)
def test_names_are_looked_for_below_only_where_some_stand(tmp_path: Path, text: str, codes: list[str]) -> None:
    (tmp_path / "t.csv").write_text(text)
    _, findings = read_written(tmp_path / "t.csv", "t.csv")
    assert [one.code for one in findings] == codes
    assert {one.hint for one in findings} <= {
        "put a cell that holds the delimiter in quotes",
        "write `header: 2` beside the file, if the names stand there",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_reader_changes_a_text(tmp_path: Path, kind: str) -> None:
    cells = tuple(cell for cell in HOSTILE if kind != "without-mark.csv" or cell.isascii())
    (tmp_path / f"t.{kind}").write_bytes(KINDS[kind](cells))
    table, findings = read(tmp_path / f"t.{kind}")
    assert tuple(table.column("cell")) == cells
    assert [one for one in findings if one.code not in ("delimiter", "cells-not-told")] == []


def test_numbers_of_json_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(
        '[{"sku": 12345678901234567, "a": 1.10, "b": 1E5, "c": null, "d": true, "e": NaN}]'
    )
    table, _ = read(tmp_path / "t.json")
    assert table.row(0) == {"sku": "12345678901234567", "a": "1.10", "b": "1E5", "c": "", "d": "true", "e": ""}


RULES = [
    (number("B2", "4006381333931"), "4006381333931"),
    (number("B2", "4.006381333931E+12"), "4006381333931"),
    (number("B2", "12345678901234567"), "12345678901234567"),
    (number("B2", "12", 1), "00012"),
    (number("B2", "0.125", 2), "12.5%"),
    (number("B2", "0.30000000000000004"), "0.3"),
    (number("B2", "1E-7"), "0.0000001"),
    (number("B2", "46447", 3), "2027-03-01"),
    (number("B2", "46447.5", 3), "2027-03-01 12:00:00"),
    (number("B2", "1.5", 4), "36:00"),
    (number("B2", "7", 5), "7"),
    ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
    ('<c r="B2" t="str"><f>A2</f><v>worked out</v></c>', "worked out"),
    ('<c r="B2"><f>1+2</f><v>3</v></c>', "3"),
    (inline("B2", "a&#10;b"), "a\nb"),
]


@pytest.mark.parametrize(("cell", "text"), RULES, ids=[text.replace("\n", "/") for _, text in RULES])
@pytest.mark.parametrize("prefix", ["", "x"])
def test_a_cell_becomes_the_text_that_it_means(tmp_path: Path, cell: str, text: str, prefix: str) -> None:
    rows = [inline("A1", "sku") + inline("B1", "cell"), inline("A2", "A") + cell]
    if prefix:
        rows = [
            row.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</") for row in rows
        ]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, prefix=prefix))
    table, findings = read(tmp_path / "t.xlsx")
    assert (table.column("cell")[0], findings) == (text, [])


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><table><tr><th>sku</th><th>price</th></tr><tr><td>0012</td><td>1,50</td></tr></table></body></html>",
        b"sku\tprice\n0012\t1,50\n",
        "sku\tprice\r\n0012\t1,50\r\n".encode("utf-16"),
    ],
    ids=["page", "text", "utf-16"],
)
def test_what_is_only_called_a_workbook_is_read_as_what_it_is(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "export.xls").write_bytes(data)
    table, findings = read(tmp_path / "export.xls")
    assert table.row(0) == {"sku": "0012", "price": "1,50"}
    assert [one.code for one in findings if one.code != "delimiter"] == ["no-workbook"]


@pytest.mark.parametrize(("old", "name"), [(True, "t.xlsx"), (False, "t.xls")])
def test_a_workbook_that_is_called_as_another_kind_is_told(tmp_path: Path, old: bool, name: str) -> None:
    data = (WORKBOOKS / "libreoffice.xls").read_bytes() if old else _inline(HOSTILE)
    (tmp_path / name).write_bytes(data)
    _, (finding,) = read_written(tmp_path / name, name)
    assert (finding.code, finding.hint) == ("broken-workbook", f"call it {'.xls' if old else '.xlsx'}")


def test_dates_may_count_from_1904(tmp_path: Path) -> None:
    rows = [inline("A1", "sku") + inline("B1", "cell"), inline("A2", "A") + number("B2", "44985", 3)]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, epoch_1904=True))
    assert read(tmp_path / "t.xlsx")[0].column("cell")[0] == "2027-03-01"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_a_spreadsheet_program_saved(kind: str) -> None:
    table, findings = read_table(
        WORKBOOKS / f"libreoffice.{kind}", f"libreoffice.{kind}", key=["sku"], faults_later=True
    )
    assert table is not None
    cells = dict(zip(table.column("sku"), table.column("value"), strict=True))
    assert {cells[name] for name in ("NA", "1E5", "TRUE")} == {"NA", "1E5", "TRUE"}
    assert (cells["text-0012"], cells["long"], cells["ean"]) == ("0012", "12345678901234567", "4006381333931")
    assert (cells["date"], cells["datetime"], cells["time"]) == ("2027-03-01", "2027-03-01 12:30:00", "18:05")
    assert (cells["money"], cells["float"], cells["lines"]) == ("1249.9", "0.1", "two\nlines")
    told = [(one.code, one.message.split(" ")[0]) for one in table.column_faults.get("value", ())]
    if kind != "xls" or find_spec("xlrd"):
        assert (cells["padded"], cells["percent"]) == ("00012", "12.5%")
        assert ("cell-error", "Products!B16") in told
    else:
        assert ("cells-not-told", "note") in [(one.code, str(one.severity)) for one in findings]
    assert [one.code for one in findings if one.code != "cells-not-told"] == ["other-sheets"]


@pytest.mark.skipif(not find_spec("xlrd"), reason="needs the extra xls")
def test_cells_of_an_old_workbook_are_read_as_they_are_shown() -> None:
    table, findings = read(WORKBOOKS / "shown.xls")
    shown = {name: table.column(name)[0] for name in table.columns}
    assert shown == {
        "sku": "0012", "pct": "12.5%", "date": "2027-03-01", "err": "", "ean": "4006381333931", "year": "2027",
        "plain": "12.5", "over": "both",
    }  # fmt: skip
    assert table.column("sku")[1] == "SKU-0034"
    assert table.column("over")[1] == "both"
    assert [one.code for one in findings] == ["hidden-rows"]


def test_what_an_old_workbook_does_not_tell_by_itself_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlrd", None)
    table, findings = read(WORKBOOKS / "shown.xls")
    assert table.column("sku") == ["12", "34"]
    assert [(one.code, one.hint) for one in findings] == [
        ("cells-not-told", "pip install 'pressrun[xls]', or save it as xlsx")
    ]


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        (['<c r="B2" t="e"><v>#N/A</v></c>'], {}, ("cell-error", Place("t.xlsx", 2, 2), "Products!B2 shows #N/A")),
        (['<c r="B2"><f>A1</f></c>'], {}, ("cell-without-value", Place("t.xlsx", 2, 2), "Products!B2 is a formula")),
        ([inline("C2", "x")], {}, ("unnamed-cells", Place("t.xlsx", 2, 3), "Products!C2 stands in a column")),
        ([inline("B2", "x")], {"merged": ["A1:B1"]}, ("merged-header", Place("t.xlsx", 1, 1), "Products!A1:B1 is one")),
    ],
)  # fmt: skip
def test_a_cell_that_means_nothing_is_told_by_its_name(
    tmp_path: Path, rows: list[str], options: dict[str, list[str]], expected: tuple[str, Place, str]
) -> None:
    header = inline("A1", "sku") + inline("B1", "cell")
    (tmp_path / "t.xlsx").write_bytes(workbook([header, inline("A2", "A") + rows[0]], **options))  # type: ignore[arg-type]
    _, findings = read_table(tmp_path / "t.xlsx", "t.xlsx", key=["sku"])
    (finding,) = findings
    assert (finding.code, finding.place) == expected[:2]
    assert finding.message.startswith(expected[2])


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_a_number_of_its_file_is_that_number_wherever_commas_part_decimals(tmp_path: Path, kind: str) -> None:
    """126.125 is a German text of 126125; as a number of a workbook it is a hundred and twenty-six."""
    path = tmp_path / f"t.{kind}"
    if kind == "xlsx":
        cells = [number("B2", "126.125"), inline("B3", "126.125"), number("B4", "1250.5"), inline("B5", "1.250,5")]
        rows = [inline(f"A{at}", f"S{at}") + cell for at, cell in enumerate(cells, 2)]
        path.write_bytes(workbook([inline("A1", "sku") + inline("B1", "area"), *rows]))
    else:
        areas = [126.125, "126.125", 1250.5, "1.250,5"]
        path.write_text(json.dumps([{"sku": f"S{at}", "area": area} for at, area in enumerate(areas)]))
    german = functools.partial(locale_formats.read_decimal, locale="de-DE")
    table, findings = read(path, types={"area": german})
    expected = [Decimal("126.125"), Decimal(126125), Decimal("1250.5"), Decimal("1250.5")]
    assert (table.column("area"), findings) == (expected, [])
    assert set(map(type, read(path)[0].column("area"))) == {str}


def test_a_cell_over_several_rows_is_that_of_each(tmp_path: Path) -> None:
    rows = [
        inline("A1", "sku") + inline("B1", "region") + inline("C1", "number"),
        inline("A2", "A") + inline("B2", "Lake") + number("C2", "12", 1),
        inline("A3", "B"),
        "",
        inline("A5", "C") + inline("B5", "Hills"),
        inline("A6", "D"),
    ]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, merged=["B2:B3", "C2:C4", "A5:A5", "C5:D6"]))
    table, findings = read(tmp_path / "t.xlsx")
    assert list(table.column("region")) == ["Lake", "Lake", "Hills", ""]
    assert list(table.column("number")) == ["00012", "00012", "", ""]
    assert (list(table.lines), findings) == ([2, 3, 5, 6], [])


def test_the_sheet_and_the_line_of_its_header_are_chosen(tmp_path: Path) -> None:
    rows = [inline("A1", "Our products"), "", inline("A3", "sku") + inline("B3", "cell"), inline("A4", "A")]
    sheets = [("Old", "hidden"), ("Lists", "visible"), ("Products", "visible")]
    (tmp_path / "t.xlsx").write_bytes(workbook(rows, sheets=sheets, merged=["A1:B1"]))
    table, findings = read(tmp_path / "t.xlsx", how=TableFormat("Products", 3))
    assert (table.columns, table.lines[0], findings) == (("sku", "cell"), 4, [])
    _, findings = read_table(tmp_path / "t.xlsx", "t.xlsx", how=TableFormat("Product"))
    assert [(one.code, one.hint) for one in findings] == [("unknown-worksheet", "did you mean 'Products'?")]
    _, findings = read_table(tmp_path / "t.xlsx", "t.xlsx")
    assert "Old (hidden)" in findings[0].message
    (tmp_path / "t.csv").write_text("A headline\n\nsku,cell\nA,b\n")
    assert read(tmp_path / "t.csv", how=TableFormat(header=3))[0].row(0) == {"sku": "A", "cell": "b"}


def test_a_key_of_json_may_be_no_name(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{"sku": "A", "cell": "b", "": ["c"]}]')
    assert [one.code for one in read(tmp_path / "t.json")[1]] == ["unnamed-column"]


@pytest.mark.parametrize(("text", "rows"), [
    ('{"products": [\n{"sku": "0012"},\n{"sku": "B"}\n]}', ["0012", "B"]),  # as services on the web answer
    ('{"a \\"b\\"": [ {"sku": "A"} ] }\n', ["A"]),
    ('{"sku": "A", "parts": [{"sku": "B"}]}', ["A"]),
    ('{"parts": [{"sku": "B"}], "sku": "A"}', ["A"]),
    ('{"parts": [{"sku": "B"}], "sku": [{"sku": "C"}]}', [1]),
])  # fmt: skip
def test_rows_of_json_may_be_all_that_an_object_has(tmp_path: Path, text: str, rows: list[str | int]) -> None:
    (tmp_path / "t.json").write_text(text)
    table, findings = read(tmp_path / "t.json")
    assert ([str(cell) if isinstance(cell, str) else len(cell) for cell in table.column("sku")], findings) == (rows, [])
    assert table.place(len(table) - 1).line == (3 if "0012" in text else 1)


def test_rows_of_json_beside_other_keys_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"total": 2, "products": [{"sku": "A"}, {"sku": "B"}]}')
    hint = "the file is one row, and its rows are the list 'products': write that alone, {\"products\": [ … ]}"
    for columns in ({}, {"sku": "sku"}):
        findings = read(tmp_path / "t.json", columns=columns)[1]
        assert {(one.code, one.hint) for one in findings} == {("unknown-column", hint)}


def test_lists_and_objects_of_json_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(
        '\n{"sku": "A", "variants": [{"size": "L", "price": 1.50}], "tags": ["a", "b"]}\n'
    )
    table, _ = read(tmp_path / "t.jsonl")
    assert table.lines[0] == 2
    assert table.column("tags")[0] == ("a", "b")
    assert table.column("variants")[0][0].price == "1.50"
