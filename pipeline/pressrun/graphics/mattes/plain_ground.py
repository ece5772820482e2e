"""A subject on a plain ground, such as studio paper: what of each pixel is subject, and which colour that has.

The ground is what the picture's edges show, evenly lit or falling off smoothly. Along the subject's outline a pixel is
a mix of both: its share is where it lies on the way from the ground's colour to the subject's.
"""

from __future__ import annotations

from typing import Literal

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressrun.graphics.mattes.patches import Mask, patches

Values = NDArray[numpy.float32]
EDGE = 0.02  # of the shorter side: how far in the picture's edges show its ground
SAMPLES = 6000
CLEAR_APART = 30.0  # levels by which subject and ground differ where their mix can be told
UNEVEN = 4.0  # levels that plain grounds vary by
DARKEST_SHADOW = 0.2  # of the ground's light: darker is the subject itself
SHADED = 0.6  # of the tolerance: how far the colour of a shadow is from that of its ground, made as dark
FAINTEST = UNEVEN / 255  # share of the light that a shadow takes; a plain ground varies by as much
SOFTENED = 4  # pixels along an outline of which nobody can tell whether they are a shadow
STEEPEST = 9.0  # levels from pixel to pixel, by which a shadow grows darker; a subject begins with more


class Cut(Struct, frozen=True):
    """``alpha`` and ``colors`` of the subject; ``unsure`` is the share of its outline where it looks like the ground,
    ``uneven`` the share of the picture's edges that are no plain ground, ``shaded`` that of the picture which stays and
    looks like the ground in a shadow. ``shade``: how much light shadows take from their ground, where they go along."""

    alpha: Image.Image
    colors: Image.Image
    unsure: float
    uneven: float
    shaded: float
    shade: Image.Image | None = None


Shadows = Literal["keep", "see-through", "drop"]


def cut_out(picture: Image.Image, tolerance: float, holes: float, shadows: Shadows = "keep") -> Cut:
    """A subject on a plain ground, as RGB. ``tolerance``: levels by which the ground may vary; patches of it inside of
    the subject are seen through where they have at least the share ``holes`` of the picture. ``shadows``: of what the
    subject lays on its ground, whether that is kept as it is, as black that takes as much light, or not at all."""
    colors = numpy.asarray(picture).astype(numpy.float32)
    ground, uneven = _ground(colors, tolerance)
    light = _light(colors, ground) if shadows == "see-through" else None
    without_shadows = shadows != "keep"
    apart = numpy.abs(colors - ground).max(-1)
    open_ground = _open(apart <= tolerance, holes)
    with_shadows = open_ground | _reached(apart <= tolerance, _shadows(colors, ground, tolerance))
    shaded = 0.0 if without_shadows else float((with_shadows & ~open_ground).mean())
    if without_shadows:
        open_ground = with_shadows
    reach = max(2, round(0.003 * min(picture.size)))
    sure_subject, sure_ground = _shrunk(~open_ground, reach), _shrunk(open_ground, reach)
    band = ~(sure_subject | sure_ground)
    subject = _spread(colors, sure_subject, reach)
    if without_shadows:  # an outline that a shadow lies along is a mix with the shadow's colour
        ground = _spread(colors, sure_ground, reach)
    way = subject - ground
    length = (way * way).sum(-1)
    share = ((colors - ground) * way).sum(-1) / numpy.maximum(length, 1)
    told = band & (length >= CLEAR_APART**2)
    alpha = numpy.where(open_ground, 0.0, 1.0).astype(numpy.float32)
    alpha[told] = share[told].clip(0, 1)
    alpha[alpha < 1 / 255] = 0
    pure = (colors - (1 - alpha[..., None]) * ground) / numpy.maximum(alpha[..., None], 1 / 255)
    cleaned = numpy.where((told & (alpha > 0.25))[..., None], pure, numpy.where(told[..., None], subject, colors))
    shade = _shade(light, with_shadows, reach) if light is not None else None
    unsure = float((band & ~told).sum() / max(1, band.sum()))
    return Cut(_image(255 * alpha), _image(cleaned), unsure, uneven, shaded, shade)


def _image(values: Values) -> Image.Image:
    return Image.fromarray(numpy.rint(values.clip(0, 255)).astype(numpy.uint8))


