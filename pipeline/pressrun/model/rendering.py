"""A settled sheet, rendered as far as formats share it: plate and overlay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image

from pressrun.model.choice import Choice
from pressrun.model.color import Ink, TechnicalInk
from pressrun.model.file_metadata import NOTHING_SAID, Particulars
from pressrun.model.geometry import IDENTITY, Matrix, Rect
from pressrun.model.letters import Letters
from pressrun.model.paint import Stop
from pressrun.model.separations import Separations
from pressrun.model.sheet import Blend, Cap, Sheet
from pressrun.model.stored_bytes import Content

OWN_DATA = "/Pressrun"  # of a page of a file: what its private data is called (ISO 32000, 14.5)


class Shading(Struct, frozen=True):
    """A gradient in its place: ``coords`` as PDF has them (ISO 32000-1, 8.7.4.5), of the two ends of an axis, or of
    two circles; what it fills lies within ``extent``."""

    coords: tuple[float, ...]
    stops: tuple[Stop, ...]
    extent: Rect

    @property
    def is_opaque(self) -> bool:
        return all(stop.opacity == 1 for stop in self.stops)


class Tiling(Struct, frozen=True):
    """Segments in a tile that is repeated over a ground, if there is one; what it fills lies within ``extent``."""

    segments: tuple[Segment, ...]
    width: float
    height: float
    matrix: Matrix
    ground: Ink | None
    extent: Rect


class Path(Struct, frozen=True):
    """An outline in PDF's operators of path construction (ISO 32000-1, 8.5.2), with y downwards, and what paints it."""

    outline: str
    fill: Ink | Shading | Tiling | None = None
    stroke: Ink | None = None
    stroke_width: float = 0.0
    even_odd: bool = False
    cap: Cap = "butt"
    dashes: tuple[float, ...] = ()


class Vectors(Struct, frozen=True):
    """Paths from the bottom up, of which what is in the outline ``clip`` shows, if there is one; the ``matrix`` takes
    them to the page, in points from its upper left. How much they cover may be said by pixels: a ``cover``."""

    paths: tuple[Path, ...]
    matrix: Matrix = IDENTITY
    clip: str = ""
    opacity: float = 1.0
    cover: Pixels | None = None

    @property
    def is_opaque(self) -> bool:
        for path in self.paths:
            if isinstance(path.fill, Shading) and not path.fill.is_opaque:
                return False
        return self.opacity == 1 and self.cover is None

    @property
    def is_painted_twice(self) -> bool:
        """Whether some of it may lie on other parts of it: few programs spare a fill out under its stroke, as ISO 32000
        has it (11.7.4.4)."""
        return len(self.paths) > 1 or any(path.fill and path.stroke for path in self.paths)


class TextPage(Struct, frozen=True):
    """A page of the document of texts, by its number from 0: as large as the bleed box, and laid over all of it."""

    number: int


class Pixels(Struct, frozen=True):
    """A piece of pixels, or a cover, by its key, stretched to a rectangle."""

    piece: str
    rect: Rect


class PlacedPage(Struct, frozen=True):
    """A page of one of the documents of an overlay, by its number from 1; the ``matrix`` takes its own units to the
    page, in points from its upper left. ``is_mixed``: some of it is laid on what lies below otherwise than by covering
    it."""

    document: str
    number: int
    matrix: Matrix
    is_mixed: bool = False


class Group(Struct, frozen=True):
    """Segments that are turned, cut out, and laid on what lies below as one."""

    segments: tuple[Segment, ...]
    matrix: Matrix
    clip: str
    opacity: float
    blend: Blend

    @property
    def is_mixed(self) -> bool:
        """Whether it is laid on as one, and does not merely stand in another place."""
        return self.opacity < 1 or self.blend != "normal"


class TechnicalLayer(Group, frozen=True):
    """Segments in one technical ink, on a layer of their own; ``seen`` are those by which it is shown where it is not
    printed."""

    ink: TechnicalInk | None = None
    seen: tuple[Segment, ...] = ()


Segment = Vectors | TextPage | Pixels | PlacedPage | Group


def unfolded(segments: Iterable[Segment]) -> list[Segment]:
    """Segments, and those in groups after their group."""
    found: list[Segment] = []
    for segment in segments:
        found.append(segment)
        if isinstance(segment, Group):
            found += unfolded(segment.segments)
    return found


