"""Gradients that cannot be written out stay as they are."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from pressrun.graphics.svg.gradients import with_written_stops


@pytest.mark.parametrize(
    "said",
    [
        'linearGradient x1="1e400"', 'linearGradient x2="1e200"', 'linearGradient gradientTransform="matrix(1 0 0)"',
        'linearGradient gradientTransform="scale(0)"', 'radialGradient cx="1e400"', 'radialGradient r="1e400"',
    ],
)  # fmt: skip
def test_places_without_end_or_sense_leave_a_gradient_as_it_is(said: str) -> None:
    stops = '<stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
    gradient = f'<{said} spreadMethod="repeat">{stops}</{said.split()[0]}>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{gradient}</svg>'.encode()
    drawn = ElementTree.fromstring(with_written_stops(svg))
    assert (drawn[0].get("spreadMethod"), len(drawn[0])) == ("repeat", 2)
