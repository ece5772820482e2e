"""Shadows: of whatever a layer shows, in one ink of the brand; soft ones as pixels, hard ones as vectors."""

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
from test_groups import content_of, differing, printed

from pressrun.layers.shape import ShapeLayer
from pressrun.model.finding import Severity
from pressrun.model.levels import levels_of
from pressrun.model.sheet import PictureMark
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

BOX = "box: {x: 40pt, y: 40pt, width: 100pt, height: 100pt}"
CASTING = {
    "shape": f"type: shape, shape: star, fill: sky, rotate: 20, {BOX}",
    "text": f"type: text, id: t, text: Shadow, role: headline, color: forest, size: 30pt, {BOX}",
    "panel": f"type: text, text: x, size: 30pt, panel: {{color: sky, padding: 9pt}}, {BOX}",
    "picture": f"type: image, picture: hero, clip: ellipse, {BOX}",
    "cutout": f"type: image, picture: cutout, fit: contain, {BOX}",
    "logo": f"type: logo, {BOX}",
    "code": f"type: code, value: x, {BOX}",
}
SOFT = "{color: flame, blur: 12pt, offset: [6pt, 10pt], opacity: 80%}"
HARD = "{edge: hard, color: flame, offset: [4pt, 6pt]}"


def render(press: Press, casting: str, shadow: str, target: str = "print", ground: str = "paper") -> Rendered:
    layers = f"  - {{{CASTING.get(casting, casting)}, shadow: {shadow}}}\n"
    return press.render(page(layers, target, ground), slots={"hero": ["light"], "cutout": ["cutout"]})


@pytest.mark.parametrize("shadow", [SOFT, HARD], ids=["soft", "hard"])
@pytest.mark.parametrize("casting", CASTING)
def test_the_press_file_looks_as_the_proof_does(
    press: Press, tool: Any, tmp_path: Path, casting: str, shadow: str
) -> None:
    made = render(press, casting, shadow)
    seen, shown = made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path)
    assert differing(seen, shown, 8) < 0.005
    profile = load_profile("x4")
    findings = judge(read_press_pdf(made.files["press-pdf"]), "page.pdf", profile.limits, profile.levels)
    assert {one.code for one in findings if one.severity is Severity.ERROR} <= {"resolution", "bleed"}
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        assert not foreign_colors(pdf)


def test_a_soft_shadow_is_one_ink_and_the_layer_stays_live(press: Press, tool: Any, tmp_path: Path) -> None:
    made = render(press, f"type: shape, fill: sky, {BOX}", SOFT)
    found = plates(made.files["press-pdf"], tool, tmp_path)
    spot = numpy.asarray(found["PANTONE 7579 C"])
    assert spot[148, 100] == pytest.approx(40, abs=12), "half of it at its own edge"
    assert spot.max() <= 80.5
    assert spot[100, 100] == 0, "spared out below the layer"
    assert numpy.asarray(found["Magenta"])[148, 100] == 0
    assert found["Cyan"].getpixel((100, 100)) == pytest.approx(50, abs=0.5)
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        states = [state for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Resources" in one
                  for state in one.Resources.get("/ExtGState", {}).values()]  # fmt: skip
        states += list(pdf.pages[0].obj.Resources.ExtGState.values())
        assert "/Multiply" in [str(state.get("/BM")) for state in states]
        assert any("/SMask" in state for state in states)


@pytest.mark.parametrize(("casting", "is_vector"), [("shape", True), ("text", True), ("cutout", False)])
def test_a_hard_shadow_is_the_layer_again_in_one_ink(press: Press, casting: str, is_vector: bool) -> None:
    with pikepdf.open(io.BytesIO(render(press, casting, HARD).files["press-pdf"])) as pdf:
        masks = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/ColorSpace") == "/DeviceGray"]
        assert bool(masks) != is_vector
        assert ("/Group" in pdf.pages[0].obj) != is_vector, "what covers is laid on without transparency"
        assert "cs" in content_of(pdf) or casting == "text"


def test_a_shadow_is_not_turned_with_its_layer(press: Press) -> None:
    """It falls to where the light does not come from, on mirrored pages, too."""
    for turn in (0, 90, 180):
        for locale in ("en-GB", "ar-AE"):
            layers = f"  - {{type: shape, fill: sky, rotate: {turn}, shadow: {HARD}, {BOX}}}\n"
            seen = press.render(page(layers, "screen"), locale=locale).picture("png")
            red = numpy.asarray(seen, int)
            where = ((abs(red - (0xE4, 0x57, 0x2E)).max(axis=2)) < 4).nonzero()
            blue = ((abs(red - (0x7F, 0xB7, 0xD9)).max(axis=2)) < 4).nonzero()
            assert where[0].max() - blue[0].max() == pytest.approx(8, abs=1)
            assert where[1].max() - blue[1].max() == pytest.approx(5, abs=1)


