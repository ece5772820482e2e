"""Everything made of pixels, flattened into one raster: exact inks, right crops, shadows where they belong."""

from __future__ import annotations

import io
from typing import Any

import numpy
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops
from rendering_kit import PROFILE, Press, brand, encoded, quadrants, read_layout

from pressrun import export, plate
from pressrun.graphics.color import inks
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model.color import Ink
from pressrun.model.geometry import PageBoxes, Rect
from pressrun.model.plate_density import USUAL_PIXELS, plate_density, press_density
from pressrun.model.sheet import Mark, PictureMark, ShadeMark, ShapeMark, Sheet

PRESS_CANVAS = Canvas(300, PROFILE)
SCREEN_CANVAS = Canvas(96, None)
FLAME = Ink("flame", "#E4572E", (0, 79, 88, 2))
SKY = Ink("sky", "#7FB7D9", (50, 15, 5, 0))
PAPER = Ink("paper", "#FFFFFF", (0, 0, 0, 0))
PAGE = Rect(0, 0, 144, 144)


def sheet_of(*marks: Mark, ground: Ink = PAPER, locale: str = "en-GB") -> Sheet:
    return Sheet("plates", locale, "print", PageBoxes(PAGE, PAGE, PAGE), ground, marks, "", "")


def shape(rect: Rect = PAGE, **options: Any) -> ShapeMark:
    mark = ShapeMark("shape", rect, "rect", FLAME, None, 0, 0, 1.0, True)
    return replace(mark, **options)


def painted(press: Press, *marks: Mark, canvas: Canvas = PRESS_CANVAS, ground: Ink = PAPER) -> Image.Image:
    return plate.paint(sheet_of(*marks, ground=ground), canvas, press.bench.photograph, press.bench.drawn).picture


def picture_mark(press: Press, picture: Image.Image, rect: Rect = PAGE, **options: Any) -> PictureMark:
    digest = press.store.put(encoded(picture))
    mark = PictureMark("picture", rect, digest, "image/png", picture.size, (0, 0, 1, 1))
    return replace(mark, **options)


def through_jpeg(picture: Image.Image) -> Image.Image:
    with Image.open(io.BytesIO(export.encode_plate(picture))) as read:
        assert (read.format, read.mode) == ("JPEG", "CMYK")
        assert "icc_profile" not in read.info
        return read.copy()


def percent(pixel: Any) -> list[float]:
    return [part / 2.55 for part in pixel]


@pytest.mark.parametrize(
    ("width", "height"), [(99, 210), (604, 851), (847, 1195), (5080, 5080), (5080, 30), (10160, 4)]
)
def test_a_press_plate_has_300_ppi_or_what_memory_and_jpeg_take(width: float, height: float) -> None:
    page = Rect(0, 0, width * 72 / 25.4, height * 72 / 25.4)
    density = press_density(page)
    assert (density == 300) is (width < 800 or (width, height) == (5080, 30))
    _, _, across, down = Canvas(density, None).box(page)
    assert across * down <= USUAL_PIXELS * 1.001
    assert max(across, down) <= 65_500


@pytest.mark.parametrize(
    ("own", "target", "wanted"), [(40, 300, 105), (150, 300, 150), (150, 120, 120), (900, 300, 300), (None, 300, 105)]
)
def test_a_large_page_is_painted_as_finely_as_its_finest_picture(own: float, target: float, wanted: float) -> None:
    page = Rect(0, 0, 2500 * 72 / 25.4, 1700 * 72 / 25.4)
    side = round((own or 900) * 2)
    kind = "image/png" if own else "image/svg+xml"
    fine = PictureMark("fine", Rect(0, 0, 144, 144), "fine", kind, (side, side), (0, 0, 1, 1))
    coarse = PictureMark("coarse", page, "coarse", "image/png", (100, 100), (0, 0, 1, 1))
    lifted = replace(fine, size=(9000, 9000), lifted=True)
    boxes = PageBoxes(page, page, page)
    sheet = Sheet("poster", "en-GB", "print", boxes, PAPER, (coarse, fine, lifted), "", "")
    asked = "page: {trim: 2500mm x 1700mm}\ntarget: print\nformats: [press-pdf]\nresolution: {floor: 20, target: %s}\n"
    layout = read_layout(asked % target + "layers:\n  - {type: image, picture: hero, box: {in: bleed}}\n")
    assert plate_density(sheet, layout) == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (257, 9)])
