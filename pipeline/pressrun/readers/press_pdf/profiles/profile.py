"""A profile: how grave each finding is, and the figures that rules measure with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct
from msgspec.structs import replace
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from pressrun.model.finding import Severity
from pressrun.readers.extended import Extended, Extending
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.every import CODES
from pressrun.readers.suggestion import did_you_mean

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
Ppi = Annotated[float, Field(ge=0, le=10_000)]
Points = Annotated[float, Field(ge=0, le=1_000)]
Level = Literal["error", "warning", "note", "off"]


class ProfileFile(Extending):
    """A profile as it is written; what it does not say is as in the one that it extends."""

    about: str = Field(default="", description="What it is for, in a sentence.")
    extends: str | None = Field(default=None, description="The profile that it changes: a name, or a file beside it.")
    total_ink: float | None = Field(default=None, ge=100, le=400, description="The most ink on one spot, in percent.")
    bleed: float | None = Field(default=None, ge=0, le=50, description="The least bleed on every side, in mm.")
    resolution_error: Ppi | None = Field(default=None, description="The least resolution of pictures, in ppi.")
    resolution_warning: Ppi | None = Field(default=None, description="The resolution that is good, in ppi.")
    line_art_error: Ppi | None = Field(default=None, description="The least resolution of pictures of one bit, in ppi.")
    line_art_warning: Ppi | None = Field(default=None, description="The resolution that is good for them, in ppi.")
    smallest_text: Points | None = Field(default=None, description="The smallest text that prints well, in points.")
    thinnest_line: Points | None = Field(default=None, description="The thinnest line that prints, in points.")
    mixed_text: Points | None = Field(default=None, description="The smallest text in several inks, in points.")
    reversed_text: Points | None = Field(
        default=None, description="The smallest light text in a ground of several inks, in points."
    )
    mixed_line: Points | None = Field(default=None, description="The thinnest line in several inks, in points.")
    overprint_below: Points | None = Field(default=None, description="Black text under it overprints, in points.")
    jpeg_quality: float | None = Field(default=None, ge=1, le=100, description="The least quality of JPEGs, 1 to 100.")
    severities: Mapping[str, Level] = Field(
        default_factory=dict, description="How grave a finding of a code is: error, warning, note, or off."
    )

    @field_validator("severities")
    @classmethod
    def _known(cls, value: Mapping[str, Level]) -> Mapping[str, Level]:
        for code in value:
            if code not in CODES:
                told = {"hint": did_you_mean(code, CODES), "at": code}
                raise PydanticCustomError("unknown_value", f"no finding of preflight is called '{code}'", told)
        return value


class PressProfile(Struct, frozen=True):
    """A profile with all that it extends; a level of None switches a rule off."""

    name: str
    about: str
    limits: PressLimits
    levels: Mapping[str, Severity | None]


def load_profile(name: str) -> PressProfile:
    """A profile by its name, or a user's own by its file's. Raises InputError."""
    profile = PressProfile(name, "", PressLimits(), {})
    for _, file in reversed(Extended("profile", ProfileFile, FOLDER, NAMES).chain(name)):
        figures = {name: value for name in PressLimits.__struct_fields__ if (value := getattr(file, name)) is not None}
        levels = {code: None if level == "off" else Severity(level) for code, level in file.severities.items()}
        profile = PressProfile(
            name, file.about or profile.about, replace(profile.limits, **figures), {**profile.levels, **levels}
        )
    return profile
