"""Plates too large to be painted as a whole: strip by strip, and no pixel tells."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy
import pikepdf
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from rendering_kit import DATE, PRESS, Press, encoded

from pressrun import export, plate
from pressrun.formats.press_pdf import PRESS_PDF
from pressrun.graphics.drawn.mixed_layers import press_picture
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pixels import joined_jpeg
from pressrun.graphics.pixels.joined_jpeg import JoinedJpeg, strips_of
from pressrun.graphics.pixels.reduced_strips import ReducedStrips
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model import plate_density
from pressrun.model.color import Ink
from pressrun.model.geometry import PageBoxes, Rect
from pressrun.model.rendering import Metadata, Overlay, Piece
from pressrun.model.sheet import Mark, PictureMark, ShadeMark, ShapeMark, Sheet
from pressrun.model.stored_bytes import KEPT, JoinedBytes, StoredBytes
from pressrun.model.toned_picture import toned
from pressrun.model.tones import Tone
from pressrun.run.worker import svg_pictures

PAGE = Rect(0, 0, 90, 110)
CANVAS = Canvas(300, PRESS)
FLAME = Ink("flame", "#E4572E", (0, 79, 88, 2))
GOLD = Ink("gold", "#B08D57", (20, 40, 70, 10), spot="PANTONE 871 C")
BLACK = Ink("ink", "#1A1A1A", (0, 0, 0, 100), overprints=True)
PAPER = Ink("paper", "#FFFFFF", (0, 0, 0, 0))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#2a6"/></svg>'

PATTERN = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 113"><defs><pattern id="p" width="3" height="3"
 patternUnits="userSpaceOnUse"><circle cx="1.5" cy="1.5" r="1"/></pattern></defs><rect width="36" height="100"
 fill="url(#p)"/></svg>"""
STROKES = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 113"><defs><radialGradient id="g"><stop
 stop-color="#f00"/><stop offset="1" stop-color="#00f"/></radialGradient><mask id="m"><circle cx="20" cy="50" r="18"
 fill="#fff"/></mask></defs><rect width="100%" height="100%" fill="url(#g)" mask="url(#m)"/><path d="M3 2 L35 109
 L20 5 z" stroke="#000" stroke-width=".7" fill="#2a6" opacity=".6"/></svg>"""


def grainy(size: tuple[int, int]) -> Image.Image:
    y, x = numpy.mgrid[0 : size[1], 0 : size[0]]
    waves = numpy.stack([120 + 100 * numpy.sin(x / (5 + one) + y / 9) for one in range(3)], axis=-1)
    return Image.fromarray((waves + numpy.random.default_rng(1).normal(0, 8, waves.shape)).clip(0, 255).astype("uint8"))


def bottle() -> Image.Image:
    picture = Image.new("RGBA", (90, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 0, 80, 159), fill=(30, 90, 60, 255))
    return picture


