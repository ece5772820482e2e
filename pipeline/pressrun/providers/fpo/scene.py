"""The set as the designer knows it: tones, measures, dice and the canvas, for every drawing module to share."""

from __future__ import annotations

import hashlib

import numpy as np
from msgspec import Struct

from pressrun.model.picture import PictureRequest
from pressrun.providers.fpo.brief import Scenery, read
from pressrun.providers.fpo.canvas import Canvas, Mask, smooth
from pressrun.providers.fpo.colour import FALLBACK, Colour, chroma, distance, lightness, mix, parse, to_lab

PLINTH = 0.61
"""Half a plinth's width by the scene's unit: wide enough for a low shoe, which is twice as long as it is high."""


class Tones(Struct, frozen=True):
    """Colours by their part in the set. ``wall``, ``floor`` and ``form`` are the theme's, dominant first."""

    wall: Colour
    floor: Colour
    form: Colour
    accent: Colour
    paper: Colour
    ink: Colour
    deep: Colour
    warm: Colour
    cool: Colour
    green: Colour

    def tint(self, colour: Colour, amount: float) -> Colour:
        return mix(colour, self.paper, amount)

    def shade(self, colour: Colour, amount: float) -> Colour:
        return mix(colour, self.deep, amount)

    def shadow(self, colour: Colour, amount: float = 0.5) -> Colour:
        """What to multiply ``colour`` by, to shade it by ``amount``: near grey, as it also falls on other colours."""
        dark = self.shade(colour, amount)
        r, g, b = (min(1.0, (d + 0.02) / (c + 0.02)) for d, c in zip(dark, colour, strict=True))
        grey = 0.3 * r + 0.6 * g + 0.1 * b
        return (grey + (r - grey) * 0.1, grey + (g - grey) * 0.1, grey + (b - grey) * 0.1)


class Scene(Struct):
    """``x``, ``y`` is the stage in pixels; ``unit`` the height a product may have; ``side`` is -1 or 1: where
    props have room; ``horizon`` the table's or the land's far edge."""

    canvas: Canvas
    reading: Scenery
    tones: Tones
    motifs: str
    take: int
    x: float
    y: float
    unit: float
    horizon: float
    side: int
    calm: tuple[float, float, float, float]

    @property
    def width(self) -> int:
        return self.canvas.width

    @property
    def height(self) -> int:
        return self.canvas.height

    @property
    def short(self) -> float:
        return float(min(self.width, self.height))

    def dice(self, purpose: str, *, shared: bool = False) -> np.random.Generator:
        """Dice of their own for each purpose, so that a change to one drawing leaves the others alone."""
        seed = self.reading.family if shared else self.reading.single
        return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed + purpose.encode()).digest())))

    def pick(self, purpose: str, count: int) -> int:
        """One of ``count`` designs: the family's, moved on by one with each take."""
        return (int(self.dice(purpose, shared=True).integers(0, 1 << 30)) + self.take - 1) % count

    def wall_mask(self) -> Mask:
        return self.canvas.box(0, 0, self.width, self.horizon)

    def floor_mask(self) -> Mask:
        return self.canvas.box(0, self.horizon, self.width, self.height)

    def is_free(self, x0: float, x1: float) -> bool:
        """Whether a prop from ``x0`` to ``x1`` leaves a calm side alone."""
        if self.reading.calm_side not in ("left", "right"):
            return True
        return min(x1, self.calm[2]) - max(x0, self.calm[0]) < 0.02 * self.width

    def aside(self, units: float, side: int) -> float:
        """Where a prop stands that wants to be so many units from the stage, in pixels across: nearer where layouts
        may crop a tall picture's sides, but not on the plinth, and whole."""
        room = (self.width - self.x if side > 0 else self.x) - 0.05 * self.width
        return self.x + side * min(units * self.unit, max(0.335 * self.width, (PLINTH + 0.17) * self.unit), room)

    def room_above(self, wanted: float, low: float) -> float:
        """The height something may have that stands at ``low``, and should end below a calm top."""
        top = self.calm[3] if self.reading.calm_side == "top" else 0.03 * self.height
        return max(0.25 * self.unit, min(wanted, low - top - 0.02 * self.height))


def _leafy(colour: Colour) -> bool:
    """Whether leaves may have this colour: green, or a yellow on its way there."""
    _, a, b = to_lab(colour)
    return a < -0.01 and b > 0.01


