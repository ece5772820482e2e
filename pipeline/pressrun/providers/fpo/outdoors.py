"""Sets of hard light and open air: the urban blocks, and the sporty slopes."""

from __future__ import annotations

import numpy as np

from pressrun.providers.fpo import furniture, land, light, motifs, peaks, plants, rocks, town
from pressrun.providers.fpo.canvas import Point, noise, smooth
from pressrun.providers.fpo.colour import Colour, lightness, mix
from pressrun.providers.fpo.forms import ellipse, stroke
from pressrun.providers.fpo.indoors import outdoors, season_light, seen_through
from pressrun.providers.fpo.scene import PLINTH, Scene


def hard_shadow(scene: Scene, strength: float, design: int) -> None:
    """The shadow of a building or a window frame: one large crisp diagonal on the wall, running on over the floor."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    tint = tones.shadow(tones.wall, 0.5)
    slope = 0.8 + 0.25 * scene.dice("slope").random()
    x = scene.x + unit * (0.25, 0.7, -0.1)[design]
    reach = scene.height * 1.2
    soft = scene.short * 0.0016 * max(1.0, scene.reading.soft * 2)
    shapes: list[list[Point]] = []
    foot = scene.horizon
    if design == 1:
        for i in range(4):
            left = x - unit * 1.5 + i * unit * 0.5
            shapes.append(
                [
                    (left, foot),
                    (left + unit * 0.2, foot),
                    (left + unit * 0.2 - reach * slope, foot - reach),
                    (left - reach * slope, foot - reach),
                ]
            )
    else:
        shapes.append(
            [
                (x, foot),
                (x + scene.width * 2, foot),
                (x + scene.width * 2, foot - reach),
                (x - reach * slope, foot - reach),
            ]
        )
    mask = canvas.shapes(shapes, soft)
    canvas.shade(mask.times(np.clip(np.float32(foot + 0.5) - mask.down, 0, 1)), tint, strength, calm="wide")
    ground = [
        [
            (p[0][0], foot),
            (p[1][0], foot),
            (p[1][0] + unit * 1.1, foot + unit * 0.9),
            (p[0][0] + unit * 1.1, foot + unit * 0.9),
        ]
        for p in shapes
    ]
    below = canvas.shapes(ground, soft)
    below = below.times(np.clip(below.down - np.float32(foot), 0, 1)).ramp_down(foot - 1, foot + unit * 0.85)
    canvas.shade(below, tones.shadow(tones.floor, 0.45), strength, calm="wide")


def wet(scene: Scene, strength: float) -> None:
    """Broken reflections on stone, strongest far off."""
    canvas = scene.canvas
    top = int(scene.horizon) + 1
    rows = min(scene.height - top, top)
    if rows < 4:
        return
    flip = canvas.px[:, top - rows : top][:, ::-1]
    patch = smooth(
        noise(scene.dice("wet"), scene.width, rows, scene.short / 26, 4.0) * np.float32(0.8) + np.float32(0.5)
    )
    fade = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    part = canvas.px[:, top : top + rows]
    part += (flip - part) * patch * fade * np.float32(strength)


def doorway(scene: Scene, half: float, tall: float, *, open_air: bool) -> None:
    """A thick square frame before the wall, and what lies behind it: a view, or a room with one slant of light."""
    canvas, tones = scene.canvas, scene.tones
    x, foot = scene.x, scene.horizon
    frame = mix(tones.wall, tones.form, 0.6)
    furniture.panel(
        scene,
        [(x - half, foot), (x - half, foot - tall), (x + half, foot - tall), (x + half, foot)],
        frame,
        thick=half * 0.08,
    )
    left, right, top = x - half * 0.84, x + half * 0.84, foot - tall + half * 0.16
    inner = canvas.box(left, top, right, foot)
    room = mix(frame, tones.deep, 0.22)
    if open_air:
        seen_through(scene, inner, foot, tall * 0.8)
    else:
        canvas.paint(inner, room)
        lit = canvas.shape(
            [
                (left + half * 0.5, foot),
                (right, foot),
                (right, foot - tall * 0.42),
                (left + half * 0.5, foot - tall * 1.3),
            ]
        )
        land.within(scene, inner, lambda: canvas.paint(lit, tones.tint(frame, 0.3), 0.8))
    deep = half * 0.13
    canvas.paint(
        canvas.shape([(left, top), (right, top), (right, top + deep), (left + deep, top + deep)]),
        tones.shade(frame, 0.42),
    )
    canvas.paint(
        canvas.shape([(left, top), (left + deep, top + deep), (left + deep, foot), (left, foot)]),
        tones.shade(frame, 0.55),
    )


def blocks(scene: Scene, design: int, back: float, stone: tuple[Colour, Colour, Colour]) -> None:
    """Cuboids to both sides of the stage: towers, a stair, or slabs laid across each other."""
    unit, side, x = scene.unit, scene.side, scene.x

    def put(offset: float, wide: float, high: float, forward: float, colour: Colour, deep: float = 0.07) -> None:
        left, low = x + side * unit * offset - unit * wide / 2, back + unit * forward
        if scene.is_free(left, left + unit * wide):
            furniture.block(scene, left, left + unit * wide, low - unit * high, unit * high, unit * deep, colour)

    grow = 0.85 + 0.3 * scene.dice("blocks").random()
    if design == 0:
        put(0.64, 0.3, 0.62 * grow, 0.0, stone[0])
        put(0.9, 0.34, 0.34 * grow, 0.05, stone[1])
        put(-0.74, 0.34, 0.2, 0.02, stone[2])
    elif design == 1:
        put(0.84, 0.36, 0.3 * grow, 0.03, stone[0])
        put(0.8, 0.24, 0.16, -0.25 - 0.3 * (grow - 0.85), stone[1], 0.06)
        put(-0.8, 0.22, 0.56 * grow, 0.0, stone[1])
    else:
        steps = [(0.66 + 0.2 * i, 0.13 + 0.13 * i) for i in range(4)]
        for offset, high in steps[::-1]:
            put(offset, 0.2, high * grow, 0.02, stone[0])
        put(-0.78, 0.4, 0.1, 0.06, stone[2], 0.1)
        put(-0.84, 0.24, 0.22, -0.05, stone[1])


def urban(scene: Scene) -> None:
    """Concrete, blocks and one hard diagonal of light; a skyline, or a doorway onto it."""
    tones, unit, place = scene.tones, scene.unit, scene.reading.place
    design = scene.pick("urban", 3)
    light.wall(scene, tones.wall, lift=0.3, fall=0.2, texture=0.035)
    open_air = place in ("city", "mountain", "hills", "sea", "forest")
    tall = scene.room_above(unit * 1.12, scene.horizon)
    side = scene.side
    if open_air and design != 1:
        land.faded(scene, lambda: outdoors(scene, scene.horizon, scene.room_above(unit * 0.95, scene.horizon)))
    else:
        town.joints(scene, tones.wall)
    motifs.pattern(scene, tones.wall, strength=0.4)
    if design == 1:
        hard_shadow(scene, 0.55, design)
        doorway(scene, unit * 0.54, tall, open_air=open_air)
    elif not open_air:
        r = min(unit * 0.5, tall * 0.5)
        if design == 0:
            furniture.panel(
                scene,
                ellipse(scene.x - side * unit * 0.12, scene.horizon - tall + r, r, r),
                tones.form,
                thick=unit * 0.03,
            )
        else:
            furniture.panel(
                scene,
                [
                    (scene.x - unit * 0.5, scene.horizon),
                    (scene.x - unit * 0.5, scene.horizon - tall),
                    (scene.x + unit * 0.22, scene.horizon - tall),
                    (scene.x + unit * 0.22, scene.horizon),
                ],
                tones.form,
                thick=unit * 0.04,
            )
    if design != 1:
        hard_shadow(scene, 0.55, design)
    light.floor(scene, tones.tint(tones.floor, 0.12), grain="stone")
    wet(scene, 0.28)
    hard_shadow_floor(scene)
    light.seam(scene, 0.4)
    stone = mix(tones.form, tones.wall, 0.35)
    back = scene.horizon + unit * 0.12
    dark = mix(tones.floor, tones.deep, 0.25) if lightness(tones.floor) > 0.6 else mix(tones.floor, tones.paper, 0.2)
    blocks(scene, design, back, (mix(stone, tones.paper, 0.12), dark, mix(tones.wall, tones.deep, 0.12)))
    half = unit * (PLINTH + 0.03)
    base = mix(tones.paper, stone, 0.5)
    furniture.block(
        scene, scene.x - half, scene.x + half * 0.96, scene.y + unit * 0.025, unit * 0.14, unit * 0.15, base
    )
    if scene.reading.season in ("autumn", "spring"):
        plants.fallen(scene, 6)
    furniture.ball(scene, scene.aside(0.86, side), scene.y + unit * 0.08, unit * 0.045, tones.accent)
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


def slopes(scene: Scene, lean: int, first: int) -> None:
    """Large tilted planes of one tone each, cut by diagonals: speed without anything moving.

    ``first`` (0 to 2) leaves out the farthest planes.
    """
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    rise = scene.width * 0.62
    dice = scene.dice("slopes")
    for i in range(first, 3):
        y = scene.horizon - unit * (0.72 - 0.3 * i) - unit * 0.1 * dice.random()
        y0, y1 = (y + rise * 0.32, y - rise * 0.22) if lean > 0 else (y - rise * 0.22, y + rise * 0.32)
        plane = [(-2.0, y0), (scene.width + 2.0, y1), (scene.width + 2.0, scene.horizon), (-2.0, scene.horizon)]
        mask = canvas.shape(plane)
        colour = mix(tones.wall, mix(tones.floor, tones.form, 0.3 * i), 0.24 + 0.2 * i)
        shade = mask.ramp_across(0 if lean > 0 else scene.width, scene.width if lean > 0 else 0)
        canvas.paint(mask, colour, 0.9)
        canvas.paint(shade, tones.tint(colour, 0.3), 0.6)
        edge = stroke([(-2.0, y0), (scene.width + 2.0, y1)], max(1.2, unit * 0.004))
        canvas.paint(canvas.shape(edge), tones.tint(colour, 0.6), 0.55)
        motifs.pattern(scene, colour, part=mask, strength=0.55 + 0.15 * i)


def sporty(scene: Scene) -> None:
    """A slope, a ridge and a slab of rock; contour lines, thin air, everything leaning forward."""
    tones, unit = scene.tones, scene.unit
    design = scene.pick("sporty", 3)
    lean = 1 if design != 1 else -1
    light.wall(scene, tones.wall, lift=0.5, fall=0.12, texture=0.012)
    high = scene.room_above(unit * 1.05, scene.horizon)
    lines = next((kind for kind in motifs.kinds(scene.motifs) if kind in ("contour", "strata", "arcs")), "")
    if design != 2 and lines:
        motifs.pattern(scene, tones.wall, strength=0.55, kind=lines)
    snow = None if scene.reading.season else True

    def view() -> None:
        if design == 1:
            r = min(unit * 0.46, high * 0.45)
            disc = mix(tones.paper, tones.wall, 0.12)
            land.sun(scene, scene.x + scene.side * unit * 0.24, scene.horizon - high + r, r, disc, 0.85)
        if scene.reading.place == "city":
            town.skyline(scene, scene.horizon, high * 0.8)
        elif design == 2:
            wild = scene.reading.place in ("mountain", "hills", "forest", "sea")
            if wild:
                outdoors(scene, scene.horizon, high)
            slopes(scene, lean, 1 if wild else 0)
        else:
            peaks.mountains(scene, scene.horizon, high * (0.95 if design == 0 else 0.72), snow=snow)

    land.faded(scene, view)
    beam = [
        (scene.x - unit * 1.9, -2.0),
        (scene.x - unit * 1.1, -2.0),
        (scene.x + unit * 0.8, scene.horizon),
        (scene.x + unit * 0.1, scene.horizon),
    ]
    light.beam(scene, beam, 0.16, scene.short * 0.02)
    rock = mix(mix(tones.form, tones.floor, 0.35), tones.deep, 0.16)
    ground = mix(tones.floor, rock, 0.55)
    if scene.reading.season == "winter":
        ground = mix(ground, mix(tones.paper, tones.cool, 0.08), 0.62)
    light.floor(scene, ground, grain="scree")
    rocks.haze_floor(scene)
    if design != 2 and scene.reading.place != "city":
        rocks.shoulder(scene, lean * scene.side, mix(ground, tones.floor, 0.5))
    if lines:
        motifs.pattern(scene, ground, part=scene.floor_mask(), strength=0.45, kind=lines)
    if scene.reading.place == "city" or design == 2:
        rocks.lanes(scene, tones.paper)
    else:
        rocks.rubble(scene, rock)
    if scene.reading.season == "winter":
        plants.drift(scene)
    rocks.slab(scene, mix(rock, tones.paper, 0.2))
    furniture.ball(scene, scene.aside(0.84, scene.side), scene.y + unit * 0.04, unit * 0.035, tones.accent)
    if scene.reading.season == "winter":
        plants.snowfall(scene)
    elif scene.reading.season in ("autumn", "summer"):
        plants.grasses(scene, scene.aside(0.92, scene.side), scene.horizon + unit * 0.14, unit * 0.34)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount * 0.7, vignette=0.06)
