"""A palette colour is printed in its spot wherever it lies, as another program separates it: never in CMYK."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from rendering_kit import Press
from test_drawings import drawn
from test_gradients import SPOT, page, plates
from test_groups import differing, printed

from pressrun.graphics.pages.pdf_graph import color_spaces
from pressrun.model.color import Swatch

BOX = "box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}"
TOP = "  - {type: image, picture: hero, box: {x: 150pt, y: 150pt, width: 40pt, height: 40pt}}\n"
UNDER = "  - {type: image, picture: hero, box: {in: bleed}}\n"
WORDS = "  - {type: text, text: Words, color: ink, size: 20pt, box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}}\n"
SHADE = "  - {type: shade, color: COLOR, strength: STRENGTH, until: 10%, BOX}\n".replace("BOX", BOX)
TONED = f"  - {{type: image, picture: dark, TONE, {BOX}}}\n"
CAST = (
    "  - {type: shape, fill: paper, shadow: {color: COLOR, offset: [70pt, 0pt], HOW, opacity: 100%}, "
    "box: {x: -50pt, y: 20pt, width: 80pt, height: 80pt}}\n"
)
IN_GROUP = f"  - {{type: group, opacity: 50%, {BOX}, layers: [INSIDE]}}\n"
PATTERN = "{pattern: stripes, color: COLOR, share: 100%, size: 10pt}"
GROUND = "{pattern: stripes, color: paper, ground: COLOR, share: 5%, size: 60pt}"
SLOTS = {"hero": ["light"], "dark": ["black"], "white": ["white"]}
PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
# What lies where, and how much of its spot is on the press sheet, where all of it would be 1.
PLACES: dict[str, tuple[str, float]] = {
    "live": (f"  - {{type: shape, fill: COLOR, {BOX}}}\n", 1),
    "a code": (f"  - {{type: code, value: x, color: COLOR, ground: COLOR, {BOX}}}\n{TOP}", 1),
    "below a picture": (f"  - {{type: shape, fill: COLOR, {BOX}}}\n{TOP}", 1),
    "round, below a picture": (f"  - {{type: shape, fill: COLOR, radius: 10pt, {BOX}}}\n{TOP}", 1),
    "a figure below a picture": (f"  - {{type: shape, shape: star, inner: 90%, fill: COLOR, {BOX}}}\n{TOP}", 1),
    "a stroke below a picture": (f"  - {{type: shape, stroke: COLOR, width: 70pt, {BOX}}}\n{TOP}", 1),
    "on a picture": (f"{UNDER}  - {{type: shape, fill: COLOR, {BOX}}}\n", 1),
    "between pictures": (f"{UNDER}  - {{type: shape, fill: COLOR, {BOX}}}\n{TOP}", 1),
    "translucent, on a picture": (f"{UNDER}  - {{type: shape, fill: COLOR, opacity: 50%, {BOX}}}\n", 0.5),
    "translucent, over words": (f"{WORDS}  - {{type: shape, fill: COLOR, opacity: 50%, {BOX}}}\n", 0.5),
    "twice, translucent": (f"  - {{type: shape, fill: COLOR, opacity: 50%, {BOX}}}\n" * 2 + TOP, 0.75),
    "a shade": (UNDER + SHADE.replace("STRENGTH", "60%"), 0.6),
    "a full shade": (UNDER + SHADE.replace("STRENGTH", "100%"), 1),
    "a shade over words": (UNDER + WORDS + SHADE.replace("STRENGTH", "60%"), 0.6),
    "a shade in a group": (UNDER + IN_GROUP.replace("INSIDE", "{type: shade, color: COLOR, strength: 1, until: 10%}"), 0.5),
    "a shape in a group": (UNDER + IN_GROUP.replace("INSIDE", "{type: shape, fill: COLOR}"), 0.5),
    "a panel on a picture": (f"{UNDER}  - {{type: text, text: ■, color: COLOR, size: 80pt, panel: {{color: COLOR}}, {BOX}}}\n", 1),
    "a border below a picture": (f"  - {{type: shape, fill: paper, border: {{all: {{color: COLOR, width: 39pt}}}}, {BOX}}}\n{TOP}", 1),
    "a border of a picture": (TONED.replace("TONE", "border: {all: {color: COLOR, width: 39pt}}") + TOP, 1),
    "a pattern": (f"  - {{type: shape, fill: {PATTERN}, {BOX}}}\n{TOP}", 1),
    "a pattern's ground": (f"  - {{type: shape, fill: {GROUND}, {BOX}}}\n{TOP}", 1),
    "a gradient": (f"  - {{type: shape, fill: {{gradient: linear, stops: [COLOR, COLOR]}}, {BOX}}}\n{TOP}", 1),
    "a duotone's shadows": (TONED.replace("TONE", "duotone: {shadows: COLOR, lights: paper}"), 1),
    "a duotone's lights": (TONED.replace("dark", "white").replace("TONE", "duotone: {shadows: ink, lights: COLOR}"), 1),
    "a tinted picture": (TONED.replace("TONE", "tint: {color: COLOR}"), 1),
    "half a tinted picture": (TONED.replace("TONE", "tint: {color: COLOR, strength: 50%}"), 0.5),
    "a tinted picture over words": (WORDS + TONED.replace("TONE", "tint: {color: COLOR}"), 1),
    "a hard shadow": (UNDER + CAST.replace("HOW", "edge: hard"), 1),
    "a soft shadow": (UNDER + CAST.replace("HOW", "blur: 4pt"), 1),
}  # fmt: skip


@pytest.mark.parametrize(("color", "tint"), [("flame", 1.0), ("flame 40%", 0.4)])
@pytest.mark.parametrize("place", PLACES)
def test_a_spot_is_on_its_own_plate_alone(
    press: Press, tool: Any, tmp_path: Path, place: str, color: str, tint: float
) -> None:
    layers, share = PLACES[place]
    made = press.render(page(layers.replace("COLOR", color)), slots=SLOTS)
    found = at(plates(made.files["press-pdf"], tool, tmp_path))
    assert found.pop(SPOT) == pytest.approx(100 * share * tint, abs=0.5)
    if share == 1 and "soft" not in place:
        assert list(found.values()) == pytest.approx([0, 0, 0, 0], abs=0.5)


def at(found: dict[str, Image.Image], place: tuple[int, int] = (54, 66)) -> dict[str, Any]:
    return {name: plate.getpixel(place) for name, plate in found.items()}


@pytest.mark.parametrize("over", [TOP, WORDS])
@pytest.mark.parametrize(("color", "tint"), [("flame", 100), ("flame 40%", 40)])
def test_the_ground_is_printed_in_its_spot(
    press: Press, tool: Any, tmp_path: Path, color: str, tint: float, over: str
) -> None:
    made = press.render(page(over, ground=f"'{color}'"), slots=SLOTS)
    found = at(plates(made.files["press-pdf"], tool, tmp_path), (120, 120))
    assert found == pytest.approx({SPOT: tint, **dict.fromkeys(PROCESS, 0)}, abs=0.5)


@pytest.mark.parametrize("place", [name for name in PLACES if name != "a soft shadow"])
def test_the_press_file_looks_as_the_proof_does(press: Press, tool: Any, tmp_path: Path, place: str) -> None:
    layers, _ = PLACES[place]
    made = press.render(page(layers.replace("COLOR", "flame")), slots=SLOTS)
    seen, shown = made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path)
    assert differing(seen, shown, 8) < 0.005


DRAWN = """
<defs>
 <linearGradient id="a"><stop offset="0" stop-color="#E4572E"/><stop offset="1" stop-color="#FFFFFF"/></linearGradient>
 <linearGradient id="b"><stop offset="0" stop-color="#7FB7D9"/><stop offset="1" stop-color="#E4572E"/></linearGradient>
 <radialGradient id="c"><stop offset="1" stop-color="#E4572E"/></radialGradient>
