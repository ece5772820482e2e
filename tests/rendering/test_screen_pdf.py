"""The PDF for screens says what the picture of the page shows, with live texts, in sRGB."""

from __future__ import annotations

import io

import numpy
import pikepdf
from PIL import Image
from rendering_kit import Press

from pressrun.graphics.drawn.pdfium import rasterise

PAGE = """
page: {trim: 160px x 120px, safe: 8px}
target: screen
formats: [screen-pdf, png]
layers:
  - {type: image, id: scene, picture: hero, box: {in: bleed, height: 60px}}
  - {type: shape, id: disc, shape: ellipse, fill: flame, opacity: 60%, box: {in: trim, x: 90px, y: 30px, width: 50px, height: 50px}}
  - {type: text, id: line, text: A quiet cup, role: headline, color: ink, box: {y: 66px, height: 30px}, size: [10px, 20px]}
"""


def test_it_looks_as_the_picture_does(press: Press) -> None:
    made = press.render(PAGE, slots={"hero": ["quadrants"]})
    assert not made.codes
    picture = made.picture("png")
    (page,) = rasterise(made.files["screen-pdf"], picture.size)
    white = Image.new("RGBA", page.size, "white")
    shown = Image.alpha_composite(white, page.convert("RGBA")).convert("RGB")
    apart = numpy.abs(numpy.asarray(shown, int) - numpy.asarray(picture, int)).max(axis=2)
    assert (apart <= 6).mean() > 0.97  # but for edges, which are smoothed in another place


def test_its_texts_are_live_and_its_colours_srgb(press: Press) -> None:
    made = press.render(PAGE, slots={"hero": ["quadrants"]})
    with pikepdf.open(io.BytesIO(made.files["screen-pdf"])) as pdf:
        (page,) = pdf.pages
        assert [float(edge) for edge in page.obj.MediaBox] == [0, 0, 120, 90]
        assert page.obj.Resources.ColorSpace["/DefaultRGB"][0] == "/ICCBased"
        assert any(isinstance(one, pikepdf.Dictionary) and "/DescendantFonts" in one for one in pdf.objects)
        assert str(pdf.docinfo["/Title"]) == "Title"
    assert press.render(PAGE, slots={"hero": ["quadrants"]}).files == made.files