@pytest.fixture
def low_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips of 64 rows, of any plate."""
    monkeypatch.setattr(joined_jpeg, "STRIP_PIXELS", 1)
    monkeypatch.setattr(plate_density, "WHOLE_PIXELS", 1)


def sheet_of(press: Press) -> Sheet:
    def picture(rect: Rect, data: bytes, size: tuple[int, int], crop: Any = (0, 0, 1, 1), **said: Any) -> PictureMark:
        kind = "image/svg+xml" if data.startswith(b"<svg") else "image/png"
        return PictureMark("picture", rect, press.store.put(data), kind, size, crop, **said)

    def shape(rect: Rect, kind: Any = "rect", **said: Any) -> ShapeMark:
        return replace(ShapeMark("shape", rect, kind, FLAME, None, 0, 0, 1.0, True), **said)

    large, fine = encoded(grainy((200, 260))), encoded(grainy((1400, 1300)))
    marks: tuple[Mark, ...] = (
        picture(PAGE, large, (200, 260), (0.1, 0.05, 0.8, 0.9)),
        picture(Rect(-5, 5, 40, 37), fine, (1400, 1300)),
        toned(picture(Rect(60, 4, 25, 60), large, (200, 260)), Tone(GOLD, PAPER, 0.8)),
        ShadeMark("shade", Rect(0, 40, 90, 70), BLACK, "bottom", 0.2, 1.0, 0.7),
        shape(Rect(10, 20, 70, 60), radius=12, stroke=GOLD, stroke_width=3),
        shape(Rect(40, 10, 30, 90), "ellipse", opacity=0.5),
        shape(Rect(5, 5, 80, 100), "line", fill=None, stroke=BLACK, stroke_width=4),
        shape(Rect(8, 60, 60, 40), fill=None, stroke=FLAME, stroke_width=3, dashes=(6.0, 4.0)),
        shape(Rect(2, 50, 30, 20), fill=GOLD),
        picture(Rect(35, 15, 25, 45), encoded(bottle()), (90, 160), shadow=BLACK),
        picture(Rect(50, 50, 35, 35), SVG, (40, 40)),
    )
    return Sheet("strips", "en-GB", "print", PageBoxes(PAGE, PAGE, PAGE), PAPER, marks, "", "")


def test_strips_show_what_the_whole_shows(press: Press, low_strips: None) -> None:
    sheet, tools = sheet_of(press), press.bench
    whole = plate.paint(sheet, CANVAS, tools.photograph, tools.drawn)
    strips = list(plate.paint_strips(sheet, CANVAS, tools.photograph, tools.drawn))
    assert [strip.picture.height for strip in strips] == [64] * 7 + [10]
    for mode, one, parts in [
        ("CMYK", whole.picture, [strip.picture for strip in strips]),
        ("L", whole.spots["PANTONE 871 C"], [strip.spots["PANTONE 871 C"] for strip in strips]),
    ]:
        assert {part.mode for part in parts} == {mode}
        joined = numpy.concatenate([numpy.asarray(part, numpy.int16) for part in parts])
        apart = numpy.abs(joined - numpy.asarray(one, numpy.int16))
        assert apart.max() <= 8
        assert apart.mean() < 0.1


def test_where_strips_meet_is_not_seen(press: Press, low_strips: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shadows and edges of pictures that go over borders are the same wherever these lie."""
    sheet, tools, joined = sheet_of(press), press.bench, []
    for times, count in ((1, 8), (2, 4), (3, 3), (5, 2), (8, 1)):
        monkeypatch.setattr(joined_jpeg, "STRIP_PIXELS", times * joined_jpeg.RESTARTS * CANVAS.whole(PAGE)[0])
        strips = list(plate.paint_strips(sheet, CANVAS, tools.photograph, tools.drawn))
        joined.append(numpy.concatenate([numpy.asarray(strip.picture, numpy.int16) for strip in strips]))
        assert len(strips) == count
    for other in joined[1:]:
        assert numpy.abs(joined[0] - other).max() <= 2


def test_joined_strips_of_a_jpeg_are_decoded_as_the_whole() -> None:
    picture = Image.merge("CMYK", (*grainy((333, 331)).split(), Image.effect_noise((333, 331), 60)))
    out = io.BytesIO()
    joined = JoinedJpeg(out, picture.size, export.PLATE_QUALITY)
    for top in range(0, 331, 128):  # of 42 blocks in a row: 16 intervals in each strip
        joined.add(picture.crop((0, top, 333, min(331, top + 128))))
    joined.finish()
    with Image.open(out) as read, Image.open(io.BytesIO(export.encode_plate(picture))) as one:
        assert (read.mode, read.size) == ("CMYK", picture.size)
        assert read.tobytes() == one.tobytes()
        strips = list(strips_of(io.BytesIO(out.getvalue())))
        assert [strip.height for strip in strips] == [64] * 5 + [11]
        assert b"".join(strip.tobytes() for strip in strips) == one.tobytes()


@pytest.mark.parametrize("size", [(100, 97), (37, 41), (3, 1), (333, 331)])
def test_strips_are_reduced_as_the_whole(size: tuple[int, int]) -> None:
    picture = grainy((333, 331))
    reduced = ReducedStrips(picture.size, size, "RGB")
    for top in range(0, 331, 64):
        reduced.add(picture.crop((0, top, 333, min(331, top + 64))))
    wanted = numpy.asarray(picture.resize(size, Image.Resampling.BOX), numpy.int16)
    assert numpy.abs(numpy.asarray(reduced.picture, numpy.int16) - wanted).max() <= 1


