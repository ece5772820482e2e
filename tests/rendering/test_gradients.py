"""Gradients and tints: live in the press file in the inks that the brand wrote, and alike wherever they are seen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pytest
from PIL import Image
from pydantic import ValidationError
from rendering_kit import PROFILE, Press, Rendered, brand
from test_groups import differing, printed

from pressrun.graphics.color import inks
from pressrun.layers.shape import ShapeLayer
from pressrun.layers.text import TextLayer
from pressrun.model.color import tint_in
from pressrun.model.finding import Severity
from pressrun.model.sheet import PictureMark, ShapeMark
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

SPOT = "PANTONE 7579 C"
PAGE = f"""
page: {{trim: 200pt x 200pt}}
target: TARGET
formats: FORMATS
inks: [cmyk, {SPOT}]
ground: GROUND
layers:
"""
FILLS = {
    "linear": "{gradient: linear, towards: right, stops: [{color: sky, at: 10%}, {color: forest, at: 90%}]}",
    "spot": "{gradient: linear, towards: right, stops: [{color: flame, at: 10%}, {color: flame 20%, at: 90%}]}",
    "mixed": "{gradient: linear, angle: 45, stops: [flame, sky, forest 50%]}",
    "radial": "{gradient: radial, middle: [25%, 25%], radius: 60%, stops: [paper, sky, {color: sky, at: 50%}, ink]}",
    "faint": "{gradient: linear, stops: [forest, {color: forest, opacity: 0%}]}",
}


def page(layers: str, target: str = "print", ground: str = "paper") -> str:
    formats = "[press-pdf, proof-png]" if target == "print" else "[png]"
    return PAGE.replace("TARGET", target).replace("FORMATS", formats).replace("GROUND", ground) + layers


def shape(fill: str, more: str = "box: {x: 20pt, y: 20pt, width: 160pt, height: 160pt}") -> str:
    return f"  - {{type: shape, id: s, fill: {FILLS.get(fill, fill)}, {more}}}\n"


PICTURE = "  - {type: image, id: p, picture: hero, box: {x: 90pt, y: 90pt, width: 60pt, height: 60pt}}\n"


@pytest.fixture(scope="module", params=FILLS)
def filled(press: Press, request: pytest.FixtureRequest) -> Rendered:
    """A figure that is turned, on a picture, with one over it."""
    ground = "  - {type: image, picture: hero, box: {in: bleed}}\n"
    star = shape(request.param, "shape: star, inner: 80%, stroke: ink, rotate: 15, box: {width: 160pt, height: 160pt}")
    return press.render(page(ground + star + PICTURE), slots={"hero": ["light"]})


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


def foreign_colors(pdf: pikepdf.Pdf) -> list[str]:
    """Colour spaces and operators of all objects that are neither inks nor the gray of soft masks."""
    found = [str(name) for one in pdf.objects for name in _names(one)]
    foreign = {"/DeviceRGB", "/ICCBased", "/CalRGB", "/CalGray", "/Lab"}
    streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    drawn = [one for one in streams if one.get("/Subtype") == "/Form" or "/PatternType" in one]
    for content in (*drawn, *pdf.pages):
        found += [str(step.operator) for step in pikepdf.parse_content_stream(content)]
    return [name for name in found if name in foreign | {"rg", "RG", "g", "G", "sc", "SC"}]


def _names(value: Any) -> Iterator[pikepdf.Name]:
    if isinstance(value, pikepdf.Name):
        yield value
    elif isinstance(value, pikepdf.Array):
        for part in value.as_list():
            yield from _names(part) if not _is_elsewhere(part) else ()
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        for part in value.values():
            yield from _names(part) if not _is_elsewhere(part) else ()


def _is_elsewhere(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and part.is_indirect


def plates(data: bytes, tool: Any, folder: Path) -> dict[str, Image.Image]:
    """Each plate as Ghostscript separates it, in percent of ink, one pixel a point."""
    (folder / "page.pdf").write_bytes(data)
    tool("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", "-r72", f"-sOutputFile={folder}/s.tif",
         folder / "page.pdf")  # fmt: skip
    found = {}
    for file in folder.glob("s*(*).tif"):
        with Image.open(file) as plate:
            level = 100 - numpy.asarray(plate.convert("L"), float) / 2.55
            found[file.name.split("(")[1].split(")")[0]] = Image.fromarray(level.astype(numpy.float32))
    return found


@pytest.mark.parametrize(
    ("fill", "at", "wanted"),
    [
        ("sky", 50, {"Cyan": 50, "Magenta": 15, "Yellow": 5, "Black": 0}),
        ("forest 40%", 50, {"Cyan": 32.8, "Magenta": 18.4, "Yellow": 31.2, "Black": 20.8}),
        ("flame 40%", 50, {SPOT: 40, "Cyan": 0, "Magenta": 0}),
        ("linear", 25, {"Cyan": 50, "Magenta": 15, "Yellow": 5, "Black": 0}),
        ("linear", 100, {"Cyan": 66, "Magenta": 30.5, "Yellow": 41.5, "Black": 26}),
        ("linear", 175, {"Cyan": 82, "Magenta": 46, "Yellow": 78, "Black": 52}),
        ("spot", 25, {SPOT: 100, "Cyan": 0, "Magenta": 0}),
        ("spot", 100, {SPOT: 60, "Cyan": 0, "Magenta": 0}),
        ("spot", 175, {SPOT: 20, "Cyan": 0, "Magenta": 0}),
        ("{gradient: linear, angle: 90, stops: [{color: flame, at: 10%}, {color: sky, at: 90%}]}", 100,
         {SPOT: 50, "Cyan": 25, "Magenta": 7.5, "Yellow": 2.5, "Black": 0}),
        ("{gradient: linear, towards: left, stops: [paper, {color: flame, at: 90%}]}", 25, {SPOT: 100, "Magenta": 0}),
    ],
)  # fmt: skip
def test_what_is_on_the_plates(
    press: Press, tool: Any, tmp_path: Path, fill: str, at: int, wanted: dict[str, float]
) -> None:
    found = plates(press.render(page(shape(fill))).files["press-pdf"], tool, tmp_path)
    near = 1 if at == 100 else 0.5  # half way every pixel has another colour
    assert {name: found[name].getpixel((at, 100)) for name in wanted} == pytest.approx(wanted, abs=near)


def test_whatever_is_live_may_be_a_tint(press: Press, tool: Any, tmp_path: Path) -> None:
    layers = """
  - {type: text, text: H, role: headline, color: flame 40%, size: 90pt, box: {height: 90pt}}
  - {type: code, value: x, color: forest 50%, ground: null, box: {x: 100pt, y: 100pt, width: 90pt, height: 90pt}}
