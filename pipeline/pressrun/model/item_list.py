"""A list of items that a layout goes through: what it is of, which of them, and in which order."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from pressrun.model.authored import Authored

COUNTER = "loop"  # the name under which an item's number is known
COUNTER_FIELDS = ("index", "first", "last", "length")
GROUP = "rows"  # the name under which layouts know the rows that share a sheet
REPEATED = "#"  # in the name of a layer that is repeated, before the number of its item
LEFT_OVER = "left_over"  # in a layer's content: how many items its limit leaves out


def _counts_no_items(id: str) -> str:
    if REPEATED in id:
        raise ValueError(f"{REPEATED} stands before the number of an item that a layer is repeated for; take it out")
    return id


def repeated_layer(name: str) -> str:
    """The layer, or cell of a table, whose name this is without the number of an item that it is repeated for."""
    return name.partition(REPEATED)[0]


def whole_layer(name: str) -> str:
    """The layer that a cell of a table is of, or an item that it is repeated for."""
    return repeated_layer(name).partition("/")[0]


LayerId = Annotated[str, AfterValidator(_counts_no_items)]


class ItemList(Authored):
    """``repeat: product.variants``, or with keys: ``{of: product.variants, sort: item.size, limit: 6}``."""

    of: str = Field(
        description="A bare expression that gives a list: a list of the row, the `rows` of a group, or the name of a "
        "table, for all its entries."
    )
    as_: str = Field(default="item", alias="as", description="The name by which each item is known.")
    where: str | None = Field(default=None, description="A bare expression over an item; what it refuses is left out.")
    sort: str | None = Field(
        default=None,
        description="A bare expression over an item by which they are ordered; several in parentheses. Left out, they "
        "stay as they are.",
    )
    descending: bool = Field(default=False, description="Whether the greatest of `sort` comes first.")
    limit: int | None = Field(default=None, ge=1, description="The most items; a note tells how many more there are.")

    @field_validator("as_")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if not value.isidentifier() or value.startswith("_") or value == COUNTER:
            raise ValueError(f"{value!r} cannot be a name; use letters, digits and _")
        return value


ItemListField = Annotated[ItemList, BeforeValidator(lambda said: {"of": said} if isinstance(said, str) else said)]
