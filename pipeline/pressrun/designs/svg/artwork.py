"""What stays of a drawing: an SVG for each run of elements between parts, so that all keep their order."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Mapping

from pressrun.designs.svg.elements import GROUPS, TEXTS, UNSEEN
from pressrun.graphics.svg.limits import UNDRAWN, tag
from pressrun.graphics.svg.style_sheets import declarations
from pressrun.graphics.typefaces.fonts import ALWAYS_THERE

SVG = "http://www.w3.org/2000/svg"
KEPT = ("", SVG, "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace")
EDITORS = ("metadata", "namedview", "title", "desc", "script", "pgf", "pgfRef")
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", KEPT[2])


def artwork(
    root: ElementTree.Element, numbers: Collection[int], size: tuple[float, float], families: Mapping[int, str]
) -> bytes:  # fmt: skip
    """The document with the drawn elements of these numbers alone, in groups and with definitions as they were;
    ``size`` of its page in points, ``families`` of the texts among them by number: what is at hand stands in for them
    where their fonts are not."""
    counted = {id(node): number for number, node in enumerate(root.iter())}
    asked = {id(node): families[number] for number, node in enumerate(root.iter()) if number in families}
    made = _kept(root, set(numbers), counted, asked)
    assert made is not None, "a run has an element"
    if not made.get("viewBox"):
        width, height = (made.get(name, "").removesuffix("px") for name in ("width", "height"))
        made.set("viewBox", f"0 0 {width} {height}")
    made.set("width", f"{size[0]:.4f}pt")
    made.set("height", f"{size[1]:.4f}pt")
    return ElementTree.tostring(made, encoding="unicode").encode() + b"\n"


def _kept(
    node: ElementTree.Element, numbers: set[int], counted: dict[int, int], asked: dict[int, str]
) -> ElementTree.Element | None:  # fmt: skip
    kind = tag(node)
    if kind in EDITORS or (kind in UNDRAWN and kind not in TEXTS):
        return None
    if kind in UNSEEN:
        return _plain(copy.deepcopy(node))
    if kind not in GROUPS:
        if counted[id(node)] not in numbers:
            return None
        made = _plain(copy.deepcopy(node))
        if id(node) in asked:
            _with_stand_in(made, asked[id(node)])
        return made
    made = ElementTree.Element(node.tag, node.attrib)
    drawn = False
    for child in node:
        kept = _kept(child, numbers, counted, asked)
        if kept is not None:
            made.append(kept)
            drawn = drawn or tag(kept) not in UNSEEN
    return _without_editors(made) if drawn or kind == "svg" else None


def _with_stand_in(text: ElementTree.Element, family: str) -> None:
    """A text and its spans with a font behind their own that is always at hand."""
    for one in text.iter():
        said = declarations(one.get("style", ""))
        own = said.pop("font-family", one.get("font-family", family if one is text else ""))
        if own:
            one.attrib.pop("font-family", None)
            styles = {**said, "font-family": f"{own}, {ALWAYS_THERE}"}
            one.set("style", ";".join(f"{name}:{value}" for name, value in styles.items()))


def _plain(node: ElementTree.Element) -> ElementTree.Element:
    for one in node.iter():
        _without_editors(one)
    return node


def _without_editors(node: ElementTree.Element) -> ElementTree.Element:
    """Without what only the drawing program reads."""
    node.tail = None
    for name in list(node.attrib):
        space = name[1:].partition("}")[0] if name.startswith("{") else ""
        if space not in KEPT:
            del node.attrib[name]
    return node
