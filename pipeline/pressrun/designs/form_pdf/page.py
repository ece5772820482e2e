"""The page of a form as people see it: turned, in its own unit, cut to its trim."""

from __future__ import annotations

import math

from msgspec import Struct

from pressrun.designs.form_pdf.fields import Widget
from pressrun.model.geometry import Rect
from pressrun.readers.press_pdf.facts import Rectangle


class SeenPage(Struct, frozen=True):
    """``trim`` in user space; ``turn`` in degrees clockwise; ``unit`` in points; ``bleed`` in user space."""

    trim: Rectangle
    turn: int
    unit: float
    bleed: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as it is seen, in points."""
        width, height = (self.trim[2] - self.trim[0]) * self.unit, (self.trim[3] - self.trim[1]) * self.unit
        return (height, width) if self.turn % 180 else (width, height)

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space, from the upper left of the trim, in points."""
        left, bottom, right, top = self.trim
        across, down = {
            0: (x - left, top - y),
            90: (y - bottom, x - left),
            180: (right - x, y - bottom),
            270: (top - y, right - x),
        }[self.turn]
        return across * self.unit, down * self.unit

    def placed(self, widget: Widget, local: Rect) -> tuple[Rect, float]:
        """A box that is measured from the middle of a widget in its text's own directions, y downwards, as box and
        turn of a layer."""
        x, y = local.x + local.width / 2, -(local.y + local.height / 2)
        angle = math.radians(widget.turn)
        middle = widget.middle
        at = self.seen(
            middle[0] + x * math.cos(angle) - y * math.sin(angle),
            middle[1] + x * math.sin(angle) + y * math.cos(angle),
        )
        width, height = local.width * self.unit, local.height * self.unit
        turn = (self.turn - widget.turn) % 360
        return Rect(at[0] - width / 2, at[1] - height / 2, width, height), float(turn - 360 if turn > 180 else turn)


def whole(widget: Widget) -> Rect:
    """All of a widget, measured like that."""
    width, height = widget.along
    return Rect(-width / 2, -height / 2, width, height)
