"""A job joins tables, turns columns into rows, leaves rows out, sorts them, and takes a part of them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.packed_cells import SHORT, PackedTexts
from pressrun.model.project import Project

LAYOUT = "page: {trim: 20px x 20px}\ntarget: screen\nformats: [png]\nlayers: [{type: shape, shape: rect, fill: ink, box: {in: trim}}]\n"
FILES = {
    "products.csv": "sku,name,price,group\nA,Mug,10,b\nB,Tin,9.50,a\nC,Bag,,a\nD,Cup,100,B\n",
    "stock.csv": "sku,stock,place\nA,3,Bremen\nB,0,Ulm\nD,5,Ulm\n",
    "prices.csv": "sku,season,amount\nA,spring,1\nA,autumn,2\nB,spring,3\n",
    "texts.csv": "sku,de-DE,fr-FR\nA,Becher,Tasse\nB,Dose,\n",
}
Load = Callable[..., Project]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """A function from what a row set says to the loaded job."""

    def loaded(rows: str, frames: dict[str, Any] | None = None) -> Project:
        source = Path(__file__).parents[1] / "job" / "campaign"
        (tmp_path / "jobs").mkdir(exist_ok=True)
        if not (tmp_path / "brands").exists():
            shutil.copytree(source / "brands", tmp_path / "brands")
            (tmp_path / "templates/layouts").mkdir(parents=True)
            (tmp_path / "templates/layouts/plain.yaml").write_text(LAYOUT)
        for name, text in FILES.items():
            (tmp_path / "jobs" / name).write_text(text)
        job = tmp_path / "jobs/x.yaml"
        job.write_text(
            f"brand: testa\ndate: 2027-03-01\nrows:\n  product: {{key: sku, {rows}}}\nlocale: en-GB\nlayouts: [plain]\n"
            'save_as: "{{ product.sku }}"\nprovider: {type: fpo}\n'
        )
        return load_project(job, registry, frames)

    return loaded


def keys(project: Project) -> list[str]:
    return list(project.row_sets["product"].keys)


def cells(project: Project, column: str) -> list[Any]:
    return [record[column] for record in project.row_sets["product"]]


def codes(load: Load, rows: str, frames: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as told:
        load(rows, frames)
    return [(one.code, str(one.place)) for one in told.value.findings if one.is_error]


CHOSEN = [
    ("file: products.csv, where: \"group == 'a'\"", "BC"),
    ("file: products.csv, types: {price: decimal}, where: price and price < 50", "AB"),
    ("file: products.csv, types: {price: decimal}, sort: [price]", "BADC"),
    ("file: products.csv, types: {price: decimal}, sort: [-price]", "DABC"),
    ("file: products.csv, sort: [group, -sku]", "CBDA"),
    ("file: products.csv, limit: 2", "AB"),
    ("file: products.csv, types: {price: decimal}, where: price, sort: [price], limit: 2", "BA"),
]


@pytest.mark.parametrize(("rows", "left"), CHOSEN)
def test_the_rows_that_are_wanted_are_left_in_their_order(load: Load, rows: str, left: str) -> None:
    assert "".join(keys(load(rows))) == left


@pytest.mark.parametrize("chosen", ["where: sku != 'B'", "limit: 1", "sort: [-sku], limit: 1"])
def test_copy_of_a_row_that_is_left_out_is_no_slip(load: Load, tmp_path: Path, chosen: str) -> None:
    """A copy table serves several jobs: there is such a row, and this job leaves it out."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/words.csv").write_text("key,product,en-GB\nhead,A,Mug\nhead,B,Tin\nhead,D,Cup\nhead,E,Egg\n")
    project = load(f"file: products.csv, {chosen}}}\ncopy: {{file: words.csv")
    told = [(note.code, note.place.line) for note in project.notes if note.place and note.code == "unknown-row"]
    assert told == [("unknown-row", 5)]


