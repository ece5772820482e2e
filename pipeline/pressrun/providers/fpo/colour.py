"""Colours of a brand's palette, mixed in OKLab (Björn Ottosson, 2020) so that tints keep their hue."""

from __future__ import annotations

import re
from collections.abc import Mapping

Colour = tuple[float, float, float]
"""sRGB, each channel 0 to 1."""

FALLBACK: Mapping[str, str] = {"paper": "#F5F2EC", "ink": "#1C1C1E", "stone": "#B9B2A6", "clay": "#A97C5B"}


def parse(text: str) -> Colour:
    """Read ``#RRGGBB``. Raises ``ValueError`` for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"not a colour: {text!r}")
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def _linear(v: float) -> float:
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def _encoded(v: float) -> float:
    v = min(1.0, max(0.0, v))
    return v * 12.92 if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055


def to_lab(colour: Colour) -> Colour:
    """OKLab: lightness 0 to 1, then the green-red and blue-yellow axes (about -0.3 to 0.3)."""
    r, g, b = (_linear(v) for v in colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def from_lab(lab: Colour) -> Colour:
    """Back to sRGB, clipped, and rounded to a 4096th so that the last bit of a libm cannot show."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    r, g, b_ = (round(_encoded(v) * 4096) / 4096 for v in rgb)
    return (r, g, b_)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """``a`` at t = 0, ``b`` at t = 1."""
    la, lb = to_lab(a), to_lab(b)
    return from_lab((la[0] + (lb[0] - la[0]) * t, la[1] + (lb[1] - la[1]) * t, la[2] + (lb[2] - la[2]) * t))


def lightness(colour: Colour) -> float:
    """OKLab lightness, 0 to 1."""
    return to_lab(colour)[0]


def chroma(colour: Colour) -> float:
    """OKLab chroma: 0 is grey, about 0.2 is vivid."""
    _, a, b = to_lab(colour)
    return float((a * a + b * b) ** 0.5)


def distance(a: Colour, b: Colour) -> float:
    """Euclidean in OKLab; 0.02 is just visible."""
    la, lb = to_lab(a), to_lab(b)
    return float(((la[0] - lb[0]) ** 2 + (la[1] - lb[1]) ** 2 + (la[2] - lb[2]) ** 2) ** 0.5)
