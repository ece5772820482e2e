"""Pages that are drawn only when somebody looks at what is on them: most of many rows are never looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property

from PIL import Image

from pressrun import export as export_stage
from pressrun.export import Drawable, View
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.plates.ground import Ground, ShapedGround, grounds_of
from pressrun.model.code_mark import CodeMark
from pressrun.model.geometry import Rect
from pressrun.model.inspection import PixelBox, TextGround
from pressrun.model.reach import reach_of
from pressrun.model.rendering import Level, Overlay
from pressrun.model.sheet import ShapeMark, Sheet, TextMark, is_on_plate

Letters = Callable[[TextMark], Sequence[Rect]]


class LaterPicture:
    """The page, as far as checks look at it; ``letters`` answers where a text has some, a few at a time."""

    def __init__(self, sheet: Sheet, under: Ground, drawn: Callable[[], View], letters: Letters) -> None:
        self.size, self._sheet, self._under, self._drawn, self._letters = under.size, sheet, under, drawn, letters
        self.width, self.height = under.size

    def crop(self, box: PixelBox) -> Image.Image:
        """A part of it. Where nothing lies but shapes whose look is known, and codes, of which nobody looks at more
        than what is around them in this size, it need not be drawn."""
        scale = self.width / self._sheet.boxes.bleed.width
        left, top, right, bottom = (edge / scale for edge in box)
        edge = -1 / scale  # as far as the smooth edge of something reaches
        rect = Rect(left, top, right - left, bottom - top).inset(edge, edge, edge, edge)
        shapes: list[ShapeMark] = []
        for mark in self._sheet.marks:
            if is_on_plate(mark) or not reach_of(mark).meets(rect):
                continue
            if isinstance(mark, CodeMark):
                shapes += [ShapeMark(mark.layer, mark.rect, "rect", mark.ground, None, 0, 0)] if mark.ground else []
            elif isinstance(mark, ShapeMark) and mark.is_plain:
                shapes.append(mark)
            elif not isinstance(mark, TextMark) or self._may_be_in(rect, mark):
                return self._drawn().page.picture.crop(box)
        return ShapedGround(self._under, tuple(shapes)).crop(box)

    def _may_be_in(self, rect: Rect, mark: TextMark) -> bool:
        """Whether something of a text may be seen in a rectangle, near which it is."""
        return mark.fit is None or mark.panel is not None or any(map(rect.meets, self._letters(mark)))


class _Once:
    """Draws when it is first asked. `functools.cache` takes ten times as long to make, and each page has one."""

    __slots__ = ("_draw", "_view")

    def __init__(self, draw: Callable[[], View]) -> None:
        self._draw, self._view = draw, list[View]()

    def __call__(self) -> View:
        if not self._view:
            self._view.append(self._draw())
        return self._view[0]


class LaterView:
    """A page over its plate, ``under``, with so many ``levels``; ``draw`` draws it, ``letters`` is what `LaterPicture`
    asks. See `pressrun.export.View`."""

    cutout = None

    def __init__(
        self, sheet: Sheet, under: Ground, levels: Sequence[Level], draw: Callable[[], View], letters: Letters
    ) -> None:
        self._under, self._levels, self._drawn = under, levels, _Once(draw)
        self.picture = LaterPicture(sheet, under, self._drawn, letters)

    @property
    def view(self) -> View:
        """What it looks like."""
        return self._drawn()

    @property
    def small(self) -> Ground:
        return self.view.small

    def grounds_of(self, sheet: Sheet) -> dict[str, TextGround]:
        """What each text and each logo stands on: on one level that is the plate, and shapes whose look is known."""
        if len(self._levels) == 1 and not self._levels[0].under:
            return grounds_of(sheet.placed, self._under)
        return self.view.grounds_of(sheet)


class Looks:
    """Pages of many sheets that are set together: none is drawn before one of them has to be."""

    def __init__(self, overlays: Sequence[Overlay], targets: Sequence[str], presses: Sequence[PressProfile]) -> None:
        self._overlays, self._targets, self._presses = overlays, targets, presses
        self._open = ExitStack()

    def __enter__(self) -> Looks:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @cached_property
    def _all(self) -> list[Drawable]:
        drawing = export_stage.to_be_drawn(self._overlays, self._targets, self._presses)
        return self._open.enter_context(drawing)

    def drawable(self, number: int) -> Drawable:
        """A page that can be drawn, by its number from 0. The first is often the only one."""
        if number == 0 and "_all" not in self.__dict__:
            drawing = export_stage.to_be_drawn(self._overlays[:1], self._targets[:1], self._presses[:1])
            return self._open.enter_context(drawing)[0]
        return self._all[number]
