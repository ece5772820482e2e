"""What a text stands on: measured where it is, and never drawn only to be measured."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageChops
from rendering_kit import Press

from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.plates.canvas import Canvas, Painting, paint_shape
from pressrun.graphics.plates.ground import Ground, ShapedGround, grounds_of
from pressrun.model.geometry import Rect
from pressrun.model.levels import levels_of
from pressrun.model.light import least_contrast, luminances, worst_tenth
from pressrun.model.rendering import Level
from pressrun.model.sheet import Mark, ShapeMark, TextMark
from pressrun.typeset import typeset

PAGE = """
page: {trim: 200pt x 200pt}
target: screen
formats: [png]
layers:
  - {type: shape, fill: sky, box: {height: 60pt}}
  - {type: text, id: on-shape, text: One, color: ink, size: 20pt, box: {y: 10pt, height: 30pt}}
  - {type: text, id: on-panel, text: Two, color: paper, size: 20pt, panel: {color: forest}, box: {y: 20pt, height: 30pt}}
  - {type: text, id: on-both, text: Three, color: ink, size: 20pt, box: {y: 40pt, height: 30pt}}
  - {type: logo, id: mark, logo: default, box: {y: 90pt, width: 60pt, height: 30pt}}
  - {type: text, id: on-logo, text: Four, color: ink, size: 20pt, box: {y: 90pt, height: 30pt}}
  - {type: code, id: code, value: x, color: forest, ground: null, box: {y: 130pt, width: 60pt, height: 60pt}}
  - {type: text, id: beside, text: Five, color: ink, size: 20pt, box: {x: 100pt, y: 130pt, height: 30pt}}
  - {type: text, id: on-code, text: Six, color: ink, size: 20pt, box: {y: 150pt, height: 30pt}}
"""
SIZE = (400, 400)


def layers(marks: tuple[Mark, ...]) -> list[str]:
    return [mark.layer for mark in marks]


def test_levels_begin_where_a_text_stands_on_artwork(press: Press) -> None:
    sheet, _ = press.compose(PAGE)
    assert [layers(level.marks) for level in levels_of(sheet.marks)] == [
        ["shape-1", "on-shape", "on-panel", "on-both", "mark"],
        ["on-logo", "code", "beside"],
        ["on-code"],
    ]


def test_levels_laid_over_each_other_look_as_the_page_does(press: Press) -> None:
    sheet, _ = press.compose(PAGE)
    paper = Ground.of(Image.new("RGB", SIZE, "white"), sheet.boxes.bleed.width, lambda ink: ink.srgb)
    (parted,) = typeset([sheet], press.bench)
    assert parted
    seen = []
    for overlay in (replace(parted, levels=(Level(parted.segments),)), parted):
        page = paper
        with opened(shown_pages([overlay], [lambda ink: ink.srgb])) as pages:
            assert len(pages) == len(overlay.levels)
            for number in range(len(pages)):
                (page,) = pages.over(number, page)
        seen.append(page.picture.convert("RGB"))
    assert max(high for _, high in ImageChops.difference(*seen).getextrema()) <= 1


def test_a_text_stands_on_what_lies_under_it(press: Press) -> None:
    sheet, _ = press.compose(PAGE)
    paper = Ground.of(Image.new("RGB", SIZE, "white"), sheet.boxes.bleed.width, lambda ink: ink.srgb)
    grounds = grounds_of(sheet.placed, paper)
    palette = press.brand.palette
    rgb = {name: tuple(bytes.fromhex(palette[name].srgb[1:])) for name in ("sky", "forest")}

    def colors(layer: str, *box: int) -> set[Any]:
        return {color for _, color in grounds[layer].crop(box).convert("RGB").getcolors() or []}

    assert colors("on-shape", 10, 20, 100, 80) == {rgb["sky"]}
    assert colors("on-panel", 0, 0, 400, 400) == {rgb["forest"]}
    assert colors("on-both", 2, 82, 60, 98) == {rgb["forest"]}, "the panel of the text before lies over the shape"
    assert colors("on-both", 200, 82, 300, 140) == {rgb["sky"], (255, 255, 255)}
    assert colors("beside", 200, 260, 300, 300) == {(255, 255, 255)}


@pytest.mark.parametrize(("color", "readable"), [("forest", False), ("paper", True)])
def test_contrast_is_measured_against_artwork_under_a_text(press: Press, color: str, readable: bool) -> None:
    page = f"""
page: {{trim: 200px x 200px}}
target: screen
formats: [png]
layers:
  - {{type: code, id: code, value: {"x" * 60}, color: forest, ground: forest, box: {{width: 200px, height: 200px}}}}
  - {{type: text, id: t, text: Words, color: {color}, size: 40px, box: {{y: 60px, height: 60px}}}}
"""
    codes = set(press.render(page).codes)
    assert ("invisible-text" in codes) != readable
    assert "low-contrast" not in codes


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.floats(0, 1),
)
def test_no_ground_is_worse_than_the_worst_between_its_extremes(lights: list[float], own: float) -> None:
    ground = numpy.array(lights, numpy.float64)
    assert least_contrast(min(lights), max(lights), own) <= worst_tenth(ground, own) + 1e-9


@given(st.integers(0, 2**32 - 1), st.sampled_from(["rect", "ellipse", "line"]), st.floats(0, 9))
def test_a_part_of_a_ground_is_that_part_of_the_whole(press: Press, seed: int, shape: Any, radius: float) -> None:
    """Shapes are painted on the part alone; its extremes hold every pixel of it."""
    chance = numpy.random.default_rng(seed)
    left, top = (int(one) for one in chance.integers(-20, 90, 2))
    sheet, _ = press.compose(PAGE)
    inks = [mark.fill for mark in sheet.marks if isinstance(mark, ShapeMark) and mark.fill]
    text = next(mark.inks[0] for mark in sheet.marks if isinstance(mark, TextMark))
    stroke = text if shape == "line" or seed % 2 else None
    mark = ShapeMark("s", Rect(left, top, 60, 40), shape, inks[0], stroke, 2.0, radius)
    noise = Image.fromarray(chance.integers(0, 256, (100, 120, 3), numpy.uint8), "RGB")
    ground = ShapedGround(Ground.of(noise, 120.0, lambda ink: ink.srgb), (mark,))
    whole = noise.copy()
    paint_shape(Painting(whole, Canvas(72.0, None)), mark)
    x, y = (int(one) for one in chance.integers(0, 80, 2))
    box = (x, y, min(120, x + 50), min(100, y + 30))
    part = ground.crop(box).convert("RGB")
    assert part.tobytes() == whole.crop(box).tobytes()
    area = Rect(box[0], box[1], box[2] - box[0], box[3] - box[1])
    darkest, lightest = ground.extremes(area)
    light = luminances(numpy.asarray(part))
    assert darkest - 1e-6 <= light.min() <= light.max() <= lightest + 1e-6
    assert ground.contrast(area, (255, 255, 255)) == pytest.approx(worst_tenth(light, 1.0), abs=1e-6)
