"""A die line that is drawn in the artwork's SVG: its lines by id on a layer of their own, and not in the artwork."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from rendering_kit import Press
from test_gradients import page, plates
from test_technical_inks import INKS

from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.graphics.svg.elements import lines_of

BOX = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<style>.k{stroke:#000}</style><rect width="100" height="100" fill="#E4572E"/>
<g id="die" transform="translate(10 20) scale(2)" fill="none" class="k">
  <path id="slit" d="M0 0h20v20"/><rect x="5" y="5" width="10" height="10"/>
</g></svg>"""


@pytest.fixture(scope="module")
def packer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    press = Press(tmp_path_factory.mktemp("press"), INKS)
    yield press
    press.close()


def test_its_own_lines_are_taken_open_ones_as_they_are_where_they_stand() -> None:
    data, size = lines_of(BOX.encode(), "slit")
    assert size == (100, 100)
    assert data.replace(" ", "").startswith("M1020L5020L5060".replace(" ", ""))
    assert "Z" not in data
    both, _ = lines_of(BOX.encode(), "die")
    assert both.startswith(data)
    assert both.count("M") == 2


@pytest.mark.parametrize("element", ["dye", "empty"])
def test_an_element_that_is_not_there_or_draws_nothing_is_told_with_those_that_are(element: str) -> None:
    with pytest.raises(UnusableArtwork, match="die" if element == "dye" else "draws no line"):
        lines_of(BOX.replace("</svg>", '<g id="empty"/></svg>').encode(), element)


def test_it_is_cut_on_its_own_plate_and_leaves_the_picture_whole(
    packer: Press, tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import placed_documents

    monkeypatch.setitem(placed_documents.DOCUMENTS, "box.svg", BOX.encode)
    data, _ = lines_of(BOX.encode(), "die")
    in_box = "box: {x: 20pt, y: 20pt, width: 100pt, height: 100pt}"
    art = f"  - {{type: artwork, file: box.svg, without: [die], {in_box}}}\n"
    die = f"  - {{type: shape, shape: path, view: [100, 100], path: \"{data}\", stroke: die, width: 4pt, {in_box}}}\n"
    made = packer.render(page(art + die))
    assert "below-standard" not in made.codes
    found = plates(made.files["press-pdf"], tool, tmp_path)
    assert found["Our die"].getpixel((20 + 30, 20 + 20)) == 100, "the slit"
    assert found["Our die"].getpixel((20 + 75, 20 + 75)) == 0
    black = found["Black"].crop((22, 22, 118, 118)).getextrema()
    assert black[0] == black[1], "nothing of the lines is printed"
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        (layer,) = pdf.Root.OCProperties.OCGs
        assert str(layer.Name) == "Our die"


def test_what_is_to_be_left_out_is_there(packer: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    import placed_documents

    monkeypatch.setitem(placed_documents.DOCUMENTS, "box.svg", BOX.encode)
    for file, element, there in (("box.svg", "die", True), ("box.svg", "dye", False), ("poster.pdf", "die", False)):
        _, findings = packer.compose(page(f"  - {{type: artwork, file: {file}, without: [{element}]}}\n"))
        assert ("no-such-element" in {one.code for one in findings}) is not there
