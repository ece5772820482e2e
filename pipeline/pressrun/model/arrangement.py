"""How a layout is put together from others, as designers write it: variables, parts, a base that is changed, and
overrides for some locales. `load` resolves all of it into the plain layout of ``model.layout``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.authored import Authored


def _one_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]
AtLeastOne = Annotated[tuple[str, ...], BeforeValidator(_one_or_several), Field(min_length=1)]
Changes = dict[str, dict[str, Any]]


class PartUse(Authored):
    """The layers of a part, in this place."""

    SAID_ELSEWHERE: ClassVar[Mapping[str, str]] = {
        "repeat": "say it at a layer of the part, or at a group whose `layers` have this use in them",
        "id": "the layers of a part have ids; give it a parameter for them, as in `id: ${place}-name`",
        "box": "say it at the layers of the part, by a parameter, or at a group whose `layers` have this use in them",
    }

    use: str = Field(description="The part by its path below `templates`, like `parts/legal-footer`.")
    with_: dict[str, Any] = Field(
        default_factory=dict,
        alias="with",
        description="What its parameters stand for here.",
    )
    when: str | None = Field(
        default=None,
        description="A bare expression; where it does not hold, the part is left out. Its layers' own `when` stays.",
    )


class Addition(Authored):
    """Layers put among those that are there."""

    layers: tuple[Any, ...] = Field(
        min_length=1,
        description="The layers, from the bottom to the top, or uses of parts.",
    )
    above: str | None = Field(default=None, description="The id of the layer that they stand right above.")
    below: str | None = Field(default=None, description="The id of the layer that they stand right below.")

    @model_validator(mode="after")
    def _one_place(self) -> Addition:
        if self.above is not None and self.below is not None:
            context = {"at": "below", "hint": "delete one of them"}
            raise PydanticCustomError("two_positions", "layers stand above one or below one", context)
        return self


class Override(Authored):
    """What is different where all its conditions hold."""

    locale: AtLeastOne | None = Field(
        default=None,
        description="For these locales and those they are the general case of: `de` is for de-AT as well.",
    )
    script: AtLeastOne | None = Field(default=None, description="For locales in these scripts: Arab, Hans, Cyrl.")
    region: AtLeastOne | None = Field(default=None, description="For locales of these regions: US, CH, 419.")
    when: str | None = Field(default=None, description="Where this bare expression holds.")
    change: Changes = Field(
        default_factory=dict,
        description="Layers by their ids, with the keys that are different; nothing in place of a value takes a key "
        "out, and another `type` those that it has not.",
    )
    remove: Several = Field(default=(), description="The ids of layers that are left out.")

    @model_validator(mode="after")
    def _has_a_condition(self) -> Override:
        if all(getattr(self, key) is None for key in ("locale", "script", "region", "when")):
            hint = "write locale, script, region or when; what always holds belongs into the layers"
            raise PydanticCustomError("no_condition", "the override does not say where it holds", {"hint": hint})
        return self


class Arrangement(Authored):
    """The keys of a layout file that are gone when it is loaded."""

    extends: str | None = Field(
        default=None,
        description="Another layout, by its name in a job: this one is like it, but for what is written here.",
    )
    vars: dict[str, Any] = Field(
        default_factory=dict,
        description="Values by name, for `$name` in place of a value and `${name}` inside a text. A layout that "
        "extends this one may give them others.",
    )
    pages: tuple[dict[str, Any], ...] = Field(
        default=(),
        min_length=1,
        description="Several pages in place of `layers`, each with its own: front and back, a folded leaflet, a "
        "booklet. What stands in `layers` beside them is on every page, below its own.",
    )
    change: Changes = Field(
        default_factory=dict,
        description="Layers of the base or of parts by their ids, with the keys that are different; nothing in place "
        "of a value takes a key out, and another `type` those that it has not.",
    )
    remove: Several = Field(default=(), description="The ids of layers of the base or of parts that are left out.")
    add: tuple[Addition, ...] = Field(
        default=(),
        description="Layers put among those of the base, above or below one of them, else on top.",
    )
    order: Several = Field(
        default=(),
        description="The ids of layers from the bottom to the top: these change places among themselves.",
    )
    overrides: tuple[Override, ...] = Field(
        default=(),
        description="What is different in some locales, scripts or regions, or where a condition holds; where several "
        "hold, a later one comes over an earlier one.",
    )


class Part(Authored):
    """Layers that several layouts use. What its parameters stand for is said where it is used."""

    parameters: dict[str, Any] = Field(
        default_factory=dict,
        description="Names for `$name` in place of a value and `${name}` inside a text, each with its default, or with "
        "nothing where a use must say what it stands for.",
    )
    layers: tuple[Any, ...] = Field(
        min_length=1,
        description="The layers, from the bottom to the top, or uses of parts.",
    )
