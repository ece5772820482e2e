"""Texts fitted into their boxes, by arithmetic: as large as fits, lines of like length, an ellipsis where allowed.

Where that does not tell all, Typst measures: of texts with phrases that are better not broken, that run both ways, or
of which it is not certain where their lines may end (see `pressrun.graphics.texts.line_breaks`).
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from pressrun.compose.among_words import with_logos
from pressrun.compose.bound_text import Edges, Made, best_made, with_fitting_phrases
from pressrun.compose.held_places import bindings
from pressrun.compose.loose_lines import widest_blank
from pressrun.compose.measured_fit import Fitted, answered, limits
from pressrun.compose.reckoned_fit import TEXTS_KEPT, Line, NotCertain, ReckonedFit
from pressrun.compose.touching_lines import LinePart, ink_on_page, inks_of_lines, leading_apart
from pressrun.graphics.texts.line_breaks import joined_dashes
from pressrun.graphics.texts.shaped_texts import ShapedText, Shaper
from pressrun.graphics.texts.typst_engine import Typesetter
from pressrun.graphics.texts.typst_text import text_json
from pressrun.graphics.typefaces.characters import runs_one_way, seen_end
from pressrun.model.composition import NaturalLines
from pressrun.model.geometry import Rect
from pressrun.model.sheet import Mark, Sheet, TextMark, changed, ungrouped
from pressrun.model.spans import TextFit

RECIPE = 14
_APART = ("layer", "rect", "inks", "anchor", "panel", "fit")  # of a mark, what tells nothing of its text's fit
_DECISIVE = (name for name in TextMark.__struct_fields__ if name not in _APART)
_deciding = attrgetter("rect.width", "rect.height", *_DECISIVE)

Measure = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


class _Fit:
    """What a text becomes, and its edges; one for each key, and set once that is known."""

    __slots__ = ("made",)
    made: tuple[Fitted, Edges]


class TextFitter:
    """Fits texts, each distinct one once. ``measure`` has Typst fit some (the JSON that ``fit.typ`` reads)."""

    def __init__(self, shaper: Shaper, measure: Measure) -> None:
        self._shaper, self._measure = shaper, measure
        self._known: dict[tuple[Any, ...], _Fit] = {}

    @classmethod
    def of(cls, typesetter: Typesetter) -> TextFitter:
        """As they will be set."""
        return cls(Shaper(typesetter.font_files), typesetter.fit)

    def fitted(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """Sheets with the fits of their texts. What Typst must measure, it measures together: one by one takes three
        times as long."""
        texts = [mark for sheet in sheets for mark in ungrouped(sheet.marks)
                 if isinstance(mark, TextMark) and mark.fit is None]  # fmt: skip
        fits = iter(self.fit(texts))

        def fitted(mark: Mark) -> Mark:
            return with_logos(next(fits) if isinstance(mark, TextMark) and mark.fit is None else mark)

        return [replace(sheet, marks=changed(sheet.marks, fitted)) for sheet in sheets]

    def fit(self, marks: Sequence[TextMark]) -> list[TextMark]:
        """Marks with their fits. A text in a script whose font is not at hand is left as it is."""
        if len(self._known) > TEXTS_KEPT:
            self._known.clear()
        fits: list[_Fit | None] = []
        asked: dict[tuple[Any, ...], _Fit] = {}  # a key is of two dozen fields: each is looked for as seldom as can be
        texts: list[TextMark] = []
        bound: list[tuple[_Fit, Generator[TextMark, Made, Made]]] = []
        for mark in marks:
            if not self._shaper.has_scripts(mark.families):
                fits.append(None)
                continue
            key = _deciding(mark)
            fit = self._known.get(key) or asked.get(key)
            if fit is None:
                fit = asked[key] = _Fit()
                mark = with_fitting_phrases(mark, self._shaper.shaped(mark, mark.spans)) if mark.phrases else mark
                blanks, numbers, words = bindings(mark)
                if blanks or numbers or words:
                    bound.append((fit, best_made(mark, blanks, numbers, words)))
                    next(bound[-1][1])
                texts.append(mark)
            fits.append(fit)
        for fit, made in zip(asked.values(), self._made(texts), strict=True):
            fit.made = made
        self._bind(bound)
        self._known.update(asked)
        return [
            mark.fitted(_placed(mark, *fit.made)) if fit else mark
            for mark, fit in zip(marks, fits, strict=True)
        ]

    def _bind(self, bound: Sequence[tuple[_Fit, Generator[TextMark, Made, Made]]]) -> None:
        """Of texts that are known as they were typed, the best form. What Typst must measure, it measures together."""
        while bound:
            texts: list[TextMark] = []
            going_on = []
            for fit, forms in bound:
                try:
                    texts.append(forms.send(fit.made))
                    going_on.append((fit, forms))
                except StopIteration as ended:
                    fit.made = ended.value
            for (fit, _), made in zip(going_on, self._made(texts), strict=True):
                fit.made = made
            bound = going_on

    def _made(self, marks: Collection[TextMark]) -> list[tuple[Fitted, Edges]]:
        """What texts become, and their edges."""
        made: list[tuple[Fitted, Edges]] = []
        reached = [self._reach(mark) for mark in marks]
        edged = [(mark, edges) for mark, (edges, _) in zip(marks, reached, strict=True)]
        for (mark, edges), (_, ink), fitted in zip(edged, reached, self._fits(edged), strict=True):
            if fitted.lines > 1 and (ink[0] + ink[1] > mark.leading or mark.paragraphs):
                fitted = self._told_of_lines(mark, edges, fitted, sum(ink))
            made.append((fitted, edges))
        return made

    def edges(self, mark: TextMark) -> Edges:
        """What a line of a text takes above and below its baseline in em, as its ink needs."""
        return self._reach(mark)[0]

    def _reach(self, mark: TextMark) -> tuple[Edges, Edges]:
        """These, and how far its ink reaches."""
        ink = self._shaper.shaped(mark, mark.words).ink()
        reach = zip(mark.edges, ink, mark.overhang, strict=True)
        top, bottom = [max(least, reached - out) for least, reached, out in reach]
        return (top, bottom), ink

    def _told_of_lines(self, mark: TextMark, edges: Edges, fitted: Fitted, ink: float) -> Fitted:
        """With the leading that keeps its lines apart, where they are nearer than the ``ink`` of all of them needs, and
        with what is told of lines that are justified; where words are parted, the line breaker alone knows these."""
        said = mark.paragraphs
        justified = said is not None and said.justify and not said.hyphenate
        near = ink > mark.leading_at(fitted.size)
        if fitted.overflow or mark.has_logos or not (near or justified):
            return fitted
        text = self._shaper.shaped(mark, fitted.spans)
        lines = self._lines(mark, edges, fitted, text)
        return replace(
            fitted,
            apart=leading_apart(mark, edges, fitted, text, lines) if near else 0.0,
            loosest=widest_blank(text, lines, fitted.column / fitted.size) if justified else 0.0,
        )

    def _lines(self, mark: TextMark, edges: Edges, fitted: Fitted, text: ShapedText) -> list[LinePart]:
        if not fitted.phrases and _is_summed(mark):
            with contextlib.suppress(NotCertain):
                lines = ReckonedFit(mark, edges, self._shaper).lines(text, fitted.size, fitted.column)
                return [LinePart(line.start, line.seen, line.scale) for line in lines]
        asked = text_json(mark, fitted.spans, fitted.phrases, edges) | limits(mark)
        asked |= {"min": fitted.size, "max": fitted.size, "width": fitted.column, "lines_told": True}
        parts: list[LinePart] = []
        start, said = 0, text.text.encode()
        for end in (len(said[:end].decode()) for end in self._measure([asked])[0]["lines_told"]):
            start += len(text.text[start:end]) - len(text.text[start:end].lstrip())
            seen = max(start, seen_end(text.text, end))
            parts.append(LinePart(start, seen, text.measure(start, seen, seen)[1]))
            start = end
        return parts

    def natural(self, mark: TextMark) -> NaturalLines:
        """The lines of a text where nothing breaks them but its own ends of lines."""
        shaped, size = self._shaper.shaped(mark, mark.spans), mark.size_max
        ends = [at for at, letter in enumerate(shaped.text) if letter == "\n"]
        lines = zip([0, *(end + 1 for end in ends)], [*ends, len(shaped.text)], strict=True)
        top, bottom = self.edges(mark)
        dashes = joined_dashes(shaped.text, mark.language)

        def width(start: int, end: int) -> float:
            within = [(one, other) for one, other in dashes if start <= one < end]
            wider = sum([other - one - shaped.measure(one, other, other)[0] for one, other in within])
            return (shaped.measure(start, end, end)[0] + wider) * size if end > start else 0.0

        return NaturalLines(tuple([width(*line) for line in lines]), top * size, bottom * size)

    def _fits(self, texts: Sequence[tuple[TextMark, Edges]]) -> list[Fitted]:
        reckoned = [self.reckoned(mark, edges) for mark, edges in texts]
        asked = [text for text, fitted in zip(texts, reckoned, strict=True) if fitted is None]
        measured = iter(self.measured(asked) if asked else ())
        return [fitted or next(measured) for fitted in reckoned]

    def reckoned(self, mark: TextMark, edges: Edges) -> Fitted | None:
        """By sums over the advances of its letters; None where these do not tell."""
        if mark.phrases or not _is_summed(mark):
            return None
        try:
            return ReckonedFit(mark, edges, self._shaper).made()
        except NotCertain:
            return None

    def broken(self, mark: TextMark, fit: TextFit) -> tuple[ShapedText, Sequence[Line]] | None:
        """The lines of a fitted text; None where only Typst can tell how it is set."""
        if fit.phrases or not _is_summed(mark):
            return None
        text = self._shaper.shaped(mark, fit.spans)
        try:
            return text, ReckonedFit(mark, fit.edges, self._shaper).lines(text, fit.size, fit.column.width)
        except NotCertain:
            return None

    def pieces(self, mark: TextMark) -> list[Rect]:
        """A fitted text in pieces of a few letters, as high as their ink where that is known."""
        fit = mark.fit
        assert fit
        broken = None if fit.overflow else self.broken(mark, fit)
        if not broken:
            return list(fit.pieces((), _share_before(mark), self._ink_of_all(mark, fit)))
        text, lines = broken
        parts = [LinePart(line.start, line.seen, line.scale) for line in lines]
        widths = [line.width * fit.size for line in lines]
        return list(fit.pieces(widths, _share_before(mark), inks_of_lines(mark, fit, text, parts)))

    def letters(self, mark: TextMark) -> list[Rect]:
        """Where a fitted text has ink, in narrow strips; none where only Typst can tell how it is set."""
        fit = mark.fit
        broken = self.broken(mark, fit) if fit and not fit.overflow else None
        if not fit or not broken:
            return []
        text, lines = broken
        parts = [LinePart(line.start, line.seen, line.scale) for line in lines]
        return list(ink_on_page(mark, fit, text, parts, _share_before(mark)))

    def _ink_of_all(self, mark: TextMark, fit: TextFit) -> list[tuple[float, float]]:
        """That of a text's one line; none of several, nor of one with logos, which are no letters."""
        if fit.lines > 1 or fit.flow or mark.has_logos:
            return []
        text = self._shaper.shaped(mark, fit.spans)
        return inks_of_lines(mark, fit, text, [LinePart(0, len(text.text), 1.0)])

    def measured(self, texts: Sequence[tuple[TextMark, Edges]]) -> list[Fitted]:
        """As Typst measures them."""
        asked = [text_json(mark, mark.spans, mark.phrases, edges) | limits(mark) for mark, edges in texts]
        return [answered(mark, answer) for (mark, _), answer in zip(texts, self._measure(asked), strict=True)]


