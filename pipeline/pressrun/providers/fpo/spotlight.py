"""The luxury set: a dark room, one light, much space."""

from __future__ import annotations

import numpy as np

from pressrun.providers.fpo import furniture, land, light, motifs, peaks, plants
from pressrun.providers.fpo.canvas import smooth, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import arch, ellipse, stroke
from pressrun.providers.fpo.scene import PLINTH, Scene


def flutes(scene: Scene, colour: Colour) -> None:
    """A wall of upright half-round ribs, seen only where the light falls."""
    canvas, tones = scene.canvas, scene.tones
    mask = scene.wall_mask()
    step = scene.unit * 0.105
    phase = (mask.across - np.float32(scene.x)) / np.float32(step)
    phase = phase - np.floor(phase)
    marks = [
        (0.0, tones.shade(colour, 0.62)),
        (0.12, tones.shade(colour, 0.15)),
        (0.34, tones.tint(colour, 0.14)),
        (0.7, tones.shade(colour, 0.2)),
        (1.0, tones.shade(colour, 0.62)),
    ]
    dx = (mask.across - np.float32(scene.x - scene.unit * 0.15)) / np.float32(scene.unit * 1.25)
    dy = (mask.down - np.float32(scene.horizon - scene.unit * 0.45)) / np.float32(scene.unit * 1.15)
    near = np.clip(1 - dx * dx - dy * dy, 0, 1)
    canvas.paint(mask.times(smooth(near)), stops(phase, marks), 0.9, calm="wide")


