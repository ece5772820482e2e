"""Texts as Typst shapes them, by HarfBuzz: how wide a stretch of one is, and how far its ink reaches.

Typst's own bounds leave out how far the font moves a mark (Thai tones over vowels, Arabic vowels over tall letters).
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

import uharfbuzz
from fontTools import unicodedata as ucd

from pressrun.graphics.characters import NO_BREAK_SPACE, WORD_JOINER, has_right_to_left, is_ignorable
from pressrun.graphics.fonts import FontFace, engine_families, read_face
from pressrun.graphics.script_fonts import is_script_family
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Run, Span

_ASIDE, _UP = operator.attrgetter("x_offset"), operator.attrgetter("y_offset")
UNSAFE = int(uharfbuzz.GlyphFlags.UNSAFE_TO_BREAK)
TEXTS_KEPT = 4096  # of the rows that are made together
_ANY_SCRIPT = ("Zzzz", "Zyyy", "Zinh")


@dataclass(frozen=True, slots=True, eq=False)
class _Type:
    """What decides how letters are shaped: the fonts in the order that they are tried, and a language by its tag;
    ``tracking`` in em; ``features`` of OpenType that are not as they are by themselves, -liga for one that is off. One
    for each that is asked for: it stands in keys."""

    fonts: tuple[Path, ...]
    language: str
    tracking: float
    features: tuple[str, ...]


@dataclass(slots=True)
class Glyphs:
    """Glyphs from left to right, in em. Each is of the cluster between two places of a text; ``safe``: a line may end
    before the cluster, and both parts are shaped as they are together (which is asked only behind what is no letter).
    ``top`` and ``bottom``: how far the ink of any reaches. ``numbers`` are theirs in ``fonts``, 0 of what is in none;
    ``asides`` and ``ups`` are how far each stands from where its advances say, in units of its font; ``moved``: some
    do."""

    numbers: list[int] = field(default_factory=list)
    fonts: list[Path] = field(default_factory=list)
    asides: list[int] = field(default_factory=list)
    ups: list[int] = field(default_factory=list)
    moved: bool = False
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    advances: list[float] = field(default_factory=list)
    safe: list[bool] = field(default_factory=list)
    top: float = -math.inf
    bottom: float = -math.inf

    def __len__(self) -> int:
        return len(self.starts)

    def reach(self, top: float, bottom: float) -> None:
        self.top, self.bottom = max(self.top, top), max(self.bottom, bottom)

    def space(self, tracking: float) -> None:
        """Put so much between clusters."""
        if tracking:
            pairs = enumerate(pairwise(self.starts))
            for at in [at for at, (one, following) in pairs if one != following]:
                self.advances[at] += tracking


class _Run:
    """What is shaped together: one script of one span."""

    def __init__(self, start: int, end: int, span: Span, type: _Type, from_right: bool, glyphs: Glyphs) -> None:
        self.start, self.end, self.span, self.type = start, end, span, type
        self.from_right, self.glyphs = from_right, glyphs
        self.count = len(glyphs)
        self.sums = (0.0, *accumulate(glyphs.advances))

    @functools.cached_property
    def _behind(self) -> dict[int, int]:
        """How many glyphs lie to the left of the end of each cluster."""
        return dict(zip(self.glyphs.ends, range(1, self.count + 1), strict=True))

    @functools.cached_property
    def _edges(self) -> dict[int, int]:
        glyphs = self.count
        return {self.start: glyphs if self.from_right else 0, self.end: 0 if self.from_right else glyphs}

    @functools.cached_property
    def _left(self) -> dict[int, int]:
        """How many lie to the left of each place where a cluster begins: the first in the text counts of its glyphs."""
        lefts = range(self.from_right, self.count + self.from_right)
        pairs = list(zip(self.glyphs.starts, lefts, strict=True))
        return dict(pairs if self.from_right else pairs[::-1]) | self._edges

    @functools.cached_property
    def _parted(self) -> dict[int, int]:
        """Likewise of the places where a line may end."""
        pairs = list(zip(self.glyphs.starts, self.glyphs.safe, strict=True))
        safe = dict(pairs if self.from_right else pairs[::-1])
        return {place: left for place, left in self._left.items() if safe.get(place)} | self._edges

    @functools.cached_property
    def before_places(self) -> dict[int, float]:
        """What its glyphs take before each place where a cluster begins, of a run from left to right."""
        return {place: self.sums[left] for place, left in self._left.items()}

    @functools.cached_property
    def before_ends(self) -> dict[int, float]:
        """Likewise before the places where a line may end."""
        return {place: self.sums[left] for place, left in self._parted.items()}

    def part(self, start: int, seen: int, end: int, before_break: bool) -> slice | None:
        """The glyphs of a part that is shaped as it stands in the whole, from left to right; None if that cannot be
        told. What follows ``seen`` takes no room. ``before_break``: a line break follows, which no glyph stands for."""
        if start == self.start and end == self.end and seen >= end:
            return slice(0, self.count)
        first, last = self._parted.get(start), self._parted.get(end)
        if last is None and before_break and not self.from_right:
            last = self._behind.get(end)
        shown = last if seen >= end else self._left.get(max(seen, start))
        if first is None or last is None or shown is None:
            return None
        return slice(min(first, shown), max(first, shown))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Glyphs of one font on a line, from left to right, the first of which begins at ``x``: by their numbers in it,
    with what each takes, and the words that it stands for; lengths in em of the text's full size."""

    font: Path
    span: Span
    x: float
    glyphs: Sequence[int]
    advances: Sequence[float]
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """Glyphs of one span in one script, which run from right to left or the other way."""

    span: Span
    from_right: bool
    glyphs: Glyphs


