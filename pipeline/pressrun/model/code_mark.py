"""A code on a sheet."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.symbology import SYMBOLOGIES, CodeKind, Edges


class CodeMark(Struct, dict=True, frozen=True):
    """A live code: the cells of its ``core`` as rows of 0 and 1, so many modules high each (1, if nothing is said), and
    ``fineness`` of them to a ``module`` (points). ``rect`` is all that it takes, its ``quiet`` zone (in modules: left,
    top, right, bottom) and the room of its words included. ``reads`` is what a scanner makes of it; bars are drawn
    narrower by ``reduction`` (points). ``least`` is the finest module that its printing process holds (points), if that
    is said. ``words`` are the layers of its texts, which stand on its ground."""

    layer: str
    rect: Rect
    value: str
    modules: tuple[str, ...]
    ink: Ink
    ground: Ink | None
    kind: CodeKind
    core: Rect
    module: float
    quiet: Edges
    heights: tuple[float, ...]
    fineness: int
    reads: str
    reduction: float = 0.0
    least: float | None = None
    words: tuple[str, ...] = ()

    @cached_property
    def zone(self) -> Rect:
        """Its core with the quiet zone that its standard asks for, which of an ITF-14 is within its bearers."""
        if self.kind == "itf-14" and "0" not in self.modules[0]:
            return self.core
        left, top, right, bottom = SYMBOLOGIES[self.kind].quiet
        return self.core.inset(*(-one * self.module for one in (top, right, bottom, left)))

    @cached_property
    def has_its_zone(self) -> bool:
        """Whether it has a ground that is as large as that."""
        return self.ground is not None and self.rect.contains(self.zone)
