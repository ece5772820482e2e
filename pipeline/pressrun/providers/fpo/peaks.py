"""Mountains: each peak two faces with spurs between them, snow down the gullies, mist at the foot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from pressrun.providers.fpo.canvas import Point
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.land import season_tone
from pressrun.providers.fpo.scene import Scene

Dice = np.random.Generator


def mountains(scene: Scene, low: float, height: float, *, snow: bool | None = None) -> None:
    """Three ranges, the far ones nearly air; with snow in winter and spring unless ``snow`` says otherwise."""
    tones, dice = scene.tones, scene.dice("peaks")
    haze = mix(tones.wall, tones.paper, 0.42)
    rock = season_tone(scene, mix(mix(tones.floor, tones.form, 0.35), tones.cool, 0.3), 0.6)
    rock = mix(rock, tones.deep, 0.34) if scene.reading.world != "luxury" else mix(rock, tones.deep, 0.5)
    snowy = scene.reading.season in ("winter", "spring") if snow is None else snow
    for i, (share, wide) in enumerate(((1.0, 0.95), (0.66, 0.8), (0.36, 0.62))):
        tall = height * share
        colour = mix(haze, rock, (0.34, 0.6, 0.92)[i])
        step = tall * wide
        x = -step * dice.random()
        spots: list[tuple[float, float]] = []
        while x < scene.width + step * 0.5:
            spots.append((x, tall * (0.52 + 0.48 * dice.random())))
            x += step * (0.55 + 0.75 * dice.random())
        for px, high in sorted(spots, key=lambda spot: -spot[1]):
            _peak(scene, dice, px, low, high, colour, haze, snowy and i < 2)
        mist = scene.canvas.box(0, low - tall * 0.62, scene.width, low + 1).ramp_down(low, low - tall * 0.62)
        scene.canvas.paint(mist, haze, 0.6 if i < 2 else 0.45)


def _edge(dice: Dice, top: Point, foot: Point, rough: float, steps: int = 9) -> list[Point]:
    """A broken line from a summit down to a foot: ledges, then steeper drops."""
    line = [top]
    for i in range(1, steps):
        t = i / steps
        x = top[0] + (foot[0] - top[0]) * (t + (dice.random() - 0.5) * 0.09)
        y = top[1] + (foot[1] - top[1]) * (t + (dice.random() - 0.5) * 0.07)
        line.append((x + (dice.random() - 0.5) * rough, y))
    return [*line, foot]


def _until(line: list[Point], y: float) -> list[Point]:
    """The part of a falling line above ``y``."""
    kept = [line[0]]
    for a, b in pairwise(line):
        if b[1] >= y:
            t = (y - a[1]) / max(1e-6, b[1] - a[1])
            return [*kept, (a[0] + (b[0] - a[0]) * max(0.0, t), y)]
        kept.append(b)
    return kept


def _ragged(dice: Dice, start: Point, end: Point, deep: float, teeth: int) -> list[Point]:
    """A snow line: tongues that reach down unevenly."""
    points: list[Point] = []
    for i in range(teeth):
        t = (i + 0.5) / teeth
        x, y = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
        points.append((x, y + deep * (0.5 + 0.5 * dice.random() if i % 2 else -0.35 * dice.random())))
    return points


def _peak(scene: Scene, dice: Dice, x: float, low: float, high: float, rock: Colour, haze: Colour, snow: bool) -> None:
    canvas, tones = scene.canvas, scene.tones
    top = (x, low - high)
    left = _edge(dice, top, (x - high * (0.85 + 0.3 * dice.random()), low + 2), high * 0.03)
    right = _edge(dice, top, (x + high * (0.8 + 0.3 * dice.random()), low + 2), high * 0.03)
    middle = _edge(dice, top, (x + high * (0.02 + 0.26 * dice.random()), low + 2), high * 0.15, 7)
    lit, dim = mix(tones.tint(rock, 0.3), haze, 0.1), mix(rock, tones.deep, 0.3)
    canvas.paint(canvas.shape([*left, *right[::-1]]), dim)
    canvas.paint(canvas.shape([*left, *middle[::-1]]), lit)
    gullies: list[list[Point]] = []
    ribs: list[list[Point]] = []
    for i in range(3):
        ax, ay = left[2 + 2 * i]
        bx, by = middle[min(len(middle) - 2, 2 + i)]
        t = 0.35 + 0.4 * dice.random()
        px, py = ax + (bx - ax) * t, ay + (by - ay) * t
        drop = high * (0.2 + 0.2 * dice.random())
        gullies.append(
            [
                (px, py),
                (px + drop * 0.08, py + drop * 0.5),
                (px - drop * 0.1, py + drop),
                (px - drop * 0.36, py + drop * 0.95),
            ]
        )
        cx, cy = right[2 + 2 * i]
        t = 0.3 + 0.4 * dice.random()
        qx, qy = bx + (cx - bx) * t, by + (cy - by) * t
        ribs.append(
            [
                (qx, qy),
                (qx + drop * 0.1, qy + drop * 0.45),
                (qx - drop * 0.05, qy + drop),
                (qx - drop * 0.3, qy + drop * 0.9),
            ]
        )
    canvas.paint(canvas.shapes(gullies), dim, 0.5)
    canvas.paint(canvas.shapes(ribs), lit, 0.32)
    if snow:
        line = low - high * (0.56 + 0.1 * dice.random())
        bright, blue = mix(tones.paper, haze, 0.06), mix(mix(tones.paper, tones.cool, 0.42), rock, 0.16)
        a, b, c = _until(left, line), _until(middle, line + high * 0.06), _until(right, line)
        canvas.paint(canvas.shape([*b, *_ragged(dice, b[-1], c[-1], high * 0.13, 6), *c[::-1]]), blue, 0.95)
        canvas.paint(canvas.shape([*a, *_ragged(dice, a[-1], b[-1], high * 0.13, 7), *b[::-1]]), bright, 0.96)
