"""Texts that share a size, as people write it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pressrun.model.authored import Authored
from pressrun.model.geometry import FractionField


class SizeGroup(Authored):
    """Texts that are set alike: in the smallest size of those that they would have by themselves. A group is of the
    rows of a job in one layout, or of the layouts of one row."""

    name: str = Field(min_length=1, description="The name of the group; every text of that name is in it.")
    over: Literal["layout", "row"] = Field(
        default="layout",
        description="What it goes over: `layout` is all rows of the job in this layout, `row` is all layouts of a row.",
    )
    least: FractionField = Field(
        default=0.75,
        ge=0,
        le=1,
        description="How small the size may come to be, as a share of the one in which half of the texts would fit by "
        "themselves, before a finding names the text that holds all others small.",
    )


def _size_group(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


SizeGroupField = Annotated[SizeGroup, BeforeValidator(_size_group)]
