"""What an SVG may hold before anybody draws it: what a renderer would leave out is refused, and so is what would take
it minutes or all memory."""

from __future__ import annotations

import base64
import io
import math
import re
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from xml.parsers import expat

from PIL import Image

MOST_BYTES = 20_000_000
DEEPEST = 200  # elements in each other; drawing programs make a dozen
MOST_ELEMENTS = 100_000  # with every use of a definition counted
MOST_COMMANDS = 100_000  # of one path
MOST_REPEATED = 60  # of an element that filters, which draws its whole region anew
MOST_PIXELS = 60_000_000  # of all pictures in it
LONGEST_RATIO = 1000.0  # of a view box's sides
LARGEST_SPREAD = 0.25  # of the view box's longer side, over which a filter may smear
MOST_DASHES = 5000.0  # along the view box's longer side
UNDRAWN = ("text", "tspan", "textPath", "foreignObject", "script", "iframe", "video", "audio", "canvas")
TEXTS = ("text", "tspan", "textPath")  # which are drawn where their fonts are at hand
KINDS = ("PNG", "JPEG", "GIF", "WEBP")

_ENTITY = re.compile(rb"""<!ENTITY\s+([\w.:-]+)\s+(["'])([^<]*?)\2\s*>""")
_REFERENCE = re.compile(rb"&([\w.:-]+);")
_COMMAND = re.compile("[MmLlHhVvCcSsQqTtAaZz]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_DATA = re.compile(r"\s*data:image/[\w.+-]+\s*;base64,", re.I)


class UnusableSvg(Exception):
    """An SVG that must not or cannot be placed, with what to change."""


def parsed(svg: bytes) -> ElementTree.Element:
    """The SVG's root, within bounds. Raises UnusableSvg."""
    if len(svg) > MOST_BYTES:
        raise UnusableSvg(f"it has {len(svg) / 1e6:.0f} MB; {MOST_BYTES // 10**6} are the most")
    _check_depth(svg)
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnusableSvg(f"it is not well-formed XML: {error}") from error
    if tag(root) != "svg":
        raise UnusableSvg("its root element is not <svg>")
    return root


def check_drawn(root: ElementTree.Element, texts: bool = False) -> None:
    """Look at everything in an SVG; ``texts``: words may be in it. Raises UnusableSvg."""
    width, height = frame(root)
    span = max(width, height)
    pixels = filters = 0
    for element in root.iter():
        name = tag(element)
        if name in UNDRAWN and not (texts and name in TEXTS):
            raise UnusableSvg(f"<{name}> is not drawn: turn words into paths, and take the rest out")
        if name == "image":
            pixels += _pixels(element)
            if pixels > MOST_PIXELS:
                raise UnusableSvg(f"the pictures in it have over {MOST_PIXELS // 10**6} million pixels")
        if name.startswith("fe"):
            filters += 1
            _check_filter(element, span)
        if name == "path" and len(_COMMAND.findall(element.get("d", ""))) > MOST_COMMANDS:
            raise UnusableSvg(f"a path has over {MOST_COMMANDS} commands; simplify it")
        _check_dashes(element, span)
    if filters > MOST_REPEATED:
        raise UnusableSvg(f"it has {filters} filter effects; {MOST_REPEATED} are the most")
    _check_uses(root)


def frame(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height of the view box, in its own units. Raises UnusableSvg where there is none to go by."""
    written = root.get("viewBox", "").strip()
    parts = [part for part in re.split(r"[\s,]+", written) if part]
    try:
        box = [float(part) for part in parts]
    except ValueError:
        raise UnusableSvg(f"its viewBox {written!r} is not four numbers") from None
    if box and len(box) != 4:
        raise UnusableSvg(f"its viewBox {written!r} is not four numbers")
    if box:
        sides = box[2], box[3]
    else:
        sizes = [_NUMBER.match(root.get(name, "").strip()) for name in ("width", "height")]
        if not all(sizes) or any(root.get(name, "").strip().endswith("%") for name in ("width", "height")):
            raise UnusableSvg("it has neither a viewBox nor a width and height")
        sides = float(sizes[0][0]), float(sizes[1][0])  # type: ignore[index]  # both matched
    if not all(map(math.isfinite, (*box, *sides))):
        raise UnusableSvg("its viewBox is not of finite numbers")
    if min(sides) <= 0:
        raise UnusableSvg(f"its viewBox {written!r} has no room in it")
    if max(sides) > LONGEST_RATIO * min(sides) or max(sides) > 1e7 or min(sides) < 1e-4:
        raise UnusableSvg(f"its frame of {sides[0]:g} x {sides[1]:g} is out of all proportion")
    return sides


def written_out(svg: bytes) -> bytes:
    """An SVG with the words of its entities in the places of their names; what is no mere word stays an entity."""
    words = {found[1]: found[3] for found in _ENTITY.finditer(svg) if b"&" not in found[3]}
    references = svg.count(b"&")
    if not words or max(map(len, words.values())) * references > MOST_BYTES:
        return svg
    kept = _ENTITY.sub(lambda found: b"" if found[1] in words else found[0], svg)
    return _REFERENCE.sub(lambda found: words.get(found[1], found[0]), kept)


def tag(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def element_lines(svg: bytes) -> list[int]:
    """The line, from 1, on which each element of a well-formed SVG begins, in their order in it."""
    lines: list[int] = []
    reader = expat.ParserCreate()
    reader.StartElementHandler = lambda *_: lines.append(reader.CurrentLineNumber)
    reader.Parse(svg, True)
    return lines


def _check_depth(svg: bytes) -> None:
    depth = count = 0
    references = svg.count(b"&")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST:
            raise UnusableSvg(f"its elements lie over {DEEPEST} deep in each other; ungroup them")
        if count > MOST_ELEMENTS:
            raise UnusableSvg(f"it has over {MOST_ELEMENTS} elements; simplify it")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(name: str, is_parameter: bool, value: str | None, *_: object) -> None:
        """Words for namespaces, as Illustrator writes them, and nothing that could grow or come from elsewhere."""
        if is_parameter or value is None or "&" in value or "<" in value:
            raise UnusableSvg(f"it defines the entity '{name}', which is more than a word; write it out")
        if len(value) * references > MOST_BYTES:
            raise UnusableSvg(f"it defines the entity '{name}', and has {references} of that kind; write them out")

    reader = expat.ParserCreate()
    reader.StartElementHandler, reader.EndElementHandler, reader.EntityDeclHandler = start, end, entity
    try:
        reader.Parse(svg, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnusableSvg(f"it is not well-formed XML: {error}") from error


def _check_uses(root: ElementTree.Element) -> None:
    """Definitions that use each other grow beyond all measure, though the file is small."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    drawn: dict[int, int] = {}

    def count(element: ElementTree.Element, above: frozenset[int]) -> int:
        known = id(element)
        if known in above:
            raise UnusableSvg("a <use> shows itself")
        if known not in drawn:
            inner = above | {known}
            total = 1 + sum(count(child, inner) for child in element)
            if tag(element) == "use" and (shown := by_id.get(link_of(element).removeprefix("#"))) is not None:
                total += count(shown, inner)
            drawn[known] = total
        if drawn[known] > MOST_ELEMENTS:
            raise UnusableSvg(f"with all its uses it draws over {MOST_ELEMENTS} elements")
        return drawn[known]

    try:
        count(root, frozenset())
    except RecursionError:
        raise UnusableSvg("its uses lie too deep in each other") from None


def link_of(element: ElementTree.Element) -> str:
    """What an element refers to, as it is written; nothing if it refers to none."""
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "href"), "").strip()


