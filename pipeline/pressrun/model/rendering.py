"""A settled sheet, rendered as far as formats share it: plate and overlay."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PIL import Image

from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.sheet import Choice, Sheet

Matrix = tuple[float, float, float, float, float, float]  # as PDF writes it: x' = ax + cy + e, y' = bx + dy + f
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Path:
    """An outline in PDF's operators of path construction (ISO 32000-1, 8.5.2), with y downwards, and what paints it."""

    outline: bytes
    fill: Ink | None = None
    stroke: Ink | None = None
    stroke_width: float = 0.0
    even_odd: bool = False


@dataclass(frozen=True, slots=True)
class Vectors:
    """Paths from the bottom up, of which what is in the outline ``clip`` shows, if there is one; the ``matrix`` takes
    them to the page, in points from its upper left."""

    paths: tuple[Path, ...]
    matrix: Matrix = IDENTITY
    clip: bytes = b""


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page of the document of texts, by its number from 0: as large as the bleed box, and laid over all of it."""

    number: int


Segment = Vectors | TextPage


@dataclass(frozen=True, slots=True)
class Overlay:
    """The live layers of a sheet, whose bleed box has this ``size`` in points: ``levels`` of segments from the bottom
    up, each to be laid over those before it.

    ``texts`` is a PDF with the pages of its texts, maybe also those of other sheets, or empty; there each of the
    ``inks`` is painted as its marker: the colour (#RRGGBB) that stands for it.
    """

    size: tuple[float, float]
    levels: tuple[tuple[Segment, ...], ...]
    texts: bytes
    inks: Mapping[str, Ink]

    @property
    def segments(self) -> Iterator[Segment]:
        return itertools.chain.from_iterable(self.levels)

    @property
    def text_pages(self) -> list[int]:
        return [segment.number for segment in self.segments if isinstance(segment, TextPage)]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What every file says of itself. ``source_type`` is an IPTC digital source type; ``date`` Unix seconds."""

    title: str
    description: str
    creator: str
    locale: str
    source_type: str
    date: int


@dataclass(frozen=True, slots=True)
class Rendering:
    """What formats write files from.

    ``page`` is the whole page as sRGB at a width and height in pixels (RGB, or RGBA without its ground), ``drawn`` the
    same as it was drawn, in four bytes a pixel (RGBX, or RGBA); ``plate_jpeg`` the plate as an encoded CMYK picture,
    where a page for print has one.
    """

    sheet: Sheet
    overlay: Overlay
    choices: tuple[Choice, ...]
    metadata: Metadata
    quality: int
    crop_marks: bool
    page: Callable[[tuple[int, int]], Image.Image]
    drawn: Callable[[tuple[int, int]], Image.Image]
    plate_jpeg: bytes | None
    profile: bytes
    condition: str
    condition_name: str


@dataclass(frozen=True, slots=True)
class FormatKind:
    """One entry of the open set of formats. ``density`` in pixels per inch (0: vectors, no density of its own);
    ``transparent``: it can leave the ground out; ``longest_edge`` in pixels, where the format has a limit."""

    name: str
    targets: frozenset[str]
    suffix: str
    media_type: str
    recipe: int
    density: float
    write: Callable[[Rendering, tuple[int, int]], bytes]
    transparent: bool = False
    longest_edge: int | None = None

    def pixels(self, box: Rect) -> tuple[int, int]:
        """The size in pixels of a file that shows this bleed box (for screens, the page)."""
        return round(box.width * self.density / 72), round(box.height * self.density / 72)
