"""Pages too large to be mixed as a whole."""

from __future__ import annotations

import functools

import pytest
from rendering_kit import Press
from test_groups import differing, render

from pressrun.graphics.pixels import strips
from pressrun.graphics.pixels.strips import strip_boxes


def test_a_large_page_is_mixed_in_strips_as_it_is_as_a_whole(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = """
  - {type: text, text: Below, role: headline, color: forest, size: 50pt, box: {y: 20pt, height: 50pt}}
  - {type: shape, fill: flame, blend: multiply, opacity: 70%, box: {x: 20pt, width: 60pt, height: 150pt}}
  - {type: text, id: t, text: Above, role: headline, color: [paper, ink], size: 50pt, box: {y: 40pt, height: 50pt}}
  - {type: image, picture: photo, blend: multiply, opacity: 50%, box: {x: 100pt, y: 20pt, width: 80pt, height: 80pt}}
"""
    whole = render(press, layers)
    monkeypatch.setattr(strips, "WHOLE", 0)
    monkeypatch.setattr(strips, "strip_boxes", functools.partial(strip_boxes, pixels=30_000))
    in_strips = render(press, layers)
    assert in_strips.choices == whole.choices
    assert differing(whole.picture("proof-png"), in_strips.picture("proof-png"), 8) < 0.001