def shaft(scene: Scene, strength: float) -> None:
    """The one light: a narrow cone from the upper left, and the pool it makes."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    warm = mix(tones.paper, tones.warm, 0.4)
    top = scene.x - unit * 1.25
    cone = [
        (top - unit * 0.1, -2.0),
        (top + unit * 0.14, -2.0),
        (scene.x + unit * 0.52, scene.y),
        (scene.x - unit * 0.44, scene.y),
    ]
    mask = canvas.shape(cone, soft=unit * 0.06)
    canvas.paint(mask.ramp_down(scene.y, scene.y - unit * 2.2), warm, strength, calm=True)


def reflection(scene: Scene, colour: Colour) -> None:
    """The floor under the light: a flat pool that dies away."""
    light.glow(scene, scene.x - scene.unit * 0.05, scene.y + scene.unit * 0.04, scene.unit * 1.15, colour, 0.6, 0.26)


def luxury(scene: Scene) -> None:
    """Dark wall, one beam, a ring or an arch of light, polished stone below."""
    tones, unit = scene.tones, scene.unit
    design = scene.pick("luxury", 3)
    wall = tones.wall
    metal = mix(tones.warm, tones.paper, 0.1) if tones.warm != tones.paper else tones.form
    lit = tones.tint(wall, 0.3)
    light.wall(scene, wall, lift=0.06, fall=0.6, texture=0.03)
    tall = scene.room_above(unit * 1.2, scene.horizon)
    r = unit * 0.6
    centre = scene.horizon - tall + r
    light.glow(scene, scene.x - unit * 0.1, scene.horizon - unit * 0.5, unit * 1.35, lit, 0.7, 0.9)
    if scene.reading.place in ("mountain", "hills", "forest"):
        land.faded(scene, lambda: ridge(scene))
        light.glow(scene, scene.x - unit * 0.1, scene.horizon - unit * 0.5, unit * 1.1, lit, 0.3, 0.9)
    elif design == 0:
        flutes(scene, tones.tint(wall, 0.1))
    motifs.pattern(scene, wall, strength=0.5)
    if design == 0:
        furniture.ring(scene, scene.x, centre, r, r * 0.975, metal)
    elif design == 1:
        eclipse(scene, centre, r, metal)
    else:
        half = unit * 0.54
        furniture.niche(scene, scene.x, scene.horizon, half, tall, tones.tint(wall, 0.1))
        rim = stroke(arch(scene.x, scene.horizon, half, tall), max(1.4, unit * 0.006))
        mask = scene.canvas.shape(rim)
        t = (mask.across - np.float32(scene.x)) / np.float32(half) * np.float32(0.5) + np.float32(0.5)
        scene.canvas.paint(
            mask, stops(t, [(0.0, tones.tint(metal, 0.4)), (0.4, tones.shade(metal, 0.5)), (1.0, metal)]), 0.9
        )
    light.floor(scene, tones.shade(wall, 0.42), grain="soft", gloss=0.3)
    reflection(scene, tones.tint(wall, 0.2))
    shaft(scene, 0.13)
    stone = tones.shade(mix(wall, tones.form, 0.2), 0.12)
    half = unit * (PLINTH - 0.02)
    top = scene.y - half * 0.06
    if design == 1:
        plinth(scene, top + unit * 0.075, half * 1.2, unit * 0.075, tones.shade(stone, 0.25), metal)
    plinth(scene, top, half, unit * (0.16, 0.075, 0.12)[design], stone, metal)
    if scene.reading.season:
        x = scene.x + scene.side * max(unit * 0.92, min(unit * 1.24, scene.width * 0.43))
        away = -90 - scene.side * 24
        plants.spray(scene, (x, scene.horizon + unit * 0.28), away, unit * 0.8, "dark spray", soft=2.2, mute=0.55)
    if scene.reading.season == "winter":
        plants.snowfall(scene, 0.4)
    furniture.ball(scene, scene.aside(0.8, scene.side), scene.y + unit * 0.02, unit * 0.034, tones.accent)
    light.glow(scene, scene.x - unit * 1.3, 0, unit * 1.2, mix(tones.paper, tones.warm, 0.3), 0.16)
    light.finish(scene, vignette=0.22)


def ridge(scene: Scene) -> None:
    """Mountains at night: hardly lighter than the wall."""
    peaks.mountains(scene, scene.horizon, scene.room_above(scene.unit * 0.7, scene.horizon), snow=False)
    scene.canvas.shade(scene.wall_mask(), scene.tones.shadow(scene.tones.wall, 0.6), 0.7)


def eclipse(scene: Scene, y: float, r: float, metal: Colour) -> None:
    """A dark disc with the light behind it."""
    tones, canvas = scene.tones, scene.canvas
    light.glow(scene, scene.x, y, r * 2.0, mix(tones.warm, tones.paper, 0.25), 0.5)
    light.glow(scene, scene.x - r * 0.2, y - r * 0.25, r * 1.45, mix(tones.warm, tones.paper, 0.55), 0.62)
    mask = canvas.shape(ellipse(scene.x, y, r, r))
    t = ((mask.across - np.float32(scene.x)) + (mask.down - np.float32(y))) / np.float32(r * 2.83) + np.float32(0.5)
    canvas.paint(
        mask, stops(t, [(0.0, tones.tint(tones.wall, 0.22)), (0.5, tones.wall), (1.0, tones.shade(tones.wall, 0.5))])
    )
    furniture.ring(scene, scene.x, y, r, r * 0.988, metal, 0.8)


def plinth(scene: Scene, top: float, half: float, height: float, colour: Colour, metal: Colour) -> None:
    """Polished stone with one thread of metal under its edge."""
    furniture.drum(scene, scene.x, top, half, height, colour, shadow=0.7)
    deep = half * furniture.TILT
    inset = height * 0.16
    band = [
        *ellipse(scene.x, top + inset, half, deep, 0, 180),
        *ellipse(scene.x, top + inset + max(1.4, height * 0.035), half, deep, 0, 180)[::-1],
    ]
    mask = scene.canvas.shape(band)
    t = (mask.across - np.float32(scene.x)) / np.float32(half)
    tones = scene.tones
    marks = [(-1.0, metal), (-0.6, tones.tint(metal, 0.5)), (-0.1, metal), (0.6, tones.shade(metal, 0.5)), (1.0, metal)]
    scene.canvas.paint(mask, stops(t, marks))
