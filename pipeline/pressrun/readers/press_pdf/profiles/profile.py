"""A profile: how grave each finding is, and the figures that rules measure with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from pressrun.model.brand import Authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.every import CODES
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import read_yaml

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
BASE = "sheet-fed"
DEEPEST = 8  # profiles that extend each other
Ppi = Annotated[float, Field(ge=0, le=10_000)]
Points = Annotated[float, Field(ge=0, le=1_000)]
Level = Literal["error", "warning", "note", "off"]


class ProfileFile(Authored):
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


@dataclass(frozen=True, slots=True)
class PressProfile:
    """A profile with all that it extends; a level of None switches a rule off."""

    name: str
    about: str
    limits: PressLimits
    levels: Mapping[str, Severity | None]


def load_profile(name: str) -> PressProfile:
    """A profile by its name, or a user's own by its file's. Raises InputError."""
    profile = PressProfile(name, "", PressLimits(), {})
    for file in reversed(_chain(name)):
        figures = {one.name: value for one in fields(PressLimits) if (value := getattr(file, one.name)) is not None}
        levels = {code: None if level == "off" else Severity(level) for code, level in file.severities.items()}
        profile = PressProfile(
            name, file.about or profile.about, replace(profile.limits, **figures), {**profile.levels, **levels}
        )
    return profile


def _chain(name: str) -> list[ProfileFile]:
    """A profile, the one that it extends, and so on."""
    folder, chain, place = Path(), [], None
    while True:
        path = _path(name, folder, place)
        file = _read(path)
        chain.append(file)
        if file.extends is None:
            return chain
        if len(chain) > DEEPEST:
            message = "profiles extend each other without end"
            raise InputError([Finding(Severity.ERROR, "invalid-value", message, Place(path.as_posix()))])
        name, folder, place = file.extends, path.parent, Place(path.as_posix())


def _path(name: str, folder: Path, place: Place | None) -> Path:
    if name in NAMES:
        return FOLDER / f"{name}.yaml"
    if name.endswith((".yaml", ".yml")):
        return folder / name
    hint = did_you_mean(name, NAMES) or "or a file of your own, ending in .yaml"
    raise InputError([Finding(Severity.ERROR, "unknown-value", f"there is no profile '{name}'", place, hint)])


def _read(path: Path) -> ProfileFile:
    source, findings = read_yaml(path)
    if source is None or findings:
        raise InputError(findings)
    file, faults = validate(ProfileFile, source)
    if file is None:
        raise InputError(faults)
    return file
