"""Layers in any order, turned, cut out and mixed: in the press file as vectors and forms, on screens as they will print."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from rendering_kit import PROFILE, Press, Rendered
from test_press_pdf import color_spaces

from pressrun.formats.raster import PROOF_PNG
from pressrun.graphics.color import inks
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model.finding import Severity
from pressrun.model.geometry import Rect
from pressrun.model.levels import levels_of
from pressrun.model.sheet import GroupMark, PictureMark, ShadeMark, ShapeMark
from pressrun.plate import paint_piece
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.typeset import typeset

PLAIN = "page: {trim: 200px x 200px}\ntarget: screen\nformats: [png]\nground: paper\nlayers:\n"
BLENDS = ["normal", "multiply", "screen", "overlay", "soft-light"]
PAGE = """
page: {trim: 200pt x 200pt}
target: TARGET
formats: FORMATS
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
"""


def render(press: Press, layers: str, target: str = "print", **content: Any) -> Rendered:
    formats = "[press-pdf, proof-png]" if target == "print" else "[png]"
    page = PAGE.replace("TARGET", target).replace("FORMATS", formats) + layers
    return press.render(page, **{"slots": {"hero": ["gray"], "photo": ["quadrants"]}, **content})


def printed(data: bytes, tool: Any, folder: Path) -> Image.Image:
    """A press file as poppler separates it, seen through the profile at the density of its proof."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        left, bottom, right, top = map(float, pdf.pages[0].mediabox)
    width, height = PROOF_PNG.pixels(Rect(0, 0, right - left, top - bottom))
    (folder / "page.pdf").write_bytes(data)
    tool("pdftoppm", "-scale-to-x", str(width), "-scale-to-y", str(height), "-jpegcmyk", "-jpegopt", "quality=100", folder / "page.pdf", folder / "page")
    with Image.open(next(folder.glob("page*.jpg"))) as page:
        return inks.to_srgb(page.copy(), PROFILE)


def differing(one: Image.Image, other: Image.Image, more_than: int) -> float:
    """The share of pixels of which a channel differs by more than so much, but for those within two of an edge."""
    one, other = one.convert("RGB"), other.convert("RGB")
    highest, lowest = one.filter(ImageFilter.MaxFilter(5)), one.filter(ImageFilter.MinFilter(5))
    flat = numpy.asarray(ImageChops.difference(highest, lowest)).max(axis=2) <= 12
    assert flat.mean() > 0.6
    differs = numpy.asarray(ImageChops.difference(one, other)).max(axis=2) > more_than
    return float((differs & flat).mean())


@pytest.mark.parametrize("blend", BLENDS)
@pytest.mark.parametrize("opacity", [1, 0.4])
def test_the_press_file_looks_as_the_proof_does(
    press: Press, tool: Any, tmp_path: Path, blend: str, opacity: float
) -> None:
    """Ink by ink: a shape, a text and a picture, on a picture."""
    mixed = f"blend: {blend}, opacity: {opacity}"
    layers = f"""
  - {{type: shape, fill: flame, {mixed}, box: {{x: 20pt, width: 60pt, height: 150pt}}}}
  - {{type: text, text: Mixed, role: headline, color: forest, size: 50pt, {mixed}, box: {{y: 140pt, height: 50pt}}}}
  - {{type: image, picture: photo, rotate: 15, {mixed}, box: {{x: 100pt, y: 20pt, width: 80pt, height: 80pt}}}}
"""
    made = render(press, layers)
    seen, page = made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path)
    assert page.size == seen.size
    assert differing(seen, page, 8) < 0.005


def test_what_is_turned_stays_live(press: Press) -> None:
    layers = """
  - {type: text, id: t, text: Turned, size: 20pt, rotate: 30, box: {y: 40pt, height: 30pt}}
  - {type: logo, id: l, logo: default, rotate: -90, clip: ellipse, box: {y: 100pt, width: 40pt, height: 20pt}}
"""
    made = render(press, layers)
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        drawn, content = pdf.pages[0].obj.Resources.XObject, content_of(pdf)
        assert [str(one.Subtype) for one in drawn.values()] == ["/Image"], "one plate"
        assert "/Group" not in pdf.pages[0].obj
        assert "W\nn\n" in content


