"""What fills a shape, where that is more than one ink."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pressrun.model.color import Ink
from pressrun.model.geometry import Length, Rect

TO_THE_CORNER = Length(100.0, "%")


class Stop(Struct, frozen=True):
    """An ink at a place on the way, from 0 to 1."""

    at: float
    ink: Ink
    opacity: float = 1.0


class Gradient(Struct, frozen=True):
    """Inks that run into each other across the box of what they fill.

    A linear one runs at an ``angle`` (degrees clockwise, 0 is upwards) so far that the outermost corners have the first
    and the last ink. A radial one runs out from the ``middle`` (fractions of the box) as far as its ``radius``, of
    which 100 % reach the farthest corner.
    """

    kind: Literal["linear", "radial"]
    stops: tuple[Stop, ...]
    angle: float = 180.0
    middle: tuple[float, float] = (0.5, 0.5)
    radius: Length = TO_THE_CORNER

    @property
    def is_opaque(self) -> bool:
        return all(stop.opacity == 1 for stop in self.stops)


class CastShadow(Struct, frozen=True):
    """A shadow in one ink, so far right and down (points) of what casts it; over the width of its ``blur`` it ends."""

    ink: Ink
    offset: tuple[float, float]
    blur: float
    opacity: float

    @property
    def reach(self) -> float:
        """How far it goes out beyond an edge."""
        return 1.5 * self.blur  # of a blur that is two deviations of a Gauss curve, of which three are all

    def bounds(self, caster: Rect) -> Rect:
        """Of the shadow of what lies within a rectangle."""
        moved = Rect(caster.x + self.offset[0], caster.y + self.offset[1], caster.width, caster.height)
        return moved.inset(*[-self.reach] * 4)


Side = Literal["top", "right", "bottom", "left"]


class BorderLine(Struct, frozen=True):
    """A line along a side of a box, within it: points, and lengths of dashes and gaps in turn."""

    side: Side
    ink: Ink
    width: float
    dashes: tuple[float, ...] = ()

    def look(self) -> tuple[Ink, float, tuple[float, ...]]:
        """What lines that go round in one piece have in common."""
        return self.ink, self.width, self.dashes

    def axis(self, box: Rect) -> Rect:
        """The middle of the line, which has no thickness."""
        half = self.width / 2
        if self.side in ("top", "bottom"):
            return Rect(box.x, box.y + half if self.side == "top" else box.bottom - half, box.width, 0.0)
        return Rect(box.x + half if self.side == "left" else box.right - half, box.y, 0.0, box.height)
