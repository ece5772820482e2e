"""What pages of a document say of themselves, and how they are bound."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pressrun.model.authored import Authored
from pressrun.model.page import Page


class PageKeys(Authored):
    """What one page of several says of itself."""

    page: Page | None = Field(
        default=None, description="Its size, bleed, safe area and panels, as far as they differ from the layout's."
    )
    ground: str | None = Field(
        default=None, description="The palette colour under everything on it; the layout's, if not said."
    )
    flow: str | None = Field(
        default=None,
        description="A layer of this page that goes on: the page is repeated until all of its text or table is set, "
        "or all layers of a grid. In a stack it has the room that the others leave, as its `fill`.",
    )
    spread: bool = Field(
        default=False,
        description="Whether it is two pages that lie beside each other in a booklet, drawn as one: `bleed`, `trim` "
        "and `safe` are of both, and boxes may stand `in: left-page` or `right-page`.",
    )


def _booklet(value: Any) -> Any:
    if isinstance(value, bool):
        return {} if value else None
    return value


class Booklet(Authored):
    """How the pages of a document are bound."""

    multiple: int = Field(
        default=4, ge=1, le=64, description="A number that its pages are filled up to a multiple of, by blank ones."
    )
    blank_before: str | None = Field(
        default=None, description="The id of the page before which blank ones stand, as the back cover. Left out: last."
    )


BookletField = Annotated[Booklet | None, BeforeValidator(_booklet)]
