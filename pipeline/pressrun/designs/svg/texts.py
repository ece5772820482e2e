"""Texts of a drawing as parts: their lines joined, their boxes found."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from pressrun.designs.svg.elements import Element, length, paint_of, url
from pressrun.designs.svg.styles import Styles
from pressrun.graphics.svg.limits import tag
from pressrun.graphics.svg.style_sheets import Style
from pressrun.graphics.typefaces.font_names import type_named, weight_named
from pressrun.model.brand import Transform
from pressrun.model.design import SMALLEST, PaintNamed, TextPart, TypeNamed
from pressrun.model.geometry import Rect
from pressrun.model.spans import Align, TextAlign

ABOVE, BELOW = 0.74, 0.22  # of a size: what a line of ours takes above and below its baseline
LINE = ABOVE + BELOW
UPRIGHT = (0.72, 0.02)  # the same of one in capitals
WIDE = 0.5  # of a size: a letter
LEADING = 1.25  # of a size, where no second line shows it and nothing is said
LEAST = 0.6  # of its size, down to which a text that has no box is made smaller
ROLE = "{http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd}role"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
ANCHORS: dict[str, Align] = {"middle": "center", "end": "end", "center": "center", "right": "end"}


# The artwork around a text is the same in all languages, so that a text keeps to its side: with a box of its own
# only where somebody chose a side.
IN_PLACE: dict[Align, TextAlign] = {"start": "left", "end": "right"}
IN_A_BOX: dict[Align, TextAlign] = {"end": "right"}
CASES: dict[str, Transform] = {"uppercase": "upper", "lowercase": "lower", "capitalize": "title"}


class Line(Struct, frozen=True):
    """A line of a drawn text, in its user space."""

    text: str
    x: float
    y: float


class DrawnText(Struct, frozen=True):
    """``lines`` as they are drawn; ``frame`` is the box that they flow in, if there is one; ``mixed`` where words of it
    look otherwise."""

    lines: tuple[Line, ...]
    style: Style
    frame: Rect | None
    mixed: bool

    @property
    def text(self) -> str:
        """In one; a line that ends with a blank goes on in the next."""
        said = ""
        for line in self.lines:
            flows = self.frame is not None or not said or said[-1].isspace()
            said = said + line.text if flows else f"{said}\n{line.text}"
        said = re.sub(r"\{\{.*?\}\}", lambda found: " ".join(found[0].split()), said, flags=re.S)
        return "\n".join(" ".join(line.split()) for line in said.split("\n")).strip()


def drawn_text(element: Element, styles: Styles, by_id: Mapping[str, ElementTree.Element]) -> DrawnText:
    """A text taken apart into its lines."""
    reader = _Lines(element, styles)
    reader.read()
    frame = _frame(element, by_id)
    lines = tuple(line for line in reader.lines if line.text.strip())
    return DrawnText(lines, reader.first or element.style, frame, reader.mixed)


class _Lines:
    def __init__(self, element: Element, styles: Styles) -> None:
        self._element, self._styles = element, styles
        node = element.node
        self._x, self._y = _first(node.get("x"), 0.0), _first(node.get("y"), 0.0)
        self._keeps = _keeps_blanks(node, element.style)
        self.lines: list[Line] = [Line("", self._x, self._y)]
        self.first: Style | None = None
        self.mixed = False

    def read(self) -> None:
        self._walk(self._element.node, self._element.style)

    def _walk(self, node: ElementTree.Element, style: Style) -> None:
        self._say(node.text, style)
        for child in node:
            kind = tag(child)
            if kind in ("tspan", "flowPara", "flowSpan"):
                inner = self._styles.of(child, style)
                self._move(child, kind == "flowPara", inner)
                self._walk(child, inner)
            self._say(child.tail, style)

    def _move(self, child: ElementTree.Element, is_paragraph: bool, style: Style) -> None:
        size = length(style.get("font-size", "16px"), 16.0)
        x, y = _first(child.get("x"), self._x), _first(child.get("y"), self._y)
        y += length(child.get("dy", "").split(" ")[0], 0.0, size)
        if abs(y - self._y) > 0.01 * size or is_paragraph or child.get(ROLE) == "line":
            if self.lines[-1].text.strip():
                self.lines.append(Line("", x, y))
            else:
                self.lines[-1] = replace(self.lines[-1], x=x, y=y)
        elif not self.lines[-1].text.strip():
            self.lines[-1] = replace(self.lines[-1], x=x)
        self._x, self._y = x, y

    def _say(self, text: str | None, style: Style) -> None:
        if not text:
            return
        said = text if self._keeps else re.sub(r"\s+", " ", text.replace("\n", " "))
        if not said.strip() and not self.lines[-1].text:
            return
        if said.strip():
            if self.first is None:
                self.first = style
            self.mixed = self.mixed or _look(style) != _look(self.first)
        self.lines[-1] = replace(self.lines[-1], text=self.lines[-1].text + said)


def _look(style: Style) -> tuple[str | None, ...]:
    return tuple(style.get(name) for name in ("font-family", "font-size", "font-weight", "font-style", "fill"))


def _keeps_blanks(node: ElementTree.Element, style: Style) -> bool:
    return node.get(SPACE) == "preserve" or style.get("white-space", "").startswith("pre")


def _first(written: str | None, default: float) -> float:
    """The first of a list of lengths."""
    parts = re.split(r"[\s,]+", (written or "").strip())
    return length(parts[0], default) if parts[0] else default


def _frame(element: Element, by_id: Mapping[str, ElementTree.Element]) -> Rect | None:
    """The box that a text flows in: a rectangle of Inkscape's, or a width that it may take."""
    node = element.node
    if tag(node) == "flowRoot":
        inner = (child for region in node if tag(region) == "flowRegion" for child in region)
        return next((_rect(child) for child in inner if tag(child) == "rect"), None)
    shape = by_id.get(url(element.style.get("shape-inside", "")))
    if shape is not None and tag(shape) == "rect":
        return _rect(shape)
    if width := length(element.style.get("inline-size", "")):
        size = length(element.style.get("font-size", "16px"), 16.0)
        top = _first(node.get("y"), 0.0) - ABOVE * size
        return Rect(_first(node.get("x"), 0.0), top, width, 0.0)
    return None


