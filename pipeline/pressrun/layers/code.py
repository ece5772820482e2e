"""A QR code: the one file that imports zxingcpp."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

import zxingcpp
from pydantic import Field

from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.geometry import Rect
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.sheet import CodeMark


class CodeLayer(LayerOptions):
    """``quiet`` is the clear zone in modules (ISO/IEC 18004 asks for 4), inside the box; ``ground`` fills it."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("value",)

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

    def aspect(self, composing: Composing) -> float:
        return 1.0

    def compose(self, composing: Composing) -> Iterator[CodeMark]:
        value = composing.content.get("value", "").strip()
        if not value:
            raise CannotCompose("empty-code", "the code has no value", "fill the cell, or give the layer a `when`")
        try:
            modules = qr_modules(value, self.error_correction)
        except ValueError as error:
            raise CannotCompose("code-too-long", f"{len(value)} characters do not fit a QR code") from error
        yield CodeMark(
            composing.layer,
            composing.once(self._square),
            value,
            modules,
            self.quiet,
            composing.ink(self.color),
            composing.ink(self.ground) if self.ground else None,
        )

    def _square(self, composing: Composing) -> Rect:
        rect = composing.rect(self)
        side = min(rect.width, rect.height)
        return Rect(rect.right - side if composing.mirrored(self) else rect.x, rect.y, side, side)


@functools.lru_cache(maxsize=512)
def qr_modules(value: str, error_correction: str) -> tuple[str, ...]:
    """Rows of 0 and 1, 1 being dark. Raises ValueError for what is too long."""
    code = zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.QRCode, ec_level=error_correction)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(picture).tolist()
    return tuple("".join("0" if pixel else "1" for pixel in row) for row in rows)  # 0 is black
