"""Lengths and boxes. Inside, every length is in points (1/72 inch); pixels exist only once a density is known."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

POINTS_PER_UNIT = {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "px": 0.75}
SCREEN_DENSITY = 96.0  # pixels per inch at which 1 px of a layout is one pixel of its file (the CSS reference pixel)
PROOF_DENSITY = 110.0  # pixels per inch at which a printed page is proofed and checked, at the least
SMALL_PAGE = 640  # pixels that the longer edge of a proof has, so that a business card is read on a screen
LARGE_PROOF = 12_000_000  # that one has at the most: larger pages are seen from afar
SMALLEST_PAGES = 220.0  # pixels per inch, for labels that are smaller still

_LENGTH = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(pt|mm|cm|in|px|%)\s*$")


@dataclass(frozen=True, slots=True)
class Length:
    """A number with a unit; ``%`` is of whatever the place where it stands refers to."""

    value: float
    unit: str

    def points(self, reference: float) -> float:
        """The length in points, where ``reference`` (points) is what 100 % means."""
        if self.unit == "%":
            return self.value / 100 * reference
        return self.value * POINTS_PER_UNIT[self.unit]

    def __str__(self) -> str:
        return f"{self.value:g}{self.unit}"


def length_told(points: float, target: str) -> str:
    """A length as people who write for a target say it: ``24 px`` of a screen, ``6.35 mm`` of a page in print; to a
    hundredth of a millimetre, which no press and no knife keeps."""
    return type_told(points, target) if target == "screen" else f"{round(points / POINTS_PER_UNIT['mm'], 2):g} mm"


def type_told(points: float, target: str) -> str:
    """A size of type likewise: ``24 px`` on a screen, ``18 pt`` in print."""
    return f"{points * SCREEN_DENSITY / 72:.4g} px" if target == "screen" else f"{points:.4g} pt"


def told_below(value: float, limit: float, least: int = 1) -> str:
    """A number that is less than a limit, with as many decimals as it takes to see it, and ``least`` of them."""
    for digits in range(least, 6):
        if float(f"{value:.{digits}f}") < limit:
            return f"{value:.{digits}f}"
    return f"{value:g}"


def parse_length(value: Any) -> Length:
    """Read ``3mm``, ``50%``, ``0``. Raises ValueError for a bare number, as 3 of what is a guess."""
    if isinstance(value, Length):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == 0:
            return Length(0.0, "pt")
        raise ValueError(f"{value} needs a unit: mm, cm, in, pt, px or %")
    if isinstance(value, str) and (match := _LENGTH.match(value)):
        return Length(float(match[1]), match[2])
    raise ValueError(f"{value!r} is not a length; write a number with mm, cm, in, pt, px or %")


def parse_fraction(value: Any) -> float:
    """Read ``75%`` (or a number from 0 to 1) as a fraction."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    length = parse_length(value)
    if length.unit != "%":
        raise ValueError(f"{value!r} should be a percentage")
    return length.value / 100


def _parse_edges(value: Any) -> tuple[Length, Length, Length, Length]:
    if isinstance(value, (list, tuple)):
        lengths = [parse_length(item) for item in value]
        if len(lengths) == 4:
            return lengths[0], lengths[1], lengths[2], lengths[3]
        if len(lengths) == 2:
            return lengths[0], lengths[1], lengths[0], lengths[1]
        raise ValueError("write one length, two (above and below, at the sides), or four: top, right, bottom, left")
    length = parse_length(value)
    return length, length, length, length


LengthField = Annotated[Length, BeforeValidator(parse_length)]
FractionField = Annotated[float, BeforeValidator(parse_fraction)]
EdgesField = Annotated[tuple[Length, Length, Length, Length], BeforeValidator(_parse_edges)]

PANEL = re.compile(r"panel-([1-9]\d?)(-bleed)?")
SIDES = ("left-page", "right-page")
_FRAMES = ("bleed", "trim", "safe", "group", *SIDES, "panel-1", "panel-1-bleed")


def _panel(name: str) -> str:
    if not PANEL.fullmatch(name):
        context = {"name": name, "word": name, "among": _FRAMES}
        raise PydanticCustomError("unknown_value", "there is no box '{name}'", context)
    return name


Panel = Annotated[str, AfterValidator(_panel), WithJsonSchema({"type": "string", "pattern": f"^{PANEL.pattern}$"})]
Frame = Literal["bleed", "trim", "safe", "group", "left-page", "right-page"] | Panel