def test_a_soft_shadow_has_the_size_of_its_blur(press: Press) -> None:
    """From full to nothing: as wide as the blur on each side of the edge, three quarters of it and a little more."""
    layers = f"  - {{type: shape, fill: paper, shadow: {{blur: 20pt, offset: [0pt, 0pt], opacity: 100%}}, {BOX}}}\n"
    seen = press.render(page(layers, "screen")).picture("png").convert("L")
    row = [seen.getpixel((x, 120)) for x in range(seen.width)]
    left = round(40 * seen.width / 200)
    assert row[left - 42 : left - 38] == pytest.approx([255] * 4, abs=1)
    assert row[left - 1] == pytest.approx((255 + 0x1A) / 2, abs=8)
    assert row[left - 40 : left] == sorted(row[left - 40 : left], reverse=True)


def test_a_shadow_goes_on_where_its_layer_leaves_the_page(press: Press) -> None:
    box = "box: {x: -20pt, y: 40pt, width: 240pt, height: 40pt}"
    seen = press.render(page(f"  - {{type: shape, fill: sky, shadow: {SOFT}, {box}}}\n", "screen")).picture("png")
    below = {seen.getpixel((x, 114)) for x in range(seen.width)}
    assert len(below) == 1
    assert below != {(255, 255, 255)}


@pytest.mark.parametrize("shadow", [SOFT, HARD], ids=["soft", "hard"])
def test_a_cutout_has_the_same_shadow(press: Press, shadow: str) -> None:
    made = render(press, "shape", shadow, "screen", "none")
    with Image.open(io.BytesIO(made.files["png"])) as picture:
        paper = Image.new("RGBA", picture.size, "white")
        cut = Image.alpha_composite(paper, picture.convert("RGBA"))
    assert differing(cut, render(press, "shape", shadow, "screen").picture("png"), 4) < 0.005


def test_pixels_over_a_shadow_are_lifted_and_texts_measured_on_it(press: Press) -> None:
    layers = """
  - {type: shape, id: s, fill: paper, shadow: {color: ink, blur: 4pt, offset: [0pt, 60pt], opacity: 100%}, box: {height: 60pt}}
  - {type: image, id: p, picture: hero, box: {y: 90pt, width: 20pt, height: 20pt}}
  - {type: text, id: t, text: Words, size: 20pt, color: [ink, paper], box: {x: 40pt, y: 75pt, width: 80pt, height: 30pt}}
"""
    sheet, _ = press.compose(page(layers), slots={"hero": ["light"]})
    assert [mark.lifted for mark in sheet.marks if isinstance(mark, PictureMark)] == [True]
    assert len(levels_of(sheet.marks)) == 2
    assert press.render(page(layers), slots={"hero": ["light"]}).choices["t"] == "paper"


@pytest.mark.parametrize("shadow", [SOFT, HARD], ids=["soft", "hard"])
def test_a_group_casts_one_shadow_over_those_in_it(press: Press, tool: Any, tmp_path: Path, shadow: str) -> None:
    layers = f"""
  - type: group
    shadow: {shadow}
    rotate: 10
    {BOX}
    layers:
      - {{type: shape, fill: sky, shadow: {{color: ink, blur: 9pt, offset: [20pt, 20pt]}}, box: {{width: 50pt, height: 50pt}}}}
      - {{type: text, text: Words, size: 20pt, shadow: hard, box: {{y: 60pt, height: 30pt}}}}
"""
    made = press.render(page(layers))
    seen, shown = made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path)
    assert differing(seen, shown, 8) < 0.005
    found = plates(made.files["press-pdf"], tool, tmp_path)
    assert max(found["PANTONE 7579 C"].getextrema()) <= (80.5 if shadow == SOFT else 100)


def test_each_text_is_told_once(press: Press) -> None:
    made = render(press, "text", HARD)
    assert [fact["id"] for fact in made.facts["text"]] == ["t"]
    assert not {"low-contrast", "invisible-text"} & set(made.codes)


@pytest.mark.parametrize(
    "shadow",
    [
        "long",
        {"edge": "hard", "blur": "2pt"},
        {"blur": "0pt"},
        {"opacity": "0%"},
        {"offset": "3pt"},
        "contact",
    ],
)
def test_what_is_no_shadow(shadow: object) -> None:
    with pytest.raises(ValidationError):
        ShapeLayer.model_validate({"type": "shape", "fill": "ink", "shadow": shadow})