def _ground(colors: Values, tolerance: float) -> tuple[Values, float]:
    """The ground's colour at each pixel, a smooth surface through what the picture's edges show; and the share of them
    that are off it."""
    height, width = colors.shape[:2]
    depth = max(2, round(EDGE * min(height, width)))
    edge = numpy.zeros((height, width), bool)
    edge[:depth] = edge[-depth:] = edge[:, :depth] = edge[:, -depth:] = True
    rows, columns = numpy.nonzero(edge)
    step = max(1, len(rows) // SAMPLES)
    rows, columns = rows[::step], columns[::step]
    seen = colors[rows, columns]
    terms = _terms(columns / width, rows / height)
    fits = numpy.abs(seen - numpy.median(seen, 0)).max(-1) <= 4 * tolerance
    for _ in range(3):
        if fits.sum() < 24:
            fits[:] = True
        surface, *_ = numpy.linalg.lstsq(terms[fits], seen[fits], rcond=None)
        off = numpy.abs(seen - terms @ surface).max(-1)
        fits = off <= tolerance
    x, y = numpy.meshgrid(numpy.arange(width) / width, numpy.arange(height) / height)
    ground = (_terms(x.ravel(), y.ravel()) @ surface).reshape(height, width, 3)
    return ground.astype(numpy.float32), float((off > max(tolerance, UNEVEN)).mean())


def _terms(x: NDArray[numpy.float64], y: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    return numpy.stack([numpy.ones_like(x), x, y, x * x, y * y, x * y], -1)


def _open(like_ground: Mask, holes: float) -> Mask:
    """Of what looks like the ground, that which reaches the picture's edges, and large patches inside."""
    found = patches(like_ground)
    chosen = found.areas >= max(1.0, holes * like_ground.size) if holes else numpy.zeros(len(found.areas), bool)
    chosen[found.at_the_edge - 1] = True
    return found.of(chosen)


def _shadows(colors: Values, ground: Values, tolerance: float) -> Mask:
    """What has the colour of its ground in less light, and changes softly."""
    soft = numpy.asarray(_image(colors).filter(ImageFilter.BoxBlur(2))).astype(numpy.float32)
    light = _light(soft, ground)
    off = numpy.abs(soft - light[..., None] * ground).max(-1)
    luma = soft.mean(-1)
    steep = numpy.maximum(numpy.abs(numpy.gradient(luma, axis=0)), numpy.abs(numpy.gradient(luma, axis=1)))
    shaded: Mask = (off <= SHADED * tolerance) & (light >= DARKEST_SHADOW) & (light <= 1) & (steep <= STEEPEST)
    return shaded


def _light(colors: Values, ground: Values) -> Values:
    """How much of the ground's light colours have."""
    share: Values = (colors * ground).sum(-1) / numpy.maximum((ground * ground).sum(-1), 1)
    return share


def _shade(light: Values, with_shadows: Mask, reach: int) -> Image.Image:
    """What shadows take of the light, which under the subject's outline is what they take beside it."""
    taken = numpy.where(with_shadows, ((1 - light - FAINTEST) / (1 - FAINTEST)).clip(0, 1), 0)
    beside = _image(255 * taken).filter(ImageFilter.MaxFilter(2 * (reach + SOFTENED) + 1))
    return Image.composite(_image(255 * taken), beside, Image.fromarray(with_shadows))


def _reached(like_ground: Mask, shadows: Mask) -> Mask:
    """What of the ground and its shadows reaches the picture's edges."""
    found = patches(like_ground | shadows)
    chosen = numpy.zeros(len(found.areas), bool)
    chosen[found.at_the_edge - 1] = True
    return found.of(chosen)


def _shrunk(mask: Mask, by: int) -> Mask:
    small = Image.fromarray(mask.astype(numpy.uint8) * 255).filter(ImageFilter.MinFilter(2 * by + 1))
    return numpy.asarray(small) > 0


def _spread(colors: Values, known: Mask, reach: int) -> Values:
    """Colours of what is known, and near it those of its nearest part, softly."""
    image = numpy.dstack([colors, known * 255.0])
    image[~known] = 0
    premultiplied = Image.fromarray(numpy.rint(image.clip(0, 255)).astype(numpy.uint8), "RGBa")
    found = numpy.zeros_like(colors)
    missing = numpy.ones(known.shape, bool)
    for wide in (1, 2, 4):
        soft = numpy.asarray(premultiplied.filter(ImageFilter.BoxBlur(wide * reach))).astype(numpy.float32)
        weight = soft[..., 3:]
        good = missing & (weight[..., 0] > 24)
        found[good] = (soft[..., :3] / numpy.maximum(weight, 1) * 255)[good]
        missing &= ~good
    found[known] = colors[known]
    found[missing] = colors[missing]
    return found
