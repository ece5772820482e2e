"""The pages of a drawing: one, or as many as Inkscape has laid beside each other in it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from pressrun.designs.svg.elements import Element, length
from pressrun.designs.svg.pictures import figure
from pressrun.designs.svg.texts import DrawnText
from pressrun.graphics.paths.svg_paths import UnusablePath, path_steps
from pressrun.graphics.svg.limits import tag
from pressrun.model.geometry import Rect

PAGES = "{http://www.inkscape.org/namespaces/inkscape}page"
_UNIT = re.compile(r"[a-z]*\Z", re.I)


def page_roots(root: ElementTree.Element, sides: tuple[float, float]) -> list[ElementTree.Element]:
    """The drawing as each of its pages shows it; ``sides`` are those of its own frame, in user units."""
    pages = [[length(page.get(name, "")) for name in ("x", "y", "width", "height")] for page in root.iter(PAGES)]
    pages = [page for page in pages if page[2] > 0 and page[3] > 0]
    if len(pages) < 2:
        return [root]
    return [_showing(root, sides, *page) for page in pages]


def _showing(
    root: ElementTree.Element, sides: tuple[float, float], x: float, y: float, width: float, height: float
) -> ElementTree.Element:
    shown = ElementTree.Element(root.tag, {**root.attrib, "viewBox": f"{x:g} {y:g} {width:g} {height:g}"})
    for name, edge, side in (("width", width, sides[0]), ("height", height, sides[1])):
        if written := root.get(name):
            unit = _UNIT.search(written.strip())
            number = written.strip().removesuffix(unit[0] if unit else "")
            shown.set(name, f"{float(number) * edge / side:g}{unit[0] if unit else ''}")
    shown.extend(list(root))
    return shown


def is_on_page(element: Element, text: DrawnText | None, page: Rect) -> bool:
    """Whether something of an element may show on a page; what nobody can tell without drawing it may."""
    if text is not None:
        points = [element.place.map_point((line.x, line.y)) for line in text.lines]
        return not points or any(page.contains(Rect(point.x, point.y, 0, 0)) for point in points)
    if tag(element.node) == "image":
        box: Rect | None = Rect(*(length(element.node.get(name, "")) for name in ("x", "y", "width", "height")))
    else:
        box = figure(element.node)[0] or _around_path(element.node)
    return box is None or element.box(box)[0].overlaps(page)


def _around_path(node: ElementTree.Element) -> Rect | None:
    """The rectangle around the points of a path."""
    try:
        steps = path_steps(node.get("d", ""))
    except UnusablePath:
        return None
    points = [number for step in steps for number in _numbers(step)]
    xs, ys = points[::2], points[1::2]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _numbers(step: tuple[float | str, ...]) -> Iterator[float]:
    return (part for part in step if isinstance(part, float))
