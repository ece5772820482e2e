"""Elements of a drawing in their order, each with its place and its look."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from msgspec import Struct
from picosvg.svg_transform import Affine2D
from PIL import ImageColor

from pressrun.designs.svg.styles import Styles
from pressrun.graphics.svg.limits import tag
from pressrun.graphics.svg.style_sheets import Style
from pressrun.model.design import PaintNamed
from pressrun.model.geometry import Rect

UNSEEN = (
    "defs", "symbol", "clipPath", "mask", "pattern", "linearGradient", "radialGradient", "filter", "marker", "metadata",
    "namedview", "title", "desc", "style", "script", "pgf", "pgfRef",
)  # fmt: skip
GROUPS = ("svg", "g", "a", "switch")
TEXTS = ("text", "flowRoot")
EFFECTS = ("filter", "mix-blend-mode")
PER_UNIT = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 24 / 25.4}
_LENGTH = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(px|pt|pc|mm|cm|in|q|em|%|)", re.I)
XLINK = "{http://www.w3.org/1999/xlink}href"


Cut = tuple[str, Affine2D]


class Element(Struct, frozen=True):
    """``place`` brings its user space onto the page, in points from its upper left; ``above`` are its parents, from the
    root; ``opacity`` with theirs; ``number`` counts all elements of the document in their order; ``cuts`` are the ids
    of what cuts it and its parents out, with the places of their user spaces, and ``effects`` what else is done to it
    or them that no text of a layout has: filters, and blend modes other than `normal`."""

    node: ElementTree.Element
    number: int
    place: Affine2D
    style: Style
    opacity: float
    above: tuple[ElementTree.Element, ...]
    is_hidden: bool
    cuts: tuple[Cut, ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return tag(self.node)

    @property
    def scale(self) -> float:
        """What one of its units is in points."""
        return math.hypot(self.place.c, self.place.d)

    @property
    def turn(self) -> float:
        """In degrees clockwise."""
        return math.degrees(math.atan2(self.place.b, self.place.a))

    @property
    def is_askew(self) -> bool:
        """Whether it is slanted, turned over or wider than high: what a layer cannot be."""
        a, b, c, d = self.place.a, self.place.b, self.place.c, self.place.d
        wide, high = math.hypot(a, b), math.hypot(c, d)
        return abs(a * c + b * d) > 0.01 * wide * high or abs(wide - high) > 0.01 * high or a * d - b * c <= 0

    def box(self, local: Rect) -> tuple[Rect, float]:
        """A box of its user space as box and turn of a layer."""
        a, b = self.place.a, self.place.b
        width, height = local.width * math.hypot(a, b), local.height * self.scale
        x, y = local.x + local.width / 2, local.y + local.height / 2
        middle = (
            self.place.a * x + self.place.c * y + self.place.e,
            self.place.b * x + self.place.d * y + self.place.f,
        )
        turn = round(self.turn, 3)
        return Rect(middle[0] - width / 2, middle[1] - height / 2, width, height), turn + 0.0

    def own(self, place: Affine2D, box: Rect) -> Rect | None:
        """A box of another user space, in its own; None where it is turned there."""
        if abs(self.place.determinant()) < 1e-12:
            return None
        way = Affine2D.compose_ltr((place, self.place.inverse()))
        if max(abs(way.b), abs(way.c)) > 1e-3 * max(abs(way.a), abs(way.d)):
            return None
        corners = [way.map_point(corner) for corner in ((box.x, box.y), (box.right, box.bottom))]
        x, y = min(corner.x for corner in corners), min(corner.y for corner in corners)
        return Rect(x, y, abs(corners[1].x - corners[0].x), abs(corners[1].y - corners[0].y))


def page_place(scale: float, left: float, top: float) -> Affine2D:
    """What brings the user space of a document onto its page."""
    place: Affine2D = Affine2D.fromstring(f"scale({scale!r}) translate({-left!r} {-top!r})")
    return place


def elements(root: ElementTree.Element, place: Affine2D) -> Iterator[Element]:
    """All that is drawn, groups left out, from the bottom to the top; texts as a whole."""
    numbers = {id(node): number for number, node in enumerate(root.iter())}
    styles = Styles(root)
    yield from _elements_below(root, place, {}, 1.0, (), False, (), (), numbers, styles)


def _elements_below(
    node: ElementTree.Element, place: Affine2D, above: Style, opacity: float,
    parents: tuple[ElementTree.Element, ...], hidden: bool, cuts: tuple[Cut, ...], effects: tuple[str, ...],
    numbers: dict[int, int], styles: Styles,
) -> Iterator[Element]:  # fmt: skip
    kind = tag(node)
    if kind in UNSEEN or (kind == "foreignObject" and node.get("requiredExtensions")):  # which no program but one draws
        return
    style = styles.of(node, above)
    hidden = hidden or style.get("display") == "none"
    opacity *= _fraction(style.get("opacity", "1"))
    if transform := node.get("transform"):
        place = Affine2D.compose_ltr((Affine2D.fromstring(transform), place))
    cuts += tuple((cut, place) for name in ("clip-path", "mask") if (cut := url(style.get(name, ""))))
    effects += tuple(name for name in EFFECTS if style.get(name, "none").strip() not in ("none", "normal", ""))
    if kind in GROUPS:
        inner = style, opacity, (*parents, node), hidden, cuts, effects
        for child in node:
            yield from _elements_below(child, place, *inner, numbers, styles)
        return
    unseen = hidden or style.get("visibility") == "hidden"
    yield Element(node, numbers[id(node)], place, style, opacity, parents, unseen, cuts, effects)


def length(written: str, default: float = 0.0, em: float = 16.0) -> float:
    """A length in user units. ``em`` is the size of type that it may be in."""
    found = _LENGTH.match(written)
    if not found:
        return default
    value, unit = float(found[1]), found[2].lower()
    if unit == "%":
        return default
    return value * (em if unit == "em" else PER_UNIT[unit])


def _fraction(written: str) -> float:
    try:
        plain = written.strip()
        value = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        return 1.0
    return min(1.0, max(0.0, value))


def paint_of(style: Style) -> tuple[PaintNamed, float] | None:
    """The colour that it is filled with, and how much that covers; None where it is no plain one."""
    written = style.get("fill", "#000000")
    if written.lower() == "currentcolor":
        written = style.get("color", "#000000")
    try:
        red, green, blue = ImageColor.getrgb(written)[:3]
    except ValueError:
        return None
    return PaintNamed((red / 255, green / 255, blue / 255)), _fraction(style.get("fill-opacity", "1"))


def link(node: ElementTree.Element) -> str:
    return (node.get("href") or node.get(XLINK) or "").strip()


def url(written: str) -> str:
    """The id that ``url(#name)`` means; empty where it is none."""
    found = re.match(r"""url\(\s*["']?#([^"')]+)["']?\s*\)""", written.strip())
    return found[1] if found else ""
