"""A stack: layers one after the other, which close up where one is absent and move where one grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field

from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.containment import ROOM_LEFT, Arranged, Contained, out_of_room
from pressrun.model.geometry import LengthField, Rect
from pressrun.model.layout import ContainerOptions
from pressrun.model.spans import ROOM_BEFORE, Align

Place = tuple[Contained, Rect]


class StackLayer(ContainerOptions):
    """Texts, tables and stacks take the height that they need, up to that of their box; pictures have their own shape.
    All else is as large as its box says; across a stack, as large as the stack is."""

    HUGS: ClassVar[bool] = True
    PLACES: ClassVar[bool] = True

    type: Literal["stack"] = Field(description="Layers one after the other, below or beside each other.")
    run: Literal["down", "across"] = Field(
        default="down",
        description="`down` has them below each other; `across` beside each other, in the direction of writing.",
    )
    gap: LengthField | None = Field(
        default=None,
        description="The room between two of them. Left out, texts below each other stand as lines of one text do, "
        "baseline to baseline by the leading of their role (the mean of two); all else touches.",
    )
    align: Align = Field(
        default="start",
        description="Where they stand in more width than they need; start is left, or right in languages written from "
        "there.",
    )
    anchor: Literal["top", "middle", "bottom", "baseline"] = Field(
        default="top",
        description="Where they stand in more height than they need; `baseline`, across: their first lines on one line."
    )
    spread: bool = Field(default=False, description="Whether the room that is left over goes between them.")
    wrap: bool = Field(default=False, description="Across: whether what does not fit beside others goes below them.")
    line_gap: LengthField | None = Field(
        default=None, description="With `wrap`: the room between two lines. Left out, as `gap`."
    )
    fill: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="The id of the layer in it that takes the room that the others leave."
    )

    def children_named(self) -> Iterable[tuple[str, tuple[str | int, ...]]]:
        if self.fill is not None:
            yield self.fill, ("fill",)

    def arrange(self, composing: Composing, children: Sequence[Contained]) -> Arranged:
        room = composing.rect(self)
        hugs = composing.hugs and self.box.width is None
        if self.run == "down":
            sized = list(self._down(room, children, hugs=hugs))
            if (yielding := self._yielding(room, sized)) is not None:
                sized = list(self._down(room, children, hugs=hugs, less=yielding))
        else:
            sized = list(self._across(room, children))
        from_right = composing.mirrored(self)
        made = [child.composed(_mirrored(rect, room) if from_right else rect) for child, rect in sized]
        taken = max((rect.bottom for _, rect in sized), default=room.y) - room.y
        fixed = self.box.height is not None and composing.place is None
        needed = self._needed_width(children, sized) if hugs else None
        extent = Rect(room.x, room.y, room.width if needed is None else needed, room.height if fixed else taken)
        widest = max((rect.right for _, rect in sized), default=room.x) - room.x
        hint = "give it a larger box, its largest text a range of sizes down to smaller ones, or fewer layers"
        all_of_it = Rect(room.x, room.y, widest, taken)
        fault = out_of_room("stack-too-small", "layers", all_of_it, room, composing.target, hint)
        return Arranged(tuple(mark for one in made for mark in one.marks), extent, fault)

    def _needed_width(self, children: Sequence[Contained], sized: Sequence[Place]) -> float | None:
        """That of its layers, where each tells its own; None where they are as wide as there is room."""
        widths = [*(child.box.width for child in children), self.gap if self.run == "across" else None]
        if any(width and width.unit == "%" for width in widths):
            return None
        if self.run == "across" and (self.spread or self.fill is not None):
            return None
        if self.run == "down":
            return max((rect.width for _, rect in sized), default=0.0)
        left = min((rect.x for _, rect in sized), default=0.0)
        return max((rect.right for _, rect in sized), default=0.0) - left

    def _yielding(self, room: Rect, sized: Sequence[Place]) -> tuple[Contained, float] | None:
        """Each has had what those before it leave, so that later ones are as small as they can be. Of layers that are
        too high still the highest that fits into less, as a text with a range of sizes does, and so into what the
        others leave, with its height there."""
        over = max((rect.bottom for _, rect in sized), default=room.y) - room.bottom
        if over <= ROOM_LEFT or self.fill is not None:
            return None
        for child, rect in sorted(sized, key=lambda place: -place[1].height):
            less = replace(rect, height=rect.height - over)
            may_yield = child.hugs and child.box.height is None and less.height > 0
            if may_yield and child.extent(less, False).height <= less.height + ROOM_LEFT:
                return child, less.height
        return None

    def _down(
        self, room: Rect, children: Sequence[Contained], *, hugs: bool, less: tuple[Contained, float] | None = None
    ) -> Iterator[Place]:
        """The layers below each other; one may have ``less`` height than it needs."""
        sizes: dict[int, tuple[float, float]] = {}
        left = room.height - (self.gap.points(room.height) if self.gap else 0.0) * max(0, len(children) - 1)

        def settle(at: int, *, fills: bool) -> float:
            """What is left below a layer once it has its size."""
            child = children[at]
            height_left = less[1] if less and child is less[0] else max(left, 0.0)
            rest = Rect(room.x, room.y, room.width, height_left)
            wide = None if hugs and child.needs_measuring else room.width
            width, height = child.size(room, wide, rest.height if fills else None, rest)
            if height is None or width is None:
                raise _sizeless(child, "height")
            sizes[at] = width, rest.height if fills else height
            return left - sizes[at][1]

        for at, child in enumerate(children):
            if not self._fills(child):
                left = settle(at, fills=False)
        gaps = list(self._gaps(room, children, sizes, left))
        left -= 0.0 if self.gap else sum(gaps)
        for at, child in enumerate(children):
            if self._fills(child):
                left = settle(at, fills=True)
        between, y = self._between(left, 0.0, len(children), self.anchor)
        y += room.y
        for at, child in enumerate(children):
            width, height = sizes[at]
            x = room.x + ROOM_BEFORE[self.align] * (room.width - width)
            yield child, Rect(x, y, width, height)
            y += height + (gaps[at] if at < len(gaps) else 0.0) + between

    def _gaps(
        self, room: Rect, children: Sequence[Contained], sizes: Mapping[int, tuple[float, float]], left: float
    ) -> Iterator[float]:
        """The room after each layer but the last. Where none is said, texts have their leading as far as there is
        room ``left``: a stack is not too small for it."""
        if self.gap is not None:
            yield from [self.gap.points(room.height)] * (len(children) - 1)
            return
        lines = [
            child.lines(Rect(room.x, room.y, *sizes[at])) if at in sizes else None for at, child in enumerate(children)
        ]
        asked = [above.room_before(below) if above and below else 0.0 for above, below in pairwise(lines)]
        share = min(1.0, max(left, 0.0) / sum(asked)) if sum(asked) > 0 else 1.0
        yield from (gap * share for gap in asked)

    def _across(self, room: Rect, children: Sequence[Contained]) -> Iterator[Place]:
        gap = self.gap.points(room.width) if self.gap else 0.0
        y = room.y
        for line in self._lines(room, gap, children):
            high = max((height for _, _, height in line if height is not None), default=0.0)
            if self.box.height is not None and not self.wrap:
                high = room.height
            left = room.width - sum(width for _, width, _ in line) - gap * (len(line) - 1)
            between, x = self._between(left, gap, len(line), self.align)
            x += room.x
            tops = self._tops(line, Rect(x, y, room.width, high))
            for (child, width, height), top in zip(line, tops, strict=True):
                yield child, Rect(x, top, width, high if height is None else height)
                x += width + between
            lowest = max((top + (height or 0) for (_, _, height), top in zip(line, tops, strict=True)), default=y)
            y = max(y + high, lowest) + (gap if self.line_gap is None else self.line_gap.points(room.width))

    def _lines(
        self, room: Rect, gap: float, children: Sequence[Contained]
    ) -> Iterator[list[tuple[Contained, float, float | None]]]:
        """Layers beside each other, with their widths and heights (None: as high as the line)."""
        high = room.height if self.box.height is not None and not self.wrap else None
        known: dict[int, tuple[float | None, float | None]] = {
            at: child.size(room, None, high) for at, child in enumerate(children) if not self._comes_later(child)
        }
        left = room.width - gap * max(0, len(children) - 1) - sum(width or 0.0 for width, _ in known.values())
        for at in sorted(set(range(len(children))) - known.keys(), key=lambda at: self._fills(children[at])):
            rest = Rect(room.x, room.y, room.width if self.wrap else max(left, 0.0), room.height)
            width = rest.width if self._fills(children[at]) else None
            known[at] = children[at].size(room, width, high, rest)
            left -= known[at][0] or 0.0
        line: list[tuple[Contained, float, float | None]] = []
        taken = 0.0
        for at, child in enumerate(children):
            width, height = known[at]
            if width is None:
                raise _sizeless(child, "width")
            if self.wrap and line and taken + width > room.width + ROOM_LEFT:
                yield line
                line, taken = [], 0.0
            line.append((child, width, height))
            taken += width + gap
        yield line

    def _comes_later(self, child: Contained) -> bool:
        return child.needs_measuring or self._fills(child)

    def _fills(self, child: Contained) -> bool:
        """Whether it takes the room that the others leave: one without an id never does."""
        return self.fill is not None and child.id == self.fill

    def _tops(self, line: Sequence[tuple[Contained, float, float | None]], room: Rect) -> list[float]:
        heights = [room.height if height is None else height for _, _, height in line]
        if self.anchor != "baseline":
            return [room.y + ROOM_BEFORE[self.anchor] * (room.height - height) for height in heights]
        places = [Rect(room.x, room.y, width, height) for (_, width, _), height in zip(line, heights, strict=True)]
        baselines = [child.baseline(place) for (child, _, _), place in zip(line, places, strict=True)]
        lowest = max(baselines, default=room.y)
        return [room.y + lowest - baseline for baseline in baselines]

    def _between(self, left: float, gap: float, count: int, side: str) -> tuple[float, float]:
        """The room between two layers, and before the first."""
        if self.spread and count > 1 and left > 0:
            return gap + left / (count - 1), 0.0
        return gap, ROOM_BEFORE.get(side, 0.0) * max(left, 0.0)


def _mirrored(rect: Rect, room: Rect) -> Rect:
    return Rect(room.x + room.right - rect.right, rect.y, rect.width, rect.height)


def _sizeless(child: Contained, edge: Literal["width", "height"]) -> CannotCompose:
    hint = f"give its box a {edge}" + (", or let the stack fill the room with it" if edge == "height" else "")
    return CannotCompose("no-size-in-stack", f"nothing tells the {edge} of '{child.name}'", hint)
