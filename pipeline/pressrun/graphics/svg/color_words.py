"""Colours of an SVG in words that every engine knows: programs write them as CSS Color 4 has them, of which Typst draws
black."""

from __future__ import annotations

import functools
import re

_FUNCTION = re.compile(rb"(?<![\w-])(?:color|lab|lch|oklab|oklch|hwb|hsla?|rgba?)\([^()]{1,100}\)", re.I)
_BYTE, _SHARE = rb"\s*(?:25[0-5]|2[0-4]\d|1\d\d|\d?\d)\s*", rb"\s*(?:100|\d?\d)%\s*"
_KNOWN = re.compile(b"|".join((
    rb"rgb\(" + b",".join(3 * [_BYTE]) + rb"\)", rb"rgb\(" + b",".join(3 * [_SHARE]) + rb"\)",
    rb"hsl\(\s*\d{1,3}\s*," + b",".join(2 * [_SHARE]) + rb"\)",
)), re.I)  # fmt: skip
_REBECCA = re.compile(rb"(?<![\w#.-])rebeccapurple(?![\w-])", re.I)  # the one name that CSS 4 has, and SVG 1.1 not


def with_known_colors(svg: bytes) -> bytes:
    """The SVG with ``color(display-p3 …)``, ``oklch(…)`` and their like as the nearest colour of sRGB, as a screen
    shows it that has no more; what is no colour stays."""
    return _REBECCA.sub(b"#663399", _FUNCTION.sub(lambda found: _known(found[0]), svg))


@functools.lru_cache(maxsize=1000)
def _known(written: bytes) -> bytes:
    if _KNOWN.fullmatch(written):
        return written
    from pressrun.graphics.color.color_distance import on_screen

    color = on_screen(written.decode("utf-8", "replace"))
    return written if color is None else color.encode()
