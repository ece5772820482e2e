"""What people called things in a drawing program, and what the program called them itself."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

LABELS = ("{http://www.inkscape.org/namespaces/inkscape}label", "data-name")  # Inkscape's, and Illustrator's
MARKED = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.S)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{2,4})_")  # how Illustrator writes what an id cannot have
_REPEATED = re.compile(r"_\d+_$")  # which it puts behind a name that it has twice
_BY_PROGRAM = re.compile(
    r"(?:svg|g|use|text|tspan|path|rect|circle|ellipse|line|polyline|polygon|image|layer|group|frame|vector|rectangle|"
    r"union|subtract|mask|clip|clippath|pattern|defs|flowroot|flowpara|page|polygon|star|artboard|namedview|base|"
    r"xmlid|svgid|ebene|calque|capa|livello|isolation_mode|bild|object|element)[\s_-]*[\d_\s.-]*(?:copy[\s_\d]*)?\Z",
    re.I,
)


def given_name(element: ElementTree.Element) -> str:
    """What somebody named an element; empty where only the program did."""
    label = next((said for key in LABELS if (said := element.get(key, "").strip())), "")
    name = label or _plain(element.get("id", ""))
    return "" if not label and _BY_PROGRAM.match(name) else name.strip().removeprefix("#")


def marked(name: str) -> str:
    """What stands between braces in a name (``{{ photo }}``); empty where there are none."""
    found = MARKED.search(name)
    return found[1] if found else ""


def _plain(id: str) -> str:
    return _REPEATED.sub("", _ESCAPED.sub(lambda code: chr(int(code[1], 16)), id)).replace("_", " ").strip()
