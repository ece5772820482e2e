"""Tables: names, types, lines, fill and keys."""

from __future__ import annotations

import csv
import io
import os
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from pressrun.model.finding import Finding, Place
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table import Table, identifier, read_table, table_of_items
from pressrun.readers.yaml_source import read_yaml


def _read(folder: Path, text: str, **options: Any) -> tuple[Table, list[Finding]]:
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    table, findings = read_table(path, "t.csv", **options)
    assert table is not None, findings
    return table, findings


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Variant SKU", "variant_sku"),
        ("Body (HTML)", "body_html"),
        ("Google Shopping / MPN", "google_shopping_mpn"),
        ("en-GB", "en_gb"),
        ("Größe (cm)", "größe_cm"),
        ("2nd image", "col_2nd_image"),
        ("class", "class_"),
        ("__class__", "class_"),
        ("ﬁt", "fit"),
        ("ชื่อ สินค้า", "ชื่อ_สินค้า"),
        ("हिन्दी", "हिन्दी"),
        (" (%) ", ""),
    ],
)
def test_headers_become_identifiers(header: str, name: str) -> None:
    assert identifier(header) == name


@given(st.text())
def test_an_identifier_can_always_be_written_in_an_expression(header: str) -> None:
    name = identifier(header)
    if name:
        assert name.isidentifier()
        assert not name.startswith("_")
        assert identifier(name).rstrip("_") == name.rstrip("_")


def test_cells_are_text_until_given_a_type(tmp_path: Path) -> None:
    table, findings = _read(tmp_path, "region,price,empty\nNA,007,\n")
    assert findings == []
    assert table.row(0) == {"region": "NA", "price": "007", "empty": ""}


def test_types(tmp_path: Path) -> None:
    text = "d,m,i,n,b,t\n2027-03-01,12.90,7,1e3,yes, x \n,,,,,\n"
    kinds = {"d": "date", "m": "decimal", "i": "integer", "n": "number", "b": "boolean", "t": "text"}
    table, findings = _read(tmp_path, text + "2027-03-02,-1,-2,.5,FALSE,\n", types=kinds)
    assert findings == []
    assert table.row(0) == {"d": date(2027, 3, 1), "m": Decimal("12.90"), "i": 7, "n": 1000.0, "b": True, "t": " x "}
    assert table.row(1) == {"d": date(2027, 3, 2), "m": Decimal(-1), "i": -2, "n": 0.5, "b": False, "t": ""}
    assert len(table) == 2
    table, _ = _read(tmp_path, "d,x\n,1\n", types={"d": "date"})
    assert table.row(0) == {"d": None, "x": "1"}


def test_renaming_takes_a_header_or_its_identifier(tmp_path: Path) -> None:
    table, findings = _read(tmp_path, "Variant SKU,Title\nA,x\n", columns={"sku": "Variant SKU", "name": "title"})
    assert findings == []
    assert table.columns == ("sku", "name")
    assert table.headers == {"sku": "Variant SKU", "name": "Title"}


def test_a_shop_export(tmp_path: Path) -> None:
    text = (
        "\ufeffHandle,Title,Body (HTML),Option1 Value,Variant SKU,Variant Price,Image Src\r\n"
        'kenya,Kenya AA,"<p>Bright,\r\n""juicy""</p>",250 g,K-250,12.00,k1.svg\r\n'
        "kenya,,,,,,k2.svg\r\n"
        "kenya,,,1 kg,K-1000,39.00,\r\n"
        "decaf,Decaf,,250 g,D-250,,d.svg\r\n"
        "decaf,,,1 kg,D-1000,,\r\n"
    )
    table, findings = _read(
        tmp_path, text, columns={"sku": "Variant SKU"}, fill="handle", key=["sku"], types={"variant_price": "decimal"}
    )
    assert [finding.code for finding in findings] == ["not-filled", "rows-without-key"]
    assert list(table.column("sku")) == ["K-250", "K-1000", "D-250", "D-1000"]
    assert list(table.column("title")) == ["Kenya AA", "Kenya AA", "Decaf", "Decaf"]
    assert list(table.column("image_src")) == ["k1.svg", "k1.svg", "d.svg", "d.svg"]
    assert list(table.column("variant_price")) == [Decimal("12.00"), Decimal("39.00"), None, None]
    assert list(table.lines) == [2, 5, 6, 7]
    assert table.place(1) == Place("t.csv", 5)
    assert table.row(0)["body_html"] == '<p>Bright,\r\n"juicy"</p>'


