"""An SVG taken apart, from the bottom to the top."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from pressrun.designs.svg.artwork import artwork
from pressrun.designs.svg.elements import PER_UNIT, TEXTS, Element, elements, page_place, paint_of
from pressrun.designs.svg.names import MARKED, given_name, marked
from pressrun.designs.svg.pages import is_on_page, page_roots
from pressrun.designs.svg.pictures import (
    SLACK,
    DrawnPicture,
    cut_out,
    drawn_picture,
    embedded,
    figure,
    holds,
    no_picture,
)
from pressrun.designs.svg.styles import Styles
from pressrun.designs.svg.texts import ABOVE, ANCHORS, LINE, DrawnText, drawn_box, drawn_text, rooms, text_part
from pressrun.designs.svg.words import UnreadableTemplate, Wording
from pressrun.graphics.svg.limits import UNDRAWN, UnusableSvg, check_drawn, element_lines, frame, parsed, tag
from pressrun.language.design_names import FreeNames, means_a_code, plain_name
from pressrun.model.design import (
    ArtworkPart,
    CodePart,
    Design,
    DesignFile,
    DesignPage,
    DesignPart,
    PaintNamed,
    PicturePart,
)
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.layout import Target
from pressrun.model.spans import Align

NAME_IT = (
    "give a text {{ title }} as its words, or name it (and pictures) in the layers panel, and export with names as ids"
)
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|pc|mm|cm|in|q|)\s*\Z", re.I)
ADDRESS = "https://example.com"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_svg(file: DesignFile) -> Design:
    """An SVG as parts, with the pages that Inkscape has in it, and those of the files behind it. Raises InputError
    where it cannot be read, or nobody can tell what shall be filled in."""
    made = _Made()
    pages = [page for one in (file, *file.more) for page in _drawings(one, made)]
    if file.page is not None and not 1 <= file.page <= len(pages):
        told = f"there is no page {file.page}; the design has {len(pages)}"
        raise file.unusable("missing-design-page", told, "leave --page out")
    pages = pages[file.page - 1 : file.page] if file.page is not None else pages
    if other := next((page for page in pages if page.target != pages[0].target), None):
        message = f"{other.file.name} is for {other.target}, and {file.name} for {pages[0].target}"
        raise file.unusable("pages-of-two-kinds", message, "write --target print or --target screen")
    drawn = [DesignPage(*page.size, 0.0, tuple(page.parts())) for page in pages]
    if not made.fills:
        message = "nothing in the SVG says what shall be filled in: it has no {{ … }}, and no text or picture a name"
        line = next((line for page in pages if (line := page.line_to_name)), None)
        raise file.unusable("unnamed-design", message, NAME_IT, line)
    first, *further = drawn
    return Design(
        first.width, first.height, 0.0, pages[0].target, first.parts, tuple(made.wording.columns.values()),
        made.files, tuple(made.notes), pages[0].root.get(LANG, ""), tuple(further),
    )  # fmt: skip


def _drawings(file: DesignFile, made: _Made) -> list[_Drawing]:
    """The pages of a file."""
    try:
        root = parsed(file.data)
        sides = frame(root)
        roots = page_roots(root, sides)
        shown = [(one, sides if one is root else frame(one)) for one in roots]
    except UnusableSvg as fault:
        raise file.unusable("broken-design", f"the SVG cannot be read: {fault}", "export it again") from fault
    lines = dict(zip(root.iter(), element_lines(file.data), strict=True))
    drawings = [_Drawing(one, sides, file, made, lines, len(shown) > 1) for one, sides in shown]
    made.notes += _beside_pages(drawings)
    return drawings


def _beside_pages(drawings: list[_Drawing]) -> Iterator[Finding]:
    """Texts, and pictures and codes with a name, that none of a file's pages shows; what else lies beside them is a
    designer's desk."""
    on_pages = {element.number for one in drawings for element in one.shown}
    first = drawings[0]
    for element in first.drawn:
        if element.number not in on_pages and (told := first.told(element)):
            message, hint = f"the {told} lies on no page, and is left out", "move it onto one, if meant"
            yield first.file.note("field-left-out", message, hint, line=first.lines.get(element.node))


