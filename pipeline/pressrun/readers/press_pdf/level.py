"""One stream of content as it is walked: its resources, its graphics state, and what it puts onto the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any, Protocol

import pikepdf

from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.boxes import overlaps
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Covered, Object, PageFacts, Rectangle
from pressrun.readers.press_pdf.fonts import Shown
from pressrun.readers.press_pdf.functions import Unsolved, values_at
from pressrun.readers.press_pdf.graphics_state import Paint, Settings, State, across, common
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.outline import Outline
from pressrun.readers.press_pdf.tint_programs import tint_faults
from pressrun.readers.press_pdf.traits import (
    BrokenProfile,
    BrokenTint,
    InkSum,
    Problem,
    Registration,
    SpaceUsed,
    SpotDefined,
    Trait,
    Unprinted,
    WhiteOverprint,
)

DEEPEST = 100  # `q` in `q`: what opens more, and never closes it, is no drawing
MOST_COVERED = 3_000
SIZABLE = 8.0  # points: what is smaller in one direction is no ground for text
STROKE = 2.5  # points: how wide small letters are at most, whose overprint is no area of ink
INK_TOLERANCE = 2.0  # percent: what rounding to 8 bits and JPEG do to a separation that keeps its limit
FULL_INKS = {name: tuple(float(at == one) for one in range(4))
             for at, name in enumerate(("Cyan", "Magenta", "Yellow", "Black"))}  # fmt: skip


class Walk(Protocol):
    """What a level asks of the walk over its page; `content.Walk` says what each does."""

    facts: PageFacts
    keys: Keys
    budget: Budget
    ink_limit: float
    bleed: float
    decoded: tuple[Any, bool] | None
    grounds: list[tuple[Rectangle, bool, bool]]
    inked: list[Rectangle]
    definitions: dict[ColorSpace, SpotDefined]
    heavy_places: dict[str, Rectangle | None]

    def content(self, sources: list[Any], resources: Object, state: State, depth: int, where: str) -> None: ...
    def is_new(self, *key: Any) -> bool: ...
    def reaches_trim(self, at: Rectangle) -> bool: ...
    def font(self, font: Object) -> Shown: ...
    def profile_fault(self, profile: Any) -> str: ...
    def picture_fault(self, image: Any, size: tuple[int, int], bits: int, is_whole: bool) -> str: ...
    def ink(self, image: Any, space: ColorSpace, size: tuple[int, int], ppi: float) -> Any: ...
    def draw_form(self, level: Level, form: Any) -> None: ...
    def draw_pattern(self, level: Level, paint: Paint, at: Rectangle) -> None: ...
    def draw_soft_mask(self, level: Level, mask: Object) -> None: ...


Parts = Callable[[], list[Rectangle] | None]


def no_parts() -> None:
    """Of what is painted in one piece."""


class Level:
    """The operators of one stream of content, under its own resources. ``where`` is told with what is found in it."""

    __slots__ = ("base", "clips", "depth", "facts", "font_sizes", "line_start", "mixed", "named_before", "outline",
                 "resources", "settings", "spaces", "stack", "state", "text", "tolerant", "walk", "where")  # fmt: skip

    def __init__(self, walk: Walk, resources: Object, state: State, depth: int, where: str) -> None:
        self.walk, self.facts, self.resources, self.depth, self.where = walk, walk.facts, resources, depth, where
        self.base = state.matrix
        self.state = state
        self.stack: list[State] = []
        self.outline = Outline()
        self.clips = self.tolerant = False
        self.text = self.line_start = Matrix()
        self.named_before: dict[tuple[str, str], Object] = {}
        self.spaces: dict[str, Any] = {}
        self.mixed: dict[str, bool] = {}  # patterns by their names
        self.settings: dict[str, Settings | None] = {}

    def named(self, kind: str, name: Object) -> Object:
        """A resource by its name; None if there is none."""
        key = (kind, str(name))
        if key not in self.named_before:
            self.named_before[key] = self.walk.keys.dictionary(self.resources, kind).get(key[1])
        return self.named_before[key]

    def space(self, written: Object) -> Any:
        """A colour space, named or device, as it is here."""
        key = str(written)
        if key not in self.spaces:
            space = self.spaces[key] = colors.read_space(written, self.resources, self.walk.keys)
            array = self.named("/ColorSpace", written) if isinstance(written, pikepdf.Name) else written
            self._note_definition(array, space)
            for inks, fault in tint_faults(array, self.walk.keys, self.walk.budget):
                self.saw(BrokenTint(inks, fault))
            for profile in colors.profiles_of(array):
                if fault := self.walk.profile_fault(profile):
                    self.saw(BrokenProfile(fault))
        return self.spaces[key]

    def _note_definition(self, array: Object, space: Any) -> None:
        if space.kind == "Separation" and isinstance(array, pikepdf.Array) and len(array) > 3:
            name = space.inks[0]
            belies = False
            if name in FULL_INKS and space.base.kind == "DeviceCMYK":
                belies = self._full(array[3]) not in (None, FULL_INKS[name])
            self.walk.definitions[space] = SpotDefined(name, colors.spot_definition(array), belies)

    def _full(self, tint: Object) -> tuple[float, ...] | None:
        """What stands for full ink, as a spot's function says; None where that is a program."""
        try:
            return tuple(round(one, 2) for one in values_at(tint, 1.0, self.walk.keys, self.walk.budget))
        except Unsolved:
            return None

    # ---------------------------------------------------------------------------------------------------- what is seen

    def saw(self, trait: Trait, at: Rectangle | None = None) -> None:
        self.facts.saw(trait, at or self.facts.boxes.media)

    def saw_parts(self, trait: Trait, at: Rectangle, parts: Parts) -> None:
        """Note what may be no more than a mark: marks are mostly drawn all around the page at once."""
        found = parts()
        for part in [at] if found is None else found:
            self.saw(trait, part)

    def problem(self, text: str) -> None:
        self.saw(Problem(text))

    def use_space(self, space: Any, at: Rectangle, parts: Parts = no_parts) -> None:
        """Note a colour space that came onto the page ``at`` a place, or in several ``parts`` of it."""
        self.facts.saw(SpaceUsed(space, self.where), at)
        if (definition := self.walk.definitions.get(space)) is not None:
            self.saw(definition, at)
        if not (inks := space.ground.inks):
            return
        if "All" in inks:
            self.saw_parts(Registration(), at, parts)
        elif inks == ("None",):
            self.saw(Unprinted(), at)

    def place(self, left: float, bottom: float, right: float, top: float) -> Rectangle | None:
        """Where something in user space lands on the page; None where the clipping path hides it."""
        return common(across(self.state.matrix, left, bottom, right, top), self.state.clip)

    def paint(
        self, which: str, at: Rectangle, *, straight: bool = False, parts: Parts = no_parts, width: float = math.inf
    ) -> None:
        """Note that the current fill or stroke colour came onto the page there, in strokes of a ``width``."""
        state = self.state
        paint: Paint = state.fill if which == "fill" else state.stroke
        self.use_space(paint.space, at, parts)
        if paint.pattern is not None:
            self.show(at)
            self.cover(at, straight, colored=True)
            self.walk.draw_pattern(self, paint, at)
            return
        total = paint.total
        if total > self.facts.heaviest_fill:
            self.facts.heaviest_fill = total
        if total > self.walk.ink_limit + INK_TOLERANCE:
            self.saw_parts(InkSum(round(total, 1)), at, parts)
        blank = paint.is_blank
        overprints = state.overprint_fill if which == "fill" else state.overprint_stroke
        if not blank:
            if self.walk.ink_limit < math.inf:
                self.lay(paint, paint.most, at, overprints=overprints, width=width)
        elif overprints and (by := _white_in(paint)):
            self.saw(WhiteOverprint(by), at)
        if not blank:
            self.show(at)
            colored = not (paint.is_black or paint.space.kind == "DeviceGray")
            self.cover(at, straight, colored=colored, mixed=colored and paint.is_mixed)
        elif min(at[2] - at[0], at[3] - at[1]) > SIZABLE:
            self.walk.grounds.append((at, False, False))

    def lay(self, what: Hashable, ink: float, at: Rectangle, *, overprints: bool, width: float = math.inf) -> None:
        """Note how much ink something may have, and whether what is below it keeps its own."""
        facts, state = self.facts, self.state
        if ink > facts.densest:
            facts.densest = ink
        leaves = (overprints or state.blends or state.blended) and self.where != "soft mask"
        if leaves and min(width, at[2] - at[0], at[3] - at[1]) > STROKE:
            facts.laid_over[what] = ink

    def show(self, at: Rectangle) -> None:
        """Note that something is to be seen there: the page is not empty, if that is on it."""
        if len(self.walk.inked) <= MOST_INKED:
            self.walk.inked.append(at)
        if self.facts.is_empty and self.where != "soft mask":
            sheet = self.facts.boxes.finished or self.facts.boxes.media
            self.facts.is_empty = not overlaps(at, sheet)

    def cover(self, at: Rectangle, straight: bool, *, colored: bool, mixed: bool = False) -> None:
        """Note that ink covers an area: for the bleed, and for black text on it."""
        if self.where == "soft mask":
            return
        if min(at[2] - at[0], at[3] - at[1]) > SIZABLE:
            self.walk.grounds.append((at, colored, mixed))
        if self.walk.reaches_trim(at) and len(self.facts.covered) < MOST_COVERED:
            self.facts.covered.append(Covered(at, straight))

    def over_colour(self, at: Rectangle) -> bool:
        """Whether what lies there now has other inks than black in it."""
        return self._ground_of(at)[1]

    def over_several_inks(self, at: Rectangle) -> bool:
        """Whether what lies there now is a flat colour of plates that have to lie exactly over each other."""
        return self._ground_of(at)[2]

    def _ground_of(self, at: Rectangle) -> tuple[Rectangle, bool, bool]:
        for one in reversed(self.walk.grounds[-MOST_GROUNDS:]):
            ground = one[0]
            if ground[0] <= at[0] and ground[1] <= at[1] and ground[2] >= at[2] and ground[3] >= at[3]:
                return one
        return at, False, False

    def over_paper(self, at: Rectangle) -> bool:
        """Whether nothing was painted there before; where nobody can tell, it was."""
        inked = self.walk.inked
        return len(inked) <= MOST_INKED and not any(overlaps(at, one) for one in reversed(inked))


MOST_GROUNDS = 60
MOST_INKED = 3_000  # places of ink on a page that are kept


def _white_in(paint: Paint) -> str:
    if paint.space.ground.kind == "DeviceCMYK":
        return "CMYK"
    if paint.space.kind == "DeviceGray":
        return "gray"
    return "a spot ink" if paint.space.inks else ""