def test_a_stored_plate_is_read_as_it_was_painted(mode: str, size: tuple[int, int]) -> None:
    noise = [Image.effect_noise(size, 90) for _ in mode]  # also colours where nothing is to be seen
    plate_kept = Image.merge(mode, noise)
    with Image.open(io.BytesIO(export.encode_plate(plate_kept))) as read:
        assert (read.mode, read.size, read.tobytes()) == (mode, size, plate_kept.tobytes())


# ----------------------------------------------------------------------------------------------------- flat shapes


@pytest.mark.parametrize("name", ["forest", "flame", "sky", "ink", "paper"])
def test_shapes_keep_their_exact_inks_through_the_jpeg(press: Press, name: str) -> None:
    swatch = brand().palette[name]
    read = through_jpeg(painted(press, shape(fill=Ink(name, swatch.srgb, swatch.cmyk)), ground=SKY))
    assert percent(read.getpixel((300, 300))) == pytest.approx(swatch.cmyk, abs=1)


def test_the_ground_shows_where_nothing_is_painted(press: Press) -> None:
    plate_made = painted(press, shape(Rect(0, 0, 72, 72)), ground=SKY)
    assert plate_made.size == (600, 600)
    assert percent(plate_made.getpixel((500, 500))) == pytest.approx(SKY.cmyk, abs=0.3)
    assert percent(plate_made.getpixel((100, 100))) == pytest.approx(FLAME.cmyk, abs=0.3)


def test_screens_are_painted_in_srgb(press: Press) -> None:
    plate_made = painted(press, shape(), canvas=SCREEN_CANVAS)
    assert (plate_made.mode, plate_made.size) == ("RGB", (192, 192))
    assert plate_made.getpixel((90, 90)) == FLAME.rgb


def test_a_shapes_edges_are_where_they_should_be(press: Press) -> None:
    """36 to 108 points are pixels 150 to 450 at 300 a inch: the pixel before is clean, the pixel within is full."""
    plate_made = painted(press, shape(Rect(36, 36, 72, 72)))
    full = FLAME.cmyk[1] * 2.55
    for x, wanted in ((148, 0), (151, full), (448, full), (451, 0)):
        assert plate_made.getpixel((x, 300))[1] == pytest.approx(wanted, abs=1), x  # type: ignore[index]


def test_ellipses_round_corners_and_strokes(press: Press) -> None:
    ellipse = painted(press, shape(shape="ellipse"))
    assert ellipse.getpixel((5, 5)) == (0, 0, 0, 0)
    assert ellipse.getpixel((300, 300)) != (0, 0, 0, 0)
    rounded = painted(press, shape(radius=30))
    assert rounded.getpixel((2, 2)) == (0, 0, 0, 0)
    framed = painted(press, shape(Rect(36, 36, 72, 72), fill=None, stroke=SKY, stroke_width=6))
    assert framed.getpixel((300, 300)) == (0, 0, 0, 0)
    assert percent(framed.getpixel((300, 155))) == pytest.approx(SKY.cmyk, abs=0.5)


