"""Outlines of what is drawn, as PDF's operators of path construction (ISO 32000-1, 8.5.2); y points downwards."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy

from pressrun.graphics.paths.svg_paths import Step, path_steps
from pressrun.model.geometry import Rect
from pressrun.model.outline import Outline

ROUND = 0.5522847498  # of a radius: how long the handles are of four curves that make a circle
DIGITS = 4  # after the point, of a point
_RUN = re.compile("1+")



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


def figure(outline: Outline, rect: Rect, is_mirrored: bool = False) -> str:
    """An outline as people write it, in its box; arrows and paths may be ``is_mirrored``. Raises UnusablePath."""
    kind = outline.figure
    if kind == "ellipse":
        return ellipse(rect)
    if kind in ("polygon", "star"):
        return star(rect, outline.corners, outline.inner if kind == "star" else 1.0)
    if kind == "arrow":
        return arrow(rect, outline.head, outline.shaft, is_mirrored)
    if kind == "path":
        return path_in(rect, outline.path or "", outline.view, is_mirrored)
    return rectangle(rect, outline.radius.points(min(rect.width, rect.height)))


def star(rect: Rect, points: int, inner: float) -> str:
    """A star that fills a rectangle's ellipse, its first point upwards, its inner corners at this share of the way out;
    a polygon, where that is 1."""
    corners = points if inner == 1 else 2 * points
    across, down = rect.width / 2, rect.height / 2

    def corner(number: int) -> tuple[float, float]:
        angle = 2 * math.pi * number / corners - math.pi / 2
        share = inner if number % 2 and corners != points else 1.0
        return rect.x + across + share * across * math.cos(angle), rect.y + down + share * down * math.sin(angle)

    return _closed([corner(number) for number in range(corners)])


def arrow(rect: Rect, head: float, shaft: float, is_mirrored: bool) -> str:
    """An arrow that fills a rectangle and points to the right; its head and its shaft are so much of its width and
    height."""
    neck, thick, middle = 1 - head, shaft / 2, 0.5
    points = [
        (0, middle - thick), (neck, middle - thick), (neck, 0), (1, middle), (neck, 1), (neck, middle + thick),
        (0, middle + thick),
    ]  # fmt: skip
    return _closed(
        [(rect.x + (1 - x if is_mirrored else x) * rect.width, rect.y + y * rect.height) for x, y in points]
    )


def path_in(rect: Rect, data: str, view: tuple[float, float], is_mirrored: bool) -> str:
    """SVG's path data, stretched from a field of this width and height to a rectangle. Raises UnusablePath."""
    across, down = rect.width / view[0], rect.height / view[1]

    def moved(step: Step) -> Step:
        numbers = [part for part in step if not isinstance(part, str)]
        xs = [rect.right - x * across if is_mirrored else rect.x + x * across for x in numbers[0::2]]
        ys = [rect.y + y * down for y in numbers[1::2]]
        return (*itertools.chain.from_iterable(zip(xs, ys, strict=True)), step[-1])

    return steps(map(moved, path_steps(data)))


def on_curve(points: Sequence[tuple[float, float]], way: float) -> tuple[float, float]:
    """The point so far along a Bézier curve, from 0 to 1, by de Casteljau."""
    while len(points) > 1:
        points = [((1 - way) * x + way * u, (1 - way) * y + way * v) for (x, y), (u, v) in itertools.pairwise(points)]
    return points[0]


def _closed(corners: list[tuple[float, float]]) -> str:
    return steps([(*corner, "l" if number else "m") for number, corner in enumerate(corners)] + [("h",)])


def diagonal(rect: Rect) -> str:
    """A line from the upper left to the lower right."""
    return _steps((rect.x, rect.y, "m"), (rect.right, rect.bottom, "l"))


@functools.lru_cache(maxsize=256)
def cells(rows: tuple[str, ...], heights: tuple[float, ...], narrower: float = 0.0) -> str:
    """The dark cells of a code, each 1 wide, from rows of 0 and 1 of these heights (1, if none are said). Each run of
    them is ``narrower`` by as much, and no thinner than a quarter of a cell."""
    if not narrower and all(height == 1.0 for height in heights):
        return " ".join(map(_RUNS.__getitem__, _runs(rows)))
    heights = heights or (1.0,) * len(rows)
    tops = itertools.accumulate(heights, initial=0.0)
    runs = [
        (float(run.start()), top, float(run.end() - run.start()), height)
        for row, top, height in zip(rows, tops, heights, strict=False)
        for run in _RUN.finditer(row)
    ]
    if narrower:
        taken = [(run, min(narrower, run[2] - 0.25)) for run in runs]
        runs = [(x + less / 2, y, width - less, height) for (x, y, width, height), less in taken]
    return " ".join([f"{_short(x)} {_short(y)} {_short(width)} {_short(high)} re" for x, y, width, high in runs])


class _Written(dict[tuple[int, int, int], str]):
    """Runs of cells as PDF has them: codes have the same ones again and again."""

    def __missing__(self, run: tuple[int, int, int]) -> str:
        if len(self) >= RUNS_KEPT:
            self.clear()
        x, y, width = run
        written = self[run] = f"{x} {y} {width} 1 re"
        return written


RUNS_KEPT = 1 << 16
_RUNS = _Written()


def _runs(rows: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """Where each run of dark cells begins, its row, and how many they are."""
    columns = len(rows[0]) + 2
    cells = numpy.frombuffer(f"0{'00'.join(rows)}0".encode(), numpy.uint8)
    edges = numpy.flatnonzero(cells[1:] != cells[:-1])
    begins, ends = edges[::2], edges[1::2]
    down, aside = numpy.divmod(begins, columns)
    return zip(aside.tolist(), down.tolist(), (ends - begins).tolist(), strict=True)


def _short(number: float) -> str:
    """Hundreds of numbers, most of them whole."""
    return str(int(number)) if number == int(number) else written(number)
