"""Colours of an SVG in words that every engine knows: programs write them as CSS Color 4 has them, of which Typst draws
black."""

from __future__ import annotations

import functools
import re

_FUNCTION = re.compile(rb"(?<![\w-])(?:color|lab|lch|oklab|oklch|hwb|hsla?|rgba?)\([^()]{1,100}\)", re.I)
_KNOWN = re.compile(rb"(?:rgb|hsl)a?\(\s*[\d.]+%?(?:(?:\s*,\s*|\s+)[\d.]+%?){2}(?:\s*,\s*[\d.]+%?)?\s*\)", re.I)
_REBECCA = re.compile(rb"(?<![\w#.-])rebeccapurple(?![\w-])", re.I)  # the one name that CSS 4 has, and SVG 1.1 not


def with_known_colors(svg: bytes) -> bytes:
    """The SVG with ``color(display-p3 …)``, ``oklch(…)`` and their like as the nearest colour of sRGB, as a screen
    shows it that has no more; what is no colour stays."""
    return _REBECCA.sub(b"#663399", _FUNCTION.sub(lambda found: _known(found[0]), svg))


@functools.lru_cache(maxsize=1000)
def _known(written: bytes) -> bytes:
    if _KNOWN.fullmatch(written):
        return written
    from pressrun.graphics.color_distance import on_screen

    color = on_screen(written.decode("utf-8", "replace"))
    return written if color is None else color.encode()
