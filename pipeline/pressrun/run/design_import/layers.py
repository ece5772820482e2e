"""A design's parts as a layout has them: plain data, as it is written into its file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pressrun.model.brand import Brand, Role
from pressrun.model.design import ArtworkPart, CodePart, Design, DesignPage, DesignPart, PicturePart, TextPart
from pressrun.model.geometry import POINTS_PER_UNIT, Rect
from pressrun.model.layout import Target
from pressrun.run.design_import.brand_names import BrandNames

UNITS = {"print": "mm", "screen": "px"}
SIZES = {"print": "pt", "screen": "px"}
FORMATS = {"print": ["press-pdf", "proof-png"], "screen": ["png"]}
HAIR = 0.02  # of a millimetre or pixel, by which programs round pages
Layer = dict[str, Any]


def layout_of(design: Design, brand: Brand, names: BrandNames) -> dict[str, Any]:
    """The whole layout."""
    writer = _Writer(design.target, brand, names)
    first = DesignPage(design.width, design.height, design.bleed, design.parts)
    said = {"page": writer.page(first), "target": design.target, "formats": FORMATS[design.target]}
    if not design.further:
        return {**said, "layers": writer.layers(first)}
    pages: list[Layer] = []
    for number, page in enumerate((first, *design.further), start=1):
        size = writer.page(page)
        own = {"page": size} if size != said["page"] else {}
        pages.append({"id": f"page-{number}", **own, "layers": writer.layers(page)})
    return {**said, "pages": pages}


class _Writer:
    def __init__(self, target: Target, brand: Brand, names: BrandNames) -> None:
        self._target, self._brand, self._names = target, brand, names

    def page(self, page: DesignPage) -> Layer:
        """Its size."""
        size: Layer = {"trim": f"{self._side(page.width)} x {self._side(page.height)}"}
        if page.bleed and self._target == "print":
            size["bleed"] = self.length(page.bleed)
        return size

    def _side(self, points: float) -> str:
        """A side of a page: the whole length that its designer wrote, where a program was a hair off it."""
        unit = POINTS_PER_UNIT[UNITS[self._target]]
        whole = round(points / unit)
        return self.length(whole * unit if abs(points / unit - whole) < HAIR else points)

    def layers(self, page: DesignPage) -> list[Layer]:
        return [dict(self.layer(part)) for part in page.parts]

    def length(self, points: float) -> str:
        return _told(points, UNITS[self._target])

    def layer(self, part: DesignPart) -> Iterator[tuple[str, Any]]:
        yield "type", {TextPart: "text", PicturePart: "image", CodePart: "code", ArtworkPart: "artwork"}[type(part)]
        yield "id", part.id
        if part.when:
            yield "when", part.when
        yield "box", {"in": "bleed"} if isinstance(part, ArtworkPart) and part.bleeds else self._box(part.box)
        if part.turn:
            yield "rotate", round(part.turn, 3)
        if part.opacity < 1:
            yield "opacity", f"{round(part.opacity * 100, 2):g}%"
        if not (isinstance(part, ArtworkPart) and part.bleeds):
            yield "mirror", False  # the artwork around it does not change sides
        match part:
            case TextPart():
                yield from self._text(part)
            case PicturePart():
                yield "file", part.file
                if not part.covers:
                    yield "fit", "contain"
                if part.round is not None:
                    yield "clip", self._clip(part.round)
            case CodePart():
                yield "value", part.value
                yield "color", self._names.color(part.color)
            case ArtworkPart():
                yield "file", part.file
                if part.page is not None:
                    yield "page", part.page

    def _box(self, box: Rect) -> Layer:
        sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        return {"in": "trim", **{side: self.length(points) for side, points in sides.items()}}

    def _clip(self, round: float) -> str | Layer:
        return "ellipse" if math.isinf(round) else {"shape": "rect", "radius": self.length(round)}

    def _text(self, part: TextPart) -> Iterator[tuple[str, Any]]:
        yield "text", part.text
        role = self._names.role(part.type)
        yield "role", role
        yield "color", self._names.color(part.color)
        smallest, largest = (_told(size, SIZES[self._target]) for size in part.sizes)
        yield "size", largest if smallest == largest else [smallest, largest]
        if part.align != "start":
            yield "align", part.align
        if part.anchor != "top":
            yield "anchor", part.anchor
        if part.lines > 1:
            yield "lines", part.lines
            yield "balance", False
        if part.leading is not None:  # a length where the size is one, too
            length, factor = _told(part.leading, SIZES[self._target]), round(part.leading / part.sizes[1], 4)
            yield "leading", length if smallest == largest else factor
        if self._brand.typography.get(role, Role()).tracking != part.tracking:
            yield "tracking", round(part.tracking, 4)
        if part.features:
            yield "features", list(part.features)


def _told(points: float, unit: str) -> str:
    return f"{round(points / POINTS_PER_UNIT[unit], 3):g}{unit}" if abs(points) < 1e5 else f"{points:.0f}pt"