</defs>
<rect width="200" height="50" fill="url(#a)"/><rect y="50" width="200" height="50" fill="url(#b)"/>
<rect y="100" width="200" height="50" fill="url(#c)"/><rect y="150" width="200" height="50" fill="#E4572E"/>
"""


@pytest.mark.parametrize(
    ("y", "wanted"),
    [(25, (50, 0, 0, 0, 0)), (75, (50, 25, 7.5, 2.5, 0)), (125, (100, 0, 0, 0, 0)), (175, (100, 0, 0, 0, 0))],
)
def test_gradients_of_drawn_artwork_run_in_spots(
    press: Press, tool: Any, tmp_path: Path, y: int, wanted: tuple[float, ...]
) -> None:
    file = drawn(DRAWN, "0 0 200 200")
    made = press.render(page(f"  - {{type: artwork, file: {file}, box: {{width: 200pt, height: 200pt}}}}\n"))
    found = at(plates(made.files["press-pdf"], tool, tmp_path), (100, y))
    assert [found[name] for name in (SPOT, *PROCESS)] == pytest.approx(wanted, abs=1)


def test_what_lies_over_a_spot_takes_it_away(press: Press, tool: Any, tmp_path: Path) -> None:
    """Over a picture lie two spots and process ink, each half over what is below it."""
    palette = {"leaf": Swatch(srgb="#00AA44", cmyk=(80, 0, 90, 0), spot="Leaf")}
    own = Press(tmp_path / "press", palette)
    half = "opacity: 50%, box: {x: 20pt, y: 20pt, width: 80pt, height: 80pt}"
    layers = "".join(f"  - {{type: shape, fill: {color}, {half}}}\n" for color in ("flame", "leaf", "sky"))
    layout = page(UNDER + layers).replace(f"[cmyk, {SPOT}]", f"[cmyk, {SPOT}, Leaf]")
    try:
        made = own.render(layout, slots={"hero": ["black"]})
    finally:
        own.close()
    found = plates(made.files["press-pdf"], tool, tmp_path)
    here = at(found)
    assert [here[SPOT], here["Leaf"]] == pytest.approx([12.5, 25], abs=0.5)
    black, sky = at(found, (120, 120)), dict(zip(PROCESS, (50, 15, 5, 0), strict=True))
    wanted = [black[name] * 0.125 + sky[name] * 0.5 for name in PROCESS]
    assert [here[name] for name in PROCESS] == pytest.approx(wanted, abs=1)
    seen, shown = made.picture("proof-png"), printed(made.files["press-pdf"], tool, tmp_path)
    assert differing(seen, shown, 8) < 0.005


def test_a_layer_of_a_spot_is_small_and_a_sheet_without_any_is_as_it_was(press: Press) -> None:
    spot, process = (
        press.render(page(UNDER + SHADE.replace("STRENGTH", "60%").replace("COLOR", color)), slots=SLOTS)
        for color in ("flame", "forest")
    )
    assert len(spot.files["press-pdf"]) - len(process.files["press-pdf"]) < 7_000
    assert b"/Luminosity" in spot.files["press-pdf"]
    assert b"/Luminosity" not in process.files["press-pdf"]


def test_stored_plates_and_pieces_are_read_with_their_spots(press: Press) -> None:
    layout = page(UNDER + SHADE.replace("STRENGTH", "60%") + WORDS + SHADE.replace("STRENGTH", "30%")).replace("COLOR", "flame")
    first = press.render(layout, slots=SLOTS)
    press.bench.plates.clear()
    press.bench._pieces._kept.clear()
    assert press.render(layout, slots=SLOTS).files == first.files


def test_one_spot_has_one_name_and_one_definition_in_a_file(press: Press, tmp_path: Path) -> None:
    """The palette spells it in two ways and the layout in a third; it is live, on the plate and in a drawing."""
    red = {"srgb": "#E4002B", "cmyk": (0, 100, 80, 0)}
    spelled = {"one": "PANTONE 185 C", "two": "Pantone  185C"}
    own = Press(tmp_path / "press", {name: Swatch(**red, spot=spot) for name, spot in spelled.items()})
    file = drawn('<rect width="9" height="9" fill="#E4002B"/>', "0 0 9 9")
    two = f"  - {{type: shape, fill: two, {BOX}}}\n  - {{type: artwork, file: {file}, box: {{width: 9pt, height: 9pt}}}}\n"
    layout = page(UNDER + SHADE.replace("COLOR", "one").replace("STRENGTH", "60%") + two)
    try:
        made = own.render(layout.replace(SPOT, "pantone 185 c"), slots=SLOTS)
    finally:
        own.close()
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        spaces = [one for one in color_spaces(pdf.Root) if one[0] == "/Separation"]
        assert {str(one[1]) for one in spaces} == {"/pantone 185 c"}
        assert len({one[3].objgen for one in spaces}) == 1
        assert len(spaces) >= 2


@pytest.mark.parametrize(("kind", "told"), [("image", True), ("artwork", False)])
def test_a_drawing_that_is_pixels_cannot_hold_a_spot_and_that_is_told(press: Press, kind: str, told: bool) -> None:
    file = drawn('<rect width="9" height="9" fill="#E4572E"/>', "0 0 9 9")
    layer = f"  - {{type: {kind}, id: d, file: {file}, box: {{width: 90pt, height: 90pt}}}}\n"
    made = press.render(page(layer))
    assert ("spot-in-process" in made.codes) is told
    assert "spot-in-process" not in press.render(page(layer).replace(f", {SPOT}]", "]")).codes
