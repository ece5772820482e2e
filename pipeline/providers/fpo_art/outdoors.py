"""Sets of hard light and open air: the urban blocks, and the sporty slopes."""

from __future__ import annotations

import numpy as np

from pipeline.providers.fpo_art import furniture, land, light, motifs, plants, town
from pipeline.providers.fpo_art.canvas import Mask, Point, noise, smooth
from pipeline.providers.fpo_art.colour import Colour, mix
from pipeline.providers.fpo_art.forms import ellipse, stroke
from pipeline.providers.fpo_art.indoors import season_light, seen_through
from pipeline.providers.fpo_art.scene import Scene


def hard_shadow(scene: Scene, strength: float, design: int) -> None:
    """The shadow of a building or a window frame: one large crisp diagonal on the wall, running on over the floor."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    tint = tones.shadow(tones.wall, 0.5)
    slope = 0.8 + 0.25 * scene.dice("slope").random()
    x = scene.x + unit * (0.25, 0.7, -0.1)[design]
    reach = scene.height * 1.2
    soft = scene.short * 0.0016
    shapes: list[list[Point]] = []
    foot = scene.horizon
    if design == 1:
        for i in range(4):
            left = x - unit * 1.5 + i * unit * 0.5
            shapes.append([(left, foot), (left + unit * 0.2, foot), (left + unit * 0.2 - reach * slope, foot - reach),
                           (left - reach * slope, foot - reach)])  # fmt: skip
    else:
        shapes.append([(x, foot), (x + scene.width * 2, foot), (x + scene.width * 2, foot - reach), (x - reach * slope, foot - reach)])
    mask = canvas.shapes(shapes, soft)
    canvas.shade(mask.times(np.clip(np.float32(foot + 0.5) - mask.down, 0, 1)), tint, strength, calm=True)
    ground = [[(p[0][0], foot), (p[1][0], foot), (p[1][0] + unit * 1.1, foot + unit * 0.9), (p[0][0] + unit * 1.1, foot + unit * 0.9)]
              for p in shapes]  # fmt: skip
    below = canvas.shapes(ground, soft)
    below = below.times(np.clip(below.down - np.float32(foot), 0, 1)).ramp_down(foot - 1, foot + unit * 0.85)
    canvas.shade(below, tones.shadow(tones.floor, 0.45), strength, calm=True)


def wet(scene: Scene, strength: float) -> None:
    """Broken reflections on stone, strongest far off."""
    canvas = scene.canvas
    top = int(scene.horizon) + 1
    rows = min(scene.height - top, top)
    if rows < 4:
        return
    flip = canvas.px[:, top - rows : top][:, ::-1]
    patch = smooth(noise(scene.dice("wet"), scene.width, rows, scene.short / 26, 4.0) * np.float32(1.6) + np.float32(0.5))
    fade = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    part = canvas.px[:, top : top + rows]
    part += (flip - part) * patch * fade * np.float32(strength)


def urban(scene: Scene) -> None:
    """Concrete, blocks and one hard diagonal of light; a skyline, or a doorway onto it."""
    tones, unit, place = scene.tones, scene.unit, scene.reading.place
    design = scene.pick("urban", 3)
    light.wall(scene, tones.wall, lift=0.3, fall=0.2, texture=0.035)
    open_air = place in ("city", "mountain", "hills", "sea", "forest")
    tall = scene.room_above(unit * 1.12, scene.horizon)
    side = scene.side
    if open_air and design != 1:
        if place == "city":
            town.skyline(scene, scene.horizon, scene.room_above(unit * 0.95, scene.horizon))
        else:
            land.mountains(scene, scene.horizon, scene.room_above(unit * 0.8, scene.horizon))
    else:
        town.joints(scene, tones.wall)
    if design == 1:
        half = unit * 0.52
        door = [(scene.x - half, scene.horizon), (scene.x - half, scene.horizon - tall), (scene.x + half, scene.horizon - tall),
                (scene.x + half, scene.horizon)]  # fmt: skip
        furniture.panel(scene, door, mix(tones.wall, tones.form, 0.6), thick=unit * 0.04)
        inner = scene.canvas.box(scene.x - half * 0.86, scene.horizon - tall + half * 0.14, scene.x + half * 0.86, scene.horizon)
        if open_air:
            seen_through(scene, inner, scene.horizon, tall * 0.8)
        else:
            scene.canvas.paint(inner, mix(mix(tones.wall, tones.form, 0.6), tones.deep, 0.2))
            lit = scene.canvas.shape([(scene.x - half * 0.5, scene.horizon), (scene.x + half * 2, scene.horizon), (scene.x + half * 2, scene.horizon - tall * 0.5),
                                      (scene.x - half * 0.5, scene.horizon - tall * 1.6)])  # fmt: skip
            land.within(scene, inner, lambda: scene.canvas.light(lit, (0.25, 0.25, 0.25)))
    elif not open_air:
        r = min(unit * 0.5, tall * 0.5)
        if design == 0:
            furniture.panel(scene, ellipse(scene.x - side * unit * 0.12, scene.horizon - tall + r, r, r), tones.form, thick=unit * 0.03)
        else:
            furniture.panel(scene, [(scene.x - unit * 0.5, scene.horizon), (scene.x - unit * 0.5, scene.horizon - tall),
                                    (scene.x + unit * 0.22, scene.horizon - tall), (scene.x + unit * 0.22, scene.horizon)],
                            tones.form, thick=unit * 0.04)  # fmt: skip
    motifs.pattern(scene, tones.wall, strength=0.4)
    hard_shadow(scene, 0.62, design)
    light.floor(scene, tones.floor, grain="stone")
    wet(scene, 0.28)
    hard_shadow_floor(scene)
    light.seam(scene, 0.4)
    stone = mix(tones.form, tones.wall, 0.35)
    back = scene.horizon + unit * 0.12
    steps: list[tuple[float, float, float, Colour]] = [
        (0.62, 0.30, 0.62, mix(stone, tones.paper, 0.12)), (0.86, 0.34, 0.36, mix(tones.floor, tones.deep, 0.25)),
    ]  # fmt: skip
    for i, (offset, wide, high, colour) in enumerate(steps):
        centre = scene.x + side * unit * offset
        high = high * (0.75 + 0.4 * scene.dice(f"block{i}").random())
        low = back + unit * 0.05 * i
        furniture.block(scene, centre - unit * wide / 2, centre + unit * wide / 2, low - unit * high, unit * high, unit * 0.07, colour)
    low = back + unit * 0.02
    furniture.block(scene, scene.x - side * unit * 0.72 - unit * 0.17, scene.x - side * unit * 0.72 + unit * 0.17, low - unit * 0.2, unit * 0.2, unit * 0.07,
                    mix(tones.wall, tones.deep, 0.12))  # fmt: skip
    half = unit * 0.5
    base = mix(tones.paper, stone, 0.5)
    furniture.block(scene, scene.x - half, scene.x + half * 0.94, scene.y + unit * 0.025, unit * 0.16, unit * 0.15, base)
    if scene.reading.season in ("autumn", "spring"):
        plants.fallen(scene, 6)
    furniture.ball(scene, scene.x + side * unit * 0.74, scene.y + unit * 0.16, unit * 0.045, tones.accent)
    if scene.reading.season == "winter":
        plants.snowfall(scene)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount * 0.8, vignette=0.06)


def hard_shadow_floor(scene: Scene) -> None:
    """One slanting edge of light over the floor, so that it belongs to the wall's."""
    unit, foot = scene.unit, scene.horizon
    x = scene.x - unit * 1.3
    lit = [(x, foot), (x + unit * 1.2, foot), (x + unit * 2.5, scene.height + 2), (x + unit * 0.9, scene.height + 2)]
    mask = scene.canvas.shape(lit, scene.short * 0.002)
    scene.canvas.light(mask.times(np.clip(mask.down - np.float32(foot), 0, 1)), (0.14, 0.14, 0.13), calm=True)


