"""A shade: one ink fading in towards an edge, so that text on a picture can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from pressrun.model.composition import Composing
from pressrun.model.geometry import FractionField
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.sheet import ShadeMark

Edge = Literal["top", "bottom", "left", "right"]
MIRRORED: dict[Edge, Edge] = {"left": "right", "right": "left"}


class ShadeLayer(LayerOptions):
    """From nothing at ``from`` to ``strength`` at ``until``, along the way to the edge ``to`` of its box."""


    type: Literal["shade"] = Field(description="A colour that fades in, so that text on a picture can be read.")
    color: str = Field(default="ink", description="The palette colour of the shade.")
    to: Edge = Field(default="bottom", description="The edge of its box towards which it gets stronger.")
    start: FractionField = Field(default=0.0, alias="from", description="Where on the way it begins.")
    until: FractionField = Field(default=1.0, description="Where on the way it is at its full strength.")
    strength: FractionField = Field(default=0.75, description="How much it covers there, at the most.")

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))

    def compose(self, composing: Composing) -> Iterator[ShadeMark]:
        yield composing.once(self._mark)

    def _mark(self, composing: Composing) -> ShadeMark:
        return ShadeMark(
            composing.layer,
            composing.rect(self),
            composing.ink(self.color),
            MIRRORED.get(self.to, self.to) if composing.mirrored(self) else self.to,
            self.start,
            self.until,
            self.strength,
        )
