"""Colours of an SVG in words that every engine knows."""

from __future__ import annotations

import pytest

from pressrun.graphics.svg.color_words import with_known_colors


@pytest.mark.parametrize(
    "color",
    ["oklch(1e308 1e308 1e308)", "color(srgb x 0 0)", "lab()", "rgb(ä 0 0)"],
    ids=["huge", "word", "none", "letter"],
)
def test_what_is_no_colour_stays(color: str) -> None:
    svg = f'<rect fill="{color}"/>'.encode()
    assert with_known_colors(svg) == svg
