"""Light and what stands in its way: planes, glows, windows, leaf shadows, a vignette."""

from __future__ import annotations

import math

import numpy as np

from pressrun.providers.fpo.canvas import Mask, Point, noise, smooth, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import branch
from pressrun.providers.fpo.scene import Scene


def wall(scene: Scene, base: Colour, *, lift: float = 0.4, fall: float = 0.2, texture: float = 0.02) -> None:
    """The backdrop, bright towards the upper left and falling off to the lower right."""
    canvas, tones = scene.canvas, scene.tones
    mask = scene.wall_mask()
    size = np.float32(math.hypot(scene.width, scene.horizon))
    dx = (mask.across + np.float32(0.05) * size) / size
    dy = (mask.down + np.float32(0.1) * size) / size
    t = smooth(np.sqrt(dx * dx + dy * dy) / np.float32(1.12))
    canvas.paint(mask, stops(t, [(0.0, tones.tint(base, lift)), (0.5, base), (1.0, tones.shade(base, fall))]))
    if texture:
        cloud = noise(scene.dice("plaster"), scene.width, mask.cover.shape[0], scene.short / 9, 1.6)
        fine = noise(scene.dice("trowel"), scene.width, mask.cover.shape[0], scene.short / 60, 2.5)
        rough = (cloud * np.float32(0.6) + fine * np.float32(0.5)) * np.float32(texture)
        canvas.px[:, : mask.cover.shape[0]] *= 1 + rough * canvas.quiet[: mask.cover.shape[0]]


def floor(scene: Scene, base: Colour, *, grain: str = "", gloss: float = 0.0) -> None:
    """The ground plane, with a soft seam where it meets the wall and the texture of its material."""
    canvas, tones = scene.canvas, scene.tones
    mask = scene.floor_mask()
    rows = mask.cover.shape[0]
    deep = np.float32(max(1.0, scene.height - scene.horizon))
    down = (mask.down - np.float32(scene.horizon)) / deep
    across = (mask.across - np.float32(scene.x)) / np.float32(scene.width)
    t = np.clip(down * np.float32(0.62) + across * np.float32(0.3) + np.float32(0.16), 0, 1)
    canvas.paint(mask, stops(t, [(0.0, tones.tint(base, 0.3)), (0.4, base), (1.0, tones.shade(base, 0.26))]))
    part = canvas.px[:, -rows:]
    if scene.reading.calm_side in ("left", "right"):
        # Copy will run across the edge: there the floor turns up into the wall, as a studio's paper roll does.
        reach = scene.width // 12
        band = np.pad(
            canvas.px[:, max(0, canvas.height - rows - 24) : canvas.height - rows].mean(axis=1),
            ((0, 0), (reach, reach)),
            "edge",
        )
        even = np.cumsum(band, axis=1, dtype=np.float64)
        even = (
            (even[:, 2 * reach :] - np.pad(even, ((0, 0), (1, 0)))[:, : even.shape[1] - 2 * reach]) / (2 * reach + 1)
        ).astype(np.float32)
        part += (even[:, None, :] - part) * (1 - canvas.gentle[-rows:]) * np.float32(0.85)
    if grain == "wood":
        streaks = noise(scene.dice("wood"), scene.width, rows, max(2.0, scene.short / 260), 60)
        wide = noise(scene.dice("board"), scene.width, rows, scene.short / 40, 26)
        part *= 1 + (streaks * np.float32(0.028) + wide * np.float32(0.035)) * (
            np.float32(0.35) + np.float32(0.65) * canvas.gentle[-rows:]
        )
    elif grain == "stone":
        speck = noise(scene.dice("stone"), scene.width, rows, max(2.0, scene.short / 240), 1.8)
        cloud = noise(scene.dice("slab"), scene.width, rows, scene.short / 14, 2.4)
        part *= 1 + (speck * np.float32(0.022) + cloud * np.float32(0.03)) * (
            np.float32(0.3) + np.float32(0.7) * canvas.gentle[-rows:]
        )
    elif grain == "scree":
        for cell, amount in ((scene.short / 420, 0.07), (scene.short / 150, 0.03), (scene.short / 30, 0.04)):
            grit = noise(scene.dice(f"scree{cell}"), scene.width, rows, max(1.6, cell), 2.6)
            part *= 1 + grit * np.float32(amount) * canvas.gentle[-rows:]
    elif grain:
        soft = noise(scene.dice("drift"), scene.width, rows, scene.short / 16, 3.5)
        part *= 1 + soft * np.float32(0.03) * (np.float32(0.3) + np.float32(0.7) * canvas.gentle[-rows:])
    if gloss:
        flip = canvas.px[:, :-rows][:, ::-1][:, :rows]
        fade = smooth(1 - (np.arange(flip.shape[1], dtype=np.float32) / deep / np.float32(0.7)))[:, None]
        part[:, : flip.shape[1]] += (flip - part[:, : flip.shape[1]]) * fade * np.float32(gloss)


