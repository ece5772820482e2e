"""What outlines that cut out leave of a mark: one in another, of several parts, with holes."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from picosvg import svg_pathops

from pressrun.graphics.paths.svg_paths import Command
from pressrun.model.geometry import Matrix, Rect, point_moved

Polygon = Sequence[tuple[float, float]]
Clip = tuple[str, Matrix]
"""An outline in PDF's operators with y downwards, and what moves it to its place on the page."""

_LETTERS = {"m": "M", "l": "L", "c": "C", "h": "Z"}
Region = tuple[Command, ...]
"""A part of the page, as its outline; of nothing none."""


@functools.lru_cache(maxsize=256)
def left_by(clips: tuple[Clip, ...]) -> Region:
    """What is in all of these outlines, each filled by the rule of non-zero windings, as PDF cuts out by `W`."""
    return _shared([outline_as(outline, matrix) for outline, matrix in clips])


def outline_as(outline: str, matrix: Matrix) -> Region:
    """An outline in its place on the page."""
    return tuple(_commands(outline, matrix))


def within(region: Region, polygon: Polygon) -> Region:
    """The part of a polygon that is in a region."""
    if not region or not polygon:
        return ()
    return _shared([region, as_region(polygon)])


def as_region(polygon: Polygon) -> Region:
    first, *others = polygon
    return (("M", tuple(first)), *(("L", tuple(corner)) for corner in others), ("Z", ()))


def corners(rect: Rect) -> Polygon:
    return (rect.x, rect.y), (rect.right, rect.y), (rect.right, rect.bottom), (rect.x, rect.bottom)


def area_of(region: Region) -> float:
    return abs(float(svg_pathops.skia_path(region, "nonzero").area)) if region else 0.0


def around(region: Region) -> Rect | None:
    """The rectangle around a region; None around nothing."""
    if not region:
        return None
    left, top, right, bottom = svg_pathops.skia_path(region, "nonzero").bounds
    return Rect(left, top, right - left, bottom - top)


def straight_sides(region: Region) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of its outline, from point to point."""
    start = here = (0.0, 0.0)
    for letter, numbers in region:
        there = start if letter == "Z" else (numbers[-2], numbers[-1])
        if letter in "LZ" and here != there:
            yield here, there
        if letter == "M":
            start = there
        here = there


def _shared(regions: Sequence[Region]) -> Region:
    if not all(regions):
        return ()
    if len(regions) == 1:
        return tuple(svg_pathops.remove_overlaps(regions[0], "nonzero"))
    found: Any = svg_pathops.intersection(list(regions), ["nonzero"] * len(regions))
    return tuple((letter, tuple(numbers)) for letter, numbers in found)


def _commands(outline: str, matrix: Matrix) -> Iterator[Command]:
    numbers: list[float] = []
    for word in outline.split():
        if not word.isalpha():
            numbers.append(float(word))
            continue
        if word == "re":
            x, y, width, height = numbers
            around = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
            for number, corner in enumerate(around):
                yield "L" if number else "M", point_moved(*corner, matrix)
            yield "Z", ()
        else:
            points = (point_moved(x, y, matrix) for x, y in zip(numbers[0::2], numbers[1::2], strict=True))
            yield _LETTERS[word], tuple(part for point in points for part in point)
        numbers = []
