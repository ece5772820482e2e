"""Drawings as picosvg flattens them: what it takes otherwise than browsers do is put right before, or refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from picosvg.svg import SVG

from pressrun.graphics.paths.svg_paths import SHORTHAND, explicit_curves
from pressrun.graphics.svg.limits import UnusableSvg, tag
from pressrun.graphics.svg.style_sheets import declarations

_Svg: Any = SVG  # which knows no types
_USED = re.compile(r"""href\s*=\s*["']\s*\#([^"']+?)\s*["']|url\(\s*["']?\#([^"')]+?)["']?\s*\)""")
MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")


class FlatDrawing(SVG):
    """An SVG of flat shapes. Raises UnusableSvg for what picosvg would leave out without a word."""

    @classmethod
    def fromstring(cls, string: str) -> FlatDrawing:
        drawing: FlatDrawing = _Svg.fromstring.__func__(cls, string)
        for hidden in list(_hidden(drawing.svg_root, "visible")):
            hidden.getparent().remove(hidden)
        used = {name for found in _USED.findall(string) for name in found if name}
        for symbol in [one for one in drawing.svg_root.iter() if tag(one) == "symbol" and one.get("id") not in used]:
            symbol.getparent().remove(symbol)
        for element in drawing.svg_root.iter():
            _check(element, used)
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


def _check(element: Any, used: Collection[str]) -> None:
    """``used`` has the names of what others use."""
    if tag(element) == "symbol":
        raise UnusableSvg("it has a <symbol>: write it as a group, <g>, where it stands")
    if element.get("clipPathUnits") == "objectBoundingBox" and element.get("id") in used:
        raise UnusableSvg("a clip path of it counts by what it cuts: write it in the drawing's own units")
    if any(_said(element, name) not in ("", "none") for name in MARKERS):
        raise UnusableSvg("it has arrowheads or other markers: turn them into paths")
    if _said(element, "mix-blend-mode") not in ("", "normal"):
        raise UnusableSvg("it blends colours (mix-blend-mode): draw the colour that is meant")
    if _said(element, "paint-order").startswith(("stroke", "markers stroke")) and any(map(_has_stroke, element.iter())):
        raise UnusableSvg("it has a stroke below its fill (paint-order): draw the stroke as a shape of its own")


def _has_stroke(element: Any) -> bool:
    said = (_said(one, "stroke") for one in (element, *element.iterancestors()))
    return next(filter(None, said), "none") != "none"


def _said(element: Any, name: str) -> str:
    said: str = declarations(element.get("style", "")).get(name) or element.get(name, "")
    return said.strip()