def seam(scene: Scene, strength: float = 0.5) -> None:
    """Where the planes meet: a breath of shade above, a thread of light on the edge."""
    canvas, tones = scene.canvas, scene.tones
    reach = scene.short * 0.045
    shade = canvas.box(0, scene.horizon - reach, scene.width, scene.horizon).ramp_down(
        scene.horizon, scene.horizon - reach
    )
    canvas.shade(shade, tones.shadow(tones.wall, 0.35), strength * 0.6, calm="wide")
    thread = max(1.0, scene.short * 0.0022)
    canvas.paint(
        canvas.box(0, scene.horizon, scene.width, scene.horizon + thread),
        tones.tint(tones.floor, 0.6),
        strength,
        calm="wide",
    )


def glow(scene: Scene, x: float, y: float, radius: float, colour: Colour, strength: float, squash: float = 1.0) -> None:
    """A pool of light without an edge."""
    mask = scene.canvas.box(x - radius, y - radius * squash, x + radius, y + radius * squash)
    dx = (mask.across - np.float32(x)) / np.float32(radius)
    dy = (mask.down - np.float32(y)) / np.float32(radius * squash)
    near = np.clip(1 - (dx * dx + dy * dy), 0, 1)
    scene.canvas.paint(mask.times(near * near), colour, strength)


