"""Patterns and borders: tiles of vectors and of pixels, lines along the sides of boxes; in press files in their inks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pytest
from PIL import Image
from pydantic import ValidationError
from rendering_kit import Press, Rendered
from test_gradients import foreign_colors, page, plates
from test_groups import differing, printed

from pressrun.graphics.paths.tilings import MOST_TILES, tiles
from pressrun.layers.image import ImageLayer
from pressrun.layers.shape import ShapeLayer
from pressrun.layers.text import TextLayer
from pressrun.model.fill import PatternFill
from pressrun.model.finding import Severity
from pressrun.model.geometry import Rect
from pressrun.model.rendering import Tiling
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

PATTERNS = {
    "stripes": "fill: {pattern: stripes, color: flame, ground: sky, size: 40pt, angle: 30}",
    "dots": "shape: star, inner: 90%, fill: {pattern: dots, color: forest 60%, size: 40pt}",
    "checks": "fill: {pattern: checks, color: ink, size: 40pt}, opacity: 50%",
    "artwork": "fill: {pattern: picture, size: 60pt, angle: 20}, file: logo.svg",
    "photo": "fill: {pattern: picture, size: 90pt, angle: 20}, picture: photo",
    "turned": "fill: {pattern: stripes, color: flame, size: 40pt}, rotate: 40, shadow: soft, blend: multiply",
}
BOX = "box: {x: 20pt, y: 20pt, width: 160pt, height: 160pt}"


def layer(pattern: str) -> str:
    return f"  - {{type: shape, id: s, {PATTERNS[pattern]}, {BOX}}}\n"


@pytest.fixture(scope="module", params=PATTERNS)
def filled(press: Press, request: pytest.FixtureRequest) -> Rendered:
    """A shape that another covers a part of."""
    over = "  - {type: shape, fill: paper, opacity: 60%, box: {y: 100pt, width: 60pt, height: 60pt}}\n"
    return press.render(page(layer(request.param) + over), slots={"photo": ["quadrants"]})


def test_the_press_file_looks_as_the_proof_does(filled: Rendered, tool: Any, tmp_path: Path) -> None:
    seen, shown = filled.picture("proof-png"), printed(filled.files["press-pdf"], tool, tmp_path)
    assert differing(seen, shown, 8) < 0.005


def test_nothing_in_the_file_has_another_colour(filled: Rendered) -> None:
    data = filled.files["press-pdf"]
    profile = load_profile("x4")
    findings = judge(read_press_pdf(data), "page.pdf", profile.limits, profile.levels)
    assert {one.code for one in findings if one.severity is Severity.ERROR} <= {"resolution", "bleed"}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not foreign_colors(pdf)
        (pattern,) = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/PatternType" in one]
        assert pattern.PatternType == 1


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("stripes", {"PANTONE 7579 C": 100, "Cyan": 0}),
        ("dots", {"Cyan": 49.2, "Magenta": 27.6, "Yellow": 46.8, "Black": 31.2}),
        ("artwork", {"Cyan": 82, "Magenta": 46, "Yellow": 78, "Black": 52}),
    ],
)
def test_what_is_on_the_plates(
    press: Press, tool: Any, tmp_path: Path, pattern: str, wanted: dict[str, float]
) -> None:
    """Somewhere all over the shape, where its ink is the most."""
    found = plates(press.render(page(layer(pattern))).files["press-pdf"], tool, tmp_path)
    name = next(iter(wanted))
    row, column = (int(where[len(where) // 2]) for where in (numpy.asarray(found[name]) > wanted[name] - 1).nonzero())
    assert {one: found[one].getpixel((column, row)) for one in wanted} == pytest.approx(wanted, abs=0.5)


def test_stripes_are_as_wide_and_as_far_apart_as_they_say(press: Press) -> None:
    stripes = "  - {type: shape, fill: {pattern: stripes, size: 30px, share: 20%}, box: {height: 120px}}\n"
    seen = press.render(page(stripes, "screen")).picture("png").convert("L")
    dark = [seen.getpixel((100, y)) < 128 for y in range(120)]
    begins = [y for y in range(120) if dark[y] and not (y and dark[y - 1])]
    assert begins == [0, 30, 60, 90]
    assert sum(dark) / 4 == pytest.approx(6, abs=1), "edges go out to whole pixels"
    assert len({seen.getpixel((x, 3)) for x in range(1, seen.width - 1)}) == 1, "tiles have no seams"


def test_an_svg_without_exact_inks_is_pixels(press: Press) -> None:
    for file, picture in (("logo.svg", False), ("shaded.svg", True)):
        shape = f"  - {{type: shape, fill: {{pattern: picture, size: 60pt}}, file: {file}, {BOX}}}\n"
        with pikepdf.open(io.BytesIO(press.render(page(shape)).files["press-pdf"])) as pdf:
            images = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
            assert bool(images) == picture


def test_tiles_cover_what_they_fill_and_are_not_without_end() -> None:
    turned = (0.8, 0.6, -0.6, 0.8, 30.0, 10.0)
    few = tiles(Tiling((), 10, 20, turned, None, Rect(0, 0, 100, 100)))
    assert few is not None
    assert 50 < len(list(few)) < 150
    assert tiles(Tiling((), 1, 1, turned, None, Rect(0, 0, MOST_TILES, MOST_TILES))) is None


def test_a_border_lies_within_its_box(press: Press) -> None:
    border = "border: {all: {color: flame, width: 6pt}, left: {color: forest, width: 12pt}}"
    for locale, sides in (("en-GB", (0, 1)), ("ar-AE", (1, 0))):
        for kind in ("type: shape, fill: sky", "type: image, picture: photo"):
            made = press.render(page(f"  - {{{kind}, {border}, {BOX}}}\n", "screen"), locale=locale,
                                slots={"photo": ["light"]})  # fmt: skip
            seen = made.picture("png")
            at = [round(x * seen.width / 200) for x in (18, 29, 171, 182)]
            found = [seen.getpixel((x, seen.height // 2)) for x in at]
            assert found[0] == found[3] == (255, 255, 255)
            assert (found[1:3] == [(0x1F, 0x3A, 0x2E), found[2]]) == (sides == (0, 1))
            top = seen.getpixel((seen.width // 2, round(23 * seen.width / 200)))
            assert top == (0xE4, 0x57, 0x2E)


def test_a_border_of_what_is_cut_out_follows_its_outline(press: Press) -> None:
    layers = f"  - {{type: image, picture: photo, clip: ellipse, border: {{all: {{color: flame, width: 8pt}}}}, {BOX}}}\n"
    seen = press.render(page(layers, "screen"), slots={"photo": ["light"]}).picture("png")
    middle, scale = seen.width // 2, seen.width / 200
    column = [seen.getpixel((middle, round(y * scale))) for y in (16, 24, 36)]
    assert column[0] == (255, 255, 255)
    assert column[1] == (0xE4, 0x57, 0x2E)
    assert column[2] == (0xF4, 0xF4, 0xF4)
    corner = seen.getpixel((round(26 * scale), round(26 * scale)))
    assert corner == (255, 255, 255)


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (ShapeLayer, {"fill": {"pattern": "waves"}}),
        (ShapeLayer, {"fill": {"pattern": "dots", "size": "0pt"}}),
        (ShapeLayer, {"fill": {"pattern": "picture"}}),
        (ShapeLayer, {"fill": {"pattern": "picture", "color": "ink"}, "file": "a.svg"}),
        (ShapeLayer, {"fill": "ink", "file": "a.svg"}),
        (ShapeLayer, {"fill": {"pattern": "picture"}, "file": "a.svg", "picture": "hero"}),
        (ShapeLayer, {"border": {}}),
        (ShapeLayer, {"border": {"top": {"width": "0pt"}}}),
        (ShapeLayer, {"border": {"top": {"dash": ["0pt"]}}}),
        (ShapeLayer, {"border": {"all": {}}, "shape": "star"}),
        (ShapeLayer, {"border": {"top": {}}, "radius": "3pt"}),
        (ImageLayer, {"picture": "hero", "border": {"top": {}}, "clip": "ellipse"}),
        (TextLayer, {"text": "x", "size": "9pt", "panel": {"color": "ink", "radius": "2pt", "border": {"top": {}}}}),
        (TextLayer, {"text": "x", "size": "9pt", "panel": {"color": {"pattern": "dots"}}}),
    ],
)
def test_what_is_no_pattern_and_no_border(model: type[ShapeLayer], options: dict[str, object]) -> None:
    kind = model.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    with pytest.raises(ValidationError):
        model.model_validate({"type": kind, **options})


def test_the_picture_of_a_pattern_is_a_picture_of_the_sheet(press: Press) -> None:
    """It is measured, and tells what it was made by."""
    shape = f"  - {{type: shape, fill: {{pattern: picture, size: 200pt}}, picture: photo, {BOX}}}\n"
    made = press.render(page(shape), slots={"photo": ["quadrants"]}, source_type="trainedAlgorithmicMedia")
    assert "resolution-below-floor" in made.codes
    assert b"compositeWithTrainedAlgorithmicMedia" in made.files["press-pdf"]


@pytest.mark.parametrize("pattern", ["stripes", "checks", "photo"])
def test_a_cutout_has_the_same_pattern(press: Press, pattern: str) -> None:
    made = press.render(page(layer(pattern), "screen", "none"), slots={"photo": ["quadrants"]})
    with Image.open(io.BytesIO(made.files["png"])) as picture:
        cut = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    whole = press.render(page(layer(pattern), "screen"), slots={"photo": ["quadrants"]})
    assert differing(cut, whole.picture("png"), 4) < 0.005


@pytest.mark.parametrize("size", ["0mm", "0.001mm", "0.4%"])
def test_a_tile_that_nobody_sees_is_refused(size: str) -> None:
    with pytest.raises(ValidationError, match="too fine"):
        PatternFill.model_validate({"pattern": "dots", "size": size})