def content_of(pdf: pikepdf.Pdf) -> str:
    return pikepdf.unparse_content_stream(pikepdf.parse_content_stream(pdf.pages[0])).decode()


def test_what_is_mixed_is_a_group_in_inks(press: Press) -> None:
    text = "  - {type: text, id: t, text: Faint, size: 20pt, opacity: 0.5, blend: multiply, box: {height: 30pt}}\n"
    with pikepdf.open(io.BytesIO(render(press, text).files["press-pdf"])) as pdf:
        page = pdf.pages[0].obj
        assert page.Group.CS == "/DeviceCMYK"
        (form,) = [one for one in page.Resources.XObject.values() if "/Group" in one]
        assert form.Group.CS == "/DeviceCMYK"
        (state,) = page.Resources.ExtGState.values()
        assert (float(state.ca), str(state.BM)) == (0.5, "/Multiply")


def test_a_picture_over_a_headline_is_a_piece_with_a_soft_mask(press: Press, tool: Any, tmp_path: Path) -> None:
    layers = """
  - {type: text, id: t, text: Below, size: 60pt, color: flame, box: {height: 60pt}}
  - {type: image, id: cut, picture: cutout, fit: contain, shadow: contact, box: {x: 20pt, width: 60pt, height: 80pt}}
"""
    made = render(press, layers, slots={"hero": ["light"], "cutout": ["cutout"]})
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        pictures = [one for one in pdf.pages[0].obj.Resources.XObject.values() if one.Subtype == "/Image"]
        assert [str(one.ColorSpace) for one in pictures] == ["/DeviceCMYK"] * 2
        (mask,) = [one.SMask for one in pictures if "/SMask" in one]
        assert mask.Width < 4 * 60 / 72 * 300, "cut off at what shows"
    seen = made.picture("proof-png")
    assert differing(seen, printed(made.files["press-pdf"], tool, tmp_path), 8) < 0.005


@pytest.mark.parametrize("layers", [
    "  - {type: shape, fill: flame, blend: screen, box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}}\n",
    "  - {type: shape, fill: flame, blend: overlay, box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}}\n",
    "  - {type: shape, fill: flame, stroke: ink, width: 9pt, opacity: 0.6, box: {x: 20pt, y: 20pt, width: 90pt, height: 90pt}}\n",
    "  - {type: text, id: t, text: x, size: 9pt, box: {x: 20pt, y: 20pt, width: 90pt, height: 90pt}}\n"
    "  - {type: shade, color: ink, box: {x: 20pt, y: 20pt, width: 90pt, height: 160pt}}\n",
    "  - {type: group, clip: ellipse, box: {in: bleed}, layers: [{type: shade, color: ink, box: {x: 20pt, width: 160pt}}]}\n",
], ids=["screened", "overlaid", "fill and stroke", "shade above a text", "shade in a clip"])  # fmt: skip
def test_what_lies_on_bare_paper_is_printed_as_it_is_proofed(press: Press, tool: Any, tmp_path: Path, layers: str) -> None:
    page = PAGE.replace("TARGET", "print").replace("FORMATS", "[press-pdf, proof-png]")
    made = press.render(page.replace("  - {type: image, id: hero, picture: hero, box: {in: bleed}}\n", layers))
    assert differing(made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path), 8) < 0.005


def test_a_stroke_above_a_text_stays_above_it(press: Press) -> None:
    """Though its shape's box does not meet the text's, and a picture beside them is painted on the plate."""
    layers = """
  - {type: text, id: t, text: x, size: 9pt, box: {width: 40pt, height: 40pt}}
  - {type: shape, id: framed, stroke: flame, width: 20pt, box: {x: 45pt, width: 40pt, height: 40pt}}
  - {type: image, id: beside, picture: photo, box: {x: 120pt, y: 120pt, width: 50pt, height: 50pt}}
"""
    page = PLAIN + layers
    sheet, _ = press.compose(page, slots={"photo": ["quadrants"]})
    (framed,) = (mark for mark in sheet.marks if isinstance(mark, ShapeMark) and mark.layer == "framed")
    assert not framed.pixels


