"""Distant land behind the table's edge: hills, woods, water. Nearer layers are darker, mist lies between."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from pressrun.providers.fpo.canvas import Mask, Plane, Point, blend, noise, smooth, wander
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import Outline, ellipse
from pressrun.providers.fpo.scene import Scene


def within(scene: Scene, mask: Mask, draw: Callable[[], None]) -> None:
    """Let ``draw`` paint through an opening only."""
    canvas = scene.canvas
    before = canvas.px.copy()
    draw()
    height, width = mask.cover.shape
    rows, columns = slice(mask.y, mask.y + height), slice(mask.x, mask.x + width)
    inside = canvas.px[:, rows, columns] * mask.cover + before[:, rows, columns] * (1 - mask.cover)
    canvas.px = before
    canvas.px[:, rows, columns] = inside


def faded(scene: Scene, draw: Callable[[], None]) -> None:
    """Let ``draw`` paint a whole view, then let the view as one fade into the wall where copy will go."""
    before = scene.canvas.px.copy()
    draw()
    scene.canvas.px = before + (scene.canvas.px - before) * scene.canvas.gentle


def season_tone(scene: Scene, base: Colour, share: float = 1.0) -> Colour:
    """What the season does to land and leaves, with the brand's own colours; ``share`` for things it touches less."""
    tones = scene.tones
    toward: dict[str, tuple[Colour, float]] = {
        "spring": (mix(tones.green, tones.paper, 0.4), 0.35),
        "summer": (tones.green, 0.3),
        "autumn": (tones.warm, 0.45),
        "winter": (tones.paper, 0.55),
    }
    if scene.reading.season not in toward:
        return base
    colour, amount = toward[scene.reading.season]
    return mix(base, colour, amount * share)


def hills(scene: Scene, low: float, height: float) -> None:
    """Four rolling layers, lit on their left flanks."""
    canvas, tones = scene.canvas, scene.tones
    haze = mix(tones.wall, tones.paper, 0.35)
    near = season_tone(scene, mix(tones.floor, tones.form, 0.4))
    near = mix(near, tones.deep, 0.12)
    dice = scene.dice("hills")
    for i in range(4):
        t = i / 3
        step = height * (2.6 - 0.9 * t)
        line = wander(dice, scene.width, step, 2) * np.float32(height * (0.2 - 0.05 * t))
        ridge = np.float32(low - height * (0.86 - 0.78 * t)) + line
        mask = canvas.under(ridge, low + 1)
        colour = mix(haze, near, 0.16 + 0.72 * t)
        down = (mask.down - ridge[None, :]) / np.float32(height * 0.42)
        slope = np.gradient(_even(line, int(step / 12)))
        flank = np.clip(-slope * np.float32(2.2), -1, 1)[None, :] * np.float32(0.5)
        shape = smooth(down) * np.float32(0.8) - flank * np.float32(0.5) * np.clip(1 - down, 0, 1)
        canvas.paint(mask, blend(np.clip(shape, -0.4, 1), colour, mix(colour, haze, 0.55)))
        canvas.paint(mask.times(np.clip(1 - (mask.down - ridge[None, :]) / 3, 0, 1)), tones.tint(colour, 0.3), 0.5)


def _even(line: Plane, reach: int) -> Plane:
    kernel = np.ones(2 * reach + 1, np.float64) / (2 * reach + 1)
    padded = np.concatenate([np.full(reach, line[0]), line, np.full(reach, line[-1])])
    return np.convolve(padded, kernel, "valid").astype(np.float32)


def conifer(dice: np.random.Generator, x: float, base: float, height: float) -> Outline:
    """One fir: a ragged spire."""
    half = height * (0.16 + 0.05 * dice.random())
    steps = 9
    left: list[Point] = []
    right: list[Point] = []
    for i in range(steps):
        t = (i + 1) / steps
        for side, edge in ((-1, left), (1, right)):
            reach = half * t * (0.8 + 0.4 * dice.random())
            edge.append((x + side * reach, base - height * (1 - t) + height * 0.03))
            edge.append((x + side * reach * 0.55, base - height * (1 - t) - height * 0.005))
    return [(x, base - height), *right, (x + half * 0.1, base), (x - half * 0.1, base), *left[::-1]]