def _is_summed(mark: TextMark) -> bool:
    """Whether the advances of its letters may tell how a text is set."""
    if mark.are_lines_composed or mark.has_logos or mark.columns or any(_is_uncertain(mark)):
        return False
    return runs_one_way(mark.text, mark.direction)


def _is_uncertain(mark: TextMark) -> Iterator[bool]:
    """Of each run whether it begins with a mark of the letter before it, or is spaced from right to left, where lines
    that end with it are otherwise."""
    from_right = mark.direction == "rtl"
    return (bool(from_right and run.tracking) or bool(unicodedata.combining(run.text[0])) for run in mark.runs)


def _share_before(mark: TextMark) -> float:
    """How much of the room that a line leaves is left of it."""
    at_right = (mark.align == "end") != (mark.direction == "rtl")
    return 0.5 if mark.align == "center" else 1.0 if at_right else 0.0


def _placed(mark: TextMark, fitted: Fitted, edges: Edges) -> TextFit:
    share = _share_before(mark)
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[mark.anchor] * (mark.rect.height - fitted.height)
    aside = share * (mark.rect.width - fitted.column)
    inner = share * (fitted.column - fitted.width)
    column = Rect(mark.rect.x + aside, mark.rect.y + down, fitted.column, fitted.height)
    return TextFit(
        fitted.spans,
        fitted.size,
        fitted.lines,
        edges,
        column,
        Rect(column.x + inner, column.y, fitted.width, fitted.height),
        fitted.phrases,
        fitted.overflow,
        fitted.shortened,
        fitted.logos,
        fitted.flow,
        fitted.apart,
        fitted.loosest,
    )
