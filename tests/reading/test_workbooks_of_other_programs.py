"""Workbooks that are written otherwise than Excel does it, or by an Excel of another year."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from workbook_kit import inline, number, workbook
from xlsb_kit import binary_workbook

from pressrun.readers.table_file import read_written

OLD = Path(__file__).parent / "workbooks" / "shown.xls"
_SECTOR = 512


@pytest.mark.skipif(not find_spec("xlrd"), reason="needs the extra xls")
def test_an_old_workbook_may_hold_an_archive(tmp_path: Path) -> None:
    """A theme, as Excel writes one into each xls since 2007."""
    theme = io.BytesIO()
    with zipfile.ZipFile(theme, "w") as packed:
        packed.writestr("theme/theme/theme1.xml", "<theme/>")
    at_end = theme.getvalue().ljust(_SECTOR, b"\0")
    (tmp_path / "t.xls").write_bytes(OLD.read_bytes() + at_end)
    table, findings = read_written(tmp_path / "t.xls", "t.xls")
    assert table is not None
    assert table.columns[0] == ["0012", "SKU-0034"]
    assert [one.code for one in findings] == ["hidden-rows"]


@pytest.mark.parametrize(("written", "binary"), [
    ("backslashes", False), ("in small letters", False), ("elsewhere", False), ("in small letters", True),
])  # fmt: skip
def test_parts_are_found_however_they_are_named(tmp_path: Path, written: str, binary: bool) -> None:
    """Parts are known by their relations, and by their names in any case and with either slash."""
    file = "t.xlsb" if binary else "t.xlsx"
    rows = [inline("A1", "sku"), number("A2", "12", 1)]
    data = binary_workbook([["sku"], [12.0]], format="00000") if binary else workbook(rows)
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(tmp_path / file, "w") as again:
        for name in packed.namelist():
            text = packed.read(name)
            if written == "backslashes":
                name = name.replace("/", "\\")
            elif written == "in small letters":
                name = name.lower()
            else:
                name, text = name.replace("xl/", ""), text.replace(b'Target="xl/', b'Target="')
            again.writestr(name, text)
    table, findings = read_written(tmp_path / file, file)
    assert table is not None, findings
    assert (table.columns, findings) == ((["00012"],), [])


def test_what_a_library_thought_impossible_is_told(tmp_path: Path) -> None:
    data = binary_workbook([["sku"], ["A"]])
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(tmp_path / "t.xlsb", "w") as again:
        for name in packed.namelist():
            again.writestr(name, packed.read(name).replace(b'Id="rId1" Type', b'Id="rId9" Type'))
    table, findings = read_written(tmp_path / "t.xlsb", "t.xlsb")
    assert (table, [one.code for one in findings]) == (None, ["broken-workbook"])


def test_a_password_of_an_old_workbook_is_told(tmp_path: Path) -> None:
    """One that only turns bits over, as Excel did by default until 2002."""
    data = OLD.read_bytes()
    begins = data.index(b"\x09\x08\x10\x00") + 20
    locked = data[:begins] + b"\x2f\x00\x06\x00\x00\x00\x7a\x14\xaf\x83" + b"\x42\x00\x02\x00\x98\x4a" + data[begins + 16 :]
    (tmp_path / "t.xls").write_bytes(locked)
    table, findings = read_written(tmp_path / "t.xls", "t.xls")
    assert (table, [one.code for one in findings]) == (None, ["locked-workbook"])


def test_a_workbook_as_google_sheets_writes_it(tmp_path: Path) -> None:
    """No dimension, a style for each cell, formulas of its own with what they came to, and a thousand empty rows."""
    own = "<f>IFERROR(__xludf.DUMMYFUNCTION(&quot;&quot;&quot;COMPUTED_VALUE&quot;&quot;&quot;),18.5)</f><v>18.5</v>"
    shared = '<c r="B{}" s="0" t="str"><f t="shared" {}si="1"/><v>{}</v></c>'
    cells = [
        number("B2", "46447", 1), number("B3", "46447.75", 2), number("B4", "12.5", 3), number("B5", "12", 4),
        number("B6", "18.5").replace("<v>18.5</v>", own), shared.format(7, 'ref="B7:B8" ', "kx"), shared.format(8, "", "ky"),
        '<c r="B9" s="0" t="b"><v>1</v></c>', number("B10", "0.125", 5), '<c r="B11" s="0"/>',
    ]  # fmt: skip
    names = [f'<c r="{letter}1" s="0" t="s"><v>{at}</v></c>' for at, letter in enumerate("AB")]
    keys = [f'<c r="A{row}" s="0" t="s"><v>2</v></c>{cell}' for row, cell in enumerate(cells, 2)]
    formats = {200: "M/d/yyyy", 201: "M/d/yyyy H:mm:ss", 202: "[$€]#,##0.00", 203: "00000"}
    data = workbook(["".join(names), *keys], shared=("key", "cell", "k"), formats=(0, *formats, 10))
    written = "".join(f'<numFmt numFmtId="{at}" formatCode="{code}"/>' for at, code in formats.items())
    empty = "".join(f'<row r="{row}" ht="15.75" customHeight="1"/>' for row in range(12, 1001))
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as again:
        for name in packed.namelist():
            text = packed.read(name).decode()
            text = text.replace("</numFmts>", f"{written}</numFmts>").replace("</sheetData>", f"{empty}</sheetData>")
            again.writestr(name, text)
    table, findings = read_written(tmp_path / "t.xlsx", "t.xlsx")
    assert table is not None, findings
    assert (list(table.columns[1]), findings) == (
        ["2027-03-01", "2027-03-01 18:00:00", "12.5", "00012", "18.5", "kx", "ky", "TRUE", "12.5%", ""], [],
    )  # fmt: skip
