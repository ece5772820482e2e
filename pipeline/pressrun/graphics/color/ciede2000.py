"""How far apart many colours look at once: CIEDE2000 (Sharma, Wu, Dalal 2005) over arrays."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

from pressrun.graphics.color.tone_curves import to_light

Values = NDArray[numpy.float64]
_TO_XYZ = numpy.array([[0.4123907993, 0.3575843394, 0.1804807884], [0.2126390059, 0.7151686788, 0.0721923154],
                       [0.0193308187, 0.1191947798, 0.9505321522]])
_D65 = numpy.array([0.3127 / 0.3290, 1.0, (1 - 0.3127 - 0.3290) / 0.3290])


def to_lab(srgb: Values) -> Values:
    """CIE Lab under D65, of sRGB from 0 to 1, in the last axis."""
    xyz = to_light(srgb) @ _TO_XYZ.T / _D65
    f = numpy.where(xyz > 216 / 24389, numpy.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return numpy.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def distances(first: Values, second: Values) -> Values:
    """Of colours in Lab, each of the first with each of the second: an axis more."""
    return paired(first[:, None], second[None])


def paired(first: Values, second: Values) -> Values:
    """Of colours in Lab, in the last axis, each with the one in the same place."""
    (l1, a1, b1), (l2, a2, b2) = numpy.moveaxis(first, -1, 0), numpy.moveaxis(second, -1, 0)
    mean = (numpy.hypot(a1, b1) + numpy.hypot(a2, b2)) / 2
    grey = 1.5 - 0.5 * numpy.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = numpy.hypot(a1 * grey, b1), numpy.hypot(a2 * grey, b2)
    h1, h2 = (numpy.degrees(numpy.arctan2(b, a * grey)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = numpy.where(c1 * c2 == 0, 0.0, (h2 - h1 + 180) % 360 - 180)
    hue = numpy.where(c1 * c2 == 0, h1 + h2, (h1 + turn / 2) % 360)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.20 * _cos(4 * hue - 63)
    in_light = 1 + 0.015 * (light - 50) ** 2 / numpy.sqrt(20 + (light - 50) ** 2)
    in_chroma, in_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    blue = -2 * numpy.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    blue = blue * numpy.sin(numpy.radians(60 * numpy.exp(-(((hue - 275) / 25) ** 2))))
    dl, dc = (l2 - l1) / in_light, (c2 - c1) / in_chroma
    dh = 2 * numpy.sqrt(c1 * c2) * numpy.sin(numpy.radians(turn / 2)) / in_hue
    apart: Values = numpy.sqrt(numpy.maximum(0, dl**2 + dc**2 + dh**2 + blue * dc * dh))
    return apart


def _cos(degrees: Values) -> Values:
    cosine: Values = numpy.cos(numpy.radians(degrees))
    return cosine