def _rect(node: ElementTree.Element) -> Rect:
    x, y, width, height = (length(node.get(name, "")) for name in ("x", "y", "width", "height"))
    return Rect(x, y, width, height)


def drawn_box(drawn: DrawnText) -> Rect:
    """About what it takes in its user space, as far as anybody can tell without its font."""
    style = drawn.style
    size = length(style.get("font-size", "16px"), 16.0) or 16.0
    align = ANCHORS.get(style.get("text-anchor", "start"), "start")
    edges: list[tuple[float, float]] = []
    for line in drawn.lines:
        width = len(line.text.strip()) * WIDE * size
        left = line.x - {"start": 0.0, "center": width / 2, "end": width}[align]
        edges.append((left, left + width))
    x, top = min(left for left, _ in edges), min(line.y for line in drawn.lines) - ABOVE * size
    bottom = max(line.y for line in drawn.lines) + BELOW * size
    return Rect(x, top, max(right for _, right in edges) - x, bottom - top)


def type_of(style: Style) -> TypeNamed:
    """The type that a style asks for: the first of its families."""
    family = style.get("font-family", "sans-serif").split(",")[0].strip().strip("'\"")
    named = type_named(family)
    weight = weight_named(style.get("font-weight", "400"))
    slope = style.get("font-style", "normal")
    case = CASES.get(style.get("text-transform", ""), "none")
    return TypeNamed(
        named.family, weight if weight != 400 else named.weight, named.italic or slope != "normal", transform=case
    )


