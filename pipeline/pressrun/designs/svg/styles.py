"""What style sheets, styles and attributes say of an element."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

from pressrun.graphics.svg.limits import tag
from pressrun.graphics.svg.style_sheets import Style, declarations, rules

INHERITED = (
    "font-family", "font-size", "font-weight", "font-style", "fill", "fill-opacity", "text-anchor", "text-align",
    "letter-spacing", "text-transform", "line-height", "white-space", "visibility", "color",
)  # fmt: skip
_OWN = ("opacity", "display", "shape-inside", "inline-size", "clip-path", "mask", "filter", "mix-blend-mode")


class Styles:
    """Of one document. Selectors of one element, class or id are known, as drawing programs write no others."""

    def __init__(self, root: ElementTree.Element) -> None:
        self._rules: list[tuple[int, str, Style]] = []
        for element in root.iter():
            if tag(element) == "style":
                self._rules += [(_weight(one.selector), one.selector, one.style) for one in rules(element.text or "")]
        self._rules.sort(key=lambda rule: rule[0])

    def of(self, element: ElementTree.Element, above: Mapping[str, str]) -> Style:
        """How it looks, with what it inherits."""
        style = {name: value for name, value in above.items() if name in INHERITED}
        style |= {name: element.attrib[name] for name in (*INHERITED, *_OWN) if name in element.attrib}
        known = {tag(element), f"#{element.get('id', '')}", *(f".{name}" for name in element.get("class", "").split())}
        for _, selector, said in self._rules:
            if selector in known:
                style |= said
        return style | declarations(element.get("style", ""))


def _weight(selector: str) -> int:
    return {"#": 2, ".": 1}.get(selector[:1], 0)
