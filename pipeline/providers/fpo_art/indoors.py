"""Sets inside a house: cosy rooms, and the plain studio that any theme can use."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.providers.fpo_art import furniture, land, light, motifs, plants, town
from pipeline.providers.fpo_art.canvas import Mask
from pipeline.providers.fpo_art.colour import Colour, mix
from pipeline.providers.fpo_art.forms import arch, curve, ellipse
from pipeline.providers.fpo_art.scene import Scene

SHADOW_LEAF = {"spring": "plain", "summer": "round", "autumn": "oak", "winter": "long"}


def outdoors(scene: Scene, low: float, height: float) -> None:
    """The land or town that the prompt names, from ``low`` upwards."""
    views: dict[str, Callable[[Scene, float, float], None]] = {
        "mountain": land.mountains, "hills": land.hills, "forest": land.forest, "sea": land.sea, "city": town.skyline,
    }  # fmt: skip
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

    land.within(scene, mask, view)


def crockery(scene: Scene) -> None:
    """A bowl, a cup and a jug at the back of the table, on the side that is free."""
    tones, unit, dice = scene.tones, scene.unit, scene.dice("crockery")
    side = -scene.side
    base = scene.horizon + unit * 0.1
    clay = [mix(tones.paper, tones.wall, 0.25), mix(tones.form, tones.paper, 0.35), mix(tones.warm, tones.deep, 0.15)]
    turn = int(dice.integers(0, 3))
    x = scene.x + side * unit * 0.68
    bowl = curve([(unit * 0.06, 0.0), (unit * 0.07, unit * 0.012), (unit * 0.13, unit * 0.07), (unit * 0.155, unit * 0.13)], 6)
    for i in range(2 + turn % 2):
        y = base - i * unit * 0.055
        if i == 0:
            town.cast(scene, x, base, unit * 0.09, unit * 0.3)
        town.turned(scene, x, y, bowl, clay[(i + turn) % 3])
    if (scene.x + side * unit * 1.0) * (1 if side > 0 else -1) < (scene.width if side > 0 else 0) + unit * 0.1:
        jug = curve([(unit * 0.06, 0.0), (unit * 0.105, unit * 0.05), (unit * 0.115, unit * 0.13), (unit * 0.07, unit * 0.23),
                     (unit * 0.055, unit * 0.28), (unit * 0.066, unit * 0.31)], 6)  # fmt: skip
        xj, yj = scene.x + side * unit * 0.93, base + unit * 0.03
        town.cast(scene, xj, yj, unit * 0.09, unit * 0.36)
        town.turned(scene, xj, yj, jug, clay[(turn + 2) % 3])


def cloth(scene: Scene, colour: Colour) -> None:
    """A linen runner over the table under the stage, with a fringe of folds along its near edge."""
    canvas, tones, unit = scene.canvas, scene.tones, scene.unit
    near = min(scene.height * 0.995, scene.y + unit * 0.4)
    far = scene.horizon + unit * 0.05
    wide_far, wide_near = unit * 0.66, unit * 0.86
    dice = scene.dice("cloth")
    lean = scene.side * unit * 0.16
    edge = curve([(scene.x - wide_near + lean + i * wide_near * 2 / 7, near + unit * 0.014 * (dice.random() - 0.5)) for i in range(8)], 6)
    shape = [(scene.x - wide_far, far), (scene.x + wide_far, far), *edge[::-1]]
    canvas.shade(canvas.shape([(x + unit * 0.02, y + unit * 0.014) for x, y in shape], unit * 0.012), tones.shadow(tones.floor, 0.5), 0.5)
    mask = canvas.shape(shape)
    canvas.paint(mask, tones.tint(colour, 0.12))
    folds = []
    for _ in range(6):
        t = dice.random() * 2 - 1
        top, low = (scene.x + t * wide_far, far), (scene.x + (t + (dice.random() - 0.5) * 0.2) * wide_near + lean, near)
        w = unit * 0.05
        folds.append([(top[0], top[1]), (top[0] + w * 0.3, top[1]), (low[0] + w, low[1]), (low[0] - w, low[1])])
    soft = canvas.shapes(folds, unit * 0.022)
    land.within(scene, mask, lambda: canvas.shade(soft, tones.shadow(colour, 0.3), 0.4))


def curtain(scene: Scene, x0: float, x1: float, colour: Colour, strength: float = 0.85) -> None:
    """Hanging cloth from the ceiling to behind the table, in soft vertical folds."""
    import numpy as np

    from pipeline.providers.fpo_art.canvas import smooth, stops, wander

    canvas, tones = scene.canvas, scene.tones
    left, right = min(x0, x1), max(x0, x1)
    mask = canvas.box(left, 0, right, scene.horizon)
    if mask.cover.size == 0:
        return
    columns = mask.cover.shape[1]
    fold = wander(scene.dice("folds"), columns, scene.unit * 0.085, 2)
    t = np.clip(fold * np.float32(0.9) + np.float32(0.5), 0, 1)[None, :]
    marks = [(0.0, tones.shade(colour, 0.26)), (0.45, colour), (0.8, tones.tint(colour, 0.3)), (1.0, tones.tint(colour, 0.5))]
    inner = x1 if x0 < x1 else x0
    edge = smooth((np.float32(inner) - mask.across if x0 < x1 else mask.across - np.float32(inner)) / np.float32(3.0) + np.float32(0.5))
    canvas.paint(mask.times(edge if x0 < x1 else np.ones_like(edge)), stops(t, marks), strength, calm=True)


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
        half = unit * (0.56, 0.62, 0.5)[design]
        frame = furniture.niche(scene, scene.x, scene.horizon, half, tall, inside)
        del frame
        opening = scene.canvas.shape(arch(scene.x + half * 0.02, scene.horizon, half * 0.9, tall - half * 0.1))
        seen_through(scene, opening, scene.horizon, tall * 0.72)
    elif design == 0:
        furniture.niche(scene, scene.x, scene.horizon, unit * 0.52, tall, inside)
    elif design == 1:
        r = min(unit * 0.56, tall * 0.55)
        furniture.panel(scene, ellipse(scene.x + scene.side * unit * 0.06, scene.horizon - tall + r, r, r), inside, thick=unit * 0.022)
    else:
        x = scene.x + scene.side * unit * 0.2
        furniture.panel(scene, arch(x, scene.horizon, unit * 0.42, tall), mix(tones.floor, tones.paper, 0.25), thick=unit * 0.025)
        furniture.panel(scene, arch(x - scene.side * unit * 0.42, scene.horizon, unit * 0.34, tall * 0.7), inside, thick=unit * 0.025)
    if place == "kitchen" and scene.reading.calm_side != "top":
        y = scene.horizon - unit * 0.72
        x = scene.x + scene.side * unit * 0.66
        town.shelf(scene, min(x, x + scene.side * unit * 1.4), max(x, x + scene.side * unit * 1.4), y, tones.floor)
    light.floor(scene, tones.floor, grain="wood")
    light.seam(scene)
    if scene.reading.season == "winter" and place not in ("kitchen", "desk"):
        plants.drift(scene)
    light.leaf_shadow(scene, SHADOW_LEAF.get(scene.reading.season, "plain"), strength=0.36)
    side = scene.side
    plants.vase(scene, scene.x + side * unit * 0.74, scene.horizon + unit * 0.11, unit * 0.4, mix(tones.paper, tones.wall, 0.35))
    if place == "desk":
        town.books(scene, scene.x - side * unit * 0.82, scene.horizon + unit * 0.12, unit * 0.42, 3)
    else:
        crockery(scene)
    half = unit * 0.47
    if design == 1:
        cloth(scene, mix(tones.paper, tones.wall, 0.3))
    base = mix(tones.paper, tones.wall, 0.45) if design != 2 else mix(tones.floor, tones.deep, 0.12)
    furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * (0.1, 0.055, 0.14)[design], base)
    if scene.reading.season in ("autumn", "spring"):
        plants.fallen(scene)
    else:
        furniture.ball(scene, scene.x + side * unit * 0.62, scene.y + unit * 0.1, unit * 0.04, tones.accent)
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
        outdoors(scene, scene.horizon, scene.room_above(unit * 0.8, scene.horizon))
    tall = scene.room_above(unit * 1.2, scene.horizon)
    thick = unit * 0.028
    if design == 0:
        furniture.panel(scene, arch(scene.x, scene.horizon, unit * 0.46, tall), tones.form, thick=thick)
    elif design == 1:
        r = min(unit * 0.55, tall * 0.5)
        furniture.panel(scene, ellipse(scene.x, scene.horizon - tall + r, r, r), tones.form, thick=thick)
    else:
        x = scene.x - scene.side * unit * 0.12
        furniture.panel(scene, [(x - unit * 0.4, scene.horizon), (x - unit * 0.4, scene.horizon - tall), (x + unit * 0.4, scene.horizon - tall),
                                (x + unit * 0.4, scene.horizon)], tones.form, thick=thick)  # fmt: skip
        r = unit * 0.34
        furniture.panel(scene, arch(x + scene.side * unit * 0.42, scene.horizon, r, tall * 0.62), mix(tones.floor, tones.paper, 0.2), thick=thick)
    light.floor(scene, tones.floor, grain="soft")
    light.seam(scene)
    light.leaf_shadow(scene, SHADOW_LEAF.get(scene.reading.season, "plain"))
    half = unit * 0.46
    if design == 1:
        furniture.drum(scene, scene.x, scene.y + unit * 0.045, half * 1.3, unit * 0.07, mix(tones.floor, tones.paper, 0.3))
        furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.07, mix(tones.floor, tones.paper, 0.55), shadow=0.4)
    else:
        furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.11, mix(tones.floor, tones.paper, 0.5))
    if scene.reading.season:
        plants.fallen(scene, 5)
    furniture.ball(scene, scene.x + scene.side * unit * 0.66, scene.y + unit * 0.08, unit * 0.045, tones.accent)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount)
