"""A page looks on its sheet as it did: cut out of the sheet and turned back, it is drawn as the page itself is."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy
import pikepdf
import pypdfium2
import pytest
from imposition_kit import MM, Drawn, imposed, pdf
from PIL import Image

from pressrun.graphics.codes.barcodes import reading
from pressrun.graphics.pages.placed_pages import trim_of
from pressrun.run.imposition.sheets import SheetFile

SCALE = 2.0  # pixels a point
KINDS = {
    "n-up": ("sra3-10up", {}, Drawn()),
    "turned pages": ("sra3-10up", {}, Drawn(rotation=90)),
    "turned over": ("sra3-10up", {"turn": "sheetwise"}, Drawn()),
    "tumbled": ("sra3-10up", {"turn": "perfecting"}, Drawn()),
    "cells that are turned": ("roll-330", {}, Drawn((55.0, 85.0), bleed=2)),
    "one plate": ("sra3-10up", {"turn": "work-and-turn"}, Drawn()),
    "cut and stack": ("sra3-21up", {"method": "cut-and-stack"}, Drawn(unit=2.0)),
    "stitched": ("sra3-a5-booklet", {}, Drawn((148.0, 210.0))),
    "glued": ("b2-16page", {}, Drawn((148.0, 210.0), origin=(30.0, -40.0))),
    "gang": ("sra3-gang", {}, Drawn((99.0, 40.0))),
}  # fmt: skip


def shown(page: pikepdf.Page, box: tuple[float, float, float, float], turned: int = 0) -> Image.Image:
    """What lies in a box of a page, drawn from the box's own corner on, and turned back."""
    alone = pikepdf.new()
    alone.pages.append(page)
    only = alone.pages[0]
    for name in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if name in only.obj:
            del only.obj[name]
    only.obj.MediaBox = pikepdf.Array(box)
    only.obj.Rotate = (int(only.obj.get("/Rotate", 0)) - turned) % 360
    unit = float(only.obj.get("/UserUnit", 1))  # PDFium draws units as points
    out = io.BytesIO()
    alone.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        return document[0].render(scale=SCALE * unit).to_pil().convert("RGB")


def cut_out(made: SheetFile) -> list[tuple[int, Image.Image]]:
    """Every page of all sheets, by its number."""
    cut = []
    with pikepdf.open(io.BytesIO(made.data)) as sheets:
        sides = [(sheet, side) for sheet in made.imposed.sheets for side in sheet.sides]
        for (sheet, side), page in zip(sides, sheets.pages, strict=True):
            for one in side.positions:
                trim = one.trim
                box = (trim.x, sheet.height - trim.bottom, trim.right, sheet.height - trim.y)
                cut.append((one.page, shown(page, box, one.cell.turned)))
    return cut


def apart(one: Image.Image, other: Image.Image) -> float:
    """How different two pictures are: of what their softest edges may be, and not more."""
    size = (min(one.width, other.width), min(one.height, other.height))
    first, second = (numpy.asarray(image.crop((0, 0, *size)), dtype=float) for image in (one, other))
    return float(numpy.abs(first - second).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_looks_as_it_did(kind: str) -> None:
    onto, said, drawn = KINDS[kind]
    data = pdf(6, drawn)
    cut = cut_out(imposed(data, onto=onto, **said))
    with pikepdf.open(io.BytesIO(data)) as original:
        before = [shown(page, trim_of(page)) for page in original.pages]
    assert {number for number, _ in cut} == set(range(6))
    for number, image in cut:
        differences = [apart(image, one) for one in before]
        assert differences[number] < 1.5
        assert min(differences) == differences[number]


def test_creep_moves_inner_pages_to_the_spine_and_shows_nothing_beyond_it() -> None:
    data = pdf(12, Drawn((210.0, 297.0)))
    without, with_creep = imposed(data, onto="sra3-booklet"), imposed(data, onto="sra3-booklet", creep=0.2)
    moved = {}
    for plain, crept in zip(without.imposed.sheets, with_creep.imposed.sheets, strict=True):
        for side, other in zip(plain.sides, crept.sides, strict=True):
            for one, two in zip(side.positions, other.positions, strict=True):
                assert one.cell == two.cell
                fold = plain.width / 2
                nearer = abs(one.trim.x + one.trim.width / 2 - fold) - abs(two.trim.x + two.trim.width / 2 - fold)
                moved[one.page + 1] = round(nearer / MM, 3)
                assert (
                    fold in (round(two.cell.clip.x, 3), round(two.cell.clip.right, 3))
                    or abs(min(abs(two.cell.clip.x - fold), abs(two.cell.clip.right - fold))) < 0.001
                )
    assert moved == {1: 0, 2: 0, 11: 0, 12: 0, 3: 0.2, 4: 0.2, 9: 0.2, 10: 0.2, 5: 0.4, 6: 0.4, 7: 0.4, 8: 0.4}


def test_plates_of_a_sheet_have_the_inks_of_its_pages(tool: Callable[..., str], tmp_path: Path) -> None:
    """Ghostscript's separations: the spot has its plate, marks are on every one, and a page's tint is what it was."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(imposed(pdf(2, spot="Gold"), onto="sra3-10up").data)
    tool(
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-dSAFER",
        "-sDEVICE=tiffsep",
        "-r72",
        f"-sOutputFile={tmp_path}/plate%d.tif",
        path,
    )
    plates = {one.name.split("(")[1].split(")")[0]: Image.open(io.BytesIO(one.read_bytes())) for one in tmp_path.glob("plate1(*.tif")}
    assert plates.keys() == {"Cyan", "Magenta", "Yellow", "Black", "Gold"}
    made = imposed(pdf(2, spot="Gold"), onto="sra3-10up")
    [side] = made.imposed.sheets[0].sides
    first, second = (one.trim for one in side.positions)
    for trim, tint in ((first, 0.15), (second, 0.15 + 0.7 / 13)):
        at = (round(trim.x + trim.width * 0.8), round(trim.y + trim.height * 0.8))
        assert abs((1 - plates["Yellow"].getpixel(at) / 255) - tint) < 0.01
        gold = (round(trim.x + trim.width / 2 + 10), round(trim.y + trim.height / 2 - 10))
        assert plates["Gold"].getpixel(gold) < 5
    corner = (round(side.cells[0].trim.x), round(side.cells[0].clip.y - 8))  # on a crop mark
    for plate in plates.values():
        around = plate.crop((corner[0] - 2, corner[1] - 2, corner[0] + 3, corner[1] + 3))
        assert min(around.tobytes()) < 230


def test_other_tools_open_a_sheet(tool: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(imposed(pdf(16, Drawn((148.0, 210.0)), spot="Gold"), onto="b2-16page").data)
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", path)
    assert "Pages:           2" in tool("pdfinfo", path)


@pytest.mark.parametrize("turn", ["none", "sheetwise"])
def test_the_cutters_code_reads_which_sheet_it_is(turn: str) -> None:
    made = imposed(pdf(44), onto="sra3-21up", turn=turn, marks=("crop", "code"))
    read = []
    with pypdfium2.PdfDocument(made.data) as sheets:
        for page in sheets:
            read += reading(page.render(scale=4).to_pil(), "data-matrix")
    count = len(made.imposed.sheets)
    sides = [side.name for side in made.imposed.sheets[0].sides]
    assert read == [f"sheet/{number}/{count}/{side}" for number in range(1, count + 1) for side in sides]
