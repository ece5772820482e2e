"""Pages of a press file. What many have in common is worked out once: those of a mailing differ in words alone."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Mapping
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pressrun.graphics.pages.crop_marks import MARGIN, draw_crop_marks
from pressrun.graphics.pages.spot_fills import SpotFills
from pressrun.model.geometry import PageBoxes, Rect
from pressrun.model.rendering import OWN_DATA, Rendering
from pressrun.model.sheet import PictureMark, Sheet

Entries = Mapping[str, pikepdf.Object]


class PressPages:
    """Makes the pages of a document of a date, as PDF writes that."""

    def __init__(self, pdf: pikepdf.Pdf, when: str) -> None:
        self._pdf, self._when = pdf, when
        self._told: dict[Hashable, tuple[Entries, bytes]] = {}
        self._boxes = functools.cache(_boxes)
        self._drawn = functools.cache(pdf.make_stream)
        self._alike: dict[bytes, pikepdf.Object] = {}

    def page(
        self, rendering: Rendering, content: bytes, resources: Dictionary, plate: Stream | None, spots: SpotFills
    ) -> tuple[pikepdf.Page, bytes]:
        """A page over its plate, if it has one, with that one's spots; and what it tells of its pictures."""
        boxes = rendering.sheet.boxes
        about, told = self._about_pictures(rendering.sheet)
        live = self._pdf.make_stream(content)
        contents: Stream | Array = live
        if plate is not None:
            contents = Array([self._drawn(_laid(resources, boxes.bleed, plate, spots)), live])
        entries = {"/Type": Name.Page, **self._boxes(boxes, rendering.crop_marks), **about}
        entries |= {"/Contents": contents, "/Resources": self._once(resources)}
        if rendering.overlay.is_transparent or rendering.plate_spots:
            entries["/Group"] = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
        page = pikepdf.Page(self._pdf.make_indirect(Dictionary(entries)))
        if rendering.crop_marks:
            draw_crop_marks(self._pdf, page, boxes)
        return page, told

    def _once(self, resources: Dictionary) -> pikepdf.Object:
        """Resources that many pages have, and so have their colour spaces, stand in the file once."""
        spaces = resources.get("/ColorSpace")
        if spaces is not None:
            resources["/ColorSpace"] = self._alike.setdefault(spaces.unparse(resolved=True), spaces)
        said = resources.unparse()
        if said not in self._alike:
            self._alike[said] = self._pdf.make_indirect(resources)
        return self._alike[said]

    def _about_pictures(self, sheet: Sheet) -> tuple[Entries, bytes]:
        """Which pictures its plate is made of, and their own resolution, which the plate does not show: the page's
        private data (ISO 32000, 14.5), and those alone."""
        pictures = tuple([
            (mark.layer, one.bounds, mark.size, f"{mark.ppi / one.enlargement:.4f}")
            for one in sheet.placed
            if isinstance(mark := one.mark, PictureMark) and mark.ppi is not None
        ])  # fmt: skip
        if not pictures:
            return {}, b""
        height = sheet.boxes.bleed.height
        if (pictures, height) not in self._told:
            listed = [
                Dictionary(Layer=String(layer), Rect=_pdf_box(rect, height), Size=Array(size), PPI=Decimal(ppi))
                for layer, rect, size, ppi in pictures
            ]
            private, when = Dictionary(Pictures=Array(listed)), String(self._when)
            piece = Dictionary({OWN_DATA: Dictionary(LastModified=when, Private=private)})
            self._told[pictures, height] = {"/LastModified": when, "/PieceInfo": piece}, private.unparse()
        return self._told[pictures, height]


def _laid(resources: Dictionary, bleed: Rect, plate: Stream, spots: SpotFills) -> bytes:
    """What puts the CMYK plate under everything, and its spots over it. It carries no profile: DeviceCMYK is the output
    intent's own colour."""
    _of_kind(resources, "/XObject")["/Plate"] = plate
    over = f"{spots.content} " if spots.content else ""
    for name, state in spots.states.items():
        _of_kind(resources, "/ExtGState")[name] = state
    for name, space in spots.spaces.items():
        _of_kind(resources, "/ColorSpace")[name] = space
    return f"q {bleed.width:.4f} 0 0 {bleed.height:.4f} 0 0 cm /Plate Do {over}Q\n".encode()


def _of_kind(resources: Dictionary, kind: str) -> pikepdf.Object:
    """A page's resources of one kind, made if there are none."""
    if kind not in resources:
        resources[kind] = Dictionary()
    return resources[kind]


def _boxes(boxes: PageBoxes, crop_marks: bool) -> Entries:
    height = boxes.bleed.height
    margin = MARGIN if crop_marks else 0.0
    return {
        "/MediaBox": _pdf_box(boxes.bleed.inset(-margin, -margin, -margin, -margin), height),
        "/BleedBox": _pdf_box(boxes.bleed, height),
        "/TrimBox": _pdf_box(boxes.trim, height),
    }


def _pdf_box(rect: Rect, page_height: float) -> Array:
    """A rectangle in PDF's upward coordinates, unrounded: rounding puts a box outside the one around it."""
    return Array([rect.x, page_height - rect.bottom, rect.right, page_height - rect.y])
