"""Sets inside a house: cosy rooms, and the plain studio that any theme can use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pressrun.providers.fpo import furniture, land, light, motifs, peaks, plants, town
from pressrun.providers.fpo.canvas import Mask, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import arch, curve, ellipse
from pressrun.providers.fpo.scene import PLINTH, Scene

SHADOW_LEAF = {"spring": "plain", "summer": "round", "autumn": "oak", "winter": "long"}


def outdoors(scene: Scene, low: float, height: float) -> None:
    """The land or town that the prompt names, from ``low`` upwards."""
    views: dict[str, Callable[[Scene, float, float], None]] = {
        "mountain": peaks.mountains,
        "hills": land.hills,
        "forest": land.forest,
        "sea": land.sea,
        "city": town.skyline,
    }
    views.get(scene.reading.place, land.hills)(scene, low, height)


def season_light(scene: Scene) -> tuple[Colour, float]:
    """The colour that the season lays over everything, and how much of it."""
    tones = scene.tones
    return {
        "spring": (mix(tones.paper, tones.green, 0.12), 0.07),
        "summer": (mix(tones.paper, tones.warm, 0.12), 0.06),
        "autumn": (tones.warm, 0.09),
        "winter": (mix(tones.paper, tones.cool, 0.45), 0.13),
    }.get(scene.reading.season, (tones.warm, 0.02))


def seen_through(scene: Scene, mask: Mask, low: float, height: float) -> None:
    """A view in an opening: sky, land, and the glow of the day."""
    tones = scene.tones

    def view() -> None:
        sky = scene.canvas.box(0, 0, scene.width, low)
        scene.canvas.paint(sky, mix(tones.paper, mix(tones.wall, tones.cool, 0.4), 0.3))
        light.glow(scene, scene.x - scene.unit * 0.3, low - height, scene.unit * 0.9, tones.paper, 0.8)
        if scene.reading.season in ("summer", "autumn"):
            glow = mix(tones.paper, tones.warm, 0.5 if scene.reading.season == "autumn" else 0.25)
            land.sun(scene, scene.x + scene.unit * 0.2, low - height * 0.62, scene.unit * 0.13, glow)
        outdoors(scene, low, height)
        if scene.reading.season == "winter":
            plants.snowfall(scene, 1.0)

    land.within(scene, mask, view)


def mat(scene: Scene, colour: Colour) -> None:
    """A round woven mat on the table under the stage."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    x, y, half = scene.x + scene.side * unit * 0.05, scene.y + unit * 0.04, unit * 0.9
    deep = half * furniture.TILT
    canvas.shade(
        canvas.shape(ellipse(x + unit * 0.02, y + unit * 0.014, half, deep), unit * 0.012),
        tones.shadow(tones.floor, 0.5),
        0.6,
    )
    mask = canvas.shape(ellipse(x, y, half, deep))
    dx = (mask.across - np.float32(x)) / np.float32(half)
    dy = (mask.down - np.float32(y)) / np.float32(deep)
    out = np.sqrt(dx * dx + dy * dy)
    coil = out * np.float32(17)
    coil = np.abs(coil - np.floor(coil) - np.float32(0.5)) * np.float32(2)
    t = np.clip(coil * coil * np.float32(0.5) + dx * np.float32(0.22) + np.float32(0.1), 0, 1)
    canvas.paint(mask, stops(t, [(0.0, tones.tint(colour, 0.25)), (0.4, colour), (1.0, tones.shade(colour, 0.28))]))