def test_rows_that_are_left_out_are_gone_through_once(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jobs").mkdir()
    many = range(SHORT + 1)
    (tmp_path / "jobs/long.csv").write_text("\n".join(["sku", *(f"n{number}" for number in many)]))
    words = (f"head,n{number},Mug" for number in many)
    (tmp_path / "jobs/words.csv").write_text("\n".join(["key,product,en-GB", *words]))
    read, texts = [], PackedTexts._texts
    monkeypatch.setattr(PackedTexts, "_texts", lambda *asked: (read.append(asked), texts(*asked))[1])
    project = load("file: long.csv, limit: 2}\ncopy: {file: words.csv")
    assert not [note for note in project.notes if note.code == "unknown-row"]
    assert len(read) < 100


def test_columns_that_rows_are_chosen_by_are_used(load: Load) -> None:
    project = load("file: products.csv, where: \"group == 'a'\", sort: [-price]")
    assert [one.message for one in project.notes if one.code == "unused-columns"] == ["1 column is not used: name"]


def test_a_sample_is_the_same_each_time_and_in_the_order_of_the_table(load: Load) -> None:
    drawn = [keys(load(f"file: products.csv, sample: {count}")) for count in (2, 2, 3)]
    assert drawn[0] == drawn[1] == sorted(drawn[0])
    assert set(drawn[0]) < set(drawn[2])  # of a larger sample the smaller is a part


def test_a_join_adds_columns_and_leaves_empty_what_is_not_there(load: Load) -> None:
    project = load("file: products.csv, join: [{file: stock.csv, on: sku}]")
    assert keys(project) == ["A", "B", "C", "D"]
    assert cells(project, "stock") == ["3", "0", "", "5"]
    assert [record._line for record in project.row_sets["product"]] == [2, 3, 4, 5]


def test_rows_that_the_other_table_lacks_are_left_out_where_that_is_said(load: Load) -> None:
    project = load("file: products.csv, join: [{file: stock.csv, on: sku, matched: true, columns: [place]}]")
    assert keys(project) == ["A", "B", "D"]
    assert project.row_sets["product"].columns == ("sku", "name", "price", "group", "place")


def test_a_key_that_is_there_twice_is_told_with_its_line(load: Load) -> None:
    assert codes(load, "file: products.csv, join: [{file: prices.csv, on: sku}]") == [("join-not-unique", "jobs/prices.csv:3")]
    rows = "file: products.csv, join: [{file: prices.csv, on: sku, pairs: one-to-many, matched: true}], group_by: product.sku"
    assert keys(load(rows.replace(", group_by: product.sku", ", where: \"season == 'spring'\""))) == ["A", "B"]


def test_a_column_that_both_have_is_told(load: Load) -> None:
    rows = "file: products.csv, join: [{file: stock.csv, on: sku}, {file: stock.csv, on: sku}]"
    assert codes(load, rows) == [("duplicate-header", "jobs/x.yaml:4:85")]


def test_columns_of_locales_become_rows(load: Load) -> None:
    rows = "file: texts.csv, unpivot: {columns: [de-DE, fr-FR], name: locale, value: headline}, sort: [headline]"
    project = load(rows.replace("sort", "where: \"locale != 'xx'\", limit: 1, sort"))
    assert cells(project, "headline") == ["Becher"]
    with pytest.raises(InputError) as told:  # a product is there twice by now
        load(rows)
    assert {one.code for one in told.value.findings if one.is_error} == {"duplicate-row-key"}


FAULTS = [
    ("file: products.csv, where: stok > 0", "unknown-column"),
    ("file: products.csv, where: \"name >\"", "bad-expression"),
    ("file: products.csv, where: name > 1", "bad-value"),
    ("file: products.csv, where: \"name == 'nobody'\"", "no-rows"),
    ("file: products.csv, sort: [prise]", "unknown-column"),
    ("file: products.csv, join: [{file: stock.csv, on: sko}]", "unknown-column"),
    ("file: products.csv, join: [{file: stok.csv, on: sku}]", "missing-file"),
    ("file: products.csv, unpivot: {columns: [nl-NL], name: a, value: b}", "unknown-column"),
    ("file: products.csv, sql: select 1, url: \"sqlite://\"", "invalid-value"),
    ("sql: select 1", "invalid-value"),
]
BESIDE = [("key: sku", "file"), ("key: sku, sql: select 1", "url"), ("key: sku, file: stock.csv, sql: select 1, url: x", "file")]


@pytest.mark.parametrize(("rows", "code"), FAULTS)
def test_what_cannot_be_done_is_told(load: Load, rows: str, code: str) -> None:
    found = codes(load, rows)
    assert {one for one, _ in found} == {code}
    assert all(place.startswith("jobs/") for _, place in found)


@pytest.mark.parametrize(("said", "word"), BESIDE)
def test_a_table_beside_has_one_source(load: Load, said: str, word: str) -> None:
    with pytest.raises(InputError) as told:
        load(f"file: products.csv}}\ntables:\n  stock: {{{said}")
    ((place, message),) = [(str(one.place), one.message) for one in told.value.findings]
    assert place.startswith("jobs/x.yaml:6:")
    assert word in message


def test_a_frame_stands_for_a_file_and_is_among_the_inputs(load: Load) -> None:
    frame = pd.DataFrame({"sku": ["X", "Y"], "name": ["Cup", "Pan"], "price": [1.0, None]})
    project = load("file: products.csv, types: {price: integer}", {"product": frame})
    assert (keys(project), cells(project, "price")) == (["X", "Y"], [1, None])
    assert "product (DataFrame)" in project.inputs
    assert "jobs/products.csv" not in project.inputs


def test_rows_come_from_a_database(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("create table products (sku text, stock integer)")
        database.executemany("insert into products values (?, ?)", [("0012", 3), ("B", None)])
    database.close()
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{tmp_path}/shop.db")
    project = load('sql: "select * from products", url: "env:SHOP_DB"')
    assert (keys(project), cells(project, "stock")) == (["0012", "B"], ["3", ""])
    beside = load('file: products.csv}\ntables:\n  stock: {key: sku, sql: "select * from products", url: "sqlite:///../shop.db"')
    assert beside.tables["stock"].file == "stock (query)"
    assert [record["stock"] for record in beside.tables["stock"].records] == ["3", ""]
    assert codes(load, 'sql: "select * from products where sku = \'\'", url: "env:SHOP_DB"') == [("no-rows", "product (query):1")]


def test_a_bad_cell_is_an_error_where_its_column_is_read_and_else_a_note(load: Load, tmp_path: Path) -> None:
    rows = "file: products.csv, types: {price: integer}"  # of which one is 9.50
    project = load(rows)
    (note,) = [one for one in project.notes if one.code == "bad-cell"]
    assert (str(note.severity), str(note.place)) == ("note", "jobs/products.csv:3:7")
    for reading in ("where: price > 1", "sort: [price]"):
        assert codes(load, f"{rows}, {reading}") == [("bad-cell", "jobs/products.csv:3:7")]
    layout = tmp_path / "templates/layouts/plain.yaml"
    words = '{type: text, text: "{{ product.price }}", role: body, color: ink, size: 8pt, box: {in: trim}}'
    layout.write_text(layout.read_text().replace("layers: [", f"layers: [{words}, "))
    assert ("bad-cell", "jobs/products.csv:3:7") in codes(load, rows)


def test_what_is_wrong_with_a_table_beside_is_told_by_its_columns(load: Load, tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/far.csv").write_bytes("sku,quay\nA,forêt\n".encode("cp1252"))
    rows = "file: products.csv, join: [{file: far.csv, on: sku}]"
    told = [(one.code, str(one.severity)) for one in load(rows).notes if one.place and "far.csv" in one.place.file]
    assert told == [("guessed-encoding", "warning")]
    assert codes(load, f"{rows}, sort: [quay]") == [("not-utf-8", "jobs/far.csv:2:3")]


PARTS = {
    "parts/p1.csv": "sku,price,stock\nA,1,x\n",
    "parts/p10.csv": "SKU,stock,price\nC,\"\n3\",3\nD,no,4\n",
    "parts/p2.csv": "price,sku,stock\n2,B,1\n",
}


@pytest.fixture
def parts(tmp_path: Path) -> None:
    for name, text in {**PARTS, "parts/~$p1.csv": "lock", "wide.csv": "sku,de-DE,fr-FR\nA,1,2\nB,3,vier\n",
                       "beside.csv": "sku,stock\nX,1\nA,\"\nmany\"\nB,2\n"}.items():  # fmt: skip
        (tmp_path / "jobs/parts").mkdir(parents=True, exist_ok=True)
        (tmp_path / "jobs" / name).write_text(text)


WHERE_CELLS_WERE = [  # rows, and the places of bad cells
    ("file: products.csv, join: [{file: beside.csv, on: sku}], types: {stock: integer}", ["beside.csv:3:3"]),
    ("file: products.csv, join: [{file: beside.csv, on: sku}], types: {stock: integer}, where: \"sku != 'C'\", sort: [-sku]",
     ["beside.csv:3:3"]),
    ("file: wide.csv, unpivot: {columns: [de-DE, fr-FR], name: locale, value: amount}, types: {amount: integer}",
     ["wide.csv:3:5"]),
    ("file: products.csv, join: [{file: wide.csv, on: sku, matched: true}], types: {amount: integer}, "
     "unpivot: {columns: [fr-FR, price], name: locale, value: amount}", ["products.csv:3:7", "wide.csv:3:5"]),
    ("file: parts/*.csv, types: {stock: integer}", ["parts/p1.csv:2:5", "parts/p10.csv:4:3"]),
    ("file: parts/*.csv, types: {stock: integer}, where: \"price > '1'\", sort: [-price]", ["parts/p10.csv:4:3"]),
    ("file: products.csv, join: [{file: parts/p?.csv, on: sku, columns: [stock]}], types: {stock: integer}",
     ["parts/p1.csv:2:5"]),
]  # fmt: skip


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(("rows", "places"), WHERE_CELLS_WERE)
def test_cells_are_told_where_they_were_written(load: Load, rows: str, places: list[str]) -> None:
    try:
        found = load(rows).notes
    except InputError as told:  # of rows that are several by now
        found = tuple(told.findings)
    assert sorted(str(one.place).removeprefix("jobs/") for one in found if one.code == "bad-cell") == places


@pytest.mark.usefixtures("parts")
def test_several_files_are_one_table_in_the_order_of_their_numbers(load: Load, tmp_path: Path) -> None:
    project = load("file: parts/*.csv")
    assert (keys(project), cells(project, "price")) == (["A", "B", "C", "D"], ["1", "2", "3", "4"])
    rows = project.row_sets["product"]
    assert [f"{one._header.file}:{one._line}" for one in rows] == [
        "jobs/parts/p1.csv:2", "jobs/parts/p2.csv:2", "jobs/parts/p10.csv:2", "jobs/parts/p10.csv:4",
    ]  # fmt: skip
    assert {name for name in project.inputs if "parts/" in name} == {f"jobs/{name}" for name in PARTS}
    (tmp_path / "jobs/parts/p2.csv").write_text("sku\nB\nA\n")
    with pytest.raises(InputError) as told:
        load("file: parts/*.csv")
    (again,) = [one for one in told.value.findings if one.is_error]
    assert (str(again.place), again.message) == (
        "jobs/parts/p2.csv:3:1", "sku 'A' of jobs/parts/p2.csv:3 is already in jobs/parts/p1.csv:2",
    )  # fmt: skip
    (lacks,) = [one for one in told.value.findings if one.code == "part-lacks-column"]
    assert (str(lacks.place), str(lacks.severity)) == ("jobs/parts/p2.csv:1", "warning")


@pytest.mark.usefixtures("parts")
def test_a_pattern_that_nothing_fits_and_a_part_that_cannot_be_read_are_told(load: Load, tmp_path: Path) -> None:
    assert codes(load, "file: part/*.csv") == [("missing-file", "jobs/x.yaml:4:29")]
    assert codes(load, "file: ../../*.csv") == [("outside-campaign", "jobs/x.yaml:4:29")]
    (tmp_path / "jobs/parts/p2.csv").write_text("")
    assert codes(load, "file: parts/*.csv") == [("empty-file", "jobs/parts/p2.csv")]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("folder", "names", "pattern"),
    [
        ("two", ["1²2.csv", "1³.csv"], "two/*.csv"),
        ("parts [2026]", ["a [1].csv", "a [2].csv"], "parts [2026]/a [?].csv"),
        ("Pra\u0308gung", ["gru\u0308n-1.csv", "gru\u0308n-2.csv"], "Pr\u00e4gung/gr\u00fcn-?.csv"),
        ("deep/er", ["a.csv", "b.csv"], "deep/**/*.csv"),
    ],
)
def test_a_pattern_has_two_signs_and_any_other_letter_is_itself(
    load: Load, tmp_path: Path, folder: str, names: list[str], pattern: str
) -> None:
    made = tmp_path / "jobs" / folder
    made.mkdir(parents=True)
    for sku, name in zip("AB", names, strict=True):
        (made / name).write_text(f"sku\n{sku}\n")
    assert keys(load(f'file: "{pattern}"')) == ["A", "B"]


@pytest.mark.usefixtures("parts")
def test_a_column_without_a_header_is_told_for_each_part(load: Load, tmp_path: Path) -> None:
    texts = ("sku,,★,name\nA,old,3,Mug\n", "sku,name,,,★\nB,Tin,,new,4\n", "sku,,name,★\nC,,Bag,5\n")
    for name, text in zip(("u1", "u2", "u3"), texts, strict=True):
        (tmp_path / f"jobs/parts/{name}.csv").write_text(text)
    project = load("file: parts/u*.csv, columns: {stars: ★}")
    assert (cells(project, "name"), cells(project, "stars")) == (["Mug", "Tin", "Bag"], ["3", "4", "5"])
    assert [(str(one.place), one.message) for one in project.notes if one.code == "unnamed-column"] == [
        ("jobs/parts/u1.csv:1:5", "column 2 has no name, and is left out"),
        ("jobs/parts/u2.csv:1:11", "column 4 has no name, and is left out"),
    ]  # fmt: skip
    assert not [one for one in project.notes if one.code == "part-lacks-column"]


def unmatched(project: Project) -> list[tuple[str, str, str, str | None]]:
    found = [one for one in project.notes if one.code == "join-unmatched"]
    return [(str(one.severity), str(one.place), one.message, one.hint) for one in found]


def test_a_row_without_a_key_has_no_partner(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "products.csv", "id,ean,name\nA,1,Mug\nB,,Tin\nC, ,Bag\n")
    monkeypatch.setitem(FILES, "stock.csv", "ean,stock\n1,3\n,7\n,8\n")  # with sums below, as suppliers write them
    rows = "file: products.csv, columns: {sku: id}, join: [{file: stock.csv, on: ean, pairs: %s}]"
    for pairs in ("many-to-one", "one-to-one", "many-to-many"):
        project = load(rows % pairs)
        assert (keys(project), cells(project, "stock")) == (["A", "B", "C"], ["3", "", ""])
        assert unmatched(project) == []


def test_rows_that_find_no_partner_are_told(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    project = load("file: products.csv, join: [{file: stock.csv, on: sku}]")
    said = "1 row of jobs/products.csv is not in jobs/stock.csv: C"
    assert unmatched(project) == [("note", "jobs/products.csv:4", said, None)]
    monkeypatch.setitem(FILES, "stock.csv", "sku,stock\na,3\nB,0\nD,5\n")
    project = load("file: products.csv, join: [{file: stock.csv, on: sku, matched: true}]")
    ((severity, place, message, hint),) = unmatched(project)
    assert (severity, place, hint) == ("warning", "jobs/products.csv:2", "'A' is there as 'a'")
    assert message == "2 rows of jobs/products.csv are not in jobs/stock.csv, and are left out: A, C"
    monkeypatch.setitem(FILES, "stock.csv", "sku,stock\nX1,3\nX2,0\n")
    ((severity, _, message, hint),) = unmatched(load("file: products.csv, join: [{file: stock.csv, on: sku}]"))
    assert (severity, hint) == ("warning", "jobs/stock.csv has X1, X2")


TRUTHS = [("ja", "Nein"), ("OUI", "non"), ("نعم", "لا"), ("да", "Нет"), ("Si\u0301", "no"), ("Wahr", "FALSCH"), ("是", "否"), ("x", "-")]


@pytest.mark.parametrize(("yes", "no"), TRUTHS)
def test_words_for_true_and_false_are_those_of_the_table(
    load: Load, monkeypatch: pytest.MonkeyPatch, yes: str, no: str
) -> None:
    rows = f"sku,organic\nA,{yes}\nB, {no} \nC,\nD,TRUE\nE,{yes.upper()}\nF,0\n"
    monkeypatch.setitem(FILES, "products.csv", rows)
    said = f'booleans: {{organic: {{yes: ["{yes}"], no: "{no.lower()}"}}}}'
    project = load(f"file: products.csv, {said}")
    assert cells(project, "organic") == [True, False, None, True, True, False]
    assert keys(load(f"file: products.csv, {said}, where: organic")) == ["A", "D", "E"]


def test_a_word_that_is_neither_true_nor_false_is_told_with_what_to_write(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FILES, "products.csv", "sku,organic\nA,ja\nB,nein\nC,jein\n")
    found = {}
    for said in ("types: {organic: boolean}", "booleans: {organic: {yes: ja, no: nein}}"):
        with pytest.raises(InputError) as told:
            load(f"file: products.csv, {said}, where: organic")
        found[said] = [(str(one.place), one.message, one.hint) for one in told.value.findings]
    bare, worded = found.values()
    assert [place for place, *_ in bare] == [f"jobs/products.csv:{line}:3" for line in (2, 3, 4)]
    assert "'ja'" in bare[0][1]
    assert "`booleans: {organic: {yes: [ja], no: [nein]}}`" in (bare[0][2] or "")
    ((place, message, hint),) = worded
    assert (place, "'jein'" in message) == ("jobs/products.csv:4:3", True)
    assert "booleans: {organic: …}" in (hint or "")
    assert codes(load, "file: products.csv, booleans: {orgnic: {yes: ja}}") == [("unknown-column", "jobs/x.yaml:4:54")]
    assert codes(load, "file: products.csv, booleans: {organic: {yes: [ja, x], no: [JA]}}")[0][0] == "invalid-value"