@pytest.mark.parametrize("target", ["print", "screen"])
def test_a_faint_shape_hides_its_fill_under_its_stroke(press: Press, target: str) -> None:
    """As one of a single path with both colours would have it: all of it in one ink is one tone."""
    shape = "  - {type: shape, fill: flame, stroke: flame, width: 20pt, opacity: 0.5, box: {x: 50pt, y: 50pt, width: 90pt, height: 90pt}}\n"
    picture = render(press, shape, target).picture("proof-png" if target == "print" else "png")
    scale = picture.width / 200
    middle, edge = (picture.getpixel((round(x * scale), round(95 * scale))) for x in (95, 55))
    assert middle == edge


@pytest.mark.parametrize("target", ["print", "screen"])
def test_a_piece_has_the_pixels_that_the_plate_would_have(press: Press, target: str) -> None:
    """Lifted over a text of nothing but its box, which it hides; edges at fractions of a pixel differ."""
    photo = "  - {type: image, id: photo, picture: photo, box: {x: 30pt, y: 30pt, width: 90pt, height: 90pt}}\n"
    text = "  - {type: text, id: t, text: x, size: 9pt, box: {x: 50pt, y: 50pt, width: 9pt, height: 9pt}}\n"
    plain, lifted = (render(press, layers, target) for layers in (photo, text + photo))
    name = "png" if target == "screen" else "proof-png"
    assert differing(plain.picture(name), lifted.picture(name), 3) < 0.005


def test_pixels_are_lifted_where_they_lie_over_something_live(press: Press) -> None:
    layers = """
  - {type: text, id: t, text: x, size: 9pt, box: {width: 40pt, height: 40pt}}
  - {type: image, id: over, picture: photo, box: {x: 30pt, y: 30pt, width: 50pt, height: 50pt}}
  - {type: image, id: beside, picture: photo, box: {x: 100pt, y: 100pt, width: 50pt, height: 50pt}}
  - {type: shade, id: low, box: {y: 20pt}}
"""
    page = PAGE.replace("TARGET", "screen").replace("FORMATS", "[png]") + layers
    sheet, _ = press.compose(page, slots={"hero": ["gray"], "photo": ["quadrants"]})
    lifted = {mark.layer: mark.lifted for mark in sheet.marks if isinstance(mark, (PictureMark, ShadeMark))}
    assert lifted == {"hero": False, "over": True, "beside": False, "low": True}


@pytest.mark.parametrize("target", ["print", "screen"])
@pytest.mark.parametrize("above", [
    "  - {type: image, id: over, picture: photo, box: {x: 40pt, y: 40pt, width: 60pt, height: 60pt}}\n",
    "  - {type: text, id: over, text: Over, size: 20pt, box: {x: 40pt, y: 40pt, width: 60pt, height: 60pt}}\n",
], ids=["picture", "text"])  # fmt: skip
def test_what_sticks_out_of_its_group_is_below_what_comes_behind_it(press: Press, target: str, above: str) -> None:
    """A group whose box is a corner, and one whose box holds all that is in it, look alike."""
    below = "  - {type: text, id: below, text: Below, size: 9pt, box: {x: 130pt, y: 130pt, width: 40pt, height: 20pt}}\n"
    disc = "{type: shape, shape: ellipse, fill: flame, box: {x: 30pt, y: 30pt, width: 80pt, height: 80pt}}"
    small, large = (
        render(press, f"{below}  - {{type: group, id: g, opacity: 90%, box: {box}, layers: [{disc}]}}\n{above}", target)
        for box in ("{width: 10pt, height: 10pt}", "{width: 120pt, height: 120pt}")
    )
    name = "png" if target == "screen" else "proof-png"
    assert differing(small.picture(name), large.picture(name), 3) == 0


