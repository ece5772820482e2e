"""A die line that is a spot of a placed PDF: on the layer of its ink, and no more in the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import placed_documents
import pytest
from PIL import ImageChops
from placed_documents import BLEED
from rendering_kit import PRESS, Press, Rendered
from test_gradients import page, plates

from pressrun.graphics.pages.placed_pages import prepared
from pressrun.graphics.pages.spot_parts import spot_alone, without_spots
from pressrun.graphics.separations.plates import separated
from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.model.color import Swatch

INKS = {
    "die": Swatch(srgb="#FF00FF", cmyk=(0, 100, 0, 0), spot="Our die", technical="die"),
    "seen": Swatch(srgb="#00B050", cmyk=(80, 0, 90, 0), spot="Shown die", technical="die", shown="outline"),
    "cut": Swatch(srgb="#FF00FF", cmyk=(0, 100, 0, 0), spot="Cut Contour", technical="crease"),
}
BOX = "box: {x: 0pt, y: 0pt, width: 200pt, height: 120pt}"  # so that a point is a point of the page
INK_AT = {"line": (20, 60), "fill": (50, 60), "rule": (100, 60), "flap": (170, 110), "ground": (5, 60)}


@pytest.fixture(scope="module")
def packer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    press = Press(tmp_path_factory.mktemp("press"), INKS)
    yield press
    press.close()


def carton(more: str = "", file: str = "carton.pdf", target: str = "print") -> str:
    return page(f"  - {{type: artwork, file: {file}, {more}{BOX}}}\n", target)


def layers(made: Rendered) -> list[tuple[str, str]]:
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        groups = pdf.Root.get("/OCProperties", {"/OCGs": []})["/OCGs"]
        return [(str(one.Name), str(one.GTS_Metadata.GTS_ProcStepsType)) for one in groups]


def test_a_spot_that_is_named_is_on_its_own_plate_and_nowhere_else(packer: Press, tool: Any, tmp_path: Path) -> None:
    made = packer.render(carton("steps: {cutcontour: die}, "))
    assert layers(made) == [("Our die", "/Cutting")]
    assert not {"below-standard", "unlisted-spot: CutContour"} & set(made.codes)
    found = plates(made.files["press-pdf"], tool, tmp_path)
    assert set(found) == {"Cyan", "Magenta", "Yellow", "Black", "Our die", "Pantone 286C"}
    on_die = {name: found["Our die"].getpixel(place) for name, place in INK_AT.items()}
    assert on_die == {"line": 100, "fill": 0, "rule": 0, "flap": 100, "ground": 0}
    assert found["Our die"].crop((110, 20, 160, 42)).getextrema()[1] == 100, "the letters"
    assert found["Black"].getpixel(INK_AT["rule"]) == 100
    assert found["Black"].getpixel(INK_AT["flap"]) == 0
    assert found["Cyan"].getpixel(INK_AT["fill"]) == pytest.approx(60, abs=1)
    assert found["Pantone 286C"].crop((110, 62, 160, 82)).getextrema()[1] == 100, "another spot stays"
    # The line overprints: the picture goes on below it.
    assert found["Yellow"].getpixel(INK_AT["flap"]) == pytest.approx(80, abs=1)
    assert found["Yellow"].getpixel((18, 60)) == pytest.approx(80, abs=1), "the outer half of the line"


def test_one_that_is_called_as_a_technical_colour_needs_no_name(packer: Press) -> None:
    made = packer.render(carton())
    assert layers(made) == [("Cut Contour", "/Creasing")]


def test_it_is_seen_only_on_request(packer: Press) -> None:
    """As it is drawn there, in the colour of its ink."""
    for target, format in (("print", "proof-png"), ("screen", "png")):
        shown, hidden = (
            packer.render(carton(f"steps: {{CutContour: {ink}}}, ", target=target)).picture(format).convert("RGB")
            for ink in ("seen", "die")
        )
        scale = shown.width / 200
        line, ground = (
            [picture.getpixel(tuple(round(scale * at) for at in INK_AT[place])) for picture in (shown, hidden)]
            for place in ("flap", "ground")
        )
        assert line[1] == hidden.getpixel(tuple(round(scale * at) for at in (195, 60))), "nothing of it"
        assert line[0] != line[1]
        assert ground[0] == ground[1]
        if target == "screen":
            assert line[0] == (0, 0xB0, 0x50)


@pytest.mark.parametrize(
    ("steps", "file", "code", "said"),
    [
        ("{Stanze: die}", "carton.pdf", "no-such-spot", "CutContour, Pantone 286C"),
        ("{Stanze: die}", "rgb.pdf", "no-such-spot", "no spots"),
        ("{CutContour: ink}", "carton.pdf", "no-technical-ink", "technical"),
        ("{CutContour: die}", "mixed.pdf", "spot-among-others", "its own"),
    ],
)
def test_what_cannot_be_taken_out_is_told(
    packer: Press, monkeypatch: pytest.MonkeyPatch, steps: str, file: str, code: str, said: str
) -> None:
    monkeypatch.setitem(placed_documents.DOCUMENTS, "mixed.pdf", mixed)
    _, findings = packer.compose(carton(f"steps: {steps}, ", file))
    (told,) = [one for one in findings if one.code == code]
    assert said in str(told.hint) or said in told.message or said == "its own"


def mixed() -> bytes:
    """A colour of two inks, one of which is the die line's."""

    def spaces(pdf: pikepdf.Pdf) -> dict[str, Any]:
        tint = pdf.make_stream(
            b"{ 0 exch 0 0 }", FunctionType=4, Domain=pikepdf.Array([0, 1, 0, 1]), Range=pikepdf.Array([0, 1] * 4)
        )
        names = pikepdf.Array([pikepdf.Name.Cyan, pikepdf.Name.CutContour])
        return {"/Both": pikepdf.Array([pikepdf.Name.DeviceN, names, pikepdf.Name.DeviceCMYK, tint])}

    drawn = placed_documents.with_content("/Both cs 1 0.5 scn 20 20 30 30 re f", ColorSpace=spaces)
    return placed_documents.page(lambda canvas: None, drawn)


