"""Edits by hand: what single sheets have in another way than their layout says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

from msgspec import Struct
from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.authored import Authored
from pressrun.model.finding import Place


class OverrideFile(Authored):
    """A YAML or CSV of changes to single sheets. See :class:`SheetOverride`."""

    file: str = Field(description="A YAML or CSV, from the job's folder.")


OverrideField = Annotated[
    OverrideFile, BeforeValidator(lambda value: {"file": value} if isinstance(value, str) else value)
]
Changes = dict[str, dict[str, Any]]


class SheetOverride(Authored):
    """What is different on the sheets of a row, or of all rows for which something holds."""

    row: str = Field(default="", description="The row's id, as `show` tells it: MUG-1/de-DE.")
    when: str | None = Field(
        default=None,
        description="In place of a row: a bare expression, as in `--only`. The change is made where it holds.",
    )
    layout: str = Field(
        default="",
        description="The layout; left out, all that have the layers named.",
    )
    take: int = Field(default=0, ge=0, description="The take; left out, all of them.")
    change: Changes = Field(
        default_factory=dict,
        description="Layers by id, with the keys that they have instead; also `shift: [4mm, 0mm]` (right and down, as "
        "one sees it) and `hidden: true`.",
    )
    add: tuple[dict[str, Any], ...] = Field(
        default=(),
        description="Further layers, on top of all, or `above` or `below` the one named.",
    )
    was: Changes = Field(
        default_factory=dict,
        description="What stood there before. If something else does by now, the change is told to be stale.",
    )
    note: str = Field(default="", description="Why, for whoever reads it later.")

    @model_validator(mode="after")
    def _says_where_and_what(self) -> SheetOverride:
        if bool(self.row) == (self.when is not None):
            raise ValueError("write either row (an id) or when (a condition)")
        if not self.change and not self.add:
            raise ValueError("nothing is changed: write change, or add")
        return self


class OverridesWritten(Authored):
    overrides: tuple[SheetOverride, ...] = Field(description="The changes; later ones are laid over earlier ones.")


class Override(Struct, frozen=True):
    """One that was read: ``number`` is its place in the file, from 0; ``layouts`` are those in which it can be made."""

    number: int
    place: Place
    written: SheetOverride
    layouts: tuple[str, ...]

    @property
    def told(self) -> dict[str, Any]:
        """What it changes, as plain data: keys are ``layer.key``."""
        changes = ((layer, key, value) for layer, keys in self.written.change.items() for key, value in keys.items())
        added = {str(layer.get("id", layer.get("type"))): layer for layer in self.written.add}
        return {f"{layer}.{key}": value for layer, key, value in changes} | added


class OverriddenLayouts(Protocol):
    """What a loaded project says of its layouts with overrides laid over them."""

    @property
    def every(self) -> tuple[Override, ...]: ...

    def layout_with(self, name: str, numbers: tuple[int, ...]) -> Any:
        """The `LoadedLayout` of this name with these overrides, later ones over earlier ones. Raises InputError."""
        ...

    def written(self, name: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """The layers of a layout as written, each with its id, which alternatives share."""
        ...
