"""Outlines as lists of points, in pixels: arches, ellipses, leaves, stems, pots. Nothing here paints."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pressrun.providers.fpo.canvas import Point

Outline = list[Point]


def ellipse(x: float, y: float, rx: float, ry: float, start: float = 0.0, end: float = 360.0) -> Outline:
    """Points from ``start`` to ``end`` degrees, clockwise from the right."""
    count = max(12, int((end - start) / 360 * min(360.0, 48 + max(rx, ry) * 0.6)))
    turn = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in turn]


def arch(x: float, base: float, half: float, height: float) -> Outline:
    """A round arch standing at ``base``: straight sides, and a half circle (flattened when it is low)."""
    rise = min(half, height)
    return [(x - half, base), *ellipse(x, base - height + rise, half, rise, 180, 360), (x + half, base)]


def moved(outline: Sequence[Point], dx: float, dy: float) -> Outline:
    return [(x + dx, y + dy) for x, y in outline]


def placed(outline: Sequence[Point], x: float, y: float, size: float, turn: float = 0.0, flip: float = 1.0) -> Outline:
    """An outline drawn around (0, 0) with size 1: scaled, turned by degrees, and put at (x, y)."""
    c, s = math.cos(math.radians(turn)) * size, math.sin(math.radians(turn)) * size
    return [(x + px * flip * c - py * s, y + px * flip * s + py * c) for px, py in outline]


def curve(points: Sequence[Point], steps: int = 14) -> Outline:
    """A smooth line through the points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    line: Outline = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(steps):
            t = i / steps
            line.append(
                (
                    0.5
                    * (
                        2 * b[0]
                        + (c[0] - a[0]) * t
                        + (2 * a[0] - 5 * b[0] + 4 * c[0] - d[0]) * t * t
                        + (3 * b[0] - a[0] - 3 * c[0] + d[0]) * t**3
                    ),
                    0.5
                    * (
                        2 * b[1]
                        + (c[1] - a[1]) * t
                        + (2 * a[1] - 5 * b[1] + 4 * c[1] - d[1]) * t * t
                        + (3 * b[1] - a[1] - 3 * c[1] + d[1]) * t**3
                    ),
                )
            )
    line.append(points[-1])
    return line


def stroke(line: Sequence[Point], width: float, end: float | None = None) -> Outline:
    """A line as an area, from ``width`` at its beginning to ``end`` (the same, if not given)."""
    end = width if end is None else end
    left, right = [], []
    for i, (x, y) in enumerate(line):
        ax, ay = line[max(0, i - 1)]
        bx, by = line[min(len(line) - 1, i + 1)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = (width + (end - width) * i / max(1, len(line) - 1)) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def leaf(kind: str) -> Outline:
    """A leaf of length 1 along +x from its stalk at (0, 0)."""
    if kind == "oak":
        half = [
            (0, 0.02),
            (0.12, 0.06),
            (0.2, 0.17),
            (0.3, 0.18),
            (0.35, 0.1),
            (0.42, 0.22),
            (0.54, 0.27),
            (0.6, 0.13),
            (0.68, 0.2),
            (0.8, 0.2),
            (0.84, 0.1),
            (0.93, 0.1),
            (1.0, 0.0),
        ]
    elif kind == "long":
        half = [(0, 0.01), (0.15, 0.055), (0.4, 0.085), (0.7, 0.06), (0.9, 0.02), (1.0, 0.0)]
    elif kind == "round":
        half = [(0, 0.02), (0.08, 0.2), (0.28, 0.36), (0.55, 0.38), (0.82, 0.24), (1.0, 0.0)]
    else:
        half = [(0, 0.015), (0.12, 0.11), (0.35, 0.2), (0.6, 0.185), (0.84, 0.08), (1.0, 0.0)]
    upper = curve([(float(x), float(-y)) for x, y in half], 5)
    return upper + [(x, -y) for x, y in reversed(upper)]


def bent(outline: Sequence[Point], bow: float) -> Outline:
    """A leaf bowed sideways: no two leaves lie flat."""
    return [(x, y + bow * x * (1 - x) * 2 + bow * x * x * 0.6) for x, y in outline]


def branch(
    dice: np.random.Generator,
    start: Point,
    angle: float,
    length: float,
    kind: str,
    *,
    leaves: int = 14,
    size: float = 0.2,
) -> tuple[list[Outline], list[Outline], list[Point]]:
    """Stems, leaves and tips of a branch that grows from ``start`` at ``angle`` degrees (0 is right, 90 is down).

    ``size`` is a leaf's length as a share of the branch's.
    """
    x, y = start
    bend = (dice.random() - 0.5) * 50
    spine: list[tuple[float, float, float]] = []
    parts = 24
    for i in range(parts + 1):
        at = angle + bend * (i / parts) ** 1.4
        spine.append((x, y, at))
        x += math.cos(math.radians(at)) * length / parts
        y += math.sin(math.radians(at)) * length / parts
    thick = length * 0.016
    stems = [stroke([(px, py) for px, py, _ in spine], thick, thick * 0.25)]
    shapes, tips = [], []
    base = leaf(kind)
    for i in range(leaves):
        t = 0.12 + 0.88 * (i + 0.5 * dice.random()) / leaves
        px, py, at = spine[min(parts, int(t * parts))]
        hand = 1 if i % 2 else -1
        open_ = (62 - 34 * t) * (0.75 + 0.5 * dice.random())
        turn = at + hand * open_
        long = (
            size * length * (0.55 + 0.45 * math.sin(math.pi * min(1.0, 0.2 + t * 0.75))) * (0.75 + 0.4 * dice.random())
        )
        gap = long * 0.12
        qx, qy = px + math.cos(math.radians(turn)) * gap, py + math.sin(math.radians(turn)) * gap
        stems.append(stroke([(px, py), (qx, qy)], thick * 0.4, thick * 0.3))
        shapes.append(placed(bent(base, hand * (0.05 + 0.2 * dice.random())), qx, qy, long, turn))
        tips.append((qx + math.cos(math.radians(turn)) * long * 0.4, qy + math.sin(math.radians(turn)) * long * 0.4))
    px, py, at = spine[-1]
    shapes.append(placed(base, px, py, size * length * 0.7, at))
    tips.append((px, py))
    return stems, shapes, tips
