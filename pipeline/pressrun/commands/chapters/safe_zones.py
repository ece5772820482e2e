"""Page sizes drawn: the trim as a sheet, and in it what texts and logos keep clear of."""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from pressrun.model.page import Page
from pressrun.model.page_sizes import PageSize, page_sizes

LONGEST = 120.0  # pixels of the longer edge, of the largest of a group


class Drawn(Struct, frozen=True):
    """A size, its page in points times ``scale``, and the safe area in it: x, y, width, height in drawn units."""

    size: PageSize
    width: float
    height: float
    safe: tuple[float, float, float, float]

    @property
    def anchor(self) -> str:
        return f"size.{self.size.name}"

    @property
    def edges(self) -> str:
        """The safe zones in words."""
        if isinstance(self.size.safe, str):
            return f"{self.size.safe} all round"
        top, right, bottom, left = self.size.safe
        return f"{top} top, {right} right, {bottom} bottom, {left} left"


class Group(Struct, frozen=True):
    about: str
    sizes: tuple[Drawn, ...]


def drawn_sizes() -> tuple[Group, ...]:
    """All sizes in their groups, those of a group in one scale, but none too small to see."""
    return tuple(
        Group(about, tuple(_drawn(size, list(group)) for group in [list(some)] for size in group))
        for about, some in groupby(page_sizes().values(), key=lambda size: size.about)
    )


def _drawn(size: PageSize, group: list[PageSize]) -> Drawn:
    boxes = Page.model_validate(size.name).boxes()
    edges = [max(box.width, box.height) for box in (Page.model_validate(one.name).boxes().trim for one in group)]
    own = max(boxes.trim.width, boxes.trim.height)
    scale = LONGEST * max(own / max(edges), 0.45) / own
    x, y, width, height = (
        round(value * scale, 1)
        for value in (boxes.safe.x - boxes.trim.x, boxes.safe.y - boxes.trim.y, boxes.safe.width, boxes.safe.height)
    )
    return Drawn(size, round(boxes.trim.width * scale, 1), round(boxes.trim.height * scale, 1), (x, y, width, height))
