"""What is seen from above: a table top with a round board on it, for products that are photographed that way."""

from __future__ import annotations

import re

import numpy as np

from pressrun.providers.fpo import light, plants, town
from pressrun.providers.fpo.brief import scenery
from pressrun.providers.fpo.canvas import Mask, Point, noise, smooth, stops
from pressrun.providers.fpo.colour import Colour, lightness, mix
from pressrun.providers.fpo.forms import ellipse
from pressrun.providers.fpo.indoors import SHADOW_LEAF, season_light
from pressrun.providers.fpo.scene import Scene

ASKED = re.compile(
    r"\b((seen|viewed|shot|photographed|pictured|taken|view) (directly |straight |right )?from (high )?above"
    r"|camera looks (straight )?down|flat[- ]?lay|top[- ]down|overhead (view|shot)|bird[’']?s[- ]eye)\b",
    re.IGNORECASE,
)
"""Of the camera; light from above is another matter."""
TILT = 0.93
"""Height of a lying circle by its width: a camera that looks down leans a little all the same."""


def asked(prompt: str) -> bool:
    """Whether the picture is to be seen from above."""
    return ASKED.search(scenery(prompt, subject=True)) is not None


def draw(scene: Scene) -> None:
    """The whole picture is the table; its board lies around the stage, and what lies on it stays away from there."""
    tones, world = scene.tones, scene.reading.world
    scene.horizon = float(scene.height)  # all of it is one plane, lit as a wall is
    base = {"cosy": mix(tones.floor, tones.warm, 0.35), "urban": mix(tones.wall, tones.ink, 0.1)}.get(world, tones.wall)
    light.wall(scene, base, lift=0.16 if lightness(base) < 0.4 else 0.34, fall=0.3, texture=0.03)
    if world == "cosy":
        _planks(scene, base)
    elif world == "urban":
        town.joints(scene, base)
    half = min(scene.unit * 0.86, 0.46 * scene.width)
    boards: dict[str, Colour] = {
        "cosy": mix(mix(tones.paper, tones.wall, 0.6), tones.warm, 0.12),
        "luxury": tones.shade(base, 0.45),
        "urban": mix(tones.form, tones.floor, 0.4),
    }
    metal = mix(tones.warm, tones.paper, 0.1)
    _board(scene, half, boards.get(world, tones.form), metal if world == "luxury" else None)
    if world == "cosy":
        _weave(scene, half, boards[world])
    if world == "urban":
        light.window(scene, soft=scene.short * 0.003, gain=0.3, columns=2, rows=2, slant=0.6)
    elif world == "luxury":
        light.glow(
            scene, scene.x - half * 0.5, scene.y - half * 0.6, half * 1.7, mix(tones.paper, tones.warm, 0.3), 0.16
        )
    else:
        light.window(scene, soft=scene.short * 0.012, gain=0.2)
    strength = 0.34 if lightness(base) > 0.4 else 0.5
    light.leaf_shadow(scene, SHADOW_LEAF.get(scene.reading.season, "plain"), strength=strength)
    _twigs(scene, half)
    warmth, amount = season_light(scene)
    light.finish(scene, warmth=warmth, amount=amount * 0.6, vignette=0.14)


