"""Figures: shapes that are no rectangle, ellipse or line; what they are on the plate they are in the press file."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError
from rendering_kit import Press, Rendered

from pressrun.graphics.paths.outlines import arrow, path_in, star
from pressrun.graphics.paths.svg_paths import UnusablePath, path_steps
from pressrun.graphics.svg.artwork import UnusableArtwork, silhouette
from pressrun.layers.shape import ShapeLayer
from pressrun.model.geometry import Rect

PAGE = """
page: {{trim: 200pt x 200pt}}
target: {target}
formats: [{format}]
layers:
  - {{type: shape, fill: flame, box: {{x: 20pt, y: 20pt, width: 160pt, height: 120pt}}, {shape}}}
  {above}
"""
FIGURES = {
    "star": "shape: star, corners: 7, inner: 60%",
    "polygon": "shape: polygon, corners: 3",
    "arrow": "shape: arrow",
    "path": 'shape: path, path: "M0 0 Q100 0 100 50 T0 100 A50 50 0 0 0 0 0 Z"',
    "dashes": "shape: ellipse, stroke: ink, width: 6pt, dash: [12pt, 6pt], cap: square",
}
PICTURE = "- {type: shade, box: {y: 199pt, height: 1pt}}"  # which makes pixels of what is below it


def drawn(press: Press, shape: str, above: str = "", target: str = "screen", format: str = "png") -> Rendered:
    return press.render(PAGE.format(shape=FIGURES[shape], above=above, target=target, format=format))


@pytest.mark.parametrize("shape", FIGURES)
def test_a_figure_looks_the_same_on_the_plate_and_above_it(press: Press, shape: str) -> None:
    live, painted = (drawn(press, shape, above).picture("png").crop((0, 0, 266, 260)) for above in ("", PICTURE))
    reds = [sum(picture.histogram()[200:256]) for picture in (live, painted)]
    assert reds[0] == pytest.approx(reds[1], rel=0.01)
    for x in range(10, 260, 12):
        for y in range(10, 260, 12):
            one, other = live.getpixel((x, y)), painted.getpixel((x, y))
            if _is_flat(live, x, y):
                assert one == other


def _is_flat(picture: Image.Image, x: int, y: int) -> bool:
    return len(picture.crop((x - 2, y - 2, x + 3, y + 3)).getcolors() or ()) == 1


def points(outline: str) -> list[tuple[float, float]]:
    numbers = [float(part) for part in outline.split() if not part.isalpha()]
    return list(zip(numbers[0::2], numbers[1::2], strict=True))


BOXES = st.builds(Rect, *[st.floats(-500, 500)] * 2, *[st.floats(1, 900)] * 2)


@given(BOXES, st.integers(3, 100), st.floats(0.01, 1))
def test_stars_fill_the_ellipse_of_their_box(rect: Rect, corners: int, inner: float) -> None:
    found = points(star(rect, corners, inner))
    assert len(found) == (corners if inner == 1 else 2 * corners)
    middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    outs = [math.hypot((x - middle[0]) / rect.width, (y - middle[1]) / rect.height) * 2 for x, y in found]
    assert outs[0::2] == pytest.approx([1] * len(outs[0::2]), abs=0.001)
    assert outs[1::2] == pytest.approx([inner] * len(outs[1::2]), abs=0.001)
    assert found[0] == pytest.approx((middle[0], rect.y), abs=0.001)


@given(BOXES, st.floats(0.01, 1), st.floats(0.01, 1))
def test_arrows_fill_their_box_and_turn_with_the_page(rect: Rect, head: float, shaft: float) -> None:
    there, back = points(arrow(rect, head, shaft, False)), points(arrow(rect, head, shaft, True))
    for found in (there, back):
        assert min(x for x, _ in found) == pytest.approx(rect.x, abs=0.001)
        assert max(y for _, y in found) == pytest.approx(rect.bottom, abs=0.001)
    assert [x - rect.x for x, _ in there] == pytest.approx([rect.right - x for x, _ in back], abs=0.001)


def test_path_data_are_stretched_from_their_view() -> None:
    outline = path_in(Rect(10, 20, 100, 50), "M0 0 h10 v10 z", (10, 10), False)
    assert outline == "10 20 m 110 20 l 110 70 l h"
    assert path_in(Rect(10, 20, 100, 50), "M0 0 h10 v10 z", (10, 10), True) == "110 20 m 10 20 l 10 70 l h"


@pytest.mark.parametrize("data", ["", "M", "M 10 10", "M 0 0 X 5 5", "M 0 0 L", "hello", "M0 0 Z", "L 1"])
def test_path_data_that_draw_nothing(data: str) -> None:
    with pytest.raises(UnusablePath):
        path_steps(data)


@pytest.mark.parametrize(
    "options",
    [
        {"shape": "path"},
        {"shape": "star", "path": "M0 0L1 1"},
        {"shape": "path", "path": "M0 0"},
        {"shape": "path", "path": "M0 0L1 1", "view": [0, 10]},
        {"shape": "star", "corners": 2},
        {"shape": "arrow", "head": "0%"},
        {"dash": ["-1pt"]},
        {"dash": ["0pt", "0pt"]},
        {"blend": "darken"},
        {"clip": "heart"},
        {"clip": {"shape": "path"}},
        {"rotate": 400},
    ],
)
def test_what_is_no_figure(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ShapeLayer.model_validate({"type": "shape", "fill": "ink", **options})


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 10 20 10">{}</svg>'


def test_the_outline_of_an_svg_is_all_that_it_draws() -> None:
    """Whatever its colours; what overlaps is one outline; strokes count with their thickness."""
    box, size = silhouette(SVG.format('<path d="M10 10h10v10h-10z" fill="url(#g)"/>').encode())
    assert (path_steps(box), size) == (path_steps("M0 0L10 0L10 10L0 10Z"), (20, 10))
    two = SVG.format('<rect x="10" y="10" width="8" height="10"/><path d="M24 20V10H14V20Z" opacity="0.5"/>')
    corners = {step[:2] for step in path_steps(silhouette(two.encode())[0]) if step[-1] in "ml"}
    assert corners >= {(0, 0), (14, 0), (14, 10), (0, 10)}
    assert not corners & {(8, 10), (4, 0)} - {(8, 0), (4, 10)}
    line = silhouette(SVG.format('<path d="M10 15H30" stroke="red" stroke-width="2" fill="none"/>').encode())[0]
    assert {step[1] for step in path_steps(line) if step[-1] == "l"} == {4, 6}


@pytest.mark.parametrize(
    "inner", ["", '<path d="M10 10L20 20"/>', "<text>A</text>", '<path fill="none" d="M10 10h10v10z"/>', "<g"]
)
def test_an_svg_without_an_outline(inner: str) -> None:
    with pytest.raises(UnusableArtwork):
        silhouette(SVG.format(inner).encode())
