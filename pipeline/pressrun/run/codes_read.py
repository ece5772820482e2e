"""Codes read again from what their page looks like: equal ones in one place and on one ground once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PIL import Image

from pressrun import export as export_stage
from pressrun.export import Drawable
from pressrun.graphics.barcodes import BETWEEN, reading
from pressrun.graphics.ground import Ground
from pressrun.model.code_mark import CodeMark
from pressrun.model.geometry import SCREEN_DENSITY, Rect, bounds
from pressrun.model.sheet import Placed, Sheet
from pressrun.model.symbology import SYMBOLOGIES

DENSITY = 300.0  # pixels per inch at which a code in print is read
READINGS_KEPT = 64
ASIDE = 0.5  # degrees that a code of bars may be turned and still be read as it stands


class CodesRead:
    """What a worker has read of codes, as long as it is of use."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, ...]] = {}

    def of_sheet(
        self, sheet: Sheet, plate_key: str, drawable: Callable[[], Drawable], plate: Ground, seen: Callable[[], Ground],
        known: Mapping[str, tuple[str, ...]],
    ) -> Callable[[Placed], tuple[str, ...]]:  # fmt: skip
        """Reads a code of a page, unless what it reads is ``known`` by its layer: in print from a part of it that is
        drawn finer than the page is ``seen``, on screens from that."""

        def part(rect: Rect) -> Image.Image:
            if sheet.target == "print":
                return export_stage.part(drawable(), plate, rect, DENSITY)
            page, scale = seen(), SCREEN_DENSITY / 72
            edges = rect.x, rect.y, rect.right, rect.bottom
            left, top, right, bottom = (round(edge * scale) for edge in edges)
            box = max(0, left), max(0, top), min(page.size[0], right), min(page.size[1], bottom)
            return page.picture.crop(box) if box[0] < box[2] and box[1] < box[3] else Image.new("RGB", (1, 1))

        def read(one: Placed) -> tuple[str, ...]:
            mark = one.mark
            assert isinstance(mark, CodeMark), "nothing else is read"
            if mark.layer in known:
                return known[mark.layer]
            rect = bounds(looked_at(mark), one.matrix)
            near = [other for other in sheet.placed if other.bounds.meets(rect)]
            key = f"{sheet.layout} {sheet.target} {plate_key} {rect} {near}"
            if key not in self._kept:
                while len(self._kept) >= READINGS_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = _read(_upright(part(rect), one), mark)
            return self._kept[key]

        return read


def looked_at(mark: CodeMark) -> Rect:
    """What is looked at of a code, where it stands upright: its zone, and a little of what is around that."""
    return mark.zone.inset(*[-2 * mark.module] * 4)


def _upright(picture: Image.Image, one: Placed) -> Image.Image:
    """A code of bars that is turned by an odd angle, as a scanner holds it; one of squares is found as it is."""
    a, b, _, _, _, _ = one.matrix
    angle = math.degrees(math.atan2(b, a))
    assert isinstance(one.mark, CodeMark)
    if not SYMBOLOGIES[one.mark.kind].is_linear or not ASIDE < angle % 90 < 90 - ASIDE:
        return picture
    return picture.convert("RGB").rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def _read(picture: Image.Image, mark: CodeMark) -> tuple[str, ...]:
    """Looked at again, and then in double size, where that fails: a camera sees more of it than its pixels."""
    add_on = BETWEEN in mark.reads and SYMBOLOGIES[mark.kind].is_retail
    read = reading(picture, mark.kind, add_on=add_on, thorough=False)
    if mark.reads in read:
        return read
    read = reading(picture, mark.kind, add_on=add_on) or read
    if mark.reads in read:
        return read
    larger = picture.convert("L").resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
    return reading(larger, mark.kind, add_on=add_on) or read
