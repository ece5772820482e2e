"""Workbooks that Excel itself saved, as xlsx and as xls: those of Debian's r-cran-readxl, which are read where they lie."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import needed
import pytest

from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat

INSTALLED = "/usr/lib/R/site-library/readxl/extdata"
FOLDER = Path(os.environ.get("PRESSRUN_SAVED_BY_EXCEL", INSTALLED))
if not FOLDER.is_dir():
    needed.absent("r-cran-readxl (or its files in PRESSRUN_SAVED_BY_EXCEL)")

KINDS = ["xlsx", pytest.param("xls", marks=pytest.mark.skipif(not find_spec("xlrd"), reason="needs the extra xls"))]


def cells(name: str, kind: str, sheet: str, header: int = 1) -> list[Sequence[str]]:
    """The rows of a sheet, of which nothing is told."""
    file = f"{name}.{kind}"
    table, findings = read_written(FOLDER / file, file, TableFormat(sheet=sheet, header=header))
    assert (table is not None, findings) == (True, [])
    assert table is not None
    return [table.headers, *zip(*table.columns, strict=True)]


@pytest.mark.parametrize("name", ["clippy", "deaths", "geometry", "type-me"])
def test_they_are_what_they_are_taken_for(name: str) -> None:
    with zipfile.ZipFile(FOLDER / f"{name}.xlsx") as packed:
        assert b"<Application>Microsoft Macintosh Excel</Application>" in packed.read("docProps/app.xml")


@pytest.mark.parametrize("kind", KINDS)
def test_texts_numbers_and_dates_are_what_they_mean(kind: str) -> None:
    assert cells("clippy", kind, "list-column") == [
        ("name", "value"), ("Name", "Clippy"), ("Species", "paperclip"), ("Approx date of death", "2007-01-01"),
        ("Weight in grams", "0.9"),
    ]  # fmt: skip
    deaths = cells("deaths", kind, "arts", header=5)
    assert deaths[0] == ("Name", "Profession", "Age", "Has kids", "Date of birth", "Date of death")
    assert deaths[9] == ("Zsa Zsa Gábor", "actor", "99", "TRUE", "1917-02-06", "2016-12-18")


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_all_kinds_of_cells_stays_as_it_is(kind: str) -> None:
    assert [value for value, _ in cells("type-me", kind, "logical_coercion")[1:]] == [
        "", "0", "1", "2016-01-01", "TRUE", "FALSE", "cabbage", "true", "F", "False",
    ]  # fmt: skip
    assert [value for value, _ in cells("type-me", kind, "date_coercion")[1:]] == [
        "", "2016-05-23", "2016-04-28 11:30:00", "TRUE", "cabbage", "4.3", "39448",
    ]  # fmt: skip
    assert [value for value, _ in cells("type-me", kind, "text_coercion")[1:]] == [
        "", "cabbage", "TRUE", "1.3", "2016-09-24", "36436153",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_in_the_middle_of_its_sheet_is_found_there(kind: str) -> None:
    assert cells("geometry", kind, "Sheet1", header=3)[0][1:] == ("B3", "C3", "D3")
    assert cells("geometry", kind, "Sheet1", header=3)[3] == ("", "B6", "C6", "D6")
