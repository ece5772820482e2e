"""The graphics state (ISO 32000, 8.4), as far as a printer asks for it."""

from __future__ import annotations

import functools

from msgspec import Struct

from pressrun.model.color import is_hard_to_register
from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Object, Rectangle
from pressrun.readers.press_pdf.limits import LIGHT
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.outline import FAR

EVERYWHERE: Rectangle = (-FAR, -FAR, FAR, FAR)


class Paint(Struct, frozen=True, dict=True):
    """A current colour: its space, its numbers, and the pattern if it is one. Pages paint in few, again and again: what
    each is, is found out once."""

    space: ColorSpace = colors.GRAY
    values: tuple[float, ...] = (0.0,)
    pattern: str | None = None

    @functools.cached_property
    def is_mixed(self) -> bool:
        """Whether it is printed by plates that would have to lie exactly over each other."""
        space, values = self.space, self.values
        if self.pattern or len(values) != space.components:
            return False
        if space.kind == "DeviceN":
            by_ink = dict(zip(space.inks, values, strict=True))
            by_ink.pop("None", None)
            values = (*(part for ink, part in by_ink.items() if ink != "Black"), by_ink.get("Black", 0.0))
        elif not space.is_cmyk:
            return False
        return is_hard_to_register(tuple(100 * part for part in values))

    @functools.cached_property
    def is_blank(self) -> bool:
        """Whether it lays down no ink: the paper's white."""
        if self.pattern is not None or not self.values:
            return False
        kind, values = self.space.kind, self.values
        if self.space.is_cmyk or self.space.inks:
            return not any(values)
        return kind not in ("Lab", "Indexed", "unknown") and all(value >= 1 for value in values)

    @functools.cached_property
    def is_light(self) -> bool:
        """Whether it is the paper's white, or a tint near it."""
        return self.is_blank or (self.pattern is None and 0 < self.total <= LIGHT)

    @functools.cached_property
    def is_black(self) -> bool:
        """Whether it is full black ink and no other."""
        if self.pattern is not None:
            return False
        if self.space.kind == "DeviceCMYK":
            return self.values == (0, 0, 0, 1)
        if self.space.kind == "DeviceGray":
            return self.values == (0,)
        return self.space.inks == ("Black",) and self.values == (1,)

    @functools.cached_property
    def total(self) -> float:
        """Percent of ink on all plates together; 0 where only the printer's conversion would tell."""
        if self.pattern is None and (self.space.is_cmyk or self.space.kind == "DeviceN"):
            return 100 * sum(min(max(value, 0.0), 1.0) for value in self.values)
        return 0.0

    @functools.cached_property
    def most(self) -> float:
        """Percent of ink that it may have: of a colour of light, what a profile may make of it."""
        if self.pattern is not None or self.space.is_cmyk or self.space.kind == "DeviceN":
            return self.total
        if self.space.inks:
            return 100 * sum(self.values)
        return 100 * (1 - sum(self.values)) if self.space.kind == "DeviceGray" else OF_LIGHT


@functools.lru_cache(maxsize=4096)
def paint_of(space: ColorSpace, values: tuple[float, ...], pattern: str | None = None) -> Paint:
    """The same for the same."""
    return Paint(space, values, pattern)


OF_LIGHT = 300.0


class State(Struct):
    """What `q` keeps and `Q` brings back. ``clip`` is a rectangle around the clipping path. ``blends``: what is painted
    darkens what is below it; ``blended``: so does the form that it is in.
    ``clear_fill``, ``clear_stroke``: what is painted is wholly transparent."""

    matrix: Matrix
    clip: Rectangle = EVERYWHERE
    fill: Paint = Paint()
    stroke: Paint = Paint()
    line: float = 1.0
    font: Object = None
    font_size: float = 0.0
    leading: float = 0.0
    mode: int = 0
    overprint_fill: bool = False
    overprint_stroke: bool = False
    blends: bool = False
    blended: bool = False
    clear_fill: bool = False
    clear_stroke: bool = False

    def copied(self) -> State:
        return State(
            self.matrix, self.clip, self.fill, self.stroke, self.line, self.font, self.font_size, self.leading,
            self.mode, self.overprint_fill, self.overprint_stroke, self.blends, self.blended,
            self.clear_fill, self.clear_stroke,
        )  # fmt: skip

    def manner(self) -> tuple[object, ...]:
        """All that decides how something drawn from here looks, but for its place."""
        font = self.font.objgen if self.font is not None else None
        return (*self.matrix[:4], self.fill, self.stroke, self.line, font, self.font_size, self.mode,
                self.overprint_fill, self.overprint_stroke, self.blends, self.blended,
                self.clear_fill, self.clear_stroke)  # fmt: skip


class Settings(Struct, frozen=True):
    """What an ExtGState sets; None where it leaves a thing as it is."""

    overprint_stroke: bool | None
    overprint_fill: bool | None
    line: float | None
    font: Object
    font_size: float
    mask: Object
    blends: bool | None
    clear_fill: bool | None
    clear_stroke: bool | None


def across(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Rectangle:
    """The rectangle on the page around one in user space."""
    a, b, c, d, e, f = matrix
    xs = (a * left + c * bottom, a * left + c * top, a * right + c * bottom, a * right + c * top)
    ys = (b * left + d * bottom, b * left + d * top, b * right + d * bottom, b * right + d * top)
    return min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f


def inset(box: Rectangle, by: float) -> Rectangle:
    return box[0] + by, box[1] + by, box[2] - by, box[3] - by


def common(first: Rectangle, second: Rectangle) -> Rectangle | None:
    """What two rectangles have in common; None if nothing."""
    left, bottom = max(first[0], second[0]), max(first[1], second[1])
    right, top = min(first[2], second[2]), min(first[3], second[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None
