"""What overprints on press and what is spared out, as another program separates it; and what may not claim a standard."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image
from rendering_kit import Press, read_layout

from pressrun.compose import Composer
from pressrun.formats.press_pdf import _has_inks_alone
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


def test_what_has_colours_of_its_own_does_not_claim_to_be(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.render(SMALL_BLACK).files["press-pdf"])) as pdf:
        page = pdf.pages[0]
        assert _has_inks_alone(page)
        (form,) = [one for one in page.obj.Resources.XObject.values() if one.Subtype == "/Form"]
        form.Resources.ColorSpace = pikepdf.Dictionary(c0=pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(b"")]))
        assert not _has_inks_alone(page)