@pytest.mark.parametrize("width", [0.25, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("rect", [Rect(20, 70.3, 100, 0), Rect(70.3, 20, 0, 100)], ids=["level", "upright"])
def test_a_line_is_as_wide_as_it_says(press: Press, rect: Rect, width: float) -> None:
    mark = shape(rect, shape="line", fill=None, stroke=FLAME, stroke_width=width)
    magenta = numpy.asarray(painted(press, mark).getchannel("M")).astype(float)
    across = magenta[:, 300] if rect.height == 0 else magenta[300]
    assert across.sum() / (0.79 * 255) == pytest.approx(width * 300 / 72, abs=0.18)  # half a third of a pixel


@pytest.mark.parametrize("kind", ["rect", "ellipse"])
@pytest.mark.parametrize("at", [30.0, 30.06, 30.12, 30.18])
def test_a_hairline_is_never_lost(press: Press, kind: Any, at: float) -> None:
    made = painted(press, shape(Rect(36, at, 72, 0.05), shape=kind))
    row = [made.getpixel((300, y)) for y in range(120, 131)]
    assert sum(pixel != (0, 0, 0, 0) for pixel in row) == 1  # type: ignore[misc]


SHAPES = """
page: {{trim: 120px x 120px}}
target: screen
formats: [png]
layers:
  - {{type: shape, shape: {shape}, box: {{x: 20px, y: 20px, width: 80px, height: {height}}}}}
"""


@pytest.mark.parametrize(
    ("shape", "height"),
    [
        ("rect, fill: sky, stroke: flame, width: 6px", "70px"),
        ("rect, stroke: flame, width: 5px, radius: 12px", "70px"),
        ("ellipse, fill: sky, stroke: flame, width: 9px", "70px"),
        ("rect, fill: flame", "0.3px"),
        ("line, stroke: flame, width: 4px", "60px"),
        ("line, stroke: flame, width: 4px", "0"),
    ],
)
def test_shapes_look_alike_on_the_plate_and_live(press: Press, shape: str, height: str) -> None:
    live = press.render(SHAPES.format(shape=shape, height=height)).picture("png")
    flattened = press.render(SHAPES.format(shape=f"{shape}, opacity: 99.9%", height=height)).picture("png")
    difference = numpy.asarray(ImageChops.difference(live, flattened).convert("L"))
    assert (difference > 110).sum() <= (90 if height == "0.3px" else 4), "no edge is half a pixel off"


def test_a_translucent_shape_is_mixed_ink_by_ink(press: Press) -> None:
    mixed = percent(painted(press, shape(opacity=0.5), ground=SKY).getpixel((300, 300)))
    assert mixed == pytest.approx([(a + b) / 2 for a, b in zip(FLAME.cmyk, SKY.cmyk, strict=True)], abs=0.6)


# ----------------------------------------------------------------------------------------------------------- shades


@pytest.mark.parametrize("towards", ["top", "bottom", "left", "right"])
def test_a_shade_only_grows_towards_its_edge(press: Press, towards: str) -> None:
    mark = ShadeMark("shade", PAGE, SKY, towards, 0.1, 0.9, 0.8)  # type: ignore[arg-type]
    cyan = numpy.asarray(painted(press, mark))[..., 0].astype(int)
    along = cyan[:, 300] if towards in ("top", "bottom") else cyan[300, :]
    across = cyan[300, :] if towards in ("top", "bottom") else cyan[:, 300]
    if towards in ("top", "left"):
        along = along[::-1]
    assert (numpy.diff(along) >= 0).all()
    assert len(set(across)) == 1
    assert along[:55].max() == 0
    assert along[-55:].min() / 2.55 == pytest.approx(SKY.cmyk[0] * 0.8, abs=0.6)
    assert numpy.diff(along).max() <= 2  # and has no steps


def test_a_shade_paints_its_own_box_alone(press: Press) -> None:
    mark = ShadeMark("shade", Rect(0, 72, 144, 72), SKY, "bottom", 0, 0.5, 1)
    plate_made = painted(press, mark)
    assert plate_made.getpixel((300, 299)) == (0, 0, 0, 0)
    assert percent(plate_made.getpixel((300, 599))) == pytest.approx(SKY.cmyk, abs=0.6)


# --------------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("crop", "color"),
    [
        ((0, 0, 0.5, 0.5), (255, 0, 0)),
        ((0.5, 0, 0.5, 0.5), (0, 255, 0)),
        ((0, 0.5, 0.5, 0.5), (0, 0, 255)),
        ((0.5, 0.5, 0.5, 0.5), (255, 255, 255)),
    ],
)
def test_the_crop_shows_its_part_of_the_picture(
    press: Press, crop: tuple[float, ...], color: tuple[int, int, int]
) -> None:
    pixels = numpy.asarray(painted(press, picture_mark(press, quadrants(), crop=crop), canvas=SCREEN_CANVAS))
    assert (pixels[2:-2, 2:-2] == color).all()
    assert abs(pixels.astype(int) - color).max() <= 12  # the outermost pixel feels its neighbours


def test_a_picture_fills_its_rect_and_no_more(press: Press) -> None:
    mark = picture_mark(press, Image.new("RGB", (40, 40), "black"), Rect(36, 36, 72, 72))
    plate_made = painted(press, mark, canvas=SCREEN_CANVAS)
    assert plate_made.getpixel((48, 48)) == plate_made.getpixel((143, 143)) == (0, 0, 0)
    assert plate_made.getpixel((47, 48)) == plate_made.getpixel((144, 143)) == (255, 255, 255)


def test_for_print_pictures_go_through_the_profile(press: Press) -> None:
    picture = Image.new("RGB", (40, 40), "#3366CC")
    plate_made = painted(press, picture_mark(press, picture))
    assert plate_made.getpixel((300, 300)) == inks.to_cmyk(picture, PROFILE).getpixel((0, 0))


def test_no_picture_gets_more_ink_than_the_press_takes(press: Press) -> None:
    steps = Image.new("RGB", (64, 1))
    steps.putdata([(r, g, b) for r in (0, 40, 90, 255) for g in (0, 40, 90, 255) for b in (0, 40, 90, 255)])
    total = numpy.asarray(inks.to_cmyk(steps, PROFILE)).astype(float).sum(axis=-1) / 2.55
    assert total.max() <= 301


def test_vectors_are_as_sharp_as_the_plate(press: Press) -> None:
    placed = press.placed("cutout.svg")
    mark = PictureMark("svg", PAGE, placed.digest, placed.media_type, placed.size, (0, 0, 1, 1))
    green = numpy.asarray(painted(press, mark, canvas=SCREEN_CANVAS))[96, :, 1].astype(int)
    assert ((green > 90) & (green < 250)).sum() <= 4  # two edges, a pixel or two each


def test_transparent_edges_bring_no_foreign_colour(press: Press) -> None:
    """What is invisible in a cut-out (black here) must not darken its edge when it is reduced."""
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (101, 0, 299, 400))
    pixels = numpy.asarray(painted(press, picture_mark(press, picture), canvas=SCREEN_CANVAS))
    assert pixels.min() >= 250


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "CMYK", "I;16", "1"])
def test_pictures_of_every_kind_can_be_placed(press: Press, mode: str) -> None:
    picture = Image.new("L", (20, 20), 128)
    sixteen = Image.fromarray(numpy.asarray(picture).astype(numpy.uint16) * 257)
    converted = sixteen if mode == "I;16" else picture.convert(mode)
    assert converted.mode == mode
    data = io.BytesIO()
    converted.save(data, "TIFF" if mode == "CMYK" else "PNG")
    mark = picture_mark(press, picture)
    mark = replace(mark, digest=press.store.put(data.getvalue()))
    assert painted(press, mark).mode == "CMYK"
    if mode not in ("1", "CMYK"):  # dots, and ink
        assert painted(press, mark, canvas=SCREEN_CANVAS).getpixel((96, 96)) == (128, 128, 128)


