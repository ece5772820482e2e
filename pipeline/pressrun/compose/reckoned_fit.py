"""A text fitted into its box by sums over the advances of its letters."""

from __future__ import annotations

import functools
import math
import operator
from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from pressrun.compose.cut_spans import ELLIPSIS, kept
from pressrun.compose.held_places import MAY_CHANGE, SHORT, held_at
from pressrun.compose.measured_fit import Fitted, is_balanced
from pressrun.graphics.texts.line_breaks import line_ends
from pressrun.graphics.texts.shaped_texts import ShapedText, Shaper
from pressrun.graphics.typefaces.characters import last_blank, letters_of, seen_end
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Span

STEP = 0.25  # points between the sizes that are tried
NEAR = 1.5  # points that a balanced column may be wider than it must
HEIGHT_LEFT, WIDTH_LEFT = 0.01, 1e-6  # points that lines may be higher and wider than their box
_CUT_OFF = " \n,;:.–—-"  # from the end of what an ellipsis follows
TEXTS_KEPT = 4096
_scale_of, _width_of = operator.attrgetter("scale"), operator.attrgetter("width")


class NotCertain(Exception):
    """Only Typst can tell how a text is set."""


def _ends(text: str, language: str) -> tuple[int, ...]:
    ends = line_ends(text, language)
    if ends is None:
        raise NotCertain
    return ends


class _Stop(Struct, frozen=True, eq=False):
    """Where a line may end, or is ``forced`` to. Blanks behind a line take no room, but where a line break ends it:
    what stands before ``seen`` does. One for each of a text's: it stands in keys."""

    end: int
    forced: bool
    seen: int


class _Paragraph(Struct, frozen=True, eq=False):
    """What stands between one line break and the next. One for each of a text's: it stands in keys."""

    start: int
    stops: Sequence[_Stop]


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _paragraphs(text: str, language: str) -> Sequence[_Paragraph]:
    paragraphs: list[_Paragraph] = []
    start, stops = 0, list[_Stop]()
    for end in _ends(text, language):
        is_forced = end == len(text) or text[end - 1] == "\n"
        if not is_forced and text[end - 1] == " " and text[end - 2 : end - 1].isalnum():
            seen = end - 1  # as between most words
        else:
            seen = len(text[:end].rstrip("\n")) if is_forced else seen_end(text, end)
        stops.append(_Stop(end, is_forced, seen))
        if is_forced:
            paragraphs.append(_Paragraph(start, stops))
            start, stops = end, []
    return paragraphs


class Line(Struct, frozen=True):
    """A line that ends before ``end``, and of which what stands before ``seen`` takes room: its width in em, and the
    largest type in it as a share of the full size."""

    start: int
    seen: int
    end: int
    forced: bool
    width: float
    scale: float


class _Taken(Struct, frozen=True):
    """Lines, and points."""

    lines: int
    width: float
    height: float
    last: Line


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _line(text: ShapedText, start: int, stop: _Stop) -> Line:
    seen = max(start, stop.seen)
    width, scale = text.measure(start, seen, seen if stop.forced else stop.end)
    # A blank alone is no higher than nothing.
    return Line(start, seen, stop.end, stop.forced, width, scale if stop.forced or seen > start else 0.0)


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _whole(text: ShapedText, language: str) -> Line | None:
    """All of a text on one line, which is most that is short; None where it says itself where lines end."""
    end = len(text.text)
    if "\n" in text.text or not _ends(text.text, language):
        return None
    width, scale = text.measure(0, end, end)
    return Line(0, end, end, True, width, scale)


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _lines(text: ShapedText, em: float, language: str) -> Sequence[Line]:
    """Those of a text in a column of this width, each as full as it can be."""
    whole = _whole(text, language)
    if whole and whole.width <= em:
        return (whole,)
    lines: list[Line] = []
    for paragraph in _paragraphs(text.text, language):
        whole = _line(text, paragraph.start, paragraph.stops[-1])
        lines += (whole,) if whole.width <= em else _broken(text, paragraph, em)
    return lines


def _broken(text: ShapedText, paragraph: _Paragraph, em: float) -> list[Line]:
    """The lines of one that takes more than one."""
    lines: list[Line] = []
    start, stops, sums = paragraph.start, paragraph.stops, _sums(text, paragraph)
    at = 0
    while at < len(stops):
        if sums:
            too_wide = bisect_right(sums[1], sums[0][at] + em, at)
        else:
            further = range(at, len(stops))
            too_wide = next((one for one in further if _line(text, start, stops[one]).width > em), len(stops))
        at = max(too_wide, at + 1)
        lines.append(_line(text, start, stops[at - 1]))
        start = stops[at - 1].end
    return lines


@functools.lru_cache(maxsize=TEXTS_KEPT)
def _sums(text: ShapedText, paragraph: _Paragraph) -> tuple[Sequence[float], Sequence[float]] | None:
    """What takes room before each place where a line may begin, and before the end of what is seen of the shortest line
    there, in em; None where a line takes something else than the difference, or less than a shorter one."""
    start, stops = paragraph.start, paragraph.stops
    sums = text.sums([start, *[stop.end for stop in stops[:-1]]], [max(start, stop.seen) for stop in stops])
    if sums is None or any(map(operator.gt, sums[1], sums[1][1:])):
        return None
    return sums


