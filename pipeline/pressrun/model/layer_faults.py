"""What people write of layers who come from elsewhere, and ids that stand twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

_OF_BOXES = "it is of its box: `box: {%s: …}`"
_OF_TYPE = "the type is of the `role`, which the brand's typography says"
_OF_WHEN = "a layer is there where its `when` holds: a bare expression"
_OF_ORDER = "layers lie in the order in which they are listed, the first one lowest"
OF_LAYERS: Mapping[str, str] = MappingProxyType({
    **{key: _OF_BOXES % key for key in ("x", "y", "width", "height", "within")},
    **dict.fromkeys(("font", "font_family", "family", "typeface", "weight", "font_weight"), _OF_TYPE),
    **dict.fromkeys(("if", "condition", "visible", "show", "hidden", "unless"), _OF_WHEN),
    **dict.fromkeys(("z", "z_index", "z-index", "level", "order"), _OF_ORDER),
    **dict.fromkeys(("colour", "fill_color", "text_color"), "did you mean 'color'? It is a colour of the palette"),
    **dict.fromkeys(("font_size", "fontsize", "font-size"), "did you mean 'size'?"),
    **dict.fromkeys(("src", "source", "url", "path"), "did you mean 'file'?"),
    **dict.fromkeys(("stroke_width", "stroke-width", "line_width", "thickness"), "did you mean 'width'?"),
    "name": "did you mean 'id'?",
    "rotation": "did you mean 'rotate'?", "angle": "did you mean 'rotate'?",
    "line_height": "did you mean 'leading'?", "line-height": "did you mean 'leading'?",
    "margin": "where it stands is said by its box", "position": "where it stands is said by its box",
})  # fmt: skip
"""Keys that other programs and languages have, with what is meant by them here: of layers that do not have them."""

BY_ROW = "it is the same in every row: write several layers of one `id`, each with its `when`"
"""The way round where a key of a layer is to come from the rows, and takes no template."""
SALVAGED = "salvaged"
"""In the context of a validation: its faults are told, and what is left is looked at."""


def is_salvaged(info: ValidationInfo) -> bool:
    """Whether names may stand twice, so that what goes by them is not told to have none."""
    return bool(info.context and info.context.get(SALVAGED))


def two_have(are_pages: Sequence[bool]) -> str:
    """How a message begins that is of two layers, or pages."""
    return "two pages have" if all(are_pages) else "a page and a layer have" if any(are_pages) else "two layers have"


def two_of_one_id(name: str, layers: Sequence[Any], first: int, second: int) -> PydanticCustomError:
    """The fault of two layers, or pages, that have one id."""
    pages = [layers[at].type == "page" for at in (first, second)]
    hint = "give one of them another id"
    if second == first + 1 and not any(pages):
        hint += "; or, if the first that holds shall be taken, give each of them a `when`"
    told = {"message": f"{two_have(pages)} the id '{name}'", "at": ("layers", second, "id"), "hint": hint}
    return PydanticCustomError("duplicate_layer", "{message}", told)
