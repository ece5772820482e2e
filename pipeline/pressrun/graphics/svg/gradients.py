"""Gradients of an SVG that go on by repeating themselves, written out: Typst draws such a linear one by a program,
which no inks can be made of, and of a radial one nothing but its beginning."""

from __future__ import annotations

import copy
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from picosvg.svg_transform import Affine2D

from pressrun.graphics.svg.limits import UnusableSvg, frame, link_of, tag, written_out
from pressrun.model.geometry import Rect

LINEAR, RADIAL = "linearGradient", "radialGradient"
PLACES = {LINEAR: ("x1", "y1", "x2", "y2"), RADIAL: ("cx", "cy", "r", "fx", "fy", "fr")}
COMMON = ("gradientUnits", "gradientTransform", "spreadMethod")
ENDS = {"x1": "0%", "y1": "0%", "x2": "100%", "y2": "0%", "cx": "50%", "cy": "50%", "r": "50%"}  # SVG 2, 14.2
# By how much of a box or drawing what is painted may stick out of it: PDFium has 256 steps for the whole of a gradient.
AROUND = 0.25
MOST_STOPS = 2000
_Matrix: Any = Affine2D  # which knows no types
_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_GOES_ON = re.compile(rb"spreadMethod\s*=\s*[\"']\s*(?:reflect|repeat)")

Stops = list[tuple[float, ElementTree.Element]]
Point = tuple[float, float]
Placed = tuple[int, int, dict[str, float]]  # the first and last repeat, and the lengths that reach over them


def with_written_stops(svg: bytes) -> bytes:
    """The SVG, each gradient of which ends where it ends. One that would need too many stops stays as it is."""
    if not _GOES_ON.search(svg):
        return svg
    try:
        root = ElementTree.fromstring(written_out(svg))
        field = _field(root)
    except (ElementTree.ParseError, UnusableSvg):
        return svg
    gradients = _Gradients(root)
    for one, told in [(one, gradients.told(one)) for one in gradients]:
        if told.spread in ("reflect", "repeat"):
            _write_out(one, told, field)
        elif gradients.above(one) is not None:
            told.put_into(one)
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _LINK)
    return ElementTree.tostring(root)


class _Told(Struct, frozen=True):
    """What a gradient says, with what it has from the one that it is like."""

    attributes: Mapping[str, str]
    stops: Stops

    @property
    def spread(self) -> str:
        return self.attributes.get("spreadMethod", "pad").strip()

    def put_into(self, gradient: ElementTree.Element) -> None:
        for link in ("href", f"{{{_LINK}}}href"):
            gradient.attrib.pop(link, None)
        for child in [child for child in gradient if tag(child) == "stop"]:
            gradient.remove(child)
        gradient.attrib.update(self.attributes)
        for offset, stop in self.stops:
            placed = copy.deepcopy(stop)
            placed.set("offset", f"{offset:.7g}")
            gradient.append(placed)


class _Gradients:
    def __init__(self, root: ElementTree.Element) -> None:
        self._all = [one for one in root.iter() if tag(one) in PLACES]
        self._by_id = {one.get("id"): one for one in self._all}

    def __iter__(self) -> Iterator[ElementTree.Element]:
        return iter(self._all)

    def above(self, one: ElementTree.Element) -> ElementTree.Element | None:
        """The one that a gradient is like."""
        link = link_of(one)
        return self._by_id.get(link.removeprefix("#")) if link else None

    def told(self, one: ElementTree.Element) -> _Told:
        attributes: dict[str, str] = {}
        stops: Stops = []
        seen: list[ElementTree.Element] = []
        level: ElementTree.Element | None = one
        while level is not None and level not in seen:
            seen.append(level)
            own = (*COMMON, *(PLACES[tag(level)] if tag(level) == tag(one) else ()))
            attributes = {**{name: level.attrib[name] for name in own if name in level.attrib}, **attributes}
            stops = stops or _stops(level)
            level = self.above(level)
        return _Told(attributes, stops)