def with_faults(pdf: pikepdf.Pdf) -> None:
    """Operators that lack operands, and a tile that is drawn with its own pattern."""
    only = pdf.pages[0]
    only.obj.Resources = only.resources
    tile = pdf.make_stream(
        b"/Pattern cs /Own scn 0 0 3 3 re f 1 0 0 0 k 3 0 3 6 re f", Type=pikepdf.Name.Pattern, PatternType=1,
        PaintType=1, TilingType=1, BBox=[0, 0, 6, 6], XStep=6, YStep=6,
    )  # fmt: skip
    tile.Resources = pikepdf.Dictionary(Pattern=pikepdf.Dictionary(Own=tile))
    only.obj.Resources.Pattern = pikepdf.Dictionary(Own=tile)
    only.contents_add(b" q Tr Q cs CS sh Do gs Tf /a Tr scn BDC EMC q /Pattern cs /Own scn 40 20 9 9 re f Q")


def test_what_breaks_the_rules_is_passed_over(packer: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """So are pages without contents."""
    monkeypatch.setitem(
        placed_documents.DOCUMENTS, "faults.pdf", lambda: placed_documents.page(placed_documents.carton, with_faults)
    )
    faults = prepared(placed_documents.DOCUMENTS["faults.pdf"](), True)
    with pikepdf.open(io.BytesIO(faults)) as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    for part in (
        without_spots(out.getvalue(), 1, ("CutContour",)),
        spot_alone(out.getvalue(), 1, "CutContour", (0, 1, 0, 0)),
    ):
        with pikepdf.open(io.BytesIO(part)) as pdf:
            assert b"q\nTr\nQ\ncs\nCS\nsh\nDo\ngs\nTf\n" in pdf.pages[0].Contents.read_bytes()
    made = packer.render(carton("steps: {CutContour: die}, ", "faults.pdf"))
    assert layers(made) == [("Our die", "/Cutting")]


def test_only_the_page_that_is_placed_is_taken_apart() -> None:
    """Its number stays; what breaks the rules on another page is no matter of its own."""
    with pikepdf.open(io.BytesIO(prepared(placed_documents.page(placed_documents.carton), True))) as pdf:
        broken = pikepdf.Dictionary(S=pikepdf.Array([pikepdf.Name.DeviceN, 7]))
        pdf.add_blank_page()
        pdf.pages[1].obj.Resources = pikepdf.Dictionary(ColorSpace=broken)
        pdf.pages[1].Contents = pdf.make_stream(b"/S cs 1 scn 0 0 9 9 re f")
        pdf.pages.append(pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    parts = [without_spots(out.getvalue(), number, ("CutContour",)) for number in (1, 3)]
    for part, drawn in zip(parts, ([True, False, False], [False, False, True]), strict=True):
        with pikepdf.open(io.BytesIO(part)) as pdf:
            assert [bool(page.Contents.read_bytes()) for page in pdf.pages] == drawn


def test_a_file_whose_spots_cannot_be_told_apart_is_named() -> None:
    with pikepdf.new() as pdf:
        space = pikepdf.Array([pikepdf.Name.DeviceN, 7])
        pdf.add_blank_page()
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(ColorSpace=pikepdf.Dictionary(S=space))
        pdf.pages[0].Contents = pdf.make_stream(b"/S cs 1 scn 0 0 9 9 re f")
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(UnusableArtwork, match="its spots cannot be told apart"):
        without_spots(out.getvalue(), 1, ("CutContour",))


def test_where_nothing_may_be_transparent_it_overprints_too(packer: Press, tool: Any, tmp_path: Path) -> None:
    made = packer.render(carton("steps: {CutContour: die}, ").replace("[press-pdf", "[press-pdf-x1a, press-pdf"))
    assert "below-standard" not in made.codes
    found = plates(made.files["press-pdf-x1a"], tool, tmp_path)
    assert found["Our die"].getpixel(INK_AT["flap"]) == 100
    assert found["Yellow"].getpixel(INK_AT["flap"]) == pytest.approx(80, abs=1)


def many_ways() -> bytes:
    """All ways in which an ink comes to paper: each square is one of them, the upper row in the die line's."""
    stripes = "/CUT cs 1 scn 0 0 3 6 re f 1 0 0 0 k 3 0 3 6 re f"
    drawn = (
        "q /Pattern cs /Stripes scn 10 90 20 20 re f Q "
        "q /CutPattern cs 1 /Stencil scn 40 90 20 20 re f Q q /BluePattern cs 1 /Stencil scn 40 60 20 20 re f Q "
        "q 70 90 20 20 re W n /Ramp sh Q q 70 60 20 20 re W n /Plain sh Q "
        "q /CUT cs 1 scn 20 0 0 20 100 90 cm BI /W 1 /H 1 /IM true /BPC 1 ID \x00 EI Q "
        "q 20 0 0 20 130 90 cm /CutPicture Do Q q 20 0 0 20 130 60 cm /Picture Do Q "
        "q /CUT CS 1 SCN 0 1 0 0 k 4 w 162 92 16 16 re b Q "
        "q /CUT cs 1 scn BT 1 Tr /F1 24 Tf 10 30 Td 0 1 0 0 K (WW) Tj 2 Tr (W) Tj ET Q "
        "q /CUT cs 1 scn /Nested Do 0 0 0 1 k /Nested Do Q"
    )

    def change(pdf: pikepdf.Pdf) -> None:
        Array, Dictionary, Name = pikepdf.Array, pikepdf.Dictionary, pikepdf.Name

        def tint(*full: float) -> Any:
            return Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array(list(full)))

        cut = pdf.make_indirect(Array([Name.Separation, Name.CutContour, Name.DeviceCMYK, tint(0, 1, 0, 0)]))
        blue = pdf.make_indirect(Array([Name.Separation, Name("/Pantone 286C"), Name.DeviceCMYK, tint(1, 0.7, 0, 0)]))
        placed_documents.with_content(drawn.replace("/F1", str(_its_font(pdf))))(pdf)
        resources = pdf.pages[0].obj.Resources
        spaces = {"/CUT": cut, "/CutPattern": Array([Name.Pattern, cut]), "/BluePattern": Array([Name.Pattern, blue])}
        resources.ColorSpace = Dictionary(spaces)
        tile = {"/PatternType": 1, "/TilingType": 1, "/BBox": Array([0, 0, 6, 6]), "/XStep": 6, "/YStep": 6}
        own = Dictionary(ColorSpace=Dictionary(CUT=cut))
        colored = pdf.make_stream(stripes.encode(), {**tile, "/PaintType": 1, "/Resources": own})
        stencil = pdf.make_stream(b"0 0 4 6 re f", {**tile, "/PaintType": 2, "/Resources": Dictionary()})
        resources.Pattern = Dictionary(Stripes=colored, Stencil=stencil)
        axis = {"/ShadingType": 2, "/Coords": Array([0, 0, 200, 0])}
        flat = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]))
        resources.Shading = Dictionary(
            Ramp=Dictionary({**axis, "/ColorSpace": cut, "/Function": flat}),
            Plain=Dictionary({**axis, "/ColorSpace": blue, "/Function": flat}),
        )
        picture = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
        inner = pdf.make_stream(
            b"100 20 20 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300])
        )
        inner.Resources = Dictionary()
        outer = pdf.make_stream(b"q /Inner Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300]))
        outer.Resources = Dictionary(XObject=Dictionary(Inner=inner))
        resources.XObject = Dictionary(
            CutPicture=pdf.make_stream(b"\xff", {**picture, "/ColorSpace": cut}),
            Picture=pdf.make_stream(b"\xff", {**picture, "/ColorSpace": blue}),
            Nested=outer,
        )

    def no_slug(canvas: Any) -> None:
        canvas.setFont(placed_documents._font(), 10)
        canvas.drawString(-500, 0, "the font comes along")

    return placed_documents.page(
        no_slug, change, placed_documents.from_origin(25, 25), placed_documents.from_origin(-25, -25)
    )


def _its_font(pdf: pikepdf.Pdf) -> str:
    fonts = pdf.pages[0].resources.Font
    return next(name for name, font in fonts.items() if "+" in str(font.BaseFont))


def test_however_it_is_drawn_it_is_in_one_of_both_parts(packer: Press) -> None:
    """Nothing that the whole page prints is lost: on each plate there is what was there before."""
    data = prepared(many_ways(), True)
    whole, rest, alone = (
        separated(one, PRESS, 144.0)[0].plates
        for one in (data, without_spots(data, 1, ("CutContour",)), spot_alone(data, 1, "Cut Contour", (0, 1, 0, 0)))
    )
    assert "CutContour" not in rest
    assert not any(alone[ink].getextrema()[1] for ink in alone if ink != "Cut Contour")
    # What lies on the line no longer covers it, and what the line spared out is whole again.
    assert ImageChops.subtract(whole["CutContour"], alone["Cut Contour"]).getextrema()[1] <= 1
    for ink in set(whole) - {"CutContour"}:
        assert ImageChops.subtract(whole[ink], rest[ink]).getextrema()[1] <= 1, ink
    for at in (10, 40, 70, 100, 130, 162):
        square = tuple(round(2 * edge) for edge in (at + BLEED, 10 + BLEED, at + 20 + BLEED, 30 + BLEED))
        assert alone["Cut Contour"].crop(square).getextrema()[1] == 255, f"the square at {at}"
