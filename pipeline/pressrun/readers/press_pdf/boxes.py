"""The boxes of a page."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf

from pressrun.readers.press_pdf.facts import MOST_PLACES, Boxes, Object, PageFacts, Rectangle
from pressrun.readers.press_pdf.keys import EMPTY, NUMBERS, Keys, bounded

POINTS_PER_MM = 72 / 25.4
TOLERANCE = 0.02  # points; writers round to two or three decimals


def read_boxes(page: Object, keys: Keys) -> Boxes:
    """The page's boxes, media and crop also where they are inherited. Raises ValueError if there is no media box, or
    one of them is not four numbers."""
    unit = max(keys.number(page, "/UserUnit", 1), 1e-6)
    media = rectangle(inherited_box(page, "/MediaBox"), unit)
    if media is None:
        raise ValueError("the page has no MediaBox")
    crop, bleed, trim, art = (
        rectangle(inherited_box(page, name) if name == "/CropBox" else page.get(name), unit)
        for name in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
    )
    return Boxes(media, crop, bleed, trim, art)


def inherited_box(page: Object, name: str) -> Object:
    return holder_of(page, name).get(name)


def holder_of(node: Object, name: str) -> Object:
    """The page, or what of its tree it has a key from (ISO 32000-1, 7.7.3.4); an empty one where nothing has it."""
    for _ in range(64):  # a broken tree may be a ring
        if not isinstance(node, pikepdf.Dictionary):
            break
        if name in node:
            return node
        node = node.get("/Parent")
    return EMPTY


def inherited(page: Object, name: str, keys: Keys) -> Object:
    """A dictionary of a page, or of what it hangs from."""
    return keys.dictionary(holder_of(page, name), name)


def rectangle(box: Object, unit: float = 1.0) -> Rectangle | None:
    """Four numbers as left, bottom, right, top, whatever two corners were given. ValueError for anything else."""
    if box is None:
        return None
    written = list(box) if isinstance(box, pikepdf.Array | list) else []
    if len(written) != 4 or not NUMBERS.issuperset(map(type, written)):
        raise ValueError("a page box is not four numbers")
    first, second, third, fourth = [number * unit for number in map(bounded, written)]
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


def is_cut_off(page: PageFacts, at: Sequence[Rectangle]) -> bool:
    """Whether something lies outside the bleed wherever it is, as crop marks and colour bars do.

    Of what is in more places than are kept, one may lie inside.
    """
    inside = page.boxes.bleed or page.boxes.finished
    return inside is not None and 0 < len(at) < MOST_PLACES and not any(overlaps(place, inside) for place in at)


def size_mm(box: Rectangle) -> tuple[float, float]:
    return (box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM
