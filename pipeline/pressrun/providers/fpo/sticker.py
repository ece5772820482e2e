"""A motif as a cut-out with a paper edge, for a transparent ground: branch, cairn, star, badge, cup or bean."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from pressrun.providers.fpo import motifs, town
from pressrun.providers.fpo.canvas import Canvas, Ink, Mask, Plane, Point, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import branch, curve, ellipse, leaf, placed, stroke
from pressrun.providers.fpo.land import season_tone
from pressrun.providers.fpo.scene import Scene

SUBJECTS = {
    "cup": r"\b(cup|mug|tea|espresso|cappuccino|steam)\b",
    "bean": r"\b(bean|beans|roast)\b",
}


class TracedCanvas(Canvas):
    """A canvas that remembers where anything was painted."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self.trace: Plane = np.zeros((height, width), np.float32)

    def paint(self, mask: Mask, ink: Ink, strength: float = 1.0, *, calm: bool | str = False) -> None:
        super().paint(mask, ink, strength)
        height, width = mask.cover.shape
        part = self.trace[mask.y : mask.y + height, mask.x : mask.x + width]
        np.maximum(part, mask.cover, out=part)


def subject(scene: Scene, prompt: str) -> str:
    """What to draw: the first thing of ours that the prompt names, else one of the brand's motifs, by take."""
    for name, known in SUBJECTS.items():
        if re.search(known, prompt.lower()):
            return name
    asked = [kind for kind in motifs.kinds(prompt.lower()) if kind in DRAWN]
    named = asked[:1] or [kind for kind in motifs.kinds(scene.motifs) if kind in DRAWN] or ["strata"]
    return named[scene.pick("sticker", len(named))]


def draw(scene: Scene, prompt: str, grain: Plane) -> Image.Image:
    """The motif in the middle of a transparent picture, RGBA."""
    traced = TracedCanvas(scene.width, scene.height)
    scene.canvas = traced
    for c in range(3):
        traced.px[c] = scene.tones.paper[c]
    size = scene.short * 0.8
    DRAWN[subject(scene, prompt)](scene, scene.width / 2, scene.height / 2, size)
    solid = Image.fromarray((np.clip(traced.trace, 0, 1) * 255).astype(np.uint8))
    border = scene.short * 0.02
    grown = (
        solid.reduce(2)
        .filter(ImageFilter.MaxFilter(2 * round(border * 0.35) + 1))
        .resize(solid.size, Image.Resampling.BICUBIC)
    )
    wide = np.asarray(grown.filter(ImageFilter.GaussianBlur(border * 0.5)), np.uint8).astype(np.float32) / np.float32(
        255
    )
    sharp = np.clip((wide - np.float32(0.4)) * np.float32(border * 0.8) + np.float32(0.5), 0, 1)
    alpha = np.maximum(sharp, traced.trace)
    image = traced.to_image(grain)
    image.putalpha(Image.fromarray((np.clip(alpha, 0, 1) * 255 + 0.5).astype(np.uint8)))
    return image


