"""How placed pages are seen: a chart of inks in every way that a page can have them, against the press profile."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy
import pikepdf
import placed_documents as documents
import pytest
from coloraide import Color
from pikepdf import Array, Dictionary, Name
from PIL import Image
from rendering_kit import PROFILE, Press

from pressrun.graphics.color import inks

COUNT, COLUMNS, SIDE = 50, 10, 12
Patch = tuple[float, float, float, float]
Writer = Callable[[pikepdf.Pdf, list[Patch]], tuple[str, Dictionary]]


def patches() -> list[Patch]:
    """Plain inks, their overprints, black alone in steps, and a random rest; in hundredths that 8 bits hold exactly."""
    solid: list[Patch] = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 1, 0, 0), (0, 1, 1, 0), (1, 0, 1, 0)]
    black: list[Patch] = [(0, 0, 0, step / 5) for step in range(1, 6)]
    draw = random.Random(7)
    rest = [tuple(round(draw.random() * 20) / 20 for _ in range(4)) for _ in range(COUNT - len(solid) - len(black))]
    return [*solid, *black, *rest]  # type: ignore[list-item]  # four each


def squares(set_color: Callable[[int], str]) -> str:
    return " ".join(
        f"{set_color(at)} {at % COLUMNS * SIDE} {at // COLUMNS * SIDE} {SIDE} {SIDE} re f" for at in range(COUNT)
    )


def plain(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    return squares(lambda at: "{:g} {:g} {:g} {:g} k".format(*chart[at])), Dictionary()


def by_space(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    return "/DeviceCMYK cs " + squares(lambda at: "{:g} {:g} {:g} {:g} sc".format(*chart[at])), Dictionary()


def in_a_form(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    drawn = pdf.make_stream(plain(pdf, chart)[0].encode(), Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox, drawn.Resources = Array([0, 0, 500, 500]), Dictionary()
    return "/Form Do", Dictionary(XObject=Dictionary(Form=drawn))


def in_a_pattern(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    tile = pdf.make_stream(plain(pdf, chart)[0].encode(), PatternType=1, PaintType=1, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 500, 500]), 500, 500, Dictionary()
    tile.Matrix = Array([1, 0, 0, 1, 25, 25])  # of the page, whatever the content is moved by
    return "/Pattern cs /Tile scn 0 0 120 60 re f", Dictionary(Pattern=Dictionary(Tile=tile))


def as_uncolored_tiles(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    tile = pdf.make_stream(b"0 0 50 50 re f", PatternType=1, PaintType=2, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 50, 50]), 50, 50, Dictionary()
    spaces = Dictionary(Of=Array([Name.Pattern, Name.DeviceCMYK]))
    drawn = "/Of cs " + squares(lambda at: "{:g} {:g} {:g} {:g} /Tile scn".format(*chart[at]))
    return drawn, Dictionary(Pattern=Dictionary(Tile=tile), ColorSpace=spaces)


def in_shadings(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    shadings = {}
    for at, patch in enumerate(chart):
        flat = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array(list(patch)), C1=Array(list(patch)))
        coords = Array([0, 0, 1, 0])
        extend = Array([True, True])
        shadings[f"/S{at}"] = Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=coords, Function=flat, Extend=extend
        )
    drawn = " ".join(
        f"q {at % COLUMNS * SIDE} {at // COLUMNS * SIDE} {SIDE} {SIDE} re W n /S{at} sh Q" for at in range(COUNT)
    )
    return drawn, Dictionary(Shading=Dictionary(shadings))


def pixels(chart: list[Patch]) -> Image.Image:
    """A pixel a patch, the first at the lower left."""
    rows = numpy.array(chart).reshape(-1, COLUMNS, 4)[::-1]
    return Image.fromarray(numpy.rint(rows * 255).astype(numpy.uint8), "CMYK")


def _image(pdf: pikepdf.Pdf, picture: Image.Image, data: bytes, **entries: pikepdf.Object) -> tuple[str, Dictionary]:
    made = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, BitsPerComponent=8)
    made.Width, made.Height = picture.size
    for key, value in {"ColorSpace": Name.DeviceCMYK, **entries}.items():
        made[f"/{key}"] = value
    return f"q {COLUMNS * SIDE} 0 0 {COUNT // COLUMNS * SIDE} 0 0 cm /Image Do Q", Dictionary(XObject=Dictionary(Image=made))


def in_a_picture(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    return _image(pdf, pixels(chart), pixels(chart).tobytes())


def in_a_photograph(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    """As Adobe has them: inverted, and the PDF says so."""
    picture, out = pixels(chart).resize((COLUMNS * 16, COUNT // COLUMNS * 16), Image.Resampling.NEAREST), io.BytesIO()
    picture.save(out, "JPEG", quality=100, subsampling=0)
    drawn, resources = _image(pdf, picture, b"", Decode=Array([1, 0] * 4))
    resources.XObject.Image.write(out.getvalue(), filter=Name.DCTDecode)
    return drawn, resources


def in_a_palette(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    table = b"".join(bytes(round(part * 255) for part in patch) for patch in chart)
    space = Array([Name.Indexed, Name.DeviceCMYK, COUNT - 1, pikepdf.String(table)])
    picture = Image.fromarray(numpy.arange(COUNT, dtype=numpy.uint8).reshape(-1, COLUMNS)[::-1].copy())
    return _image(pdf, picture, picture.tobytes(), ColorSpace=space)


def inline(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    picture = pixels(chart)
    head = f"q {COLUMNS * SIDE} 0 0 {COUNT // COLUMNS * SIDE} 0 0 cm BI /W {picture.width} /H {picture.height} "
    data = picture.tobytes().hex()
    return f"{head}/CS /CMYK /BPC 8 /F /AHx ID {data}> EI Q", Dictionary()


def as_spots(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
    spaces = {}
    for at, patch in enumerate(chart):
        tint = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array(list(patch)))
        spaces[f"/S{at}"] = Array([Name.Separation, Name(f"/Spot{at}"), Name.DeviceCMYK, tint])
    return squares(lambda at: f"/S{at} cs 1 scn"), Dictionary(ColorSpace=Dictionary(spaces))


WAYS = [plain, by_space, in_a_form, in_a_pattern, as_uncolored_tiles, in_shadings, in_a_picture, in_a_photograph,
        in_a_palette, inline, as_spots]  # fmt: skip


def charted(way: Writer, chart: list[Patch]) -> bytes:
    def draw(pdf: pikepdf.Pdf) -> None:
        only = pdf.pages[0]
        content, resources = way(pdf, chart)
        only.obj.Contents = pdf.make_stream(f"q 1 0 0 1 25 25 cm {content} Q".encode())
        only.obj.Resources = resources

    return documents.page(lambda canvas: None, draw)


def differences(press: Press, data: bytes, chart: list[Patch], target: str = "print") -> list[float]:
    """CIEDE2000 of each patch between the page as it is seen, and what the profile says."""
    documents.DOCUMENTS["chart.pdf"] = lambda: data
    formats = "[proof-png]" if target == "print" else "[png]"
    page = f"""
