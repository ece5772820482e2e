"""What stands on the set: plinths, blocks, arches, discs, rings, a ball. All lit from the upper left."""

from __future__ import annotations

import numpy as np

from pressrun.providers.fpo.canvas import Mask, smooth, stops
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import arch, ellipse, moved
from pressrun.providers.fpo.scene import PLINTH, Scene

TILT = 0.2
"""Height of a lying circle by its width: how far the camera looks down."""


def ramp(scene: Scene, base: Colour) -> tuple[Colour, Colour, Colour, Colour]:
    """Light, base, shade and core of a material: the steps that make it solid."""
    tones = scene.tones
    return tones.tint(base, 0.42), tones.tint(base, 0.1), tones.shade(base, 0.26), tones.shade(base, 0.5)


def ground_shadow(scene: Scene, x: float, y: float, half: float, length: float, strength: float = 0.6) -> None:
    """What a round thing casts on the floor, to the right and a little forward: long and soft, then tight and dark."""
    tint = scene.tones.shadow(scene.tones.floor, 0.62)
    deep, length = half * TILT, length * scene.reading.reach
    drop = length * 0.16
    far = [*ellipse(x, y, half, deep, 90, 270), *ellipse(x + length, y + drop, half * 0.9, deep * 0.9, -90, 90)]
    mask = scene.canvas.shape(far, soft=half * 0.13).ramp_across(x, x + length + half)
    scene.canvas.shade(mask, tint, strength)
    near = [*ellipse(x, y, half, deep, 90, 270), *ellipse(x + half * 0.5, y + half * 0.06, half, deep, -90, 90)]
    scene.canvas.shade(scene.canvas.shape(near, soft=half * 0.05), tint, strength * 0.55)
    scene.canvas.shade(scene.canvas.shape(ellipse(x, y + 1, half * 1.02, deep * 1.06), soft=2.0), tint, strength * 0.8)


def drum(scene: Scene, x: float, top: float, half: float, height: float, base: Colour, *, shadow: float = 1.0) -> None:
    """A round plinth whose upper face is centred at (x, top)."""
    canvas, deep = scene.canvas, half * TILT
    light, plain, shade, core = ramp(scene, base)
    if shadow:
        ground_shadow(scene, x, top + height, half, half * 1.5 * shadow, 0.62)
    body = [*ellipse(x, top + height, half, deep, 0, 180), *ellipse(x, top, half, deep, 180, 360)]
    mask = canvas.shape(body)
    across = (mask.across - np.float32(x)) / np.float32(half)
    marks = [(-1.0, plain), (-0.62, mix(light, plain, 0.35)), (-0.1, plain), (0.55, shade), (0.82, core), (1.0, shade)]
    canvas.paint(mask, stops(across, marks))
    foot = mask.ramp_down(top + height + deep, top + height * 0.2)
    canvas.shade(foot, scene.tones.shadow(base, 0.3), 0.5)
    face = canvas.shape(ellipse(x, top, half, deep))
    slope = (face.across - np.float32(x)) / np.float32(half) * np.float32(0.5) + np.float32(0.5)
    depth = (face.down - np.float32(top)) / np.float32(deep) * np.float32(0.12)
    canvas.paint(face, stops(slope + depth, [(0.0, light), (0.45, mix(light, plain, 0.5)), (1.0, plain)]))
    rim = [*ellipse(x, top, half, deep, 15, 200), *ellipse(x, top - max(1.0, half * 0.008), half, deep, 15, 200)[::-1]]
    canvas.paint(canvas.shape(rim), scene.tones.tint(light, 0.5), 0.75)


