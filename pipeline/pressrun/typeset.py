"""typeset: the live layers of settled sheets become overlays: vectors as they are, and texts set by Typst."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from pressrun.graphics import outlines
from pressrun.graphics.artwork import Artwork
from pressrun.graphics.page_content import spelled_out
from pressrun.graphics.shapes import shape_vectors
from pressrun.graphics.typst_engine import Typesetter
from pressrun.graphics.typst_text import text_json
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect, bounds
from pressrun.model.levels import levels_of
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
    TextPage,
    Vectors,
)
from pressrun.model.sheet import (
    CodeMark,
    GroupMark,
    LogoMark,
    Mark,
    PageMark,
    PictureMark,
    ShadeMark,
    ShapeMark,
    Sheet,
    TextMark,
)

THIN = 2.0  # points, up to which a black stroke is a rule
OUT_OF_ITS_BOX = 0.5  # em that the ink of a text may reach out of what it takes


class Tools(Protocol):
    """What sheets are set with."""

    @property
    def typesetter(self) -> Typesetter: ...

    def artwork(self, digest: str) -> Artwork:
        """A logo by the digest of its SVG. Raises UnusableArtwork."""

    def piece(self, sheet: Sheet, mark: PictureMark | ShadeMark) -> tuple[Pixels, Piece]:
        """A mark of pixels above live layers, and its place."""

    def document(self, sheet: Sheet, mark: PageMark) -> Document:
        """The document of which a page is placed."""


def typeset(sheets: Sequence[Sheet], tools: Tools) -> list[Overlay | None]:
    """Set settled sheets, their texts in one document. Once for all targets: each ink of a text is set as a marker, a
    colour of its own that is replaced afterwards. A page looks the same in whatever company it is set, though its bytes
    are others; None for a sheet that would not, and is to be set alone. Raises TypesettingFailed and UnusableArtwork,
    whichever sheet is to blame."""
    pages: list[dict[str, Any]] = []
    of_sheets = [_Setting(sheet, tools, pages) for sheet in sheets]
    texts = tools.typesetter.typeset({"pages": pages}) if pages else b""
    differing = spelled_out(texts) if len(sheets) > 1 and texts else frozenset[int]()
    overlays = [one.overlay(texts) for one in of_sheets]
    return [None if differing & overlay.text_pages else overlay for overlay in overlays]


class _Setting:
    """One sheet, whose texts are added to the ``pages`` to be set."""

    def __init__(self, sheet: Sheet, tools: Tools, pages: list[dict[str, Any]]) -> None:
        self._sheet, self._tools, self._pages = sheet, tools, pages
        self._inks: dict[Ink, str] = {}
        self._pieces: dict[str, Piece] = {}
        self._documents: dict[str, Document] = {}
        self._levels = tuple(
            Level(tuple(self._segments(level.marks)), tuple(self._segments(level.under)))
            for level in levels_of(sheet.marks)
        )

    def overlay(self, texts: bytes) -> Overlay:
        bleed = self._sheet.boxes.bleed
        inks = {marker: ink for ink, marker in self._inks.items()}
        return Overlay((bleed.width, bleed.height), self._levels, texts, inks, self._pieces, self._documents)

    def _segments(self, marks: Iterable[Mark]) -> Iterator[Segment]:
        for stratum in _strata(part for mark in marks for part in _parts(mark)):
            if not stratum.of_texts:
                yield from (self._segment(mark) for mark in stratum.marks)
                continue
            yield TextPage(len(self._pages))
            bleed = self._sheet.boxes.bleed
            texts = [self._text(mark) for mark in stratum.marks if isinstance(mark, TextMark)]
            self._pages.append({"width": bleed.width, "height": bleed.height, "texts": texts})

    def _text(self, mark: TextMark) -> dict[str, Any]:
        fit = mark.fit
        assert fit is not None, f"{mark.layer} was never fitted"
        return {
            "id": mark.layer,
            **text_json(mark, fit.spans, fit.phrases, fit.edges, partial(self._marker, fit.size)),
            "size": fit.size,
            "column": _rect(fit.column),
            "extent": _rect(fit.extent),
        }

    def _marker(self, size: float, ink: Ink) -> str:
        ink = overprinting(ink) if size < self._sheet.overprint_below else ink
        return self._inks.setdefault(ink, f"#{len(self._inks) + 1:06X}")

    def _segment(self, mark: Mark) -> Segment:
        if isinstance(mark, ShapeMark):
            is_rule = mark.stroke and mark.stroke_width < THIN and self._sheet.overprint_below
            return shape_vectors(replace(mark, stroke=overprinting(mark.stroke)) if mark.stroke and is_rule else mark)
        if isinstance(mark, LogoMark):
            return _logo(mark, self._tools.artwork(mark.candidates[0][1]))
        if isinstance(mark, CodeMark):
            return _code(replace(mark, ink=overprinting(mark.ink)) if self._sheet.overprint_below else mark)
        if isinstance(mark, GroupMark):
            return Group(tuple(self._segments(mark.marks)), mark.matrix, mark.clip, mark.opacity, mark.blend)
        if isinstance(mark, PageMark):
            return self._placed_page(mark)
        assert isinstance(mark, (PictureMark, ShadeMark)), f"{type(mark).__name__} is set among texts"
        pixels, self._pieces[pixels.piece] = self._tools.piece(self._sheet, mark)
        return pixels

    def _placed_page(self, mark: PageMark) -> PlacedPage:
        key = mark.digest if mark.fields else f"{mark.digest} without fields"
        document, known = self._tools.document(self._sheet, mark), self._documents.get(key)
        if known:
            document = replace(known, inks=tuple(dict(known.inks + document.inks).items()))
        self._documents[key] = document
        return PlacedPage(key, mark.number, mark.matrix)


@dataclass(slots=True)
class _Stratum:
    """Marks that are all texts, or all none."""

    of_texts: bool
    marks: list[Mark] = field(default_factory=list)
    reaches: list[Rect] = field(default_factory=list)


def _strata(marks: Iterable[Mark]) -> list[_Stratum]:
    """Marks from the bottom up in few strata: a mark sinks below others that it does not touch."""
    strata: list[_Stratum] = []
    for mark in marks:
        reach, of_texts = _reach(mark), isinstance(mark, TextMark)
        place = None
        for stratum in reversed(strata):
            if stratum.of_texts == of_texts:
                place = stratum
                break
            if any(reach.meets(other) for other in stratum.reaches):
                break
        if place is None:
            place = _Stratum(of_texts)
            strata.append(place)
        place.marks.append(mark)
        place.reaches.append(reach)
    return strata


def _reach(mark: Mark) -> Rect:
    if isinstance(mark, TextMark):
        assert mark.fit is not None, f"{mark.layer} was never fitted"
        out = -OUT_OF_ITS_BOX * mark.fit.size
        return mark.fit.extent.inset(out, out, out, out)
    if isinstance(mark, ShapeMark) and mark.stroke:
        out = -mark.stroke_width / 2
        return mark.rect.inset(out, out, out, out)
    if isinstance(mark, PictureMark) and mark.shadow:
        out = -mark.rect.width
        return mark.rect.inset(out, out, out, out)
    return bounds(mark.rect, mark.matrix) if isinstance(mark, GroupMark) else mark.rect


def _parts(mark: Mark) -> Iterator[Mark]:
    """A mark with the shapes that it stands on."""
    if isinstance(mark, TextMark) and mark.panel:
        yield mark.panel_shape
    if isinstance(mark, CodeMark) and mark.ground:
        yield ShapeMark(mark.layer, mark.rect, "rect", mark.ground, None, 0.0, 0.0)
    yield mark


def overprinting(ink: Ink) -> Ink:
    """The same, which overprints if it is black alone; nothing else is fit to."""
    return replace(ink, overprints=True) if ink.is_black_alone else ink


def _rect(rect: Rect) -> dict[str, float]:
    return {"x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height}


def _logo(mark: LogoMark, art: Artwork) -> Vectors:
    scale = min(mark.rect.width / art.width, mark.rect.height / art.height)
    aside = {"start": 0.0, "center": 0.5, "end": 1.0}[mark.align] * (mark.rect.width - art.width * scale)
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[mark.anchor] * (mark.rect.height - art.height * scale)
    matrix = (scale, 0.0, 0.0, scale, mark.rect.x + aside, mark.rect.y + down)
    return Vectors(art.painted(mark.inks), matrix, outlines.rectangle(Rect(0, 0, art.width, art.height)))


def _code(mark: CodeMark) -> Vectors:
    module = mark.rect.width / (len(mark.modules) + 2 * mark.quiet)
    clear = mark.quiet * module
    matrix = (module, 0.0, 0.0, module, mark.rect.x + clear, mark.rect.y + clear)
    return Vectors((Path(outlines.modules(mark.modules), mark.ink),), matrix)