def slopes(scene: Scene, lean: int) -> None:
    """Large tilted planes of one tone each, cut by diagonals: speed without anything moving."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    rise = scene.width * 0.62
    dice = scene.dice("slopes")
    for i in range(3):
        y = scene.horizon - unit * (0.72 - 0.3 * i) - unit * 0.1 * dice.random()
        y0, y1 = (y + rise * 0.32, y - rise * 0.22) if lean > 0 else (y - rise * 0.22, y + rise * 0.32)
        plane = [(-2.0, y0), (scene.width + 2.0, y1), (scene.width + 2.0, scene.horizon), (-2.0, scene.horizon)]
        mask = canvas.shape(plane)
        colour = mix(tones.wall, mix(tones.floor, tones.form, 0.3 * i), 0.24 + 0.2 * i)
        shade = mask.ramp_across(0 if lean > 0 else scene.width, scene.width if lean > 0 else 0)
        canvas.paint(mask, colour, 0.9, calm=True)
        canvas.paint(shade, tones.tint(colour, 0.3), 0.6, calm=True)
        edge = stroke([(-2.0, y0), (scene.width + 2.0, y1)], max(1.2, unit * 0.004))
        canvas.paint(canvas.shape(edge), tones.tint(colour, 0.6), 0.55, calm=True)
        motifs.pattern(scene, colour, part=Mask(mask.x, mask.y, mask.cover), strength=0.55 + 0.15 * i)


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


def rubble(scene: Scene, colour: Colour, count: int = 26) -> None:
    """Stones on the floor: angular, each lit on top, smaller far off."""
    canvas, tones, unit, dice = scene.canvas, scene.tones, scene.unit, scene.dice("rubble")
    tint = tones.shadow(tones.floor, 0.6)
    spots = sorted((float(dice.random()), float(dice.random())) for _ in range(count))
    for depth, across in spots:
        y = scene.horizon + (scene.height - scene.horizon) * (0.06 + 0.92 * depth)
        x = across * scene.width
        if abs(x - scene.x) < unit * 0.66 and y > scene.y - unit * 0.14 and y < scene.y + unit * 0.32:
            continue
        r = unit * (0.012 + 0.05 * depth) * (0.4 + dice.random())
        top = [(x + r * np.cos(a) * (0.8 + 0.4 * dice.random()), y - r * 0.34 + r * 0.5 * np.sin(a) * (0.8 + 0.4 * dice.random()))
               for a in np.linspace(0, 6.283, 8)[:-1]]  # fmt: skip
        points = [(float(a), float(b)) for a, b in top]
        canvas.shade(canvas.shape([(a + r * 0.55, b + r * 0.42) for a, b in points], max(1.5, r * 0.16)), tint, 0.7, calm=True)
        canvas.paint(canvas.shape([(a, b + r * 0.2) for a, b in points]), tones.shade(colour, 0.4), calm=True)
        canvas.paint(canvas.shape(points), tones.tint(colour, 0.25 + 0.25 * dice.random()), calm=True)


def slab(scene: Scene, colour: Colour) -> None:
    """A broken plate of rock to stand on: a many-cornered top, split sides."""
    canvas, tones, unit, dice = scene.canvas, scene.tones, scene.unit, scene.dice("slab")
    half, deep, thick = unit * 0.56, unit * 0.13, unit * 0.11
    cy = scene.y - deep * 0.2
    angles = [i * 6.283 / 13 + (dice.random() - 0.5) * 0.2 for i in range(13)]
    top = [(scene.x + half * float(np.cos(a)) * (0.92 + 0.12 * dice.random()), cy + deep * float(np.sin(a)) * (0.9 + 0.14 * dice.random())) for a in angles]
    furniture.ground_shadow(scene, scene.x, cy + thick, half * 0.98, half * 1.1, 0.62)
    front = sorted((p for p in top if p[1] > cy - deep * 0.25), key=lambda p: p[0])
    for a, b in zip(front, front[1:], strict=False):
        t = ((a[0] + b[0]) / 2 - scene.x) / half
        face = mix(tones.shade(colour, 0.12), tones.shade(colour, 0.5), min(1.0, max(0.0, 0.4 + 0.6 * t + 0.25 * (dice.random() - 0.5))))
        low = [(b[0] - unit * 0.008, b[1] + thick * (0.85 + 0.2 * dice.random())), (a[0] + unit * 0.004, a[1] + thick * (0.85 + 0.2 * dice.random()))]
        canvas.paint(canvas.shape([(a[0] - 0.6, a[1]), (b[0] + 0.6, b[1]), *low]), face)
    left, right = front[0], front[-1]
    for k in (0.38, 0.66):
        seam = stroke([(left[0], left[1] + thick * k), *[(x, y + thick * k) for x, y in front[1:-1]], (right[0], right[1] + thick * k)], max(1.0, unit * 0.003))
        canvas.paint(canvas.shape(seam), tones.shade(colour, 0.6), 0.5)
    mask = canvas.shape(top)
    canvas.paint(mask, tones.tint(colour, 0.34))
    canvas.paint(mask.ramp_across(scene.x + half, scene.x - half * 0.6), colour, 0.7)
    grit = noise(dice, mask.cover.shape[1], mask.cover.shape[0], max(2.0, unit / 130), 3.0)
    canvas.shade(mask.times(np.clip(grit, 0, 1)), tones.shadow(colour, 0.4), 0.3)


def sporty(scene: Scene) -> None:
    """A slope, a ridge and a slab of rock; contour lines, thin air, everything leaning forward."""
    tones, unit = scene.tones, scene.unit
    design = scene.pick("sporty", 3)
    lean = 1 if design != 1 else -1
    light.wall(scene, tones.wall, lift=0.5, fall=0.12, texture=0.012)
    high = scene.room_above(unit * 1.05, scene.horizon)
    if design == 1:
        r = min(unit * 0.46, high * 0.45)
        x = scene.x + scene.side * unit * 0.24
        land.sun(scene, x, scene.horizon - high + r, r, mix(tones.paper, tones.wall, 0.12), 0.85)
    if scene.reading.place in ("city",):
        town.skyline(scene, scene.horizon, high * 0.8)
    elif design == 2:
        slopes(scene, lean)
    else:
        land.mountains(scene, scene.horizon, high * (0.95 if design == 0 else 0.72), snow=None if scene.reading.season else True)
    if design != 2:
        motifs.pattern(scene, tones.wall, strength=0.55)
    beam = [(scene.x - unit * 1.9, -2.0), (scene.x - unit * 1.1, -2.0), (scene.x + unit * 0.8, scene.horizon), (scene.x + unit * 0.1, scene.horizon)]
    light.beam(scene, beam, 0.16, scene.short * 0.02)
    light.floor(scene, tones.floor, grain="stone")
    light.seam(scene, 0.25)
    rock = mix(mix(tones.form, tones.floor, 0.35), tones.deep, 0.16)
    if scene.reading.place == "city" or design == 2:
        lanes(scene, tones.paper)
    else:
        rubble(scene, rock)
    floor_part = scene.floor_mask()
    motifs.pattern(scene, tones.floor, part=floor_part, strength=0.5, kind="contour" if "contour" in motifs.kinds(scene.motifs) else "")
    if scene.reading.season == "winter":
        plants.drift(scene)
    slab(scene, mix(rock, tones.paper, 0.2))
    furniture.ball(scene, scene.x + scene.side * unit * 0.7, scene.y + unit * 0.14, unit * 0.035, tones.accent)
    if scene.reading.season == "winter":
        plants.snowfall(scene)
    elif scene.reading.season in ("autumn", "summer"):
        plants.grasses(scene, scene.x + scene.side * unit * 0.88, scene.horizon + unit * 0.16, unit * 0.34)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount * 0.7, vignette=0.06)
