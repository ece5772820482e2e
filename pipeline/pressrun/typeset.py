"""typeset: the live layers of settled sheets become overlays: vectors as they are, and texts set by Typst."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.drawn import shadows
from pressrun.graphics.drawn.shapes import overprinting, shape_vectors, with_rules
from pressrun.graphics.drawn.shown_steps import shown_as
from pressrun.graphics.pages.placed_pages import mixes
from pressrun.graphics.pages.repainted_texts import spelled_out
from pressrun.graphics.paths import outlines, shadings
from pressrun.graphics.svg.artwork import Artwork, UnusableArtwork
from pressrun.graphics.texts.set_letters import FAR, SetLine
from pressrun.graphics.texts.text_pages import Lines, TextsOfPage, by_letters
from pressrun.graphics.texts.typst_engine import Typesetter
from pressrun.graphics.texts.typst_text import Paint
from pressrun.model.border import border_shapes
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink
from pressrun.model.geometry import IDENTITY, SCREEN_DENSITY, Rect, after, enlargement, met_by
from pressrun.model.letters import Letters
from pressrun.model.levels import levels_of
from pressrun.model.paint import CastShadow
from pressrun.model.placed_page import PageMark
from pressrun.model.reach import reach_of
from pressrun.model.rendering import (
    Document,
    Group,
    Level,
    Overlay,
    Path,
    Piece,
    Pixels,
    PlacedPage,
    Segment,
    TechnicalLayer,
    TextPage,
    Tiling,
    Vectors,
)
from pressrun.model.sheet import (
    GroupMark,
    LogoMark,
    Mark,
    Pattern,
    PictureMark,
    ShadeMark,
    ShapeMark,
    Sheet,
    TextMark,
    ungrouped,
)
from pressrun.model.technical import TechnicalMark

PRESS_DENSITY = 300.0  # pixels per inch of what has a hard edge
SVG, ALL_OF_IT = "image/svg+xml", (0.0, 0.0, 1.0, 1.0)
LARGE = 12.0  # points, from which on words may be in a rich black


class Tools(Protocol):
    """What sheets are set with."""

    @property
    def typesetter(self) -> Typesetter: ...

    def artwork(self, digest: str) -> Artwork:
        """A logo by the digest of its SVG. Raises UnusableArtwork."""

    def piece(self, sheet: Sheet, mark: PictureMark | ShadeMark, enlarged: float = 1.0) -> tuple[Pixels, Piece]:
        """A mark of pixels above live layers, and its place."""

    def document(self, sheet: Sheet, mark: PageMark) -> Document:
        """The document of which a page is placed."""


def _nothing_is_known(mark: TextMark) -> None:
    """Of where the letters of a text stand: Typst sets it."""


def typeset(sheets: Sequence[Sheet], tools: Tools, lines: Lines = _nothing_is_known) -> list[Overlay | None]:
    """Set settled sheets, their texts in one document, as `set_by_letters` does. Once for all targets: each ink of a
    text is set as a marker, a colour of its own that is replaced afterwards. A page looks the same in whatever company
    it is set, though its bytes are others; None for a sheet that would not, and is to be set alone. Raises
    TypesettingFailed and UnusableArtwork, whichever sheet is to blame."""
    pages: list[TextsOfPage] = []
    of_sheets = [_Setting(sheet, tools, pages, lines) for sheet in sheets]
    texts, letters = by_letters(pages, tools.typesetter, of_many=len(sheets) > 1)
    differing = letters.at_odds | spelled_out(texts) if len(sheets) > 1 else frozenset[int]()
    overlays = [one.overlay(texts, letters) for one in of_sheets]
    return [None if differing & overlay.text_pages else overlay for overlay in overlays]


def set_by_letters(sheets: Sequence[Sheet], tools: Tools, lines: Lines, of_many: bool = False) -> list[Overlay]:
    """Set the settled pages of one document, whose texts are always in this company. Pages of whose texts ``lines``
    tells where each letter stands are not set by Typst: they look the same, and take a tenth of the time. ``of_many``:
    files of one kind, of which each has the same fonts. Raises TypesettingFailed and UnusableArtwork."""
    pages: list[TextsOfPage] = []
    of_sheets = [_Setting(sheet, tools, pages, lines) for sheet in sheets]
    texts, letters = by_letters(pages, tools.typesetter, of_many)
    return [one.overlay(texts, letters) for one in of_sheets]


class _Markers:
    """Colours that stand for the inks of a sheet's texts."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.given: dict[Ink, str] = {}

    def of(self, size: float, ink: Ink, scale: float = 1.0) -> str:
        """What stands for an ink of words, which may have another size than their text."""
        if size * scale < self._sheet.overprint_below:
            ink = overprinting(ink)
        elif size * scale >= LARGE and self._sheet.target == "print":
            ink = ink.where_large
        return self.given.setdefault(ink, f"#{len(self.given) + 1:06X}")


class _Setting:
    """One sheet, whose texts are added to the ``pages`` to be set."""

    def __init__(self, sheet: Sheet, tools: Tools, pages: list[TextsOfPage], lines: Lines) -> None:
        self._sheet, self._tools, self._pages, self._lines = sheet, tools, pages, lines
        self._markers = _Markers(sheet)
        self._pieces: dict[str, Piece] = {}
        self._enlarged = 1.0  # by the groups around what is looked at
        self._documents: dict[str, Document] = {}
        self._covers: dict[str, tuple[tuple[Segment, ...], CastShadow, float]] = {}
        self._levels = tuple(
            Level(tuple(self._segments(level.marks)), tuple(self._segments(level.under)))
            for level in levels_of(sheet.marks)
        )

    def overlay(self, texts: bytes, letters: Letters | None = None) -> Overlay:
        bleed = self._sheet.boxes.bleed
        inks = {marker: ink for ink, marker in self._markers.given.items()}
        size = bleed.width, bleed.height
        overlay = Overlay(size, self._levels, texts, inks, self._pieces, self._documents, letters=letters)
        return self._shadowed(overlay) if self._covers else overlay

    def _shadowed(self, overlay: Overlay) -> Overlay:
        """With the covers of its shadows, which are drawn of the texts as they are set."""
        drawn: dict[str, tuple[Image.Image, Rect]] = {}

        def placed(segment: Segment) -> Segment:
            if isinstance(segment, Group):
                return replace(segment, segments=tuple(map(placed, segment.segments)))
            if isinstance(segment, Vectors) and segment.cover:
                rect = drawn[segment.cover.piece][1]
                (path,) = segment.paths
                path = replace(path, outline=outlines.rectangle(rect))
                return replace(segment, paths=(path,), cover=replace(segment.cover, rect=rect))
            return segment

        covers: dict[str, Image.Image] = {}
        for key, (segments, shadow, density) in self._covers.items():  # those in a group come before the group's own
            casting = tuple(map(placed, segments))
            drawn[key] = shadows.cover(replace(overlay, covers=covers), casting, shadow, density)
            covers[key] = drawn[key][0]
        levels = tuple(
            Level(tuple(map(placed, level.segments)), tuple(map(placed, level.under))) for level in overlay.levels
        )
        return replace(overlay, levels=levels, covers=covers)

    def _segments(self, marks: Iterable[Mark]) -> Iterator[Segment]:
        for stratum in _strata([part for mark in marks for part in _parts(mark)], _is_text):
            if stratum.kind:
                yield from self._text_pages([mark for mark in stratum.marks if isinstance(mark, TextMark)])
            else:
                yield from map(self._segment, stratum.marks)

    def _text_pages(self, texts: Sequence[TextMark]) -> Iterator[TextPage]:
        """One, unless Typst has to set some of them: it parts letters that stand apart by gaps, which readers take for
        blanks, so that these are on pages of their own."""
        lines: dict[int, list[SetLine] | None] = {}
        is_for_typst = False
        for mark in texts:
            lines[id(mark)] = None if is_for_typst and not _stands_apart(mark) else self._lines(mark)
            is_for_typst = is_for_typst or lines[id(mark)] is None
        if not is_for_typst:
            yield self._text_page(texts, lines)
            return
        for stratum in _strata(texts, lambda mark: _stands_apart(mark) and lines[id(mark)] is not None):
            yield self._text_page([mark for mark in stratum.marks if isinstance(mark, TextMark)], lines)

    def _text_page(self, texts: Sequence[TextMark], lines: Mapping[int, list[SetLine] | None]) -> TextPage:
        bleed = self._sheet.boxes.bleed
        known = [found for mark in texts if (found := lines[id(mark)]) is not None]
        page = TextsOfPage(
            bleed.width, bleed.height, [(mark, self._paint(mark)) for mark in texts],
            known if len(known) == len(texts) else (),
        )  # fmt: skip
        self._pages.append(page)
        return TextPage(len(self._pages) - 1)

    def _paint(self, mark: TextMark) -> Paint:
        """Which colours stand for the inks of a text, in the order in which they are asked for."""
        assert mark.fit is not None, f"{mark.layer} was never fitted"
        return partial(self._markers.of, mark.fit.size * self._enlarged)

    def _segment(self, mark: Mark) -> Segment:
        if isinstance(mark, ShapeMark):
            mark = with_rules(mark, self._enlarged) if self._sheet.overprint_below else mark
            return shape_vectors(mark, self._tiling(mark.fill, mark.rect) if isinstance(mark.fill, Pattern) else None)
        if isinstance(mark, LogoMark):
            art = self._tools.artwork(mark.candidates[0][1])
            return self._pixels(_logo_picture(mark, art)) if art.color else _logo(mark, art)
        if isinstance(mark, CodeMark):
            return _code(replace(mark, ink=overprinting(mark.ink)) if self._sheet.overprint_below else mark)
        if isinstance(mark, GroupMark):
            around, self._enlarged = self._enlarged, self._enlarged * enlargement(mark.matrix)
            group = Group(tuple(self._segments(mark.marks)), mark.matrix, mark.clip, mark.opacity, mark.blend)
            self._enlarged = around
            if isinstance(mark, TechnicalMark):
                return self._technical(mark, group)
            if mark.shadow is None:
                return group
            return Group((self._shadow(mark, group, mark.shadow), group), IDENTITY, "", 1.0, "normal")
        if isinstance(mark, PageMark):
            return self._placed_page(mark)
        assert isinstance(mark, (PictureMark, ShadeMark)), f"{type(mark).__name__} is set among texts"
        return self._pixels(mark)

    def _technical(self, mark: TechnicalMark, group: Group) -> Segment:
        """What is printed of it, and what is shown where it is not."""
        ink = mark.ink
        seen = tuple(self._segments(shown_as(one, ink) for one in mark.marks)) if ink.shown else ()
        if self._sheet.target == "screen":
            return replace(group, segments=seen)
        parts = (group.segments, group.matrix, group.clip, group.opacity, group.blend)
        return TechnicalLayer(*parts, ink=ink, seen=seen)

    def _pixels(self, mark: PictureMark | ShadeMark) -> Pixels:
        pixels, self._pieces[pixels.piece] = self._tools.piece(self._sheet, mark, self._enlarged)
        return pixels

    def _placed_page(self, mark: PageMark) -> PlacedPage:
        if mark.palette:
            key = " ".join([mark.digest, f"{mark.rect.width:.2f} x {mark.rect.height:.2f}", *mark.without])
            drawn = self._documents.setdefault(key, self._tools.document(self._sheet, mark))
            upright = (1.0, 0.0, 0.0, -1.0, mark.rect.x, mark.rect.bottom)
            return PlacedPage(key, 1, upright, mixes(drawn))
        key = mark.digest if mark.fields else f"{mark.digest} without fields"
        if mark.taken or mark.alone:
            key = " ".join([key, str(mark.number), *(f"no {spot}" for spot in mark.taken), mark.alone, repr(mark.inks)])
        document, known = self._tools.document(self._sheet, mark), self._documents.get(key)
        if known:
            document = replace(known, inks=tuple(dict(known.inks + document.inks).items()))
        self._documents[key] = document
        try:
            return PlacedPage(key, mark.number, mark.matrix, mixes(document))
        except UnusableArtwork as fault:
            raise UnusableArtwork(f"{mark.told}: {fault}") from fault

    def _tiling(self, pattern: Pattern, rect: Rect) -> Tiling:
        """A pattern across a rectangle. An SVG that has no exact inks is drawn as pixels."""
        segments: list[Segment] = []
        for mark in pattern.marks:
            try:
                segments.append(self._segment(mark))
            except UnusableArtwork:
                assert isinstance(mark, LogoMark)
                size = (max(1, round(mark.rect.width)), max(1, round(mark.rect.height)))
                picture = PictureMark(mark.layer, mark.rect, mark.candidates[0][1], SVG, size, ALL_OF_IT)
                segments.append(self._segment(picture))
        extent = rect.inset(*[-shadings.ROOM] * 4)
        return Tiling(tuple(segments), pattern.width, pattern.height, pattern.matrix, pattern.ground, extent)

    def _shadow(self, mark: GroupMark, group: Group, shadow: CastShadow) -> Segment:
        """Of a hard shadow the same in one ink, where its outline is one of vectors; else pixels."""
        opacity = shadow.opacity * mark.opacity
        if not shadow.blur and not any(map(self._is_cut_out, ungrouped(mark.marks))):
            marks = [shadows.in_one_ink(one, shadow.ink) for one in mark.marks]
            moved = after(mark.matrix, (1.0, 0.0, 0.0, 1.0, *shadow.offset))
            return Group(tuple(self._segments(marks)), moved, mark.clip, opacity, "normal")
        print_density = shadows.SOFT_DENSITY if shadow.blur else PRESS_DENSITY
        density = print_density if self._sheet.target == "print" else SCREEN_DENSITY
        casting = (replace(group, opacity=1.0, blend="normal"),)
        key = f"shadow {len(self._covers)}"
        self._covers[key] = casting, shadow, density
        cover = Pixels(key, Rect(0, 0, 0, 0))  # which is known when it is drawn
        vectors = Vectors((Path("", shadow.ink),), opacity=opacity, cover=cover)
        return Group((vectors,), IDENTITY, "", 1.0, "multiply" if shadow.blur else "normal")

    def _is_cut_out(self, mark: Mark) -> bool:
        if isinstance(mark, PictureMark):
            return self._tools.piece(self._sheet, mark)[1].seen.mode == "RGBA"
        return isinstance(mark, (ShadeMark, PageMark))


class _Stratum(Struct):
    """Marks of one kind."""

    kind: bool
    marks: list[Mark] = field(default_factory=list)
    reaches: list[Rect] = field(default_factory=list)


def _strata(marks: Iterable[Mark], kind_of: Callable[[Mark], bool]) -> list[_Stratum]:
    """Marks from the bottom up in few strata: a mark sinks below others that it does not touch."""
    strata: list[_Stratum] = []
    for mark in marks:
        reach, kind = reach_of(mark), kind_of(mark)
        place = None
        for stratum in reversed(strata):
            if stratum.kind is kind:
                place = stratum
                break
            if met_by(reach, stratum.reaches):
                break
        if place is None:
            place = _Stratum(kind)
            strata.append(place)
        place.marks.append(mark)
        place.reaches.append(reach)
    return strata


def _is_text(mark: Mark) -> bool:
    return isinstance(mark, TextMark)


def _stands_apart(mark: Mark) -> bool:
    return isinstance(mark, TextMark) and mark.tracking >= FAR / 1000


def _parts(mark: Mark) -> Sequence[Mark]:
    """A mark with the shapes that it stands on."""
    if isinstance(mark, TextMark) and mark.panel:
        shape = mark.panel_shape
        return [shape, *border_shapes(mark.layer, shape.rect, mark.panel.border, mark.panel.radius), mark]
    if isinstance(mark, CodeMark) and mark.ground:
        return [ShapeMark(mark.layer, mark.rect, "rect", mark.ground, None, 0.0, 0.0), mark]
    return (mark,)


def _logo_picture(mark: LogoMark, art: Artwork) -> PictureMark:
    """A logo that is of pixels, as a picture above what is below."""
    a, _, _, d, x, y = mark.matrix(art.width, art.height)
    rect, size = Rect(x, y, a * art.width, d * art.height), (round(art.width), round(art.height))
    return PictureMark(
        mark.layer, rect, mark.candidates[0][1], "image/png", size, (0.0, 0.0, 1.0, 1.0), lifted=True
    )  # fmt: skip


def _logo(mark: LogoMark, art: Artwork) -> Vectors:
    outline = outlines.rectangle(Rect(0, 0, art.width, art.height))
    return Vectors(art.painted(mark.inks), mark.matrix(art.width, art.height), outline)


def _code(mark: CodeMark) -> Vectors:
    side = mark.module / mark.fineness
    matrix = (side, 0.0, 0.0, mark.module, mark.core.x, mark.core.y)
    drawn = outlines.cells(mark.modules, mark.heights, mark.reduction / side)
    return Vectors((Path(drawn, mark.ink),), matrix)