class _Made(Struct):
    """What all pages of a design have in common; ``fills``: something of it is filled in."""

    wording: Wording = field(default_factory=Wording)
    ids: FreeNames = field(default_factory=FreeNames)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    fills: bool = False


class _Drawing:
    """One page of an SVG, taken apart element by element."""

    def __init__(
        self, root: ElementTree.Element, sides: tuple[float, float], file: DesignFile, made: _Made,
        lines: Mapping[ElementTree.Element, int], of_several: bool,
    ) -> None:  # fmt: skip
        """``lines`` on which elements begin; ``of_several``: the file has other pages, and what stands on those."""
        self.root, self.file, self.made, self.lines = root, file, made, lines
        self.size, self.target = _page(root, sides, file)
        scale = self.size[0] / sides[0]
        corner = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "0 0").strip())[:2]]
        self.place = page_place(scale, corner[0], corner[1])
        self.by_id = {name: node for node in root.iter() if (name := node.get("id"))}
        self.styles = Styles(root)
        self.wording, self.ids, self.files, self.notes = made.wording, made.ids, made.files, made.notes
        self.kept: dict[int, str] = {}  # texts that stay in the artwork, with their families
        self.drawn = drawn = list(elements(root, self.place))
        self.texts = {one.number: drawn_text(one, self.styles, self.by_id) for one in drawn if one.kind in TEXTS}
        page = Rect(0, 0, *self.size)
        self.shown = [one for one in drawn if not of_several or is_on_page(one, self.texts.get(one.number), page)]

    def parts(self) -> list[DesignPart]:
        drawn, texts = self.shown, self.texts
        rooms = dict(self._rooms(drawn, texts))
        parts: list[DesignPart] = []
        run: list[int] = []
        for element in drawn:
            try:
                made, is_filled = self._part(element, texts.get(element.number), rooms)
            except UnreadableTemplate as fault:
                message, hint = f"a text cannot be read: {fault}", "pressrun explain filters tells what may stand there"
                line = self.lines.get(element.node)
                raise self.file.unusable("unreadable-template", message, hint, line) from fault
            self.made.fills = self.made.fills or is_filled
            if made is None:
                if element.kind in UNDRAWN and element.kind not in TEXTS:
                    hint = "draw it otherwise, or place it as a picture"
                    self._note(element, "not-drawn", None, f"<{element.kind}> is left out, which no press draws", hint)
                elif element.kind not in TEXTS or element.number in self.kept:
                    run.append(element.number)
                continue
            parts += [*self._artwork(run), made]
            run = []
        return [*parts, *self._artwork(run)]

    @property
    def line_to_name(self) -> int | None:
        """Where the first text or picture begins that could have a name."""
        for one in self.shown:
            text = self.texts.get(one.number)
            if not one.is_hidden and (text.text if text else tag(one.node) == "image"):
                return self.lines.get(one.node)
        return None

    def _artwork(self, run: list[int]) -> Iterator[DesignPart]:
        if not run:
            return
        id = self.ids.free("artwork")
        path, data = self.file.path(f"{id}.svg"), artwork(self.root, run, self.size, self.kept)
        try:
            check_drawn(parsed(data), texts=True)
        except UnusableSvg as fault:
            message = f"some of the drawing is left out: {fault}"
            self._note(None, "not-drawn", id, message, "change that, and import again")
            return
        self.files[path] = data
        yield ArtworkPart(id=id, box=Rect(0, 0, *self.size), file=path)

    def _part(
        self, element: Element, text: DrawnText | None, rooms: Mapping[int, Rect]
    ) -> tuple[DesignPart | None, bool]:  # fmt: skip
        """What becomes of it, and whether it is filled in; no part where it stays artwork."""
        name = self._name(element)
        if element.is_hidden:
            if text is not None and text.text:
                message = f"the text '{text.text}' is hidden, and left out"
                self._note(element, "field-left-out", None, message, "show it, if meant")
            return None, False
        if text is not None:
            return self._text(element, text, name, rooms)
        kind, box, picture = self._filled(element, name)
        if kind == "code":
            return self._code(element, name, box), True
        if kind == "picture":
            return self._picture(element, name, picture, box), True
        return None, False

    def told(self, element: Element) -> str:
        """What is filled in there, by its kind and words or name; empty where nothing is that anybody sees."""
        if element.is_hidden:
            return ""
        if (text := self.texts.get(element.number)) is not None:
            return f"text '{text.text}'" if text.text else ""
        name = self._name(element)
        kind, _, _ = self._filled(element, name)
        return f"{kind} '{name}'" if kind else ""

    def _filled(
        self, element: Element, name: str
    ) -> tuple[Literal["code", "picture", ""], Rect, DrawnPicture | None]:  # fmt: skip
        """What that is no text is filled in for an element of a name, with its box, and the picture that it shows."""
        if not name:
            return "", Rect(0, 0, 1, 1), None
        local, _ = figure(element.node)
        picture = drawn_picture(element, self.by_id)
        box = picture.box if picture else local or Rect(0, 0, 1, 1)
        if means_a_code(plain_name(marked(name) or name)) and (local or picture):
            return "code", box, picture
        return "picture" if picture or (marked(name) and local) else "", box, picture

    def _name(self, element: Element) -> str:
        return given_name(element.node) or self._name_above(element)

    def _name_above(self, element: Element) -> str:
        """The name of a group or layer that has nothing in it but this."""
        for node in reversed(element.above[1:]):
            if len([child for child in node if tag(child) not in ("title", "desc")]) > 1:
                return ""
            if name := given_name(node):
                return name
        return ""

    def _text(
        self, element: Element, drawn: DrawnText, name: str, rooms: Mapping[int, Rect]
    ) -> tuple[DesignPart | None, bool]:  # fmt: skip
        said = drawn.text
        if any(tag(child) == "textPath" for child in element.node):
            hint = "turn it into paths in the drawing program"
            message = f"the text '{said or name}' runs along a path, and is left out"
            self._note(element, "field-left-out", None, message, hint)
            return None, False
        if not said:
            return None, False
        lost = self._lost(element, drawn)
        own = name if plain_name(name) != plain_name(said) else ""  # Figma names texts by what they say
        if MARKED.search(said):
            template, fills = self.wording.template(said), True
            id = self.ids.free(plain_name(own or _first_name(said), "text"))
        elif own:
            column, template = self.wording.own_column(marked(own) or own, said)
            id, fills = self.ids.free(column), True
        elif lost:
            hint = "name it in the layers panel, if it shall be filled in: it is a layer then, without these"
            message = f"the text '{said}' stays in the artwork: no layer of text has its {' and '.join(lost)}"
            self._note(element, "text-in-artwork", None, message, hint)
            self.kept[element.number] = drawn.style.get("font-family", "sans-serif")
            return None, False
        else:
            template, fills = self.wording.plain(said), False
            id = self.ids.free(plain_name(" ".join(said.split()[:3]), "text"))
        self._tell_text(element, drawn, id)
        if lost:
            hint = "write `clip:`, `blend:` or `shadow:` into the layer, or leave it as paths in the drawing"
            message = f"its {' and '.join(lost)} {'is' if len(lost) == 1 else 'are'} left out"
            self._note(element, "effect-left-out", id, message, hint)
        return text_part(id, template, element, drawn, rooms[element.number]), fills

    def _lost(self, element: Element, drawn: DrawnText) -> tuple[str, ...]:
        """What is done to a text, or to a group that it is in, and no layer of text has."""
        if element.effects or not element.cuts:
            return element.effects
        box = drawn_box(drawn)
        left, rounding, is_cut = cut_out(element, box, None, self.by_id)
        slack = SLACK * max(box.width, box.height)
        return ("clip path or mask",) if is_cut or rounding is not None or not holds(left, box, slack) else ()

    def _tell_text(self, element: Element, drawn: DrawnText, id: str) -> None:
        if drawn.mixed:
            message = "words of it look otherwise than the first, which the whole text now does"
            hint = "write `markup: true`, and mark them up: pressrun explain layout.text"
            self._note(element, "markup-left-out", id, message, hint)
        if element.is_askew:
            message = "it is slanted or stretched, which a layer is not"
            self._note(element, "not-upright", id, message, "set it upright, or as paths")
        if paint_of(drawn.style) is None:
            message = f"its colour {drawn.style.get('fill')} is no plain one, and became black"
            self._note(element, "color-not-read", id, message, "give the layer a colour of the palette")

    def _picture(self, element: Element, name: str, picture: DrawnPicture | None, box: Rect) -> DesignPart:
        had = embedded(picture.image) if picture else None
        suffix, data = had or no_picture(box)
        asked = marked(name) or name
        path = self.file.path(f"{self._file_name(plain_name(asked, 'picture'))}{suffix}")
        self.files[path] = data
        column, template = self.wording.own_column(asked, path)
        id = self.ids.free(column)
        if picture and picture.image is not None and had is None:
            message = "the picture in the design is a link to another file, and a stand-in is there for it"
            hint = "name a picture in the table, or embed it in the design"
            self._note(element, "picture-not-embedded", id, message, hint)
        if picture and picture.is_cut:
            hint = "write `clip:` into the layer: pressrun explain layout.image.clip"
            self._note(element, "clip-left-out", id, "a path that cuts it out is left out", hint)
        placed, turn = element.box(box)
        rounding = picture.round if picture else None
        return PicturePart(
            id=id, box=placed, turn=turn, when=template[2:-2].strip(), file=template, opacity=element.opacity,
            covers=picture.covers if picture else True,
            round=None if rounding is None else rounding * element.scale,
        )  # fmt: skip

    def _file_name(self, wanted: str) -> str:
        taken = {path.rpartition("/")[2].partition(".")[0] for path in self.files}
        return next(
            name for at in range(1, len(taken) + 2) if (name := wanted if at == 1 else f"{wanted}-{at}") not in taken
        )

    def _code(self, element: Element, name: str, local: Rect) -> DesignPart:
        column, template = self.wording.own_column(marked(name) or name, ADDRESS)
        box, turn = element.box(local)
        value = template[2:-2].strip()
        black = PaintNamed((0.0,))
        return CodePart(id=self.ids.free(column), box=box, turn=turn, when=value, value=template, color=black)

    def _rooms(self, drawn: list[Element], texts: Mapping[int, DrawnText]) -> Iterator[tuple[int, Rect]]:
        points: dict[int, tuple[float, float, float, Align]] = {}
        for element in drawn:
            text = texts.get(element.number)
            if text is None or not text.lines or element.is_hidden:
                continue
            size = float(re.match(r"[\d.]+|", text.style.get("font-size", "16"))[0] or 16)  # type: ignore[index]  # it may be empty
            first, last = (element.place.map_point((line.x, line.y)) for line in (text.lines[0], text.lines[-1]))
            align = ANCHORS.get(text.style.get("text-anchor", "start"), "start")
            top, bottom = first.y - ABOVE * size * element.scale, last.y + (LINE - ABOVE) * size * element.scale
            points[element.number] = first.x, top, bottom, align
        page = Rect(0, 0, *self.size)
        yield from rooms(points, page)
        yield from ((number, page) for number in texts if number not in points)

    def _note(self, at: Element | None, code: str, layer: str | None, message: str, hint: str) -> None:
        line = None if at is None else self.lines.get(at.node)
        self.notes.append(self.file.note(code, message, hint, layer, line))


def _first_name(text: str) -> str:
    """What the first braces of a text say, without what is made of it."""
    return re.split(r"[|(~]", MARKED.findall(text)[0])[0].strip()


def _page(
    root: ElementTree.Element, sides: tuple[float, float], file: DesignFile
) -> tuple[tuple[float, float], Target]:  # fmt: skip
    """Its size in points, and where it is shown: what is measured in pixels is for screens, unless somebody says."""
    found = [_LENGTH.match(root.get(name, "")) for name in ("width", "height")]
    units = {match[2].lower() for match in found if match}
    pixels = units <= {"px", ""}
    target: Target = file.target or ("screen" if pixels else "print")
    # Illustrator's pixels are points: it counts 72 of them to an inch.
    per_pixel = 1.0 if target == "print" and pixels and b"Adobe Illustrator" in file.data[:4000] else 0.75
    width, height = (
        float(match[1]) * PER_UNIT[match[2].lower()] * per_pixel if match else side * per_pixel
        for match, side in zip(found, sides, strict=True)
    )
    return (width, height), target
