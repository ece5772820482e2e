"""What cannot be read as a table, or only with a word from the job, is told as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbook_kit import inline, workbook

from pressrun.model.finding import Place
from pressrun.readers.table import read_table
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.xlsx", b"PK\x03\x04broken", "broken-workbook"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "locked-workbook"),
        ("t.ods", b"", "broken-workbook"),
        ("t.xls", workbook([]).replace(b"PK\x01\x02", b"PK??"), "broken-workbook"),
        ("t.csv", workbook([inline("A1", "sku")]), "not-utf-8"),
        ("t.xlsx", workbook([]), "empty-file"),
        ("t.json", b'[{"sku": "A"}, 3]', "bad-json"),
        ("t.json", b'[{"sku": "A"} {"sku": "B"}]', "bad-json"),
        ("t.json", b'{"sku": "A"}\n{"sku": "B"}', "bad-json"),
        ("t.jsonl", b'{"sku": "A", "sku": "B"}', "bad-json"),
        ("t.json", b'[{"sku": "A"},\n', "bad-json"),
        ("t.json", b"[", "bad-json"),
        ("t.json", b'[{"sku": "A"}]\n[{"sku": "B"}]', "bad-json"),
        ("t.json", b'[{"sku": "A", "cell": ["\\ud83d"]}]', "bad-json"),
        ("t.jsonl", b'{"\\udc00": "A"}', "bad-json"),
        ("t.json", b"[]", "empty-file"),
        ("t.json", b"[" * 100_000, "bad-json"),
        ("missing.xlsx", None, "missing-file"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, data: bytes | None, code: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    table, findings = read_table(tmp_path / name, name)
    assert table is None
    assert [one.code for one in findings] == [code]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_header_below_the_last_row_is_told_as_such(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"t.{kind}"
    file.write_bytes(workbook([inline("A1", "sku"), inline("A2", "A")]) if kind == "xlsx" else b"sku\nA\n")
    _, findings = read_table(file, file.name, how=TableFormat(header=9))
    assert [one.code for one in findings] == ["empty-file"]
    assert "header" in (findings[0].hint or "")


def test_text_that_breaks_off_is_told_by_the_encoding_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("sku,cell\nA,é\n".encode("utf-16")[:-1])
    _, findings = read_table(tmp_path / "t.csv", "t.csv", place_of=lambda *_: Place("jobs/job.yaml", 4))
    assert [(one.code, one.place) for one in findings] == [("not-utf-8", Place("t.csv"))]
    assert "utf-16" in findings[0].message


GROUPED = "<tr><th rowspan=2>sku<th colspan=2>Price<tr><th>net<th>gross"


@pytest.mark.parametrize(
    ("head", "codes", "columns"),
    [
        (f"<thead>{GROUPED}</thead><tbody>", ["merged-header"], ("sku", "net", "gross")),
        (GROUPED, ["merged-header"], ("sku", "net", "gross")),
        ("<tr><td colspan=3>Stock list<tr><td>sku<td>net<td>gross", ["merged-header"], ("sku", "net", "gross")),
        ("<thead><tr><th>A<th>B<th>C<tr><td>sku<td>net<td>gross</thead>", ["header-below"], ("sku", "net", "gross")),
        ("<tr><th>A<th>B<th>C<tr><th>sku<th>net<th>gross", ["header-below"], ("sku", "net", "gross")),
    ],
)  # fmt: skip
def test_a_page_with_two_rows_of_names_is_told(
    tmp_path: Path, head: str, codes: list[str], columns: tuple[str, ...]
) -> None:
    (tmp_path / "t.html").write_text(f"<table>{head}<tr><th>0012<td>1,50<td>2</table>")
    table, (fault,) = read_written(tmp_path / "t.html", "t.html")
    assert (table, [fault.code], fault.place) == (None, codes, Place("t.html", 1))
    assert "write `header: 2`" in (fault.hint or "")
    table, findings = read_written(tmp_path / "t.html", "t.html", TableFormat(header=2))
    assert table is not None
    assert (table.headers, [column[0] for column in table.columns], findings) == (columns, ["0012", "1,50", "2"], [])


def test_a_row_of_names_that_the_job_does_not_want_is_no_product(tmp_path: Path) -> None:
    head = "<thead><tr><th>sku<th>width<tr><th><th>(mm)</thead>"
    (tmp_path / "t.html").write_text(f"<table>{head}<tr><td>0012<td>40</table>")
    table, (note,) = read_written(tmp_path / "t.html", "t.html", TableFormat(header=1))
    assert table is not None
    assert (table.headers, table.columns, note.code) == (("sku", "width"), (["0012"], ["40"]), "header-below")
    (tmp_path / "all.html").write_text("<table><tr><th>sku<th>name<tr><th>A<th>Cup<tr><th>B<th>Can</table>")
    table, findings = read_written(tmp_path / "all.html", "all.html")
    assert table is not None
    assert (table.columns, findings) == ((["A", "B"], ["Cup", "Can"]), [])


@pytest.mark.parametrize("name", ["t.xml", "t.xls", "t.csv"])
def test_xml_is_no_table(tmp_path: Path, name: str) -> None:
    spreadsheet = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row/></Table></Worksheet>'
    for inside, said in ((f"Workbook {spreadsheet}</Workbook>", "Excel 2003"), ("rss></rss>", "is XML")):
        (tmp_path / name).write_text(f'<?xml version="1.0"?>\n<{inside}')
        table, findings = read_written(tmp_path / name, name)
        assert (table, [one.code for one in findings]) == (None, ["wrong-file-type"])
        assert said in findings[0].message
        assert findings[0].hint == "open it in a spreadsheet, and save it as xlsx or CSV"
