"""Ground of the open air: scree, a broken slab to stand on, lanes that run to a far point."""

from __future__ import annotations

import math

import numpy as np

from pressrun.providers.fpo import furniture
from pressrun.providers.fpo.canvas import Point, blend, noise, wander
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import stroke
from pressrun.providers.fpo.scene import PLINTH, Scene


def haze_floor(scene: Scene) -> None:
    """Air over the ground: far off it takes the colour of the sky."""
    tones = scene.tones
    end = scene.horizon + (scene.height - scene.horizon) * 0.75
    mask = scene.canvas.box(0, scene.horizon, scene.width, end).ramp_down(scene.horizon - 2, end)
    scene.canvas.paint(mask, mix(tones.wall, tones.paper, 0.3), 0.78)


def shoulder(scene: Scene, lean: int, colour: Colour) -> None:
    """The near slope: it climbs behind the stage from one side of the picture to the other."""
    canvas, tones, unit, dice = scene.canvas, scene.tones, scene.unit, scene.dice("shoulder")
    xs = np.arange(scene.width, dtype=np.float32) / np.float32(scene.width)
    climb = xs if lean > 0 else 1 - xs
    rough = wander(dice, scene.width, unit * 0.3, 4) * np.float32(unit * 0.035)
    ridge = (
        np.float32(scene.horizon + unit * 0.03)
        - climb * climb * np.float32(min(0.5 * unit, 0.34 * scene.width))
        + rough * (climb + np.float32(0.2))
    )
    mask = canvas.under(ridge.astype(np.float32), scene.horizon + unit * 0.16)
    fade = mask.ramp_down(scene.horizon, scene.horizon + unit * 0.16)
    t = np.clip((mask.down - ridge[None, :]) / np.float32(unit * 0.4), 0, 1)
    canvas.paint(fade, blend(t, tones.shade(colour, 0.3), mix(colour, tones.paper, 0.25)), calm="wide")
    edge = mask.times(np.clip(1 - (mask.down - ridge[None, :]) / np.float32(max(2.0, unit * 0.008)), 0, 1))
    canvas.paint(edge, tones.tint(colour, 0.55), 0.6, calm="wide")
    grit = noise(dice, scene.width, mask.cover.shape[0], max(1.6, scene.short / 240), 2.6)
    canvas.shade(fade.times(np.clip(grit, 0, 1)), tones.shadow(colour, 0.5), 0.3, calm="wide")


def lanes(scene: Scene, colour: Colour) -> None:
    """Lines on the floor that run to a point far off: a track, a road."""
    canvas, unit = scene.canvas, scene.unit
    far = (scene.x + scene.side * unit * 1.6, scene.horizon - unit * 0.12)
    shapes: list[list[Point]] = []
    for i in range(-7, 8):
        x = scene.x + i * unit * 0.62
        y = scene.height + unit * 0.3
        t = (scene.horizon - far[1]) / (y - far[1])
        top = (far[0] + (x - far[0]) * t, scene.horizon)
        wide = unit * 0.011
        shapes.append([(top[0] - wide * 0.2, top[1]), (top[0] + wide * 0.2, top[1]), (x + wide, y), (x - wide, y)])
    canvas.paint(canvas.shapes(shapes), colour, 0.4, calm=True)


def _stone(dice: np.random.Generator, x: float, y: float, r: float) -> list[Point]:
    corners = 6 + int(dice.integers(0, 3))
    points: list[Point] = []
    for i in range(corners):
        a = math.tau * (i + 0.5 * dice.random()) / corners
        out = r * (0.75 + 0.4 * dice.random())
        points.append((x + out * math.cos(a), y + out * 0.5 * math.sin(a)))
    return points


