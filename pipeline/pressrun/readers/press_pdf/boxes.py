"""The boxes of a page."""

from __future__ import annotations

import pikepdf

from pressrun.readers.press_pdf.facts import Boxes, Object, Rectangle

POINTS_PER_MM = 72 / 25.4
TOLERANCE = 0.02  # points; writers round to two or three decimals


def read_boxes(page: pikepdf.Page) -> Boxes:
    """The page's boxes, media and crop also where they are inherited. Raises ValueError if there is no media box."""
    unit = float(page.obj.get("/UserUnit", 1))
    media = rectangle(_inherited(page.obj, "/MediaBox"), unit)
    if media is None:
        raise ValueError("the page has no MediaBox")
    crop, bleed, trim, art = (
        rectangle(_inherited(page.obj, name) if name == "/CropBox" else page.obj.get(name), unit)
        for name in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
    )
    return Boxes(media, crop, bleed, trim, art)


def _inherited(node: Object, name: str) -> Object:
    for _ in range(64):  # a broken tree may be a ring
        if node is None:
            return None
        if name in node:
            return node[name]
        node = node.get("/Parent")
    return None


def rectangle(box: Object, unit: float = 1.0) -> Rectangle | None:
    """Four numbers as left, bottom, right, top, whatever two corners were given. ValueError for anything else."""
    if box is None:
        return None
    try:
        first, second, third, fourth = (float(number) * unit for number in box)
    except (TypeError, ValueError) as error:
        raise ValueError("a page box is not four numbers") from error
    return min(first, third), min(second, fourth), max(first, third), max(second, fourth)


def contains(outer: Rectangle, inner: Rectangle) -> bool:
    """Whether `inner` lies in `outer`, but for rounding."""
    return (
        inner[0] >= outer[0] - TOLERANCE
        and inner[1] >= outer[1] - TOLERANCE
        and inner[2] <= outer[2] + TOLERANCE
        and inner[3] <= outer[3] + TOLERANCE
    )


def overlaps(first: Rectangle, second: Rectangle) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def size_mm(box: Rectangle) -> tuple[float, float]:
    return (box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM
