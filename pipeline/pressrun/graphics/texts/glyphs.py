"""Glyphs as Typst has them shaped, by HarfBuzz: line by line, since many texts have lines in common."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from pathlib import Path

import uharfbuzz
from msgspec import Struct, field

from pressrun.graphics.typefaces.characters import NO_BREAK_SPACE, is_ignorable

_TOP, _BOTTOM = itemgetter(0), itemgetter(1)
_NO_LETTER = re.compile(r"[\W_]")  # nor figure: all but what is alphanumeric
UNSAFE = int(uharfbuzz.GlyphFlags.UNSAFE_TO_BREAK)
LINES_KEPT = 4096
REACHES_KEPT = 4096


class LetterType(Struct, frozen=True, eq=False):
    """What decides how letters are shaped: the fonts in the order that they are tried, and a language by its tag;
    ``tracking`` in em; ``features`` of OpenType that are not as they are by themselves, -liga for one that is off. One
    for each that is asked for: it stands in keys."""

    fonts: tuple[Path, ...]
    language: str
    tracking: float
    features: tuple[str, ...]


class Glyphs(Struct):
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

    def space(self, tracking: float, behind: bool) -> None:
        """Put so much between clusters, and behind the last."""
        if tracking and self.starts:
            pairs = enumerate(zip(self.starts, (*self.starts[1:], -1 if behind else self.starts[-1]), strict=True))
            for at in [at for at, (one, following) in pairs if one != following]:
                self.advances[at] += tracking


class ShapedLine:
    """What is shaped together: one script of one span, as far as its line goes. Its places count from its start. What
    ends with it may have to be ``shaped_apart``, as the space between letters is not where it is in the whole."""

    def __init__(self, glyphs: Glyphs, length: int, from_right: bool, shaped_apart: bool = False) -> None:
        self.glyphs, self.length, self.from_right, self.shaped_apart = glyphs, length, from_right, shaped_apart
        self.count = len(glyphs)
        self.sums = (0.0, *accumulate(glyphs.advances))

    @functools.cached_property
    def _edges(self) -> dict[int, int]:
        glyphs = self.count
        return {0: glyphs if self.from_right else 0, self.length: 0 if self.from_right else glyphs}

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

    def part(self, start: int, seen: int, end: int) -> slice | None:
        """The glyphs of a part that is shaped as it stands in the whole, from left to right; None if that cannot be
        told. What follows ``seen`` takes no room."""
        if self.shaped_apart and end == self.length:
            return None
        if start == 0 and seen >= end == self.length:
            return slice(0, self.count)
        first, last = self._parted.get(start), self._parted.get(end)
        shown = last if seen >= end else self._left.get(max(seen, start))
        if first is None or last is None or shown is None:
            return None
        return slice(min(first, shown), max(first, shown))

    def sums_at(self, parted: Iterable[int], shown: Sequence[int]) -> tuple[list[float], list[float]] | None:
        """What lies to the left of places where a line may end, and of those where clusters begin; None if one is not
        such a place."""
        sums, parts, clusters = self.sums, self._parted, self._left
        if self.shaped_apart and self.length in shown:
            return None
        try:
            return [sums[parts[place]] for place in parted], [sums[clusters[place]] for place in shown]
        except KeyError:
            return None

    def width(self, start: int, seen: int, end: int) -> float | None:
        """What it takes."""
        part = self.part(start, seen, end)
        return None if part is None else self.sums[part.stop] - self.sums[part.start]


def shaped_lines(part: str, type: LetterType, from_right: bool) -> Iterator[tuple[int, ShapedLine]]:
    """A part of a text line by line, with the place where each begins; of the first and the last none that is empty.
    As Typst has them, those before others have space behind them, and all are in one script; from right to left those
    after others have, of which what ends before a line break has not, and each is in its own."""
    lines = part.split("\n")
    script = _script_of(part) if len(lines) > 1 and not from_right else ""
    begun, at = [number for number, line in enumerate(lines) if line] or [0], 0
    for number, line in enumerate(lines):
        if line or 0 < number < len(lines) - 1:
            spaced = begun[0] < number if from_right else number < begun[-1]
            shaped_apart = from_right and bool(type.tracking) and number < len(lines) - 1
            yield at, shaped_line(line, type, from_right, script, spaced, shaped_apart)
        at += len(line) + 1


def _script_of(text: str) -> str:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    return buffer.script or ""


@functools.lru_cache(maxsize=LINES_KEPT)
def shaped_line(
    line: str, type: LetterType, from_right: bool, script: str = "", spaced: bool = False, shaped_apart: bool = False
) -> ShapedLine:
    """The glyphs of what stands on one line, shaped for itself, with the space between them."""
    glyphs = Glyphs()
    _shape(line, 0, len(line), type, 0, from_right, glyphs, script)
    glyphs.space(type.tracking, spaced)
    return ShapedLine(glyphs, len(line), from_right, shaped_apart)


class _Reaches(dict[tuple[int, int], tuple[float, float]]):
    """How far the ink of a glyph that is moved up by so many units reaches above and below the baseline, in em."""

    def __init__(self, font: uharfbuzz.Font, em: int) -> None:
        super().__init__()
        self._font, self._em = font, em

    def __missing__(self, moved: tuple[int, int]) -> tuple[float, float]:
        glyph, up = moved
        extents = self._font.get_glyph_extents(glyph)
        known = 0.0, 0.0
        if extents is not None and extents.height:
            top = up + extents.y_bearing
            known = top / self._em, (-top - extents.height) / self._em
        if len(self) >= REACHES_KEPT:
            self.clear()
        self[moved] = known
        return known


class _Font:
    """One font of a file; what it says of a glyph is kept."""

    def __init__(self, file: Path) -> None:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
        self.font, self.em = uharfbuzz.Font(face), face.upem
        self.reach = _Reaches(self.font, self.em)
        blanks = [self.font.get_nominal_glyph(ord(blank)) for blank in (NO_BREAK_SPACE, " ")]
        known = [self.font.get_glyph_h_advance(glyph) for glyph in blanks if glyph is not None]
        self.too_wide = (known[0] - known[1]) / self.em if len(known) == 2 else 0.0  # a no-break space


font_of = functools.lru_cache(maxsize=64)(_Font)


def _shape(
    text: str, start: int, end: int, type: LetterType, tried: int, from_right: bool, into: Glyphs, script: str = ""
) -> None:
    """Add the glyphs of a part from left to right, without tracking, in a script or in that of its first letter. What a
    font lacks is shaped for itself with the next; what all lack takes the room of the first one's sign for it."""
    part = text[start:end]
    if not type.fonts or (not part[:1].isalnum() and all(one == "\t" or is_ignorable(one) for one in part)):
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
    if script:
        buffer.script = script
    buffer.guess_segment_properties()
    buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    features = {tag.removeprefix("-"): not tag.startswith("-") for tag in type.features}
    uharfbuzz.shape(font.font, buffer, features or None)
    infos = buffer.glyph_infos
    shaped = _Shaped(part, infos, buffer.glyph_positions, [info.cluster for info in infos])
    glyphs = [info.codepoint for info in infos]
    if 0 not in glyphs:
        shaped.add(glyphs, slice(0, len(glyphs)), start, type.fonts[tried], font, into)
        return
    clusters, behind = shaped.clusters, shaped.behind
    lacking = {cluster for cluster, glyph in zip(clusters, glyphs, strict=True) if glyph == 0}
    at = 0
    while at < len(glyphs):
        last, lacks = at, clusters[at] in lacking
        while last + 1 < len(glyphs) and (clusters[last + 1] in lacking) is lacks:
            last += 1
        if lacks:
            low, high = sorted((clusters[at], clusters[last]))
            _shape(text, start + low, start + behind[high], type, tried + 1, from_right, into)
        else:
            shaped.add(glyphs, slice(at, last + 1), start, type.fonts[tried], font, into)
        at = last + 1


class _Shaped(Struct):
    """What HarfBuzz has made of a part of a text."""

    part: str
    infos: Sequence[uharfbuzz.GlyphInfo]
    positions: Sequence[uharfbuzz.GlyphPosition]
    clusters: list[int]

    @property
    def behind(self) -> dict[int, int]:
        """Where each cluster ends."""
        return dict(pairwise(sorted({*self.clusters, len(self.part)})))

    def add(self, glyphs: list[int], these: slice, start: int, file: Path, font: _Font, into: Glyphs) -> None:
        """Add some of its ``glyphs``, which are all in a font."""
        part, clusters, positions, em = self.part, self.clusters[these], self.positions[these], font.em
        glyphs, parting = glyphs[these], [found.end() for found in _NO_LETTER.finditer(part)]
        count = len(glyphs)
        into.starts += [start + cluster for cluster in clusters]
        safe = [False] * count
        if clusters == [*range(len(part))]:  # a glyph for each letter, as of most texts
            into.ends += range(start + 1, start + count + 1)
            places = [at for at in parting if at < count]
        else:
            behind = self.behind
            into.ends += [start + behind[cluster] for cluster in clusters]
            places = [at for at, cluster in enumerate(clusters) if cluster in parting]
        infos = self.infos[these]
        for at in places:
            safe[at] = not int(infos[at].flags) & UNSAFE
        into.safe += safe
        into.numbers += glyphs
        into.fonts += [file] * count
        advances = [position.x_advance / em for position in positions]
        if NO_BREAK_SPACE in part:
            pairs = zip(clusters, advances, strict=True)
            advances = [
                advance - font.too_wide if part[cluster] == NO_BREAK_SPACE else advance for cluster, advance in pairs
            ]
        into.advances += advances
        asides, ups = [one.x_offset for one in positions], [one.y_offset for one in positions]
        if any(asides) or any(ups):
            into.moved = True
            into.asides += asides
            into.ups += ups
            reaches = [font.reach[one] for one in set(zip(glyphs, ups, strict=True))]
        else:
            into.asides += [0] * count
            into.ups += [0] * count
            reaches = [font.reach[glyph, 0] for glyph in set(glyphs)]
        into.reach(max(map(_TOP, reaches)), max(map(_BOTTOM, reaches)))
