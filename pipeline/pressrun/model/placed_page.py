"""A page of a PDF that is placed as it is: where its boxes are, what is to be told of it, and its mark on a sheet."""

from __future__ import annotations

from msgspec import Struct

from pressrun.model.color import Ink
from pressrun.model.finding import Severity
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds

Edges = tuple[float, float, float, float]  # left, bottom, right, top in units of a page, which count upwards
PDF, SVG = "application/pdf", "image/svg+xml"


class PageFault(Struct, frozen=True):
    """Something about a page that a printer would send back, or that it does to other plates."""

    code: str
    message: str
    hint: str | None
    severity: Severity


class FinePart(Struct, frozen=True):
    """The smallest text, or the thinnest line, of a page, in its own units; ``mixed``: of those in several inks."""

    is_text: bool
    size: float
    mixed: bool


class SpotInk(Struct, frozen=True):
    """A spot of a page; ``cmyk`` (percent) is what stands for it on devices that have no such ink, if that is plain.
    ``is_mixed``: some of what is drawn in it is in other inks, too."""

    name: str
    cmyk: tuple[float, float, float, float] | None
    is_mixed: bool = False


class PdfPage(Struct, frozen=True):
    """``bleed`` and ``trim`` as the file has them; ``rotation`` is clockwise, ``unit`` how many points a unit is. An
    SVG is a page, too, whose ``texts`` are told with the families that they ask for; ``elements`` are its ids."""

    bleed: Edges
    trim: Edges
    rotation: int = 0
    unit: float = 1.0
    faults: tuple[PageFault, ...] = ()
    spots: tuple[SpotInk, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    elements: tuple[str, ...] = ()
    fine: tuple[FinePart, ...] = ()

    @property
    def matrix(self) -> Matrix:
        """From the page's own units to points from the upper left of its bleed box, as it is read: y downwards."""
        left, bottom, right, top = self.bleed
        width, height = right - left, top - bottom
        turned: dict[int, Matrix] = {
            0: IDENTITY,
            90: (0.0, 1.0, -1.0, 0.0, height, 0.0),
            180: (-1.0, 0.0, 0.0, -1.0, width, height),
            270: (0.0, -1.0, 1.0, 0.0, 0.0, width),
        }
        downwards = (1.0, 0.0, 0.0, -1.0, -left, top)
        scaled = (self.unit, 0.0, 0.0, self.unit, 0.0, 0.0)
        return after(after(downwards, turned[self.rotation]), scaled)

    def box(self, edges: Edges) -> Rect:
        """A box of the page in points from the upper left of its bleed box, as it is read."""
        left, bottom, right, top = edges
        return bounds(Rect(left, bottom, right - left, top - bottom), self.matrix)


class FormPage(PdfPage, frozen=True, kw_only=True):
    """A page with what its form fields show; ``bare`` is the same without."""

    bare: PdfPage


class PageMark(Struct, frozen=True):
    """A page of a PDF, live and as it is; ``rect`` is its bleed box. ``matrix`` takes its own units to the sheet.
    ``name`` is the file as it was written, ``digest`` its content, ``number`` counts its pages from 1. ``fields``:
    with what its form fields show. ``spots`` are the page's, ``inks`` the sheet's own for them, by what they are
    called there. A drawing, which is no PDF yet, has a ``palette``: the inks of colours, by #RRGGBB; its ``texts`` are
    told with the families that they ask for, and its elements of the ids in ``without`` are left out. What is in the
    spots ``taken`` is drawn by other marks: each has one of them ``alone``, and no other ink."""

    layer: str
    rect: Rect
    name: str
    digest: str
    number: int
    matrix: Matrix
    fields: bool = True
    spots: tuple[SpotInk, ...] = ()
    inks: tuple[tuple[str, Ink], ...] = ()
    faults: tuple[PageFault, ...] = ()
    palette: tuple[tuple[str, Ink], ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    without: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    alone: str = ""
    fine: tuple[FinePart, ...] = ()

    @property
    def told(self) -> str:
        """What people call it."""
        return self.name if self.palette else f"{self.name}, page {self.number}"
