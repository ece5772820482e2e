"""Single elements of an SVG, by their ids: the lines that one is drawn by, and a drawing without some."""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ElementTree
from typing import Any

from picosvg.svg import SVG
from picosvg.svg_transform import Affine2D
from picosvg.svg_types import SVGPath

from pressrun.graphics.paths.svg_paths import explicit_curves, plain, steps_of
from pressrun.graphics.svg.artwork import UnusableArtwork, path_data
from pressrun.graphics.svg.limits import UnusableSvg, check_drawn, parsed, tag

_Drawing: Any = SVG  # none of which knows its types
_Path: Any = SVGPath
_Matrix: Any = Affine2D


def lines_of(svg: bytes, element: str) -> tuple[str, tuple[float, float]]:
    """The lines that an element and all in it are drawn by, open or closed, however thick and in what colour: path
    data, in the frame of its drawing, which has this width and height. Raises UnusableArtwork."""
    try:
        check_drawn(parsed(svg))
        drawing = _Drawing.fromstring(svg.decode("utf-8"))
        drawing.resolve_use(inplace=True)
        drawing.shapes_to_paths(inplace=True)
        box, tree = drawing.view_box(), drawing.toetree()
        found = _paths(tree, element)
    except UnusableSvg as fault:
        raise UnusableArtwork(str(fault)) from fault
    except UnusableArtwork:
        raise
    except Exception as error:  # picosvg raises whatever it stumbles over
        raise UnusableArtwork(f"it cannot be read: {error}") from error
    if box is None or box.w <= 0 or box.h <= 0:
        raise UnusableArtwork("it has no viewBox")
    if not found:
        raise UnusableArtwork(f"its element {element!r} draws no line")
    taken = (step for path in found for step in steps_of(plain(path), (box.x, box.y)))
    return path_data(taken), (box.w, box.h)


def _paths(root: Any, element: str) -> list[Any]:
    """Every path of an element, where it stands in the drawing."""
    named = [one for one in root.iter() if one.get("id") == element]
    if not named:
        known = ", ".join(one.get("id") for one in root.iter() if one.get("id")) or "none"
        raise UnusableArtwork(f"it has no element {element!r}; its ids are: {known}")
    found = []
    for one in named[0].iter():
        if tag(one) == "path" and one.get("d"):
            matrix = _Matrix.identity()
            for around in (one, *one.iterancestors()):
                matrix = _Matrix.compose_ltr((matrix, _Matrix.fromstring(around.get("transform", ""))))
            path = _Path(d=explicit_curves(one.get("d")))
            found.append(plain(path).apply_transform(matrix))
    return found


@functools.lru_cache(maxsize=8)
def without(svg: bytes, elements: tuple[str, ...]) -> bytes:
    """A drawing without these elements of it."""
    root = ElementTree.fromstring(svg)
    for parent in root.iter():
        for child in [one for one in parent if one.get("id") in elements]:
            parent.remove(child)
    return ElementTree.tostring(root)
