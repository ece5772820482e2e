"""What overprints on press and what is spared out, as another program separates it; and what may not claim a standard."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from rendering_kit import Press, read_layout
from test_gradients import plates

from pressrun.compose import Composer
from pressrun.graphics.pages.page_kinds import _has_inks_alone
from pressrun.model.color import Swatch
from pressrun.model.geometry import parse_length
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.typeset import typeset

SMALL_BLACK = """
page: {trim: 100pt x 100pt}
target: print
formats: [press-pdf]
ground: sky
layers:
  - {type: shape, shape: line, stroke: ink, width: 1pt, box: {y: 5pt, height: 0pt}}
  - {type: code, value: x, color: ink, ground: null, box: {x: 60pt, y: 60pt, width: 40pt, height: 40pt}}
  - {type: text, text: H, role: headline, color: ink, size: 11pt, box: {y: 20pt, height: 20pt}}
  - {type: text, text: H, role: headline, color: ink, size: 40pt, box: {y: 40pt, height: 50pt}}
  - {type: text, text: H, role: headline, color: paper, size: 11pt, box: {x: 50pt, y: 20pt, height: 20pt}}
"""


def test_small_black_overprints_and_nothing_else(press: Press, tool: Any, tmp_path: Path) -> None:
    """As Ghostscript separates it: below rules, codes and small letters in black the ground is whole; large letters and
    what is white is spared out."""
    data = press.render(SMALL_BLACK).files["press-pdf"]
    (tmp_path / "page.pdf").write_bytes(data)
    tool("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", "-r288", f"-sOutputFile={tmp_path}/s.tif",
         tmp_path / "page.pdf")  # fmt: skip
    with Image.open(next(tmp_path.glob("*(Cyan).tif"))) as plate:
        cyan = plate.convert("L")
    for box, is_whole in (
        ((0, 2, 100, 8), True), ((60, 60, 100, 100), True), ((0, 20, 40, 40), True), ((0, 44, 40, 90), False),
        ((50, 20, 90, 40), False),
    ):  # fmt: skip
        darkest, lightest = cyan.crop(tuple(4 * edge for edge in box)).getextrema()  # type: ignore[arg-type]
        assert (darkest == lightest) == is_whole, box
    findings = judge(read_press_pdf(data), "page.pdf")
    assert "black-knocks-out" not in {one.code for one in findings}


ON_THE_PLATE = """
page: {trim: 100pt x 100pt}
target: print
formats: [press-pdf]
ground: sky
layers:
  - {type: shape, shape: line, stroke: ink, width: 1pt, box: {y: 5pt, height: 0pt}}
  - {type: shape, fill: ink, box: {y: 15pt, height: 1pt}}
  - {type: shape, stroke: ink, width: 1pt, dash: [30pt, 2pt], box: {x: 10pt, y: 25pt, width: 80pt, height: 10pt}}
  - {type: shape, fill: paper, box: {y: 45pt, height: 1pt}}
  - {type: shape, fill: ink, box: {y: 55pt, height: 5pt}}
  - {type: image, picture: hero, box: {y: 80pt, height: 20pt}}
"""


def test_rules_on_the_plate_overprint_what_is_painted_below_them(press: Press, tool: Any, tmp_path: Path) -> None:
    """Below a picture they are pixels of it: black over a ground that is whole. White, and what is no rule, is spared
    out there."""
    found = plates(press.render(ON_THE_PLATE, slots={"hero": ["light"]}).files["press-pdf"], tool, tmp_path)
    ground = found["Cyan"].getpixel((50, 70))
    for name, box, is_whole in (
        ("a line", (2, 2, 98, 8), True), ("a thin shape", (2, 12, 98, 18), True), ("dashes", (2, 22, 98, 38), True),
        ("white", (2, 42, 98, 48), False), ("what is no rule", (2, 52, 98, 62), False),
    ):  # fmt: skip
        lightest, darkest = found["Cyan"].crop(box).getextrema()
        assert (abs(lightest - ground) <= 2 and abs(darkest - ground) <= 2) is is_whole, name
        assert (found["Black"].crop(box).getextrema()[1] > 40) is (name != "white"), name


def test_what_overprints_is_the_brands_to_say(press: Press, tmp_path: Path) -> None:
    for below, many in (("0pt", 0), ("9pt", 0), ("12pt", 1)):
        own = press.brand.model_copy(
            update={"print": press.brand.print.model_copy(update={"overprint_below": parse_length(below)})}
        )
        sheet, _ = Composer(own, press.kit.logos, press.bench.faces, press.bench.fitter, press.bench.logo_frame).compose(*press_content(press))
        (sheet,) = press.bench.fitter.fitted([sheet])
        (overlay,) = typeset([sheet], press.bench)
        assert overlay
        assert sum(ink.overprints for ink in overlay.inks.values()) == many


def press_content(press: Press) -> tuple[Any, Any]:
    layout = read_layout(SMALL_BLACK)
    return layout, press.content(layout, "layout")


WORDS = """
page: {trim: 200pt x 100pt}
target: print
formats: [press-pdf]
ground: sky
layers:
  - {type: shape, fill: ink, box: {y: 5pt, height: 1pt}}
  - {type: shape, fill: paper, box: {y: 10pt, height: 1pt}}
  - {type: text, text: "H<size SCALE>H</size>", markup: true, role: headline, color: ink, size: SIZE,
     box: {y: 20pt, width: 100pt, height: 50pt}}
