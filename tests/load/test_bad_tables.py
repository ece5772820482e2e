"""A table that cannot be used is one line with the way out, however much of the job counts on it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError

sys.path.insert(0, str(Path(__file__).parents[1] / "reading"))
from workbook_kit import inline, workbook

NAMED = (
    inline("A1", "Goods") + inline("C1", "Prices"),
    inline("A2", "sku") + inline("B2", "name") + inline("C2", "price"),
)
FORMULA = (
    inline("A1", "sku") + inline("B1", "name") + inline("C1", "price"),
    inline("A2", "A") + '<c r="B2"><f>C2</f></c>',
)
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
LAYOUT = """
page: {trim: 200px x 200px}
target: screen
formats: [png]
layers: [{type: text, text: "{{ product.name }}, {{ product.price }}", role: headline, size: 12px, color: ink, box: {in: trim}}]
"""
JOB = """
brand: testa
date: 2027-03-01
rows:
  product: {key: sku, ROWS}
locale: en-GB
layouts: [plain]
save_as: "{{ product.sku }}"
provider: {type: fpo}
"""
FILES = {
    "groups.csv": b"Goods,,Prices\nsku,name,price\nA,Mug,10\n",
    "title.csv": b"Our goods\n,,\nsku,name,price\nA,Mug,10\n",
    "groups.xlsx": workbook([*NAMED, inline("A3", "A")], merged=["A1:B1"]),
    "plain.xlsx": workbook([*NAMED, inline("A3", "A")]),
    "formula.xlsx": workbook(FORMULA),
    "locked.xlsx": LOCKED,
}
BAD: list[tuple[str, tuple[str, str, str]]] = [
    ("file: groups.csv", ("header-below", "jobs/groups.csv:2", "header: 2")),
    ("file: title.csv", ("header-below", "jobs/title.csv:3", "header: 3")),
    ("file: plain.xlsx", ("header-below", "jobs/plain.xlsx:2", "header: 2")),
    ("file: groups.xlsx", ("merged-header", "jobs/groups.xlsx:1:1", "header: 2")),
    ("file: formula.xlsx", ("cell-without-value", "jobs/formula.xlsx:2:2", "save it")),
    ("file: locked.xlsx", ("locked-workbook", "jobs/locked.xlsx", "without a password")),
    ("file: plain.xlsx, sheet: Product", ("unknown-worksheet", "jobs/x.yaml:5:29", "did you mean 'Products'?")),
    (
        "sql: 'SELECT * FROM goods', url: 'sqlite:///shop.db'",
        ("no-rows", "product (query)", "add a row, or ask for others"),
    ),
]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    shutil.copytree(Path(__file__).parents[1] / "job/campaign/brands", folder / "brands")
    (folder / "templates/layouts").mkdir(parents=True)
    (folder / "templates/layouts/plain.yaml").write_text(LAYOUT)
    (folder / "jobs").mkdir()
    for name, data in FILES.items():
        (folder / "jobs" / name).write_bytes(data)
    with sqlite3.connect(folder / "jobs/shop.db") as shop:
        shop.execute("CREATE TABLE goods (sku, name, price)")
    shop.close()
    return folder


def told(campaign: Path, rows: str, frames: dict[str, Any] | None = None) -> list[tuple[str, str, str]]:
    job = campaign / "jobs/x.yaml"
    job.write_text(JOB.replace("ROWS", rows))
    with pytest.raises(InputError) as refused:
        load_project(job, registry, frames)
    return [(one.code, str(one.place or ""), one.hint or "") for one in refused.value.findings if one.is_error]


@pytest.mark.parametrize(("rows", "expected"), BAD, ids=[rows for rows, _ in BAD])
def test_a_table_that_cannot_be_used_is_one_line(campaign: Path, rows: str, expected: tuple[str, str, str]) -> None:
    ((code, place, hint),) = told(campaign, rows)
    assert code == expected[0]
    assert place.startswith(expected[1])
    assert expected[2] in hint


@pytest.mark.parametrize(
    ("frame", "hint"),
    [
        (pd.DataFrame([["A", "Mug", "Tin", 1]], columns=["sku", "name", "name", "price"]), "rename one of them"),
        (pd.DataFrame([["A", 1]], columns=pd.MultiIndex.from_tuples([("a", "sku"), ("b", "price")])), "frame.columns = […]"),
    ],
)  # fmt: skip
def test_a_frame_that_is_no_table_is_one_line(campaign: Path, frame: pd.DataFrame, hint: str) -> None:
    ((code, _, said),) = told(campaign, "file: groups.csv", {"product": frame})
    assert code == "bad-frame"
    assert hint in said