# ---------------------------------------------------------------------------------------------------------- shadows


def darkened(press: Press, picture: Image.Image, shadow: Ink | None) -> int:
    rect = Rect(36, 20, 72, 90)
    plate_made = painted(press, picture_mark(press, picture, rect, shadow=shadow), canvas=SCREEN_CANVAS)
    below = numpy.asarray(plate_made.convert("L"))[147:170, :]
    return int((below < 245).sum())


def test_a_cut_out_stands_on_a_shadow_where_asked(press: Press) -> None:
    from rendering_kit import cutout

    black = Ink("ink", "#1A1A1A", (0, 0, 0, 100))
    assert darkened(press, cutout(), black) > 100
    assert darkened(press, cutout(), None) == 0
    assert darkened(press, Image.new("RGB", (120, 160), "gray"), black) == 0  # a rectangle of its own ground
    assert darkened(press, Image.new("RGBA", (120, 160), (0, 0, 0, 0)), black) == 0


# ------------------------------------------------------------------------------------------------------------- keys


def test_all_languages_share_a_plate(press: Press) -> None:
    layout = """
page: {trim: 100pt x 100pt}
target: screen
formats: [png]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: text, id: t, text: x, size: 10pt, box: {height: 20pt}}
"""
    sheets = [
        press.compose(layout, slots={"hero": ["quadrants"]}, layers={"t": {"text": text}}, locale=locale)[0]
        for locale, text in (("en-GB", "Coffee"), ("de-DE", "Kaffee"), ("th-TH", "กาแฟ"), ("ar-AE", "قهوة"))
    ]
    assert len({plate.plate_key(sheet, SCREEN_CANVAS) for sheet in sheets}) == 1