def _branch(scene: Scene, x: float, y: float, size: float) -> None:
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("sticker")
    green = season_tone(scene, tones.green, 0.6)
    lit, dim = mix(green, tones.paper, 0.1), mix(green, tones.deep, 0.4)
    start = (x - size * 0.3, y + size * 0.34)
    stems, leaves, tips = branch(dice, start, -48, size * 0.86, "plain", leaves=8, size=0.36)
    canvas.paint(
        canvas.shapes([stroke(curve([start, (start[0] + 2, start[1])]), 1.0), *stems]),
        mix(tones.warm, tones.deep, 0.55),
    )
    canvas.paint(canvas.shapes(leaves), lit)
    canvas.paint(canvas.shapes([shape[: len(shape) // 2 + 1] for shape in leaves]), dim, 0.75)
    ribs = [stroke([shape[0], shape[len(shape) // 2]], size * 0.006, size * 0.002) for shape in leaves]
    canvas.paint(canvas.shapes(ribs), tones.tint(lit, 0.5), 0.8)
    for i, (px, py) in enumerate(tips[:-1]):
        if i % 2:
            _berry(scene, px - size * 0.02, py + size * 0.03, size * 0.04)


def _berry(scene: Scene, x: float, y: float, r: float) -> None:
    tones = scene.tones
    _globe(scene, ellipse(x, y, r, r), x, y, r, tones.accent)
    scene.canvas.paint(scene.canvas.shape(ellipse(x - r * 0.3, y - r * 0.35, r * 0.2, r * 0.16)), tones.paper, 0.8)


def _globe(scene: Scene, outline: list[Point], x: float, y: float, r: float, colour: Colour) -> None:
    tones = scene.tones
    mask = scene.canvas.shape(outline)
    dx, dy = (
        (mask.across - np.float32(x - r * 0.35)) / np.float32(r * 1.5),
        (mask.down - np.float32(y - r * 0.4)) / np.float32(r * 1.5),
    )
    far = np.sqrt(dx * dx + dy * dy)
    scene.canvas.paint(
        mask, stops(far, [(0.0, tones.tint(colour, 0.35)), (0.4, colour), (1.0, tones.shade(colour, 0.45))])
    )


def _cairn(scene: Scene, x: float, y: float, size: float) -> None:
    tones, dice = scene.tones, scene.dice("sticker")
    base, r = y + size * 0.4, size * 0.34
    hues = [
        tones.form,
        mix(tones.wall, tones.deep, 0.3),
        mix(tones.floor, tones.paper, 0.2),
        mix(tones.cool, tones.deep, 0.25),
    ]
    for i in range(5):
        thick = r * (0.3 + 0.1 * dice.random())
        last = i == 4
        px = x + (dice.random() - 0.5) * r * 0.24
        lean = 0.12 * (dice.random() - 0.5)
        shape = [(a, b + (a - px) * lean) for a, b in ellipse(px, base - thick, r, thick)]
        _globe(scene, shape, px, base - thick, r * 0.8, tones.accent if last else hues[i % len(hues)])
        base -= thick * 1.9
        r *= 0.78


def _star(scene: Scene, x: float, y: float, size: float) -> None:
    canvas, tones = scene.canvas, scene.tones
    r = size * 0.48
    light, dark = tones.accent, tones.shade(tones.accent, 0.4)
    for k in range(4):
        a = math.pi / 2 * k - math.pi / 2
        tip = (x + r * math.cos(a), y + r * math.sin(a))
        for hand in (-1, 1):
            b = a + hand * math.pi / 4
            notch = (x + r * 0.2 * math.cos(b), y + r * 0.2 * math.sin(b))
            canvas.paint(canvas.shape([(x, y), tip, notch]), light if hand < 0 else dark)


def _badge(scene: Scene, x: float, y: float, size: float) -> None:
    canvas, tones, dice = scene.canvas, scene.tones, scene.dice("sticker")
    r = size * 0.46
    disc = canvas.shape(ellipse(x, y, r, r))
    canvas.paint(disc, mix(tones.wall, tones.paper, 0.3))
    before = canvas.px.copy()
    canvas.paint(canvas.shape(ellipse(x + r * 0.28, y - r * 0.3, r * 0.2, r * 0.2)), tones.accent)
    for i in range(4):
        top = y + r * (-0.1 + 0.26 * i)
        line = curve([(x - r * 1.1 + r * 2.2 * k / 5, top + (dice.random() - 0.5) * r * 0.34) for k in range(6)], 8)
        land = [*line, (x + r * 1.1, y + r * 1.1), (x - r * 1.1, y + r * 1.1)]
        canvas.paint(
            canvas.shape(land), mix(mix(tones.wall, tones.paper, 0.1), mix(tones.form, tones.deep, 0.5), 0.2 + 0.26 * i)
        )
    cover = np.zeros((scene.height, scene.width), np.float32)
    rows, columns = disc.cover.shape
    cover[disc.y : disc.y + rows, disc.x : disc.x + columns] = disc.cover
    canvas.px = before + (canvas.px - before) * cover
    if isinstance(canvas, TracedCanvas):
        canvas.trace = cover


def _cup(scene: Scene, x: float, y: float, size: float) -> None:
    canvas, tones = scene.canvas, scene.tones
    base, r = y + size * 0.34, size * 0.3
    clay = mix(tones.form, tones.paper, 0.25)
    handle = stroke(ellipse(x + r * 0.9, base - size * 0.2, r * 0.38, r * 0.38, -140, 150), size * 0.05)
    canvas.paint(canvas.shape(handle), tones.shade(clay, 0.3))
    profile = curve([(r * 0.5, 0.0), (r * 0.62, size * 0.02), (r * 0.92, size * 0.16), (r, size * 0.36)], 8)
    town.turned(scene, x, base, profile, clay)
    canvas.paint(canvas.shape(ellipse(x, base - size * 0.352, r * 0.9, r * 0.165)), mix(tones.warm, tones.deep, 0.6))
    for k in (-1, 0, 1):
        sx = x + k * r * 0.42
        line = curve(
            [
                (sx, base - size * 0.45),
                (sx + r * 0.14, base - size * 0.54),
                (sx - r * 0.12, base - size * 0.64),
                (sx + r * 0.05, base - size * 0.73),
            ],
            8,
        )
        canvas.paint(canvas.shape(stroke(line, size * 0.018, size * 0.006)), tones.tint(tones.warm, 0.3))


def _bean(scene: Scene, x: float, y: float, size: float) -> None:
    canvas, tones = scene.canvas, scene.tones
    roast = mix(tones.warm, tones.deep, 0.5)
    for dx, dy, turn in ((-0.14, 0.1, -35), (0.16, -0.08, 25)):
        r = size * 0.27
        outline = placed(ellipse(0, 0, 1, 0.66), x + dx * size, y + dy * size, r, turn)
        _globe(scene, outline, x + dx * size, y + dy * size, r, roast)
        groove = curve([(-0.92, 0.02), (-0.4, -0.1), (0.1, 0.1), (0.92, -0.02)], 8)
        canvas.paint(
            canvas.shape(stroke(placed(groove, x + dx * size, y + dy * size, r, turn), size * 0.022, size * 0.014)),
            tones.shade(roast, 0.6),
        )
    for k in (-1, 1):
        shape = placed(leaf("plain"), x + size * 0.02, y + size * 0.02, size * 0.42, -90 + k * 62)
        canvas.paint(canvas.shape(shape), mix(tones.green, tones.deep, 0.15 if k < 0 else 0.35))


DRAWN: dict[str, Callable[[Scene, float, float, float], None]] = {
    "branch": _branch,
    "stones": _cairn,
    "star": _star,
    "contour": _badge,
    "strata": _badge,
    "cup": _cup,
    "bean": _bean,
}