def test_a_bench_has_the_same_of_a_large_plate(
    press: Press, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    sheet = sheet_of(press)
    whole_key = press.bench.plate_key(sheet)
    whole = press.bench.plate(sheet, whole_key)
    request.getfixturevalue("low_strips")
    plate._plate_key.cache_clear()
    monkeypatch.setattr(plate, "paint", None)
    key = press.bench.plate_key(sheet)
    assert key != whole_key
    strips = press.bench.plate(sheet, key)
    assert whole.jpeg
    assert strips.jpeg
    assert isinstance(strips.jpeg, StoredBytes)
    for of in (whole, strips):
        assert [(layer.ink.spot, layer.size) for layer in of.spots] == [("PANTONE 871 C", (375, 458))]
    apart = numpy.asarray(whole.ground.picture, numpy.int16) - numpy.asarray(strips.ground.picture, numpy.int16)
    assert numpy.abs(apart).mean() < 0.3
    assert isinstance(whole.jpeg, bytes)
    with Image.open(io.BytesIO(whole.jpeg)) as one, strips.jpeg.opened() as file, Image.open(file) as other:
        apart = numpy.asarray(one, numpy.int16) - numpy.asarray(other, numpy.int16)
    assert numpy.abs(apart).mean() < 0.3
    press.bench.plates.clear()
    stored = press.bench.plate(sheet, key)
    assert (stored.jpeg, stored.spots, stored.limits) == (strips.jpeg, strips.spots, strips.limits)
    plate._plate_key.cache_clear()


@pytest.mark.parametrize(
    "said", [SVG, PATTERN, STROKES], ids=["edges", "tiles of a pattern", "gradient, mask and strokes"]
)
@pytest.mark.parametrize("rows", [17, 64, 250])
def test_a_drawing_in_parts_is_the_one_that_is_drawn_whole(
    press: Press, monkeypatch: pytest.MonkeyPatch, said: bytes, rows: int
) -> None:
    """Of the same renderer as plates that are painted at once, or of one whose parts fit."""
    digest, (width, height) = press.store.put(said), (353, 997)

    def parts() -> numpy.ndarray:
        boxes = [(0, top, width, min(height, top + rows)) for top in range(0, height, rows)]
        drawn = [press.bench.drawn(digest, width, height, box).convert("RGBa") for box in boxes]
        return numpy.concatenate([numpy.asarray(one, numpy.int16) for one in drawn])

    whole = numpy.asarray(press.bench.drawn(digest, width, height).convert("RGBa"), numpy.int16)
    assert numpy.array_equal(parts(), whole)
    monkeypatch.setattr(svg_pictures, "WHOLE", 1)
    at_once = numpy.asarray(press.bench.drawn(digest, width, height, (0, 0, width, height)).convert("RGBa"), numpy.int16)
    assert numpy.abs(parts() - at_once).max() <= 2


def test_a_drawing_is_kept_for_the_proportions_that_it_has(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where filters make pixels of it, others would be seen."""
    digest, drawn_svg, drawn = press.store.put(SVG), press.bench.typesetter.drawn_svg, []

    def noted(svg: bytes, width: float, height: float) -> bytes:
        drawn.append(height / width)
        return drawn_svg(svg, width, height)

    monkeypatch.setattr(press.bench.typesetter, "drawn_svg", noted)
    monkeypatch.setattr(svg_pictures, "WHOLE", 1)
    for size in ((900, 300), (300, 900), (300, 900)):
        assert press.bench.drawn(digest, *size, (0, 0, 300, 100)).getbbox()
    assert drawn == pytest.approx([1 / 3, 3])


MIXED = """
page: {trim: 90pt x 110pt, bleed: 6pt}
target: print
inks: [cmyk, FLAME]
formats: [press-pdf, press-pdf-x1a, proof-png]
flatten: true
layers:
  - {type: image, id: photo, picture: hero, box: {in: bleed}}
  - {type: shape, id: veil, shape: rect, fill: flame, opacity: 0.5, box: {x: 5pt, y: 60pt, width: 70pt, height: 30pt}}
  - {type: text, id: words, text: Words, role: body, size: 9pt, color: ink, box: {x: 10pt, y: 10pt, width: 60pt, height: 30pt}}
  - {type: shape, id: glow, shape: rect, fill: flame, blend: multiply, box: {x: 20pt, y: 20pt, width: 60pt, height: 60pt}}
"""


@pytest.mark.parametrize("inks", ["cmyk", "spots"])
def test_what_is_mixed_over_a_large_plate_is_seen_as_over_others(
    press: Press, request: pytest.FixtureRequest, inks: str
) -> None:
    """And flattened: none of it needs all of the plate at once."""
    layout = MIXED.replace(", FLAME", "" if inks == "cmyk" else ", PANTONE 7579 C")
    whole = press.render(layout, slots={"hero": ["quadrants"]})
    request.getfixturevalue("low_strips")
    plate._plate_key.cache_clear()
    press.bench.plates.clear()
    strips = press.render(layout, slots={"hero": ["quadrants"]})
    plate._plate_key.cache_clear()
    assert strips.codes == whole.codes
    apart = [numpy.asarray(one.picture("proof-png"), numpy.int16) for one in (whole, strips)]
    assert numpy.abs(apart[0] - apart[1]).mean() < 0.5
    for kind in ("press-pdf", "press-pdf-x1a"):
        seen = [numpy.asarray(rasterise(one.files[kind], (204, 244))[0].convert("RGB"), numpy.int16) for one in (whole, strips)]
        assert numpy.abs(seen[0] - seen[1]).mean() < 0.5


def test_a_file_holds_a_stored_plate_as_one_in_memory(press: Press, low_strips: None) -> None:
    sheet = sheet_of(press)
    plate._plate_key.cache_clear()
    under = press.bench.plate(sheet, press.bench.plate_key(sheet))
    plate._plate_key.cache_clear()
    assert isinstance(under.jpeg, StoredBytes)
    said = Metadata("Poster", "", "Somebody", "en-GB", "", DATE)
    files = []
    for jpeg in (under.jpeg, under.jpeg.read()):
        overlay = Overlay((PAGE.width, PAGE.height), (), b"", {})
        view = export.View(lambda: under.ground, under.ground, ())
        page = export.rendering(sheet, overlay, (), said, view, jpeg, under.spots, None, PRESS, 90, False, False)
        (file,) = export.written([PRESS_PDF], page)
        files.append(file)
    stored, held = files
    assert isinstance(stored.written, JoinedBytes)
    assert isinstance(held.written, bytes)
    assert stored.data == held.data
    assert stored.put(press.store) == held.put(press.store)
    with stored.opened() as file, pikepdf.open(file) as pdf:
        assert pdf.pages[0].Resources.XObject.Plate.read_raw_bytes() == under.jpeg.read()


def test_files_whose_pictures_end_alike_have_identifiers_of_their_own(press: Press) -> None:
    sheet, said = sheet_of(press), Metadata("Poster", "", "Somebody", "en-GB", "", DATE)
    under, overlay = press.bench.plate(sheet, press.bench.plate_key(sheet)), Overlay((PAGE.width, PAGE.height), (), b"", {})
    noise = Image.fromarray(numpy.random.default_rng(2).integers(0, 255, (256, 256, 4), numpy.uint8), "CMYK")
    found = []
    for top in ((0, 0, 0, 0), (0, 0, 0, 255)):
        out = io.BytesIO()
        noise.paste(top, (0, 0, 256, 64))
        jpeg = JoinedJpeg(out, noise.size, 90)
        jpeg.add(noise)
        jpeg.finish()
        view = export.View(lambda: under.ground, under.ground, ())
        page = export.rendering(sheet, overlay, (), said, view, out.getvalue(), (), None, PRESS, 90, False, False)
        (file,) = export.written([PRESS_PDF], page)
        with file.opened() as written, pikepdf.open(written) as pdf:
            found.append((len(out.getvalue()), bytes(pdf.trailer.ID[0])))
    assert min(size for size, _ in found) > 2 * KEPT
    assert found[0][1] != found[1][1]


def test_a_large_picture_above_live_layers_is_painted_in_strips(
    press: Press, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = encoded(grainy((400, 500)))
    mark = PictureMark("above", Rect(10, 10, 70, 90), press.store.put(large), "image/png", (400, 500), (0, 0, 1, 1))
    sheet = replace(sheet_of(press), marks=(mark,))
    _, whole = press.bench.piece(sheet, mark)
    request.getfixturevalue("low_strips")
    monkeypatch.setattr(plate, "paint_piece", None)
    rect, strips = press.bench.piece(sheet, mark)
    assert isinstance(strips.jpeg, StoredBytes)
    assert isinstance(whole.jpeg, bytes)
    assert strips.seen.size == whole.seen.size
    apart = [numpy.asarray(one, numpy.int16) for one in (whole.seen, strips.seen)]
    assert numpy.abs(apart[0] - apart[1]).mean() < 0.3
    with Image.open(io.BytesIO(whole.jpeg)) as one, strips.jpeg.opened() as file, Image.open(file) as other:
        assert numpy.abs(numpy.asarray(one, numpy.int16) - numpy.asarray(other, numpy.int16)).mean() < 0.3
    press.bench._pieces._kept.clear()
    again, stored = press.bench.piece(sheet, mark)
    assert (again, stored.jpeg, stored.alpha) == (rect, strips.jpeg, None)


def veiled() -> Image.Image:
    """A grainy picture that fades out, and shows nothing at its sides."""
    picture, (across, down) = grainy((180, 220)).convert("RGBA"), numpy.mgrid[0:180, 0:220]
    cover = 255 * (1.2 - ((across - 90) / 80) ** 2 - ((down - 110) / 100) ** 2)
    picture.putalpha(Image.fromarray(cover.clip(0, 255).astype(numpy.uint8).T))
    return picture


ABOVE = Rect(12, 8, 60, 80)
TONED = Tone(GOLD, PAPER, 0.8)
SEEN_THROUGH: dict[str, Any] = {
    "cut-out": lambda picture: picture(veiled()),
    "shadow": lambda picture: picture(bottle(), shadow=BLACK),
    "drawing": lambda picture: picture(STROKES),
    "spot": lambda picture: toned(picture(veiled()), TONED),
    "opaque spot": lambda picture: toned(picture(grainy((180, 220))), TONED),
    "shade": lambda picture: ShadeMark("above", ABOVE, FLAME, "bottom", 0.1, 1.0, 0.8),
    "spot shade": lambda picture: ShadeMark("above", ABOVE, GOLD, "top", 0.0, 1.0, 1.0),
}


def printed(piece: Piece, rect: Rect) -> list[Image.Image]:
    """What a piece prints on a page of its density: as much of its process inks as it covers, and each spot."""
    size = round(rect.width * 300 / 72), round(rect.height * 300 / 72)
    at = round(rect.x * 300 / 72), round(rect.y * 300 / 72)
    picture, alpha = Image.new("CMYK", size), Image.new("L", size, 255)
    if piece.jpeg:
        picture = press_picture(piece.jpeg, size)
    if piece.alpha:
        alpha = Image.frombytes("L", size, zlib.decompress(piece.alpha))
    inks = [(picture, alpha), *((Image.frombytes("L", one.size, zlib.decompress(one.cover)), None) for one in piece.spots)]
    pages = []
    for ink, mask in inks:
        page = Image.new(ink.mode, (375, 458))
        page.paste(ink, at, mask)
        pages.append(page)
    return pages


@pytest.mark.parametrize("kind", SEEN_THROUGH)
def test_what_shows_through_a_large_piece_is_the_same_in_strips(
    press: Press, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def picture(shown: Any, **said: Any) -> PictureMark:
        is_svg = isinstance(shown, bytes)
        data, size = (shown, (40, 113)) if is_svg else (encoded(shown), shown.size)
        media = "image/svg+xml" if is_svg else "image/png"
        return PictureMark("above", ABOVE, press.store.put(data), media, size, (0, 0, 1, 1), **said)

    mark = SEEN_THROUGH[kind](picture)
    sheet = replace(sheet_of(press), marks=(mark,))
    place, whole = press.bench.piece(sheet, mark)
    request.getfixturevalue("low_strips")
    monkeypatch.setattr(plate, "paint_piece", None)
    pixels, strips = press.bench.piece(sheet, mark)
    assert isinstance(strips.jpeg, StoredBytes) or strips.jpeg is None
    assert bool(strips.jpeg) == bool(whole.jpeg)
    assert [(one.ink, bool(one.cover)) for one in strips.spots] == [(one.ink, bool(one.cover)) for one in whole.spots]
    for one, other in zip(printed(whole, place.rect), printed(strips, pixels.rect), strict=True):
        apart = numpy.abs(numpy.asarray(one, numpy.int16) - numpy.asarray(other, numpy.int16))
        assert apart.mean() < 0.5  # blocks of a JPEG that begin elsewhere
        assert numpy.quantile(apart, 0.999) <= 8
    press.bench._pieces._kept.clear()
    again, stored = press.bench.piece(sheet, mark)
    assert (again, stored.jpeg, stored.alpha, stored.spots) == (pixels, strips.jpeg, strips.alpha, strips.spots)
    assert stored.is_mixed == strips.is_mixed == whole.is_mixed