def _stops(gradient: ElementTree.Element) -> Stops:
    found: Stops = []
    for stop in gradient:
        if tag(stop) == "stop":
            offset = min(1.0, max(0.0, _number(stop.get("offset", "0"), 1)))
            found.append((max(offset, found[-1][0] if found else 0.0), stop))
    return found


def _field(root: ElementTree.Element) -> Rect:
    """The view box."""
    width, height = frame(root)
    origin = re.split(r"[\s,]+", root.get("viewBox", "0 0").strip())
    return Rect(float(origin[0]), float(origin[1]), width, height)


def _write_out(gradient: ElementTree.Element, told: _Told, field: Rect) -> None:
    if not told.stops:
        return
    is_of_box = told.attributes.get("gradientUnits", "objectBoundingBox").strip() != "userSpaceOnUse"
    box = Rect(0, 0, 1, 1) if is_of_box else field
    across, down = box.width, box.height
    units = {"x": across, "y": down, "r": math.hypot(across, down) / math.sqrt(2)}

    def at(name: str) -> float:
        said = told.attributes.get(name) or ENDS.get(name) or told.attributes.get(f"c{name[1]}") or "50%"
        return _number(said, units[name.strip("cf12")])

    seen = [
        (box.x + x * across, box.y + y * down) for x in (-AROUND, 1 + AROUND) for y in (-AROUND, 1 + AROUND)
    ]  # fmt: skip
    try:
        turned = _Matrix.fromstring(told.attributes.get("gradientTransform", "")).inverse()
        corners = [tuple(turned.map_point(point)) for point in seen]
        if tag(gradient) == LINEAR:
            placed = _longer((at("x1"), at("y1")), (at("x2"), at("y2")), corners)
        else:
            placed = _wider((at("cx"), at("cy")), (at("fx"), at("fy")), at("r"), corners)
    except (ValueError, TypeError, ArithmeticError):  # of a transform that is none, or numbers without end
        return
    if placed is None or placed[0] == placed[1]:
        return
    first, last, places = placed
    stops = [(0.0, told.stops[0][1]), *told.stops, (1.0, told.stops[-1][1])]
    if (last - first) * len(stops) > MOST_STOPS:
        return
    repeated: Stops = []
    for times in range(first, last):
        turns = times % 2 == 1 and told.spread == "reflect"
        shown = [(1 - offset, stop) for offset, stop in reversed(stops)] if turns else stops
        repeated += [((times - first + offset) / (last - first), stop) for offset, stop in shown]
    written = {name: f"{value:.9g}" for name, value in places.items()}
    _Told({**told.attributes, **written, "spreadMethod": "pad"}, repeated).put_into(gradient)


def _longer(start: Point, end: Point, corners: list[Point]) -> Placed | None:
    """From which to which repeat of a linear gradient covers these corners, and where it begins and ends then."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    if not (length := dx * dx + dy * dy):
        return None
    along = [((px - x) * dx + (py - y) * dy) / length for px, py in corners]
    first, last = math.floor(min(along)), math.ceil(max(along))
    return first, last, {"x1": x + first * dx, "y1": y + first * dy, "x2": x + last * dx, "y2": y + last * dy}


def _wider(middle: Point, focus: Point, radius: float, corners: list[Point]) -> Placed | None:
    """Likewise of a radial one, whose circles begin in its focus."""
    (cx, cy), (fx, fy) = middle, focus
    room = radius - math.hypot(cx - fx, cy - fy)
    if room <= 0:
        return None
    last = math.ceil(max(math.hypot(px - fx, py - fy) for px, py in corners) / room)
    return 0, last, {"cx": fx + last * (cx - fx), "cy": fy + last * (cy - fy), "r": last * radius, "fx": fx, "fy": fy}


def _number(written: str, whole: float) -> float:
    found = re.match(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%?)", written, re.I)
    if not found:
        return 0.0
    return float(found[1]) * (whole / 100 if found[2] else 1)
