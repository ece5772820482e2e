"""Printing conditions: what is known of registered ones (``printing_conditions.yaml`` beside it), and how a brand or a
job says for which it prints."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Struct
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.authored import Authored
from pressrun.model.color import WHITE, Hex
from pressrun.model.geometry import Length, LengthField
from pressrun.model.shipped_facts import shipped_facts

USUAL_INK = 300.0  # percent: what sheet-fed presses take on coated paper
SHIPPED = "fogra39-300"


class KnownCondition(Struct, frozen=True):
    """A registered printing condition: its paper, the most ink it takes (percent; None: not known), its publisher's
    profile, and the shipped ``profile`` that is built from its data, if there is one."""

    name: str
    about: str
    paper: str
    total_ink: float | None
    published: str
    profile: str | None


@functools.cache
def known_conditions() -> Mapping[str, KnownCondition]:
    """Every registered condition by its name, in the order of the file."""
    found: dict[str, KnownCondition] = {}
    for group in shipped_facts("pressrun.model", "printing_conditions.yaml"):
        for name, said in group["conditions"].items():
            ink = said.get("total_ink")
            found[name] = KnownCondition(
                name, group["about"], said["paper"], ink and float(ink), said["published"], said.get("profile")
            )
    return found


@functools.cache
def shipped_profiles() -> Mapping[str, KnownCondition]:
    """The conditions of the profiles that come along, by the profile's name."""
    return {known.profile: known for known in known_conditions().values() if known.profile}


def _filled(data: Any, profile: str | None = None) -> Any:
    """What is written of a condition, with what is known of it where that is left out: by its name or its shipped
    ``profile``. Raises PydanticCustomError for one whose profile does not come along."""
    if not isinstance(data, dict):
        return data
    said, profile = dict(data), data.get("profile", profile)
    if "condition" not in said:
        known = shipped_profiles().get(profile) if isinstance(profile, str) else None
        if known is None:
            return said
        said["condition"] = known.name
    else:
        known = known_conditions().get(said["condition"]) if isinstance(said["condition"], str) else None
        if "profile" not in said:
            if known is None or known.profile is None:
                file = known.published if known else "press.icc"
                message = f"no profile for {said['condition']} comes along, and none is named"
                hint = f"put that of your printer into the brand's folder, and name it here: profile: {file}"
                told = {"message": message, "at": ("condition",), "hint": hint}
                raise PydanticCustomError("missing_profile", "{message}", told)
            said["profile"] = known.profile
    if known is not None:
        said.setdefault("paper", known.paper)
        if known.total_ink is not None:
            said.setdefault("total_ink", known.total_ink)
    return said


PROFILE = "The ICC profile of the press: the name of one that comes along, or a path from the brand's folder."
CONDITION = (
    "The printing condition by its registered name, such as FOGRA39 or CGATS TR 006: what the file says that it is "
    "for. Left out, it is that of the profile that comes along; of a profile of your own it is told by your printer."
)
TOTAL_INK = (
    "The most ink on one spot, all plates together, in percent; ask your printer. Left out, it is what the condition "
    "usually takes, else 300."
)
PAPER = "The paper in words: what the file tells the printer beside the condition. Left out, it is the condition's own."
STOCK = (
    "The colour of what is printed on, like #B08D57 of kraft; of something clear, that of what lies behind it. Pages "
    "are shown and judged on it: inks let it through, but where white is printed below them. No press file has it."
)
OVERPRINT = (
    "The size below which black text overprints what lies under it, instead of being spared out: then no white shows "
    "around it where the plates are a hair apart. Thin black lines and black codes always do."
)
PROOF = "How proofs of printed pages are made (`proof-png`)."
Ink = Annotated[float, Field(gt=100, le=400)]


class Proof(Authored):
    """How proofs are made."""

    paper: bool = Field(
        default=False,
        description="Show the page on the paper of the condition, with its tint, as it will lie on a table (absolute "
        "colorimetric). Left out, paper is as white as the screen.",
    )


class PrintConditions(Authored):
    """For which press files are made. What a known ``condition`` says of itself is filled in where it is left out."""

    SAID_ELSEWHERE: ClassVar = {
        "conditions": "several conditions are of a job, and each has files of its own: `print: {conditions: …}` there"
    }

    profile: str = Field(default=SHIPPED, description=PROFILE)
    condition: str = Field(default="", description=CONDITION)
    total_ink: Ink = Field(default=USUAL_INK, description=TOTAL_INK)
    paper: str = Field(default="", description=PAPER)
    stock: Hex = Field(default=WHITE, description=STOCK)
    overprint_below: LengthField = Field(default=Length(12, "pt"), description=OVERPRINT)
    proof: Proof = Field(default=Proof(), description=PROOF)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        return _filled(data, SHIPPED)

    def changed_by(self, said: PrintChange) -> PrintConditions:
        """With what a job says otherwise. Who names another profile or condition begins anew: what ink and what paper
        there are hangs on it."""
        written = {name: getattr(said, name) for name in CHANGEABLE if getattr(said, name) is not None}
        if {"profile", "condition"} & written.keys():
            return PrintConditions.model_validate({
                "overprint_below": self.overprint_below, "proof": self.proof, **written
            })  # fmt: skip
        return self.model_copy(update=written)


class PrintChange(Authored):
    """What of the brand's printing condition differs; what is left out stays, and with another ``profile`` or
    ``condition`` is that one's."""

    profile: str | None = Field(default=None, description=PROFILE)
    condition: str | None = Field(default=None, description=CONDITION)
    total_ink: Ink | None = Field(default=None, description=TOTAL_INK)
    paper: str | None = Field(default=None, description=PAPER)
    stock: Hex | None = Field(default=None, description=STOCK)
    overprint_below: LengthField | None = Field(default=None, description=OVERPRINT)
    proof: Proof | None = Field(default=None, description=PROOF)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        return _filled(data)


CHANGEABLE = tuple(PrintChange.model_fields)
ConditionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]


class JobPrint(PrintChange):
    """A job's own printing condition, or several."""

    conditions: dict[ConditionName, PrintChange] = Field(
        default={},
        description="Several conditions of one job, such as coated and newsprint: of each sheet for print every one "
        "has files of its own, whose names end in that of the condition. Each says what differs from the rest.",
    )

    def over(self, brand: PrintConditions) -> dict[str, PrintConditions]:
        """All conditions of a job by name; a single one has the name that is empty."""
        own = brand.changed_by(self)
        return {name: own.changed_by(change) for name, change in self.conditions.items()} or {"": own}