"""


def test_rules_that_are_filled_overprint_and_white_never_does(press: Press, tool: Any, tmp_path: Path) -> None:
    cyan = plates(press.render(words(40, 1)).files["press-pdf"], tool, tmp_path)["Cyan"]
    whole = cyan.getpixel((195, 95))
    assert cyan.crop((0, 3, 200, 8)).getextrema() == (whole, whole)
    assert cyan.crop((0, 9, 200, 12)).getextrema()[0] == 0


def words(size: float, scale: float) -> str:
    return WORDS.replace("SIZE", f"{size}pt").replace("SCALE", f"{scale:g}")


@pytest.mark.parametrize(
    ("size", "scale", "overprinting"),
    [(40, 0.9, {False}), (11, 0.9, {True}), (40, 0.2, {False, True}), (11, 1.5, {False, True}), (20, 0.5, {False, True})],
)
def test_words_of_another_size_follow_their_own(
    press: Press, size: float, scale: float, overprinting: set[bool]
) -> None:
    layout = read_layout(words(size, scale))
    sheet, _ = press.bench.composer.compose(layout, press.content(layout, "layout"))
    (overlay,) = typeset(press.bench.fitter.fitted([sheet]), press.bench)
    assert overlay
    assert {ink.overprints for ink in overlay.inks.values()} == overprinting


RICH = {"rich": Swatch(srgb="#0A0A0A", cmyk=(60, 40, 40, 100))}
LARGE = """
page: {trim: 200pt x 100pt}
target: print
formats: [press-pdf]
layers:
  PICTURE
  - {type: shape, fill: ink, box: {width: 40pt, height: 40pt}}
  - {type: shape, fill: ink, box: {y: 90pt, height: 1pt}}
  - {type: text, text: H, role: headline, color: ink, size: 11pt, box: {x: 50pt, y: 50pt, height: 20pt}}
  - {type: text, text: H, role: headline, color: ink, size: 60pt, box: {x: 100pt, height: 80pt}}
"""


PICTURE = "- {type: image, picture: hero, box: {x: 180pt, y: 80pt, width: 20pt, height: 20pt}}"


@pytest.mark.parametrize("over", ["", PICTURE])
def test_large_black_is_the_rich_black_of_a_brand_that_has_one(tool: Any, tmp_path: Path, over: str) -> None:
    for rich, wanted in ((None, 0), ("rich", 60)):
        press = Press(tmp_path / str(rich), RICH, rich_black=rich)
        try:
            made = press.render(LARGE.replace("  PICTURE\n", "") + f"  {over}\n", slots={"hero": ["light"]})
        finally:
            press.close()
        found = plates(made.files["press-pdf"], tool, tmp_path)
        assert found["Cyan"].getpixel((20, 20)) == pytest.approx(wanted, abs=0.5)
        assert found["Cyan"].crop((98, 0, 180, 80)).getextrema()[1] == pytest.approx(wanted, abs=0.5)
        assert found["Cyan"].crop((0, 86, 170, 94)).getextrema()[1] == 0
        assert found["Cyan"].crop((45, 45, 90, 75)).getextrema()[1] == 0
        assert found["Black"].getpixel((20, 20)) == pytest.approx(100, abs=0.5)


def test_what_has_colours_of_its_own_does_not_claim_to_be(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.render(SMALL_BLACK).files["press-pdf"])) as pdf:
        page = pdf.pages[0]
        assert _has_inks_alone(page.obj.Resources)
        own = pikepdf.Dictionary(c0=pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(b"")]))
        page.obj.Resources.ColorSpace = own
        assert not _has_inks_alone(page.obj.Resources)
