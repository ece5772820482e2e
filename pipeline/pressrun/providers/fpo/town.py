"""Built things behind the stage: a skyline, concrete, shelves, a desk's belongings."""

from __future__ import annotations

import numpy as np

from pressrun.providers.fpo.canvas import Point, blend, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import ellipse
from pressrun.providers.fpo.furniture import ramp
from pressrun.providers.fpo.scene import Scene


def skyline(scene: Scene, low: float, height: float) -> None:
    """Three rows of towers, each with a lit and a shaded face, the far ones nearly the sky."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("towers")
    haze = mix(tones.wall, tones.paper, 0.25)
    stone = mix(mix(tones.form, tones.floor, 0.4), tones.deep, 0.3)
    for i in range(3):
        colour = mix(haze, stone, (0.14, 0.34, 0.62)[i])
        tall = height * (1.0, 0.76, 0.48)[i]
        x = -height * 0.1 * dice.random()
        fronts: list[list[Point]] = []
        sides: list[list[Point]] = []
        panes: list[list[Point]] = []
        while x < scene.width:
            wide = height * (0.11 + 0.16 * dice.random())
            top = low - tall * (0.45 + 0.55 * dice.random())
            split = x + wide * (0.6 + 0.15 * dice.random())
            fronts.append([(x, top), (split, top), (split, low), (x, low)])
            sides.append([(split - 0.3, top), (x + wide, top + wide * 0.05), (x + wide, low), (split - 0.3, low)])
            kind = dice.random()
            if kind < 0.3:
                fronts.append(
                    [
                        (x + wide * 0.15, top - wide * 0.3),
                        (split - wide * 0.1, top - wide * 0.3),
                        (split - wide * 0.1, top),
                        (x + wide * 0.15, top),
                    ]
                )
            elif kind < 0.45:
                mast = x + wide * 0.3
                fronts.append(
                    [(mast - 1, top - wide * 0.7), (mast + 1, top - wide * 0.7), (mast + 1.4, top), (mast - 1.4, top)]
                )
            if i > 0 and dice.random() < 0.75:
                cell = height * (0.026 if i == 1 else 0.034)
                columns, rows = int((split - x) / cell / 1.4), int((low - top) / cell / 2)
                for a in range(columns):
                    for b in range(rows):
                        if dice.random() < 0.42:
                            px, py = x + cell * (0.6 + a * 1.4), top + cell * (0.9 + b * 2)
                            panes.append(
                                [(px, py), (px + cell * 0.6, py), (px + cell * 0.6, py + cell), (px, py + cell)]
                            )
            x += wide * (0.94 + 0.5 * dice.random())
        soft = (2.0, 0.0, 0.0)[i]
        for shapes, ink in ((fronts, tones.tint(colour, 0.22)), (sides, tones.shade(colour, 0.2))):
            mask = canvas.shapes(shapes, soft)
            mask = mask.times(np.clip(np.float32(low + 0.5) - mask.down, 0, 1))
            fade = np.clip((mask.down - np.float32(low - tall)) / np.float32(tall), 0, 1)
            canvas.paint(mask, blend(fade * fade, ink, mix(ink, haze, 0.55)))
        if panes:
            mask = canvas.shapes(panes)
            canvas.paint(mask.times(np.clip(np.float32(low - 2) - mask.down, 0, 1)), tones.tint(colour, 0.55), 0.35)


def joints(scene: Scene, base: Colour) -> None:
    """The seams and tie holes of a concrete wall: a dark thread with light beside it."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("joints")
    wide, tall = scene.unit * 0.78, scene.unit * 0.62
    thread = max(1.0, scene.short * 0.0016)
    x0, y0 = scene.x - wide * (0.5 + dice.random() * 0.3), scene.horizon - tall
    dark, pale = tones.shade(base, 0.4), tones.tint(base, 0.5)
    lines: list[tuple[float, float, float, float]] = []
    for i in range(-8, 9):
        lines.append((x0 + i * wide, 0, x0 + i * wide + thread, scene.horizon))
    for j in range(8):
        lines.append((0, y0 - j * tall, scene.width, y0 - j * tall + thread))
    for a, b, c, d in lines:
        canvas.paint(canvas.box(a, b, c, d), dark, 0.4, calm=True)
        over = thread if c - a > d - b else 0.0
        canvas.paint(canvas.box(a + thread - over, b + over, c + thread - over, d + over), pale, 0.35, calm=True)
    holes = [
        ellipse(x0 + i * wide + sx * wide * 0.12, y0 - j * tall + sy * tall * 0.14, thread * 2.4, thread * 2.4)
        for i in range(-8, 9)
        for j in range(8)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    canvas.paint(canvas.shapes(holes), dark, 0.4, calm=True)


def turned(scene: Scene, x: float, base: float, profile: list[Point], colour: Colour, *, soft: float = 0.0) -> None:
    """A turned vessel from its profile [(radius, height), …] in pixels, foot first: light from the left."""
    canvas, tones = scene.canvas, scene.tones
    heights = np.array([h for _, h in profile], np.float64)
    radii = np.array([r for r, _ in profile], np.float64)
    widest, top = float(radii.max()), float(heights.max())
    foot = profile[0][0] * 0.2
    right = [(x + r, base - h) for r, h in profile]
    left = [(x - r, base - h) for r, h in reversed(profile)]
    outline = [*right, *left, *ellipse(x, base, profile[0][0], foot, 0, 180)[::-1]]
    mask = canvas.shape(outline, soft)
    if mask.cover.size == 0:
        return
    half = np.interp(base - mask.down[:, 0].astype(np.float64), heights, radii).astype(np.float32)[:, None]
    light, plain, shade, core = ramp(scene, colour)
    t = np.clip((mask.across - np.float32(x)) / np.maximum(half, np.float32(1)), -1, 1)
    marks = [(-1.0, plain), (-0.55, light), (-0.15, plain), (0.5, shade), (0.85, core), (1.0, shade)]
    canvas.paint(mask, stops(t, marks))
    canvas.shade(mask.ramp_down(base + foot, base - top * 0.6), tones.shadow(colour, 0.3), 0.6)
    mouth = profile[-1][0]
    if mouth > widest * 0.2:
        lip = canvas.shape(ellipse(x, base - top, mouth, mouth * 0.2), soft)
        inner = (lip.across - np.float32(x)) / np.float32(mouth) * np.float32(0.5) + np.float32(0.5)
        canvas.paint(lip, blend(np.clip(inner, 0, 1), tones.shade(colour, 0.62), tones.shade(colour, 0.16)))
        edge = [
            *ellipse(x, base - top, mouth, mouth * 0.2, 0, 180),
            *ellipse(x, base - top - 1.2, mouth * 0.97, mouth * 0.19, 0, 180)[::-1],
        ]
        canvas.paint(canvas.shape(edge), light, 0.9)


def cast(scene: Scene, x: float, base: float, half: float, length: float) -> None:
    """The soft shadow a vessel throws on the floor."""
    tint, length = scene.tones.shadow(scene.tones.floor, 0.55), length * scene.reading.reach
    flat = [
        *ellipse(x, base, half, half * 0.2, 90, 270),
        *ellipse(x + length, base + length * 0.1, half * 0.8, half * 0.16, -90, 90),
    ]
    canvas = scene.canvas
    canvas.shade(canvas.shape(flat, soft=max(2.0, half * 0.14)).ramp_across(x, x + length + half), tint, 0.55)
    canvas.shade(canvas.shape(ellipse(x + half * 0.06, base + 1, half * 1.05, half * 0.22), soft=2.0), tint, 0.6)


def shelf(scene: Scene, x0: float, x1: float, y: float, colour: Colour) -> None:
    """A board on the wall with a few vessels on it, a little out of focus."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("shelf")
    unit = scene.unit
    thick = unit * 0.035
    tint = tones.shadow(tones.wall, 0.45)
    under = canvas.shape(
        [
            (x0 + thick, y + thick),
            (x1 + thick, y + thick),
            (x1 + thick * 2, y + unit * 0.13),
            (x0 + thick * 3, y + unit * 0.13),
        ],
        unit * 0.018,
    )
    canvas.shade(under, tint, 0.6)
    x = x0 + unit * 0.1
    palette = [
        tones.paper,
        mix(tones.form, tones.paper, 0.3),
        tones.warm,
        mix(tones.wall, tones.deep, 0.2),
        tones.green,
    ]
    while x < x1 - unit * 0.06:
        r, kind = unit * (0.045 + 0.03 * dice.random()), int(dice.integers(0, 3))
        h = unit * (0.1 + 0.1 * dice.random())
        colour_ = mix(palette[int(dice.integers(0, len(palette)))], tones.wall, 0.3)
        if kind == 0:
            profile = [(r * 0.55, 0.0), (r * 0.95, h * 0.25), (r, h * 0.5), (r * 0.6, h * 0.82), (r * 0.5, h)]
        elif kind == 1:
            profile = [(r, 0.0), (r, h * 0.85), (r * 0.94, h * 0.9)]
        else:
            profile = [(r * 0.5, 0.0), (r * 0.9, h * 0.2), (r * 1.25, h * 0.5)]
        canvas.shade(canvas.shape(ellipse(x + r * 0.9, y - h * 0.45, r, h * 0.5), r * 0.3), tint, 0.28)
        turned(scene, x, y, profile, colour_, soft=1.5)
        x += r * (2.4 + 1.6 * dice.random())
    light, plain, shade, _ = ramp(scene, colour)
    canvas.paint(canvas.box(x0, y, x1, y + thick), shade)
    canvas.paint(canvas.box(x0, y, x1, y + thick * 0.3), mix(light, plain, 0.3))


def books(scene: Scene, x: float, base: float, wide: float, count: int) -> float:
    """A lying pile of books; returns the height of its top."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("books")
    covers = [tones.form, mix(tones.wall, tones.deep, 0.35), tones.tint(tones.warm, 0.2), tones.green]
    y = base
    cast(scene, x, base, wide * 0.5, wide * 0.9)
    for i in range(count):
        thick, w = wide * (0.13 + 0.06 * dice.random()), wide * (0.9 + 0.14 * dice.random())
        left = x - w / 2 + (dice.random() - 0.5) * wide * 0.08
        light, plain, shade, core = ramp(scene, covers[(i + scene.take) % len(covers)])
        body = canvas.box(left, y - thick, left + w, y)
        t = (body.across - np.float32(left)) / np.float32(w)
        canvas.paint(body, stops(t, [(0.0, plain), (0.1, light), (0.3, plain), (1.0, shade)]))
        canvas.paint(
            canvas.box(left + w * 0.9, y - thick * 0.86, left + w, y - thick * 0.14), mix(tones.paper, core, 0.25)
        )
        canvas.paint(canvas.box(left, y - 1.2, left + w, y), core, 0.7)
        y -= thick
    top = [(left, y), (left + w * 0.1, y - wide * 0.12), (left + w * 1.02, y - wide * 0.12), (left + w, y)]
    canvas.paint(canvas.shape(top), light)
    return y - wide * 0.06
