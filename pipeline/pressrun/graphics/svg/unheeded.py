"""What an SVG asks for that browsers draw, and the engine here leaves out or draws otherwise."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pressrun.graphics.svg.gradients import LINEAR, RADIAL, with_written_stops
from pressrun.graphics.svg.limits import parsed, tag
from pressrun.graphics.svg.style_sheets import declarations, rules
from pressrun.model.finding import Finding, Severity

PLACES = ("x", "y", "cx", "cy", "r", "rx", "ry", "d")  # of shapes, which CSS may say in browsers
SIDES = ("width", "height")
SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use")
TURNS = frozenset({"transform", "translate", "rotate", "scale"})
ORIGINS = ("transform-origin", "transform-box")
NONE = frozenset({"", "none", "auto", "initial", "normal"})
AS_ATTRIBUTE = "write it as an attribute of the element"
FLATTEN = "have your drawing program write it out: export as plain SVG, or flatten the transparency"

_STROKE = re.compile(r"\bstroke\s*:(?!\s*none\b)")
_PSEUDO = re.compile(r":{1,2}(?!root\b|first-child\b|hover\b|focus\b|active\b|link\b|visited\b)[a-z-]+")
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')]+?)[\"']?\s*\)")
_FUNCTION = re.compile(r"\b(var|calc|min|max|clamp|env|color-mix|light-dark)\(")
_RELATIVE = re.compile(r"^\s*[-+.\d]+(em|ex|rem|ch|vw|vh|vmin|vmax|q)\s*$", re.I)
_DOT = re.compile(
    r"[Mm]\s*([-+.\d]+)[\s,]+([-+.\d]+)\s*(?:[zZ]|[hv]\s*0|l\s*0[\s,]+0|H\s*\1|V\s*\2|L\s*\1[\s,]+\2)\s*[zZ]?\s*(?=[Mm]|$)"
)


class Unheeded(Struct, frozen=True):
    """What is not drawn as it is asked for, by how many elements, and what to write in its place."""

    asked: str
    count: int
    hint: str


def notes_of_svg(svg: bytes, name: str) -> tuple[Finding, ...]:
    """What of an SVG that was found sound is not drawn as browsers draw it, each as a warning."""

    def told(one: Unheeded) -> Finding:
        often = "" if one.count == 1 else f", {one.count} times"
        message = f"{name} asks for {one.asked}{often}, which other programs draw, and is not drawn so here"
        return Finding(Severity.WARNING, "svg-unheeded", message, hint=one.hint)

    return tuple(told(one) for one in unheeded(parsed(with_written_stops(svg))))


def unheeded(root: ElementTree.Element) -> tuple[Unheeded, ...]:
    """In the order in which it is met."""
    asked = Counter(_asked(root))
    return tuple(Unheeded(what, count, hint) for (what, hint), count in asked.items())


def _asked(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    ids = {one.get("id") for one in root.iter()}
    has_strokes = _has_strokes(root)
    for one in root.iter():
        if tag(one) == "style":
            yield from _of_sheet("".join(one.itertext()), ids, has_strokes)
            continue
        styled = declarations(one.get("style", ""))
        said = {**{name: value for name, value in one.attrib.items() if name != "style"}, **styled}
        strokes = has_strokes and said.get("stroke", "").strip() != "none"
        yield from _of_style(styled, tag(one) in SHAPES)
        yield from _of_values(said, ids, strokes, not TURNS.isdisjoint(said))
        yield from _of_element(one, said, strokes)


def _has_strokes(root: ElementTree.Element) -> bool:
    """Whether anything says that it has a stroke."""
    styles = ["".join(one.itertext()) if tag(one) == "style" else one.get("style", "") for one in root.iter()]
    said = {one.get("stroke", "none").strip() for one in root.iter()}
    return said != {"none"} or any(_STROKE.search(style) for style in styles)


def _of_sheet(written: str, ids: set[str | None], has_strokes: bool) -> Iterator[tuple[str, str]]:
    for rule in rules(written):
        if rule.at and rule.at not in ("charset", "font-face", "namespace"):
            yield f"@{rule.at} in its style sheet", "write what it says for the page without it"
        for pseudo in dict.fromkeys(_PSEUDO.findall(rule.selector)):
            yield f"the selector {pseudo}", "give the elements that are meant a class"
        yield from _of_style(rule.style, rule.selector not in ("svg", ":root"))
        yield from _of_values(rule.style, ids, has_strokes, turns=True)


def _of_style(styled: Mapping[str, str], is_of_shapes: bool) -> Iterator[tuple[str, str]]:
    for name in (*sorted(TURNS), *(PLACES + SIDES if is_of_shapes else ())):
        if styled.get(name, "none") not in NONE:
            yield f"`{name}` in a style", AS_ATTRIBUTE


def _of_values(
    said: Mapping[str, str], ids: set[str | None], strokes: bool, turns: bool
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Of attributes or declarations, by what they say; where something ``strokes``, or ``turns``, more is seen."""
    for name, value in said.items():
        if name in ORIGINS and turns:
            yield f"`{name}`", "write the turn about its middle out: rotate(30 50 50)"
        if name == "vector-effect" and strokes and value.strip() not in NONE:
            yield f"`vector-effect: {value.strip()}`", "draw the stroke as wide as it is meant"
        if (name, value.strip()) == ("direction", "rtl"):
            yield "`direction: rtl`", "leave it out, and anchor the text where it ends"
        if name == "text-transform" and value.strip() not in NONE:
            yield f"`text-transform: {value.strip()}`", "write the words as they are meant"
        if name == "font-feature-settings" and value.strip() not in NONE:
            yield "`font-feature-settings`", "turn such words into paths"
        if name in ("animation", "animation-name"):
            yield "an animation", "take it out: a picture stands still"
        if "(" not in value:
            continue
        for function in _FUNCTION.findall(value):
            yield f"{function}() in a value", "write the value out"
        if name == "filter" and any(reference not in ids for reference in _REFERENCE.findall(value)):
            yield f"a filter that is not in it, {value}", "take that out, or export the drawing again"


