"""A grid: layers in columns and rows, each in a cell, which close up where one is absent."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from msgspec.structs import replace
from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.containment import ROOM_LEFT, Arranged, Contained, out_of_room
from pressrun.model.geometry import Frames, Length, LengthField, Rect, length_told, parse_length
from pressrun.model.layout import ContainerOptions
from pressrun.model.sheet import Mark
from pressrun.model.spans import ROOM_BEFORE, Align, Anchor


def _columns(value: object) -> object:
    """A number of equal columns, or a list of lengths and shares."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (1.0,) * value
    if isinstance(value, (list, tuple)):
        return tuple(float(one) if isinstance(one, (int, float)) else parse_length(one) for one in value)
    return value


def _gaps(value: object) -> object:
    return tuple(map(parse_length, value)) if isinstance(value, list) else (parse_length(value),) * 2


Columns = Annotated[tuple[float | Length, ...], BeforeValidator(_columns), Field(min_length=1, max_length=100)]
Gaps = Annotated[tuple[Length, Length], BeforeValidator(_gaps)]


class GridLayer(ContainerOptions):
    """Boxes of its layers are measured from their cells, which are as high as the highest in their row; a picture is no
    wider than its cell. On a page that flows the grid goes on in whole rows, as long as there are layers in it."""

    FLOWS: ClassVar[bool] = True
    HUGS: ClassVar[bool] = True
    PLACES: ClassVar[bool] = True

    type: Literal["grid"] = Field(description="Layers in columns and rows.")
    columns: Columns = Field(
        default=(1.0, 1.0),
        description="How many columns of one width, or a list of them: lengths, and numbers for shares of the rest.",
    )
    gap: Gaps = Field(
        default=(Length(0, "pt"), Length(0, "pt")),
        description="The room between two cells: one length, or two, between columns and between rows.",
    )
    row_height: LengthField | None = Field(
        default=None,
        description="How high rows are; a picture whose box says no size fills its cell. Left out, as the highest "
        "layer in each; where nothing tells that, rows share the height of the box.",
    )
    align: Align = Field(default="start", description="Where a layer stands in a wider cell.")
    anchor: Anchor = Field(default="top", description="Where a layer stands in a higher cell.")

    @model_validator(mode="after")
    def _columns_are_wide(self) -> GridLayer:
        if any((one.value if isinstance(one, Length) else one) <= 0 for one in self.columns):
            raise ValueError("a column has a width, or a share of the rest")
        return self

    def widths(self, room: float) -> list[float]:
        """Of the columns, in points."""
        gap = self.gap[0].points(room)
        fixed = [one.points(room) if isinstance(one, Length) else 0.0 for one in self.columns]
        shares = [0.0 if isinstance(one, Length) else one for one in self.columns]
        rest = max(0.0, room - sum(fixed) - gap * (len(self.columns) - 1))
        return [width + rest * share / (sum(shares) or 1.0) for width, share in zip(fixed, shares, strict=True)]

    def room(self, frames: Frames) -> Rect:
        """One cell, of the widest column."""
        whole = super().room(frames)
        height = self.row_height.points(whole.height) if self.row_height else whole.height
        return Rect(whole.x, whole.y, max(self.widths(whole.width)), height)

    def fitting(self, composing: Composing, children: Iterator[Contained]) -> tuple[list[Contained], bool]:
        """The first of its layers, in as many whole rows as its box has room for."""
        room = composing.rect(self)
        widths = self.widths(room.width)
        down = self.gap[1].points(room.height)
        found: list[Contained] = []
        y = room.y
        while cells := list(itertools.islice(children, len(widths))):
            cells, high = self._measured(cells, widths, room, y)
            y += high
            if y > room.bottom + ROOM_LEFT:
                return found, False
            found += cells
            y += down
        return found, True

    def _measured(
        self, cells: list[Contained], widths: Sequence[float], room: Rect, y: float
    ) -> tuple[list[Contained], float]:
        """A row that begins there with its sizes, and its height; of one whose layers do not tell theirs, that is all
        that there is."""
        if self.row_height is not None:
            return cells, self.row_height.points(room.height)
        rooms = [Rect(room.x, y, width, room.height) for width in widths]
        sizes = [cell.size(place, place.width, None) for cell, place in zip(cells, rooms, strict=False)]
        known = [replace(cell, known=size) for cell, size in zip(cells, sizes, strict=True)]
        return known, max((high for _, high in sizes if high is not None), default=room.height)

    def arrange(self, composing: Composing, children: Sequence[Contained]) -> Arranged:
        room = composing.rect(self)
        widths = self.widths(room.width)
        across, down = (gap.points(edge) for gap, edge in zip(self.gap, (room.width, room.height), strict=True))
        count = math.ceil(len(children) / len(widths))
        said = self.row_height.points(room.height) if self.row_height else None
        shared = (room.height - down * (count - 1)) / max(count, 1) if said is None else said
        marks: list[Mark] = []
        larger: CannotCompose | None = None
        y = room.y
        for row in range(count):
            cells = children[row * len(widths) : (row + 1) * len(widths)]
            rooms = [Rect(room.x, y, width, shared) for width in widths]
            sizes = [child.size(cell, cell.width, said) for child, cell in zip(cells, rooms, strict=False)]
            high = max((height for _, height in sizes if height is not None), default=shared) if said is None else said
            x = room.x
            for child, (wide, height), width in zip(cells, sizes, widths, strict=False):
                if wide is None or (wide > width and child.box.width is None):  # a picture of its own shape
                    wide = width
                own = Rect(0, 0, wide, high if height is None else height)
                larger = larger or _larger_than_its_cell(child, own, Rect(0, 0, width, high), composing.target)
                place = Rect(
                    x + ROOM_BEFORE[self.align] * (width - own.width),
                    y + ROOM_BEFORE[self.anchor] * (high - own.height),
                    own.width, own.height,
                )  # fmt: skip
                if composing.mirrored(self):
                    place = Rect(room.x + room.right - place.right, place.y, place.width, place.height)
                made = child.composed(place)
                marks += made.marks
                x += width + across
            y += high + down
        taken = max(0.0, y - down - room.y)
        widest = sum(widths) + across * (len(widths) - 1)
        needed = Rect(room.x, room.y, widest if count else 0.0, taken)
        hint = "give it a larger box, narrower columns, or fewer layers"
        fault = out_of_room("grid-too-small", "cells", needed, room, composing.target, hint)
        fixed = self.box.height is not None and composing.place is None
        wide = widest if composing.hugs and self.box.width is None else room.width
        extent = Rect(room.x, room.y, wide, room.height if fixed else taken)
        return Arranged(tuple(marks), extent, fault or larger)


def _larger_than_its_cell(child: Contained, own: Rect, cell: Rect, target: str) -> CannotCompose | None:
    for length, there, adjective, holder, hint in (
        (own.width, cell.width, "wide", "cell", "give it a smaller width, or its column a larger one"),
        (own.height, cell.height, "high", "row", "give it a smaller height, or the row a larger one"),
    ):
        if length > there + ROOM_LEFT:
            taken, given = length_told(length, target), length_told(there, target)
            message = f"'{child.name}' is {taken} {adjective}, and its {holder} {given}"
            return CannotCompose("grid-too-small", message, hint)
    return None