def crockery(scene: Scene) -> None:
    """Plates and a bowl, and a jug, at the back of the table on the side opposite the vase."""
    tones, unit, dice = scene.tones, scene.unit, scene.dice("crockery")
    side = -scene.side
    base = scene.horizon + unit * 0.1
    clay = [mix(tones.paper, tones.wall, 0.25), mix(tones.form, tones.paper, 0.35), mix(tones.warm, tones.deep, 0.15)]
    turn = int(dice.integers(0, 3))
    x = scene.aside(0.8, side)
    far = abs(x + side * unit * 0.33 - scene.width / 2) > 0.46 * scene.width  # it would be cut by the picture's edge
    if turn != 1 and not far and scene.is_free(min(x, x + side * unit * 0.33), max(x, x + side * unit * 0.33)):
        jug = curve(
            [
                (unit * 0.06, 0.0),
                (unit * 0.105, unit * 0.05),
                (unit * 0.115, unit * 0.13),
                (unit * 0.07, unit * 0.23),
                (unit * 0.055, unit * 0.28),
                (unit * 0.066, unit * 0.31),
            ],
            6,
        )
        xj, yj = x + side * unit * 0.21, base - unit * 0.035
        town.cast(scene, xj, yj, unit * 0.09, unit * 0.36)
        town.turned(scene, xj, yj, jug, clay[(turn + 2) % 3])
    if not scene.is_free(x - unit * 0.15, x + unit * 0.15):
        return
    town.cast(scene, x, base, unit * 0.14, unit * 0.3)
    for i in range(2):
        y = base - i * unit * 0.02
        furniture.drum(
            scene, x, y - unit * 0.014, unit * (0.15 - 0.01 * i), unit * 0.012, clay[(i + turn) % 3], shadow=0
        )
    bowl = curve(
        [(unit * 0.05, 0.0), (unit * 0.06, unit * 0.012), (unit * 0.1, unit * 0.055), (unit * 0.115, unit * 0.105)], 6
    )
    town.turned(scene, x, base - unit * 0.035, bowl, clay[(turn + 1) % 3])


def cosy(scene: Scene) -> None:
    """A warm room: an arch of light or a window behind, crockery, a branch, wood under it all."""
    tones, unit, place = scene.tones, scene.unit, scene.reading.place
    design = scene.pick("cosy", 3)
    light.wall(scene, tones.wall, lift=0.42, fall=0.2, texture=0.026)
    motifs.pattern(scene, tones.wall, strength=0.5)
    light.window(scene, soft=scene.short * 0.007, gain=0.26)
    tall = scene.room_above(unit * (1.28, 1.1, 1.2)[design], scene.horizon)
    inside = mix(tones.wall, tones.form, 0.55) if design != 1 else mix(tones.wall, tones.floor, 0.45)
    if place in ("mountain", "hills", "forest", "sea", "city"):
        half = unit * (0.6, 0.66, 0.56)[design]
        frame = furniture.niche(scene, scene.x, scene.horizon, half, tall, inside)
        del frame
        opening = scene.canvas.shape(arch(scene.x + half * 0.02, scene.horizon, half * 0.9, tall - half * 0.1))
        seen_through(scene, opening, scene.horizon, tall * 0.72)
    elif design == 0:
        furniture.niche(scene, scene.x, scene.horizon, unit * 0.56, tall, inside)
    elif design == 1:
        r = unit * 0.6
        furniture.panel(
            scene,
            ellipse(scene.x + scene.side * unit * 0.06, scene.horizon - tall + r, r, r),
            inside,
            thick=unit * 0.022,
        )
    else:
        x = scene.x + scene.side * unit * 0.2
        furniture.panel(
            scene, arch(x, scene.horizon, unit * 0.42, tall), mix(tones.floor, tones.paper, 0.25), thick=unit * 0.025
        )
        furniture.panel(
            scene,
            arch(x - scene.side * unit * 0.42, scene.horizon, unit * 0.34, tall * 0.7),
            inside,
            thick=unit * 0.025,
        )
    if place == "kitchen" and scene.reading.calm_side != "top":
        y = scene.horizon - unit * 0.72
        x = scene.x + scene.side * unit * 0.66
        town.shelf(scene, min(x, x + scene.side * unit * 1.4), max(x, x + scene.side * unit * 1.4), y, tones.floor)
    light.floor(scene, tones.floor, grain="wood")
    light.seam(scene)
    light.leaf_shadow(scene, SHADOW_LEAF.get(scene.reading.season, "plain"), strength=0.36)
    side = scene.side
    plants.vase(
        scene,
        scene.aside(0.82, side),
        scene.horizon + unit * 0.1,
        unit * 0.4,
        mix(tones.paper, tones.wall, 0.35),
    )
    if place == "desk" and scene.is_free(scene.x - unit * 1.05, scene.x + unit * 1.05):
        town.books(scene, scene.x - side * unit * 0.82, scene.horizon + unit * 0.12, unit * 0.42, 3)
    else:
        crockery(scene)
    half = unit * PLINTH
    if design == 1:
        mat(scene, mix(mix(tones.paper, tones.wall, 0.5), tones.warm, 0.25))
    base = mix(tones.paper, tones.wall, 0.45) if design != 2 else mix(tones.floor, tones.deep, 0.12)
    furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * (0.1, 0.055, 0.14)[design], base)
    if scene.reading.season in ("autumn", "spring"):
        plants.fallen(scene)
    else:
        furniture.ball(scene, scene.aside(0.76, side), scene.y + unit * 0.03, unit * 0.04, tones.accent)
    warmth, amount = season_light(scene)
    light.glow(scene, 0, 0, scene.width * 0.9, mix(tones.paper, tones.warm, 0.3), 0.25, scene.height / scene.width)
    light.finish(scene, warmth=warmth, amount=amount, vignette=0.09)


