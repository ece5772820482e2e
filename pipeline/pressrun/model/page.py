"""A page as designers write it: its finished size, bleed, safe area, and where it is folded."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.authored import Authored
from pressrun.model.folded_boxes import FoldedBoxes
from pressrun.model.geometry import EdgesField, Length, LengthField, PageBoxes, Rect, SpreadBoxes
from pressrun.model.page_sizes import PageSizeField, written_out

LONGEST_EDGE = 14_400.0  # points: what PDF readers take (ISO 32000-1, annex C)
FOLD_TOLERANCE = 0.05  # points by which panels may differ from their page


class Page(Authored):
    """A page: by the name of its size alone (``page: instagram-story``), or by keys."""

    SAID_ELSEWHERE: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("width", "height"), "both edges stand in 'trim', like trim: 148mm x 105mm"
    )

    size: str | None = Field(
        default=None,
        description="The name of a page size, which brings its trim and its safe zones along; `safe` here comes first.",
    )
    trim: PageSizeField = Field(
        description="The finished size, after cutting, where no `size` gives it: width x height, or the name of a size "
        "without its safe zones.",
    )
    orientation: Literal["portrait", "landscape"] | None = Field(
        default=None,
        description="Turns the page: portrait or landscape. Left out, it is as its size says.",
    )
    bleed: LengthField = Field(
        default=Length(0, "pt"),
        description="How far grounds and pictures reach beyond the trim; 3mm for most printers, none on screens.",
    )
    safe: EdgesField = Field(
        default=(Length(0, "pt"),) * 4,
        description="How far from the trim texts and logos stay: one length for all edges, two (above and "
        "below, at the sides), or four (top, right, bottom, left). Left out, it is as `size` says, or none.",
    )

    inner: LengthField | None = Field(
        default=None,
        description="How far texts and logos stay from the fold of a booklet, in place of `safe`: on the right of a "
        "left page, on the left of a right one.",
    )
    panels: tuple[LengthField, ...] = Field(
        default=(),
        description="The widths of the panels of a folded page from left to right, which add up to its width: it is "
        "folded between them. Boxes may stand `in: panel-1`: what the safe margins leave of it; a ground, `in: "
        "panel-1-bleed`: from fold to fold, and at the edges of the sheet with its bleed.",
    )
    panels_run: Literal["across", "down"] = Field(
        default="across",
        description="`down`: the panels lie one below the other, as those of a table tent or a wall calendar, and "
        "`panels` has their heights from top to bottom.",
    )

    @model_validator(mode="before")
    @classmethod
    def _sized(cls, page: Any) -> Any:
        return written_out(page)

    @model_validator(mode="after")
    def _has_room(self) -> Page:
        for edge in self.trim:
            if edge.unit == "%" or not 0 < edge.points(0) <= LONGEST_EDGE:
                raise ValueError(f"an edge of {edge} is no page; from 1px to 200in will do")
        if self.bleed.value < 0 or any(edge.value < 0 for edge in (*self.safe, *((self.inner,) if self.inner else ()))):
            raise ValueError("bleed and safe cannot be negative")
        boxes = self.boxes()
        if min(boxes.safe.width, boxes.safe.height) <= 0:
            raise ValueError("safe leaves no room on the page")
        if max(boxes.bleed.width, boxes.bleed.height) > 2 * LONGEST_EDGE:
            raise ValueError(f"a bleed of {self.bleed} is wider than the page")
        return self

    @model_validator(mode="after")
    def _folds_add_up(self) -> Page:
        if not self.panels:
            return self
        boxes = self.boxes()
        panels = boxes.panels
        if len(panels) < 2 or min(min(panel.width, panel.height) for panel in panels) <= 0:
            raise PydanticCustomError("bad_fold", "a page is folded into two panels or more", {"at": "panels"})
        down, trim = self.panels_run == "down", boxes.trim
        sum_ = sum(one.height if down else one.width for one in panels)
        most = trim.height if down else trim.width
        if abs(sum_ - most) > FOLD_TOLERANCE:
            context = {
                "at": "panels", "hint": f"change one of the {'heights' if down else 'widths'}",
                "sum": _millimetres(sum_), "most": _millimetres(most), "long": "high" if down else "wide",
            }  # fmt: skip
            raise PydanticCustomError("bad_fold", "the panels add up to {sum}, and the page is {most} {long}", context)
        return self

    def spread(self, *, is_left: bool) -> SpreadBoxes:
        """The boxes of one of two pages that are drawn as one."""
        return SpreadBoxes.of(self.boxes(is_left=True), self.boxes(), is_left=is_left)

    def boxes(self, *, is_left: bool = False) -> PageBoxes:
        """The page's boxes in points, where it lies right in an open book or left; ``%`` in ``safe``, ``inner`` and
        ``bleed`` is of the trim's shorter edge."""
        width, height = (edge.points(0) for edge in self.trim)
        if (self.orientation == "landscape" and width < height) or (self.orientation == "portrait" and width > height):
            width, height = height, width
        short = min(width, height)
        bleed = self.bleed.points(short)
        trim = Rect(bleed, bleed, width, height)
        top, right, bottom, left = (edge.points(short) for edge in self.safe)
        if self.inner is not None:
            inner = self.inner.points(short)
            left, right = (left, inner) if is_left else (inner, right)
        bled, safe = Rect(0, 0, width + 2 * bleed, height + 2 * bleed), trim.inset(top, right, bottom, left)
        if not self.panels:
            return PageBoxes(bled, trim, safe)
        stacked = self.panels_run == "down"
        sizes = [panel.points(height if stacked else width) for panel in self.panels]
        begin = itertools.accumulate(sizes, initial=trim.y if stacked else trim.x)
        panels = (
            Rect(trim.x, at, width, size) if stacked else Rect(at, trim.y, size, height)
            for at, size in zip(begin, sizes, strict=False)
        )
        return FoldedBoxes(bled, trim, safe, tuple(panels), stacked=stacked)


def _millimetres(points: float) -> str:
    return f"{points * 25.4 / 72:.4g} mm"
