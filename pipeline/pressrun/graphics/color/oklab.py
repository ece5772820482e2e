"""Colours in Oklab, where equal distances look about equal (Ottosson 2020), and what is done to them there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

from pressrun.graphics.color.tone_curves import from_light, to_light

Values = NDArray[numpy.float64]
_TO_CONES = numpy.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                         [0.0883024619, 0.2817188376, 0.6299787005]])  # from linear sRGB
_TO_LAB = numpy.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                       [0.0259040371, 0.7827717662, -0.8086757660]])  # from their cube roots
NEAR = 0.08  # a distance in a and b at which another colour of the brand no longer counts
GRAY, COLORED = 0.01, 0.05  # chroma up to which nothing moves, and from which on all of it does


def to_oklab(srgb: Values) -> Values:
    """Of sRGB from 0 to 1, in the last axis."""
    lab: Values = numpy.cbrt(to_light(srgb) @ _TO_CONES.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: Values) -> Values:
    """As sRGB, which may lie outside of 0 to 1."""
    cones = (lab @ numpy.linalg.inv(_TO_LAB).T) ** 3
    light = cones @ numpy.linalg.inv(_TO_CONES).T
    return numpy.sign(light) * from_light(numpy.abs(light))


def drawn_towards(srgb: Values, targets: Sequence[tuple[int, int, int]], strength: float) -> Values:
    """Colours moved towards the targets (8 bits each), of which the nearest counts most; their lightness stays."""
    lab = to_oklab(srgb)
    goals = to_oklab(numpy.array(targets, float) / 255)[:, 1:]
    apart = numpy.linalg.norm(lab[..., None, 1:] - goals, axis=-1)
    apart = apart - apart.min(-1, keepdims=True)
    share = numpy.exp(-((apart / NEAR) ** 2))
    goal = (share[..., None] * goals).sum(-2) / share.sum(-1, keepdims=True)
    chroma = numpy.linalg.norm(lab[..., 1:], axis=-1, keepdims=True)
    colored = ((chroma - GRAY) / (COLORED - GRAY)).clip(0, 1)
    moved = lab.copy()
    moved[..., 1:] += strength * colored * colored * (3 - 2 * colored) * (goal - lab[..., 1:])
    return from_oklab(moved).clip(0, 1)