"""
    found = plates(press.render(page(layers)).files["press-pdf"], tool, tmp_path)
    most = {name: max(plate.getextrema()) for name, plate in found.items()}  # type: ignore[type-var]
    wanted = {SPOT: 40, "Cyan": 41, "Magenta": 23, "Yellow": 39, "Black": 26}
    assert most == pytest.approx(wanted, abs=0.5)


@pytest.mark.parametrize(
    ("fill", "space"), [("linear", "/DeviceCMYK"), ("spot", "/Separation"), ("mixed", "/DeviceN")]
)
def test_a_spot_has_its_own_plate(press: Press, fill: str, space: str) -> None:
    with pikepdf.open(io.BytesIO(press.render(page(shape(fill))).files["press-pdf"])) as pdf:
        (shading,) = pdf.pages[0].obj.Resources.Shading.values()
        written = shading.ColorSpace
        assert str(written[0] if isinstance(written, pikepdf.Array) else written) == space


def test_half_way_it_is_what_half_of_each_ink_looks_like(press: Press) -> None:
    seen = press.render(page(shape("linear"))).picture("proof-png")
    sky, forest = brand().palette["sky"].cmyk, brand().palette["forest"].cmyk
    mixed = Image.new("CMYK", (1, 1), tuple(round((a + b) / 2 * 2.55) for a, b in zip(sky, forest, strict=True)))
    wanted = inks.to_srgb(mixed, PROFILE).getpixel((0, 0))
    assert seen.getpixel((seen.width // 2, seen.height // 2)) == pytest.approx(wanted, abs=2)
    on_screen = press.render(page(shape("linear"), "screen")).picture("png")
    pair = zip((0x7F, 0xB7, 0xD9), (0x1F, 0x3A, 0x2E), strict=True)
    assert on_screen.getpixel((133, 133)) == pytest.approx([(a + b) / 2 for a, b in pair], abs=3)


def test_below_a_picture_it_stays_live_and_the_picture_is_lifted(press: Press) -> None:
    sheet, _ = press.compose(page(shape("spot") + PICTURE), slots={"hero": ["light"]})
    kinds = {type(mark): mark for mark in sheet.marks}
    assert not kinds[ShapeMark].pixels  # type: ignore[attr-defined]
    assert kinds[PictureMark].lifted  # type: ignore[attr-defined]


@pytest.mark.parametrize("fill", ["linear", "radial", "faint"])
def test_a_cutout_has_the_same_gradient(press: Press, fill: str) -> None:
    made = press.render(page(shape(fill), "screen", "none"))
    with Image.open(io.BytesIO(made.files["png"])) as picture:
        paper = Image.new("RGBA", picture.size, "white")
        cutout = Image.alpha_composite(paper, picture.convert("RGBA"))
    assert differing(cutout, press.render(page(shape(fill), "screen")).picture("png"), 3) < 0.005


def test_a_text_is_measured_on_a_gradient_and_on_a_panel_of_one(press: Press) -> None:
    for fill, wanted in (("[ink, ink 80%]", "paper"), ("[sky 10%, paper]", "ink")):
        gradient = f"{{gradient: linear, stops: {fill}}}"
        text = "type: text, id: t, text: Words, color: [ink, paper], size: 20pt"
        on_it = shape(gradient) + f"  - {{{text}, box: {{x: 30pt, y: 50pt, width: 120pt, height: 30pt}}}}\n"
        panel = f"  - {{{text}, panel: {{color: {gradient}, padding: 4pt}}, box: {{height: 30pt}}}}\n"
        for layers in (on_it, panel):
            made = press.render(page(layers))
            assert made.choices["t"] == wanted
            assert not {"low-contrast", "invisible-text"} & set(made.codes)
    weak = "{gradient: linear, towards: right, stops: [ink, paper]}"
    layers = f"  - {{{text}, panel: {{color: {weak}, padding: 4pt}}, box: {{height: 30pt}}}}\n"
    assert "low-contrast" in press.render(page(layers)).codes


def test_a_gradient_turns_with_the_page(press: Press) -> None:
    for written, there, back in (
        ("gradient: linear, towards: right", {"angle": 90}, {"angle": 270}),
        ("gradient: linear, angle: 30", {"angle": 30}, {"angle": 330}),
        ("gradient: radial, middle: [25%, 10%]", {"middle": (0.25, 0.1)}, {"middle": (0.75, 0.1)}),
    ):
        for locale, wanted in (("en-GB", there), ("ar-AE", back)):
            fill = f"{{{written}, stops: [sky, forest]}}"
            sheet, _ = press.compose(page(shape(fill)), locale=locale)
            (mark,) = [mark for mark in sheet.marks if isinstance(mark, ShapeMark)]
            assert {key: getattr(mark.fill, key) for key in wanted} == wanted


def test_stops_without_a_place_are_between_their_neighbours(press: Press) -> None:
    fill = "{gradient: linear, stops: [sky, {color: ink, at: 30%}, forest, paper, {color: sky, at: 90%}]}"
    sheet, _ = press.compose(page(shape(fill)))
    (mark,) = [mark for mark in sheet.marks if isinstance(mark, ShapeMark)]
    assert [stop.at for stop in mark.fill.stops] == pytest.approx([0, 0.3, 0.5, 0.7, 0.9])  # type: ignore[union-attr]


def test_tints() -> None:
    assert tint_in("deep green 12.5 %") == ("deep green", 0.125)
    assert tint_in("green") is None
    for share in ("0%", "100%", "140%"):
        with pytest.raises(ValueError, match="tint"):
            tint_in(f"green {share}")


@pytest.mark.parametrize(
    "fill",
    [
        {"gradient": "linear", "stops": ["ink"]},
        {"gradient": "conic", "stops": ["ink", "sky"]},
        {"gradient": "radial", "stops": ["ink", "sky"], "towards": "left"},
        {"gradient": "linear", "stops": ["ink", "sky"], "middle": ["50%", "50%"]},
        {"gradient": "linear", "stops": ["ink", "sky"], "towards": "left", "angle": 3},
        {"gradient": "radial", "stops": ["ink", "sky"], "radius": "0pt"},
        {"gradient": "linear", "stops": [{"color": "ink", "at": "50%"}, {"color": "sky", "at": "40%"}]},
        {"gradient": "linear", "stops": [{"color": "ink", "at": "140%"}, "sky"]},
    ],
)
def test_what_is_no_gradient(fill: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ShapeLayer.model_validate({"type": "shape", "fill": fill})


def test_the_panel_of_a_text_covers() -> None:
    color = {"gradient": "linear", "stops": ["ink", {"color": "sky", "opacity": "50%"}]}
    with pytest.raises(ValidationError):
        TextLayer.model_validate({"type": "text", "text": "x", "size": "9pt", "panel": {"color": color}})
