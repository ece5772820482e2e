"""SVGs that may be placed as artwork: how large they are, and what is to be told of them before anything is made."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping

from pressrun.graphics.svg.limits import TEXTS, frame, tag
from pressrun.graphics.svg.style_sheets import declarations, rules
from pressrun.model.finding import Severity
from pressrun.model.geometry import POINTS_PER_UNIT
from pressrun.model.placed_page import PageFault, PdfPage

_IN_FONT = re.compile(r"[\d.]+(?:[a-z]+|%)?(?:\s*/\s*\S+)?\s+(.+)$", re.I)
_GENERIC = frozenset({"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"})


def drawing_of(root: ElementTree.Element) -> PdfPage:
    """An SVG that was found sound, as a page of its view box."""
    width, height = frame(root)
    edges = 0.0, 0.0, width, height
    sheets = ("".join(one.itertext()) for one in root.iter() if tag(one) == "style")
    styles = (rule.style for sheet in sheets for rule in rules(sheet))
    everywhere = tuple(dict.fromkeys(name for style in styles for name in _families(style)))
    texts = tuple(_texts(root, everywhere))
    elements = tuple(dict.fromkeys(named for one in root.iter() if (named := one.get("id"))))
    return PdfPage(edges, edges, 0, POINTS_PER_UNIT["px"], tuple(_faults(root)), (), texts, elements)


def _faults(root: ElementTree.Element) -> Iterator[PageFault]:
    effects = dict.fromkeys(tag(one) for one in root.iter() if tag(one).startswith("fe") and tag(one) != "feMergeNode")
    if effects:
        hint = "leave it so, or draw it by gradients and opacity, which stay sharp"
        message = f"its filters ({', '.join(effects)}) are drawn as pixels, all else as vectors"
        yield PageFault("artwork-as-pixels", message, hint, Severity.NOTE)


def _texts(element: ElementTree.Element, families: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    families = _families(declarations(element.get("style", ""))) or _families(element.attrib) or families
    if tag(element) in TEXTS and (text := (element.text or "").strip()):
        yield text, families
    for child in element:
        yield from _texts(child, families)
        if tag(element) in TEXTS and (text := (child.tail or "").strip()):
            yield text, families


def _families(said: Mapping[str, str]) -> tuple[str, ...]:
    """By `font-family`, or behind the size in the shorthand `font`."""
    shorthand = _IN_FONT.search(said.get("font", ""))
    written = said.get("font-family") or (shorthand[1] if shorthand else "")
    names = (name.strip().strip("\"'") for name in written.split(","))
    return tuple(name for name in names if name and name not in _GENERIC)
