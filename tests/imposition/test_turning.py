"""Backs lie behind their fronts, however the sheet is turned: measured on the coordinates, and on written files."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imposition_kit import Drawn, imposed, pdf, placed

from pressrun.model.geometry import Rect, around, turned_about
from pressrun.run.imposition.position import Cell, Position, PressSheet
from pressrun.run.imposition.turns import OVER_LEVEL_AXIS, Turn, behind, cell_behind

TURNS: list[Turn] = ["sheetwise", "perfecting", "work-and-turn", "work-and-tumble"]
LENGTH = st.floats(1, 2000)


def head(cell: Cell) -> Rect:
    """The edge of a cell at which the head of its page is."""
    trim = cell.trim
    return {
        0: Rect(trim.x, trim.y, trim.width, 0), 90: Rect(trim.right, trim.y, 0, trim.height),
        180: Rect(trim.x, trim.bottom, trim.width, 0), 270: Rect(trim.x, trim.y, 0, trim.height),
    }[cell.turned]  # fmt: skip


def same(one: Rect, other: Rect) -> bool:
    return all(abs(getattr(one, part) - getattr(other, part)) < 0.001 for part in ("x", "y", "width", "height"))


@given(LENGTH, LENGTH, LENGTH, LENGTH, st.sampled_from([0, 90, 180, 270]), st.sampled_from(TURNS))
def test_a_back_has_its_head_where_its_front_has(
    x: float, y: float, width: float, height: float, turned: int, turn: Turn
) -> None:
    trim = Rect(x, y, width, height)
    front = Cell(trim, trim, turned)
    back = cell_behind(front, 4000, 3000, turn)
    assert same(back.trim, behind(trim, 4000, 3000, turn))
    assert same(head(back), behind(head(front), 4000, 3000, turn))
    tumbled = cell_behind(front, 4000, 3000, turn, head_to_foot=True)
    assert not same(head(tumbled), behind(head(front), 4000, 3000, turn))


@given(LENGTH, LENGTH, st.sampled_from(TURNS))
def test_a_sheet_that_is_turned_twice_lies_as_it_did(x: float, y: float, turn: Turn) -> None:
    rect = Rect(x, y, 20, 10)
    assert same(behind(behind(rect, 3000, 3000, turn), 3000, 3000, turn), rect)


def printed_behind(sheet: PressSheet, front: Position, turn: Turn) -> Position | None:
    """What the press prints on the other side of a page: from the back's plates, or from the one plate once more."""
    place = behind(front.cell.trim, sheet.width, sheet.height, turn)
    return next((one for one in sheet.sides[-1].positions if same(one.cell.trim, place)), None)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("onto", ["sra3-10up", "sra3-4up", "letter-10up"])
def test_every_front_has_its_own_back_behind_it(turn: Turn, onto: str) -> None:
    size = {"sra3-10up": (85.0, 55.0), "sra3-4up": (148.0, 210.0), "letter-10up": (88.9, 50.8)}[onto]
    if onto != "sra3-4up" and turn == "work-and-tumble":
        size, onto = (85.0, 55.0), "roll-330"
    made = imposed(pdf(8, Drawn(size)), onto=onto, turn=turn)
    for sheet in made.imposed.sheets:
        assert len(sheet.sides) == (1 if turn.startswith("work") else 2)
        for front in sheet.sides[0].positions:
            back = printed_behind(sheet, front, turn)
            assert back is not None
            assert {front.page, back.page} in [{page, page + 1} for page in range(0, 8, 2)]


@pytest.mark.parametrize("turn", TURNS)
def test_written_backs_register_with_their_fronts(turn: Turn) -> None:
    """The trim of each form, moved by the matrices that are written, turned over with the sheet."""
    made = imposed(pdf(2, Drawn(rotation=90)), onto="sra3-10up", turn=turn, columns=2, rows=2)
    sheet = made.imposed.sheets[0]
    with pikepdf.open(io.BytesIO(made.data)) as written:
        boxes = {}
        for page in written.pages:
            for one in placed(page):
                edges = [float(edge) for edge in page.Resources.XObject[one.form].BBox]
                boxes[one.form] = one.box((edges[0], edges[1], edges[2], edges[3]), sheet.height)
    mm = 25.4 / 72
    assert same(behind(boxes["/P0"], sheet.width * mm, sheet.height * mm, turn), boxes["/P1"])


def test_one_back_goes_behind_all_fronts() -> None:
    made = imposed(pdf(10), onto="sra3-10up", backs=[pdf(1)], turn="sheetwise")
    [sheet] = made.imposed.sheets
    assert sheet.sides[0].pages == tuple(range(10))
    assert set(sheet.sides[1].pages) == {10}
    assert all(printed_behind(sheet, front, "sheetwise") for front in sheet.sides[0].positions)


def test_targets_of_both_sides_lie_on_each_other() -> None:
    from pressrun.run.imposition.scheme import load_scheme
    from pressrun.run.imposition.sheets import printable
    from pressrun.run.imposition.side_marks import Inks, SideMarks

    made = imposed(pdf(10), onto="sra3-10up", turn="sheetwise")
    [sheet] = made.imposed.sheets
    area = printable(load_scheme("sra3-10up"), sheet)
    targets = SideMarks(sheet.sides[0], area, frozenset({"registration"}), Inks(("Black",))).targets
    assert len(targets) == 4
    inked = [one.cell.clip for one in sheet.sides[0].positions]
    pages = inked[0]
    for one in inked:
        pages = around(pages, one)
    assert not any(pages.meets(one) for one in targets)


def test_turning_by_the_matrix_is_turning_of_the_cell() -> None:
    assert {"perfecting", "work-and-tumble"} == OVER_LEVEL_AXIS
    assert turned_about(0, 0, 180)[:4] == pytest.approx((-1, 0, 0, -1))
