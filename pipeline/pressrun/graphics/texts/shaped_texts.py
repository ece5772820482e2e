"""Texts as Typst shapes them, by HarfBuzz: how wide a stretch of one is, and how far its ink reaches.

Typst's own bounds leave out how far the font moves a mark (Thai tones over vowels, Arabic vowels over tall letters).
"""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fontTools import unicodedata as ucd
from msgspec import Struct

from pressrun.graphics.texts.glyphs import Glyphs, LetterType, ShapedLine, shaped_line, shaped_lines
from pressrun.graphics.typefaces.characters import WORD_JOINER, has_right_to_left
from pressrun.graphics.typefaces.fonts import FontFace, engine_families, read_face
from pressrun.graphics.typefaces.script_fonts import is_script_family
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Run, Span

TEXTS_KEPT = 4096  # of the rows that are made together
_ANY_SCRIPT = ("Zzzz", "Zyyy", "Zinh")


class _Run(Struct, frozen=True):
    """A line of one script of one span, where it stands in the text."""

    start: int
    end: int
    span: Span
    type: LetterType
    from_right: bool
    line: ShapedLine

    def meets(self, start: int, end: int) -> bool:
        """Whether it has a place in this part, or is an empty line there."""
        return (self.start < end and self.end > start) or self.start == self.end == start


class Stretch(Struct, frozen=True):
    """Glyphs of one font on a line, from left to right, the first of which begins at ``x``: by their numbers in it,
    with what each takes, and the words that it stands for; lengths in em of the text's full size."""

    font: Path
    span: Span
    x: float
    glyphs: Sequence[int]
    advances: Sequence[float]
    said: Sequence[str]


class Part(Struct, frozen=True):
    """Glyphs of one span in one script, which run from right to left or the other way."""

    span: Span
    from_right: bool
    glyphs: Glyphs


class ShapedText:
    """One text, shaped; all lengths in em of its full size."""

    def __init__(self, spans: tuple[Span, ...], types: tuple[LetterType, ...]) -> None:
        """Spans with the type of each."""
        self.text = "".join([span.text for span in spans])
        self._runs = tuple(self._shaped_runs(spans, types))
        self._starts = [run.start for run in self._runs]

    def ink(self) -> tuple[float, float]:
        """How far it reaches above and below its baseline; (0, 0) where there is no ink."""
        inked = [run for run in self._runs if run.line.count]
        return (
            max([run.span.scale * run.line.glyphs.top + run.span.rise for run in inked], default=0.0),
            max([run.span.scale * run.line.glyphs.bottom - run.span.rise for run in inked], default=0.0),
        )

    def _within(self, start: int, end: int) -> Sequence[_Run]:
        """The runs of a part."""
        first = max(0, bisect_right(self._starts, start) - 1)
        if first < len(self._runs) and start < end <= self._runs[first].end:  # most parts are of one
            return self._runs[first : first + 1]
        return [run for run in self._runs[first : bisect_right(self._starts, end)] if run.meets(start, end)]

    def measure(self, start: int, seen: int, end: int) -> tuple[float, float]:
        """The width of a line from ``start`` to ``end``, of which what follows ``seen`` takes no room, and the largest
        type that is seen in it, as a share of the full size."""
        runs = self._within(start, end)
        if len(runs) == 1 and start < seen:  # as of most texts
            run = runs[0]
            whole = run.line.width(start - run.start, seen - run.start, end - run.start)
            if whole is not None:
                return run.span.scale * whole, run.span.scale
        width, scales = 0.0, []
        for run in runs:
            begin, until = max(start, run.start), min(end, run.end)
            of_part = run.line.width(begin - run.start, seen - run.start, until - run.start)
            width += run.span.scale * (self._apart(run, begin, seen, until) if of_part is None else of_part)
            if begin < seen or seen == start:
                scales.append(run.span.scale)
        return width, max(scales, default=1.0)

    def sums(self, begins: Sequence[int], shown: Sequence[int]) -> tuple[Sequence[float], Sequence[float]] | None:
        """What takes room before each place where a line may begin, and before those up to which lines are seen, from
        any zero; both ascend. None where that cannot be told, or not all of it is shaped together."""
        runs = self._within(begins[0], shown[-1])
        if len(runs) != 1:
            return None
        run = runs[0]
        sums = run.line.sums_at([at - run.start for at in begins], [at - run.start for at in shown])
        scale = -run.span.scale if run.from_right else run.span.scale
        return sums and ([scale * one for one in sums[0]], [scale * one for one in sums[1]])

    def stretches(self, start: int, seen: int, end: int) -> list[Stretch] | None:
        """The glyphs of a line; None where they stand otherwise than one after the other, or for more than words."""
        found: list[Stretch] = []
        x = 0.0
        for run in self._within(start, end) if start < seen else ():
            all_of_it = run.line.glyphs
            part = run.line.part(max(start, run.start) - run.start, seen - run.start, min(end, run.end) - run.start)
            if part is None or run.from_right or all_of_it.moved:
                return None
            scale, places = run.span.scale, range(part.start, part.stop)
            for font, same in itertools.groupby(places, all_of_it.fonts.__getitem__):
                these = slice((some := list(same))[0], some[-1] + 1)
                starts, advances = all_of_it.starts[these], [scale * one for one in all_of_it.advances[these]]
                if len(set(starts)) < len(starts) or 0 in all_of_it.numbers[these]:
                    return None
                said = _said(self.text[run.start : run.end], starts, all_of_it.ends[these])
                found.append(Stretch(font, run.span, x, all_of_it.numbers[these], advances, said))
                x += sum(advances)
        return found

    def parts(self, start: int, seen: int) -> list[Part]:
        """What is shaped together of a line, as it stands in the text."""
        parts: list[Part] = []
        for run in self._runs:
            if run.start < seen and run.end > start:
                text = self.text[max(start, run.start) : min(seen, run.end)]
                parts.append(Part(run.span, run.from_right, shaped_line(text, run.type, run.from_right).glyphs))
        return parts

    def _apart(self, run: _Run, start: int, seen: int, end: int) -> float:
        """The width of a part of a run that is shaped for itself."""
        glyphs = shaped_line(self.text[start:end], run.type, run.from_right).glyphs
        places = zip(glyphs.starts, glyphs.advances, strict=True)
        return sum([advance for at, advance in places if start + at < seen])

    def _shaped_runs(self, spans: tuple[Span, ...], types: tuple[LetterType, ...]) -> Iterator[_Run]:
        at = 0
        for span, type in zip(spans, types, strict=True):
            for length in _scripts(span.text):
                part = self.text[at : at + length]
                from_right = has_right_to_left(part)
                for begun, line in shaped_lines(part, type, from_right):
                    yield _Run(at + begun, at + begun + line.length, span, type, from_right, line)
                at += length


