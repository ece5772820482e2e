"""Inputs that are not the same everywhere: a measure that takes the wrong end of them is seen."""

from __future__ import annotations

import io
from typing import Any

import numpy
import pytest
from msgspec.structs import replace
from PIL import Image
from rendering_kit import COLORS, Press, encoded, flat

from pressrun import registry
from pressrun.graphics.plates.ground import Ground
from pressrun.model.geometry import Rect
from pressrun.model.inspection import Inspection
from pressrun.model.light import worst_tenth
from pressrun.model.sheet import PictureMark
from pressrun.retouch import retouched
from pressrun.steps.tone import ToneStep

SCREEN = "page: {trim: 200pt x 200pt, safe: 10pt}\ntarget: screen\nformats: [png]\nlayers:\n"
PRINT = "page: {trim: [60mm, 40mm], bleed: 10mm, safe: 5mm}\ntarget: print\nformats: [press-pdf]\nlayers:\n"
HERO = "  - {type: image, id: hero, picture: hero, box: {in: bleed}}\n"
WORDS = "  - {type: text, id: t, text: Words from dark to light, color: ink, size: 14pt, lines: 1, box: {height: 30pt}}\n"


# --------------------------------------------------------------------------------------------------------- contrast


@pytest.mark.parametrize(("own", "dark", "ratio"), [(0.0, 0.3, 1), (0.0, 0.05, 21), (1.0, 0.3, 1), (1.0, 0.95, 21)])
def test_the_worst_tenth_of_an_uneven_ground_counts(own: float, dark: float, ratio: float) -> None:
    """Black and white text on a ground of which one part is black and the other white."""
    ground = numpy.ones(1000, dtype=numpy.float32)
    ground[: int(dark * 1000)] = 0
    assert worst_tenth(ground, own) == pytest.approx(ratio)


def test_text_that_begins_in_the_dark_is_told(press: Press) -> None:
    across = press.render(SCREEN + HERO + WORDS, slots={"hero": ["ramp"]})
    right = WORDS.replace("from dark to light", "on light").replace("box: {", "box: {x: 110pt, width: 70pt, ")
    assert "low-contrast" in across.codes
    assert "low-contrast" not in press.render(SCREEN + HERO + right, slots={"hero": ["ramp"]}).codes


def test_a_choice_on_an_uneven_ground_is_of_its_worst_part(press: Press) -> None:
    [choice] = press.render(
        SCREEN + HERO + WORDS.replace("ink", "[ink, paper]"), slots={"hero": ["ramp"]}
    ).facts["choices"]
    assert choice["contrast"] < 2


# ------------------------------------------------------------------------------------------------------- resolution


def squeezed(rect: tuple[float, float]) -> PictureMark:
    return PictureMark("hero", Rect(0, 0, *rect), "0" * 64, "image/png", (600, 600), (0.0, 0.0, 1.0, 1.0))


@pytest.mark.parametrize("rect", [(72, 144), (144, 72)])
def test_the_poorer_direction_counts(rect: tuple[float, float]) -> None:
    assert squeezed(rect).ppi == pytest.approx(300)


@pytest.mark.parametrize("rect", [(72, 432), (432, 72)])
def test_a_picture_drawn_out_in_one_direction_is_told(
    press: Press, rect: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Inspection] = []

    def keep(inspection: Inspection) -> list[Any]:
        seen.append(inspection)
        return []

    monkeypatch.setitem(registry.CHECKS, "keep", keep)
    press.render(PRINT + HERO, slots={"hero": ["ramp-600"]})
    drawn_out = replace(seen[0], sheet=replace(seen[0].sheet, marks=(squeezed(rect),)))
    assert [one.code for one in registry.CHECKS["resolution"](drawn_out)] == ["resolution-below-floor"]


# ------------------------------------------------------------------------------------------------------- thumbnails

EDGES = {
    "left": "width: 4mm",
    "right": "x: 56mm, width: 4mm",
    "top": "height: 4mm",
    "bottom": "y: 36mm, height: 4mm",
}


