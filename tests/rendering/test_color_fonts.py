"""Letters that bring their own colours, as emoji do: seen on screens, and refused on press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.ttLib import TTFont
from msgspec.structs import replace
from rendering_kit import Press

from pressrun.graphics.typefaces.font_cuts import brand_cuts
from pressrun.model.brand import Brand
from pressrun.run.worker import bench as worker

PAGE = """
page: {{trim: 60mm x 30mm, safe: 2mm}}
target: {target}
formats: [{format}]
layers:
  - {{type: shape, fill: sky, box: {{in: bleed}}}}
  - {{type: text, id: letter, text: AA, size: 30pt, box: {{height: 15mm}}}}
"""


@pytest.fixture(scope="module")
def colorful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """A press whose body type is FiraGO with an A made of a red B and a green I (OpenType 1.9, COLR version 0)."""
    press = Press(tmp_path_factory.mktemp("colorful"))
    font = TTFont(press.font_files[0])
    glyphs = font.getBestCmap()
    font["name"].names = [entry for entry in font["name"].names if entry.nameID not in (1, 16)]
    font["name"].setName("Colorful", 1, 3, 1, 0x409)
    font["COLR"] = buildCOLR({glyphs[ord("A")]: [(glyphs[ord("B")], 0), (glyphs[ord("I")], 1)]}, version=0)
    font["CPAL"] = buildCPAL([[(1, 0, 0, 1), (0, 0.5, 0, 1)]])
    file = tmp_path_factory.mktemp("fonts") / "colorful.ttf"
    font.save(file)
    brand = press.brand.model_dump(mode="json", exclude_unset=True)
    brand["typography"]["body"]["family"] = "Colorful"
    press.close()
    own = Brand.model_validate(brand)
    cut = [one.written(file.parent) for one in brand_cuts(own, [file])]
    press.kit = replace(press.kit, brand=own, fonts=press.kept_fonts((*press.font_files, *cut)))
    press.bench = worker.Bench(press.kit)
    yield press
    press.close()


def test_on_screens_they_are_seen_and_told_from_their_ground(colorful: Press) -> None:
    rendered = colorful.render(PAGE.format(target="screen", format="png"))
    colors = {color for _, color in rendered.picture("png").getcolors(1 << 16) or []}
    assert {(255, 0, 0), (0, 128, 0)} <= colors
    assert "invisible-text" not in rendered.codes


def test_on_press_their_rgb_is_found(colorful: Press) -> None:
    assert "not-press-color" in colorful.render(PAGE.format(target="print", format="press-pdf")).codes
