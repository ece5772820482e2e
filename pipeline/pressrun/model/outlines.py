"""Outlines of what is drawn, as PDF's operators of path construction (ISO 32000-1, 8.5.2); y points downwards."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable

from pressrun.model.geometry import Rect

ROUND = 0.5522847498  # of a radius: how long the handles are of four curves that make a circle
DIGITS = 4  # after the point, of a point
_RUN = re.compile("1+")

Step = tuple[float | str, ...]  # numbers and, last, their operator


def written(number: float, digits: int = DIGITS) -> str:
    """A number as PDF has it, which knows no power of ten."""
    plain = f"{number:.{digits}f}"
    return plain.rstrip("0").rstrip(".") if digits else plain


def steps(taken: Iterable[Step], digits: int = DIGITS) -> str:
    parts = (part if isinstance(part, str) else written(part, digits) for step in taken for part in step)
    return " ".join(parts)


def _steps(*taken: Step) -> str:
    return steps(taken)


def rectangle(rect: Rect, radius: float = 0.0) -> str:
    """A rectangle, its corners rounded by so many points, or by as many as its sides have."""
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    r = min(radius, rect.width / 2, rect.height / 2)
    if r <= 0:
        return _steps((x, y, rect.width, rect.height, "re"))
    k = r * (1 - ROUND)
    return _steps(
        (x + r, y, "m"),
        (right - r, y, "l"), (right - k, y, right, y + k, right, y + r, "c"),
        (right, bottom - r, "l"), (right, bottom - k, right - k, bottom, right - r, bottom, "c"),
        (x + r, bottom, "l"), (x + k, bottom, x, bottom - k, x, bottom - r, "c"),
        (x, y + r, "l"), (x, y + k, x + k, y, x + r, y, "c"), ("h",),
    )  # fmt: skip


def ellipse(rect: Rect) -> str:
    """The ellipse that fills a rectangle."""
    across, down = rect.width / 2, rect.height / 2
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    cx, cy, i, j = x + across, y + down, across * ROUND, down * ROUND
    return _steps(
        (right, cy, "m"),
        (right, cy + j, cx + i, bottom, cx, bottom, "c"), (cx - i, bottom, x, cy + j, x, cy, "c"),
        (x, cy - j, cx - i, y, cx, y, "c"), (cx + i, y, right, cy - j, right, cy, "c"), ("h",),
    )  # fmt: skip


def star(rect: Rect, points: int, inner: float) -> str:
    """A star that fills a rectangle's ellipse, its first point upwards, its inner corners at this share of the way out;
    a polygon, where that is 1."""
    corners = points if inner == 1 else 2 * points
    across, down = rect.width / 2, rect.height / 2

    def corner(number: int) -> tuple[float, float]:
        angle = 2 * math.pi * number / corners - math.pi / 2
        share = inner if number % 2 and corners != points else 1.0
        return rect.x + across + share * across * math.cos(angle), rect.y + down + share * down * math.sin(angle)

    return steps([(*corner(number), "l" if number else "m") for number in range(corners)] + [("h",)])


def diagonal(rect: Rect) -> str:
    """A line from the upper left to the lower right."""
    return _steps((rect.x, rect.y, "m"), (rect.right, rect.bottom, "l"))


@functools.lru_cache(maxsize=256)
def modules(rows: tuple[str, ...]) -> str:
    """The dark modules of a code, each of side 1, from rows of 0 and 1."""
    runs = ((y, run.start(), run.end()) for y, row in enumerate(rows) for run in _RUN.finditer(row))
    return steps((start, y, end - start, 1, "re") for y, start, end in runs)