@pytest.mark.parametrize("edge", EDGES)
def test_a_thumbnail_is_cut_at_the_trim_on_every_side(press: Press, edge: str) -> None:
    """A page of one colour with a bleed of another, and a strip just inside one edge of its trim."""
    boxes = (("flame", "in: bleed"), ("sky", "in: trim"), ("ink", f"in: trim, {EDGES[edge]}"))
    layers = "".join(f"  - {{type: shape, fill: {color}, box: {{{box}}}}}\n" for color, box in boxes)
    made = press.render(PRINT + layers)
    with Image.open(io.BytesIO(press.store.read(made.facts["thumb"]))) as opened:
        thumb = opened.convert("RGB")
    assert thumb.width / thumb.height == pytest.approx(60 / 40, rel=0.02)
    middle = {
        "left": (2, thumb.height // 2),
        "right": (thumb.width - 3, thumb.height // 2),
        "top": (thumb.width // 2, 2),
        "bottom": (thumb.width // 2, thumb.height - 3),
    }
    shown = {side: thumb.getpixel(at) for side, at in middle.items()}
    for side, color in shown.items():
        assert isinstance(color, tuple)
        if side == edge:
            assert max(color) < 70, side
        else:  # sky: more blue than red, as the bleed is not
            assert color[2] > color[0] + 40, side


@pytest.mark.parametrize("trim", ["11.6px x 2000px", "300px x 40px", "320px x 256px", "321px x 10px", "1281px x 700px"])
def test_a_thumbnail_shows_the_whole_page(press: Press, trim: str) -> None:
    page = f"page: {{trim: {trim}}}\ntarget: screen\nformats: [png]\n"
    made = press.render(page + "layers: [{type: shape, fill: sky, box: {in: bleed}}]\n")
    with Image.open(io.BytesIO(press.store.read(made.facts["thumb"]))) as thumb:
        assert min(256, *sorted(made.picture("png").size)[1:]) <= max(thumb.size) <= 320
        darkest = [low for low, _ in thumb.convert("RGB").getextrema()]
    assert darkest[2] > 150, "sky alone, and no edge of black"


@pytest.mark.parametrize(("trim", "times"), [("300px x 200px", 1), ("400px x 200px", 2)])
def test_a_page_no_larger_than_its_thumbnail_is_drawn_once(
    press: Press, monkeypatch: pytest.MonkeyPatch, trim: str, times: int
) -> None:
    drawn: list[tuple[int, int]] = []
    drawn_on = Ground.drawn_on
    monkeypatch.setattr(Ground, "drawn_on", lambda one, draw: (drawn.append(one.size), drawn_on(one, draw))[1])
    made = press.render(SCREEN.replace("200pt x 200pt", trim) + WORDS)
    assert len(drawn) == times
    thumb = Image.open(io.BytesIO(press.store.read(made.facts["thumb"]))).convert("L")
    assert thumb.size == drawn[-1]
    assert thumb.getextrema()[0] < 90, "its words are on it"


# ------------------------------------------------------------------------------------------------------ every side

SIDES = {
    "left": "{x: 0mm, y: 10mm, width: 10mm, height: 10mm, in: trim}",
    "right": "{x: 50mm, y: 10mm, width: 10mm, height: 10mm, in: trim}",
    "top": "{x: 20mm, y: 0mm, width: 10mm, height: 10mm, in: trim}",
    "bottom": "{x: 20mm, y: 30mm, width: 10mm, height: 10mm, in: trim}",
}


@pytest.mark.parametrize("side", SIDES)
def test_colour_that_ends_at_the_trim_is_told_on_every_side(press: Press, side: str) -> None:
    shape = f"  - {{type: shape, id: s, fill: sky, box: {SIDES[side]}}}\n"
    found = press.render(PRINT + shape).facts["findings"]
    assert [(one["code"], side in one["message"]) for one in found] == [("misses-bleed", True)]


@pytest.mark.parametrize("side", SIDES)
def test_a_code_beyond_the_safe_area_is_told_on_every_side(press: Press, side: str) -> None:
    code = f"  - {{type: code, id: c, code: qr, value: a, box: {SIDES[side]}}}\n"
    assert "outside-safe-area" in press.render(PRINT + code).codes


DARK = {
    "left": "{x: 0, width: 48pt}",
    "right": "{x: 132pt, width: 48pt}",
    "top": "{y: 0, height: 48pt}",
    "bottom": "{y: 132pt, height: 48pt}",
}


@pytest.mark.parametrize("side", DARK)
def test_a_dark_neighbour_on_any_side_is_in_the_quiet_zone(press: Press, side: str) -> None:
    """A code of 80 points in the middle, a dark bar two points from it on one side."""
    code = "  - {type: code, id: c, code: qr, quiet: 0, value: a, box: {x: 50pt, y: 50pt, width: 80pt, height: 80pt}}\n"
    bar = f"  - {{type: shape, id: s, fill: ink, box: {DARK[side]}}}\n"
    assert "code-quiet-zone" in press.render(SCREEN + bar + code).codes
    assert "code-quiet-zone" not in press.render(SCREEN + code).codes


@pytest.mark.parametrize(("factors", "level"), [((3.0, 0.3), 76), ((0.3, 3.0), 90)])
def test_steps_are_taken_in_their_order(factors: tuple[float, float], level: int) -> None:
    """Light that is clipped by the first step is not there for the second."""
    steps = [ToneStep(type="tone", brightness=factor, contrast=1, saturation=1) for factor in factors]
    with Image.open(io.BytesIO(retouched(encoded(flat("#646464", (4, 4))), steps, COLORS).data)) as picture:
        assert picture.convert("L").getpixel((1, 1)) == pytest.approx(level, abs=1)
