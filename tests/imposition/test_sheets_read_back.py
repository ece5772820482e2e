"""Imposed files as pikepdf reads them: every page lies where its cell is, whatever its boxes, turn and unit."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import pikepdf
import pytest
from imposition_kit import CARD, MM, Drawn, imposed, pdf, placed, source

from pressrun.model.geometry import Rect
from pressrun.run.imposition.scheme import NAMES, load_scheme

ODD_PAGES = {
    "plain": Drawn(),
    "elsewhere": Drawn(origin=(-120.0, 340.5)),
    "turned": Drawn(rotation=90),
    "upside-down": Drawn(rotation=180),
    "turned-left": Drawn(rotation=270),
    "in-inches": Drawn(unit=2.0),
    "turned-in-inches": Drawn(rotation=90, unit=2.0, origin=(11.0, -3.0)),
    "with-slug": Drawn(outside=12.0),
    "without-bleed": Drawn(bleed=0.0),
}  # fmt: skip


def near(one: Rect, other: Rect) -> bool:
    parts = ("x", "y", "width", "height")
    return all(abs(getattr(one, part) - getattr(other, part)) < 0.002 for part in parts)


@pytest.mark.parametrize("kind", ODD_PAGES)
def test_a_page_lies_in_its_cell_whatever_its_boxes(kind: str) -> None:
    data = pdf(10, ODD_PAGES[kind])
    made = imposed(data, onto="sra3-10up")
    [side] = made.imposed.sheets[0].sides
    with pikepdf.open(io.BytesIO(made.data)) as sheets, pikepdf.open(io.BytesIO(data)) as original:
        [page] = sheets.pages
        assert [round(float(edge), 3) for edge in page.mediabox] == [0, 0, round(320 * MM, 3), round(450 * MM, 3)]
        assert page.trimbox == page.mediabox
        found = list(placed(page))
        assert len(found) == len(side.positions) == 10
        for one, position, before in zip(found, side.positions, original.pages, strict=True):
            trim = tuple(float(edge) for edge in before.trimbox)
            wanted = Rect(*(part / MM for part in (position.trim.x, position.trim.y, CARD[0] * MM, CARD[1] * MM)))
            assert near(one.box(trim, 450 * MM), wanted)
            form = page.Resources.XObject[one.form]
            assert [float(edge) for edge in form.BBox] == pytest.approx([float(edge) for edge in before.bleedbox])


LABELS = {  # width, height, columns, rows; from the sheet's left and top to the first; from one to the next: as makers say
    "a4-24up": ((70, 37), 3, 8, (0, 0.5), 70),
    "a4-21up": ((63.5, 38.1), 3, 7, (7.25, 15.15), 66),
    "a4-14up": ((99.1, 38.1), 2, 7, (4.65, 15.15), 101.6),
    "a4-8up": ((99.1, 67.7), 2, 4, (4.65, 13.1), 101.6),
    "a4-65up": ((38.1, 21.2), 5, 13, (4.75, 10.7), 40.6),
}


@pytest.mark.parametrize("onto", LABELS)
def test_labels_stand_where_their_sheet_is_cut(onto: str) -> None:
    (width, height), columns, rows, (left, top), pitch = LABELS[onto]
    made = imposed(pdf(columns * rows, Drawn((width, height), bleed=2 if pitch > width else 0)), onto=onto)
    [sheet] = made.imposed.sheets
    cells = [one.trim for one in sheet.sides[0].positions]
    assert not made.findings
    assert [round(one.x / MM, 2) for one in cells[:columns]] == pytest.approx([left + at * pitch for at in range(columns)])
    tops = [round(one.y / MM, 2) for one in cells[::columns]]
    assert tops == pytest.approx([top + at * height for at in range(rows)])


def test_cells_of_business_cards_stand_as_the_scheme_says() -> None:
    made = imposed(pdf(10), onto="sra3-10up")
    [side] = made.imposed.sheets[0].sides
    lefts = sorted({round(one.trim.x / MM, 3) for one in side.positions})
    tops = sorted({round(one.trim.y / MM, 3) for one in side.positions})
    assert lefts == [72.0, 163.0]
    assert [round(second - first, 3) for first, second in itertools.pairwise(tops)] == [61.0] * 4


def test_bleed_ends_in_the_middle_of_a_gutter() -> None:
    made = imposed(pdf(21, Drawn(bleed=5.0)), onto="sra3-21up", gutter=4.0)
    [side] = made.imposed.sheets[0].sides
    assert "bleed-over-gap" in {one.code for one in made.findings}
    clips = [one.cell.clip for one in side.positions]
    for at, one in enumerate(clips):
        for other in clips[at + 1 :]:
            apart = one.right <= other.x + 0.01 or other.right <= one.x + 0.01
            assert apart or one.bottom <= other.y + 0.01 or other.bottom <= one.y + 0.01


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_that_is_there_takes_its_pages(name: str) -> None:
    scheme = load_scheme(name)
    width, height = (edge.points(0) / MM for edge in scheme.page) if scheme.page else CARD
    data = pdf(16, Drawn((width, height)))
    made = imposed(data, onto=name)
    assert [one.code for one in made.findings if one.is_error] == []
    sheets = made.imposed.sheets
    positions = [one for sheet in sheets for side in sheet.sides for one in side.positions]
    assert {one.page for one in positions} == set(range(16))
    for sheet in sheets:
        paper = Rect(0, 0, sheet.width, sheet.height)
        assert all(paper.contains(one.cell.trim) for side in sheet.sides for one in side.positions)
    with pikepdf.open(io.BytesIO(made.data)) as written:
        assert len(written.pages) == sum(len(sheet.sides) for sheet in sheets)


def test_the_same_pages_give_the_same_bytes() -> None:
    first, second = (imposed(pdf(7), pdf(5, spot="Gold"), onto="sra3-10up", turn="sheetwise") for _ in range(2))
    assert first.data == second.data


def test_what_files_have_in_common_is_stored_once(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 3000

    def with_picture(name: str) -> bytes:
        with pikepdf.open(io.BytesIO(pdf(1))) as document:
            picture = pikepdf.Stream(
                document, noise, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=768, Height=1000,
                ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
            )  # fmt: skip
            page = document.pages[0]
            page.obj.Resources.XObject = pikepdf.Dictionary(Im=document.make_indirect(picture))
            page.contents_add(f"q 40 0 0 40 30 30 cm /Im Do Q % {name}".encode())
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()

    made = imposed(*(source(with_picture(str(at)), f"{at}.pdf") for at in range(10)))
    with pikepdf.open(io.BytesIO(made.data)) as sheets:
        pictures = [
            one for one in sheets.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        assert len(pictures) == 1
        assert pictures[0].read_bytes() == noise