def test_a_piece_is_painted_once_wherever_it_stands(press: Press) -> None:
    def layers(x: int, y: int) -> str:
        return f"  - {{type: image, picture: photo, clip: star, box: {{x: {x}px, y: {y}px, width: 80px, height: 80px}}}}\n"

    placed = []
    for at in ((0, 0), (40, 24)):
        page = PAGE.replace("TARGET", "screen").replace("FORMATS", "[png]") + layers(*at)
        sheet, _ = press.compose(page, slots={"hero": ["gray"], "photo": ["quadrants"]})
        (group,) = [mark for mark in sheet.marks if isinstance(mark, GroupMark)]
        (mark,) = group.marks
        assert isinstance(mark, PictureMark)
        placed.append(press.bench.piece(sheet, mark)[0])
    one, other = placed
    assert one.piece == other.piece
    assert (other.rect.x - one.rect.x, other.rect.y - one.rect.y) == (30, 18)


@pytest.mark.parametrize(("shadow", "is_above"), [("none", False), ("contact", True)])
def test_a_text_on_a_shadow_is_drawn_after_it(press: Press, shadow: str, is_above: bool) -> None:
    """Though it does not touch the picture, beside which it could be set with the text below."""
    layers = f"""
  - {{type: text, id: below, text: Below, size: 20pt, box: {{height: 30pt}}}}
  - {{type: image, picture: cutout, shadow: {shadow}, box: {{x: 20pt, width: 40pt, height: 80pt}}}}
  - {{type: text, id: beside, text: Beside, size: 10pt, box: {{x: 70pt, y: 70pt, height: 20pt}}}}
"""
    page = PAGE.replace("TARGET", "screen").replace("FORMATS", "[png]") + layers
    sheet, _ = press.compose(page, slots={"hero": ["gray"], "cutout": ["cutout"]})
    (overlay,) = typeset(press.bench.fitter.fitted([sheet]), press.bench)
    assert overlay
    assert (len(overlay.text_pages) == 2) == is_above


def test_a_text_is_measured_on_what_was_drawn_before_it(press: Press) -> None:
    """A turned disc, a piece, a panel in a group: none of it is on the plate."""
    for below in (
        "{type: shape, fill: ink, rotate: 10, box: {height: 60pt}}",
        "{type: image, picture: photo, clip: ellipse, box: {height: 60pt}}",
        "{type: shape, fill: ink, blend: multiply, box: {height: 60pt}}",
    ):
        for turn in (0, 10):
            layers = f"""
  - {below}
  - {{type: text, id: t, text: Which, color: [ink, paper], size: 12pt, rotate: {turn}, align: center, anchor: middle, box: {{x: 70pt, y: 15pt, width: 60pt, height: 30pt}}}}
"""
            made = render(press, layers, slots={"hero": ["light"], "photo": ["dark"]})
            assert made.choices["t"] == "paper", (below, turn)
            assert "low-contrast" not in made.codes
            assert "invisible-text" not in made.codes


def test_the_middle_of_a_turned_box_stays(press: Press) -> None:
    layers = "  - {type: shape, fill: flame, rotate: 90, box: {x: 60pt, y: 90pt, width: 80pt, height: 20pt}}\n"
    seen = render(press, layers, "screen").picture("png")
    box = [x * 200 / seen.width for x in found(seen, (0xE4, 0x57, 0x2E))]
    assert box == pytest.approx([90, 60, 110, 140], abs=0.8)