def crown(dice: np.random.Generator, x: float, base: float, height: float) -> list[Outline]:
    """One broad tree: a trunk under a cloud of leaves."""
    trunk = height * 0.03
    shapes: list[Outline] = [
        [
            (x - trunk, base),
            (x + trunk, base),
            (x + trunk * 0.6, base - height * 0.5),
            (x - trunk * 0.6, base - height * 0.5),
        ]
    ]
    for _ in range(7):
        a, r = dice.random() * 2 * math.pi, height * (0.14 + 0.1 * dice.random())
        shapes.append(
            ellipse(x + math.cos(a) * height * 0.17, base - height * 0.62 + math.sin(a) * height * 0.2, r, r * 0.9)
        )
    return shapes


def forest(scene: Scene, low: float, height: float) -> None:
    """Three rows of trees in mist: firs in the cold seasons and the mountains, broad crowns in the warm ones."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("forest")
    firs = scene.reading.season in ("winter", "")
    haze = mix(tones.wall, tones.paper, 0.4)
    dark = season_tone(scene, mix(tones.green, tones.deep, 0.45 if firs else 0.2))
    if firs and scene.reading.season == "winter":
        dark = mix(mix(tones.green, tones.deep, 0.5), tones.paper, 0.25)
    for i in range(3):
        tall = height * (0.92, 0.8, 0.62)[i]
        colour = mix(haze, dark, (0.26, 0.52, 0.85)[i])
        shapes: list[Outline] = []
        x = -tall * 0.2
        while x < scene.width + tall * 0.2:
            size = tall * (0.62 + 0.42 * dice.random())
            gap = abs(x - scene.x) < scene.unit * 0.5 and i == 2
            if not gap:
                if firs:
                    shapes.append(conifer(dice, x, low + 2, size))
                else:
                    shapes.extend(crown(dice, x, low + 2, size))
            x += tall * (0.2 if firs else 0.34) * (0.6 + 0.9 * dice.random())
        mask = canvas.shapes(shapes, soft=(2.6, 1.8, 0.0)[i])
        mask = mask.times(np.clip(np.float32(low + 1) - mask.down, 0, 1))
        down = np.clip((mask.down - np.float32(low - tall)) / np.float32(tall), 0, 1)
        canvas.paint(mask, blend(down * down, colour, mix(colour, haze, 0.6)))


def sea(scene: Scene, low: float, height: float) -> None:
    """Water to the horizon, with the light lying on it in short bands."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("sea")
    top = low - height * 0.36
    water = mix(mix(tones.cool, tones.form, 0.3), tones.deep, 0.12)
    mask = canvas.box(0, top, scene.width, low + 1)
    rows = mask.cover.shape[0]
    t = np.clip((mask.down - np.float32(top)) / np.float32(low - top), 0, 1)
    canvas.paint(mask, blend(t, mix(water, tones.wall, 0.5), water))
    if rows > 3:
        bands = noise(dice, scene.width, rows, max(1.6, height / 70), 34)
        path = smooth(
            1 - np.abs(mask.across - np.float32(scene.x - scene.side * scene.unit * 0.5)) / np.float32(scene.unit)
        )
        glint = smooth((bands - np.float32(0.1)) * np.float32(2.2)) * (np.float32(0.25) + np.float32(0.75) * path)
        canvas.paint(mask.times(glint), tones.paper, 0.5)
    hills(scene, top + 1, height * 0.3)


def sun(scene: Scene, x: float, y: float, radius: float, colour: Colour, strength: float = 0.9) -> None:
    """A clear disc with its glow."""
    mask = scene.canvas.box(x - radius * 3, y - radius * 3, x + radius * 3, y + radius * 3)
    dx, dy = (
        (mask.across - np.float32(x)) / np.float32(radius * 3),
        (mask.down - np.float32(y)) / np.float32(radius * 3),
    )
    near = np.clip(1 - (dx * dx + dy * dy), 0, 1)
    scene.canvas.paint(mask.times(near * near * near), colour, strength * 0.4)
    disc = scene.canvas.shape(ellipse(x, y, radius, radius))
    scene.canvas.paint(disc, colour, strength)
