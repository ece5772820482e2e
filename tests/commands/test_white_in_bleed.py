"""Pictures that are white in the bleed, though what they show ends at the trim: both sides of the limits."""

from __future__ import annotations

import io

import numpy
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image
from press_samples import MM, Break, whole

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

PER_MM = 8
WIDTH, HEIGHT = 111, 154  # mm, with 3 mm of bleed
CHANNELS = {"/DeviceCMYK": "CMYK", "/DeviceRGB": "RGB", "/DeviceGray": "L"}


def page_picture(
    white: dict[str, float], space: Name = Name.DeviceCMYK, rows: tuple[float, float] = (0, HEIGHT), jpeg: bool = False, **keys: object
) -> Break:
    """A picture over the whole bleed box, white for so many mm from some sides, in some rows from above (mm) alone."""
    inks = numpy.zeros((HEIGHT * PER_MM, WIDTH * PER_MM), bool)
    box = {"left": 0.0, "top": 0.0, "right": 0.0, "bottom": 0.0} | white
    left, top = round(box["left"] * PER_MM), round(box["top"] * PER_MM)
    right, bottom = WIDTH * PER_MM - round(box["right"] * PER_MM), HEIGHT * PER_MM - round(box["bottom"] * PER_MM)
    inks[top:bottom, left:right] = True
    inks[: round(rows[0] * PER_MM)] = inks[: round(rows[0] * PER_MM)].any() and rows[0] == 0
    inks[round(rows[1] * PER_MM) :] = False
    mode = CHANNELS[str(space)]
    ink = {"CMYK": (153, 77, 26, 0), "RGB": (90, 140, 200), "L": (120,)}[mode]
    blank = (0,) * 4 if mode == "CMYK" else (255,) * len(ink)
    pixels = numpy.where(inks[:, :, None], numpy.array(ink, numpy.uint8), numpy.array(blank, numpy.uint8)).astype(numpy.uint8)

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        data, told = pixels.tobytes(), {}
        if jpeg:
            out = io.BytesIO()
            shown = Image.fromarray(255 - pixels if mode == "CMYK" else pixels.squeeze(), mode)
            if mode == "CMYK":
                told["Decode"] = Array([1, 0] * 4)
                shown = Image.fromarray(pixels, mode)  # which Pillow turns over
            shown.save(out, "JPEG", quality=80)
            data, told["Filter"] = out.getvalue(), Name.DCTDecode
        page.Resources.XObject.Im = Stream(
            pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=WIDTH * PER_MM, Height=HEIGHT * PER_MM, BitsPerComponent=8,
            ColorSpace=space, **told, **keys,
        )  # fmt: skip
        page.obj.Contents = pdf.make_stream(f"q {WIDTH * MM} 0 0 {HEIGHT * MM} 0 0 cm /Im Do Q".encode())

    return add


def then(content: str, **states: Dictionary) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ExtGState = Dictionary({f"/{name}": state for name, state in states.items()})
        page.contents_add(content.encode())

    return add


def turned(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """The picture a quarter turn: what was its left is below."""
    page.obj.Contents = pdf.make_stream(f"q 0 {HEIGHT * MM} {-WIDTH * MM} 0 {WIDTH * MM} 0 cm /Im Do Q".encode())


def found(*breaks: Break, bleed: float = 3.0) -> list[str]:
    limits = load_profile("large-format" if not bleed else "sheet-fed").limits
    file = read_press_pdf(whole(*breaks), bleed=bleed)
    return [one.message for one in judge(file, "a.pdf", limits) if one.code == "white-in-bleed"]


TOLD: dict[str, tuple[list[Break], str]] = {
    "the left": ([page_picture({"left": 3})], "left"),
    "the right": ([page_picture({"right": 3})], "right"),
    "above": ([page_picture({"top": 3})], "top"),
    "below": ([page_picture({"bottom": 3})], "bottom"),
    "all sides": ([page_picture(dict.fromkeys(("left", "right", "top", "bottom"), 3))], "left, bottom, right, top"),
    "2 mm of bleed": ([page_picture({"left": 1})], "left"),
    "half a millimetre lacks": ([page_picture({"left": 0.5})], "left"),
    "in RGB": ([page_picture({"left": 3}, Name.DeviceRGB)], "left"),
    "in gray": ([page_picture({"left": 3}, Name.DeviceGray)], "left"),
    "a JPEG": ([page_picture({"left": 3}, jpeg=True)], "left"),
    "a JPEG in RGB": ([page_picture({"left": 3}, Name.DeviceRGB, jpeg=True)], "left"),
    "a centimetre of it": ([page_picture({"left": 3}, rows=(0, 10))], "left"),
    "a quarter turn": ([page_picture({"left": 2}), turned], "bottom"),
}
SOUND: dict[str, list[Break]] = {
    "artwork to the outer edge": [page_picture({})],
    "0.1 mm of white": [page_picture({"left": 0.125})],
    "white inside the trim, too": [page_picture({"left": 5})],
    "2 mm along the edge": [page_picture({"left": 3}, rows=(0, 2.5))],
    "ink over the bleed": [page_picture({"left": 3}), then(f"0 1 0 0 k 0 0 {4 * MM} {HEIGHT * MM} re f")],
    "white that is multiplied": [page_picture({"left": 3}), then("/G gs 0 1 0 0 k 50 50 9 9 re f", G=Dictionary(BM=Name.Multiply))],
    "colours that are cut out": [page_picture({"left": 3}, Mask=Array([0, 0] * 4))],
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_white_in_the_bleed_is_told(case: str) -> None:
    breaks, sides = TOLD[case]
    (told,) = found(*breaks)
    assert f"white in the bleed ({sides})" in told


@pytest.mark.parametrize("case", SOUND)
def test_what_is_meant_is_not_told(case: str) -> None:
    assert found(*SOUND[case]) == []


def test_where_no_bleed_is_asked_for_nobody_looks() -> None:
    assert found(page_picture({"left": 3}), bleed=0) == []


@pytest.mark.parametrize("space", [Name.DeviceRGB, Name.DeviceCMYK])
@pytest.mark.parametrize("decode", [5, Array([Name.X, 1])])
def test_a_picture_whose_decode_array_is_none_is_looked_at_as_far_as_it_can_be(space: Name, decode: object) -> None:
    file = read_press_pdf(whole(page_picture({"left": 3}, space, Decode=decode)), bleed=3.0)
    told = [one.message for one in judge(file, "a.pdf", load_profile("sheet-fed").limits)]
    assert [one for one in told if "operands" in one] == []
    (image,) = file.pages[0].images
    assert image.problem == (None if space == Name.DeviceRGB else "its Decode array is no list of numbers")


def test_nor_does_that_of_an_inline_picture_stop_it() -> None:
    drawn = then("q 90 0 0 90 90 90 cm BI /W 1 /H 1 /CS /CMYK /BPC 8 /D 5 ID abcd EI Q")
    file = read_press_pdf(whole(drawn), bleed=3.0)
    assert "inline picture" in [image.name for image in file.pages[0].images]
    told = [one.message for one in judge(file, "a.pdf", load_profile("sheet-fed").limits)]
    assert [one for one in told if "operands" in one] == []
