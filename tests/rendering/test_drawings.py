"""SVGs as artwork: vectors in inks, on press and on screens; what becomes pixels is told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import placed_documents as documents
import pytest
from PIL import Image
from rendering_kit import PROFILE, Press, brand
from test_groups import differing, printed

from pressrun.graphics.pages.pdf_graph import reached
from pressrun.readers.press_pdf.document import read_press_pdf

PAGE = """
page: {trim: 220pt x 170pt}
target: print
inks: INKS
formats: [press-pdf, proof-png]
layers:
  - {type: artwork, id: art, file: FILE, box: {x: 10pt, y: 10pt, width: 200pt, height: 150pt}}
"""


def page(file: str = "drawing.svg", inks: str = "[cmyk]") -> str:
    return PAGE.replace("FILE", file).replace("INKS", inks)


def drawn(body: str, view: str = "0 0 200 150") -> str:
    """The name of an SVG."""
    documents.DOCUMENTS["own.svg"] = lambda: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">{body}</svg>'.encode()
    return "own.svg"


def test_everything_in_a_drawing_is_in_inks(press: Press) -> None:
    """Gradients, clips, masks, opacity, blending, tiles, text, a filter: no light anywhere in the file."""
    made = press.render(page())
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        objects = list(reached(pdf.pages[0].obj))
        words = {str(part) for one in objects for part in (one if isinstance(one, pikepdf.Array) else one.values())}
        assert not words & {"/DeviceRGB", "/CalRGB", "/CalGray", "/ICCBased", "/Lab"}
        contents = [one.read_bytes() for one in objects if isinstance(one, pikepdf.Stream) and "/BBox" in one]
        assert not any(b" rg" in content or b" RG" in content for content in contents)
        kinds = [str(one.get("/ShadingType", one.get("/PatternType", ""))) for one in objects if not isinstance(one, pikepdf.Array)]
        assert {"1", "2", "3"} <= set(kinds), "tiles, linear and radial gradients are live"
    facts = read_press_pdf(made.files["press-pdf"])
    assert facts.standard == "PDF/X-4"
    assert [(font.embedded, "FiraGO" in font.name) for font in facts.pages[0].fonts] == [(True, True)]
    (finding,) = made.facts["findings"]
    assert (finding["code"], finding["severity"]) == ("artwork-as-pixels", "note")
    assert "feGaussianBlur" in finding["message"]


def test_the_press_file_looks_as_the_proof_does(press: Press, tool: Any, tmp_path: Path) -> None:
    made = press.render(page())
    assert differing(made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path), 10) < 0.005


def test_screens_show_it_in_its_own_colours(press: Press) -> None:
    screen = page().replace("target: print", "target: screen").replace("[press-pdf, proof-png]", "[png]")
    seen = press.render(screen).picture("png")
    assert seen.getpixel((round(145 * 4 / 3), round(60 * 4 / 3))) == (0x1F, 0x3A, 0x2E)


def inks_of(press: Press, body: str, at: tuple[float, float], tool: Any, folder: Path) -> tuple[float, ...]:
    """Percent of the four inks that a drawing has at a point of it."""
    (folder / "page.pdf").write_bytes(press.render(page(drawn(body))).files["press-pdf"])
    tool("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiff32nc", "-r72", f"-sOutputFile={folder / 'page.tif'}", folder / "page.pdf")
    with Image.open(folder / "page.tif") as plates:
        pixel = plates.getpixel((round(10 + at[0]), round(10 + at[1])))
    return tuple(part / 2.55 for part in pixel)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ("#1F3A2E", brand().palette["forest"].cmyk),
        ("#20392D", brand().palette["forest"].cmyk),  # nobody tells it from that
        ("#000000", (0, 0, 0, 100)),
        ("#FFFFFF", (0, 0, 0, 0)),
    ],
)
def test_palette_colours_become_their_inks(
    press: Press, tool: Any, tmp_path: Path, color: str, expected: tuple[float, ...]
) -> None:
    body = f'<rect width="200" height="150" fill="{color}"/>'
    assert inks_of(press, body, (100, 75), tool, tmp_path) == pytest.approx(expected, abs=0.5)


def test_a_gradient_has_palette_inks_at_its_stops(press: Press, tool: Any, tmp_path: Path) -> None:
    body = """<linearGradient id="g"><stop stop-color="#1F3A2E"/><stop offset="1" stop-color="#E4572E"/></linearGradient>
    <rect width="200" height="150" fill="url(#g)"/>"""
    for at, name in ((0.5, "forest"), (199, "flame")):
        assert inks_of(press, body, (at, 75), tool, tmp_path) == pytest.approx(brand().palette[name].cmyk, abs=1)


def test_other_colours_and_pictures_go_through_the_profile(press: Press, tool: Any, tmp_path: Path) -> None:
    import base64

    from pressrun.graphics.color import inks

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#3366CC").save(out, "PNG")
    link = base64.b64encode(out.getvalue()).decode()
    picture = f'<image width="200" height="150" preserveAspectRatio="none" href="data:image/png;base64,{link}"/>'
    pixel = inks.to_cmyk(Image.new("RGB", (1, 1), "#3366CC"), PROFILE).getpixel((0, 0))
    expected = [part / 2.55 for part in pixel]  # type: ignore[union-attr]
    for body in ('<rect width="200" height="150" fill="#3366CC"/>', picture):
        assert inks_of(press, body, (100, 75), tool, tmp_path) == pytest.approx(expected, abs=0.6)


def test_a_spot_is_printed_where_the_layout_lists_it(press: Press) -> None:
    spot = brand().palette["flame"].spot
    body = '<rect width="200" height="150" fill="#E4572E"/>'
    for listed, spots in ((f"[cmyk, {spot}]", (spot,)), ("[cmyk]", ())):
        made = press.render(page(drawn(body), listed))
        assert read_press_pdf(made.files["press-pdf"]).spots == spots
        assert made.codes == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('<text font-family="FiraGO" y="50">Fine</text>', []),
        ('<text style="font-family: \'FiraGO\', serif" y="50">Fine</text>', []),
        ('<style>text {font-family: FiraGO}</style><text y="50">Fine</text>', []),
        ('<text font-family="Comic" y="50">Not at <tspan>hand</tspan></text>', ["artwork-font", "artwork-font"]),
        ('<text font-family="FiraGO" y="50">日本</text>', ["artwork-font"]),
        ('<text style="font: bold 30px/1.2 FiraGO" y="50">Hamburg</text>', []),
        ('<style>.a{font:italic 30px "FiraGO"}</style><text class="a" y="50">Hamburg</text>', []),
        ('<text style="font: 30px Comic" y="50">Hamburg</text>', ["artwork-font"]),
    ],
)
def test_text_asks_for_fonts_of_the_brand(press: Press, body: str, codes: list[str]) -> None:
    made = press.render(page(drawn(body)))
    assert [code for code in made.codes if code != "internal-error"] == codes


def test_small_tiles_stand_where_they_are_to(press: Press) -> None:
    """Forty of them in a row; none drifts."""
    body = """<pattern id="p" width="4.9" height="4.9" patternUnits="userSpaceOnUse"><rect width="2.45" height="4.9"/></pattern>
    <rect width="200" height="150" fill="url(#p)"/>"""
    seen = press.render(page(drawn(body))).picture("proof-png").convert("L")
    for number in (0, 20, 39):
        left = 10 + number * 4.9
        dark, light = (seen.getpixel((round((left + at) * seen.width / 220 - 0.5), 100)) for at in (1.225, 3.675))
        assert dark < 60, number  # type: ignore[operator]
        assert light > 200, number  # type: ignore[operator]


def test_a_long_drawing_is_not_stretched(press: Press) -> None:
    sheet, _ = press.compose(page(drawn('<rect width="1" height="1"/>', "0 0 2.4 1")))
    (mark,) = sheet.marks
    assert mark.rect.width / mark.rect.height == pytest.approx(2.4)