def _planks(scene: Scene, base: Colour) -> None:
    """Boards from side to side, each in a tone of its own, with its grain."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("planks")
    tall, thread = scene.unit * 0.42, max(1.0, scene.short * 0.0028)
    top = -tall * dice.random()
    fine = noise(dice, scene.width, scene.height, max(2.0, scene.short / 300), 70)
    wide = noise(dice, scene.width, scene.height, scene.short / 60, 22)
    canvas.px *= 1 + (fine * np.float32(0.05) + wide * np.float32(0.05)) * (
        np.float32(0.3) + np.float32(0.7) * canvas.gentle
    )
    while top < scene.height:
        board = canvas.box(0, top, scene.width, top + tall)
        canvas.shade(board, tones.shadow(base, 0.3), 0.5 * float(dice.random()), calm="wide")
        canvas.shade(canvas.box(0, top, scene.width, top + thread), tones.shadow(base, 0.8), 0.8, calm="wide")
        canvas.paint(
            canvas.box(0, top + thread, scene.width, top + 2 * thread), tones.tint(base, 0.4), 0.3, calm="wide"
        )
        top += tall


def _board(scene: Scene, half: float, colour: Colour, metal: Colour | None) -> None:
    """Round, a finger thick, with its shadow to the lower right, and a rim of metal where there is one."""
    canvas, tones = scene.canvas, scene.tones
    x, y, thick, deep = scene.x, scene.y, half * 0.03, half * TILT
    tint = tones.shadow(tones.floor, 0.62)
    for away, soft, strength in ((0.1, 0.06, 0.55), (0.03, 0.02, 0.6)):
        length = half * away * scene.reading.reach
        canvas.shade(
            canvas.shape(ellipse(x + length, y + length + thick, half, deep), soft=half * soft), tint, strength
        )
    canvas.paint(canvas.shape(ellipse(x, y + thick, half, deep)), tones.shade(colour, 0.42))
    if metal:
        canvas.paint(canvas.shape(ellipse(x, y, half, deep)), _slope(scene, half, metal, 0.55))
        half, deep = half * 0.985, deep * 0.985
    face = canvas.shape(ellipse(x, y, half, deep))
    canvas.paint(face, _slope(scene, half, colour, 0.26, face))
    inner = canvas.shape(ellipse(x, y, half * 0.9, deep * 0.9))
    canvas.shade(inner, tones.shadow(colour, 0.12), 0.7)
    grain = noise(scene.dice("board"), inner.cover.shape[1], inner.cover.shape[0], max(2.0, scene.short / 220), 1.4)
    canvas.light(inner.times(grain), (0.03, 0.03, 0.03))


def _slope(scene: Scene, half: float, colour: Colour, fall: float, mask: Mask | None = None) -> list[np.ndarray]:
    """A colour in the light of the set, from the upper left to the lower right."""
    mask = mask or scene.canvas.shape(ellipse(scene.x, scene.y, half, half * TILT))
    along = ((mask.across - np.float32(scene.x)) + (mask.down - np.float32(scene.y))) / np.float32(2.83 * half)
    marks = [(-0.5, scene.tones.tint(colour, 0.4)), (0.0, colour), (0.5, scene.tones.shade(colour, fall))]
    return stops(along, marks)


def _weave(scene: Scene, half: float, colour: Colour) -> None:
    """The coils of a woven mat on the board."""
    face = scene.canvas.shape(ellipse(scene.x, scene.y, half * 0.985, half * TILT * 0.985))
    dx = (face.across - np.float32(scene.x)) / np.float32(half)
    dy = (face.down - np.float32(scene.y)) / np.float32(half * TILT)
    coil = np.sqrt(dx * dx + dy * dy) * np.float32(21)
    turn = np.arctan2(dy, dx) * np.float32(40) + np.floor(coil) * np.float32(2.1)
    groove = smooth(np.abs(coil - np.floor(coil) - np.float32(0.5)) * np.float32(2) - np.float32(0.35))
    strand = np.float32(0.5) + np.float32(0.5) * np.sin(turn)
    scene.canvas.paint(face.times(groove), scene.tones.shade(colour, 0.5), 0.34)
    scene.canvas.paint(face.times(strand * (1 - groove)), scene.tones.tint(colour, 0.6), 0.4)


def _twigs(scene: Scene, half: float) -> None:
    """A twig that lies in a corner beside the board, with its shadow, and beans, berries or petals around it."""
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("lying")
    if scene.reading.world == "urban":
        return
    side, low = scene.side, scene.y + half * TILT * 0.86
    start: Point = (scene.x + side * min(0.49 * scene.width, half * 1.3), min(scene.height * 0.99, low + half * 0.5))
    plants.spray(scene, start, 270 - side * 62, half * 0.8, "twig", cast=scene.short * 0.006)
    for _ in range(5):
        x = scene.x - side * half * (0.62 + 0.5 * dice.random())
        y = low + half * (0.05 + 0.4 * dice.random())
        size = half * (0.022 + 0.012 * dice.random())
        if not (0.04 * scene.width < x < 0.96 * scene.width and y < 0.96 * scene.height):
            continue
        canvas.shade(
            canvas.shape(ellipse(x + size * 0.5, y + size * 0.6, size, size), soft=size * 0.35),
            tones.shadow(tones.floor, 0.6),
            0.7,
        )
        ball = canvas.shape(ellipse(x, y, size, size))
        away = np.hypot(ball.across - np.float32(x - size * 0.4), ball.down - np.float32(y - size * 0.4)) / np.float32(
            size
        )
        canvas.paint(
            ball,
            stops(
                away,
                [(0.0, tones.tint(tones.accent, 0.5)), (0.6, tones.accent), (1.4, tones.shade(tones.accent, 0.45))],
            ),
        )
