"""What a layout asks of what is made of it: how fine its pictures are, and how much each check matters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pressrun.model.authored import Authored


class Resolution(Authored):
    """Pixels per inch of placed pictures: below ``floor`` is an error, below ``target`` a warning."""

    floor: float = Field(default=150, gt=0, description="Pixels per inch below which a placed picture is an error.")
    target: float = Field(default=300, gt=0, description="Pixels per inch below which a placed picture is a warning.")


class CheckLevel(Authored):
    """How much the findings of a check matter here, and why; `off` leaves them out."""

    level: Literal["error", "warning", "note", "off"] = Field(description="What its findings count as.")
    because: str = Field(min_length=1, description="The reason, which the manifest keeps.")


CheckLevels = Annotated[
    dict[str, CheckLevel], Field(description="Checks whose findings count for more or less than usual, or not at all.")
]
