"""A text's box that takes the height which its words need."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec.structs import replace
from pydantic import BeforeValidator, Field

from pressrun.model.authored import Authored
from pressrun.model.composition import Boxed, Composing
from pressrun.model.geometry import LengthField, Rect
from pressrun.model.sheet import TextMark


class Growth(Authored):
    """How far a box grows."""

    most: LengthField | None = Field(
        default=None,
        description="The most that it takes; % is of what its box is measured from. Left out: to the edge of that.",
    )


def _growth(value: Any) -> Any:
    if isinstance(value, bool):
        return {} if value else None
    return value


GrowField = Annotated[Growth | None, BeforeValidator(_growth)]


def grown(mark: TextMark, growth: Growth, composing: Composing, layer: Boxed) -> TextMark:
    """A text whose box, as it is, is the least that it takes: fitted into as much as it may take, and then as high as
    it is set, with its panel's padding above and below."""
    if composing.place is not None:  # it is in a stack, which gives it what it needs
        return mark
    box, frame = mark.rect, composing.frames.of(layer.box.within)
    upwards = mark.anchor == "bottom"
    room = box.bottom - frame.y if upwards else frame.bottom - box.y
    most = max(box.height, growth.most.points(frame.height) if growth.most else room)
    padding = 2 * mark.panel.padding if mark.panel else 0.0
    (fitted,) = composing.fitted([replace(mark, rect=_as_high(box, max(0.0, most - padding), upwards))])
    if fitted.fit is None:
        return mark
    height = min(most, max(box.height, fitted.fit.extent.height + padding))
    return replace(mark, rect=_as_high(box, height, upwards), size_max=fitted.fit.size)


def _as_high(box: Rect, height: float, upwards: bool) -> Rect:
    return Rect(box.x, box.bottom - height if upwards else box.y, box.width, height)
