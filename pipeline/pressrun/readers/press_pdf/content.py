"""What a page draws, and in what: its content walked operator by operator, through forms, patterns, soft masks, drawn
letters and annotations. One walk reads one page; what is the same on many is read once for all."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy
import pikepdf
from msgspec import Struct, field

from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.annotations import drawn_annotations, read_annotations
from pressrun.readers.press_pdf.boxes import holder_of, inherited, read_boxes
from pressrun.readers.press_pdf.budget import MOST_DRAWS, Budget, Spent, TooLong
from pressrun.readers.press_pdf.bytes_in_file import Streams
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.drawn import DRAWN_HANDLERS, shading
from pressrun.readers.press_pdf.facts import Object, PageFacts, Rectangle
from pressrun.readers.press_pdf.fonts import Shown
from pressrun.readers.press_pdf.graphics_state import Paint, State, across, common, inset
from pressrun.readers.press_pdf.images import NotMeasured, jpeg_quality, measure_ink, picture_fault
from pressrun.readers.press_pdf.keys import EMPTY, Keys
from pressrun.readers.press_pdf.level import Level
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.operators import BROKEN, Scratch, each_operator, first_line
from pressrun.readers.press_pdf.paths import PATH_HANDLERS, build, look_at_state
from pressrun.readers.press_pdf.picture_edges import Decoded
from pressrun.readers.press_pdf.plate_pictures import read_plate_pictures
from pressrun.readers.press_pdf.streams import unpacked
from pressrun.readers.press_pdf.text import TEXT_HANDLERS
from pressrun.readers.press_pdf.traits import (
    GroupSpace,
    OverBudget,
    Problem,
    SpotDefined,
    Transparency,
    Unbalanced,
    WrongType,
)

DEEPEST = 24  # forms in forms; a ring of them never ends
NEAR_TRIM = 1.0  # points
LONGEST_CONTENT = 64_000_000  # bytes of one page, form or pattern
SOFT_MASK = "soft mask"
# Operators that change nothing that is asked for here (ISO 32000-1, table A.1).
HARMLESS = {"h", "j", "J", "M", "BMC", "BDC", "EMC", "MP", "DP", "ET", "Tc", "Tw", "Tz", "Ts", "d0", "d1"}
HANDLERS: dict[str, Callable[[Level, Sequence[Any]], None]] = {**PATH_HANDLERS, **TEXT_HANDLERS, **DRAWN_HANDLERS}


class Ink(Struct, frozen=True):
    """A picture's ink as it was measured, or why it could not be; see `images.Coverage`."""

    most: float | None = None
    heavy: float = 0.0
    at: tuple[float, float, float, float] | None = None
    problem: str | None = None
    quality: int | None = None


class Shared(Struct):
    """What holds for all pages of a file, read once: its budget, its fonts, pictures and definitions of spots."""

    budget: Budget
    streams: Streams
    ink_limit: float
    bleed: float = 0.0  # points that pictures are looked at for; 0: they are not
    scratch: Scratch = field(default_factory=Scratch)
    fonts: dict[Any, Shown] = field(default_factory=dict)
    inks: dict[Any, Ink] = field(default_factory=dict)
    profile_faults: dict[Any, str] = field(default_factory=dict)
    picture_faults: dict[Any, str] = field(default_factory=dict)
    data: dict[Any, bytes] = field(default_factory=dict)

    @property
    def measures(self) -> bool:
        """Whether the ink of pictures is measured."""
        return self.ink_limit < math.inf


def read_page(page: pikepdf.Page, number: int, shared: Shared) -> PageFacts:
    """Everything one page uses. What cannot be read is told. Raises Spent where the file's budget ended before."""
    shared.budget.visit()
    notes: list[str] = []
    keys = Keys(notes.append)
    boxes = read_boxes(page.obj, keys)
    facts = PageFacts(number, boxes, unit=max(keys.number(page.obj, "/UserUnit", 1), 1e-6))
    facts.rotation = int(keys.number(holder_of(page.obj, "/Rotate"), "/Rotate", 0)) % 360
    walk = Walk(facts, shared)
    for note in notes:
        facts.saw(WrongType(note), boxes.media)
    try:
        facts.plate_pictures = read_plate_pictures(page.obj, facts.unit)
    except BROKEN as error:
        facts.plate_problem = first_line(error)
    walk.whole_page(page.obj)
    return facts


class Walk:
    """One walk over one page; what is painted is noted when it is painted, not when it is set."""

    def __init__(self, facts: PageFacts, shared: Shared) -> None:
        self.facts, self.shared = facts, shared
        self.budget, self.ink_limit, self.bleed = shared.budget, shared.ink_limit, shared.bleed
        self.keys = Keys(lambda text: facts.saw(WrongType(text), facts.boxes.media))
        self.grounds: list[tuple[Rectangle, bool, bool]] = []
        self.inked: list[Rectangle] = []
        self.definitions: dict[ColorSpace, SpotDefined] = {}
        self.decoded: Decoded | None = None  # of the picture that was measured last
        self.heavy_places: dict[str, Rectangle | None] = {}
        self._seen: set[Any] = set()
        self._within: list[tuple[int, int]] = []
        self._draws: list[int] = [0]
        self._known_draws: dict[tuple[int, int], int] = {}
        trim = facts.boxes.finished
        self._inner = None if trim is None else inset(trim, NEAR_TRIM)

    def whole_page(self, page: Object) -> None:
        facts = self.facts
        state = State(Matrix(facts.unit, 0, 0, facts.unit), facts.boxes.media)
        resources = inherited(page, "/Resources", self.keys)
        self._note_group(page, resources)
        try:
            contents = page.get("/Contents")
            parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
            streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
            if len(streams) < len(parts) and contents is not None:
                facts.saw(WrongType("/Contents is not all streams"), facts.boxes.media)
            if streams:
                self.content(streams, resources, state, 0, "")
            read_annotations(page, facts, self.keys)
            for drawn, matrix in drawn_annotations(page, self.keys, self.budget):
                inner = state.copied()
                inner.matrix = matrix.then(state.matrix)
                self.draw_form(Level(self, EMPTY, inner, 0, "annotation"), drawn)
            if self._draws[0] > MOST_DRAWS:
                raise Spent("it draws its forms more often than any sound page does")
        except Spent as error:
            facts.is_empty = False
            facts.saw(OverBudget(str(error)), facts.boxes.media)
        except BROKEN as error:
            facts.is_empty = False
            facts.saw(Problem(f"it cannot be read to its end: {first_line(error)}"), facts.boxes.media)

    def content(self, sources: list[Any], resources: Object, state: State, depth: int, where: str) -> None:
        """Walk a page, form or pattern that begins in `state`."""
        if depth > DEEPEST:
            self.facts.saw(Problem("forms lie in each other without end"), self.facts.boxes.media)
            return
        level = Level(self, resources if isinstance(resources, pikepdf.Dictionary) else EMPTY, state, depth, where)
        budget, keys = self.budget, HANDLERS

        def visit(operator: str, operands: Sequence[Any]) -> None:
            handler = keys.get(operator)
            if handler is None:
                if operator not in HARMLESS and not level.tolerant:
                    level.problem(f"there is a word in it that is no operator: {operator[:20]}")
                return
            try:
                handler(level, operands)
            except BROKEN:
                level.problem(f"the operator {operator} has operands that it cannot have")

        complaints = each_operator(
            self._data(sources), self.shared.scratch, depth, visit, budget, functools.partial(build, level)
        )
        for complaint in complaints:
            level.problem(f"a drawing in it is broken: {complaint}")
        if level.stack and not complaints:
            level.saw(Unbalanced("graphics states are saved (q) that are not restored (Q)"))

    def _data(self, sources: list[Any]) -> bytes:
        key = tuple(source.objgen for source in sources)
        known = self.shared.data.get(key)
        if known is None:
            parts: list[bytes] = []
            for source in sources:
                parts.append(unpacked(source, self.budget))
                if sum(map(len, parts)) > LONGEST_CONTENT:
                    raise Spent("what it draws is longer than any sound page")
            known = b"\n".join(parts)
            if len(known) < KEPT_DATA:
                self.shared.data[key] = known
        return known

    def is_new(self, *key: Any) -> bool:
        """Whether this is asked for the first time on this page."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def reaches_trim(self, at: Rectangle) -> bool:
        """Whether something is not wholly inside the trim, a point away from its edges."""
        inner = self._inner
        return inner is not None and (
            at[0] < inner[0] or at[1] < inner[1] or at[2] > inner[2] or at[3] > inner[3]
        )

    # ---------------------------------------------------------------------------------------------- what levels ask for

    def font(self, font: Object) -> Shown:
        key = font.objgen if font.objgen[0] else str(font.get("/BaseFont"))
        if key not in self.shared.fonts:
            self.shared.fonts[key] = Shown.of(font, self.keys, self.budget)
        return self.shared.fonts[key]

    def profile_fault(self, profile: Any) -> str:
        """Why an ICC profile cannot be used; "" if it can be."""
        key, known = profile.objgen, self.shared.profile_faults
        if key not in known:
            try:
                known[key] = colors.profile_fault(unpacked(profile, self.budget), self.keys.count(profile, "/N"))
            except (TooLong, *BROKEN):
                known[key] = "it cannot be unpacked"
        return known[key]

    def picture_fault(self, image: Any, size: tuple[int, int], bits: int, is_whole: bool) -> str:
        """Why a picture, of so many bits a pixel, cannot be drawn to its end; "" if it can be."""
        key, known = image.objgen, self.shared.picture_faults
        if key not in known:
            known[key] = picture_fault(image, size, bits, is_whole, self.budget, self.shared.streams)
        return known[key]

    def ink(self, image: Any, space: ColorSpace, size: tuple[int, int], ppi: float) -> Ink:
        if not self.shared.measures:
            return Ink()
        key = image.objgen
        known = self.shared.inks.get(key)
        if known is None:
            quality = jpeg_quality(image)
            try:
                coverage = measure_ink(image, space, size, ppi, self.ink_limit, self.budget, self._keep)
                known = Ink(quality=quality)
                if coverage is not None:
                    known = Ink(coverage.most, coverage.heavy, coverage.at, quality=quality)
            except NotMeasured as reason:
                known = Ink(problem=str(reason), quality=quality)
            self.shared.inks[key] = known
        return known

    def _keep(self, samples: numpy.ndarray, turned: bool) -> None:
        self.decoded = samples, turned

    def draw_form(self, level: Level, form: Any) -> None:
        """Draw a form. In the same manner at the same place, it was read before; in the same manner elsewhere on the
        page, it brings nothing new but that it lies there too."""
        state = level.state.copied()
        self._note_group(form, level.resources)
        state.matrix = self.keys.matrix(form, "/Matrix").then(state.matrix)
        state.blended = state.blended or state.blends
        box = self.keys.list(form, "/BBox")
        if len(box) == 4:
            around = common(across(state.matrix, *(float(edge) for edge in box)), state.clip)
            if around is None:
                return
            state.clip = around
        else:
            level.problem("a form has no box (BBox)")
        if form.objgen in self._within:
            level.problem("a form is drawn within itself")
            return
        if not self.is_new(form.objgen, level.where, state.manner()):
            if len(box) == 4:
                level.show(state.clip)
                level.cover(state.clip, False, colored=True)
            self._draws[-1] += 1 + self._known_draws.get(form.objgen, 0)
            return
        self.budget.visit(DRAWING)
        self._within.append(form.objgen)
        self._draws.append(0)
        self.content([form], form.get("/Resources", level.resources), state, level.depth + 1, level.where)
        self._within.pop()
        self._known_draws[form.objgen] = inner = self._draws.pop()
        self._draws[-1] += 1 + inner

    def draw_pattern(self, level: Level, paint: Paint, at: Rectangle) -> None:
        drawn = level.named("/Pattern", paint.pattern)
        if not isinstance(drawn, pikepdf.Dictionary | pikepdf.Stream):
            level.problem(f"there is no pattern {paint.pattern}")
            return
        if drawn.get("/PatternType") == 2:
            settings = self.keys.dictionary(drawn, "/ExtGState")
            look_at_state(level, settings)
            if isinstance(mask := settings.get("/SMask"), pikepdf.Dictionary):
                level.saw(Transparency("a soft mask"))
                self.draw_soft_mask(level, mask)
            shading(level, drawn.get("/Shading"), at)
            return
        if not isinstance(drawn, pikepdf.Stream) or not self.is_new(drawn.objgen, level.where, level.base, paint):
            return
        if not all(self.keys.number(drawn, key, 0) for key in ("/XStep", "/YStep")):
            level.problem("a tiling has no step (XStep, YStep)")
        if len(self.keys.list(drawn, "/BBox")) != 4:
            level.problem("a tiling has no box (BBox)")
        below = Paint(paint.space.base or colors.GRAY, paint.values)
        state = State(self.keys.matrix(drawn, "/Matrix").then(level.base), fill=below, stroke=below)
        state.blended = level.state.blended or level.state.blends
        self.content([drawn], drawn.get("/Resources", level.resources), state, level.depth + 1, level.where)

    def draw_soft_mask(self, level: Level, mask: Object) -> None:
        group = self.keys.stream(mask, "/G")
        if group is None:
            return
        inner = Level(self, level.resources, level.state.copied(), level.depth + 1, SOFT_MASK)
        self.draw_form(inner, group)

    def _note_group(self, drawn: Object, resources: Object) -> None:
        group = self.keys.dictionary(drawn, "/Group")
        if group.get("/S") == "/Transparency" and "/CS" in group:
            space = colors.read_space(group.get("/CS"), resources, self.keys)
            self.facts.saw(GroupSpace(space.label), self.facts.boxes.media)


DRAWING = 100  # operators take as long as it takes to begin a form
KEPT_DATA = 100_000  # bytes of a stream that is kept unpacked, since others may draw it too