page: {{trim: 200pt x 120pt}}
target: {target}
formats: {formats}
layers:
  - {{type: artwork, file: chart.pdf, by: trim, fit: actual}}
"""
    seen = press.render(page).picture("proof-png" if target == "print" else "png")
    scale = seen.width / 200
    wanted = inks.to_srgb(pixels(chart).transpose(Image.Transpose.FLIP_TOP_BOTTOM), PROFILE)
    off = []
    for at in range(COUNT):
        x, y = (at % COLUMNS + 0.5) * SIDE * scale, (120 - (at // COLUMNS + 0.5) * SIDE) * scale
        shown, said = seen.getpixel((round(x), round(y))), wanted.getpixel((at % COLUMNS, at // COLUMNS))
        one, other = (Color("srgb", [part / 255 for part in color]) for color in (shown, said))  # type: ignore[union-attr]
        off.append(one.delta_e(other, method="2000"))
    return off


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_inks_are_seen_as_the_profile_has_them(press: Press, way: Writer) -> None:
    off = differences(press, charted(way, patches()), patches())
    assert max(off) <= 2
    assert sum(off) / COUNT <= 1


def test_screens_see_the_same(press: Press) -> None:
    off = differences(press, charted(plain, patches()), patches(), "screen")
    assert max(off) <= 2


@pytest.mark.parametrize("way", ["g", "/DeviceGray cs", "picture"])
def test_gray_is_black_ink(press: Press, way: str) -> None:
    grays: list[Patch] = [(0, 0, 0, at / (COUNT - 1)) for at in range(COUNT)]

    def drawn(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
        if way == "picture":
            picture = pixels(chart).getchannel("K").point(lambda level: 255 - level)
            return _image(pdf, picture, picture.tobytes(), ColorSpace=Name.DeviceGray)
        if way == "g":
            return squares(lambda at: f"{1 - chart[at][3]:.4f} g"), Dictionary()
        return "/DeviceGray cs " + squares(lambda at: f"{1 - chart[at][3]:.4f} sc"), Dictionary()

    off = differences(press, charted(drawn, grays), grays)
    assert max(off) <= 2
    assert sum(off) / COUNT <= 1


def test_a_soft_mask_is_no_ink(press: Press) -> None:
    """Half of it lets half of the ink through."""
    half: list[Patch] = [(1, 0, 0, 0)] * COUNT

    def drawn(pdf: pikepdf.Pdf, chart: list[Patch]) -> tuple[str, Dictionary]:
        content, resources = in_a_picture(pdf, chart)
        mask = pdf.make_stream(bytes([128]) * COUNT, Type=Name.XObject, Subtype=Name.Image, BitsPerComponent=8)
        mask.Width, mask.Height, mask.ColorSpace = COLUMNS, COUNT // COLUMNS, Name.DeviceGray
        resources.XObject.Image.SMask = mask
        return content, resources

    with pytest.raises(AssertionError):  # it is not the colour in full
        assert max(differences(press, charted(drawn, half), half)) <= 2
    documents.DOCUMENTS["chart.pdf"] = lambda: charted(drawn, half)
    page = "page: {trim: 200pt x 120pt}\ntarget: print\nformats: [proof-png]\nlayers:\n  - {type: artwork, file: chart.pdf}\n"
    proof = press.render(page).picture("proof-png")
    seen = proof.getpixel((proof.width * 60 // 306, proof.height * 150 // 183))
    assert seen == pytest.approx(inks.to_srgb(Image.new("CMYK", (1, 1), (128, 0, 0, 0)), PROFILE).getpixel((0, 0)), abs=3)
