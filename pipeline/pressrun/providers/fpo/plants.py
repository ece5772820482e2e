"""What grows: a branch in a vase, blossoms, fir twigs, fallen leaves, snow, grasses."""

from __future__ import annotations

import math

import numpy as np

from pressrun.providers.fpo.canvas import Point, blend, wander
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import Outline, branch, curve, ellipse, leaf, placed, stroke
from pressrun.providers.fpo.scene import Scene
from pressrun.providers.fpo.town import cast, turned


def foliage(scene: Scene) -> tuple[str, Colour, Colour]:
    """A leaf's shape, its lit and its shaded colour, by season."""
    tones = scene.tones
    green = mix(tones.green, tones.deep, 0.12)
    kinds = {
        "spring": ("plain", mix(green, tones.paper, 0.35)),
        "summer": ("round", green),
        "autumn": ("oak", mix(tones.warm, tones.accent, 0.3)),
        "winter": ("long", mix(green, tones.cool, 0.35)),
    }
    kind, colour = kinds.get(scene.reading.season, ("plain", green))
    return kind, tones.tint(colour, 0.16), tones.shade(colour, 0.3)


def spray(
    scene: Scene, start: Point, angle: float, length: float, purpose: str, *, soft: float = 0.0, mute: float = 0.0,
    cast: float = 0.0,
) -> None:  # fmt: skip
    """One growing branch, leaf by leaf in light and shade; ``mute`` fades it into the wall. One that lies on something
    casts its shadow so many pixels away."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice(purpose)
    kind, lit, dim = foliage(scene)
    lit, dim = mix(lit, tones.wall, mute), mix(dim, tones.wall, mute)
    size = {"long": 0.3, "round": 0.17, "oak": 0.24}.get(kind, 0.2)
    bare = scene.reading.season == "spring"
    stems, leaves, tips = branch(
        dice, start, angle, length, kind, leaves=9 if bare else 12, size=size * (0.6 if bare else 1)
    )
    if cast:
        fallen_on = [[(x + cast, y + cast) for x, y in shape] for shape in (*stems, *leaves)]
        canvas.shade(canvas.shapes(fallen_on, max(1.5, cast * 0.6)), tones.shadow(tones.floor, 0.6), 0.7)
    wood = mix(mix(tones.warm, tones.deep, 0.5), tones.wall, mute)
    canvas.paint(canvas.shapes(stems, soft), wood)
    canvas.paint(canvas.shapes(leaves[::2], soft), dim)
    canvas.paint(canvas.shapes(leaves[1::2], soft), lit)
    veins = []
    for shape in leaves:
        tip, stalk = shape[len(shape) // 2], shape[0]
        veins.append(stroke([stalk, tip], max(0.8, length * 0.004), 0.5))
    canvas.paint(canvas.shapes(veins, soft), tones.tint(lit, 0.4), 0.4)
    if bare:
        blossom(scene, tips, length * 0.05, soft, mute)
    elif scene.reading.season == "winter" or "cherr" in scene.motifs or "berr" in scene.motifs:
        berries = [ellipse(x, y, length * 0.018, length * 0.018) for i, (x, y) in enumerate(tips) if i % 3 == 0]
        canvas.paint(canvas.shapes(berries, soft), mix(tones.accent, tones.wall, mute))


def blossom(scene: Scene, spots: list[Point], radius: float, soft: float = 0.0, mute: float = 0.0) -> None:
    """Five pale petals and a small warm heart at each spot."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("blossom")
    light, dim = (mix(mix(tones.paper, tones.accent, share), tones.wall, mute) for share in (0.08, 0.24))
    back: list[Outline] = []
    front: list[Outline] = []
    hearts: list[Outline] = []
    for i, (x, y) in enumerate(spots):
        size, turn = radius * (0.7 + 0.6 * dice.random()), dice.random() * 72
        for k in range(5):
            a = math.radians(turn + 72 * k)
            petal = placed(leaf("round"), x, y, size, math.degrees(a))
            (back if (k + i) % 2 else front).append(petal)
        hearts.append(ellipse(x, y, size * 0.16, size * 0.16))
    canvas.paint(canvas.shapes(back, soft), dim)
    canvas.paint(canvas.shapes(front, soft), light)
    canvas.paint(canvas.shapes(hearts, soft), mix(tones.accent, tones.warm, 0.5))