def block(
    scene: Scene,
    x0: float,
    x1: float,
    top: float,
    height: float,
    depth: float,
    base: Colour,
    *,
    lean: float = 0.35,
    shadow: float = 1.0,
) -> None:
    """A cuboid: front from x0 to x1, its upper front edge at ``top``; the upper face recedes by ``depth``."""
    canvas, tones = scene.canvas, scene.tones
    light, plain, shade, core = ramp(scene, base)
    bottom, shift = top + height, depth * lean
    if shadow:
        reach = min(height, (x1 - x0)) * 1.1 * shadow * scene.reading.reach + depth
        tint = tones.shadow(tones.floor, 0.6)
        cast = [
            (x0, bottom),
            (x1, bottom),
            (x1 + reach, bottom + reach * 0.16),
            (x1 + reach + shift, bottom - depth * 0.5),
            (x1 + shift, bottom - depth),
        ]
        canvas.shade(canvas.shape(cast, soft=2.0).ramp_across(x1, x1 + reach * 1.5), tint, 0.75)
        canvas.shade(
            canvas.shape([(x0, bottom - 3), (x1, bottom - 3), (x1, bottom + 4), (x0, bottom + 4)], 2.5), tint, 0.7
        )
    upper = [(x0, top), (x0 + shift, top - depth), (x1 + shift, top - depth), (x1, top)]
    face = canvas.shape(upper)
    slope = (face.across - np.float32(x0)) / np.float32(max(1.0, x1 - x0 + shift))
    canvas.paint(face, stops(slope, [(0.0, light), (1.0, mix(light, plain, 0.55))]))
    if shift > 0:
        right = [(x1, top), (x1 + shift, top - depth), (x1 + shift, bottom - depth), (x1, bottom)]
        canvas.paint(canvas.shape(right), core)
    front = canvas.box(x0, top, x1, bottom)
    fall = (front.down - np.float32(top)) / np.float32(max(1.0, height))
    drift = (front.across - np.float32(x0)) / np.float32(max(1.0, x1 - x0)) * np.float32(0.35)
    canvas.paint(front, stops(np.clip(fall * np.float32(0.65) + drift, 0, 1), [(0.0, plain), (1.0, shade)]))
    canvas.paint(
        canvas.box(x0, top - max(0.6, height * 0.006), x1, top + max(0.6, height * 0.006)), tones.tint(light, 0.5), 0.7
    )


def panel(scene: Scene, outline: list[tuple[float, float]], base: Colour, *, thick: float, cast: float = 1.0) -> Mask:
    """A board that stands before the wall: its thickness to the right, its shadow further right and down."""
    canvas, tones = scene.canvas, scene.tones
    light, plain, shade, core = ramp(scene, base)
    tint = tones.shadow(tones.wall, 0.42)
    if cast:
        reach = thick * 3.2
        far = canvas.shape(moved(outline, reach * 1.2, reach * 0.5), soft=thick * 1.5 + 2)
        canvas.shade(_above(scene, far), tint, 0.5 * cast)
        near = canvas.shape(moved(outline, thick * 1.3, thick * 0.3), soft=max(1.5, thick * 0.4))
        canvas.shade(_above(scene, near), tint, 0.45 * cast)
    canvas.paint(
        _above(scene, canvas.shapes([moved(outline, thick * i / 4, -thick * 0.06 * i) for i in range(1, 5)])), core
    )
    mask = canvas.shape(outline)
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    t = (mask.across - np.float32(min(xs))) / np.float32(max(xs) - min(xs)) * np.float32(0.5)
    t = t + (mask.down - np.float32(min(ys))) / np.float32(max(ys) - min(ys)) * np.float32(0.5)
    canvas.paint(mask, stops(t, [(0.0, mix(light, plain, 0.45)), (0.5, plain), (1.0, mix(plain, shade, 0.6))]))
    return mask


def _above(scene: Scene, mask: Mask) -> Mask:
    """Only the part on the wall."""
    return mask.times(np.clip(np.float32(scene.horizon + 0.5) - mask.down + np.float32(0.5), 0, 1))


