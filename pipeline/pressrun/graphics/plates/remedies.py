"""Grounds that texts are given where they cannot be read on what they stand on: panels, and shades over pictures."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec import Struct

from pressrun.model.color import Ink
from pressrun.model.geometry import Rect, around
from pressrun.model.legible import Edge
from pressrun.model.paint import Gradient, Stop
from pressrun.model.remedies import PanelRemedy
from pressrun.model.sheet import ShadeMark, ShapeMark, TextMark

GRID = 24  # parts of a picture: texts that stand a little elsewhere in other languages have the same shade
LEAST_LEAD, MOST_LEAD = 6, 10  # parts of it, over which a shade begins before its text
STOPS = 8  # of a live one's curve
ANGLES: dict[Edge, float] = {"top": 0.0, "right": 90.0, "bottom": 180.0, "left": 270.0}


def panel(remedy: PanelRemedy, marks: Iterable[TextMark], name: str) -> ShapeMark:
    """Around the words of fitted texts."""
    boxes = []
    for mark in marks:
        assert mark.fit, "a panel is as large as the words that it is drawn for"
        padding = remedy.padding.points(mark.fit.size)
        boxes.append(mark.fit.extent.inset(*[-padding] * 4))
    rect = boxes[0]
    for box in boxes[1:]:
        rect = around(rect, box)
    radius = min(remedy.radius.points(rect.height), rect.height / 2, rect.width / 2)
    return ShapeMark(name, rect, "rect", remedy.ink, None, 0.0, radius)


class Reach(Struct, frozen=True):
    """Where a shade lies in a picture: from ``begin`` to the edge ``towards``, in full from ``full`` on, both in parts
    of `GRID` on the way there."""

    towards: Edge
    begin: int
    full: int

    def with_(self, other: Reach) -> Reach:
        """One that does for both."""
        return Reach(self.towards, min(self.begin, other.begin), min(self.full, other.full))


def reach(picture: Rect, text: Rect, towards: Edge | None) -> Reach:
    """The shade of a picture that a text in a box needs."""
    towards = towards or _nearest(picture, text)
    if towards in ("top", "bottom"):
        near, long = text.y - picture.y, picture.height
        far = picture.bottom - text.bottom
        taken = text.height
    else:
        near, long = text.x - picture.x, picture.width
        far = picture.right - text.right
        taken = text.width
    before = near if towards in ("bottom", "right") else far
    full = min(GRID - 1, max(0, math.floor(before / long * GRID + 1e-6)))
    lead = min(MOST_LEAD, max(LEAST_LEAD, round(taken / long * GRID)))
    return Reach(towards, max(0, full - lead), full)


def _nearest(picture: Rect, text: Rect) -> Edge:
    """A shade goes across the picture, unless the text is a column of most of its height."""
    rooms: dict[Edge, float] = {"bottom": picture.bottom - text.bottom, "top": text.y - picture.y}
    if text.height > 0.6 * picture.height and text.width < 0.6 * picture.width:
        rooms = {"left": text.x - picture.x, "right": picture.right - text.right}
    return min(rooms, key=lambda edge: round(rooms[edge], 2))


def _rect(picture: Rect, where: Reach) -> Rect:
    share = where.begin / GRID
    across, down = picture.width * share, picture.height * share
    match where.towards:
        case "bottom":
            return picture.inset(down, 0, 0, 0)
        case "top":
            return picture.inset(0, 0, down, 0)
        case "right":
            return picture.inset(0, 0, 0, across)
        case "left":
            return picture.inset(0, across, 0, 0)


def _until(where: Reach) -> float:
    return (where.full - where.begin) / (GRID - where.begin)


def shade_on_plate(picture: Rect, where: Reach, ink: Ink, strength: float, name: str) -> ShadeMark:
    return ShadeMark(name, _rect(picture, where), ink, where.towards, 0.0, _until(where), strength)


def live_shade(picture: Rect, where: Reach, ink: Ink, strength: float, name: str) -> ShapeMark:
    """The same curve as vectors."""
    until = _until(where)
    ways = [number / STOPS for number in range(STOPS + 1)] if until else [1.0]
    stops = [Stop(until * way, ink, round(strength * way * way * (3 - 2 * way), 4)) for way in ways]
    if stops[0].at > 0 or len(stops) == 1:
        stops.insert(0, Stop(0.0, ink, stops[0].opacity))
    stops.append(Stop(1.0, ink, strength))
    fill = Gradient("linear", tuple(stops), ANGLES[where.towards])
    return ShapeMark(name, _rect(picture, where), "rect", fill, None, 0.0, 0.0)