def vase(scene: Scene, x: float, base: float, tall: float, colour: Colour) -> None:
    """A bellied vase with the season's branches, which bow away from the stage."""
    cast(scene, x, base, tall * 0.2, tall * 0.62)
    r = tall * 0.24
    away = 1 if x > scene.x else -1
    neck = (x, base - tall * 0.78)
    reach = scene.room_above(tall * 1.5, neck[1])
    for i, angle in enumerate((-90 + away * 34, -90 + away * 4, -90 - away * 20)):
        spray(scene, neck, angle, reach * (0.92, 1.0, 0.66)[i], f"spray{i}")
    profile = [(0.45, 0.0), (0.8, 0.1), (1.0, 0.3), (0.92, 0.5), (0.55, 0.66), (0.34, 0.74), (0.36, 0.8)]
    line = curve([(a * r, b * tall) for a, b in profile], 6)
    turned(scene, x, base, line, colour)


def fallen(scene: Scene, count: int = 7) -> None:
    """Leaves or petals that lie on the floor, each with its shadow, away from the stage."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("fallen")
    kind, lit, dim = foliage(scene)
    if scene.reading.season == "spring":
        kind, lit, dim = "round", mix(tones.paper, tones.accent, 0.1), mix(tones.paper, tones.accent, 0.28)
    size = scene.unit * (0.035 if scene.reading.season == "spring" else 0.085)
    tint = tones.shadow(tones.floor, 0.5)
    for i in range(count):
        side = scene.side if dice.random() < 0.7 else -scene.side
        x = scene.x + side * scene.unit * (0.72 + 0.5 * dice.random())
        t = dice.random()
        # No lower than the plinth's foot: beside a price, a petal is a comma.
        y = scene.horizon + (scene.y + scene.unit * 0.12 - scene.horizon) * (0.3 + 0.7 * t)
        shape = placed(leaf(kind), 0, 0, size * (0.75 + 0.5 * t), dice.random() * 360)
        flat = [(x + px, y + py * 0.42) for px, py in shape]
        canvas.shade(canvas.shape([(px + size * 0.08, py + size * 0.06) for px, py in flat], 1.6), tint, 0.7, calm=True)
        canvas.paint(canvas.shape(flat), lit if i % 2 else dim, calm=True)
        half = flat[: len(flat) // 2]
        canvas.paint(canvas.shape(half), mix(lit, dim, 0.7 if i % 2 else 0.2), 0.8, calm=True)


def snowfall(scene: Scene, strength: float = 0.8) -> None:
    """Flakes at three distances, sparse where copy will go."""
    canvas, dice = scene.canvas, scene.dice("snow")
    for count, radius, soft in ((70, 0.0016, 0.0), (36, 0.003, 1.6), (12, 0.007, 4.0)):
        spots = dice.random((count, 2))
        r = scene.short * radius
        flakes = [ellipse(float(x) * scene.width, float(y) * scene.height, r, r) for x, y in spots]
        canvas.paint(canvas.shapes(flakes, soft), scene.tones.paper, strength * (0.75 if soft < 3 else 0.4), calm=True)


def drift(scene: Scene) -> None:
    """Snow along the table's far edge: a low soft bank."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("drift")
    line = wander(dice, scene.width, scene.unit * 0.7, 2) * np.float32(scene.unit * 0.03)
    mask = canvas.under(np.float32(scene.horizon - scene.unit * 0.035) + line, scene.horizon + scene.unit * 0.1)
    mask = mask.ramp_down(scene.horizon + scene.unit * 0.02, scene.horizon + scene.unit * 0.1)
    t = np.clip((mask.down - np.float32(scene.horizon - scene.unit * 0.06)) / np.float32(scene.unit * 0.14), 0, 1)
    canvas.paint(mask, blend(t, tones.paper, mix(tones.paper, tones.cool, 0.3)), 0.95, calm=True)


def grasses(scene: Scene, x: float, base: float, tall: float, count: int = 34, *, soft: float = 0.0) -> None:
    """Dry stems with ears, fanning out from one foot."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice(f"grass{int(x)}")
    cast(scene, x, base, tall * 0.16, tall * 0.4)
    blades: list[Outline] = []
    ears: list[Outline] = []
    for _ in range(count):
        lean = (dice.random() - 0.5) * 1.5
        high = tall * (0.35 + 0.65 * dice.random())
        tip = (x + lean * high * 0.8, base - high)
        line = curve([(x + lean * tall * 0.08, base), (x + lean * high * 0.25, base - high * 0.55), tip], 8)
        blades.append(stroke(line, max(1.2, tall * 0.014), 0.6))
        if dice.random() < 0.6:
            turn = math.degrees(math.atan2(line[-1][1] - line[-4][1], line[-1][0] - line[-4][0]))
            ears.append(placed(leaf("long"), tip[0], tip[1] + tall * 0.02, tall * 0.14, turn))
    colour = mix(mix(tones.warm, tones.green, 0.6), tones.deep, 0.25)
    canvas.paint(canvas.shapes(blades, soft), tones.shade(colour, 0.2), calm=True)
    canvas.paint(canvas.shapes(ears, soft), tones.tint(colour, 0.25), calm=True)