def text_part(id: str, template: str, element: Element, drawn: DrawnText, room: Rect) -> TextPart:
    """Its part; ``room`` is as far as a line without a box may reach on the page, in points."""
    style, scale = drawn.style, element.scale
    size = length(style.get("font-size", "16px"), 16.0) or 16.0
    align = ANCHORS.get(style.get("text-anchor", "start"), ANCHORS.get(style.get("text-align", ""), "start"))
    leading = _leading(drawn, style, size)
    painted = paint_of(style) or (PaintNamed((0.0,)), 1.0)
    type_, frame = type_of(style), drawn.frame
    above, below = UPRIGHT if type_.transform == "upper" else (ABOVE, BELOW)
    line = (above + below) * size
    if frame is None:
        high = line + (len(drawn.lines) - 1) * leading
        box, turn, lines = *_point_box(element, drawn, size, above * size, high, align, room), len(drawn.lines)
        smallest = LEAST
    else:
        first = drawn.lines[0].y if tag(element.node) != "flowRoot" else frame.y + 0.94 * size
        top = first - above * size
        height = max(frame.y + frame.height - top, line + (len(drawn.lines) - 1) * leading) + 0.01 * size
        lines = 1 + int((height - line) / leading)
        box, turn = element.box(Rect(frame.x, top, frame.width, height))
        smallest = 0.75
    spacing = length(style.get("letter-spacing", ""), 0.0, size) / size
    largest = size * scale
    return TextPart(
        id=id, box=box, turn=turn, text=template, type=type_, color=painted[0],
        opacity=element.opacity * painted[1], sizes=(min(max(SMALLEST, largest * smallest), largest), largest),
        anchor="top" if frame or lines > 1 else "bottom", lines=min(60, max(1, lines)),
        align=(IN_A_BOX if frame else IN_PLACE).get(align, align), tracking=spacing,
        leading=leading * scale if lines > 1 else None,
    )  # fmt: skip


def _leading(drawn: DrawnText, style: Style, size: float) -> float:
    apart = [second.y - first.y for first, second in zip(drawn.lines, drawn.lines[1:], strict=False)]
    if apart and apart[0] > 0:
        return apart[0]
    said = style.get("line-height", "")
    factor = re.fullmatch(r"\s*(\d*\.?\d+)\s*(%?)\s*", said)
    if factor:
        return float(factor[1]) / (100 if factor[2] else 1) * size or LEADING * size
    return length(said, 0.0, size) or LEADING * size


def _point_box(
    element: Element, drawn: DrawnText, size: float, above: float, height: float, align: Align, room: Rect
) -> tuple[Rect, float]:
    """A text without a box has the room that there is on its line; ``above`` is what that takes above its baseline."""
    line = drawn.lines[0]
    slack = 0.01 * size  # above a single line, which stands on its baseline where it is smaller, too; else below
    top = line.y - above - (slack if len(drawn.lines) == 1 else 0)
    turned = abs(element.turn) > 0.01
    at = element.place.map_point((line.x, line.y))
    left, right = ((at.x - room.x) / element.scale, (room.right - at.x) / element.scale) if not turned else (0.0, 0.0)
    widest = max(len(one.text) for one in drawn.lines) * 0.75 * size  # as far as anybody can tell without its font
    half = min(left, right) if not turned else widest / 2
    reach = {"start": right, "end": left, "center": 2 * half}[align] if not turned else widest
    width = max(reach, size)
    x = line.x - {"start": 0.0, "center": width / 2, "end": width}[align]
    return element.box(Rect(x, top, width, height + slack))


def rooms(points: Mapping[int, tuple[float, float, float, Align]], page: Rect) -> Iterator[tuple[int, Rect]]:
    """How far each text may reach: to the margin that its page's texts keep, and short of those beside it. ``points``
    are where texts begin by number: x, the top and bottom of its lines, and how it is set."""
    if not points:
        return
    edge = min([x for x, _, _, align in points.values() if align == "start"] or [0.0])
    edge = min([edge, *(page.width - x for x, _, _, align in points.values() if align == "end")])
    margin = max(0.0, min(edge, page.width / 8))
    for number, (x, top, bottom, _) in points.items():
        left, right = min(margin, x), max(page.width - margin, x)
        for other, (beside, above, below, align) in points.items():
            if other != number and above < bottom and top < below:
                gap = (bottom - top) / 4
                if beside > x and align == "start":
                    right = min(right, beside - gap)
                elif beside < x and align == "end":
                    left = max(left, beside + gap)
        yield number, Rect(left, 0, max(right - left, 1.0), page.height)