def rubble(scene: Scene, colour: Colour, count: int = 70) -> None:
    """Scree: split stones, dense and small far off, fewer and larger near; none where the product stands, and only
    pebbles in the foreground, where a layout puts its price."""
    canvas, tones, unit, dice = scene.canvas, scene.tones, scene.unit, scene.dice("rubble")
    tint = tones.shadow(tones.floor, 0.55)
    spots = sorted((float(dice.random()) ** 1.7, float(dice.random())) for _ in range(count))
    for depth, across in spots:
        y = scene.horizon + (scene.height - scene.horizon) * (0.03 + 0.95 * depth)
        x = across * scene.width
        if abs(x - scene.x) < unit * 0.84 and scene.y - unit * 0.16 < y < scene.y + unit * 0.36:
            continue
        r = unit * (0.006 + 0.055 * depth) * (0.35 + 0.9 * dice.random() ** 2)
        if y > scene.y + unit * 0.16:
            r = min(r, unit * 0.009)
        lift = r * 0.34
        top = _stone(dice, x, y - lift, r)
        low = [(a, b + lift) for a, b in top]
        body = sorted(top)[:1] + low + sorted(top)[-1:]
        canvas.shade(
            canvas.shape([(a + r * 0.6, b + r * 0.16) for a, b in low], max(1.5, r * 0.14)), tint, 0.62, calm=True
        )
        air = mix(colour, tones.wall, 0.45 * (1 - depth))
        canvas.paint(canvas.shapes([low, body]), tones.shade(air, 0.42), calm=True)
        canvas.paint(canvas.shape(top), tones.tint(air, 0.22 + 0.3 * dice.random()), calm=True)


def slab(scene: Scene, colour: Colour) -> None:
    """A broken plate of rock to stand on: a many-cornered top, and sides split along their layers."""
    canvas, tones, unit, dice = scene.canvas, scene.tones, scene.unit, scene.dice("slab")
    half, deep, thick = unit * (PLINTH + 0.07), unit * 0.13, unit * 0.12
    cy = scene.y - deep * 0.16
    angles = [math.tau * (i + (dice.random() - 0.5) * 0.7) / 11 for i in range(11)]
    top = [
        (
            scene.x + half * math.cos(a) * (0.9 + 0.16 * dice.random()),
            cy + deep * math.sin(a) * (0.86 + 0.24 * dice.random()),
        )
        for a in angles
    ]
    furniture.ground_shadow(scene, scene.x, cy + thick, half * 0.97, half * 1.2, 0.66)
    leftmost, rightmost = min(top), max(top)
    chord = (rightmost[1] - leftmost[1]) / (rightmost[0] - leftmost[0])
    front = sorted(p for p in top if p[1] >= leftmost[1] + (p[0] - leftmost[0]) * chord - 0.01)
    feet = [
        (x * 0.985 + scene.x * 0.015 + (dice.random() - 0.5) * unit * 0.02, y + thick * (0.82 + 0.3 * dice.random()))
        for x, y in front
    ]
    for i in range(len(front) - 1):
        a, b = front[i], front[i + 1]
        turn = (b[1] - a[1]) / max(1.0, b[0] - a[0])
        dark = min(0.62, max(0.08, 0.3 - turn * 0.5 + 0.3 * ((a[0] + b[0]) / 2 - scene.x) / half))
        face = [
            (a[0] - 0.5, a[1]),
            (b[0] + 0.5, b[1]),
            (feet[i + 1][0] + 0.5, feet[i + 1][1]),
            (feet[i][0] - 0.5, feet[i][1]),
        ]
        mask = canvas.shape(face)
        canvas.paint(mask, tones.shade(colour, dark))
        canvas.shade(mask.ramp_down(max(feet[i][1], feet[i + 1][1]), a[1]), tones.shadow(colour, 0.4), 0.55)
    splits: list[list[Point]] = []
    for k in (0.22, 0.5, 0.7):
        line = [
            (a[0] + (c[0] - a[0]) * k, a[1] + (c[1] - a[1]) * (k + 0.1 * (dice.random() - 0.5)))
            for a, c in zip(front, feet, strict=True)
        ]
        start = int(dice.integers(0, max(1, len(line) // 2)))
        splits.append(stroke(line[start : start + max(3, len(line) - 2)], max(1.0, unit * 0.0042), 0.7))
    canvas.paint(canvas.shapes(splits), tones.shade(colour, 0.7), 0.55)
    mask = canvas.shape(top)
    canvas.paint(mask, tones.tint(colour, 0.42))
    canvas.paint(mask.ramp_across(scene.x + half, scene.x - half * 0.7), tones.tint(colour, 0.1), 0.9)
    grit = noise(dice, mask.cover.shape[1], mask.cover.shape[0], max(1.6, unit / 260), 2.4)
    canvas.shade(mask.times(np.clip(grit, 0, 1)), tones.shadow(colour, 0.35), 0.16)
    rim = stroke(front, max(1.0, unit * 0.004))
    canvas.paint(canvas.shape(rim), tones.tint(colour, 0.75), 0.7)
