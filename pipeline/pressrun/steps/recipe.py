"""Recipe: a list of steps by its name. Load puts its steps in its place, so that keys are of what is done."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pressrun.model.step import StepOptions


class RecipeStep(StepOptions):
    """One of the `recipes` of the job or the brand; a name alone is short for it."""

    RECIPE: ClassVar[int] = 1

    type: Literal["recipe"] = Field(description="The steps of a recipe, by its name.")
    name: str = Field(min_length=1, description="The recipe's name, among the `recipes` of the job or its brand.")