class Rect(Struct, frozen=True):
    """A rectangle in points, origin at the upper left corner of the bleed box, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def inset(self, top: float, right: float, bottom: float, left: float) -> Rect:
        return Rect(self.x + left, self.y + top, self.width - left - right, self.height - top - bottom)

    def moved(self, right: float, down: float) -> Rect:
        return Rect(self.x + right, self.y + down, self.width, self.height)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two have more in common than an edge."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

    def meets(self, other: Rect) -> bool:
        """Whether the two have a point in common; asked so often that nothing is called for it."""
        across = self.x <= other.x + other.width and other.x <= self.x + self.width
        return across and self.y <= other.y + other.height and other.y <= self.y + self.height

    def contains(self, other: Rect, tolerance: float = 0.01) -> bool:
        return (
            other.x >= self.x - tolerance
            and other.y >= self.y - tolerance
            and other.x + other.width <= self.x + self.width + tolerance
            and other.y + other.height <= self.y + self.height + tolerance
        )


class Box(BaseModel):
    """Where a layer stands: lengths measured from a named box of the page, ``%`` of that box."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    within: Frame | None = Field(
        default=None,
        alias="in",
        description="The box that all these are measured from: one of the page's, or that of the group "
        "that the layer is in. Left out, it is that of its group, and on the page `safe`.",
    )
    x: LengthField = Field(default=Length(0, "pt"), description="From that box's left edge.")
    y: LengthField = Field(default=Length(0, "pt"), description="From that box's upper edge.")
    width: LengthField | None = Field(default=None, description="Left out: to that box's right edge, or to `right`.")
    height: LengthField | None = Field(default=None, description="Left out: to that box's lower edge, or to `bottom`.")
    right: LengthField | None = Field(
        default=None, description="How far its right edge is from that box's, beside `x` or `width`."
    )
    bottom: LengthField | None = Field(
        default=None, description="How far its lower edge is from that box's, beside `y` or `height`."
    )
    shift: tuple[LengthField, LengthField] | None = Field(
        default=None,
        description="How far it is moved from there, right and down, whatever the direction of writing.",
    )

    @model_validator(mode="after")
    def _no_edge_is_said_twice(self) -> Self:
        for near, size, far in (("x", "width", "right"), ("y", "height", "bottom")):
            if {near, size, far} <= self.model_fields_set and None not in (getattr(self, size), getattr(self, far)):
                raise ValueError(f"of `{near}`, `{size}` and `{far}` two say where it is; leave one out")
        return self

    @property
    def is_moved(self) -> bool:
        """Whether it stands elsewhere than in the corner that it is measured from."""
        return bool(self.x.value or self.y.value or self.right or self.bottom)

    def resolve(self, frame: Rect) -> Rect:
        x, y = self.x.points(frame.width), self.y.points(frame.height)
        width = self.width.points(frame.width) if self.width else frame.width - x
        height = self.height.points(frame.height) if self.height else frame.height - y
        if self.right is not None:
            x, width = _from_far(x, width, self.right.points(frame.width), frame.width, self.width is not None)
        if self.bottom is not None:
            y, height = _from_far(y, height, self.bottom.points(frame.height), frame.height, self.height is not None)
        return Rect(frame.x + x, frame.y + y, width, height)

    def moved(self, rect: Rect, frame: Rect) -> Rect:
        """A rectangle by as much as this box is shifted."""
        if self.shift is None:
            return rect
        right, down = self.shift
        return Rect(rect.x + right.points(frame.width), rect.y + down.points(frame.height), rect.width, rect.height)


def _from_far(near: float, size: float, far: float, whole: float, is_sized: bool) -> tuple[float, float]:
    """Where it begins, and how large it is, of what ends so far from the far edge."""
    return (whole - far - size, size) if is_sized else (near, size - far)


Matrix = tuple[float, float, float, float, float, float]  # as PDF writes it: x' = ax + cy + e, y' = bx + dy + f
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def after(first: Matrix, then: Matrix) -> Matrix:
    """The matrix of two, one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def inverse(matrix: Matrix) -> Matrix:
    """The matrix that takes everything back. Raises ZeroDivisionError of one that leaves no area."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    return d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area


def enlargement(matrix: Matrix) -> float:
    """By how much a matrix makes lengths longer; of one that does so unevenly, the mean of both directions."""
    a, b, c, d, _, _ = matrix
    return 1.0 if matrix == IDENTITY else round(math.sqrt(abs(a * d - b * c)), 9)