class Level(Struct, frozen=True, dict=True):
    """Segments to be laid over what lies below. Texts in them stand on that; those in a group that is laid on as one
    stand on what ``under`` adds to it."""

    segments: tuple[Segment, ...]
    under: tuple[Segment, ...] = ()

    @property
    def pages(self) -> tuple[tuple[Segment, ...], ...]:
        """What is drawn of it, one after the other on what lies below."""
        return (self.under, self.segments) if self.under else (self.segments,)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether anything in it is laid on otherwise than by covering what lies below."""
        return any(isinstance(one, (Group, PlacedPage)) and one.is_mixed for one in unfolded(self.segments))


class SpotLayer(Struct, frozen=True):
    """A spot ink over pixels in process inks: all of the ``ink`` as a fill of their box, of which shows what its
    ``cover`` says, of so many pixels (8 bits each, deflated)."""

    ink: Ink
    size: tuple[int, int]
    cover: bytes


class InkLimit(Struct, frozen=True):
    """A picture, by its digest, that was brought down to the most ink that is allowed: how much it had at the most
    (percent), and how far what was changed is from that (CIEDE2000, on paper), in the mean and at the most."""

    digest: str
    had: float
    mean: float
    worst: float


class Piece(Struct, frozen=True):
    """Pixels that lie above live layers: as people ``see`` them (RGB or RGBA); for print as a JPEG in CMYK, with its
    ``alpha`` (8 bits a pixel, deflated) where it is not opaque all over, and the ``spots`` over it. There is no JPEG
    where it is of spots alone. ``limit`` is what became of a picture with too much ink. ``is_mixed``: what lies below
    shows through some of it, and not at smooth edges alone."""

    seen: Image.Image
    jpeg: Content | None = None
    alpha: bytes | None = None
    spots: tuple[SpotLayer, ...] = ()
    limit: InkLimit | None = None
    is_mixed: bool = False


class FlatPicture(Struct, frozen=True):
    """Pixels in process inks and ``spots`` in a rectangle (points), which cover what lies below: a JPEG in CMYK, or a
    byte for each ink of each pixel, deflated."""

    rect: Rect
    size: tuple[int, int]
    data: Content
    spots: tuple[Ink, ...] = ()
    is_jpeg: bool = False


class Document(Struct, frozen=True):
    """A PDF of which pages are placed. ``profile`` is the ICC profile by which its inks are seen;
    ``fields``: with what its form fields show. ``inks`` are the sheet's own for spots of it, by what they are called
    there. What is in the spots ``taken`` is left out; of one that is asked for ``alone`` there is nothing else, and
    ``look`` is how it is seen: CMYK or RGB, in parts of 1. Either way it is one ``page`` that is placed, by its number
    from 1."""

    data: bytes
    profile: bytes
    fields: bool = True
    inks: tuple[tuple[str, Ink], ...] = ()
    taken: tuple[str, ...] = ()
    alone: str = ""
    look: tuple[float, ...] = ()
    page: int = 0


class Overlay(Struct, frozen=True, dict=True):
    """The live layers of a sheet, whose bleed box has this ``size`` in points, by ``levels`` from the bottom up.

    ``texts`` is a PDF with the pages of its texts, maybe also those of other sheets, or empty; there each of the
    ``inks`` is painted as its marker: the colour (#RRGGBB) that stands for it. Pages that are among its ``letters`` are
    not in it. ``pieces`` are by their keys; and so are ``covers``, of one byte a pixel.
    """

    size: tuple[float, float]
    levels: tuple[Level, ...]
    texts: bytes
    inks: Mapping[str, Ink]
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    covers: Mapping[str, Image.Image] = field(default_factory=dict)
    letters: Letters | None = None

    @property
    def page_count(self) -> int:
        """How many pages are drawn of it."""
        return sum(len(level.pages) for level in self.levels)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple([segment for level in self.levels for segment in level.segments])

    @property
    def overprints(self) -> bool:
        """Whether any of its inks does."""
        return any(ink.overprints for ink in self._painted)

    @property
    def overprints_in_color(self) -> bool:
        """Whether any of its inks does that is not black alone: what PDFium draws does not show it. What is technical
        is no colour, and left off."""
        return any(
            ink.overprints and not ink.is_black_alone and not isinstance(ink, TechnicalInk) for ink in self._painted
        )

    @property
    def technical(self) -> frozenset[str]:
        """The spots of its technical inks."""
        layers = (one.ink for one in unfolded(self.segments) if isinstance(one, TechnicalLayer))
        return frozenset(ink.spot for ink in layers if ink and ink.spot)

    @cached_property
    def _painted(self) -> Iterable[Ink]:
        """The inks that it has as such, each once."""
        paths = [path for one in unfolded(self.segments) if isinstance(one, Vectors) for path in one.paths]
        painted = [ink for path in paths for ink in (path.fill, path.stroke) if isinstance(ink, Ink)]
        return dict.fromkeys((*self.inks.values(), *painted))

    @property
    def text_pages(self) -> frozenset[int]:
        parts = [segment for level in self.levels for segment in (*level.under, *level.segments)]
        return frozenset(one.number for one in unfolded(parts) if isinstance(one, TextPage))

    @cached_property
    def is_mixed(self) -> bool:
        """Whether its colours are mixed with those below, other than at smooth edges."""
        return (
            any(level.is_mixed for level in self.levels)
            or any(isinstance(one, Vectors) and not one.is_opaque for one in unfolded(self.segments))
            or any(piece.is_mixed for piece in self.pieces.values())
        )

    @property
    def is_transparent(self) -> bool:
        """Whether anything shows through it."""
        return self.is_mixed or any(piece.alpha is not None or piece.spots for piece in self.pieces.values())


class Metadata(Struct, frozen=True):
    """What every file says of itself. ``source_type`` is an IPTC digital source type; ``date`` Unix seconds."""

    title: str
    description: str
    creator: str
    locale: str
    source_type: str
    date: int
    particulars: Particulars = NOTHING_SAID

    @property
    def shorter(self) -> Metadata:
        """The same with about half as much said, where a file takes no more."""
        more = self.particulars
        keywords, pictures = more.keywords[: len(more.keywords) // 2], more.pictures[: len(more.pictures) // 2]
        title, description, alt_text = (
            text[: len(text) // 2] for text in (self.title, self.description, more.alt_text)
        )
        more = replace(more, alt_text=alt_text, keywords=keywords, pictures=pictures)
        return replace(self, title=title, description=description, particulars=more)

    @property
    def of_all_rows(self) -> Metadata:
        """What of it holds for a file that many rows are in."""
        return replace(self, particulars=self.particulars.of_all_rows)


def gone(size: object) -> Any:
    raise AssertionError("what the page looks like has been let go of")


class Rendering(Struct, frozen=True):
    """What formats write files from.

    ``page`` is the whole page as sRGB at a width and height in pixels (RGB, or RGBA without its ground), ``pixels`` the
    same as it was drawn on its ground, in four bytes each (RGBX); ``plate_jpeg`` the plate as an encoded CMYK picture,
    where a page for print has one, and ``plate_spots`` what lies over it in spots; ``plate`` that of a page for screens
    (RGB, or RGBA without its ground), likewise.
    ``condition`` is the printing condition by its name, which the ICC may have registered; it is for ``paper``, and
    ``total_ink`` (percent) is the most that it takes. Of a page for print ``printed`` is what each ink prints, at so
    many pixels per inch, and ``proof`` what that looks like at a width and height in pixels.
    ``flatten``: texts may become pixels where a format has no transparency; ``flat`` is what was transparent, and lies
    over the plate and under the overlay.
    """

    sheet: Sheet
    overlay: Overlay
    choices: tuple[Choice, ...]
    metadata: Metadata
    quality: int
    crop_marks: bool
    page: Callable[[tuple[int, int]], Image.Image]
    pixels: Callable[[tuple[int, int]], bytes | bytearray]
    plate_jpeg: Content | None
    profile: bytes
    condition: str
    condition_name: str
    plate: Image.Image | None = None
    is_registered: bool = False
    paper: str = ""
    flatten: bool = False
    flat: FlatPicture | None = None
    plate_spots: tuple[SpotLayer, ...] = ()
    total_ink: float = 400.0
    proof: Callable[[tuple[int, int]], Image.Image] = gone
    printed: Callable[[float], Separations] = gone

    def without_look(self) -> Rendering:
        """The same, without the pictures of its page, which take much room."""
        return replace(self, page=gone, pixels=gone, proof=gone)


class Pieces(Struct, frozen=True):
    """Pages of a file that others go into, too: a PDF in which ``\\0large N\\0`` stands for the N-th of its large
    ``streams``, which such files share. ``of_each_kind`` is a whole file of one page of every kind, those that are at
    these places among them (``kinds``, from 0). What pages show that no standard takes is said by their numbers, with
    the layer, where it is one's (``below``): without them the others are what the pieces say that they are."""

    data: bytes
    streams: tuple[bytes, ...]
    of_each_kind: bytes
    kinds: tuple[int, ...]
    below: Mapping[int, tuple[str, str | None]]
