"""The brand's motifs as a quiet line pattern, 6 to 12 % off its ground: contours, a branch, stars, stones, strata."""

from __future__ import annotations

import math
import re

import numpy as np

from pressrun.providers.fpo.canvas import Mask, Plane, Point, noise
from pressrun.providers.fpo.colour import Colour
from pressrun.providers.fpo.forms import Outline, branch, curve, ellipse, stroke
from pressrun.providers.fpo.scene import Scene

KINDS = {
    "branch": r"branch|leaf|leaves|botan|twig|plant|flower|blossom|herb|vine|laurel",
    "contour": r"contour|map|topograph|isoline|terrain|ridge",
    "strata": r"strata|layer|sediment|slate|wave|dune|ripple|steam",
    "stones": r"stone|cairn|pebble|rock",
    "star": r"star|compass|spark|sun|snowflake",
    "cross": r"cross|spot height|plus|grid|dot",
    "arcs": r"arc|circle|ring|ripple|disc|round",
}


def kinds(words: str) -> list[str]:
    """The patterns that the motifs' words name, in the order in which they are named."""
    found = [(match.start(), name) for name, known in KINDS.items() if (match := re.search(known, words))]
    return [name for _, name in sorted(found)]


def pattern(scene: Scene, ground: Colour, *, part: Mask | None = None, strength: float = 1.0, kind: str = "") -> None:
    """Draw one of the brand's motifs on the wall (or on ``part``): paler than a dark ground, darker than a pale one."""
    tones, named = scene.tones, kinds(scene.motifs)
    kind = kind or (named[scene.pick("motif", len(named))] if named else "")
    if not kind:
        return
    part = part or scene.wall_mask()
    pale = ground[1] < 0.45
    colour = tones.tint(ground, 0.5) if pale else tones.shade(ground, 0.42)
    width = max(1.1, scene.short * 0.0019)
    if kind in ("contour", "strata"):
        cover = _lines(scene, part, width, flat=kind == "strata")
    else:
        shapes = {"branch": _branch, "stones": _stones, "star": _stars, "cross": _crosses, "arcs": _arcs}[kind](
            scene, width
        )
        drawn = scene.canvas.shapes(shapes)
        cover = np.zeros((scene.height, scene.width), np.float32)
        height, wide = drawn.cover.shape
        cover[drawn.y : drawn.y + height, drawn.x : drawn.x + wide] = drawn.cover
        cover = cover[part.y : part.y + part.cover.shape[0], part.x : part.x + part.cover.shape[1]]
    scene.canvas.paint(Mask(part.x, part.y, part.cover * cover), colour, 0.42 * strength, calm=True)


def _lines(scene: Scene, part: Mask, width: float, *, flat: bool) -> Plane:
    """Isolines of smooth noise, drawn where its remainder is near a half, as wide everywhere as ``width`` pixels."""
    rows, columns = part.cover.shape
    dice = scene.dice("contour", shared=not flat)
    cell = scene.unit * (0.42 if flat else 0.36)
    field = noise(dice, columns, rows, cell, 6.0 if flat else 1.25) * np.float32(0.75)
    field += noise(dice, columns, rows, cell * 0.42, 5.0 if flat else 1.3) * np.float32(0.16)
    if flat:
        field += part.down / np.float32(scene.unit * 0.28)
    # Eight-bit noise has steps: even them out before the slopes are taken.
    field = _soften(_soften(field, 4), 4)
    level = field * np.float32(5.0)
    gy, gx = np.gradient(level)
    slope = np.sqrt(gx * gx + gy * gy) + np.float32(1e-4)
    phase = level - np.floor(level)
    near = np.abs(phase - np.float32(0.5)) / slope
    every = np.where(np.floor(level) % 5 == 0, np.float32(1.5), np.float32(0.85))
    line = np.clip(np.float32(width / 2) * every + np.float32(0.5) - near, 0, 1)
    drawn: Plane = line * np.clip(slope * np.float32(scene.unit * 0.28), 0, 1)
    return drawn