def turned_about(x: float, y: float, degrees: float) -> Matrix:
    """The matrix that turns clockwise about a point, as y points downwards."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y


def turned_over(x: float, y: float, *, across: bool, down: bool) -> Matrix:
    """The matrix that turns over about a point: left and right, or up and down."""
    a, d = (-1.0 if across else 1.0), (-1.0 if down else 1.0)
    return a, 0.0, 0.0, d, x - a * x, y - d * y


def point_moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Where a matrix takes a point to."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds(rect: Rect, matrix: Matrix) -> Rect:
    """The smallest upright rectangle around one that a matrix has moved."""
    if matrix == IDENTITY:
        return rect
    corners = [point_moved(x, y, matrix) for x in (rect.x, rect.right) for y in (rect.y, rect.bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def met_by(rect: Rect, others: Sequence[Rect]) -> list[int]:
    """The places, among others, of those that have a point in common with a rectangle: of most pages none has."""
    left, top, right, bottom = rect.x, rect.y, rect.x + rect.width, rect.y + rect.height
    found: list[int] = []
    for place, one in enumerate(others):
        if left <= one.x + one.width and one.x <= right and top <= one.y + one.height and one.y <= bottom:
            found.append(place)
    return found


def proof_density(page: Rect) -> float:
    """Pixels per inch at which a printed page (its bleed box) is proofed and checked: a small card has more, a very
    large page fewer."""
    filling = min(SMALLEST_PAGES, SMALL_PAGE * 72 / max(page.width, page.height))
    return min(max(PROOF_DENSITY, filling), math.sqrt(LARGE_PROOF / (page.width * page.height)) * 72)


def around(one: Rect, other: Rect) -> Rect:
    """The smallest rectangle around two."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Rect(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


class PageBoxes(Struct, frozen=True):
    """The page's nested boxes in points; bleed at the origin, trim inside it, safe inside the trim."""

    bleed: Rect
    trim: Rect
    safe: Rect

    @property
    def panels(self) -> tuple[Rect, ...]:
        """The panels of a folded page, from left to right or from top to bottom; none of one that is not."""
        return ()

    @property
    def folds(self) -> tuple[Rect, ...]:
        """Where a page is folded: lines from edge to edge of the bleed box, without a width, or without a height."""
        return ()

    @property
    def whole(self) -> Rect:
        """All that layers may stand on."""
        return self.bleed

    def turned_about(self, frame: Rect) -> Rect:
        """Within what a box in a ``frame`` changes sides. A page of a book has its margins where it lies: in them."""
        return frame

    def frame(self, name: str) -> Rect:
        """A box by its name; the safe area for a panel that the page has not."""
        return {"bleed": self.bleed, "trim": self.trim}.get(name, self.safe)


class SpreadBoxes(PageBoxes, frozen=True):
    """Those of one of two pages that lie beside each other in an open book, and are drawn as one: its own, and what
    boxes are measured from, which is both together. ``sides`` are the safe areas of the left and the right page."""

    across: Rect
    sides: tuple[Rect, Rect]

    @classmethod
    def of(cls, left: PageBoxes, right: PageBoxes, *, is_left: bool) -> SpreadBoxes:
        """Of two pages of one size, each with its boxes."""
        own, wide = (left if is_left else right), left.trim.width
        start = 0.0 if is_left else -wide  # from where the left page begins
        across = Rect(start, 0.0, left.bleed.width + wide, left.bleed.height)
        sides = left.safe.moved(start, 0.0), right.safe.moved(start + wide, 0.0)
        return cls(own.bleed, own.trim, own.safe, across, sides)

    @property
    def whole(self) -> Rect:
        return self.across

    def turned_about(self, frame: Rect) -> Rect:
        return self.whole  # its pages change sides too

    def frame(self, name: str) -> Rect:
        """A box by its name: those of the page are of both."""
        if name in SIDES:
            return self.sides[SIDES.index(name)]
        across = self.across
        if name == "bleed":
            return across
        if name == "trim":
            return Rect(across.x + self.trim.x, self.trim.y, across.width - 2 * self.trim.x, self.trim.height)
        return around(*self.sides)


class Frames(Struct, frozen=True):
    """What boxes are measured from: the page's, and the box of the group that a layer is in."""

    page: PageBoxes
    group: Rect | None = None

    def of(self, name: Frame | None) -> Rect:
        """The rectangle that a box names; on the page itself a group is the safe area."""
        if self.group is not None and name in (None, "group"):
            return self.group
        return self.page.frame(name or "safe")
