"""A text that goes on over several pages, each of which has as many of its lines as fit into its box."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.texts.line_breaks import line_ends
from pressrun.language.bidi import opened_before
from pressrun.language.joints import joints
from pressrun.language.quantities import held_blanks, unit_prices
from pressrun.model.composition import Composing, Portion
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Measure, Paragraphs, ParagraphsOfPart, Span

MOST_LINES = 100_000
FEWEST_LINES = 2  # of a paragraph, on either side of where a page ends
_BLANK = re.compile(r"(?<=[ \n])(?=[^ \n])")
_ENTRY = re.compile(r"\s+[–—]\s|:\s|\t|\n")  # what parts an entry from what is said of it
LONGEST_ENTRY = 60


def portion(composing: Composing, mark: TextMark, start: int) -> Portion:
    """What a page has of a text from a letter on; its next page begins with the letter ``until``."""
    return _Flow(composing, mark).portion(start)


class _Flow(Struct, frozen=True):
    composing: Composing
    mark: TextMark

    def portion(self, start: int) -> Portion:
        text = self.mark.text
        end = len(text)
        if not self._fits(start, end):
            ends = [at for at in self._ends() if start < at < end]
            count = self._most(start, ends)
            if count == 0:
                return Portion((), start)
            end = self._with_whole_columns(start, ends, count)
        shown = self._part(start, end)
        until = next((at for at in range(end, len(text)) if not text[at].isspace()), None)
        begun = text.rfind("\n", 0, start) + 1  # a paragraph that goes on is called as it begins
        entries = [entry for line in text[begun:end].split("\n") if (entry := _entry(line))]
        first, last = (entries[0], entries[-1]) if entries else ("", "")
        return Portion((shown,), until, first, last)

    def _ends(self) -> Sequence[int]:
        """Where lines may end; of a text of which that is not certain, between its words. Numbers are not parted from
        their units."""
        mark = self.mark
        found = line_ends(mark.text, mark.language)
        ends = found if found is not None else [match.start() for match in _BLANK.finditer(mark.text)]
        locale = f"{mark.language}-{mark.region}".rstrip("-")
        held = {at + 1 for at in held_blanks(mark.text, locale)}
        several = itertools.chain(unit_prices(mark.text, locale), *joints(mark.text))
        held.update(at + (mark.text[at] == " ") for places in several for at in places)
        return [at for at in ends if at not in held] if held else ends

    def _most(self, start: int, ends: Sequence[int]) -> int:
        """How many of these ends, in their order, a page can have."""
        low, high = 0, len(ends) + 1
        step = 32
        while low + step < high:  # a page has far less than the whole, which is slow to be measured
            if not self._fits(start, ends[low + step - 1]):
                high = low + step
                break
            low, step = low + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            if self._fits(start, ends[middle - 1]):
                low = middle
            else:
                high = middle
        return low

    def _with_whole_columns(self, start: int, ends: Sequence[int], count: int) -> int:
        """The end of a page such that neither it nor any of its columns parts a line from its paragraph: full columns
        can end in one way only, and with some lines less in others. That of a full page where none of them does."""
        full = end = self._with_company(start, ends, count)
        if self.mark.columns is None:
            return end
        for _ in range(FEWEST_LINES * self.mark.columns.count):
            if not self._parts_columns_badly(start, end):
                return end
            lines = self._lines(start, end)
            count = bisect_left(ends, lines, hi=count, key=lambda at: self._lines(start, at))
            if count == 0:
                break
            end = self._with_company(start, ends, count)
        return full

    def _parts_columns_badly(self, start: int, end: int) -> bool:
        """Whether a column of a page ends with a paragraph's first line, or begins with its last."""
        part = self._part(start, end)
        (fitted,) = self.composing.fitted([part])
        if fitted.fit is None or fitted.fit.flow is None or part.columns is None:
            return fitted.fit is not None and fitted.fit.overflow
        text, column = part.text, replace(part, columns=None, rect=replace(part.rect, width=part.columns.width))
        own = _Flow(self.composing, column)
        cuts = [0, *(len(text.encode()[:at].decode()) for at in fitted.fit.flow.ends), len(text)]
        for before, cut, behind in zip(cuts, cuts[1:], cuts[2:], strict=False):
            begin, close = text.rfind("\n", 0, cut) + 1, text.find("\n", cut)
            close = len(text) if close < 0 else close
            if not text[begin:cut].strip() or not text[cut:close].strip():
                continue
            is_first = begin >= before and own._lines(begin, cut) < FEWEST_LINES
            if is_first or (close <= behind and own._lines(cut, close) < FEWEST_LINES):
                return True
        return False

    def _with_company(self, start: int, ends: Sequence[int], count: int) -> int:
        """The end of a page such that of the paragraph that it parts no line is alone, here or on the next one."""
        text, end = self.mark.text, ends[count - 1]
        begin = text.rfind("\n", 0, end) + 1
        close = text.find("\n", end)
        close = len(text) if close < 0 else close
        if begin == end or not text[end:close].strip():
            return end
        here, there = self._lines(max(begin, start), end), self._lines(end, close)
        if there < FEWEST_LINES and here > FEWEST_LINES:
            own = [at for at in ends[:count] if at > max(begin, start)]
            fewer = [at for at in own if self._lines(max(begin, start), at) < here]
            end, here = (fewer[-1], here - 1) if fewer else (end, here)
            there = FEWEST_LINES
        if begin > start and (here < FEWEST_LINES or there < FEWEST_LINES):
            return begin
        return end

    def _lines(self, start: int, end: int) -> int:
        (fitted,) = self.composing.fitted([self._part(start, end)])
        return fitted.fit.lines if fitted.fit else 1

    def _fits(self, start: int, end: int) -> bool:
        (fitted,) = self.composing.fitted([self._part(start, end)])
        return fitted.fit is None or not fitted.fit.overflow

    def _part(self, start: int, end: int) -> TextMark:
        """The text between two letters, at its full size, as a text of its own."""
        mark, size = self.mark, self.mark.size_max
        end = start + len(mark.text[start:end].rstrip())
        spans = _cut(mark.spans, start, end, opened_before(mark.text, start))
        return replace(
            mark, spans=spans, phrases=(), ellipsis=False, balance=False, anchor="top",
            lines=MOST_LINES, size_min=size, size_max=size,
            paragraphs=_of_part(mark.paragraphs, mark.text, start, end) if mark.paragraphs else None,
        )  # fmt: skip