def _pixels(image: ElementTree.Element) -> int:
    """How many pixels a picture in an SVG has; it must be one that is drawn."""
    data = link_of(image)
    if not (head := _DATA.match(data)):
        raise UnusableSvg("a picture in it is not embedded as base64, and would be missing")
    try:
        raw = base64.b64decode(re.sub(r"\s+", "", data[head.end() :]), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=KINDS) as picture:
                return picture.width * picture.height
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return MOST_PIXELS + 1
    except (OSError, ValueError, SyntaxError) as error:
        raise UnusableSvg(f"a picture in it cannot be drawn: use one of {', '.join(KINDS)}") from error


def _check_filter(effect: ElementTree.Element, span: float) -> None:
    for name in ("stdDeviation", "radius"):
        if any(value > LARGEST_SPREAD * span for value in _numbers(effect.get(name, ""))):
            raise UnusableSvg(f"the {name} of <{tag(effect)}> is larger than a quarter of the picture")
    if any(value > 10 for value in _numbers(effect.get("numOctaves", ""))):
        raise UnusableSvg("<feTurbulence> has over ten octaves")
    if any(value > 25 for value in _numbers(effect.get("order", ""))):
        raise UnusableSvg("<feConvolveMatrix> is larger than 25 x 25")


def _check_dashes(element: ElementTree.Element, span: float) -> None:
    styled = re.search(r"stroke-dasharray\s*:\s*([^;]+)", element.get("style", ""))
    dashes = list(_numbers(styled[1] if styled else element.get("stroke-dasharray", "")))
    if dashes and 0 < sum(dashes) < len(dashes) * span / MOST_DASHES:
        raise UnusableSvg("its dashes are so short that nobody sees them; draw a plain line")


def _numbers(written: str) -> Iterator[float]:
    return (float(number) for number in _NUMBER.findall(written))