def _soften(field: Plane, reach: int) -> Plane:
    """The mean over a square of ``2 * reach + 1`` pixels, the border repeated outwards."""
    rows, columns = field.shape
    padded = np.pad(field, reach, mode="edge")
    down = padded[:rows].copy()
    for step in range(1, 2 * reach + 1):
        down += padded[step : step + rows]
    across = down[:, :columns].copy()
    for step in range(1, 2 * reach + 1):
        across += down[:, step : step + columns]
    return across / np.float32((2 * reach + 1) ** 2)


def outline(shape: list[Point], width: float) -> Outline:
    return stroke([*shape, shape[0]], width)


def _branch(scene: Scene, width: float) -> list[Outline]:
    dice = scene.dice("drawn")
    shapes: list[Outline] = []
    side = scene.side
    low = scene.horizon - scene.unit * 0.1
    for x, y, angle in (
        (scene.x + side * scene.unit * 0.62, low, -90 + side * 16),
        (scene.x - side * scene.unit * 0.75, low, -90 - side * 8),
    ):
        length = scene.room_above(scene.unit * 1.15, y)
        stems, leaves, tips = branch(dice, (x, y), angle, length, "plain", leaves=9, size=0.27)
        shapes.append(stems[0])
        for leaf in leaves:
            shapes.append(outline(leaf, width))
            shapes.append(stroke(curve([leaf[0], leaf[len(leaf) // 2]], 4), width * 0.7, width * 0.4))
        for i, (px, py) in enumerate(tips):
            if i % 3 == 1:
                shapes.append(outline(ellipse(px, py, length * 0.022, length * 0.022), width))
    return shapes


def _stones(scene: Scene, width: float) -> list[Outline]:
    dice, shapes = scene.dice("cairn"), []
    for k in (-1, 1):
        x, y, r = scene.x + k * scene.unit * 0.9, scene.horizon - scene.unit * 0.04, scene.unit * 0.26
        for _ in range(5):
            thick = r * (0.34 + 0.12 * dice.random())
            shapes.append(outline(ellipse(x, y - thick, r, thick)[:-1], width))
            y -= thick * 1.96
            x += (dice.random() - 0.5) * r * 0.3
            r *= 0.78
    return shapes


def _stars(scene: Scene, width: float) -> list[Outline]:
    shapes: list[Outline] = []
    step = scene.unit * 0.3
    for j in range(int(scene.horizon / step) + 1):
        for i in range(-1, int(scene.width / step) + 2):
            x, y = (i + 0.5 * (j % 2)) * step, scene.horizon - (j + 0.5) * step
            r = step * (0.17 if (i + j) % 3 else 0.26)
            points = [
                (
                    x + (r if k % 2 == 0 else r * 0.2) * math.cos(math.pi * k / 4),
                    y + (r if k % 2 == 0 else r * 0.2) * math.sin(math.pi * k / 4),
                )
                for k in range(8)
            ]
            shapes.append(outline(points, width * 0.8))
    return shapes


def _crosses(scene: Scene, width: float) -> list[Outline]:
    shapes: list[Outline] = []
    step = scene.unit * 0.2
    for j in range(int(scene.horizon / step) + 1):
        for i in range(int(scene.width / step) + 2):
            x, y, r = (i + 0.3) * step, scene.horizon - (j + 0.4) * step, step * 0.09
            shapes.append(stroke([(x - r, y), (x + r, y)], width))
            shapes.append(stroke([(x, y - r), (x, y + r)], width))
    return shapes


def _arcs(scene: Scene, width: float) -> list[Outline]:
    radii = [scene.unit * (0.5 + 0.12 * i) for i in range(12)]
    return [stroke(ellipse(scene.x, scene.horizon - scene.unit * 0.2, r, r, 180, 360), width) for r in radii]