@pytest.mark.parametrize(
    ("flip", "corners"),
    [("horizontal", "grwb"), ("vertical", "bwrg"), ("both", "wbgr")],
)
def test_what_is_turned_over(press: Press, flip: str, corners: str) -> None:
    photo = f"  - {{type: image, picture: photo, flip: {flip}, box: {{x: 50pt, y: 50pt, width: 100pt, height: 100pt}}}}\n"
    seen = render(press, photo, "screen").picture("png")
    colors = {(255, 0, 0): "r", (0, 255, 0): "g", (0, 0, 255): "b", (255, 255, 255): "w"}
    places = [(x * 4 // 3, y * 4 // 3) for y in (75, 125) for x in (75, 125)]
    assert "".join(colors[seen.getpixel(place)] for place in places) == corners  # type: ignore[index]


def found(picture: Image.Image, color: tuple[int, int, int]) -> Iterator[int]:
    near = (abs(numpy.asarray(picture, int) - numpy.array(color)).max(axis=2) < 8).nonzero()
    yield from (int(near[1].min()), int(near[0].min()), int(near[1].max()) + 1, int(near[0].max()) + 1)


@pytest.mark.parametrize("mixed", ["", ", opacity: 0.9", ", shadow: hard"])
def test_what_begins_beyond_the_page_before_it_is_turned_in_is_whole(press: Press, mixed: str) -> None:
    """As a role at the edge of a badge: its box, unturned, reaches far out of the page on the left."""
    def reach(at: str, turn: int) -> tuple[int, int]:
        text = "{type: text, text: SPEAKER, role: headline, color: forest, size: 22pt, align: center, anchor: middle"
        box = f"{{in: trim, x: {at}, y: 55pt, width: 200pt, height: 40pt}}"
        made = press.render(f"{PLAIN}  - {text}, rotate: {turn}{mixed}, box: {box}}}\n")
        rows, columns = (numpy.asarray(made.picture("png").convert("L")) < 128).nonzero()
        return int(numpy.ptp(columns)), int(numpy.ptp(rows))

    assert reach("-80pt", -90)[::-1] == pytest.approx(reach("-25pt", 0), abs=3)


def test_in_mirrored_pages_it_turns_the_other_way(press: Press) -> None:
    page = PAGE.replace("TARGET", "screen").replace("FORMATS", "[png]")
    layer = "  - {type: shape, id: s, fill: flame, rotate: 20, box: {width: 50pt, height: 50pt}}\n"
    matrices = []
    for locale in ("en-GB", "ar-AE"):
        sheet, _ = press.compose(page + layer, slots={"hero": ["gray"]}, locale=locale)
        (group,) = [mark for mark in sheet.marks if isinstance(mark, GroupMark)]
        matrices.append(group.matrix[1])
    assert matrices[0] == pytest.approx(-matrices[1]) != 0


def test_levels_part_groups_that_only_place(press: Press) -> None:
    layers = """
  - {type: shape, id: disc, fill: ink, rotate: 10, box: {height: 60pt}}
  - {type: text, id: t, text: On it, color: paper, size: 12pt, box: {height: 60pt}}
  - {type: text, id: aside, text: Aside, size: 12pt, box: {y: 150pt, height: 20pt}}
"""
    page = PAGE.replace("TARGET", "screen").replace("FORMATS", "[png]") + layers
    sheet, _ = press.compose(page, slots={"hero": ["gray"]})
    assert [[mark.layer for mark in level.marks] for level in levels_of(sheet.marks)] == [["disc"], ["t", "aside"]]


def test_what_touches_the_trim_with_a_curve_does_not_miss_the_bleed(press: Press) -> None:
    page = "{{page: {{trim: 200pt x 200pt, bleed: 9pt}}, target: print, formats: [proof-png], layers: [{}]}}"
    for layer, misses in (
        ("{type: shape, fill: flame, box: {in: trim, height: 50pt}}", True),
        ("{type: shape, shape: ellipse, fill: flame, box: {in: trim, height: 50pt}}", False),
        ("{type: shape, fill: flame, rotate: 30, box: {in: trim, height: 50pt}}", False),
    ):
        assert ("misses-bleed" in press.render(page.format(layer)).codes) == misses


def test_the_safe_area_is_kept_by_the_turned_outline(press: Press) -> None:
    text = "{{type: text, text: A long line of words, rotate: {}, size: 12pt, box: {{y: 90pt, height: 20pt}}}}"
    for turn, leaves in ((0, False), (90, False), (45, False)):
        page = f"{{page: {{trim: 200pt x 200pt, safe: 10pt}}, target: screen, formats: [png], layers: [{text.format(turn)}]}}"
        assert ("outside-safe-area" in press.render(page).codes) == leaves
    wide = "{type: text, text: A long line of words that goes on, rotate: 90, size: 12pt, box: {width: 190pt, height: 20pt}}"
    page = f"{{page: {{trim: 200pt x 100pt, safe: 0pt}}, target: screen, formats: [png], layers: [{wide}]}}"
    assert "outside-safe-area" in press.render(page).codes


def test_a_page_of_groups_and_pieces_is_pdf_x4_without_any_other_colour(press: Press) -> None:
    layers = """
  - {type: text, id: t, text: Turned, size: 30pt, rotate: 30, opacity: 0.5, box: {y: 40pt, height: 40pt}}
  - {type: image, picture: photo, clip: star, blend: multiply, box: {x: 100pt, y: 40pt, width: 80pt, height: 80pt}}
  - {type: shape, shape: star, fill: flame, stroke: ink, dash: [3pt], opacity: 0.3, box: {y: 20pt, height: 90pt}}
  - {type: logo, logo: default, flip: both, clip: {shape: rect, radius: 50%}, box: {y: 150pt, height: 30pt}}
  - {type: shade, box: {y: 100pt}}
"""
    data = render(press, layers).files["press-pdf"]
    profile = load_profile("x4")
    findings = judge(read_press_pdf(data), "page.pdf", profile.limits, profile.levels)
    assert {one.code for one in findings if one.severity is Severity.ERROR} <= {"resolution", "bleed"}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"]
        assert len(drawn) == 3, "two groups, and a faint star of two inks"
        for form in (*drawn, pdf.pages[0].obj):
            operators = {str(step.operator) for step in pikepdf.parse_content_stream(form)}
            assert not operators & {"rg", "RG", "g", "G", "cs", "CS", "sc", "SC", "scn", "SCN"}
            assert set(color_spaces(form, set())) <= {"/DeviceCMYK", "/DeviceGray"}  # gray: soft masks


def test_what_a_group_enlarges_is_judged_as_large_as_it_is(press: Press) -> None:
    """Pixels per inch, the sizes of texts and of modules, and what a picture over a text is drawn with."""
    layers = """
  - type: group
    id: large
    scale: 2
    box: {x: 50pt, y: 50pt, width: 80pt, height: 80pt}
    layers:
      - {type: text, id: t, text: Twice, size: 10pt, box: {height: 14pt}}
      - {type: image, id: photo, picture: photo, box: {y: 10pt, width: 40pt, height: 40pt}}
      - {type: code, id: code, value: abc, box: {x: 50pt, y: 20pt, width: 20pt}}
"""
    once, twice = (render(press, layers.replace("scale: 2", f"scale: {scale}")) for scale in (1, 2))
    assert [fact["size_pt"] for fact in (once.facts["text"][0], twice.facts["text"][0])] == [10, 20]
    fine = [{one["layer"] for one in made.facts["findings"] if one["code"] == "code-too-fine"} for made in (once, twice)]
    assert fine == [{"code"}, set()]
    widths = [min(widths_of(made)) for made in (once, twice)]  # the other one is the plate
    assert widths[1] == pytest.approx(2 * widths[0], abs=2)


def widths_of(made: Rendered) -> list[int]:
    """Of the pictures of a press file, in pixels."""
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        drawn = pdf.pages[0].obj.Resources.XObject.values()
        return [int(one.Width) for one in drawn if one.Subtype == "/Image"]


@pytest.mark.parametrize("profile", [None, PROFILE], ids=["screen", "print"])
def test_the_colours_of_a_cut_out_run_out_over_its_edges(profile: PressProfile | None) -> None:
    """What is turned is mixed with what is transparent beside it, and with the faintest of its edge: of one colour, all
    of it has that."""
    disc = Image.new("RGBA", (400, 400), (228, 87, 46, 0))
    disc.putalpha(Image.new("L", (400, 400)))
    ImageDraw.Draw(disc).ellipse((20, 20, 380, 380), (228, 87, 46, 255))
    mark = PictureMark("cut", Rect(0, 0, 60, 60), "d", "image/png", disc.size, (0, 0, 1, 1))
    painted = paint_piece(mark, Canvas(110, profile), lambda digest: disc, lambda *told: disc)
    assert painted.alpha
    pixels, alpha = numpy.asarray(painted.color).astype(int), numpy.asarray(painted.alpha)
    color = numpy.median(pixels[alpha == 255], axis=0)
    near = numpy.asarray(painted.alpha.filter(ImageFilter.MaxFilter(5))) == 255
    assert (near & (alpha == 0)).sum() > 20
    assert abs(pixels[near] - color).max() <= 24
