"""Which pages are bound together, where several files come."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from imposition_kit import Drawn, WrittenSheets, imposed, pdf, source
from msgspec.structs import replace

from pressrun.run.imposition.press_sheets import press_files
from pressrun.run.imposition.sources import SourceFile

A5 = Drawn((148.0, 210.0))


def of_a_run(pages: int, row: str, documents: tuple[int, ...] = (), quantity: int = 1) -> SourceFile:
    return SourceFile(f"{row}.pdf", pdf(pages, A5), label=row, quantity=quantity, documents=documents or (pages,))


def pages_of_sheets(made: WrittenSheets) -> list[set[int]]:
    return [set(sheet.pages) for sheet in made.imposed.sheets]


def test_each_booklet_of_a_run_is_bound_by_itself_as_often_as_it_is_wanted() -> None:
    """Programmes in three languages were one book of all pages, whose first sheet had the cover of one and the end of
    another."""
    made = imposed(of_a_run(8, "de"), of_a_run(12, "el", quantity=200), of_a_run(8, "pl"), onto="sra3-a5-booklet")
    first, outer, inner, last = pages_of_sheets(made)
    assert (first, outer | inner, last) == ({*range(8)}, {*range(8, 20)}, {*range(20, 28)})
    assert [sheet.copies for sheet in made.imposed.sheets] == [1, 200, 200, 1]
    assert [one.place.file for one in made.findings if one.code == "blank-pages" and one.place] == ["el.pdf"]


def test_each_booklet_in_a_file_of_many_rows_is_bound_by_itself() -> None:
    made = imposed(of_a_run(16, "all", (8, 8)), onto="sra3-a5-booklet")
    assert pages_of_sheets(made) == [{*range(8)}, {*range(8, 16)}]


@pytest.mark.parametrize(("onto", "said"), [("a4-booklet", {"folds": ["right"]}), ("sra3-a5-booklet", {"folds": ["top", "right"]})])
def test_a_booklet_that_is_read_from_the_right_is_bound_there(onto: str, said: dict[str, list[str]]) -> None:
    """As a scheme with `binding: right` has it; others of its run stay as they are."""
    arabic = replace(of_a_run(8, "ar"), from_right=True)
    made = imposed(of_a_run(8, "en"), arabic, onto=onto).imposed.sheets
    left = imposed(of_a_run(8, "en"), onto=onto).imposed.sheets
    right = imposed(of_a_run(8, "ar"), onto=onto, binding="right", **said).imposed.sheets
    places = [[(one.page % 8, one.trim) for side in sheet.sides for one in side.positions] for sheet in (*left, *right)]
    assert [[(one.page % 8, one.trim) for side in sheet.sides for one in side.positions] for sheet in made] == places
    assert places[: len(left)] != places[len(left) :]


@pytest.mark.parametrize(("direction", "from_right"), [("/R2L", True), ("/L2R", False), (None, False)])
def test_a_pdf_that_is_named_is_bound_where_it_says_that_it_is_read_from(
    tmp_path: Path, direction: str | None, from_right: bool
) -> None:
    with pikepdf.open(io.BytesIO(pdf(8, A5))) as document:
        if direction:
            document.Root.ViewerPreferences = pikepdf.Dictionary(Direction=pikepdf.Name(direction))
        document.save(tmp_path / "book.pdf")
    (file,) = press_files([str(tmp_path / "book.pdf")], None).files
    here = imposed(file, onto="a4-booklet").imposed.sheets
    said = {"binding": "right", "folds": ["right"]} if from_right else {}
    there = imposed(of_a_run(8, "book"), onto="a4-booklet", **said).imposed.sheets
    first, second = (
        [(one.page, one.trim) for sheet in sheets for side in sheet.sides for one in side.positions]
        for sheets in (here, there)
    )
    assert first == second


@pytest.mark.parametrize("files", [
    [of_a_run(1, str(number)) for number in range(8)],
    [of_a_run(8, "all", (4, 3))],
    [source(pdf(4, A5), "first.pdf"), source(pdf(4, A5), "second.pdf")],
], ids=["a page a row", "with slips between", "named PDFs"])  # fmt: skip
def test_other_pages_are_one_booklet(files: list[SourceFile]) -> None:
    assert pages_of_sheets(imposed(*files, onto="sra3-a5-booklet")) == [{*range(8)}]
