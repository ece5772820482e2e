"""Drawings as picosvg flattens them: what it takes otherwise than browsers do is put right before, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from picosvg.svg import SVG

from pressrun.graphics.style_sheets import declarations
from pressrun.graphics.svg_limits import UnusableSvg, tag
from pressrun.graphics.svg_paths import SHORTHAND, explicit_curves

_Svg: Any = SVG  # which knows no types
MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")


class FlatDrawing(SVG):
    """An SVG of flat shapes. Raises UnusableSvg for what picosvg would leave out without a word."""

    @classmethod
    def fromstring(cls, string: str) -> FlatDrawing:
        drawing: FlatDrawing = _Svg.fromstring.__func__(cls, string)
        for hidden in list(_hidden(drawing.svg_root, "visible")):
            hidden.getparent().remove(hidden)
        for element in drawing.svg_root.iter():
            _check(element)
            if tag(element) == "path" and not SHORTHAND.isdisjoint(data := element.get("d", "")):
                element.set("d", explicit_curves(data))
        return drawing


def _hidden(element: Any, inherited: str) -> Iterator[Any]:
    """Elements that draw nothing, being hidden, and have nothing in them."""
    visibility = _said(element, "visibility") or inherited
    for child in element:
        yield from _hidden(child, visibility)
    if visibility in ("hidden", "collapse") and not len(element):
        yield element


def _check(element: Any) -> None:
    if tag(element) == "symbol":
        raise UnusableSvg("it has a <symbol>: write it as a group, <g>, where it stands")
    if element.get("clipPathUnits") == "objectBoundingBox":
        raise UnusableSvg("a clip path of it counts by what it cuts: write it in the drawing's own units")
    if any(_said(element, name) not in ("", "none") for name in MARKERS):
        raise UnusableSvg("it has arrowheads or other markers: turn them into paths")
    if _said(element, "mix-blend-mode") not in ("", "normal"):
        raise UnusableSvg("it blends colours (mix-blend-mode): draw the colour that is meant")
    if _said(element, "paint-order").startswith(("stroke", "markers stroke")):
        raise UnusableSvg("it has a stroke below its fill (paint-order): draw the stroke as a shape of its own")


def _said(element: Any, name: str) -> str:
    said: str = declarations(element.get("style", "")).get(name) or element.get(name, "")
    return said.strip()
