"""What is painted with, as far as it says what comes on a plate (ISO 32000-1, 8.4)."""

from __future__ import annotations

from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.separations.colorants import GRAY, Parts, Space


class Paint(Struct, frozen=True):
    """What is painted with: a colour, or a pattern with the colour that it is given."""

    space: Space
    values: Parts
    pattern: Any = None


BLACK = Paint(GRAY, (0.0,))


class State(Struct, frozen=True):
    """The graphics state, as far as it says what comes on a plate."""

    fill: Paint = BLACK
    stroke: Paint = BLACK
    fill_overprints: bool = False
    stroke_overprints: bool = False
    mode: int = 0
    mix: str = "/Normal"
    opacity: tuple[float, float] = (1.0, 1.0)  # of what is filled, and of lines
    render: int = 0  # of text: 0 filled, 1 stroked, 2 both, 3 neither; 4 on: and cut out
    pattern_given: Space | None = None
    drawn_font: tuple[str, Any] | None = None  # by its name, if its letters are drawn (Type 3), and its size

    @property
    def anew(self) -> Self:
        """What a group begins with: how it is laid on is said where it is drawn (11.6.6)."""
        return replace(self, mix="/Normal", opacity=(1.0, 1.0))

    @property
    def handed_on(self) -> tuple[Any, ...]:
        """What a form inherits, to be compared."""
        paints = [(id(one.space), one.values, id(one.pattern)) for one in (self.fill, self.stroke)]
        return (*paints, self.fill_overprints, self.stroke_overprints, self.mode, self.mix, self.opacity)