def _said(text: str, starts: Sequence[int], ends: Sequence[int]) -> Sequence[str]:
    """What clusters of a text stand for, from left to right."""
    whole = text[starts[0] : ends[-1]]
    if len(whole) == len(starts) and WORD_JOINER not in whole:  # a glyph for each letter
        return whole
    return [text[start:end].replace(WORD_JOINER, "") for start, end in zip(starts, ends, strict=True)]


class Shaper:
    """Shapes texts in these font files, taking for each letter the font that Typst takes."""

    def __init__(self, font_files: Iterable[Path]) -> None:
        self._faces = tuple(read_face(file) for file in font_files)
        self._families = frozenset(face.family for face in self._faces)
        self.has_scripts = functools.lru_cache(maxsize=256)(self._has_scripts)
        self._types = functools.lru_cache(maxsize=256)(self._type)
        self._of_text = functools.lru_cache(maxsize=TEXTS_KEPT)(ShapedText)

    def shaped(self, mark: TextMark, spans: tuple[Span, ...]) -> ShapedText:
        """Spans in the type of a mark, or in their own."""
        types = []
        for span in spans:
            own = span if isinstance(span, Run) else mark
            features = own.features if own is span or mark.paragraphs else ()
            types.append(
                self._types(own.families, own.weight, own.style, mark.language, mark.region, own.tracking, features)
            )
        return self._of_text(spans, tuple(types))

    def _has_scripts(self, families: tuple[str, ...]) -> bool:
        """Whether those of the families are at hand that are cut for a script when it is needed."""
        return all(family in self._families for family in families if is_script_family(family))

    def _type(
        self, families: tuple[str, ...], weight: int, style: str, language: str, region: str, tracking: float,
        features: tuple[str, ...],
    ) -> LetterType:  # fmt: skip
        fonts = self._fonts(families, weight, style == "italic")
        return LetterType(fonts, f"{language}-{region}" if region else language, tracking, features)

    def _fonts(self, families: tuple[str, ...], weight: int, italic: bool) -> tuple[Path, ...]:
        """The face of each family that is set: of the style first, then of the nearest weight."""
        names = [name for family in families for name in engine_families(family)]
        of_names = [[face for face in self._faces if face.family == name] for name in names]
        nearest = [_nearest(faces, weight, italic).path for faces in of_names if faces]
        return tuple(dict.fromkeys(nearest))


def _nearest(faces: list[FontFace], weight: int, italic: bool) -> FontFace:
    return min(faces, key=lambda face: (face.italic != italic, abs(face.width - 5), abs(face.weight - weight)))


def _scripts(text: str) -> Iterator[int]:
    """The lengths of the stretches of one script; what is of any goes with what stands before it, or first."""
    if len({*map(_script, set(text))}.difference(_ANY_SCRIPT)) < 2:
        yield len(text)
        return
    begun, current = 0, "Zyyy"
    for at, character in enumerate(text):
        script = _script(character)
        if script in _ANY_SCRIPT or script == current:
            continue
        if current not in _ANY_SCRIPT:
            yield at - begun
            begun = at
        current = script
    yield len(text) - begun


_script = functools.lru_cache(maxsize=4096)(ucd.script)
