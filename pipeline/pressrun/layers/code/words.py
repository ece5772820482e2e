"""What people read of a code: the digits of EAN and UPC in their places, and lines above and below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.layers.code.geometry import OVER, TITLE, Standing
from pressrun.model.composition import Composing, TextOptions
from pressrun.model.geometry import Rect
from pressrun.model.opentype import feature_tags
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Paragraphs

DIGIT = 7.0  # modules that a digit of EAN and UPC has
FIGURES = 8.3  # modules that figures are high, at most (2.75 mm at 100 %)
OF_EM = 0.7  # of an em that figures are high
SMALL = 0.75  # of the others, the digits of UPC that stand outside
GAP = 0.16  # of a line's room, which stays free above it
AIR = 0.9  # modules between bars and digits
SIZES = "4pt", "40pt"
ALL = "0123456789"


class Words(Struct, frozen=True):
    """The texts of a code, in a role and an ink of the brand."""

    layer: TextOptions
    resolved: dict[tuple[float, ...], dict[int, Any]] = field(default_factory=dict)
    widest: list[float] = field(default_factory=list)
    """In em, how wide the widest digit is, once that is measured."""
    figures: dict[str, TextMark] = field(default_factory=dict)
    """Each digit, its place and size still to be found."""

    def digits(self, composing: Composing, standing: Standing, number: str, more: str, kind: str) -> Iterator[TextMark]:
        """The digits of a number and its add-on, each in the place of its bars."""
        module = standing.module
        size = self._size(composing, module)
        at = standing.rect.x + standing.quiet[0] * module  # where its bars begin
        baseline = standing.bars + AIR * module + size * OF_EM
        for count, (digit, modules, share) in enumerate(_places(kind, number), start=1):
            yield self._digit(composing, digit, at + modules * module, baseline, module, size * share, f"{count}")
        if more:
            first = standing.symbol.columns - (47 if len(more) == 5 else 20) + 4
            baseline = standing.core.y + OVER * module - AIR * module * 1.5
            for place, digit in enumerate(more):
                x = at + (first + 9 * place) * module
                yield self._digit(composing, digit, x, baseline, module, size, f"add-on-{place + 1}")

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

    def _digit(
        self, composing: Composing, digit: str, x: float, baseline: float, module: float, size: float, name: str
    ) -> TextMark:
        width = DIGIT * module
        if digit not in self.figures:
            (self.figures[digit],) = map(_tabular, self._marks(composing, digit, Rect(0, 0, 1000, 1000)))
        mark = self.figures[digit]
        rect = Rect(x, baseline - mark.edges[0] * size, width, 3 * size)
        return replace(mark, layer=f"{composing.layer}/{name}", rect=rect, size_min=size, size_max=size)

    def _size(self, composing: Composing, module: float) -> float:
        """The size in which the widest digit fits its place, and all are no higher than they should be."""
        if not self.widest:
            (mark,) = map(_tabular, self._marks(composing, "\n".join(ALL), Rect(0, 0, 1000, 1000)))
            widths = composing.natural(replace(mark, size_min=10.0, size_max=10.0, lines=len(ALL))).widths
            self.widest.append(max(widths) / 10)
        return min(FIGURES / OF_EM, DIGIT * 0.97 / self.widest[0]) * module

    def _marks(self, composing: Composing, text: str, place: Rect) -> list[TextMark]:
        own = replace(
            composing, content={"text": text}, place=place, number=0, shared_size=None,
            resolved=self.resolved.setdefault((place.x, place.y, place.width, place.height), {}),
        )  # fmt: skip
        marks = [one for one in self.layer.compose(own) if isinstance(one, TextMark)]
        return [replace(one, direction="ltr") for one in marks]


def _tabular(mark: TextMark) -> TextMark:
    """With digits that are all as wide, where its font has such: beside a narrow one a blank would be copied."""
    said = mark.paragraphs or Paragraphs()
    return replace(mark, paragraphs=replace(said, features=(*said.features, *feature_tags(["lining", "tabular"]))))


def _places(kind: str, number: str) -> Iterator[tuple[str, float, float]]:
    """Each digit of a number, where its place begins in modules behind the first bar, and its share of the size."""
    if kind == "ean-8":
        starts = [3 + DIGIT * at for at in range(4)] + [36 + DIGIT * at for at in range(4)]
        shares = [1.0] * 8
    elif kind == "upc-a":
        starts = [-8.5, *(10 + DIGIT * at for at in range(5)), *(50 + DIGIT * at for at in range(5)), 96.5]
        shares = [SMALL, *[1.0] * 10, SMALL]
    elif kind == "upc-e":
        starts = [-8.5, *(3 + DIGIT * at for at in range(6)), 52.5]
        shares = [SMALL, *[1.0] * 6, SMALL]
    else:
        starts = [-9.5, *(3 + DIGIT * at for at in range(6)), *(50 + DIGIT * at for at in range(6))]
        shares = [1.0] * 13
    yield from zip(number, starts, shares, strict=True)


def text_options(role: str, color: str) -> dict[str, Any]:
    """What a text layer is made of for the words of a code."""
    return {
        "type": "text", "text": "", "role": role, "color": color, "size": SIZES, "align": "center", "mirror": False,
    }  # fmt: skip