def window(scene: Scene, *, soft: float, gain: float, columns: int = 2, rows: int = 3, slant: float = 0.34) -> None:
    """Panes of sunlight on the wall, leaning as the light does, and running on over the floor."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("window")
    soft *= scene.reading.soft
    pane = scene.unit * (0.34 + 0.08 * dice.random())
    tall, bar = pane * 1.25, pane * 0.1
    x0 = scene.x - columns * pane * (0.9 + 0.35 * dice.random()) + scene.side * scene.unit * 0.12
    bottom = scene.horizon - scene.unit * 0.1 * dice.random()
    panes: list[list[Point]] = []
    for i in range(columns):
        for j in range(rows):
            left, low = x0 + i * (pane + bar), bottom - j * (tall + bar)
            quad = [(left, low), (left + pane, low), (left + pane, low - tall), (left, low - tall)]
            panes.append([(px - (bottom - py) * slant, py + (px - x0) * 0.1) for px, py in quad])
    warm = mix(tones.paper, tones.warm, 0.25)
    canvas.shade(scene.wall_mask(), tones.shadow(tones.wall, 0.16), calm="wide")
    lit = canvas.shapes(panes, soft=soft)
    lit = lit.times(np.clip(np.float32(scene.horizon + 0.5) - lit.down, 0, 1))
    gains = (gain * warm[0] * 1.05, gain * warm[1], gain * warm[2] * 0.9)
    canvas.light(lit, gains, 1.0, calm="wide")
    ground = []
    for i in range(columns):
        left = x0 + i * (pane + bar)
        fall = scene.unit * 0.55
        ground.append(
            [
                (left, scene.horizon),
                (left + pane, scene.horizon),
                (left + pane + fall * 0.75, scene.horizon + fall),
                (left + fall * 0.75, scene.horizon + fall),
            ]
        )
    below = canvas.shapes(ground, soft=soft)
    below = below.times(np.clip(below.down - np.float32(scene.horizon), 0, 1)).ramp_down(
        scene.horizon, scene.horizon + scene.unit * 0.6
    )
    canvas.light(below, gains, 0.8, calm="wide")


def leaf_shadow(scene: Scene, kind: str, *, strength: float = 0.32, amount: int = 3) -> None:
    """Branches outside the picture throw their shadow in: one nearly sharp, the others further off and softer."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("leaves")
    tint = tones.shadow(tones.wall, 0.55)
    size = {"long": 0.26, "round": 0.15, "oak": 0.2}.get(kind, 0.19)
    low = scene.calm[3] if scene.reading.calm_side == "top" else 0.12 * scene.height
    from_right = scene.reading.calm_side == "left"
    for i in range(amount):
        y = low + (scene.horizon - low) * (0.02 + 0.75 * (i + dice.random() * 0.8) / amount)
        turn = (8 + 34 * dice.random()) * (1 if i % 2 == 0 else -0.4)
        x, angle = (scene.width * 1.04, 180 - turn) if from_right else (-0.04 * scene.width, turn)
        length = scene.unit * (0.72 + 0.35 * dice.random())
        stems, leaves, _ = branch(dice, (x, y), angle, length, kind, leaves=13, size=size)
        soft = scene.short * (0.0045, 0.012, 0.02)[i % 3] * scene.reading.soft
        mask = canvas.shapes([*stems, *leaves], soft=soft)
        fade = smooth((np.float32(scene.horizon + scene.unit * 0.25) - mask.down) / np.float32(scene.unit * 0.2))
        canvas.shade(mask.times(fade), tint, strength * (1.0, 0.72, 0.5)[i % 3], calm=True)


def beam(scene: Scene, outline: list[Point], gain: float, soft: float) -> None:
    """A hard or soft shaft of light inside an outline."""
    warm = mix(scene.tones.paper, scene.tones.warm, 0.15)
    mask: Mask = scene.canvas.shape(outline, soft=soft)
    scene.canvas.light(mask, (gain * warm[0], gain * warm[1], gain * warm[2]), 1.0, calm="wide")


def finish(scene: Scene, *, warmth: Colour | None = None, amount: float = 0.0, vignette: float = 0.07) -> None:
    """The last touch over all: one colour of light, and a vignette nobody sees."""
    canvas = scene.canvas
    if warmth is not None and amount:
        canvas.paint(canvas.all(), warmth, amount)
    xs = (np.arange(scene.width, dtype=np.float32) + np.float32(0.5)) / np.float32(scene.width) * 2 - 1
    ys = (np.arange(scene.height, dtype=np.float32) + np.float32(0.5)) / np.float32(scene.height) * 2 - 1
    edge = np.clip((xs * xs)[None, :] * np.float32(0.5) + (ys * ys)[:, None] * np.float32(0.5), 0, 1)
    canvas.px *= 1 - np.float32(vignette) * edge * edge


def grain(scene: Scene, amount: float = 0.03) -> np.ndarray:
    """Paper grain of about ``amount`` from dark to light, in whole steps of a uniform die: alike on every machine."""
    die = scene.dice("grain").integers(0, 256, (scene.height, scene.width), dtype=np.uint8).astype(np.float32)
    fine = die + np.roll(die, 1, 1)
    fine += np.roll(fine, 1, 0)
    return (fine * np.float32(1 / 1020) - np.float32(0.5)) * np.float32(amount * 2)
