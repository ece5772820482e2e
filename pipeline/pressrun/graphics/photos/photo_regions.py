"""What a photograph itself says is to be seen in it: image regions in its XMP, as cameras and picture editors write
them (Metadata Working Group 2010, 5.9; IPTC Photo Metadata 2019.1, Image Region)."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator

from PIL import Image

from pressrun.graphics.photos.heic import is_heic
from pressrun.graphics.photos.photo_xmp import xmp_of
from pressrun.graphics.photos.photographs import turn_of
from pressrun.model.provenance import FOCUS_TOLD

Point = tuple[float, float]
Area = tuple[float, float, float, float]  # left, top, right, bottom as fractions
FOCUS = "Focus"
_MWG, _AREA = "{http://www.metadataworkinggroup.com/schemas/regions/}", "{http://ns.adobe.com/xmp/sType/Area#}"
_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_SIZE = "{http://ns.adobe.com/xap/1.0/sType/Dimensions#}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
# Where a point of a picture that is stored in each of Exif's ways is seen, from the upper left.
_SEEN: dict[int, Callable[[float, float], Point]] = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}


def told_focus(data: bytes) -> tuple[tuple[str, str], ...]:
    """The same as `focus_of`, as the provenance of a picture has it."""
    point = focus_of(data)
    return ((FOCUS_TOLD, " ".join(f"{part:.4f}" for part in point)),) if point else ()


def focus_of(data: bytes) -> Point | None:
    """The middle of what its regions mark (that for the focus, else all of them) in fractions of the picture as it is
    seen; None where it has none, or they cannot be read, as those of HEIC."""
    if is_heic(data):
        return None
    with Image.open(io.BytesIO(data)) as picture:
        size, turn = picture.size, turn_of(picture)
        root = xmp_of(picture)
    if root is None:
        return None
    try:
        areas = list(_of_mwg(root)) or list(_of_iptc(root, size))
        upright = _is_upright(root, size, turn)
    except ValueError:
        return None
    if not areas:
        return None
    x = (min(area[0] for area in areas) + max(area[2] for area in areas)) / 2
    y = (min(area[1] for area in areas) + max(area[3] for area in areas)) / 2
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    return (x, y) if upright else _SEEN[turn](x, y)


def _is_upright(root: ElementTree.Element, size: tuple[int, int], turn: int) -> bool:
    """Whether regions are of the picture as it is seen: those of one that is stored lying down may say for which
    width and height they are."""
    if turn < 5:
        return turn == 1
    told = next((one for one in root.iter(f"{_MWG}AppliedToDimensions")), None)
    if told is None:
        return False
    width, height = (_number(told, f"{_SIZE}{name}") for name in "wh")
    return width is not None and height is not None and (width > height) != (size[0] > size[1])


def _of_mwg(root: ElementTree.Element) -> Iterator[Area]:
    found: list[tuple[str, Area]] = []
    for region in _items(root, f"{_MWG}RegionList"):
        area = next(region.iter(f"{_MWG}Area"), None)
        if area is None or _said(area, f"{_AREA}unit") not in (None, "normalized"):
            continue
        x, y = (_number(area, f"{_AREA}{name}") for name in "xy")
        if x is None or y is None:
            continue
        wide, high = (_number(area, f"{_AREA}{name}") or _number(area, f"{_AREA}d") or 0.0 for name in "wh")
        found.append((_said(region, f"{_MWG}Type") or "", (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)))
    focus = [area for kind, area in found if kind == FOCUS]
    yield from focus or [area for _, area in found]


def _of_iptc(root: ElementTree.Element, size: tuple[int, int]) -> Iterator[Area]:
    for region in _items(root, f"{_IPTC}ImageRegion"):
        edge = next(region.iter(f"{_IPTC}RegionBoundary"), None)
        if edge is None:
            continue
        across, down = size if _said(edge, f"{_IPTC}rbUnit") == "pixel" else (1, 1)
        points = [(x / across, y / down) for x, y in _corners(edge)]
        if points:
            xs, ys = zip(*points, strict=True)
            yield min(xs), min(ys), max(xs), max(ys)


def _corners(edge: ElementTree.Element) -> Iterator[Point]:
    """The outermost points of a rectangle, a circle or a polygon."""
    for corner in (edge, *_items(edge, f"{_IPTC}rbVertices")):
        x, y = (_number(corner, f"{_IPTC}rb{name}") for name in "XY")
        if x is None or y is None:
            continue
        wide, high = (_number(corner, f"{_IPTC}rb{name}") for name in "WH")
        radius = _number(corner, f"{_IPTC}rbRx")
        if radius is not None:
            yield from ((x - radius, y - radius), (x + radius, y + radius))
        else:
            yield from ((x, y), (x + (wide or 0), y + (high or 0)))


def _items(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    for listed in root.iter(name):
        yield from listed.iter(f"{_RDF}li")


def _said(element: ElementTree.Element, name: str) -> str | None:
    """A property: RDF writes it as an attribute, or as an element, of the thing itself or of a description in it."""
    for one in (element, *(child for child in element if child.tag == f"{_RDF}Description")):
        if name in one.attrib:
            return one.attrib[name].strip()
        if (child := one.find(name)) is not None:
            return (child.text or "").strip()
    return None


def _number(element: ElementTree.Element, name: str) -> float | None:
    said = _said(element, name)
    return float(said) if said else None
