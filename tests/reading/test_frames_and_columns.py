"""Tables that have types of their own: frames, Parquet, queries; web pages and columns of fixed width. No reader changes
a text, and none makes a fraction of a whole number."""

from __future__ import annotations

import datetime as dt
import html
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import needed
import numpy as np
import pandas as pd
import pytest

from pressrun.model.finding import Place
from pressrun.readers.frame_table import read_frame
from pressrun.readers.sql_table import read_query
from pressrun.readers.table import read_table
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat, WrittenTable

if TYPE_CHECKING:
    from postgres_server import PostgresServer

HOSTILE = ("0012", "NA", "1E5", "TRUE", "12345678901234567", "1.10", "null", "-0", "2027-03-01", "Größe ½ 木")
HERE = Place("jobs/x.yaml", 3)


def hostile_frame() -> Any:
    return pd.DataFrame({"sku": [f"S{at}" for at in range(len(HOSTILE))], "cell": HOSTILE})


def of_frame(folder: Path) -> WrittenTable:
    return whole(read_frame(hostile_frame(), "f"))


def of_categories(folder: Path) -> WrittenTable:
    return whole(read_frame(hostile_frame().astype("category"), "f"))


def of_parquet(folder: Path) -> WrittenTable:
    needed.package("pyarrow")
    hostile_frame().to_parquet(folder / "t.parquet")
    return whole(read_written(folder / "t.parquet", "t.parquet"))


def of_feather(folder: Path) -> WrittenTable:
    needed.package("pyarrow")
    hostile_frame().to_feather(folder / "t.feather")
    return whole(read_written(folder / "t.feather", "t.feather"))


def of_page(folder: Path) -> WrittenTable:
    (folder / "t.html").write_text(hostile_frame().to_html(index=False), "utf-8")
    return whole(read_written(folder / "t.html", "t.html"))


def of_widths(folder: Path) -> WrittenTable:
    rows = [("sku", "cell"), *((f"S{at}", cell) for at, cell in enumerate(HOSTILE))]
    (folder / "t.txt").write_text("\n".join(f"{sku:<6}{cell:<20}" for sku, cell in rows), "utf-8")
    return whole(read_written(folder / "t.txt", "t.txt", TableFormat(widths=(6, 20))))


def of_query(folder: Path) -> WrittenTable:
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute("create table products (sku text, cell text)")
        database.executemany("insert into products values (?, ?)", [(f"S{at}", c) for at, c in enumerate(HOSTILE)])
    database.close()
    return whole(read_query("select * from products", "env:SHOP_DB", "q", {"SHOP_DB": f"sqlite:///{folder}/shop.db"}, HERE))


def whole(read: tuple[WrittenTable | None, list[Any]]) -> WrittenTable:
    table, findings = read
    assert table is not None, findings
    assert findings == []
    return table


@pytest.mark.parametrize(
    "kind",
    [
        of_frame,
        of_categories,
        pytest.param(of_parquet, marks=pytest.mark.heavy),
        pytest.param(of_feather, marks=pytest.mark.heavy),
        of_page,
        of_widths,
        of_query,
    ],
)
def test_no_reader_changes_a_text(tmp_path: Path, kind: Callable[[Path], WrittenTable]) -> None:
    table = kind(tmp_path)
    assert table.headers == ("sku", "cell")
    assert tuple(table.columns[1]) == HOSTILE


VALUES = [
    ([1, None, 3], ["1", "", "3"]),
    ([4006381333931, 2], ["4006381333931", "2"]),
    ([1.5, float("nan"), 0.1], ["1.5", "", "0.1"]),
    ([True, None], ["true", ""]),
    ([Decimal("1.10"), None], ["1.10", ""]),
    ([dt.date(2027, 3, 1), None], ["2027-03-01", ""]),
    ([dt.datetime(2027, 3, 1, 12, 30), None], ["2027-03-01 12:30:00", ""]),
    ([["a", "b"], None], [("a", "b"), ""]),
]


@pytest.mark.parametrize(("values", "cells"), VALUES)
def test_a_value_is_what_a_person_would_write(values: list[Any], cells: list[Any]) -> None:
    table = whole(read_frame(pd.DataFrame({"sku": values}), "f"))
    assert table.columns[0] == cells


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT, pd.NA])
def test_what_is_missing_in_any_way_is_the_empty_cell(missing: Any) -> None:
    for value, cell in (("x", "x"), (missing, ""), ([missing, "x"], ("", "x"))):
        assert whole(read_frame(pd.DataFrame({"a": pd.Series([value], dtype=object)}), "f")).columns[0] == [cell]


LONG = 12345678901234567
OF_PANDAS = [  # each with a cell that is missing in the way of its type
    (pd.array([LONG, None], dtype="Int64"), LONG),
    (pd.array([2**63 + 5, None], dtype="UInt64"), 2**63 + 5),
    (pd.array([0.1, None], dtype="Float64"), 0.1),
    *((pd.array([0.1, None], dtype=kind), 0.1) for kind in ("Float32", "float32", "float16")),
    (pd.array([True, None], dtype="boolean"), "true"),
    (pd.array(["0012", None], dtype="string"), "0012"),
    (pd.Categorical(["1E5", None]), "1E5"),
    (pd.Categorical([LONG, None]), LONG),
    (pd.to_datetime(["2027-03-01", None]), "2027-03-01"),
    (pd.to_datetime(["2027-03-01 12:30", None]), "2027-03-01 12:30:00"),
    (pd.to_datetime(["2027-03-01 12:30", None]).tz_localize("Europe/Berlin"), "2027-03-01 12:30:00+01:00"),
    (pd.period_range("2027-03", periods=1, freq="M").append(pd.PeriodIndex([None], freq="M")), "2027-03"),
    (pd.Series([np.float32(0.1), None], dtype=object), 0.1),
    (pd.Series([Decimal("1.10"), Decimal("NaN")], dtype=object), "1.10"),
    (pd.Series([np.datetime64("2027-03-01"), np.datetime64("NaT")], dtype=object), "2027-03-01"),
]


@pytest.mark.parametrize(("values", "cell"), OF_PANDAS, ids=[str(values.dtype) for values, _ in OF_PANDAS])
def test_types_of_pandas_own_make_no_difference(values: Any, cell: Any) -> None:
    assert whole(read_frame(pd.DataFrame({"a": values}), "f")).columns[0] == [str(cell), ""]


@pytest.mark.parametrize(
    ("value", "said"),
    [({"b", "a"}, "no order"), ("a\0b", "zero byte"), ("\ud83d", "half of"), (map(str, [1]), "holds a map, which is no")],
)
def test_what_no_cell_can_show_is_told_with_its_line(value: Any, said: str) -> None:
    table, _ = read_frame(pd.DataFrame({"a": pd.Series(["x", value], dtype=object)}), "f")
    assert table is not None
    ((fault,),) = table.faults.values()
    assert (fault.code, fault.place) == ("bad-cell", Place("f", 2))
    assert said in fault.message


def test_columns_without_a_name_have_none() -> None:
    frame = pd.DataFrame([["a", "b", "c"]], columns=pd.Index(["sku", None, float("nan")], dtype=object))
    assert whole(read_frame(frame, "f")).headers == ("sku", "", "")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns 'a'"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "several levels"),
        ({"a": [1]}, "not a DataFrame"),
    ],
)
def test_a_frame_that_is_no_table_is_told(frame: Any, said: str) -> None:
    table, (finding,) = read_frame(frame, "product (DataFrame)")
    assert table is None
    assert finding.code == "bad-frame"
    assert said in finding.message
    assert finding.hint


PAGE = """<table id="other"><tr><td>x</td></tr></table>
<table><caption>Spring <b>list</b></caption><thead><tr><th>sku<th>name<th>note</thead>
<tr><td rowspan="2">A<td>Tea &amp; tin<td>one<br>two
<tr><td colspan=2> 0012 <script>no</script></table>"""


def test_the_table_of_a_page_is_found_by_its_caption(tmp_path: Path) -> None:
    (tmp_path / "t.html").write_text(PAGE)
    table = whole(read_written(tmp_path / "t.html", "t.html", TableFormat(sheet="Spring list")))
    assert table.headers == ("sku", "name", "note")
    assert [list(one) for one in table.columns] == [["A", "A"], ["Tea & tin", "0012"], ["one\ntwo", "0012"]]
    table, findings = read_written(tmp_path / "t.html", "t.html", TableFormat(sheet="Sprung list"))
    assert [(table, one.code, one.hint) for one in findings] == [(None, "unknown-sheet", "did you mean 'Spring list'?")]