class ReckonedFit:
    """One text in its box."""

    def __init__(self, mark: TextMark, edges: tuple[float, float], shaper: Shaper) -> None:
        self.mark, self.edges, self.shaper = mark, sum(edges), shaper
        self.width, self.height = mark.rect.width, mark.rect.height
        self.has_runs = bool(mark.runs)
        self.is_line = mark.lines == 1 and len(mark.spans) == 1
        self.leading = mark.paragraphs.leading if mark.paragraphs else None  # in points
        self._known: dict[tuple[ShapedText, float, float], _Taken] = {}

    def made(self) -> Fitted:
        mark, whole = self.mark, self._shaped(self.mark.spans)
        size = self._size(whole)
        spans, text, overflow, shortened = mark.spans, whole, not self._fits(whole, size), False
        if overflow and mark.ellipsis:
            spans = self._shortened(size)
            text = self._shaped(spans)
            overflow, shortened = not self._fits(text, size), True
        taken, column = self._taken(text, size, self.width), self.width
        lines = taken.lines
        if lines > 1 and is_balanced(mark) and not overflow:
            column = self._balanced(text, size, taken)
            taken = self._taken(text, size, column)
            if taken.last.width * size <= SHORT * taken.width and not shortened:
                spans, column, taken = self._in_company(text, size, column, taken)
        return Fitted(spans, (), size, lines, column, min(taken.width, column), taken.height, overflow, shortened)

    def _in_company(
        self, text: ShapedText, size: float, column: float, taken: _Taken
    ) -> tuple[tuple[Span, ...], float, _Taken]:
        """With the last word not alone on its line, where that takes no more lines, and nearly the same column."""
        spans, at = self.mark.spans, last_blank(text.text)
        if at is None or taken.last.start != at + 1:
            return spans, column, taken
        held = held_at(spans, (at,))
        text = self._shaped(held)
        whole = self._taken(text, size, self.width)
        if whole.lines != taken.lines or not self._fits(text, size):
            return spans, column, taken
        other = self._balanced(text, size, whole)
        if abs(other - column) > MAY_CHANGE * column:
            return spans, column, taken
        return held, other, self._taken(text, size, other)

    def _shaped(self, spans: tuple[Span, ...]) -> ShapedText:
        return self.shaper.shaped(self.mark, spans)

    def _taken(self, text: ShapedText, size: float, width: float) -> _Taken:
        """What a text takes of a column of this width."""
        key = text, size, width
        if key in self._known:
            return self._known[key]
        lines = _lines(text, (width + WIDTH_LEFT) / size, self.mark.language)
        leading = self.mark.leading if self.leading is None else self.leading / size
        edges = self.edges
        scales = list(map(_scale_of, lines))
        between = (len(lines) - 1) * (leading - edges)
        height = sum(scales) * edges + between
        alike = sum([scale > 0 for scale in scales]) * edges + between if self.has_runs else height
        of_full_size = math.floor((alike + leading - edges) / leading + 0.5)
        taken = self._known[key] = _Taken(
            max(1, of_full_size), max(map(_width_of, lines)) * size, height * size, lines[-1]
        )
        return taken

    def lines(self, text: ShapedText, size: float, width: float) -> Sequence[Line]:
        """Those of a text in a column of this width."""
        return _lines(text, (width + WIDTH_LEFT) / size, self.mark.language)

    def _fits(self, text: ShapedText, size: float) -> bool:
        whole = _whole(text, self.mark.language) if self.is_line and text.text[:1].isalnum() else None
        if whole and whole.scale == 1 and whole.width > (self.width + WIDTH_LEFT) / size:
            return False  # wherever it is broken: it takes more lines, or more than its box
        taken = self._taken(text, size, self.width)
        return taken.lines <= self.mark.lines and taken.height <= self.height + HEIGHT_LEFT and taken.width < self.width

    def _size(self, text: ShapedText) -> float:
        least, most = self.mark.size_min, self.mark.size_max
        if self._fits(text, most):
            return most
        low, high = 0, math.ceil((most - least) / STEP)
        # Invariant: ``low`` steps above the smallest size is taken, ``high`` steps is known not to fit.
        while high - low > 1:
            middle = (low + high) // 2
            if self._fits(text, least + middle * STEP):
                low = middle
            else:
                high = middle
        return least + low * STEP

    def _shortened(self, size: float) -> tuple[Span, ...]:
        """Cut behind the last word that fits; within it where more than half would be lost, as of one long word. A cut
        between words leaves the line breaker the fewest pieces."""
        letters = letters_of(self.mark.text)
        low, high = 0, len(letters)
        while high - low > 1:
            middle = (low + high) // 2
            if self._fits(self._shaped(self._cut(letters, middle)), size):
                low = middle
            else:
                high = middle
        if low == 0:
            return self._cut(letters, 1)
        places = range(low, max(1, low // 2) - 1, -1)
        ends = _ends(self.mark.text, self.mark.language)
        behind_word = (at for at in places if letters[at].isspace())
        at_line_end = (at for at in places if letters[at - 1] != "\n" and len("".join(letters[:at])) in ends)
        return self._cut(letters, next(behind_word, None) or next(at_line_end, low))

    def _cut(self, letters: list[str], count: int) -> tuple[Span, ...]:
        return kept(self.mark.spans, "".join(letters[:count]).rstrip(_CUT_OFF) + ELLIPSIS)

    def _balanced(self, text: ShapedText, size: float, whole: _Taken) -> float:
        """The narrowest width that needs no more lines: lines of like length, no single word left over."""
        low, high = 0.0, self.width
        while high - low > NEAR:
            middle = (low + high) / 2
            taken = self._taken(text, size, middle)
            if taken.height <= whole.height + HEIGHT_LEFT and taken.lines <= whole.lines and taken.width < middle:
                high = middle
            else:
                low = middle
        return high
