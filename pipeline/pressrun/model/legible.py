"""How a text is kept readable on what it stands on, as people write it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from pressrun.model.authored import Authored
from pressrun.model.geometry import FractionField, Length, LengthField

Edge = Literal["top", "bottom", "left", "right"]
MOST_STEPS = 3  # of a shade on a plate: each makes a plate of its own


class LegiblePanel(Authored):
    """A filled ground that is drawn behind a text where it needs one."""

    color: str = Field(description="The palette colour of the panel.")
    padding: LengthField = Field(
        default=Length(35, "%"), description="Room around the words; % is of the size that they are set in."
    )
    radius: LengthField = Field(
        default=Length(0, "pt"), description="How round its corners are; % is of its height, and 50% makes a pill."
    )


class _Shade(Authored):
    color: str = Field(default="ink", description="The palette colour of the shade.")
    to: Edge | None = Field(
        default=None,
        description="The edge of the picture towards which it lies. Left out: the one that the text is nearest to.",
    )


class LegibleShade(_Shade):
    """A shade that is drawn over the picture where a text needs one, as strong as it has to be."""

    strength: FractionField = Field(
        default=0.8, gt=0, le=1, description="How much it covers at the most, where less does not do."
    )


class LegiblePlateShade(_Shade):
    """A shade that is part of the picture where a text needs one, in one of a few strengths."""

    steps: tuple[FractionField, ...] = Field(
        default=(0.4, 0.6, 0.8),
        min_length=1,
        max_length=MOST_STEPS,
        description="How much it covers, from the weakest to the strongest, three at the most: sheets whose texts need "
        "the same one share their plate.",
    )

    @field_validator("steps")
    @classmethod
    def _get_stronger(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if value[0] <= 0 or any(one >= other for one, other in pairwise(value)):
            raise ValueError("steps go from the weakest to the strongest, each more than 0%")
        return value


def _by_color(value: object) -> object:
    return {"color": value} if isinstance(value, str) else value


class Legible(Authored):
    """What may be done for a text that cannot be read on its ground; what is left out is not done."""

    contrast: float | None = Field(
        default=None,
        gt=1,
        le=21,
        description="The contrast ratio (WCAG) that is asked for. Left out: 4.5, and 3 of large text, as the check of "
        "contrast asks.",
    )
    choose: Literal["first", "best"] = Field(
        default="first",
        description="Which of several colours of the text is taken: the `first` that can be read, or the `best`.",
    )
    panel: Annotated[LegiblePanel, BeforeValidator(_by_color)] | None = Field(
        default=None,
        description="A panel behind the words, if no colour can be read by itself: by its colour alone, or by keys.",
    )
    shade: Annotated[LegibleShade, BeforeValidator(_by_color)] | None = Field(
        default=None,
        description="A shade drawn over the picture, if nothing before did: by its colour alone, or by keys. Files "
        "without transparency (`press-pdf-x1a`) have none.",
    )
    plate: Annotated[LegiblePlateShade, BeforeValidator(_by_color)] | None = Field(
        default=None,
        description="A shade in the picture itself, if nothing before did: by its colour alone, or by keys.",
    )
    together: str | None = Field(
        default=None,
        min_length=1,
        description="A name that texts on one ground share: what is done for one of them is done for all, with one "
        "panel around them.",
    )

    def colors(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every palette colour that it names, and where."""
        for key, remedy in (("panel", self.panel), ("shade", self.shade), ("plate", self.plate)):
            if remedy:
                yield remedy.color, (key, "color")

    def over(self, other: Legible | None) -> Legible:
        """With what it does not say itself as another one says it."""
        if other is None:
            return self
        return other.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


def _switched(value: object) -> object:
    if isinstance(value, bool):
        return {} if value else None
    return value


LegibleField = Annotated[Legible | None, BeforeValidator(_switched)]
