"""Cells that a spreadsheet program would change are those that were written, wherever the rows come from and whatever is
done with them on their way to a sheet, into a name of a file and out into a frame."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest

from pressrun import registry, run_job
from pressrun.commands import cli
from pressrun.commands.report.pivot import pivot
from pressrun.load import load_project
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.project import Project
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from postgres_server import PostgresServer

HOSTILE = ("0012", "NA", "1E5", "TRUE", "12345678901234567", "1.10", "null", "-0", "2027-03-01", "Größe ½ 木")
NEAR = ("12", "N-A", "100000", "true", "12345678901234568", "1.1", "None", "0", "2027-3-1", "Groesse 1-2")
"""What each would be if somebody took it for a number, a date, a truth or nothing."""
ROWS = [{"sku": cell, "twin": near, "at": f"{at:02d}"} for at, (cell, near) in enumerate(zip(HOSTILE, NEAR, strict=True))]
LAYOUT = (
    "page: {trim: 20px x 20px}\ntarget: screen\nformats: [png]\n"
    "layers: [{type: shape, shape: rect, fill: ink, box: {in: trim}}]\n"
)
JOB = """brand: testa
date: 2027-03-01
rows:
  product: {%s}
locale: en-GB
layouts: [plain]
save_as: "{{ product.%s }}"
provider: {type: fpo}
"""


class Shop:
    """A campaign and the sources that its job can name: what stands in a row set for the ten rows, and frames."""

    def __init__(self, root: Path) -> None:
        self.root, self.frames = root, dict[str, Any]()
        shutil.copytree(Path(__file__).parent / "campaign/brands", root / "brands")
        (root / "templates/layouts").mkdir(parents=True)
        (root / "templates/layouts/plain.yaml").write_text(LAYOUT)
        (root / "jobs").mkdir()
        frame = pd.DataFrame(ROWS, dtype=object)
        text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in [frame.columns, *frame.values.tolist()])
        (root / "jobs/t.csv").write_text(text, "utf-8")
        (root / "jobs/t.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
        (root / "jobs/t.html").write_text(frame.to_html(index=False), "utf-8")
        for name, keys in (("both", HOSTILE + NEAR), ("near", NEAR)):
            (root / f"jobs/{name}.jsonl").write_text("\n".join(json.dumps({"sku": key, "stock": key}) for key in keys))
        with sqlite3.connect(root / "jobs/shop.db") as database:
            database.execute("create table t (sku text, twin text, at text)")
            database.executemany("insert into t values (:sku, :twin, :at)", ROWS)
        database.close()

    def load(self, source: str, said: str = "", key: str = "sku") -> Project:
        frames = {kind: pd.DataFrame(ROWS).astype(kind) for kind in ("object", "string", "category")}
        row_set = f"key: {key}, {SOURCES.get(source, 'file: t.csv')}{said and ', '}{said}"
        (self.root / "jobs/x.yaml").write_text(JOB % (row_set, key))
        return load_project(self.root / "jobs/x.yaml", registry, {"product": frames[source]} if source in frames else {})

    def cells(self, source: str, said: str = "", column: str = "sku", key: str = "sku") -> tuple[Any, ...]:
        return tuple(record[column] for record in self.load(source, said, key).row_sets["product"])


SOURCES = {
    "csv": "file: t.csv",
    "jsonl": "file: t.jsonl",
    "html": "file: t.html",
    "sqlite": 'sql: "select * from t", url: "sqlite:///shop.db"',
}
KINDS = [*SOURCES, "object", "string", "category"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("hostile") / "campaign")


DONE = [  # what is said of the rows, their key, the column that is looked at, and what stands in it
    ("", "sku", "sku", HOSTILE),
    ("", "at", "sku", HOSTILE),
    ("where: \"sku != '12' and sku != twin\"", "sku", "sku", HOSTILE),
    ("where: \"sku in ['NA', '0012', '1E5', 'null']\"", "sku", "sku", ("0012", "NA", "1E5", "null")),
    ("where: \"twin in ['0012', '1E5', 'NA', 'TRUE', '1.10', '-0'] or sku == '-0'\"", "sku", "sku", ("-0",)),
    ("sort: [-at]", "sku", "sku", HOSTILE[::-1]),
    ("sort: [twin], sample: 9, limit: 1", "at", "twin", None),
    ("limit: 3", "sku", "sku", HOSTILE[:3]),
    ("sample: 10", "sku", "sku", HOSTILE),
    ("group_by: product.sku", "at", "sku", HOSTILE),
    ('split: {sku: "|"}', "at", "sku", tuple((cell,) for cell in HOSTILE)),
    ("join: [{file: both.jsonl, on: sku, matched: true, columns: [stock]}]", "sku", "stock", HOSTILE),
    ("join: [{file: near.jsonl, on: sku}]", "sku", "stock", ("",) * 10),
    ("unpivot: {columns: [sku, twin], name: which, value: cell}", "cell", "cell", sum(zip(HOSTILE, NEAR, strict=True), ())),
    ("columns: {number: sku}, trim: true", "number", "number", HOSTILE),
]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_done_with_rows_changes_a_cell(shop: Shop, kind: str) -> None:
    for said, key, column, expected in DONE:
        found = shop.cells(kind, said, column, key)
        assert found == expected if expected else set(found) < set(NEAR), said
    assert shop.load(kind, "group_by: product.sku", "at").row_sets["product"].groups == HOSTILE


PRINTED = (
    "{type: image, picture: hero, box: {in: trim}}, "
    '{type: text, id: bare, role: price, text: "{{ product.body | plain }}", color: ink, size: 4px, box: {in: trim}}, '
    '{type: text, id: marked, role: price, markup: true, text: "{{ product.body | marked }}", color: ink, size: 4px, box: {in: trim}}, '
)


@pytest.fixture
def reported(shop: Shop) -> RunReport:
    """A run of the ten rows as a frame, each with a picture that says its cell, and texts that were HTML."""
    (shop.root / "templates/layouts/wordy.yaml").write_text(LAYOUT.replace("layers: [", f"layers: [{PRINTED}"))
    (shop.root / "templates/prompts").mkdir()
    (shop.root / "templates/prompts/bare.j2").write_text("{{ product.sku }} {{ stock }}")
    job = (JOB % ("key: sku, file: none.csv", "sku")).replace("plain", "wordy") + (
        "tables: {beside: {key: sku, file: both.jsonl}}\n"
        'values: {stock: "beside[product.sku].stock"}\n'
        "pictures: {hero: {prompt: bare.j2, masters: {square: {size: 16x16}}}}\n"
    )
    (shop.root / "jobs/run.yaml").write_text(job)
    frame = pd.DataFrame(ROWS).assign(body=[f"<p>{cell} <strong>{cell}</strong></p>" for cell in HOSTILE])
    return run_job(shop.root / "jobs/run.yaml", Settings(inline=True), tables={"product": frame.astype("category")})


def test_a_run_says_and_prints_what_stands_in_the_cells(
    shop: Shop, reported: RunReport, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assets, costs, found = reported.assets(), reported.costs(), reported.findings()
    assert tuple(assets["product"]) == tuple(assets["row"]) == HOSTILE
    assert tuple(assets["path"]) == tuple(f"assets/{cell}.png" for cell in HOSTILE)
    assert tuple(costs["prompt"]) == tuple(f"{cell} {cell}" for cell in HOSTILE)
    assert {*found["path"]} == {*assets["path"]}
    texts = [tuple(said.text for said in asset.text) for asset in reported.assets]
    assert texts == [(f"{cell} {cell}", f"{cell} <b>{cell}</b>") for cell in HOSTILE]
    shown = reported._repr_html_()
    assert all(f'title="assets/{cell}.png"' in shown for cell in HOSTILE)
    monkeypatch.chdir(shop.root)
    assert cli.run_command(["show", "--pivot", "product", "format", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {*HOSTILE, "all"}


def test_a_product_may_be_called_as_the_sum_is() -> None:
    files = [SimpleNamespace(keys={"product": sku}, format="png") for sku in ("all", "NA", "NA")]
    counted = pivot(cast(RunRecord, SimpleNamespace(assets=files)), "product", "format")
    assert {name: line["png"] for name, line in counted.items()} == {"NA": 2, "all": 1, "all files": 3}


def test_a_query_to_a_server_and_what_is_done_with_it_change_no_cell(shop: Shop, postgres: PostgresServer) -> None:
    values = ", ".join(f"('{row['sku']}', '{row['twin']}', '{row['at']}')" for row in ROWS)
    address = postgres.url.replace("postgresql://", "postgresql+psycopg://")
    SOURCES["postgres"] = f'sql: "select * from (values {values}) as t (sku, twin, at)", url: "{address}"'
    for said, key, column, expected in DONE:
        found = shop.cells("postgres", said, column, key)
        assert found == expected if expected else set(found) < set(NEAR), said