def _cut(spans: Sequence[Span], start: int, end: int, opened: str) -> tuple[Span, ...]:
    """What stands between two letters, behind the marks of direction that are open where it begins."""
    found: list[Span] = []
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        if text or len(spans) == 1:
            found.append(replace(span, text=text))
        at += len(span.text)
    if opened and found:
        found[0] = replace(found[0], text=opened + found[0].text)
    return tuple(found)


def _of_part(said: Paragraphs, text: str, start: int, end: int) -> Paragraphs:
    """How the paragraphs of what stands between two letters are set; one that goes on has no marker again."""
    if not said.are_composed:
        return said
    *before, begun = text[:start].split("\n")
    goes_on = bool(begun.strip())
    breaks_off = bool(text[end:].partition("\n")[0].strip())
    first = sum(1 for line in before if line.strip())
    markers, gaps = said.markers[first:], said.gaps[first:]
    if goes_on and markers:
        markers = ("", *markers[1:])
    if start and gaps:
        gaps = (Measure(), *gaps[1:])
    known = {name: getattr(said, name) for name in Paragraphs.__struct_fields__}
    return ParagraphsOfPart(**{**known, "markers": markers, "gaps": gaps}, goes_on=goes_on, breaks_off=breaks_off)


def _entry(line: str) -> str:
    """What a running head calls a paragraph: what stands before a dash, a colon or a tab, or its first words."""
    named = _ENTRY.split(line.strip(), maxsplit=1)[0]
    if len(named) <= LONGEST_ENTRY:
        return named
    words = named[:LONGEST_ENTRY].rsplit(" ", 1)[0]
    return f"{words} …"