def niche(scene: Scene, x: float, base: float, half: float, height: float, inside: Colour) -> Mask:
    """A recess in the wall: dark along the left and the top, where the wall's edge keeps the light away."""
    canvas, tones = scene.canvas, scene.tones
    outline = arch(x, base, half, height)
    mask = canvas.shape(outline)
    t = (mask.across - np.float32(x - half)) / np.float32(2 * half)
    fall = (mask.down - np.float32(base - height)) / np.float32(height)
    canvas.paint(
        mask,
        stops(
            np.clip(t * np.float32(0.55) + fall * np.float32(0.45), 0, 1),
            [(0.0, tones.shade(inside, 0.3)), (0.45, tones.shade(inside, 0.08)), (1.0, tones.tint(inside, 0.16))],
        ),
    )
    lit = canvas.shape(moved(outline, half * 0.3, half * 0.2), soft=half * 0.09)
    gap = np.ones_like(mask.cover)
    _paste(gap, mask, 1 - lit.cover, lit)
    canvas.shade(Mask(mask.x, mask.y, mask.cover * gap), tones.shadow(inside, 0.4), 0.75)
    reveal = canvas.shape(moved(outline, -half * 0.055, half * 0.02))
    edge = np.ones_like(mask.cover)
    _paste(edge, mask, 1 - reveal.cover, reveal)
    right = smooth((mask.across - np.float32(x)) / np.float32(half * 0.8))
    canvas.paint(Mask(mask.x, mask.y, mask.cover * edge * right), tones.tint(tones.wall, 0.55), 0.85)
    return mask


def _paste(target: np.ndarray, frame: Mask, values: np.ndarray, at: Mask) -> None:
    """Write ``values`` of mask ``at`` into an array that covers ``frame``, where both overlap."""
    height, width = target.shape
    rows, columns = values.shape
    y0, y1 = max(frame.y, at.y), min(frame.y + height, at.y + rows)
    x0, x1 = max(frame.x, at.x), min(frame.x + width, at.x + columns)
    if y1 > y0 and x1 > x0:
        target[y0 - frame.y : y1 - frame.y, x0 - frame.x : x1 - frame.x] = values[
            y0 - at.y : y1 - at.y, x0 - at.x : x1 - at.x
        ]


def ring(scene: Scene, x: float, y: float, outer: float, inner: float, metal: Colour, strength: float = 1.0) -> None:
    """A thin ring of metal: bright where it faces the light, and once more opposite."""
    canvas, tones = scene.canvas, scene.tones
    mask = canvas.shape(ellipse(x, y, outer, outer))
    hole = canvas.shape(ellipse(x, y, inner, inner))
    cut = np.ones_like(mask.cover)
    _paste(cut, mask, 1 - hole.cover, hole)
    slope = ((mask.across - np.float32(x)) + (mask.down - np.float32(y))) / np.float32(outer * 2.83) + np.float32(0.5)
    dark, bright = tones.shade(metal, 0.62), tones.tint(metal, 0.62)
    marks = [(0.0, bright), (0.22, metal), (0.5, dark), (0.72, tones.shade(metal, 0.3)), (0.92, metal), (1.0, bright)]
    canvas.paint(Mask(mask.x, mask.y, mask.cover * cut), stops(slope, marks), strength)


def ball(scene: Scene, x: float, base: float, radius: float, colour: Colour) -> None:
    """The set's small accent: a ball that lies on the floor, if there is room for it beside the plinth."""
    if abs(x - scene.x) < (PLINTH + 0.14) * scene.unit:
        return
    canvas, tones = scene.canvas, scene.tones
    ground_shadow(scene, x, base - radius * 0.08, radius * 0.78, radius * 2.6, 0.7)
    mask = canvas.shape(ellipse(x, base - radius, radius, radius))
    dx = (mask.across - np.float32(x - radius * 0.38)) / np.float32(radius * 1.45)
    dy = (mask.down - np.float32(base - radius * 1.42)) / np.float32(radius * 1.45)
    far = np.sqrt(dx * dx + dy * dy)
    marks = [
        (0.0, tones.tint(colour, 0.5)),
        (0.3, tones.tint(colour, 0.12)),
        (0.62, colour),
        (0.95, tones.shade(colour, 0.42)),
        (1.15, tones.shade(colour, 0.3)),
    ]
    canvas.paint(mask, stops(far, marks))