def roles(request: PictureRequest, world: str) -> Tones:
    """Give every colour its part: the theme's palette first, then whatever else the brand has."""
    named = {name: parse(value) for name, value in request.brief.palette}
    for name, value in FALLBACK.items():
        if name in ("paper", "ink"):
            named.setdefault(name, parse(value))
    paper, ink = named["paper"], named["ink"]
    themed = [named[name] for name in request.brief.theme_palette if name in named]
    others = sorted(
        (c for n, c in named.items() if n not in ("paper", "ink", "accent")), key=lambda c: (-lightness(c), c)
    )
    order = [*themed, *(c for c in others if c not in themed)]
    if len(order) < 3:
        order += [parse(FALLBACK["stone"]), parse(FALLBACK["clay"]), mix(paper, ink, 0.3)]
    everything = list(named.values())
    accent = named.get("accent") or named.get("signal") or max(everything, key=lambda c: (chroma(c), c))
    darkest = min((c for c in everything if c != ink), key=lambda c: (lightness(c), c), default=ink)
    deep = mix(ink, darkest, 0.45) if lightness(darkest) < 0.55 else mix(ink, darkest, 0.2)
    wall = order[0]
    rest = [c for c in order[1:] if distance(c, accent) > 0.04] or order[1:]
    floor, form = rest[0], rest[1] if len(rest) > 1 else mix(rest[0], paper, 0.5)
    if world == "luxury" and lightness(wall) > 0.36:
        wall = mix(wall, deep, min(0.85, (lightness(wall) - 0.30) / max(0.05, lightness(wall) - lightness(deep))))
    elif world != "luxury" and lightness(wall) < 0.3:
        wall = mix(wall, paper, 0.12)
    if distance(wall, floor) < 0.09:
        floor = mix(floor, deep, 0.2) if lightness(wall) > 0.5 else mix(floor, paper, 0.18)
    calmer = [c for c in everything if c not in (accent, ink)] or [paper]
    warm = max(calmer, key=lambda c: (to_lab(c)[1] + to_lab(c)[2], c))
    cool = min(calmer, key=lambda c: (to_lab(c)[1] + to_lab(c)[2], c))
    green = min(calmer, key=lambda c: (to_lab(c)[1] - 0.4 * max(0.0, to_lab(c)[2]) + abs(lightness(c) - 0.6) * 0.15, c))
    if not _leafy(green):
        grey = min(calmer, key=lambda c: (abs(lightness(c) - 0.5) + chroma(c), c))
        green = mix(grey, accent, 0.32) if _leafy(accent) else mix(grey, deep, 0.25)
    return Tones(wall, floor, form, accent, paper, ink, deep, warm, cool, green)


def stage_set(request: PictureRequest) -> Scene:
    """Measure the set: where the horizon runs, how large things are, which side is free, what stays calm."""
    reading = read(request)
    width, height = request.size
    canvas = Canvas(width, height)
    tones = roles(request, reading.world)
    fx, fy = request.brief.stage
    x, y = min(0.95, max(0.05, fx)) * width, min(0.95, max(0.2, fy)) * height
    left, top, right, bottom = (v * (width, height)[i % 2] for i, v in enumerate(reading.calm))
    unit = min(0.64 * y, 0.56 * width, 0.95 * min(width, height))
    if reading.calm_side == "top" and bottom < y:
        unit = min(unit, max(0.35 * y, 0.95 * (y - bottom)))
    side = 1 if x < width / 2 else -1
    if reading.calm_side in ("left", "right"):
        side = 1 if reading.calm_side == "left" else -1
    elif abs(x - width / 2) < 0.06 * width:
        side = 1 if request.take % 2 else -1
    scene = Scene(
        canvas,
        reading,
        tones,
        " ".join(request.brief.motifs).lower(),
        request.take,
        x,
        y,
        unit,
        0.0,
        side,
        (left, top, right, bottom),
    )
    scene.horizon = y - unit * (0.2 + 0.07 * scene.dice("horizon").random())
    if right > left:
        reach = np.float32(0.15 * min(width, height))
        xs, ys = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        dx = np.maximum(np.maximum(np.float32(left) - xs, xs - np.float32(right)), 0)[None, :]
        dy = np.maximum(np.maximum(np.float32(top) - ys, ys - np.float32(bottom)), 0)[:, None]
        near = np.sqrt(dx * dx + dy * dy)
        inside = np.minimum(
            np.minimum(xs - np.float32(left) + (left <= 0) * width, np.float32(right) - xs + (right >= width) * width)[
                None, :
            ],
            np.minimum(
                ys - np.float32(top) + (top <= 0) * height, np.float32(bottom) - ys + (bottom >= height) * height
            )[:, None],
        )
        canvas.gentle = (
            np.float32(0.12)
            + np.float32(0.88) * smooth((near - inside) / np.float32(0.4 * min(width, height)) + np.float32(0.62))
        ).astype(np.float32)
        canvas.quiet = (np.float32(0.06) + np.float32(0.94) * smooth((dx + dy) / reach)).astype(np.float32)
    return scene