def _of_element(one: ElementTree.Element, said: Mapping[str, str], strokes: bool) -> Iterator[tuple[str, str]]:
    name = tag(one)
    if name.startswith("animate") or name == "set":
        yield f"<{name}>", "take it out: a picture stands still"
    if name == "meshgradient":
        yield "a gradient by a mesh", FLATTEN
    if name in (LINEAR, RADIAL) and one.get("spreadMethod", "pad").strip() != "pad":
        yield "a gradient that goes on too often", "write its stops as often as one sees them"
    if name == RADIAL and one.get("fr", "0").strip("0.%") != "":
        yield "a radial gradient with `fr`", "begin it in its middle, with a second stop of the same colour"
    if name == LINEAR and _is_no_way(one):
        yield "a linear gradient of no length", "use the colour of its last stop"
    if name in SHAPES:
        if said.get("stroke-dasharray", "none") not in NONE and "pathLength" in one.attrib:
            yield "dashes by `pathLength`", "write the dashes in the drawing's own units"
        if strokes and said.get("stroke-linecap") in ("round", "square") and _is_dot(one):
            yield "a line of no length with round or square ends", "draw the dot as a circle"
        for place in (*PLACES, *SIDES, "stroke-width"):
            if place != "d" and (relative := _RELATIVE.match(said.get(place, ""))):
                yield f"a length in {relative[1]}", "write it in the drawing's own units"


def _is_no_way(gradient: ElementTree.Element) -> bool:
    ends = [gradient.get(name, "0") for name in ("x1", "y1", "x2", "y2")]
    return "x1" in gradient.attrib and "x2" in gradient.attrib and ends[:2] == ends[2:]


def _is_dot(shape: ElementTree.Element) -> bool:
    if tag(shape) == "line":
        return all(shape.get(f"{axis}1", "0") == shape.get(f"{axis}2", "0") for axis in "xy")
    return tag(shape) == "path" and _DOT.search(shape.get("d", "").strip()) is not None
