"""A campaign from a workbook or from JSON makes the same files as the one from CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest
from job_campaign import Campaign, Ended

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def as_json(rows: list[dict[str, str]]) -> bytes:
    return json.dumps(rows).encode()


def as_workbook(rows: list[dict[str, str]]) -> bytes:
    """As a program without a library writes it: texts in their cells, no styles."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    cells = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{chr(65 + n)}{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for n, cell in enumerate(line)
        )
        + "</row>"
        for at, line in enumerate(lines, 1)
    )
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{packages}"><Relationship Id="r" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>",
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(("ending", "written"), [("json", as_json), ("xlsx", as_workbook)])
def test_every_kind_of_table_makes_the_same_files(
    finished: Campaign, fresh: Campaign, ending: str, written: Callable[[list[dict[str, str]]], bytes]
) -> None:
    data = fresh.root / "jobs/data"
    for file in sorted(data.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        file.with_suffix(f".{ending}").write_bytes(written(rows))
        file.unlink()
        fresh.edit("jobs/spring.yaml", file.name, f"{file.stem}.{ending}")
    fresh.run()
    assert fresh.assets() == finished.assets()


def test_a_cell_that_shows_an_error_matters_where_it_is_read(fresh: Campaign, here: Callable[..., Ended]) -> None:
    products = fresh.root / "jobs/data/products.csv"
    with products.open(encoding="utf-8-sig", newline="") as opened:
        rows = [{**row, "stock": "1"} for row in csv.DictReader(opened)]
    data = io.BytesIO(as_workbook(rows))
    with zipfile.ZipFile(data) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    column = chr(65 + len(rows[0]) - 1)
    sheet = parts["xl/worksheets/sheet1.xml"]
    broken = f'<c r="{column}2" t="e"><v>#N/A</v></c>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(f'<c r="{column}2" t="inlineStr"><is><t>1</t></is></c>', broken)
    with zipfile.ZipFile(products.with_suffix(".xlsx"), "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    fresh.edit("jobs/spring.yaml", "products.csv", "products.xlsx")
    found = here(fresh, "check", "--json")
    assert [(one["code"], one["severity"]) for one in found.json if one["code"] == "cell-error"] == [
        ("cell-error", "note")
    ]
    fresh.edit("templates/layouts/post.yaml", "{{ copy.headline }}", "{{ copy.headline }} {{ product.stock }}")
    found = here(fresh, "check", "--json")
    assert [(one["code"], one["severity"]) for one in found.json if one["code"] == "cell-error"] == [
        ("cell-error", "error")
    ]
