"""The shadow of a layer, as people write it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.authored import Authored
from pressrun.model.composition import Composing
from pressrun.model.geometry import FractionField, Length, LengthField
from pressrun.model.paint import CastShadow

SOFT_BLUR = Length(2.0, "%")


class Shadow(Authored):
    """A shadow below a layer, by its edge alone or by keys. ``%`` is of the shorter edge of the page's trim."""

    edge: Literal["soft", "hard"] = Field(
        default="soft",
        description="`soft` is pixels in one ink, multiplied with what is below; `hard` is the layer again in one ink.",
    )
    color: str = Field(default="ink", description="The palette colour of the shadow.")
    offset: tuple[LengthField, LengthField] = Field(
        default=(Length(0.6, "%"), Length(0.6, "%")),
        description="How far it lies from the layer, right and down, however that is turned.",
    )
    blur: LengthField | None = Field(
        default=None, description="How wide the edge of a soft one is. Left out: 2% of the page's shorter edge."
    )
    opacity: FractionField | None = Field(
        default=None, gt=0, le=1, description="How much it covers. Left out: 40%, and all of a hard one."
    )

    @model_validator(mode="after")
    def _has_an_edge(self) -> Shadow:
        if self.edge == "hard" and self.blur is not None:
            raise ValueError("a hard shadow has no blur; take one of them out")
        if self.blur is not None and self.blur.value <= 0:
            raise ValueError("a soft shadow has a blur of more than 0; without one it is `edge: hard`")
        return self

    def cast(self, composing: Composing) -> CastShadow:
        trim = composing.boxes.trim
        short = min(trim.width, trim.height)
        is_soft = self.edge == "soft"
        right, down = self.offset
        return CastShadow(
            composing.ink(self.color),
            (right.points(short), down.points(short)),
            (self.blur or SOFT_BLUR).points(short) if is_soft else 0.0,
            self.opacity or (0.4 if is_soft else 1.0),
        )


def shadow_keys(value: object) -> object:
    """By its edge alone."""
    return {"edge": value} if isinstance(value, str) else value


ShadowField = Annotated[Shadow, BeforeValidator(shadow_keys)]
