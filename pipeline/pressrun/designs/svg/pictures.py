"""Pictures of a drawing: images, and figures that are filled with one, as Figma has them."""

from __future__ import annotations

import base64
import binascii
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass

from pressrun.designs.svg.elements import Element, length, link, url
from pressrun.graphics.svg_limits import tag
from pressrun.model.geometry import Rect

SUFFIXES = {"png": ".png", "jpeg": ".jpg", "jpg": ".jpg", "webp": ".webp"}
ROUND = ("circle", "ellipse")
FIGURES = ("rect", *ROUND)
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:g} {h:g}"><path fill="#E4E4E4" d="M0 0H{w:g}V{h:g}H0Z"/>'
    '<path fill="none" stroke="#B4B4B4" stroke-width="{s:g}" d="M0 0L{w:g} {h:g}M{w:g} 0L0 {h:g}"/></svg>\n'
)
"""What stands for a picture that the design has not: width, height, and the thickness of a cross."""
_DATA = re.compile(r"data:image/([\w.+-]+)\s*;\s*base64,", re.I)


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """``box`` in the element's user space; ``image`` is the one that it shows, if any; ``round`` as in `PicturePart`,
    in user units; ``is_cut`` where a clip path cuts it otherwise."""

    box: Rect
    image: ElementTree.Element | None
    covers: bool
    round: float | None
    is_cut: bool


def drawn_picture(element: Element, by_id: Mapping[str, ElementTree.Element]) -> DrawnPicture | None:
    """An element as a picture: an image, or a figure filled with one; None for anything else."""
    node = element.node
    cuts = [by_id.get(url(one)) for one in (element.style.get("clip-path", ""), *_cuts_above(element)) if url(one)]
    is_cut = bool(cuts)
    if tag(node) == "image":
        box = Rect(*(length(node.get(name, "")) for name in ("x", "y", "width", "height")))
        rounded = [child for cut in cuts if cut is not None for child in cut if tag(child) in ROUND]
        covers = not node.get("preserveAspectRatio", "none").endswith("meet")
        return DrawnPicture(box, node, covers, math.inf if rounded else None, is_cut and not rounded)
    box_, rounding = figure(node)
    pattern = by_id.get(url(element.style.get("fill", "")))
    if box_ is None or pattern is None or tag(pattern) != "pattern":
        return None
    image = _image_in(pattern, by_id)
    return None if image is None else DrawnPicture(box_, image, True, rounding, is_cut)


def figure(node: ElementTree.Element) -> tuple[Rect | None, float | None]:
    """The box of a rect, circle or ellipse, and how round it is."""
    kind = tag(node)
    value = {name: length(node.get(name, "")) for name in ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry")}
    if kind == "rect":
        return Rect(value["x"], value["y"], value["width"], value["height"]), value["rx"] or value["ry"] or None
    if kind in ROUND:
        across, down = (value["r"], value["r"]) if kind == "circle" else (value["rx"], value["ry"])
        return Rect(value["cx"] - across, value["cy"] - down, 2 * across, 2 * down), math.inf
    return None, None


def _cuts_above(element: Element) -> list[str]:
    return [node.get("clip-path", "") for node in element.above]


def _image_in(node: ElementTree.Element, by_id: Mapping[str, ElementTree.Element]) -> ElementTree.Element | None:
    for child in node.iter():
        if tag(child) == "image":
            return child
        if tag(child) == "use":
            shown = by_id.get(link(child).removeprefix("#"))
            if shown is not None and tag(shown) == "image":
                return shown
    return None


def embedded(image: ElementTree.Element | None) -> tuple[str, bytes] | None:
    """The file that an image carries: the ending of its name, and its bytes; None where it only names one."""
    data = "" if image is None else link(image)
    head = _DATA.match(data)
    suffix = SUFFIXES.get(head[1].lower()) if head else None
    if not head or not suffix:
        return None
    try:
        return suffix, base64.b64decode(re.sub(r"\s+", "", data[head.end() :]), validate=True)
    except (binascii.Error, ValueError):
        return None


def no_picture(box: Rect) -> tuple[str, bytes]:
    """What stands for one, in its proportions."""
    width, height = max(box.width, 1.0), max(box.height, 1.0)
    return ".svg", NO_PICTURE.format(w=width, h=height, s=max(width, height) / 100).encode()