class ShapedText:
    """One text, shaped; all lengths in em of its full size."""

    def __init__(self, spans: tuple[Span, ...], types: tuple[_Type, ...]) -> None:
        """Spans with the type of each."""
        self.text = "".join([span.text for span in spans])
        self._runs = tuple(self._shaped_runs(spans, types))

    def ink(self) -> tuple[float, float]:
        """How far it reaches above and below its baseline; (0, 0) where there is no ink."""
        inked = [run for run in self._runs if run.count]
        return (
            max([run.span.scale * run.glyphs.top + run.span.rise for run in inked], default=0.0),
            max([run.span.scale * run.glyphs.bottom - run.span.rise for run in inked], default=0.0),
        )

    def measure(self, start: int, seen: int, end: int) -> tuple[float, float]:
        """The width of a line from ``start`` to ``end``, of which what follows ``seen`` takes no room, and the largest
        type that is seen in it, as a share of the full size."""
        if len(self._runs) == 1 and start < end and not self._runs[0].from_right:  # as most texts
            run = self._runs[0]
            before, whole = run.before_ends.get(start), run.before_ends.get(end)
            shown = whole if seen >= end else run.before_places.get(seen)
            if before is not None and whole is not None and shown is not None:
                return run.span.scale * (shown - before), run.span.scale
        width, scales = 0.0, []
        for run in self._runs:
            if run.start < end and run.end > start:
                begin, until = max(start, run.start), min(end, run.end)
                part, sums = run.part(begin, seen, until, self.text[until : until + 1] == "\n"), run.sums
                of_part = self._apart(run, begin, seen, until) if part is None else sums[part.stop] - sums[part.start]
                width += run.span.scale * of_part
                if begin < seen or seen == start:
                    scales.append(run.span.scale)
        return width, max(scales, default=1.0)

    def stretches(self, start: int, seen: int, end: int) -> list[Stretch] | None:
        """The glyphs of a line; None where they stand otherwise than one after the other, or for more than words."""
        found: list[Stretch] = []
        x = 0.0
        for run in self._runs:
            if run.start >= end or run.end <= start or start >= seen:
                continue
            until, all_of_it = min(end, run.end), run.glyphs
            part = run.part(max(start, run.start), seen, until, self.text[until : until + 1] == "\n")
            if part is None or run.from_right or all_of_it.moved:
                return None
            scale, places = run.span.scale, range(part.start, part.stop)
            for font, same in itertools.groupby(places, all_of_it.fonts.__getitem__):
                these = slice((some := list(same))[0], some[-1] + 1)
                starts, advances = all_of_it.starts[these], [scale * one for one in all_of_it.advances[these]]
                if len(set(starts)) < len(starts) or 0 in all_of_it.numbers[these]:
                    return None
                bounds = zip(starts, all_of_it.ends[these], strict=True)
                said = [self.text[one:other].replace(WORD_JOINER, "") for one, other in bounds]
                found.append(Stretch(font, run.span, x, all_of_it.numbers[these], advances, said))
                x += sum(advances)
        return found

    def parts(self, start: int, seen: int) -> list[Part]:
        """What is shaped together of a line, as it stands in the text."""
        runs = [run for run in self._runs if run.start < seen and run.end > start]
        bounds = [(max(start, run.start), min(seen, run.end)) for run in runs]
        return [
            Part(run.span, run.from_right, self._shaped(*bound, run.type, run.from_right))
            for run, bound in zip(runs, bounds, strict=True)
        ]

    def _apart(self, run: _Run, start: int, seen: int, end: int) -> float:
        """The width of a part of a run that is shaped for itself."""
        glyphs = self._shaped(start, end, run.type, run.from_right)
        return sum([advance for at, advance in zip(glyphs.starts, glyphs.advances, strict=True) if at < seen])

    def _shaped_runs(self, spans: tuple[Span, ...], types: tuple[_Type, ...]) -> Iterator[_Run]:
        at = 0
        for span, type in zip(spans, types, strict=True):
            for length in _scripts(span.text):
                from_right = has_right_to_left(self.text[at : at + length])
                yield _Run(at, at + length, span, type, from_right, self._shaped(at, at + length, type, from_right))
                at += length

    def _shaped(self, start: int, end: int, type: _Type, from_right: bool) -> Glyphs:
        """The glyphs of a part, shaped for itself, with the space between them."""
        glyphs = Glyphs()
        _shape(self.text, start, end, type, 0, from_right, glyphs)
        glyphs.space(type.tracking)
        return glyphs


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
            types.append(
                self._types(
                    own.families, own.weight, own.style, mark.language, mark.region, own.tracking, own.features
                )
            )
        return self._of_text(spans, tuple(types))

    def _has_scripts(self, families: tuple[str, ...]) -> bool:
        """Whether those of the families are at hand that are cut for a script when it is needed."""
        return all(family in self._families for family in families if is_script_family(family))

    def _type(
        self, families: tuple[str, ...], weight: int, style: str, language: str, region: str, tracking: float,
        features: tuple[str, ...],
    ) -> _Type:  # fmt: skip
        fonts = self._fonts(families, weight, style == "italic")
        return _Type(fonts, f"{language}-{region}" if region else language, tracking, features)

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


