"""Colours that stand for inks in an overlay: every one is put right."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from rendering_kit import Press, brand

from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages import page_content
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.pages.repainted_texts import repainted
from pressrun.model.color import Swatch
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import Sheet
from pressrun.typeset import typeset

PAGE = """
page: {trim: 200pt x 200pt, safe: 10pt}
target: screen
formats: [png]
layers:
  - {type: shape, fill: sky, stroke: flame, width: 3pt, box: {height: 80pt}}
  - {type: logo, logo: default, box: {y: 90pt, width: 40pt, height: 20pt}}
  - {type: code, value: x, color: forest, ground: null, box: {y: 120pt, width: 40pt, height: 40pt}}
  - {type: text, id: a, text: Words and قهوة, role: headline, color: ink, size: 20pt, box: {height: 30pt}}
  - {type: text, id: b, text: On a panel, color: paper, size: 12pt, panel: {color: forest}, box: {y: 40pt, height: 20pt}}
  - {type: text, id: c, text: Below, color: flame, size: 12pt, box: {y: 165pt, height: 20pt}}
"""
SIZE = (400, 400)


@pytest.fixture(scope="module")
def sheet(press: Press) -> Sheet:
    sheet, findings = press.compose(PAGE)
    assert not findings
    return sheet


def overlay_of(press: Press, sheet: Sheet) -> Overlay:
    (overlay,) = typeset([sheet], press.bench)
    assert overlay
    return overlay


def test_no_marker_is_left(press: Press, sheet: Sheet) -> None:
    overlay = overlay_of(press, sheet)
    assert {ink.name for ink in overlay.inks.values()} == {"flame", "ink", "paper"}
    painted = "sky", "flame", "ink", "forest", "paper"
    colors = {tuple(bytes.fromhex(brand().palette[name].srgb[1:])) for name in painted}
    [page] = rasterise(shown_pages([overlay], [lambda ink: ink.srgb]), SIZE)
    shown = {color[:3] for _, color in page.getcolors(1 << 20) or [] if color[3] == 255}
    assert colors <= shown
    assert not shown & {tuple(bytes.fromhex(marker[1:])) for marker in overlay.inks}


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"q 1 0 0 1 0 0 cm/c0 cs 1 0 0 scn 0 0 9 9 re f", b"q 1 0 0 1 0 0 cm A 0 0 9 9 re f"),
        (b"/c0 cs 1 0 0 scn/c0 CS 0.50196 0 1 SCN 4 M", b" A D 4 M"),
        (b"/c12 CS 1 0 0 SCN\n", b" B\n"),
        (b"/c0 cs 0.2 0 0 scn f", b"/c0 cs 0.2 0 0 scn f"),
        (b"/c0 cs 1 0 0 scnx", b"/c0 cs 1 0 0 scnx"),
    ],
)
def test_filling_and_stroking(content: bytes, wanted: bytes) -> None:
    assert repainted(content, {"#FF0000": ("A", "B"), "#8000FF": ("C", "D")}) == wanted


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"/Span<</MCID 0>>BDC\nq (BT EMC) Tj Q\nEMC/P <</MCID 1>> BDC f EMC", b" \nq (BT EMC) Tj Q\n   f  "),
        (b"/Artifact<</Type/Layout>>BDC\nf\nEMC", b" \nf\n "),
        (b"/Span<</MCID 0>>BDC BT/ReversedChars BMC (a) Tj EMC ET EMC", b"  BT/ReversedChars BMC (a) Tj EMC ET  "),
        (
            b"/P<</MCID 0>>BDC/Span<</ActualText(\\)EMC)>>BDC (a) Tj EMC (b) Tj EMC",
            b" /Span<</ActualText(\\)EMC)>>BDC (a) Tj EMC (b) Tj  ",
        ),
    ],
)
def test_tags_go_and_how_letters_are_read_stays(content: bytes, wanted: bytes) -> None:
    assert repainted(content, {}) == wanted


# Colours that agree in all but one rendition.
ALIKE = {
    "night": Swatch(srgb="#000088", cmyk=(0, 0, 0, 100)),
    "leaf": Swatch(srgb="#00AA00", cmyk=(0, 79, 88, 2), spot="PANTONE 355 C"),
}
BLOCKS = """
page: {{trim: 40pt x 20pt}}
target: {target}
formats: [{format}]
inks: [cmyk, PANTONE 7579 C, PANTONE 355 C]
layers:
  - {{type: shape, fill: {first}, box: {{width: 20pt}}}}
  - {{type: shape, fill: {second}, box: {{x: 20pt}}}}
"""


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    press = Press(tmp_path_factory.mktemp("alike"), ALIKE)
    yield press
    press.close()


@pytest.mark.parametrize(("first", "second"), [("ink", "night"), ("night", "ink"), ("flame", "leaf")])
def test_colours_with_one_set_of_inks_keep_apart_on_screens(alike: Press, first: str, second: str) -> None:
    rendered = alike.render(BLOCKS.format(target="screen", format="png", first=first, second=second))
    picture = rendered.picture("png")
    found = [f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in map(picture.getpixel, ((10, 10), (40, 10)))]  # type: ignore[misc]
    assert found == [alike.brand.palette[name].srgb for name in (first, second)]


def spaces_of(pdf: bytes) -> tuple[list[str], bytes]:
    """The spot inks of a page's resources, and its content."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        spaces = page.obj.Resources.ColorSpace
        return sorted(str(space[1]) for _, space in spaces.items()), page.obj.Contents.read_bytes()


def test_two_spots_of_one_look_keep_apart_on_press(alike: Press) -> None:
    rendered = alike.render(BLOCKS.format(target="print", format="press-pdf", first="flame", second="leaf"))
    names, content = spaces_of(rendered.files["press-pdf"])
    assert names == ["/PANTONE 355 C", "/PANTONE 7579 C"]
    assert content.count(b" cs 1 scn") == 2


def test_a_spot_that_nothing_on_the_page_shows_is_not_in_the_file(alike: Press) -> None:
    page = BLOCKS.format(target="print", format="press-pdf", first="ink", second="ink")
    rendered = alike.render(page + "  - {type: logo, logo: reversed, box: {width: 10pt, height: 10pt}}\n")
    names, _ = spaces_of(rendered.files["press-pdf"])
    assert names == ["/PANTONE 7579 C"], "the logo's own, and no other of the palette's"


def test_a_place_is_written_alike_whatever_was_written_before() -> None:
    """-0 is the same to whoever keeps what was written."""
    first, other = (1.0, 0.0, 0.0, -1.0, 0.0, 5.0), (1.0, -0.0, 0.0, -1.0, -0.0, 5.0)
    written = []
    for matrices in ((first, other), (other, first)):
        page_content._cm.cache_clear()
        written += [page_content._cm(matrix) for matrix in matrices]
    assert written == ["1 0 0 -1 0 5 cm "] * 4
