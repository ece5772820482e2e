"""What stands around the pages: beside the ink, on all plates, in the inks that are used, in words that can be read."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pikepdf
import pytest
from imposition_kit import MM, Drawn, imposed, pdf, source

from pressrun.model.geometry import Rect
from pressrun.readers.press_pdf.budget import Budget
from pressrun.run.imposition import lettering
from pressrun.run.imposition.inks_used import process_inks
from pressrun.run.imposition.marks import crop_lines, fold_lines
from pressrun.run.imposition.position import PressSheet, Side
from pressrun.run.imposition.scheme import load_scheme
from pressrun.run.imposition.sheets import printable
from pressrun.run.imposition.side_marks import Inks, SideMarks

SHEETS = {
    "a4-badges": Drawn((90.0, 55.0), bleed=0), "sra3-badges": Drawn((90.0, 55.0)),
    "sra3-10up": Drawn(), "sra3-21up": Drawn(), "sra3-4up": Drawn((148.0, 210.0)), "sra3-booklet": Drawn((210.0, 297.0)),
    "b2-16page": Drawn((148.0, 210.0)), "sra3-gang": Drawn((99.0, 60.0)), "roll-330": Drawn((40.0, 40.0), bleed=2),
}  # fmt: skip
Line = tuple[float, float, float, float]


def first_side(onto: str) -> tuple[PressSheet, Side, Rect]:
    sheet = imposed(pdf(16, SHEETS[onto]), onto=onto).imposed.sheets[0]
    return sheet, sheet.sides[0], printable(load_scheme(onto), sheet)


def around(line: Line) -> Rect:
    return Rect(min(line[0], line[2]), min(line[1], line[3]), abs(line[0] - line[2]), abs(line[1] - line[3]))


@pytest.mark.parametrize("onto", SHEETS)
def test_marks_lie_where_nothing_else_does(onto: str) -> None:
    _, side, area = first_side(onto)
    lines = [*crop_lines(side.cells, area, side.folds), *fold_lines(side.folds, side.cells, area)]
    assert lines
    for line in lines:
        assert area.contains(around(line))
        assert not any(cell.clip.meets(around(line)) for cell in side.cells)


@pytest.mark.parametrize("onto", SHEETS)
def test_every_cut_around_the_sheet_has_its_marks(onto: str) -> None:
    """Each edge of a cell that is cut has a mark in its line; the spine has none."""
    _, side, area = first_side(onto)
    lines = list(crop_lines(side.cells, area, side.folds))
    upright = {round(line[0], 2) for line in lines if line[0] == line[2]}
    level = {round(line[1], 2) for line in lines if line[1] == line[3]}
    spines = [fold.start[0] for fold in side.folds if fold.uncut is not None]
    for cell in side.cells:
        assert {round(cell.trim.y, 2), round(cell.trim.bottom, 2)} <= level
        for x in (cell.trim.x, cell.trim.right):
            is_spine = any(abs(x - spine) <= 3 * MM + 0.1 for spine in spines)
            assert is_spine is not (round(x, 2) in upright)


@pytest.mark.parametrize("onto", ["sra3-booklet", "sra3-a5-booklet", "b2-16page"])
def test_folds_are_marked_on_both_sides_of_the_paper(onto: str) -> None:
    size = (210.0, 297.0) if onto == "sra3-booklet" else (148.0, 210.0)
    sheet = imposed(pdf(16, Drawn(size)), onto=onto).imposed.sheets[0]
    scheme = load_scheme(onto)
    expected = (scheme.columns or 1) + (scheme.rows or 1) - 2
    for side in sheet.sides:
        assert len(side.folds) == expected
        assert len(list(fold_lines(side.folds, side.cells, printable(scheme, sheet)))) == 2 * expected


def content(onto: str, *files: Any, **said: Any) -> tuple[pikepdf.Pdf, list[Any]]:
    written = pikepdf.open(io.BytesIO(imposed(*files, onto=onto, **said).data))
    return written, list(pikepdf.parse_content_stream(written.pages[0]))


def test_marks_are_in_all_inks() -> None:
    written, instructions = content("sra3-10up", pdf(10))
    space = written.pages[0].Resources.ColorSpace.Registration
    assert (space[0], space[1]) == ("/Separation", "/All")
    named = [str(one.operands[0]) for one in instructions if str(one.operator) in ("CS", "cs")]
    assert named.count("/Registration") >= 3


def gray_page(*operators: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        document.pages[0].Contents = document.make_stream(b"\n".join(operators))
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


INKED = {
    "black alone": ([b"0 g 10 10 50 50 re f"], ("Black",)),
    "white alone": ([b"1 g 10 10 50 50 re f"], ()),
    "two of the four": ([b"0 1 0 0 k 10 10 50 50 re f 0.5 G"], ("Magenta", "Black")),
    "RGB": ([b"1 0 0 rg 10 10 50 50 re f"], ("Cyan", "Magenta", "Yellow", "Black")),
    "a gray picture": ([b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \x40 EI Q"], ("Black",)),
    "a picture in RGB": ([b"q BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q"], ("Cyan", "Magenta", "Yellow", "Black")),
}  # fmt: skip


@pytest.mark.parametrize("kind", INKED)
def test_the_colour_bar_has_the_inks_that_are_used(kind: str) -> None:
    operators, inks = INKED[kind]
    data = gray_page(*operators)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert process_inks([(document, Budget(len(data)))]) == inks
    assert imposed(data).inks == inks


def test_spots_have_their_patches_and_their_names() -> None:
    made = imposed(pdf(1, spot="PANTONE 185 C"), pdf(1, spot="Gold"))
    assert made.inks[4:] == ("PANTONE 185 C", "Gold")
    with pikepdf.open(io.BytesIO(made.data)) as written:
        spaces = written.pages[0].Resources.ColorSpace
        assert {str(space[1]) for space in spaces.values()} == {"/All", "/PANTONE 185 C", "/Gold"}
        used = [one for one in pikepdf.parse_content_stream(written.pages[0]) if str(one.operator) == "cs"]
        named = [str(one.operands[0]) for one in used]
        assert all(named.count(name) == 3 for name in spaces if name != "/Registration")


@pytest.mark.parametrize("text", ["Cards 12–48", "بطاقات", "Żółć & Söhne", "名刺", ""])
def test_words_are_outlines_as_long_as_told(text: str) -> None:
    drawn = lettering.outlines(text, 10, 0, 0)
    assert drawn.startswith("q ")
    assert all(lettering.letter(name)[0].endswith(" f") for name in lettering.letters_in(drawn))
    assert bool(lettering.letters_in(drawn)) is bool(text)
    assert (lettering.length(text, 10) > 0) is bool(text)
    assert lettering.length(text, 20) == pytest.approx(2 * lettering.length(text, 10))


def test_all_that_stands_on_the_edge_keeps_apart() -> None:
    _, side, area = first_side("sra3-10up")
    marks = SideMarks(side, area, frozenset({"crop", "registration", "color-bar", "code"}), Inks(("Black", "Cyan")))
    assert marks.missing == []
    taken = marks._edge.taken
    for one, other in itertools.combinations(taken[-6:], 2):
        assert not one.meets(other)


def test_a_sheet_of_many_has_one_place_for_its_marks_and_each_its_own_words() -> None:
    with pikepdf.open(io.BytesIO(imposed(pdf(44), onto="sra3-21up").data)) as written:
        words = {page.Contents.read_bytes() for page in written.pages}
        assert len(words) == len(written.pages) == 3


def test_pictures_of_a_hundred_pages_stay_shared() -> None:
    with pikepdf.open(io.BytesIO(pdf(100, Drawn((148.0, 210.0))))) as document:
        picture = pikepdf.Stream(document, bytes(30_000), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
                                 Width=100, Height=100, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8)  # fmt: skip
        shared = document.make_indirect(picture)
        for page in document.pages:
            page.obj.Resources.XObject = pikepdf.Dictionary(Im=shared)
            page.contents_add(b"q 40 0 0 40 30 30 cm /Im Do Q")
        out = io.BytesIO()
        document.save(out)
    made = imposed(source(out.getvalue()), onto="sra3-2up")
    with pikepdf.open(io.BytesIO(made.data)) as sheets:
        streams = [one for one in sheets.objects if isinstance(one, pikepdf.Stream)]
        assert len([one for one in streams if one.get("/Subtype") == "/Image"]) == 1
        assert sum(len(one.Resources) > 0 for one in streams if one.get("/Subtype") == "/Form") == 100
        assert len(sheets.pages) == 50


def test_what_is_switched_off_in_a_page_stays_off() -> None:
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Draft"))
        document.Root.OCProperties = pikepdf.Dictionary(
            OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer], Order=[layer])
        )
        page = document.pages[0]
        page.obj.Resources.Properties = pikepdf.Dictionary(L=layer)
        page.contents_add(b"/OC /L BDC 0 1 1 0 k 0 0 500 500 re f EMC")
        out = io.BytesIO()
        document.save(out)
    made = imposed(source(out.getvalue()))
    with pikepdf.open(io.BytesIO(made.data)) as sheets:
        form = sheets.pages[0].Resources.XObject["/P0"]
        fills = [one for one in pikepdf.parse_content_stream(form) if str(one.operator) == "f"]
        assert len(fills) == 3  # ground, corner and mark; not what is switched off
