"""What a layer may ask while it composes itself into marks; everything in it is resolved and none of it is I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from pressrun.model.brand import Brand, Role
from pressrun.model.color import Ink, TechnicalInk, tint_in, tinted
from pressrun.model.file_metadata import Credit
from pressrun.model.geometry import Box, Frames, PageBoxes, Rect
from pressrun.model.learned import Detector
from pressrun.model.placed_page import PdfPage
from pressrun.model.sheet import Mark, PictureMark, TextMark

T = TypeVar("T")


class Faces(Protocol):
    """What the fonts at hand make of a text whose layer asks for these families, in their order."""

    def missing(self, text: str, families: tuple[str, ...]) -> str:
        """The characters that none of them draws."""

    def mixed_words(self, text: str, families: tuple[str, ...]) -> list[tuple[str, str]]:
        """The words that come out of several of them, each with the letters that the first one lacks."""

    def is_colored(self, text: str, families: tuple[str, ...]) -> bool:
        """Whether some of its letters bring colours of their own."""

    def have_feature(self, tag: str, text: str, families: tuple[str, ...]) -> bool:
        """Whether all fonts that draw letters with capitals of a text have an OpenType feature."""

    def fallbacks(self, text: str, families: tuple[str, ...], shapes: str) -> tuple[str, ...]:
        """The families for its scripts that these lack; they go before these. ``shapes`` are those of Han letters."""


class PlacedPicture(Struct, frozen=True):
    """A picture as a sheet places it: by content. ``size`` in pixels (or an SVG's units); ``stage``, in fractions, is
    where a product stands in it: a photograph has none. ``pages`` are those of a PDF; ``region`` is the middle of what
    a photograph itself says is to be seen, in fractions; ``credit`` whose it says that it is. ``subject``
    is the box that detectors found: left, top, right, lower edge, in fractions, and ``detector`` which of them did."""

    digest: str
    media_type: str
    size: tuple[int, int]
    stage: tuple[float, float] | None = None
    pages: tuple[PdfPage, ...] = ()
    region: tuple[float, float] | None = None
    credit: Credit = ()
    subject: tuple[float, float, float, float] | None = None
    detector: Detector | None = None


class CannotCompose(Exception):
    """A layer that cannot be resolved for this row: data, not a crash. ``code`` is the finding's."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def ink_of(inks: Mapping[str, Ink], name: str) -> Ink:
    """One of the inks of a palette, or a tint of one, as people write it. Raises KeyError, ValueError and, of an ink
    that has no tints, CannotCompose."""
    if name not in inks and (tint := tint_in(name)):
        if isinstance(inks[tint[0]], TechnicalInk):
            raise CannotCompose("bad-tint", f"{tint[0]} is a technical ink, which has no tints", "write it alone")
        return tinted(inks[tint[0]], tint[1])
    return inks[name]


class Portion(Struct, frozen=True):
    """What one page has of a layer that goes on over several. ``until`` is where the next page goes on: a row of a
    table, a line of a text; None where all of it is set. ``first`` and ``last`` are what running heads call the entries
    that begin and end it, ``extent`` what it takes of its box, where its marks do not tell."""

    marks: tuple[Mark, ...]
    until: int | None
    first: str = ""
    last: str = ""
    extent: Rect | None = None


class NaturalLines(Struct, frozen=True):
    """The lines of a text where nothing breaks them, at its largest size, in points: how wide each is, and what all of
    them take above and below their baselines."""

    widths: tuple[float, ...]
    top: float
    bottom: float


class TextOptions(Protocol):
    """A text layer, as one that consists of texts makes it for itself."""

    def compose(self, composing: Composing) -> Iterator[Mark]: ...


class Boxed(Protocol):
    """What a layer says of its place; ``mirror``: it changes sides in languages written from right to left."""

    @property
    def box(self) -> Box: ...

    @property
    def mirror(self) -> bool: ...


class Composing(Struct):  # frozen, it takes three times as long to make, and there is one for each layer of each sheet
    """One layer's view of the sheet: ``content`` holds its rendered templates, ``below`` the pictures under it.
    ``frames`` are what its box is measured from, ``place`` is where what it is in has put it (None: its box says);
    ``mirrors``: all that it is in changes sides; ``hugs``: it is asked how wide what it contains is. ``inks`` are the
    palette as the layout prints it; ``fitted`` gives texts their fits, for layers that must know how high they are,
    and ``natural`` how wide they would like to be; ``text_layer`` makes one of what a layout may say of it;
    ``logo_frame`` answers how wide and high a logo is, in its own units; ``resolved`` is what its layers resolve
    `once`, by ``number``; ``shared_size`` (points) is that of the group whose texts are set alike."""

    brand: Brand
    frames: Frames
    inks: Mapping[str, Ink]
    locale: str
    direction: str
    target: str
    layer: str
    number: int
    content: Mapping[str, str]
    slots: Mapping[str, tuple[PlacedPicture, ...]]
    files: Mapping[str, PlacedPicture]
    logos: Mapping[str, str]
    below: dict[str, PictureMark]
    stages: dict[str, tuple[float, float]]
    faces: Faces
    fitted: Callable[[Sequence[TextMark]], list[TextMark]]
    natural: Callable[[TextMark], NaturalLines]
    text_layer: Callable[[Mapping[str, Any]], TextOptions]
    logo_frame: Callable[[str], tuple[float, float]]
    resolved: dict[int, Any]
    shared_size: float | None = None
    place: Rect | None = None
    mirrors: bool = True
    hugs: bool = False

    def once(self, resolve: Callable[[Composing], T]) -> T:
        """What this layer resolves in the same way for every row of its layout in its locale: resolved for the first,
        and kept."""
        if self.number not in self.resolved:
            self.resolved[self.number] = resolve(self)
        kept: T = self.resolved[self.number]
        return kept

    def rect(self, layer: Boxed) -> Rect:
        frame = self.frames.of(layer.box.within)
        if self.place is not None:
            return layer.box.moved(self.place, frame)
        rect = layer.box.resolve(frame)
        if self.mirrored(layer):
            whole = self.frames.group if layer.box.within in (None, "group") else None
            whole = whole or self.frames.page.turned_about(frame)
            rect = Rect(whole.x + whole.right - rect.right, rect.y, rect.width, rect.height)
        return layer.box.moved(rect, frame)

    @property
    def boxes(self) -> PageBoxes:
        return self.frames.page

    def mirrored(self, layer: Boxed) -> bool:
        return layer.mirror and self.mirrors and self.direction == "rtl"

    def ink(self, name: str) -> Ink:
        """A palette colour, or a tint of one. Raises KeyError and ValueError."""
        return ink_of(self.inks, name)

    def role(self, name: str) -> Role:
        return self.brand.role(name, self.locale)
