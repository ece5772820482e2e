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

    type: Literal["code"] = Field(description="A QR code.")
    code: Literal["qr"] = Field(default="qr", description="The kind of code.")
    value: str = Field(description="What it says: a template, mostly of an address. Short is better.")
    color: str = Field(default="ink", description="The palette colour of the modules; dark.")
    ground: str | None = Field(
        default="paper",
        description="The palette colour under the code, quiet zone included; none lets show what is below.",
    )
    quiet: int = Field(default=4, ge=0, le=20, description="The clear zone around it, in modules. Scanners ask for 4.")
    error_correction: Literal["L", "M", "Q", "H"] = Field(
        default="M",
        description="How much of it may be damaged and still be read: L 7 %, M 15 %, Q 25 %, H 30 %. More makes "
        "finer modules.",
    )

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))
        if self.ground:
            yield NameUsed("color", self.ground, ("ground",))

    def compose(self, composing: Composing) -> Iterator[CodeMark]:
        value = composing.content.get("value", "").strip()
        if not value:
            raise CannotCompose("empty-code", "the code has no value", "fill the cell, or give the layer a `when`")
        try:
            modules = qr_modules(value, self.error_correction, 0 if composing.dry else None)
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
def qr_modules(value: str, error_correction: str, mask: int | None = None) -> tuple[str, ...]:
    """Rows of 0 and 1. Seven of the eight milliseconds go into the best mask, and many pages share a code."""
    code = segno.make_qr(value, error=error_correction, boost_error=False, mask=mask)
    return tuple("".join(map(str, row)) for row in code.matrix)
