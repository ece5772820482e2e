"""Technical inks: on layers of their own that say what they are for, over everything, and left off where they are only
in the way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import ImageChops
from pydantic import ValidationError
from rendering_kit import Press
from test_gradients import page, plates

from pressrun.graphics.pages.written_inks import STEPS
from pressrun.model.color import Swatch

INKS = {
    step: Swatch(srgb="#FF00FF", cmyk=(0, 100, 0, 0), spot=f"Our {step}", technical=step) for step in STEPS
}
SHOWN = {
    "outlined": Swatch(srgb="#FF00FF", cmyk=(0, 100, 0, 0), spot="Cut", technical="die", shown="outline"),
    "hatched": Swatch(srgb="#00FFFF", cmyk=(100, 0, 0, 0), spot="Under white", technical="white", shown="hatch"),
}
BOX = "box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}"
GROUND = "  - {type: shape, fill: sky, box: {in: bleed}}\n"
PICTURE = "  - {type: image, picture: hero, box: {x: 50pt, y: 50pt, width: 100pt, height: 100pt}}\n"
LAYERS = {
    "a shape": f"  - {{type: shape, fill: INK, {BOX}}}\n",
    "an outline": f"  - {{type: shape, stroke: INK, width: 60pt, {BOX}}}\n",
    "below a picture": f"  - {{type: shape, fill: INK, {BOX}}}\n{PICTURE}",
    "in a group": f"  - {{type: group, opacity: 50%, rotate: 90, {BOX}, layers: [{{type: shape, fill: INK}}]}}\n",
    "a text": f"  - {{type: text, text: H, role: headline, color: INK, size: 70pt, {BOX}}}\n",
}


@pytest.fixture(scope="module")
def packer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    press = Press(tmp_path_factory.mktemp("press"), {**INKS, **SHOWN})
    yield press
    press.close()


def said(layers: str, target: str = "print") -> str:
    return page(GROUND + layers, target)


@pytest.mark.parametrize("kind", LAYERS)
def test_it_is_on_its_own_plate_and_knocks_nothing_out(packer: Press, tool: Any, tmp_path: Path, kind: str) -> None:
    made = packer.render(said(LAYERS[kind].replace("INK", "die")), slots={"hero": ["light"]})
    bare = packer.render(said(PICTURE if "picture" in kind else ""), slots={"hero": ["light"]})
    found = plates(made.files["press-pdf"], tool, tmp_path)
    without = plates(bare.files["press-pdf"], tool, tmp_path / "..")
    assert found["Our die"].getextrema()[1] == 100
    for name in ("Cyan", "Magenta", "Yellow", "Black"):
        ends = [one.crop((2, 2, 198, 198)).getextrema() for one in (found[name], without[name])]
        assert ends[0] == pytest.approx(ends[1], abs=1)
    assert not ImageChops.difference(made.picture("proof-png"), bare.picture("proof-png")).getbbox()


@pytest.mark.parametrize("step", STEPS)
def test_a_layer_tells_its_step(packer: Press, step: str) -> None:
    made = packer.render(said(LAYERS["a shape"].replace("INK", step)))
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        (layer,) = pdf.Root.OCProperties.OCGs
        group, kind = STEPS[step]  # type: ignore[index]
        assert str(layer.Name) == f"Our {step}"
        assert str(layer.GTS_Metadata.GTS_ProcStepsGroup) == f"/{group}"
        assert str(layer.GTS_Metadata.get("/GTS_ProcStepsType", "/"))[1:] == kind
        resources = pdf.pages[0].obj.Resources
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        (begun,) = [one for one in steps if str(one.operator) == "BDC"]
        assert resources.Properties[str(begun.operands[1])].objgen == layer.objgen
        assert pdf.Root.OCProperties.D.ON[0].objgen == layer.objgen
    assert not {"not-press-color", "below-standard"} & set(made.codes)


def test_each_ink_has_one_layer_for_all_that_is_in_it(packer: Press) -> None:
    layers = "".join(LAYERS["a shape"].replace("INK", ink) for ink in ("die", "white", "die"))
    with pikepdf.open(io.BytesIO(packer.render(said(layers)).files["press-pdf"])) as pdf:
        assert [str(one.Name) for one in pdf.Root.OCProperties.OCGs] == ["Our die", "Our white"]


@pytest.mark.parametrize(("target", "format"), [("print", "proof-png"), ("screen", "png")])
@pytest.mark.parametrize("ink", ["white", "outlined", "hatched"])
def test_it_is_shown_only_on_request(packer: Press, target: str, format: str, ink: str) -> None:
    shape = LAYERS["a shape"].replace("INK", ink)
    shown, bare = (packer.render(said(more, target)).picture(format) for more in (shape, ""))
    scale = shown.width / 200
    inside = ImageChops.difference(shown, bare).crop(tuple(round(edge * scale) for edge in (24, 24, 96, 96)))
    edge = ImageChops.difference(shown, bare)
    assert bool(edge.getbbox()) is (ink != "white")
    assert bool(inside.getbbox()) is (ink == "hatched")


def test_it_is_shown_on_a_page_whose_proof_is_made_of_its_plates(packer: Press) -> None:
    """As where something overprints: the plates of colours have nothing of it."""
    over = "  - {type: artwork, file: poster.pdf, box: {x: 0pt, y: 110pt, width: 120pt, height: 80pt}}\n"
    shape = LAYERS["a shape"].replace("INK", "outlined")
    shown, bare = (packer.render(said(over + more)).picture("proof-png") for more in (shape, ""))
    left, top, right, bottom = ImageChops.difference(shown, bare).getbbox() or (0, 0, 0, 0)
    scale = shown.width / 200
    assert (left, top, right, bottom) == pytest.approx([20 * scale, 20 * scale, 100 * scale, 100 * scale], abs=2)


def test_a_sheet_without_any_has_no_layers(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.render(said(LAYERS["a shape"].replace("INK", "flame"))).files["press-pdf"])) as pdf:
        assert "/OCProperties" not in pdf.Root


def test_what_is_of_pixels_has_none(packer: Press) -> None:
    made = packer.render(said(f"  - {{type: shade, color: white, {BOX}}}\n"))
    assert "technical-in-pixels" in made.codes


def test_it_has_no_tints(packer: Press) -> None:
    assert "bad-tint" in packer.render(said(LAYERS["a shape"].replace("INK", "white 40%"))).codes


@pytest.mark.parametrize("told", [{"technical": "die"}, {"spot": "x", "shown": "hatch"}, {"technical": "dye", "spot": "x"}])
def test_what_is_no_technical_ink(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Swatch(srgb="#FF00FF", cmyk=(0, 100, 0, 0), **told)  # type: ignore[arg-type]