QUERIES = [
    ("select 1", "env:NOWHERE", "missing-key"),
    ("select 1", "postgresql://me:secret@shop.example/db", "secret-in-job"),
    ("select nothing from nowhere", "sqlite://", "query-failed"),
    ("select 1", "no address at all", "query-failed"),
]


@pytest.mark.parametrize(("query", "url", "code"), QUERIES)
def test_a_query_that_cannot_be_asked_is_one_line(query: str, url: str, code: str) -> None:
    table, (finding,) = read_query(query, url, "product (query)", {}, HERE)
    assert (table, finding.code, finding.place) == (None, code, HERE)
    assert "secret" not in finding.message
    assert "\n" not in finding.message


def test_a_driver_that_is_not_there_is_told_with_what_to_write() -> None:
    _, (finding,) = read_query("select 1", "mysql+nothing://shop/db", "q", {}, HERE)
    assert (finding.code, "mysql+pymysql://" in (finding.hint or "")) == ("query-failed", True)


def test_an_address_is_never_told(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/hidden/shop.db"
    _, (finding,) = read_query("select 1", "env:SHOP_DB", "q", {"SHOP_DB": address}, HERE)
    assert (finding.code, finding.message) == ("missing-file", "there is no file 'shop.db'")
    _, (finding,) = read_query("select 1", "env:SHOP_DB", "q", {"SHOP_DB": "mysql+hidden://me:secret@shop/db"}, HERE)
    assert finding.code == "query-failed"
    assert "secret" not in finding.message


@pytest.mark.parametrize("address", ["sqlite:///data/shop.db", "sqlite:///file:data/shop.db?uri=true"])
def test_a_database_is_only_read_and_never_made(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    table, (finding,) = read_query("select 1", address, "q", {}, HERE, tmp_path)
    assert (table, finding.code, finding.place) == (None, "missing-file", HERE)
    assert "shop.db'" in finding.message
    assert list((tmp_path / "data").iterdir()) == []
    with sqlite3.connect(tmp_path / "data/shop.db") as database:
        database.execute("create table products (sku text)")
        database.execute("insert into products values ('A')")
    database.close()
    assert whole(read_query("select sku from products", address, "q", {}, HERE, tmp_path)).columns == (["A"],)
    before = (tmp_path / "data/shop.db").read_bytes()
    for query in ("create table more (sku text)", "delete from products", "drop table products"):
        table, (finding,) = read_query(query, address, "q", {}, HERE, tmp_path)
        assert (table, finding.code) == (None, "query-failed")
    assert (tmp_path / "data/shop.db").read_bytes() == before


@pytest.mark.heavy
def test_short_fractions_of_a_parquet_file_have_the_digits_that_they_were_given(tmp_path: Path) -> None:
    needed.package("pyarrow")
    pd.DataFrame({"a": pd.array([0.1, None, 3], dtype="Float32")}).to_parquet(tmp_path / "t.parquet")
    assert whole(read_written(tmp_path / "t.parquet", "t.parquet")).columns[0] == ["0.1", "", "3"]


@pytest.mark.heavy
def test_short_fractions_within_lists_and_records_have_them_too(tmp_path: Path) -> None:
    needed.package("pyarrow")
    import pyarrow as pa
    from pyarrow import parquet

    record = pa.struct([("a", pa.float32()), ("b", pa.list_(pa.float16(), 1)), ("c", pa.float64())])
    columns = {
        "listed": pa.array([[0.1, None, 3.0], None], pa.list_(pa.float32())),
        "record": pa.array([{"a": 0.1, "b": [0.2], "c": 1 / 3}, None], record),
        "mapped": pa.array([[("x", 0.7)], []], pa.map_(pa.string(), pa.float32())),
        "named": pa.array(["float", None]),
    }
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    frame = pd.DataFrame({name: pd.array(cells, dtype=pd.ArrowDtype(cells.type)) for name, cells in columns.items()})
    for read in (read_written(tmp_path / "t.parquet", "t.parquet"), read_frame(frame, "f")):
        listed, records, mapped, named = whole(read).columns
        assert (listed, mapped, named) == ([("0.1", "", "3"), ""], [(("x", "0.7"),), ()], ["float", ""])
        assert [records[0][name] for name in "abc"] == ["0.1", ("0.2",), "0.3333333333333333"]


def test_midnight_in_a_zone_is_no_date_which_it_need_not_be_elsewhere() -> None:
    frame = pd.DataFrame({"sku": ["A"], "day": pd.to_datetime(["2027-03-01"]).tz_localize("Europe/Berlin")})
    _, (fault,) = read_table(whole(read_frame(frame, "f")), types={"day": "date"}, key=["sku"])
    assert (fault.code, fault.place) == ("bad-cell", Place("f", 1, 2))


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_file_that_is_none_of_its_kind_is_told(tmp_path: Path, ending: str) -> None:
    needed.package("pyarrow")
    (tmp_path / f"t.{ending}").write_bytes(b"sku,name\n1,2\n" * 9)
    table, (finding,) = read_written(tmp_path / f"t.{ending}", f"t.{ending}")
    assert (table, finding.code) == (None, "broken-table")


def test_a_line_that_is_too_long_for_its_columns_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("sku name \nA   Mug   x\n")
    table, (finding,) = read_written(tmp_path / "t.txt", "t.txt", TableFormat(widths=(4, 5)))
    assert table is not None
    assert (finding.code, finding.place) == ("line-too-long", Place("t.txt", 2))


def test_words_of_a_page_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    cell = "<b>bold & brave</b>"
    (tmp_path / "t.html").write_text(f"<table><tr><th>a<tr><td>{html.escape(cell)}</table>")
    assert whole(read_written(tmp_path / "t.html", "t.html")).columns[0] == [cell]


def test_columns_of_a_server_that_are_more_than_texts_are_what_they_say(postgres: PostgresServer) -> None:
    address = postgres.url.replace("postgresql://", "postgresql+psycopg://")
    said = """{"net": 0.10, "sizes": [1.50, 12345678901234567890], "none": null}"""
    columns = {
        "timestamptz '2027-03-01 09:00+01' at time zone 'Asia/Tokyo'": "2027-03-01 17:00:00",
        "timestamp '2027-03-01'": "2027-03-01",
        "timetz '09:00+01'": "09:00:00+01:00",
        "array['a', null, 'c']": ("a", "", "c"),
        "array[array[1, 2], array[3, 4]]": (("1", "2"), ("3", "4")),
        "'[]'::json": (),
        "'\"0012\"'::jsonb": "0012",
        "0.1::float4": "0.1",
        "'Sale: :now, 50%'": "Sale: :now, 50%",
        "position('%' in 'a%')": "2",
    }
    assert whole(read_query("select 1", postgres.url.replace("postgresql:", "postgres:"), "q", {}, HERE)).columns == (["1"],)
    asked = ", ".join(f"{column} as c{at}" for at, column in enumerate(columns))
    table = whole(read_query(f"select {asked}", address, "q", {}, HERE))
    assert [column[0] for column in table.columns] == list(columns.values())
    for kind in ("json", "jsonb"):
        (((record,),),) = [whole(read_query(f"select '{said}'::{kind} as r", address, "q", {}, HERE)).columns]
        assert {name: record[name] for name in record} == {"net": "0.10", "sizes": ("1.50", "12345678901234567890"), "none": ""}
    _, (finding,) = read_query("select timestamptz 'infinity'", address, "q", {}, HERE)
    assert (finding.code, "too large" in finding.message) == ("query-failed", True)


def test_a_query_to_a_file_may_say_what_parameters_are_called(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "shop.db").close()
    asked = """select 'Sale: :now' as a, '{"b":1}' as b, 'x%' like '%x!%' escape '!' as c, json('["0012"]') as d"""
    table = whole(read_query(asked, "sqlite:///shop.db", "q", {}, HERE, tmp_path))
    assert [column[0] for column in table.columns] == ["Sale: :now", '{"b":1}', "1", '["0012"]']


def test_a_query_to_a_server_is_read_as_texts_and_writes_nothing(postgres: PostgresServer) -> None:
    address = postgres.url.replace("postgresql://", "postgresql+psycopg://")
    rows = ", ".join(f"('{cell}', 3::bigint, 1.50::numeric, null)" for cell in HOSTILE)
    asked = f"select * from (values {rows}) as products"
    table = whole(read_query(asked, address, "q", {}, HERE))
    assert [column[0] for column in table.columns] == ["0012", "3", "1.50", ""]
    assert tuple(table.columns[0]) == HOSTILE
    table, (finding,) = read_query("create table made (sku text)", address, "q", {}, HERE)
    assert (table, finding.code) == (None, "query-failed")
    assert "read-only" in finding.message
