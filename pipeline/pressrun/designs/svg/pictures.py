"""Pictures of a drawing: images, and figures that are filled with one, as Figma has them."""

from __future__ import annotations

import base64
import binascii
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

from msgspec import Struct

from pressrun.designs.svg.elements import Element, length, link, url
from pressrun.graphics.svg.limits import tag
from pressrun.graphics.svg.style_sheets import declarations
from pressrun.model.geometry import Rect

SUFFIXES = {"png": ".png", "jpeg": ".jpg", "jpg": ".jpg", "webp": ".webp"}
ROUND = ("circle", "ellipse")
FIGURES = ("rect", *ROUND)
SLACK = 0.005  # of a box's longer side, by which it may reach over what cuts it out
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:g} {h:g}"><path fill="#E4E4E4" d="M0 0H{w:g}V{h:g}H0Z"/>'
    '<path fill="none" stroke="#B4B4B4" stroke-width="{s:g}" d="M0 0L{w:g} {h:g}M{w:g} 0L0 {h:g}"/></svg>\n'
)
"""What stands for a picture that the design has not: width, height, and the thickness of a cross."""
_DATA = re.compile(r"data:image/([\w.+-]+)\s*;\s*base64,", re.I)


class DrawnPicture(Struct, frozen=True):
    """``box`` in the element's user space, as much of it as is not cut away; ``round`` as in `PicturePart`, in user
    units; ``is_cut`` where it is cut out otherwise; ``image`` is the one that it shows, if any."""

    box: Rect
    round: float | None
    is_cut: bool
    image: ElementTree.Element | None
    covers: bool


def drawn_picture(element: Element, by_id: Mapping[str, ElementTree.Element]) -> DrawnPicture | None:
    """An element as a picture: an image, or a figure filled with one; None for anything else."""
    node = element.node
    if tag(node) == "image":
        box = Rect(*(length(node.get(name, "")) for name in ("x", "y", "width", "height")))
        covers = not node.get("preserveAspectRatio", "none").endswith("meet")
        return DrawnPicture(*cut_out(element, box, None, by_id), node, covers)
    box_, rounding = figure(node)
    pattern = by_id.get(url(element.style.get("fill", "")))
    if box_ is None or pattern is None or tag(pattern) != "pattern":
        return None
    image = _image_in(pattern, by_id)
    return None if image is None else DrawnPicture(*cut_out(element, box_, rounding, by_id), image, True)


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


def cut_out(
    element: Element, box: Rect, round: float | None, by_id: Mapping[str, ElementTree.Element]
) -> tuple[Rect, float | None, bool]:
    """What clip paths and masks leave of a box, how round that is, and whether they cut it to a shape of another kind.
    Those that a box or an oval says are frames of a picture; those that leave all of it are of no account."""
    is_cut = False
    for id, place in element.cuts:
        shape = _only_figure(by_id.get(id), by_id)
        local, rounding = figure(shape) if shape is not None else (None, None)
        seen = None if local is None else element.own(place, local)
        if seen is None:
            is_cut = True
            continue
        slack = SLACK * max(box.width, box.height)
        if rounding is None and holds(seen, box, slack):
            continue
        shown = _common(box, seen)
        if shown.width <= 0 or shown.height <= 0 or (rounding == math.inf and not holds(box, seen, slack)):
            is_cut = True
            continue
        box = shown
        if rounding is not None:
            units = math.hypot(place.c, place.d) / element.scale
            round = max(round or 0.0, rounding * units)
    return box, round, is_cut


def _only_figure(
    cut: ElementTree.Element | None, by_id: Mapping[str, ElementTree.Element]
) -> ElementTree.Element | None:
    """The one box or oval that a clip path or mask has, itself or by a use; None where it is another, or more."""
    if cut is None or "objectBoundingBox" in (cut.get("clipPathUnits"), cut.get("maskContentUnits")):
        return None
    children = [child for child in cut if tag(child) not in ("title", "desc")]
    if len(children) != 1:
        return None
    shape = children[0]
    if tag(shape) == "use" and not (shape.get("x") or shape.get("y")):
        shape = by_id.get(link(shape).removeprefix("#"), shape)
    is_plain = tag(shape) in FIGURES and not any(one.get("transform") for one in (shape, children[0]))
    return shape if is_plain and _lets_through(cut, shape) else None


def _lets_through(cut: ElementTree.Element, shape: ElementTree.Element) -> bool:
    """Whether all is seen where a clip path or mask has its shape: of a mask by its light no other than white."""
    if tag(cut) != "mask":
        return True
    look = {**shape.attrib, **declarations(shape.get("style", ""))}
    kind = declarations(cut.get("style", "")).get("mask-type", cut.get("mask-type", ""))
    if any(look.get(name, "1").strip() not in ("1", "100%") for name in ("opacity", "fill-opacity")):
        return False
    fill = (look.get("fill") or cut.get("fill") or ("white" if shape.get("class") else "black")).strip().lower()
    return not fill.startswith("url") and (kind == "alpha" or fill in ("white", "#fff", "#ffffff", "rgb(255,255,255)"))


def _common(first: Rect, second: Rect) -> Rect:
    x, y = max(first.x, second.x), max(first.y, second.y)
    return Rect(x, y, min(first.right, second.right) - x, min(first.bottom, second.bottom) - y)


def holds(outer: Rect, inner: Rect, slack: float) -> bool:
    return (
        outer.x <= inner.x + slack and outer.y <= inner.y + slack
        and outer.right >= inner.right - slack and outer.bottom >= inner.bottom - slack
    )  # fmt: skip


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
