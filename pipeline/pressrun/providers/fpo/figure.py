"""Somebody: a half figure behind the table, where a character is described. The same in each picture."""

from __future__ import annotations

import re
from collections.abc import Callable

from pressrun.providers.fpo.canvas import Point
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import curve, ellipse, stroke
from pressrun.providers.fpo.scene import Scene

_DESCRIBED = re.compile(r"^Characters: (.+)", re.MULTILINE)
INDOORS = ("cosy", "plain")  # where the far edge is that of a table
GREY = frozenset(("grey", "gray", "white", "silver", "old"))
BRAIDED = frozenset(("plait", "plaits", "braid", "braids", "ponytail"))
GLASSES = frozenset(("glasses", "spectacles"))

_At = Callable[[float, float], Point]


def described(scene: Scene, prompt: str) -> str:
    """How the prompt describes somebody; nothing, where there is no table to stand behind."""
    found = _DESCRIBED.search(prompt) if scene.reading.world in INDOORS else None
    return found[1] if found else ""


def behind_the_table(scene: Scene, words: str) -> None:
    """Head and shoulders above the table's far edge, light from the upper left, no face: whoever it is comes later.
    What can be told at a glance is as the words say: hair, a plait, glasses, an apron."""
    said = frozenset(re.findall(r"[a-z]+", words.lower()))
    tall = scene.room_above(scene.unit * 0.98, scene.horizon)

    def at(across: float, up: float) -> Point:
        return scene.x + across * tall, scene.horizon - up * tall

    skin = mix(scene.tones.paper, scene.tones.warm, 0.42)
    hair = mix(scene.tones.paper, scene.tones.ink, 0.38 if said & GREY else 0.82)
    _body(scene, at, tall, skin)
    if "apron" in said:
        _apron(scene, at, tall)
    _head(scene, at(0, 0.82), tall * 0.135, skin, hair, said)


def _body(scene: Scene, at: _At, tall: float, skin: Colour) -> None:
    canvas, tones = scene.canvas, scene.tones
    knit = mix(tones.green, tones.deep, 0.3)
    neck = [at(-0.05, 0.6), at(-0.05, 0.76), at(0.05, 0.76), at(0.05, 0.6)]

    def half(side: int) -> list[Point]:
        return [at(side * across, up) for across, up in ((0.31, 0), (0.315, 0.3), (0.25, 0.52), (0.09, 0.62))]

    body = [*curve(half(-1)), at(-0.055, 0.63), at(-0.05, 0.7), at(0.05, 0.7), at(0.055, 0.63), *curve(half(1)[::-1])]
    x, y = at(0, 0.82)
    shadow = [(px + tall * 0.05, py) for px, py in (*body, *ellipse(x, y, tall * 0.135, tall * 0.135))]
    canvas.shade(canvas.shape(shadow, tall * 0.04), tones.shadow(tones.wall, 0.35), 0.5)
    canvas.paint(canvas.shape(neck), tones.shade(skin, 0.16))
    mask = canvas.shape(body)
    canvas.paint(mask, knit)
    lit = 1 - mask.ramp_across(scene.x - 0.3 * tall, scene.x + 0.2 * tall).cover
    canvas.paint(mask.times(lit), tones.tint(knit, 0.3), 0.35)
    for side in (-1, 1):
        sleeve = curve([at(side * 0.2, 0), at(side * 0.205, 0.2), at(side * 0.22, 0.36)])
        canvas.paint(canvas.shape(stroke(sleeve, tall * 0.008)), tones.shade(knit, 0.4))


def _apron(scene: Scene, at: _At, tall: float) -> None:
    canvas, cloth = scene.canvas, scene.tones.tint(scene.tones.warm, 0.35)
    bib = curve([at(-0.15, 0), at(-0.14, 0.3), at(-0.11, 0.44)])
    canvas.paint(canvas.shape([*bib, *[(2 * scene.x - px, py) for px, py in bib[::-1]]]), cloth)
    for side in (-1, 1):
        strap = curve([at(side * 0.1, 0.43), at(side * 0.085, 0.55), at(side * 0.06, 0.63)])
        canvas.paint(canvas.shape(stroke(strap, tall * 0.022)), cloth)


def _head(scene: Scene, middle: Point, r: float, skin: Colour, hair: Colour, said: frozenset[str]) -> None:
    canvas, tones, (x, y) = scene.canvas, scene.tones, middle
    canvas.paint(canvas.shape(ellipse(x, y + r * 0.05, r * 1.08, r * 1.1)), hair)
    canvas.paint(canvas.shape(ellipse(x, y + r * 0.14, r * 0.86, r * 0.98)), skin)
    fringe = curve([(x + r, y - r * 0.1), (x, y - r * 0.62), (x - r, y - r * 0.1)])
    canvas.paint(canvas.shape([*ellipse(x, y - r * 0.1, r * 1.02, r, 180, 360), *fringe]), tones.tint(hair, 0.12))
    if said & GLASSES:
        for side in (-1, 1):
            ring = ellipse(x + side * r * 0.36, y + r * 0.16, r * 0.25, r * 0.23)
            canvas.paint(canvas.shape(stroke(ring, r * 0.06)), mix(tones.warm, tones.deep, 0.55))
    if said & BRAIDED:
        ways = ((0.85, 0.3), (1.2, 1.2), (1.05, 2.2), (1.25, 3.0))
        plait = curve([(x + r * across, y + r * down) for across, down in ways])
        canvas.paint(canvas.shape(stroke(plait, r * 0.34, r * 0.12)), tones.tint(hair, 0.06))
