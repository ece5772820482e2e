"""Crop marks: eight short lines at four corners, and the cut that they mean."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pikepdf

from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, contains, inherited
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.content import LONGEST_CONTENT
from pressrun.readers.press_pdf.facts import Object, Rectangle
from pressrun.readers.press_pdf.graphics_state import across
from pressrun.readers.press_pdf.keys import Keys, numbers
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.operators import BROKEN, Scratch, each_operator
from pressrun.readers.press_pdf.paths import six
from pressrun.readers.press_pdf.streams import unpacked

AGREE = 0.1 * POINTS_PER_MM  # all four corners, or there is no cut
MEANT_ALIKE = 3 * POINTS_PER_MM  # corners that lie as near as that to a rectangle were meant to be one
SHORTEST, LONGEST = 2 * POINTS_PER_MM, 25 * POINTS_PER_MM  # of a mark
FARTHEST = 15 * POINTS_PER_MM  # from its corner to where it begins
THICKEST = 1.5  # points
LEAST_SIDE = 15 * POINTS_PER_MM  # of a page
MOST_LINES = 400  # short ones, along the page's edges; more are a drawing, and no marks


class NoMarks(Exception):
    """A page without crop marks at its four corners."""


class Disagreement(Exception):
    """Crop marks that mean no rectangle."""


class Line(NamedTuple):
    """A straight line along an edge of the page: where it runs, from where to where."""

    at: float
    start: float
    end: float


def trim_by_marks(page: pikepdf.Page, media: Rectangle, unit: float, budget: Budget) -> Rectangle:
    """The cut that the crop marks of a page mean, in points. Raises NoMarks and Disagreement."""
    upright, level = _lines(page, unit, budget)
    if not (upright and level) or len(upright) + len(level) > MOST_LINES:
        raise NoMarks
    corners = {(x, y): list(_corners(upright, level, x, y)) for x in (0, 1) for y in (0, 1)}
    if not all(corners.values()):
        raise NoMarks
    nearest: float | None = None
    best: tuple[float, Rectangle] | None = None
    for low, high in itertools.product(corners[0, 0], corners[1, 1]):
        box = (low[0], low[1], high[0], high[1])
        if box[2] - box[0] < LEAST_SIDE or box[3] - box[1] < LEAST_SIDE or not contains(media, box):
            continue
        off = max(_farthest((high[0], low[1]), corners[1, 0]), _farthest((low[0], high[1]), corners[0, 1]))
        nearest = off if nearest is None else min(nearest, off)
        area = (box[2] - box[0]) * (box[3] - box[1])
        if off <= AGREE and (best is None or area < best[0]):  # marks of the bleed lie around those of the cut
            best = area, box
    if best is not None:
        return best[1]
    if nearest is not None and nearest <= MEANT_ALIKE:
        raise Disagreement(f"the crop marks of the four corners differ by {nearest / POINTS_PER_MM:.2f} mm")
    raise NoMarks


def _farthest(corner: tuple[float, float], found: list[tuple[float, float]]) -> float:
    """How far the nearest of some corners lies from where it should be, across or up."""
    return min(max(abs(one[0] - corner[0]), abs(one[1] - corner[1])) for one in found)


def _corners(upright: list[Line], level: list[Line], right: int, top: int) -> Iterator[tuple[float, float]]:
    """Where two marks meet if they are drawn on towards the page; at the left or right, at the bottom or top."""
    for vertical, horizontal in itertools.product(upright, level):
        x, y = vertical.at, horizontal.at
        beyond_x = horizontal.start - x if right else x - horizontal.end
        beyond_y = vertical.start - y if top else y - vertical.end
        if 0 <= beyond_x <= FARTHEST and 0 <= beyond_y <= FARTHEST:
            yield x, y


def _lines(page: pikepdf.Page, unit: float, budget: Budget) -> tuple[list[Line], list[Line]]:
    """The short thin lines along a page's edges: those that stand, and those that lie."""
    upright: dict[Line, None] = {}
    level: dict[Line, None] = {}
    for left, bottom, right, top in _Strokes(page, unit, budget).found:
        width, height = right - left, top - bottom
        if SHORTEST <= height <= LONGEST and width <= THICKEST:
            upright.setdefault(Line((left + right) / 2, bottom, top))
        elif SHORTEST <= width <= LONGEST and height <= THICKEST:
            level.setdefault(Line((bottom + top) / 2, left, right))
    return list(upright), list(level)


class _Strokes:
    """Every straight stroke, and every narrow filled rectangle, of a page and of the forms on it."""

    DEEPEST = 6

    def __init__(self, page: pikepdf.Page, unit: float, budget: Budget) -> None:
        self.found: list[Rectangle] = []
        self.scratch, self.budget = Scratch(), budget
        self.keys = Keys(lambda _: None)
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        data = b"\n".join(unpacked(one, self.budget) for one in streams if isinstance(one, pikepdf.Stream))
        self.walk(data, inherited(page.obj, "/Resources", self.keys), Matrix(unit, 0, 0, unit), 0)

    def walk(self, data: bytes, resources: Object, matrix: Matrix, depth: int) -> None:
        if len(data) > LONGEST_CONTENT or depth > self.DEEPEST:
            return
        now, kept = matrix, []
        path: list[Rectangle] = []
        at = (0.0, 0.0)

        def visit(operator: str, operands: Sequence[object]) -> None:
            nonlocal now, at
            if operator == "q":
                kept.append(now)
            elif operator == "Q" and kept:
                now = kept.pop()
            elif operator == "cm":
                now = six(operands).then(now)
            elif operator == "m":
                at = numbers(operands)[0], numbers(operands)[1]
            elif operator == "l":
                x, y = numbers(operands)
                path.append(across(now, min(at[0], x), min(at[1], y), max(at[0], x), max(at[1], y)))
                at = x, y
            elif operator == "re":
                x, y, width, height = numbers(operands)
                path.append(across(now, x, y, x + width, y + height))
            elif operator in PAINTED:
                self.found.extend(path[:MOST_LINES])
                path.clear()
            elif operator == "n":
                path.clear()
            elif operator == "Do":
                drawn = self.keys.dictionary(resources, "/XObject").get(str(operands[0]))
                if isinstance(drawn, pikepdf.Stream) and drawn.get("/Subtype") == "/Form":
                    inner = self.keys.matrix(drawn, "/Matrix").then(now)
                    self.walk(unpacked(drawn, self.budget), drawn.get("/Resources", resources), inner, depth + 1)

        def guarded(operator: str, operands: Sequence[object]) -> None:
            try:
                visit(operator, operands)
            except BROKEN:
                path.clear()

        each_operator(data, self.scratch, depth, guarded, self.budget)


PAINTED = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"))