class _Font:
    """One font of a file; what it says of a glyph is kept, in em."""

    def __init__(self, file: Path) -> None:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
        self.font, self.em = uharfbuzz.Font(face), face.upem
        self.reach = functools.lru_cache(maxsize=4096)(self._reach)
        blanks = [self.font.get_nominal_glyph(ord(blank)) for blank in (NO_BREAK_SPACE, " ")]
        known = [self.font.get_glyph_h_advance(glyph) for glyph in blanks if glyph is not None]
        self.too_wide = (known[0] - known[1]) / self.em if len(known) == 2 else 0.0  # a no-break space

    def _reach(self, glyph: int, up: int) -> tuple[float, float]:
        """How far the ink of a glyph that is moved up reaches above and below the baseline."""
        extents = self.font.get_glyph_extents(glyph)
        if extents is None or not extents.height:
            return 0.0, 0.0
        top = up + extents.y_bearing
        return top / self.em, (-top - extents.height) / self.em


font_of = functools.lru_cache(maxsize=64)(_Font)


def _shape(text: str, start: int, end: int, type: _Type, tried: int, from_right: bool, into: Glyphs) -> None:
    """Add the glyphs of a part from left to right, without tracking. What a font lacks is shaped for itself with the
    next; what all lack takes the room of the first one's sign for it."""
    part = text[start:end]
    if all(character in "\n\t" or is_ignorable(character) for character in part) or not type.fonts:
        return
    if tried == len(type.fonts):
        first = font_of(type.fonts[0])
        places = range(end - 1, start - 1, -1) if from_right else range(start, end)
        into.starts += places
        into.numbers += [0] * len(part)
        into.fonts += [type.fonts[0]] * len(part)
        into.ends += [place + 1 for place in places]
        into.advances += [first.font.get_glyph_h_advance(0) / first.em] * len(part)
        into.asides += [0] * len(part)
        into.ups += [0] * len(part)
        into.safe += [True] * len(part)
        into.reach(0.0, 0.0)
        return
    font = font_of(type.fonts[tried])
    buffer = uharfbuzz.Buffer()
    buffer.add_str(part)
    buffer.direction = "rtl" if from_right else "ltr"
    buffer.language = type.language
    buffer.guess_segment_properties()
    buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    features = {tag.removeprefix("-"): not tag.startswith("-") for tag in type.features}
    uharfbuzz.shape(font.font, buffer, features or None)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    clusters, glyphs = [info.cluster for info in infos], [info.codepoint for info in infos]
    behind = dict(pairwise(sorted({*clusters, len(part)})))
    lacking = {cluster for cluster, glyph in zip(clusters, glyphs, strict=True) if glyph == 0} if 0 in glyphs else ()
    at = 0
    while at < len(glyphs):
        last, lacks = at if lacking else len(glyphs) - 1, clusters[at] in lacking
        while last + 1 < len(glyphs) and (clusters[last + 1] in lacking) is lacks:
            last += 1
        if lacks:
            low, high = sorted((clusters[at], clusters[last]))
            _shape(text, start + low, start + behind[high], type, tried + 1, from_right, into)
        else:
            these = slice(at, last + 1)
            into.starts += [start + cluster for cluster in clusters[these]]
            into.ends += [start + behind[cluster] for cluster in clusters[these]]
            into.numbers += glyphs[these]
            into.fonts += [type.fonts[tried]] * (last + 1 - at)
            advances = [position.x_advance / font.em for position in positions[these]]
            if NO_BREAK_SPACE in part:
                pairs = zip(clusters[these], advances, strict=True)
                advances = [
                    advance - font.too_wide if part[cluster] == NO_BREAK_SPACE else advance
                    for cluster, advance in pairs
                ]
            into.advances += advances
            into.safe += [
                cluster > 0 and not part[cluster - 1].isalnum() and not int(info.flags) & UNSAFE
                for cluster, info in zip(clusters[these], infos[these], strict=True)
            ]
            asides, ups = list(map(_ASIDE, positions[these])), list(map(_UP, positions[these]))
            into.moved |= any(ups) or any(asides)
            into.asides += asides
            into.ups += ups
            reaches = [font.reach(glyph, up) for glyph, up in set(zip(glyphs[these], ups, strict=True))]
            into.reach(*map(max, zip(*reaches, strict=True)))
        at = last + 1
