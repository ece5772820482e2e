"""The press PDF as two renderers show it, against the proof: polarity, inks and places, right on the same paper."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy
import pypdfium2
import pytest
from PIL import Image, ImageStat
from rendering_kit import PROFILE, Press, Rendered, brand

from pressrun.graphics.color import inks
from pressrun.model.geometry import Rect, proof_density

PAGE = """
page: {trim: [80mm, 60mm], bleed: 3mm}
target: print
formats: [press-pdf, proof-png]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: shape, id: plate, fill: forest, box: {in: bleed, width: 20mm, height: 20mm}}
  - {type: shade, id: shade, color: ink, strength: 0%}
  - {type: shape, id: live, fill: flame, box: {in: bleed, x: 60mm, width: 26mm, height: 20mm}}
  - {type: text, id: big, text: HHHHHH, role: headline, color: ink, size: 60pt, box: {y: 30mm, height: 25mm}}
"""
# Without colour management renderers show DeviceCMYK by rules of thumb: far from the paper, but never upside down.
TOLERANCE = 60
DENSITY = proof_density(Rect(0, 0, 86 * 72 / 25.4, 66 * 72 / 25.4))  # of its bleed box


@pytest.fixture(scope="module")
def page(press: Press) -> Rendered:
    return press.render(PAGE, slots={"hero": ["light"]})


def by_pdfium(data: bytes, tool: Any, folder: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        sheet = document[0]
        picture: Image.Image = sheet.render(scale=DENSITY / 72).to_pil().convert("RGB")
        sheet.close()
        return picture
    finally:
        document.close()


def by_cairo(data: bytes, tool: Any, folder: Path) -> Image.Image:
    return _by_poppler(data, tool, folder, "pdftocairo")


def by_splash(data: bytes, tool: Any, folder: Path) -> Image.Image:
    return _by_poppler(data, tool, folder, "pdftoppm")


def _by_poppler(data: bytes, tool: Any, folder: Path, program: str) -> Image.Image:
    (folder / "page.pdf").write_bytes(data)
    tool(program, "-png", "-r", str(DENSITY), folder / "page.pdf", folder / "page")
    with Image.open(next(folder.glob("page*.png"))) as picture:
        return picture.convert("RGB")


def mean(picture: Image.Image, millimetres: tuple[float, float, float, float]) -> list[float]:
    box = tuple(round(edge / 25.4 * DENSITY) for edge in millimetres)
    return ImageStat.Stat(picture.crop(box)).mean  # type: ignore[arg-type]


@pytest.mark.parametrize("renderer", [by_pdfium, by_cairo, by_splash], ids=lambda renderer: renderer.__name__)
def test_press_and_proof_agree(page: Rendered, renderer: Any, tool: Any, tmp_path: Path) -> None:
    shown, proof = renderer(page.files["press-pdf"], tool, tmp_path), page.picture("proof-png")
    assert abs(shown.width - proof.width) <= 1
    assert abs(shown.height - proof.height) <= 1
    parts = {"plate": (2, 2, 18, 18), "picture": (25, 2, 55, 18), "live": (62, 2, 84, 18), "text": (3, 33, 80, 56)}
    for name, part in parts.items():
        off = max(abs(a - b) for a, b in zip(mean(shown, part), mean(proof, part), strict=True))
        assert off < TOLERANCE, name
    assert min(mean(shown, parts["picture"])) > 225  # light stays light
    assert max(mean(shown, parts["plate"])) < 110  # and dark dark
    red, green, _ = mean(shown, parts["live"])
    assert red > green + 80


@pytest.mark.parametrize("renderer", [by_pdfium, by_cairo], ids=lambda renderer: renderer.__name__)
def test_plate_and_live_layers_share_their_places(page: Rendered, renderer: Any, tool: Any, tmp_path: Path) -> None:
    shown, proof = renderer(page.files["press-pdf"], tool, tmp_path), page.picture("proof-png")
    size = (proof.width, proof.height)
    dark = [numpy.asarray(picture.convert("L").resize(size)) < 130 for picture in (shown, proof)]
    assert (dark[0] != dark[1]).mean() < 0.02


@pytest.mark.parametrize("name", ["forest", "flame", "sky", "ink", "paper"])
def test_the_proof_shows_inks_through_the_profile(press: Press, name: str) -> None:
    """On the plate and live: both the same, and what the profile says."""
    page = f"""
page: {{trim: 60pt x 30pt}}
target: print
formats: [proof-png]
layers:
  - {{type: shape, fill: {name}, box: {{width: 30pt}}}}
  - {{type: shade, strength: 0%, box: {{width: 30pt}}}}
  - {{type: shape, fill: {name}, box: {{x: 30pt}}}}
"""
    proof = press.render(page).picture("proof-png")
    expected = Image.new("CMYK", (1, 1), tuple(round(part * 2.55) for part in brand().palette[name].cmyk))
    wanted = inks.to_srgb(expected, PROFILE).getpixel((0, 0))
    assert proof.getpixel((20, 20)) == pytest.approx(wanted, abs=2)
    assert proof.getpixel((70, 20)) == pytest.approx(wanted, abs=2)


def test_the_plate_reads_back_with_the_right_polarity(page: Rendered) -> None:
    """Paper white is no ink: Adobe's JPEGs count downwards, and the PDF says so."""
    import pikepdf

    with pikepdf.open(io.BytesIO(page.files["press-pdf"])) as pdf:
        plate = pdf.pages[0].obj.Resources.XObject.Plate
        assert [int(value) for value in plate.Decode] == [1, 0] * 4
        with Image.open(io.BytesIO(plate.read_raw_bytes())) as picture:
            assert max(picture.getpixel((picture.width // 2, 30))) < 40  # type: ignore[arg-type]
            wanted = [round(part * 2.55) for part in brand().palette["forest"].cmyk]
            assert picture.getpixel((30, 30)) == pytest.approx(wanted, abs=3)
