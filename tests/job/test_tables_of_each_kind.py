"""A campaign from a workbook or from JSON makes the same files as the one from CSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended
from table_files import as_json, as_workbook, rows_of


@pytest.mark.parametrize(("ending", "written"), [("json", as_json), ("xlsx", as_workbook)])
def test_every_kind_of_table_makes_the_same_files(
    finished: Campaign, fresh: Campaign, ending: str, written: Callable[[list[dict[str, str]]], bytes]
) -> None:
    data = fresh.root / "jobs/data"
    for file in sorted(data.glob("*.csv")):
        file.with_suffix(f".{ending}").write_bytes(written(rows_of(file)))
        file.unlink()
        fresh.edit("jobs/spring.yaml", file.name, f"{file.stem}.{ending}")
    fresh.run()
    assert fresh.assets() == finished.assets()


def test_a_cell_that_shows_an_error_matters_where_it_is_read(fresh: Campaign, here: Callable[..., Ended]) -> None:
    products = fresh.root / "jobs/data/products.csv"
    rows = [{**row, "stock": "1"} for row in rows_of(products)]
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
