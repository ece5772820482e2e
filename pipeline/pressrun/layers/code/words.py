"""What people read of a code: the digits of EAN and UPC in their places, and lines above and below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.layers.code.geometry import OVER, TITLE, Standing
from pressrun.model.composition import Composing, TextOptions
from pressrun.model.geometry import Rect
from pressrun.model.opentype import feature_tags
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Paragraphs

DIGIT = 7.0  # modules that a digit of EAN and UPC has
OF_ADD_ON = 9.0  # modules from one digit of an add-on to the next
FIGURES = 8.3  # modules that figures are high, at most (2.75 mm at 100 %)
OF_EM = 0.7  # of an em that figures are high
SMALL = 0.75  # of the others, the digits of UPC that stand outside
GAP = 0.16  # of a line's room, which stays free above it
AIR = 0.9  # modules between bars and digits
SIZES = "4pt", "40pt"
ALL = "0123456789"
SAME_WIDTH = 1e-4  # em


class Words(Struct, frozen=True):
    """The texts of a code, in a role and an ink of the brand."""

    layer: TextOptions
    resolved: dict[tuple[float, ...], dict[int, Any]] = field(default_factory=dict)
    widths: list[float] = field(default_factory=list)
    """In em, how wide each digit is, once that is measured."""
    figures: list[TextMark] = field(default_factory=list)
    """A digit, its place and size still to be found, once there is one."""

    def digits(self, composing: Composing, standing: Standing, number: str, more: str, kind: str) -> Iterator[TextMark]:
        """The digits of a number and its add-on in the places of their bars, as one text where they stand together."""
        module = standing.module
        size = self._size(composing, module)
        at = standing.rect.x + standing.quiet[0] * module  # where its bars begin
        baseline = standing.bars + AIR * module + size * OF_EM
        groups = (one for group in _groups(kind, number) for one in self._set_together(group))
        for count, group in enumerate(groups, start=1):
            yield self._group(composing, group, at, baseline, module, size, f"{count}")
        if more:
            first = standing.symbol.columns - (47 if len(more) == 5 else 20) + 4
            baseline = standing.core.y + OVER * module - AIR * module * 1.5
            of_add_on = self._set_together(Group(more, first, pitch=OF_ADD_ON))
            for count, group in enumerate(of_add_on, start=1):
                yield self._group(composing, group, at, baseline, module, size, f"add-on-{count}")

    def title(self, composing: Composing, standing: Standing, text: str) -> Iterator[TextMark]:
        """A line above a code."""
        rect, module = standing.rect, standing.module
        across = Rect(standing.core.x, rect.y, 95 * module, (TITLE - 2 * AIR) * module)
        yield from self._lines(composing, [text], across, "title")

    def below(self, composing: Composing, standing: Standing, lines: Sequence[str]) -> Iterator[TextMark]:
        """Lines below a code, across it and its quiet zone."""
        rect, gap = standing.rect, (standing.rect.bottom - standing.bars) * GAP / len(lines)
        place = Rect(rect.x, standing.bars + gap, rect.width, rect.bottom - standing.bars - gap)
        yield from self._lines(composing, lines, place, "line")

    def _lines(self, composing: Composing, lines: Sequence[str], place: Rect, name: str) -> Iterator[TextMark]:
        for mark in self._marks(composing, "\n".join(lines), place):
            height = sum(mark.edges) + (len(lines) - 1) * mark.leading
            most = max(mark.size_min, min(mark.size_max, place.height / height))
            layer = f"{composing.layer}/{name}"
            yield replace(mark, layer=layer, size_max=most, lines=len(lines), anchor="middle")

    def _group(
        self, composing: Composing, group: Group, at: float, baseline: float, module: float, size: float, name: str
    ) -> TextMark:
        size *= group.share
        if not self.figures:
            self.figures.extend(map(_as_figures, self._marks(composing, "0", Rect(0, 0, 1000, 1000))))
        mark = self.figures[0]
        width = (group.pitch * (len(group.digits) - 1) + DIGIT) * module
        rect = Rect(at + group.start * module, baseline - mark.edges[0] * size, width, 3 * size)
        return replace(
            mark, layer=f"{composing.layer}/{name}", rect=rect, size_min=size, size_max=size,
            spans=(replace(mark.spans[0], text=group.digits),),
            tracking=group.pitch * module / size - max(self.widths) if len(group.digits) > 1 else 0.0,
        )  # fmt: skip

    def _set_together(self, group: Group) -> list[Group]:
        """The group, if its digits are all as wide, so that even spaces have each in the middle of its bars; else each
        of them."""
        if max(self.widths) - min(self.widths) < SAME_WIDTH:
            return [group]
        starts = (group.start + group.pitch * place for place in range(len(group.digits)))
        return [group._replace(digits=digit, start=start) for digit, start in zip(group.digits, starts, strict=True)]

    def _size(self, composing: Composing, module: float) -> float:
        """The size in which the widest digit fits its place, and all are no higher than they should be."""
        if not self.widths:
            (mark,) = map(_as_figures, self._marks(composing, "\n".join(ALL), Rect(0, 0, 1000, 1000)))
            widths = composing.natural(replace(mark, size_min=10.0, size_max=10.0, lines=len(ALL))).widths
            self.widths.extend(width / 10 for width in widths)
        return min(FIGURES / OF_EM, DIGIT * 0.97 / max(self.widths)) * module

    def _marks(self, composing: Composing, text: str, place: Rect) -> list[TextMark]:
        own = replace(
            composing, content={"text": text}, place=place, number=0, shared_size=None,
            resolved=self.resolved.setdefault((place.x, place.y, place.width, place.height), {}),
        )  # fmt: skip
        marks = [one for one in self.layer.compose(own) if isinstance(one, TextMark)]
        return [replace(one, direction="ltr") for one in marks]


class Group(NamedTuple):
    """Digits that stand together, so many modules from one to the next: where their place begins in modules behind the
    first bar, and their share of the size."""

    digits: str
    start: float
    share: float = 1.0
    pitch: float = DIGIT


def _as_figures(mark: TextMark) -> TextMark:
    """With digits that are all as wide, where its font has such, however they meet."""
    said = mark.paragraphs or Paragraphs()
    features = (*said.features, *feature_tags(["lining", "tabular"]), "-kern")
    return replace(mark, paragraphs=replace(said, features=features))


def _groups(kind: str, number: str) -> list[Group]:
    """A number as it is printed."""
    if kind == "ean-8":
        return [Group(number[:4], 3), Group(number[4:], 36)]
    if kind == "upc-a":
        inner = Group(number[1:6], 10), Group(number[6:11], 50)
        return [Group(number[0], -8.5, SMALL), *inner, Group(number[11], 96.5, SMALL)]
    if kind == "upc-e":
        return [Group(number[0], -8.5, SMALL), Group(number[1:7], 3), Group(number[7], 52.5, SMALL)]
    return [Group(number[0], -9.5), Group(number[1:7], 3), Group(number[7:], 50)]


def text_options(role: str, color: str) -> dict[str, Any]:
    """What a text layer is made of for the words of a code."""
    return {
        "type": "text", "text": "", "role": role, "color": color, "size": SIZES, "align": "center", "mirror": False,
    }  # fmt: skip
