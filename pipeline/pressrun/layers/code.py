"""A QR code: the one file that imports segno."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

import segno
from pydantic import Field

from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.geometry import Rect
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.sheet import CodeMark


class CodeLayer(LayerOptions):
    """``quiet`` is the clear zone in modules (ISO/IEC 18004 asks for 4), inside the box; ``ground`` fills it."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("value",)
    LIVE: ClassVar[bool] = True

    type: Literal["code"]
    code: Literal["qr"] = "qr"
    value: str
    color: str = "ink"
    ground: str | None = "paper"
    quiet: int = Field(default=4, ge=0, le=20)
    error_correction: Literal["L", "M", "Q", "H"] = "M"

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))
        if self.ground:
            yield NameUsed("color", self.ground, ("ground",))

    def compose(self, composing: Composing) -> Iterator[CodeMark]:
        value = composing.content.get("value", "").strip()
        if not value:
            raise CannotCompose("empty-code", "the code has no value", "fill the cell, or give the layer a `when`")
        try:
            modules = qr_modules(value, self.error_correction)
        except segno.DataOverflowError as error:
            raise CannotCompose("code-too-long", f"{len(value)} characters do not fit a QR code") from error
        rect = composing.rect(self)
        side = min(rect.width, rect.height)
        x = rect.right - side if composing.mirrored(self) else rect.x
        yield CodeMark(
            composing.layer,
            Rect(x, rect.y, side, side),
            value,
            modules,
            self.quiet,
            composing.ink(self.color),
            composing.ink(self.ground) if self.ground else None,
        )


@functools.lru_cache(maxsize=512)
def qr_modules(value: str, error_correction: str) -> tuple[str, ...]:
    """Rows of 0 and 1. Seven of the eight milliseconds go into the best mask, and many pages share a code."""
    code = segno.make_qr(value, error=error_correction, boost_error=False)
    return tuple("".join(map(str, row)) for row in code.matrix)