def test_a_page_without_pixels_has_no_plate() -> None:
    assert plate.plate_key(sheet_of(), PRESS_CANVAS) is None
    assert plate.plate_key(sheet_of(shape(pixels=False)), PRESS_CANVAS) is None


MARKS: tuple[Mark, ...] = (
    PictureMark("p", PAGE, "0" * 64, "image/png", (10, 10), (0, 0, 1, 1), SKY, "slot"),
    ShadeMark("s", PAGE, SKY, "top", 0.1, 0.9, 0.5),
    ShapeMark("r", PAGE, "rect", SKY, FLAME, 1.0, 2.0, 0.9, True),
)
OTHERS: dict[str, Any] = {
    "rect": Rect(1, 0, 144, 144), "digest": "1" * 64, "media_type": "image/svg+xml", "size": (11, 10),
    "crop": (0, 0, 1, 0.9), "shadow": None, "ink": FLAME, "towards": "left", "start": 0.2, "until": 0.8,
    "strength": 0.6, "shape": "ellipse", "fill": PAPER, "stroke": None, "stroke_width": 1.5, "radius": 3.0,
    "opacity": 0.8, "pixels": False, "lifted": True, "outline": "0 0 m 9 9 l", "cap": "round", "dashes": (3.0,),
}  # fmt: skip
NAMES_ALONE = {"layer", "slot"}  # what a mark is called changes no pixel


@pytest.mark.parametrize(
    ("mark", "field"),
    [(mark, field) for mark in MARKS for field in mark.__struct_fields__],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_every_field_of_a_pixel_mark_is_in_the_plates_key(mark: Any, field: str) -> None:
    if field in NAMES_ALONE:
        changed = replace(mark, layer="other")
        assert plate.plate_key(sheet_of(changed), PRESS_CANVAS) == plate.plate_key(sheet_of(mark), PRESS_CANVAS)
        return
    assert getattr(mark, field) != OTHERS[field]
    changed = replace(mark, **{field: OTHERS[field]})
    assert plate.plate_key(sheet_of(changed), PRESS_CANVAS) != plate.plate_key(sheet_of(mark), PRESS_CANVAS)


def test_the_page_the_order_and_the_canvas_are_in_the_plates_key() -> None:
    sheet = sheet_of(*MARKS)
    other_profile = replace(PROFILE, data=PROFILE.data + b"\0")
    larger = replace(sheet, boxes=PageBoxes(Rect(0, 0, 145, 144), PAGE, PAGE))
    keys = [
        plate.plate_key(sheet, PRESS_CANVAS),
        plate.plate_key(sheet, SCREEN_CANVAS),
        plate.plate_key(sheet, Canvas(150, PROFILE)),
        plate.plate_key(sheet, Canvas(300, other_profile)),
        plate.plate_key(sheet_of(*reversed(MARKS)), PRESS_CANVAS),
        plate.plate_key(sheet_of(*MARKS, ground=SKY), PRESS_CANVAS),
        plate.plate_key(larger, PRESS_CANVAS),
    ]
    assert len(set(keys)) == len(keys)
    assert plate.plate_key(replace(sheet, title="T", locale="ar"), PRESS_CANVAS) == keys[0]


def test_engines_are_in_the_plates_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = plate.plate_key(sheet_of(*MARKS), PRESS_CANVAS)
    monkeypatch.setattr(plate, "ENGINES", ("another",))
    assert plate.plate_key(sheet_of(*MARKS), PRESS_CANVAS) != before
