"""What a page draws, and in what: its content walked operator by operator, through forms and patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pikepdf

from pressrun.model.color import is_hard_to_register
from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.boxes import read_boxes, rectangle
from pressrun.readers.press_pdf.facts import ColorSpace, ImageUse, Object, PageFacts
from pressrun.readers.press_pdf.fonts import read_font
from pressrun.readers.press_pdf.images import NotMeasured, measure_ink
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.operators import BROKEN, first_line, operators_of
from pressrun.readers.press_pdf.plate_pictures import read_plate_pictures

DEEPEST = 24  # forms in forms; a ring of them never ends
MOST_OPERATORS = 3_000_000
INVISIBLE = (3, 7)  # text rendering modes that paint nothing


@dataclass(frozen=True, slots=True)
class Paint:
    """A current colour: its space, its numbers, and the pattern if it is one."""

    space: ColorSpace = colors.GRAY
    values: tuple[float, ...] = (0.0,)
    pattern: str | None = None

    @property
    def is_mixed(self) -> bool:
        """Whether it is printed by plates that would have to lie exactly over each other."""
        if self.pattern or not self.space.is_cmyk or len(self.values) != 4:
            return False
        return is_hard_to_register(tuple(100 * part for part in self.values))


@dataclass(frozen=True, slots=True)
class State:
    """The graphics state, as far as a printer asks for it."""

    matrix: Matrix
    fill: Paint = Paint()
    stroke: Paint = Paint()
    line: float = 1.0
    font: Object = None
    font_size: float = 0.0
    mode: int = 0
    overprint_fill: bool = False
    overprint_stroke: bool = False


def read_page(page: pikepdf.Page, number: int, ink_limit: float) -> PageFacts:
    """Everything one page uses; pictures are measured against `ink_limit` (percent). What cannot be read is told."""
    facts = PageFacts(number, read_boxes(page))
    for annotation in page.obj.get("/Annots", []):
        at = rectangle(annotation.get("/Rect"), 1.0)
        facts.annotations.append((str(annotation.get("/Subtype", "/unknown"))[1:], at or facts.boxes.media))
    walk = _Walk(facts, ink_limit)
    unit = float(page.obj.get("/UserUnit", 1))
    try:
        facts.plate_pictures = read_plate_pictures(page.obj, unit)
    except BROKEN as error:
        facts.plate_problem = first_line(error)
    _note_group(page.obj, facts, page.obj.get("/Resources"))
    try:
        walk.content(page.obj, _resources(page), State(Matrix(unit, 0, 0, unit)), 0)
    except BROKEN as error:
        facts.is_empty = False
        facts.problems.append(f"it cannot be read to its end: {first_line(error)}")
    return facts


def _resources(page: pikepdf.Page) -> Object:
    node: Object = page.obj
    for _ in range(64):
        if node is None:
            break
        if "/Resources" in node:
            return node.Resources
        node = node.get("/Parent")
    return pikepdf.Dictionary()


def _note_group(drawn: Object, facts: PageFacts, resources: Object) -> None:
    group = drawn.get("/Group")
    if group is None or group.get("/S") != "/Transparency":
        return
    if "/CS" in group:
        facts.groups[colors.read_space(group.CS, resources or pikepdf.Dictionary()).label] = None


class _Walk:
    """One walk over one page. Handlers by operator; what is painted is noted when it is painted, not when it is set."""

    def __init__(self, facts: PageFacts, ink_limit: float) -> None:
        self.facts, self.ink_limit = facts, ink_limit
        self.operators = 0
        self.inks: dict[tuple[int, int], tuple[float | None, float, str | None]] = {}
        self.seen_patterns: set[tuple[Any, ...]] = set()

    def content(self, source: Object, resources: Object, state: State, depth: int) -> None:
        """Walk a page, form or pattern that begins in `state`."""
        if depth > DEEPEST:
            self.problem("forms lie in each other without end")
            return
        level = _Level(self, resources, state, depth)
        operators, complaints = operators_of(source)
        for complaint in complaints:
            self.problem(f"a drawing in it is broken: {complaint}")
        for instruction in operators:
            self.operators += 1
            if self.operators > MOST_OPERATORS:
                self.problem("the page is too long to be read to its end")
                return
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                level.inline_image(instruction.iimage)
                continue
            handler = level.HANDLERS.get(str(instruction.operator))
            if handler is not None:
                handler(level, instruction.operands)

    def problem(self, text: str) -> None:
        if text not in self.facts.problems:
            self.facts.problems.append(text)


class _Level:
    """The operators of one stream of content, under its own resources."""

    def __init__(self, walk: _Walk, resources: Object, state: State, depth: int) -> None:
        self.walk, self.facts, self.resources, self.depth = walk, walk.facts, resources, depth
        self.base = state.matrix
        self.state = state
        self.stack: list[State] = []
        self.text, self.leading = Matrix(), 0.0

    def named(self, kind: str, name: Object) -> Object:
        return self.resources.get(kind, pikepdf.Dictionary()).get(str(name))

    # ------------------------------------------------------------------------------------------------------- state

    def save(self, _: Any) -> None:
        self.stack.append(self.state)

    def restore(self, _: Any) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def concat(self, operands: Any) -> None:
        self.state = replace(self.state, matrix=_matrix(operands).then(self.state.matrix))

    def set_line(self, operands: Any) -> None:
        self.state = replace(self.state, line=float(operands[0]))

    def set_graphics(self, operands: Any) -> None:
        settings = self.named("/ExtGState", operands[0])
        if settings is None:
            return
        stroke = bool(settings.get("/OP", self.state.overprint_stroke))
        fill = bool(settings.get("/op", settings.get("/OP", self.state.overprint_fill)))
        self.state = replace(
            self.state, overprint_fill=fill, overprint_stroke=stroke, line=float(settings.get("/LW", self.state.line))
        )
        blend, mask = settings.get("/BM", "/Normal"), settings.get("/SMask", "/None")
        alphas = (float(settings.get("/ca", 1)), float(settings.get("/CA", 1)))
        normal = str(blend) in ("/Normal", "/Compatible") if isinstance(blend, pikepdf.Name | str) else False
        if min(alphas) < 1 or not normal or isinstance(mask, pikepdf.Dictionary):
            self.facts.has_transparency = True
        if "/Font" in settings:
            self.state = replace(self.state, font=settings.Font[0], font_size=float(settings.Font[1]))

    # ------------------------------------------------------------------------------------------------------ colour

    def set_space(self, operands: Any, which: str) -> None:
        space = colors.read_space(operands[0], self.resources)
        self.set_paint(which, Paint(space, colors.initial(space)))

    def set_color(self, operands: Any, which: str) -> None:
        now: Paint = getattr(self.state, which)
        pattern = str(operands[-1]) if operands and isinstance(operands[-1], pikepdf.Name) else None
        numbers = tuple(float(value) for value in (operands[:-1] if pattern else operands))
        self.set_paint(which, Paint(now.space, numbers, pattern))

    def set_device(self, operands: Any, which: str, space: ColorSpace) -> None:
        named = colors.read_space(pikepdf.Name(f"/{space.kind}"), self.resources)
        self.set_paint(which, Paint(named, tuple(float(value) for value in operands)))

    def set_paint(self, which: str, paint: Paint) -> None:
        if which == "fill":
            self.state = replace(self.state, fill=paint)
        else:
            self.state = replace(self.state, stroke=paint)

    def painted(self, which: str) -> None:
        """Note that the current fill or stroke colour came onto the page."""
        paint: Paint = getattr(self.state, which)
        facts = self.facts
        facts.is_empty = False
        facts.spaces[paint.space] = None
        if paint.pattern:
            self.pattern(paint)
            return
        ground = paint.space.ground
        if ground.is_cmyk and len(paint.values) == 4:
            facts.heaviest_fill = max(facts.heaviest_fill, sum(paint.values) * 100)
            overprints = self.state.overprint_fill if which == "fill" else self.state.overprint_stroke
            if overprints and ground.kind == "DeviceCMYK" and not any(paint.values):
                facts.has_white_overprint = True

    def pattern(self, paint: Paint) -> None:
        drawn = self.named("/Pattern", paint.pattern)
        if drawn is None:
            return
        if drawn.get("/PatternType") == 2:
            self.shading(drawn.get("/Shading"))
            return
        place = (*drawn.objgen, tuple(self.base))
        if place in self.walk.seen_patterns:
            return
        self.walk.seen_patterns.add(place)
        matrix = _matrix(drawn.get("/Matrix", [1, 0, 0, 1, 0, 0])).then(self.base)
        below = Paint(paint.space.base or colors.GRAY, paint.values)
        self.walk.content(drawn, drawn.get("/Resources", self.resources), State(matrix, below, below), self.depth + 1)

    def shade(self, operands: Any) -> None:
        self.shading(self.named("/Shading", operands[0]))

    def shading(self, shading: Object) -> None:
        if shading is not None:
            self.facts.is_empty = False
            self.facts.spaces[colors.read_space(shading.get("/ColorSpace"), self.resources)] = None

    # ------------------------------------------------------------------------------------------------------- paths

    def fill_path(self, _: Any) -> None:
        self.painted("fill")

    def stroke_path(self, _: Any) -> None:
        self.painted("stroke")
        width = self.state.line * self.state.matrix.scale
        self.facts.thinnest_line = _least(self.facts.thinnest_line, width)
        if self.state.stroke.is_mixed:
            self.facts.thinnest_mixed_line = _least(self.facts.thinnest_mixed_line, width)

    def fill_and_stroke(self, operands: Any) -> None:
        self.fill_path(operands)
        self.stroke_path(operands)

    # -------------------------------------------------------------------------------------------------------- text

    def begin_text(self, _: Any) -> None:
        self.text = Matrix()

    def set_text_matrix(self, operands: Any) -> None:
        self.text = _matrix(operands)

    def set_font(self, operands: Any) -> None:
        self.state = replace(self.state, font=self.named("/Font", operands[0]), font_size=float(operands[1]))

    def set_mode(self, operands: Any) -> None:
        self.state = replace(self.state, mode=int(operands[0]))

    def show_text(self, operands: Any) -> None:
        state = self.state
        shown = operands[-1] if len(operands) else ""
        pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
        if state.mode in INVISIBLE or not any(
            len(bytes(piece)) for piece in pieces if isinstance(piece, pikepdf.String)
        ):
            return
        if state.mode % 4 != 1:
            self.painted("fill")
        if state.mode % 4 in (1, 2):
            self.painted("stroke")
        if state.font is None:
            self.walk.problem("text is set in a font that the page does not have")
            return
        size = abs(state.font_size) * self.text.then(state.matrix).height
        if (state.stroke if state.mode % 4 == 1 else state.fill).is_mixed:
            self.facts.smallest_mixed_text = _least(self.facts.smallest_mixed_text, size)
        number = state.font.objgen[0]
        identity = f"object {number}" if number else str(state.font.get("/BaseFont", ""))
        known = self.facts.fonts.get(identity)
        if known is None:
            self.facts.fonts[identity] = read_font(state.font, size)
            if state.font.get("/Subtype") == "/Type3":
                self.letters(state.font)
        elif size < known.smallest:
            self.facts.fonts[identity] = replace(known, smallest=size)

    def letters(self, font: Object) -> None:
        """The letters of a Type 3 font are drawings, and may have colours and pictures of their own."""
        size = Matrix(self.state.font_size, 0, 0, self.state.font_size, 0, 0)
        matrix = _matrix(font.FontMatrix).then(size).then(self.text).then(self.state.matrix)
        resources = font.get("/Resources", self.resources)
        for letter in font.CharProcs.values():
            self.walk.content(letter, resources, replace(self.state, matrix=matrix), self.depth + 1)

    # ------------------------------------------------------------------------------------------ pictures and forms

    def draw(self, operands: Any) -> None:
        drawn = self.named("/XObject", operands[0])
        if drawn is None:
            self.walk.problem(f"there is no {operands[0]} to draw")
        elif drawn.get("/Subtype") == "/Image":
            self.image(drawn, str(operands[0])[1:])
        elif drawn.get("/Subtype") == "/Form":
            _note_group(drawn, self.facts, self.resources)
            matrix = _matrix(drawn.get("/Matrix", [1, 0, 0, 1, 0, 0])).then(self.state.matrix)
            resources = drawn.get("/Resources", self.resources)
            self.walk.content(drawn, resources, replace(self.state, matrix=matrix), self.depth + 1)

    def image(self, image: Object, name: str) -> None:
        width, height = int(image.Width), int(image.Height)
        is_mask = bool(image.get("/ImageMask", False))
        space = None if is_mask or "/ColorSpace" not in image else colors.read_space(image.ColorSpace, self.resources)
        if "/SMask" in image:
            self.facts.has_transparency = True
        ppi = self.density(width, height)
        if ppi is None:
            return
        most, heavy, problem = self.ink(image, space, ppi) if space is not None else (None, 0.0, None)
        bits = 1 if is_mask else int(image.get("/BitsPerComponent", 8))
        self.note_image(ImageUse(name, width, height, ppi, bits, space, is_mask, most, heavy, problem))

    def inline_image(self, image: Any) -> None:
        ppi = self.density(image.width, image.height)
        if ppi is None:
            return
        written = image.obj.get("/ColorSpace", image.obj.get("/CS"))
        space = None if image.image_mask or written is None else colors.read_space(written, self.resources)
        bits = 1 if image.image_mask else int(image.bits_per_component)
        self.note_image(ImageUse("inline picture", image.width, image.height, ppi, bits, space, bool(image.image_mask)))

    def note_image(self, use: ImageUse) -> None:
        if use.is_mask:
            self.painted("fill")
        elif use.space is not None:
            self.facts.spaces[use.space] = None
        self.facts.is_empty = False
        self.facts.images.append(use)

    def density(self, width: int, height: int) -> float | None:
        """Pixels to an inch along the worse edge; None for a picture that is squeezed to nothing."""
        across, down = self.state.matrix.width, self.state.matrix.height
        if across < 0.01 or down < 0.01 or not width or not height:
            return None
        return min(width * 72 / across, height * 72 / down)

    def ink(self, image: Object, space: ColorSpace, ppi: float) -> tuple[float | None, float, str | None]:
        place = image.objgen
        if place not in self.walk.inks:
            try:
                coverage = measure_ink(image, space, ppi, self.walk.ink_limit)
                measured = (coverage.most, coverage.heavy, None) if coverage else (None, 0.0, None)
                self.walk.inks[place] = measured
            except NotMeasured as reason:
                self.walk.inks[place] = (None, 0.0, str(reason))
        return self.walk.inks[place]

    HANDLERS: ClassVar[dict[str, Callable[[_Level, Any], None]]] = {
        "q": save, "Q": restore, "cm": concat, "w": set_line, "gs": set_graphics,
        "cs": lambda level, operands: level.set_space(operands, "fill"),
        "CS": lambda level, operands: level.set_space(operands, "stroke"),
        **{name: lambda level, operands: level.set_color(operands, "fill") for name in ("sc", "scn")},
        **{name: lambda level, operands: level.set_color(operands, "stroke") for name in ("SC", "SCN")},
        "g": lambda level, operands: level.set_device(operands, "fill", colors.GRAY),
        "G": lambda level, operands: level.set_device(operands, "stroke", colors.GRAY),
        "rg": lambda level, operands: level.set_device(operands, "fill", colors.RGB),
        "RG": lambda level, operands: level.set_device(operands, "stroke", colors.RGB),
        "k": lambda level, operands: level.set_device(operands, "fill", colors.CMYK),
        "K": lambda level, operands: level.set_device(operands, "stroke", colors.CMYK),
        **dict.fromkeys(("f", "F", "f*"), fill_path), **dict.fromkeys(("S", "s"), stroke_path),
        **dict.fromkeys(("B", "B*", "b", "b*"), fill_and_stroke),
        "sh": shade, "Do": draw, "BT": begin_text, "Tm": set_text_matrix, "Tf": set_font, "Tr": set_mode,
        **dict.fromkeys(("Tj", "TJ", "'", '"'), show_text),
    }  # fmt: skip


def _least(known: float | None, found: float) -> float:
    return found if known is None else min(known, found)


def _matrix(numbers: Sequence[Any]) -> Matrix:
    values = [float(number) for number in numbers]
    if len(values) != 6:
        raise ValueError("a matrix is not six numbers")
    return Matrix(*values)
