"""What a press PDF says of the pictures in its plate: read back by pikepdf, by preflight, and by what others open."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from rendering_kit import DATE, Press, Rendered

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge

MM = 72 / 25.4
# Two photographs of 400 x 400 pixels, one of them enlarged over the page, the other drawn out in one direction; vectors.
PAGE = """
page: {{trim: [174mm, 114mm], bleed: 3mm, safe: 5mm}}
target: print
formats: [press-pdf, proof-png]
crop_marks: {marks}
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - {{type: image, id: detail, picture: detail, box: {{in: trim, x: 10mm, y: 20mm, width: 20mm, height: 25.4mm}}}}
  - {{type: image, id: drawing, file: flower.svg, box: {{x: 60mm, width: 20mm, height: 20mm}}}}
  - {{type: shape, id: band, fill: forest, box: {{in: bleed, y: 100mm, height: 20mm}}}}
  - {{type: text, id: headline, text: Words, color: paper, size: 12pt, box: {{y: 92mm, height: 10mm}}}}
"""
VECTORS = (
    "{page: {trim: A6}, target: print, formats: [press-pdf], layers: [{type: shape, fill: sky, box: {in: bleed}}]}"
)


@pytest.fixture(scope="session", params=["false", "true"], ids=["plain", "with marks"])
def rendered(request: pytest.FixtureRequest, press: Press) -> Rendered:
    page = PAGE.format(marks=request.param).replace("flower.svg", vector(press))
    return press.render(page, slots={"hero": ["ramp"], "detail": ["quadrants"]})


def vector(press: Press) -> str:
    return next(logo for logo in sorted(press.brand.logos.values()) if logo.endswith(".svg"))


def piece(data: bytes) -> tuple[pikepdf.Object, pikepdf.Object, pikepdf.Pdf]:
    """A file's page, the entry in it, and the file, which must live as long."""
    pdf = pikepdf.open(io.BytesIO(data))
    page = pdf.pages[0].obj
    return page, page.PieceInfo.Pressrun, pdf


def test_each_picture_is_told_by_layer_place_and_its_own_pixels(rendered: Rendered) -> None:
    _, entry, _pdf = piece(rendered.files["press-pdf"])
    told = {str(one.Layer): one for one in entry.Private.Pictures}
    assert list(told) == ["hero", "detail"]
    assert [float(edge) / MM for edge in told["hero"].Rect] == pytest.approx([0, 0, 180, 120], abs=0.001)
    assert [float(edge) / MM for edge in told["detail"].Rect] == pytest.approx([13, 71.6, 33, 97], abs=0.001)
    assert list(told["hero"].Size) == [400, 400]
    assert float(told["hero"].PPI) == pytest.approx(400 / 180 * 25.4, abs=0.001)
    assert float(told["detail"].PPI) == pytest.approx(400, abs=0.001)


def test_it_is_dated_like_the_file(rendered: Rendered) -> None:
    page, entry, pdf = piece(rendered.files["press-pdf"])
    with pdf:
        assert DATE == 1_800_000_000
        assert str(page.LastModified) == str(entry.LastModified) == str(pdf.docinfo.ModDate) == "D:20270115080000Z"


def test_a_page_without_pictures_says_nothing(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.render(VECTORS).files["press-pdf"])) as pdf:
        assert "/PieceInfo" not in pdf.pages[0].obj


def test_preflight_and_the_runs_own_check_agree(rendered: Rendered) -> None:
    [own] = [one for one in rendered.facts["findings"] if one["code"].startswith("resolution-")]
    [found] = [
        one for one in judge(read_press_pdf(rendered.files["press-pdf"]), "page.pdf") if one.code == "resolution"
    ]
    assert (own["layer"], own["severity"]) == (found.layer, found.severity) == ("hero", "error")
    assert own["message"].startswith("56 ppi")
    assert " 56 ppi " in found.message
    assert "180 x 120 mm" in found.message
    assert "-3 mm from the left" in found.message


def test_a_sharp_picture_is_no_finding(press: Press) -> None:
    page = PAGE.format(marks="false").replace(
        "box: {in: bleed}}\n  - {type: image, id: detail",
        "box: {width: 30mm, height: 30mm}}\n  - {type: image, id: detail",
    )
    made = press.render(page.replace("flower.svg", vector(press)), slots={"hero": ["ramp"], "detail": ["quadrants"]})
    read = read_press_pdf(made.files["press-pdf"])
    assert [round(one.ppi) for one in read.pages[0].plate_pictures] == [339, 400]
    assert "resolution" not in [one.code for one in judge(read, "page.pdf")]


def test_a_layer_of_another_name_is_another_file(press: Press) -> None:
    page = "{{page: {{trim: A6}}, target: print, formats: [press-pdf], layers: [{{type: image, id: {id}, picture: hero}}]}}"
    first, second = (press.render(page.format(id=name), slots={"hero": ["ramp"]}) for name in ("one", "two"))
    ids = [piece(made.files["press-pdf"])[2].trailer.ID for made in (first, second)]
    assert bytes(ids[0][1]) != bytes(ids[1][1])


def test_others_open_it(rendered: Rendered, tool: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(rendered.files["press-pdf"])
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", path)
    assert "Pages:           1" in tool("pdfinfo", path)
    tool("pdftoppm", "-r", "20", "-png", path, tmp_path / "poppler")
    tool(
        "gs",
        "-q",
        "-dBATCH",
        "-dNOPAUSE",
        "-dPDFSTOPONERROR",
        "-sDEVICE=png16m",
        "-r20",
        f"-sOutputFile={tmp_path}/gs.png",
        path,
    )
    assert len(list(tmp_path.glob("*.png"))) == 2
