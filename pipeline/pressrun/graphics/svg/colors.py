"""Colours written in an SVG, changed wherever they stand: in fills, strokes, stops and styles."""

from __future__ import annotations

import re
from collections.abc import Callable

from PIL import ImageColor

from pressrun.graphics.svg.color_words import with_known_colors

_PAINTED = re.compile(
    r"""((?:fill|stroke|stop-color|color|flood-color|lighting-color)\s*[:=]\s*["']?\s*)"""
    r"(#(?:[\da-f]{6}|[\da-f]{3})(?![\da-f])|rgb\([^)]*\)|[a-z]+(?=[\s;\"'/>}]))",
    re.I,
)
_NONE = ("none", "inherit", "currentcolor", "transparent", "context", "url", "auto", "freeze", "remove")


def colors_in(svg: bytes) -> frozenset[str]:
    """Every colour (#RRGGBB) that is written in an SVG."""
    found: set[str] = set()

    def note(color: str) -> str:
        found.add(color)
        return color

    recolored(svg, note)
    return frozenset(found)


def recolored(svg: bytes, change: Callable[[str], str]) -> bytes:
    """The SVG with every colour (#RRGGBB) as ``change`` makes it."""

    def painted(match: re.Match[str]) -> str:
        if match[2].lower() in _NONE:
            return match[0]
        try:
            red, green, blue = ImageColor.getrgb(match[2])[:3]
        except ValueError:
            return match[0]
        color = f"#{red:02X}{green:02X}{blue:02X}"
        changed = change(color)
        return match[0] if changed == color else f"{match[1]}{changed}"

    return _PAINTED.sub(painted, with_known_colors(svg).decode("utf-8")).encode()
