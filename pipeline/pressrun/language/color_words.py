"""Colours in words, for those who draw from prose: ``#1F3A2E`` is a very dark muted green."""

from __future__ import annotations

import colorsys
from functools import lru_cache

_HUES = (  # upper bound in degrees of the HSV circle
    (12, "red"), (22, "vermilion"), (40, "orange"), (52, "amber"), (68, "yellow"), (95, "lime green"), (160, "green"),
    (185, "teal"), (205, "sky blue"), (245, "blue"), (275, "violet"), (320, "magenta"), (345, "pink"), (360, "red"),
)  # fmt: skip
_MUTED = {"lime green": "sage green", "sky blue": "slate blue", "blue": "slate blue", "yellow": "olive"}


@lru_cache(maxsize=4096)
def color_words(srgb: str) -> str:
    """``#RRGGBB`` in a few English words: lightness (CIE L*), strength, hue."""
    red, green, blue = (int(srgb[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, _ = colorsys.rgb_to_hsv(red, green, blue)
    chroma = max(red, green, blue) - min(red, green, blue)
    lightness = _lightness(red, green, blue)
    if chroma < 0.05:
        return _grey(lightness)
    name = next(word for bound, word in _HUES if hue * 360 <= bound)
    if name in ("orange", "amber", "vermilion") and lightness < 60 and chroma < 0.6:
        name = "brown"
    elif name in ("orange", "amber", "vermilion") and lightness < 80 and chroma < 0.6:
        name = "caramel"
    elif lightness > 80 and chroma < 0.25:
        warm = name in ("orange", "amber", "yellow", "vermilion", "brown")
        return ("warm cream" if lightness > 92 else "pale sand") if warm else f"pale {name}"
    words = [_light(lightness)]
    if chroma < 0.2 and name in _MUTED:
        name = _MUTED[name]
    elif chroma < 0.2:
        words.append("muted")
    elif chroma > 0.75:
        words.append("vivid")
    return " ".join(word for word in (*words, name) if word)


def _lightness(red: float, green: float, blue: float) -> float:
    """CIE L* (0 to 100) of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27


def _light(lightness: float) -> str:
    bounds = ((25, "very dark"), (42, "dark"), (68, ""), (85, "light"))
    return next((word for bound, word in bounds if lightness < bound), "very light")


def _grey(lightness: float) -> str:
    bounds = ((8, "black"), (22, "near-black"), (42, "dark grey"), (65, "grey"), (90, "light grey"), (97, "off-white"))
    return next((word for bound, word in bounds if lightness < bound), "white")
