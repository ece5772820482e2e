"""A settled sheet, rendered as far as formats share it: plate and overlay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.sheet import Choice, Sheet


@dataclass(frozen=True, slots=True)
class Overlay:
    """The live layers of a sheet as pages of a PDF, of the bleed box's size, each to be laid over those before it;
    other sheets may have theirs in the same document. ``inks`` are those that are painted, each by its marker: the
    colour (#RRGGBB) that stands for it there."""

    pdf: bytes
    inks: Mapping[str, Ink]
    pages: range = range(1)


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