def test_fill_takes_the_previous_row_of_the_handle_even_when_others_stand_between(tmp_path: Path) -> None:
    table, _ = _read(tmp_path, "h,n,c\na,1,x\nb,2,y\na,3,\na,4,z\na,5,\n,6,\n", fill="h", key=["n"])
    assert list(table.column("c")) == ["x", "y", "x", "z", "z", ""]


def test_rows_are_found_by_key(tmp_path: Path) -> None:
    table, _ = _read(tmp_path, "sku,currency,amount\nA,EUR,1\nA,GBP,2\n", key=["sku", "currency"])
    assert table.index_of(("A", "GBP")) == 1
    assert table.index_of(("B", "GBP")) is None
    assert [row["amount"] for row in table.rows()] == ["1", "2"]
    assert pickle.loads(pickle.dumps(table)).index_of(("A", "EUR")) == 0


def test_a_cell_after_a_quoted_line_break_is_placed_in_its_own_line(tmp_path: Path) -> None:
    _, [finding] = _read(tmp_path, 'a,b,n\n"x ""y""\nz",é,no\n', types={"n": "integer"})
    assert finding.place == Place("t.csv", 3, 6)


def test_a_missing_table_is_told_where_the_job_names_it(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("sku\nA\n")
    table, [finding] = read_table(
        tmp_path / "product.csv", "product.csv", place_of=lambda path: Place("job.yaml", 4, len(path))
    )
    assert table is None
    assert (finding.code, finding.place) == ("missing-file", Place("job.yaml", 4, 1))
    assert finding.hint == "did you mean 'products.csv'?"


def test_items_make_a_table_too() -> None:
    items = [{"id": "a", "start": "2027-03-01", "n": 1}, {"id": "a", "start": "soon"}]
    table, findings = table_of_items("job.yaml", items, [4, 5], types={"start": "date"}, key=["id"])
    assert [(finding.code, finding.place) for finding in findings] == [
        ("bad-cell", Place("job.yaml", 5)),
        ("duplicate-row-key", Place("job.yaml", 5)),
    ]
    assert table.row(0) == {"id": "a", "start": date(2027, 3, 1), "n": 1}
    assert table.row(1)["n"] == ""
    assert [finding.code for finding in table_of_items("job.yaml", [], [])[1]] == ["no-rows"]


_cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
_filled_rows = st.lists(st.tuples(_cells.filter(bool), _cells, _cells), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_filled_rows, st.sampled_from([",", ";", "\t", "|"]), st.booleans())
def test_what_a_csv_writer_writes_is_read_back_with_true_lines(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, mark: bool
) -> None:
    assume(not any(cell.startswith(("=", "'")) for row in rows for cell in row))  # dressed up for a spreadsheet
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["one", "two", "three"])
    begins = []
    for row in rows:
        begins.append(len(io.StringIO(written.getvalue(), newline="").readlines()) + 1)
        writer.writerow(row)
    table, findings = _read(tmp_path, ("\ufeff" if mark else "") + written.getvalue())
    assert not [finding for finding in findings if finding.is_error]
    assert list(zip(*(table.column(name) for name in ("one", "two", "three")), strict=True)) == rows
    assert list(table.lines) == begins


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
@example(b"\x01\xa0\x01")  # a blank in one encoding, a letter in another
def test_no_bytes_make_it_fail(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(raw)
    table, findings = read_table(tmp_path / "t.csv", "t.csv")
    assert table is not None or any(finding.is_error for finding in findings)


def test_zero_bytes_are_found_however_late(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"sku,name\n" + b"K,Kenya\n" * 20_000 + b"L,Li\0ma\n")
    table, [finding] = read_table(path, "t.csv")
    assert (table, finding.code, finding.place) == (None, "not-utf-8", Place("t.csv", 20_002, 5))


def test_a_cell_without_end_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("sku,name\nK," + "x" * 200_000 + "\n")
    table, [finding] = read_table(path, "t.csv")
    assert (table, finding.code, finding.place) == (None, "quotes", Place("t.csv", 2))
    assert "131,072 characters" in finding.message


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.csv")
    table, [finding] = read_table(tmp_path / "t.csv", "t.csv")
    assert (table, finding.code) == (None, "missing-file")
    source, [finding] = read_yaml(tmp_path / "t.csv", "t.csv")
    assert (source, finding.code) == (None, "missing-file")


def test_a_row_of_too_many_cells_is_one_fault(tmp_path: Path) -> None:
    table, [finding] = _read(
        tmp_path, "sku,amount\nK,12\nL,not, a number\nM,13\n", types={"amount": "decimal"}, key=["sku"]
    )
    assert (finding.code, finding.place) == ("ragged-row", Place("t.csv", 3))
    assert list(table.column("sku")) == ["K", "M"]


@pytest.mark.parametrize(
    ("word", "choice", "hint"),
    [
        ("product", "prоduct", "did you mean 'prоduct'? (one of them has U+043E in it, cyrillic small letter o)"),
        ("prоduct", "product", "did you mean 'product'? (one of them has U+043E in it, cyrillic small letter o)"),
        ("grosse", "größe", "did you mean 'größe'?"),
        ("produkt", "product", "did you mean 'product'?"),
        ("Größe", "große", "did you mean 'große'?"),
    ],
)
def test_names_that_look_the_same_are_told_apart(word: str, choice: str, hint: str) -> None:
    assert did_you_mean(word, [choice]) == hint


def test_choices_without_an_order_are_listed_in_one() -> None:
    names = [f"{letter}-{number}" for letter in "qxz" for number in (3, 1, 2)]
    assert did_you_mean("nothing", set(names)) == f"known: {', '.join(sorted(names))}"
    assert did_you_mean("nothing", names) == f"known: {', '.join(names)}"
    assert did_you_mean("nothing", dict.fromkeys(names).keys()) == f"known: {', '.join(names)}"
    assert did_you_mean("q-4", set(names)) == did_you_mean("q-4", sorted(names))


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("12,90", "write 12.90, or for a column with commas `decimals: {price: de-DE}`"),
        ("-1299,9", "write -1299.9, or for a column with commas `decimals: {price: de-DE}`"),
        ("1,299", "write 1299.90: a point for the fraction, nothing between thousands, no currency"),
        ("EUR 5", "write 1299.90: a point for the fraction, nothing between thousands, no currency"),
        *(
            (cell, "write 1299.90: a point for the fraction, nothing between thousands, no currency; or for a column "
             f"written so `decimals: {{price: {locale}}}`")
            for cell, locale in (("1.299,90", "de-DE"), ("1,299,000", "en-US"), ("1’299", "de-CH"), ("1 299", "fr-FR"),
                                 ("12 900,00", "fr-FR"), ("1’299.50", "de-CH"))
        ),
    ],
)
def test_a_comma_for_a_point_is_answered_with_the_number_that_is_meant(tmp_path: Path, cell: str, hint: str) -> None:
    (tmp_path / "prices.csv").write_text(f'sku,price\nMUG,"{cell}"\n', "utf-8")
    _, findings = read_table(tmp_path / "prices.csv", types={"price": "decimal"})
    assert [one.hint for one in findings if one.code == "bad-cell"] == [hint]
