"""Codes read again from what their page looks like: equal ones in one place and on one ground once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from PIL import Image

from pressrun import export as export_stage
from pressrun.export import Drawable
from pressrun.graphics.codes.barcodes import BETWEEN, reading
from pressrun.graphics.plates.ground import Ground
from pressrun.model.code_mark import CodeMark
from pressrun.model.geometry import SCREEN_DENSITY, Rect, bounds, met_by
from pressrun.model.sheet import Placed, Sheet
from pressrun.model.symbology import SYMBOLOGIES

DENSITY = 300.0  # pixels per inch at which a code in print is read that is not read at fewer
SHARP = 3.0  # pixels to a module, of which a code is read as well as of more
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
        drawn as finely as it has to be, on screens from the page as it is ``seen``."""

        def pictures(rect: Rect, module: float) -> Iterator[Image.Image]:
            if sheet.target == "print":
                for density in dict.fromkeys((sharp_density(module), DENSITY)):
                    yield export_stage.gray_part(drawable(), plate, rect, density)
            else:
                yield _seen_part(seen(), rect)

        def read(one: Placed) -> tuple[str, ...]:
            mark = one.mark
            assert isinstance(mark, CodeMark), "nothing else is read"
            if mark.layer in known:
                return known[mark.layer]
            rect = bounds(looked_at(mark), one.matrix)
            near = [sheet.placed[place] for place in met_by(rect, [other.bounds for other in sheet.placed])]
            key = f"{sheet.layout} {sheet.target} {plate_key} {rect} {near}"
            if key not in self._kept:
                while len(self._kept) >= READINGS_KEPT:
                    del self._kept[next(iter(self._kept))]
                looks = pictures(rect, mark.module * one.enlargement)
                self._kept[key] = _read((_upright(picture, one) for picture in looks), mark)
            return self._kept[key]

        return read


def looked_at(mark: CodeMark) -> Rect:
    """What is looked at of a code, where it stands upright: its zone, and a little of what is around that."""
    return mark.zone.inset(*[-2 * mark.module] * 4)


def sharp_density(module: float) -> float:
    """Pixels per inch at which a code in print, with modules of so many points, is read first."""
    return min(DENSITY, 72 * SHARP / module)


def _seen_part(page: Ground, rect: Rect) -> Image.Image:
    scale = SCREEN_DENSITY / 72
    left, top, right, bottom = (round(edge * scale) for edge in (rect.x, rect.y, rect.right, rect.bottom))
    box = max(0, left), max(0, top), min(page.size[0], right), min(page.size[1], bottom)
    seen = page.picture.crop(box) if box[0] < box[2] and box[1] < box[3] else Image.new("RGB", (1, 1))
    return seen.convert("L")


def _upright(picture: Image.Image, one: Placed) -> Image.Image:
    """A code of bars (gray) that is turned by an odd angle, as a scanner holds it; one of squares is found as it is."""
    a, b, _, _, _, _ = one.matrix
    angle = math.degrees(math.atan2(b, a))
    assert isinstance(one.mark, CodeMark)
    if not SYMBOLOGIES[one.mark.kind].is_linear or not ASIDE < angle % 90 < 90 - ASIDE:
        return picture
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def _read(pictures: Iterable[Image.Image], mark: CodeMark) -> tuple[str, ...]:
    """Looked at in each picture, the finest of which is the last, then in that again, and in double size: a camera sees
    more of it than its pixels."""
    add_on = BETWEEN in mark.reads and SYMBOLOGIES[mark.kind].is_retail
    for picture in pictures:
        read = reading(picture, mark.kind, add_on=add_on, thorough=False)
        if mark.reads in read:
            return read
    read = reading(picture, mark.kind, add_on=add_on) or read
    if mark.reads in read:
        return read
    larger = picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
    return reading(larger, mark.kind, add_on=add_on) or read
