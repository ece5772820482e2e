"""PDFs as designers hand them over, written by other libraries: for pages that are placed as they are."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.lib.colors import CMYKColor, CMYKColorSep
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT, BLEED, SLUG = 200.0, 120.0, 10.0, 15.0  # points: the trim, and what is around it
BLUE = CMYKColorSep(1, 0.72, 0, 0.06, spotName="Pantone 286C")
Change = Callable[[pikepdf.Pdf], None]


@functools.cache
def _font() -> str:
    pdfmetrics.registerFont(TTFont("Embedded", Path(__file__).parents[2] / "brands/northlight/fonts/Fraunces-Regular.ttf"))
    return "Embedded"


def photograph() -> Image.Image:
    picture = Image.linear_gradient("L").resize((120, 120))
    return Image.merge("CMYK", [picture, picture.rotate(90), Image.new("L", (120, 120), 40), picture.rotate(180)])


def page(draw: Callable[[Canvas], None], *changes: Change) -> bytes:
    """A press page of `WIDTH` x `HEIGHT` with bleed, and marks in its slug; drawn from the lower left of the trim."""
    out = io.BytesIO()
    around = BLEED + SLUG
    canvas = Canvas(out, pagesize=(WIDTH + 2 * around, HEIGHT + 2 * around), invariant=1)
    canvas.setFillColor(CMYKColor(0, 0, 0, 1))
    canvas.rect(0, 0, 8, 8, stroke=0, fill=1)  # a mark in the slug, which is not placed
    canvas.translate(around, around)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        only = pdf.pages[0].obj
        only.TrimBox = Array([around, around, around + WIDTH, around + HEIGHT])
        only.BleedBox = Array([SLUG, SLUG, around + BLEED + WIDTH, around + BLEED + HEIGHT])
        for change in changes:
            change(pdf)
        made = io.BytesIO()
        pdf.save(made, static_id=True)
    return made.getvalue()


def poster(canvas: Canvas) -> None:
    """Flat inks out to the bleed, a spot, a photograph, embedded text that overprints."""
    canvas.setFillColor(CMYKColor(0.1, 0.35, 0.8, 0))
    canvas.rect(-BLEED, -BLEED, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, stroke=0, fill=1)
    canvas.setFillColor(BLUE)
    canvas.rect(10, 60, 80, 50, stroke=0, fill=1)
    canvas.drawImage(ImageReader(photograph()), 110, 50, 80, 60)
    canvas.setFillColor(CMYKColor(0, 0, 0, 1))
    canvas.setFillOverprint(True)
    canvas.setFont(_font(), 24)
    canvas.drawString(12, 20, "As it is")


def turned(degrees: int) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = degrees

    return change


def in_units_of(points: float) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.UserUnit = points

    return change


def from_origin(x: float, y: float) -> Change:
    """The same page, whose coordinates begin elsewhere."""

    def change(pdf: pikepdf.Pdf) -> None:
        only = pdf.pages[0]
        for name in ("/MediaBox", "/TrimBox", "/BleedBox"):
            edges = [float(edge) for edge in only.obj[name]]
            only.obj[name] = Array([edges[0] + x, edges[1] + y, edges[2] + x, edges[3] + y])
        only.contents_add(f"q 1 0 0 1 {x:g} {y:g} cm".encode(), prepend=True)
        only.contents_add(b"Q")

    return change


def with_content(added: str, **resources: Any) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        only = pdf.pages[0]
        only.obj.Resources = only.resources
        for kind, named in resources.items():
            only.obj.Resources[f"/{kind}"] = Dictionary(named(pdf))
        only.contents_add(added.encode())

    return change


def with_layers(pdf: pikepdf.Pdf) -> None:
    """A yellow square in a layer that is on, a black one in one that is off, and a form in the latter."""
    on, off = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=name)) for name in ("On", "Off"))
    both = Dictionary(Type=Name.OCMD, OCGs=Array([on, off]), P=Name.AllOn)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=Dictionary(OFF=Array([off])))
    black = b"0 0 0 1 k 30 30 40 40 re f"
    form = pdf.make_stream(black, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 500]), OC=off)
    only = pdf.pages[0]
    only.obj.Resources = only.resources
    only.obj.Resources.Properties = Dictionary(On=on, Off=off, Both=both)
    only.obj.Resources.XObject = Dictionary(Hidden=form)
    drawn = (
        "q /OC /On BDC 0 0 1 0 k 100 30 40 40 re f EMC Q q /OC /Off BDC 0 0 0 1 k 150 30 40 40 re f "
        "0 1 0 0 k EMC 100 80 40 40 re f Q q /OC /Both BDC 0 0 0 1 k 30 80 20 20 re f EMC Q /Hidden Do"
    )
    only.contents_add(drawn.encode())


def with_field(canvas: Canvas) -> None:
    canvas.acroForm.textfield(value="Filled in", x=10, y=10, width=120, height=24, fontSize=14, relative=True)


def two_pages(data: bytes) -> bytes:
    """A document with an empty page before its own."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.add_blank_page(page_size=(100, 100))
        pdf.pages.reverse()
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def rgb(canvas: Any) -> None:
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 50, 50, stroke=0, fill=1)


CUT = CMYKColorSep(0, 1, 0, 0, spotName="CutContour")


def carton(canvas: Canvas) -> None:
    """A die line and a creased label in a spot, within a form and around a fill of another ink."""
    canvas.setFillColor(CMYKColor(0.1, 0.35, 0.8, 0))
    canvas.rect(-BLEED, -BLEED, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, stroke=0, fill=1)
    canvas.setLineWidth(4)
    canvas.setStrokeColor(CUT)
    canvas.setFillColor(CMYKColor(0.6, 0, 0, 0))
    canvas.rect(20, 20, 60, 60, stroke=1, fill=1)  # the fill stays, and the line goes
    canvas.setStrokeColor(CMYKColor(0, 0, 0, 1))
    canvas.line(100, 10, 100, 110)
    canvas.setFont(_font(), 20)
    canvas.setFillColor(CUT)
    canvas.drawString(110, 80, "CUT")
    canvas.setFillColor(BLUE)
    canvas.drawString(110, 40, "stays")
    canvas.beginForm("flap")
    canvas.setLineWidth(4)
    canvas.line(150, 10, 190, 10)  # in what is set around the form
    canvas.endForm()
    canvas.setStrokeColor(CUT)
    canvas.doForm("flap")


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "poster.pdf": lambda: page(poster),
    "turned.pdf": lambda: page(poster, turned(90)),
    "turned-back.pdf": lambda: page(poster, turned(270), from_origin(-300, 40)),
    "doubled.pdf": lambda: page(poster, turned(180), in_units_of(2)),
    "layers.pdf": lambda: page(lambda canvas: None, with_layers),
    "carton.pdf": lambda: page(carton),
    "rgb.pdf": lambda: page(rgb),
    "form.pdf": lambda: page(with_field),
    "second.pdf": lambda: two_pages(page(poster)),
}