def plain(scene: Scene) -> None:
    """A studio: paper roll, one or two boards, a round plinth, the shadow of a branch."""
    tones, unit = scene.tones, scene.unit
    design = scene.pick("plain", 3)
    light.wall(scene, tones.wall)
    motifs.pattern(scene, tones.wall, strength=0.6)
    if scene.reading.place in ("mountain", "hills", "forest", "sea", "city"):
        land.faded(scene, lambda: outdoors(scene, scene.horizon, scene.room_above(unit * 0.8, scene.horizon)))
    tall = scene.room_above(unit * 1.2, scene.horizon)
    thick = unit * 0.028
    if design == 0:
        furniture.panel(scene, arch(scene.x, scene.horizon, unit * 0.46, tall), tones.form, thick=thick)
    elif design == 1:
        r = unit * 0.6
        furniture.panel(scene, ellipse(scene.x, scene.horizon - tall + r, r, r), tones.form, thick=thick)
    else:
        x = scene.x - scene.side * unit * 0.12
        furniture.panel(
            scene,
            [
                (x - unit * 0.4, scene.horizon),
                (x - unit * 0.4, scene.horizon - tall),
                (x + unit * 0.4, scene.horizon - tall),
                (x + unit * 0.4, scene.horizon),
            ],
            tones.form,
            thick=thick,
        )
        r = unit * 0.34
        furniture.panel(
            scene,
            arch(x + scene.side * unit * 0.42, scene.horizon, r, tall * 0.62),
            mix(tones.floor, tones.paper, 0.2),
            thick=thick,
        )
    light.floor(scene, tones.floor, grain="soft")
    light.seam(scene)
    light.leaf_shadow(scene, SHADOW_LEAF.get(scene.reading.season, "plain"))
    half = unit * PLINTH
    if design == 1:
        furniture.drum(
            scene, scene.x, scene.y + unit * 0.045, half * 1.2, unit * 0.07, mix(tones.floor, tones.paper, 0.3)
        )
        furniture.drum(
            scene, scene.x, scene.y - half * 0.06, half, unit * 0.07, mix(tones.floor, tones.paper, 0.55), shadow=0.4
        )
    else:
        furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.11, mix(tones.floor, tones.paper, 0.5))
    if scene.reading.season:
        plants.fallen(scene, 5)
    furniture.ball(scene, scene.aside(0.78, scene.side), scene.y + unit * 0.03, unit * 0.045, tones.accent)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount)
