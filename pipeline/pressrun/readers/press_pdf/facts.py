"""What is read from a press PDF, before anybody judges it. Lengths are points, ink is in percent of one plate."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, TypeVar

from msgspec import Struct, field

from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.identified import Identification
from pressrun.readers.press_pdf.traits import (
    ImageUse,
    OverBudget,
    SpaceUsed,
    TextShown,
    Trait,
    Transparency,
)

Kind = TypeVar("Kind", bound=Trait)
Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points, as PDF counts: upwards."""


class Boxes(Struct, frozen=True):
    """The boxes of a page, in points after its UserUnit; None where the page does not say, but ``media`` always is."""

    media: Rectangle
    crop: Rectangle | None = None
    bleed: Rectangle | None = None
    trim: Rectangle | None = None
    art: Rectangle | None = None

    @property
    def finished(self) -> Rectangle | None:
        """The edges of the trimmed page: ISO 15930 lets an ArtBox stand for a TrimBox."""
        return self.trim or self.art

    def bleed_widths(self) -> tuple[float, float, float, float] | None:
        """How far the bleed reaches beyond the trim, in points: left, bottom, right, top.

        Without a BleedBox, it is the crop box, else the media box (ISO 32000, 14.11.2).
        """
        trim, bleed = self.finished, self.bleed or self.crop or self.media
        if trim is None:
            return None
        return trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]


class PlatePicture(Struct, frozen=True):
    """A picture that was painted into the page's plate, as the file itself says: its layer, its place on the page, its
    pixels, and how many of its own come to an inch there, along its worse edge."""

    layer: str
    at: Rectangle
    width: int
    height: int
    ppi: float


class Covered(Struct, frozen=True):
    """An area with ink. ``straight``: it is a rectangle along the page's edges, so its edges are where it ends."""

    at: Rectangle
    straight: bool


class WhiteEdge(Struct, frozen=True):
    """A picture that is white in the bleed of a side, and where; ``after`` is how much was ``covered`` before it."""

    name: str
    side: str
    at: Rectangle
    after: int


class FontUse(Struct, frozen=True):
    """A font of a page; ``smallest`` is the smallest size it is set in, in points on the page."""

    name: str
    kind: str
    embedded: bool
    smallest: float


MOST_PLACES = 40  # of one trait on one page: who marks them up needs no more
MOST_TRAITS = 20_000


class PageFacts(Struct):
    """What one page uses. Collected while its content is walked.

    ``annotations`` are kinds with places, ``inked`` the places of what lays down ink and lies across or at the edges of
    the trim (see `Covered`); ``plate_problem`` is why the ``plate_pictures`` are not known. ``densest`` is the most ink
    that anything on it may have alone, and ``laid_over`` that of each thing which leaves the inks below it, where it is
    wider than a stroke of small letters. ``was_read`` is False for a page of which not even the boxes are known.
    """

    number: int
    boxes: Boxes
    observed: dict[Trait, list[Rectangle]] = field(default_factory=dict)
    covered: list[Covered] = field(default_factory=list)
    white_edges: list[WhiteEdge] = field(default_factory=list)
    annotations: list[tuple[str, Rectangle]] = field(default_factory=list)
    plate_pictures: tuple[PlatePicture, ...] = ()
    plate_problem: str | None = None
    heaviest_fill: float = 0.0
    densest: float = 0.0
    laid_over: dict[Hashable, float] = field(default_factory=dict)
    rotation: int = 0
    unit: float = 1.0
    is_empty: bool = True
    was_read: bool = True

    def saw(self, trait: Trait, at: Rectangle) -> None:
        places = self.observed.get(trait)
        if places is None:
            if len(self.observed) < MOST_TRAITS:
                self.observed[trait] = [at]
            else:
                self.observed.setdefault(OverBudget("there is more in it than any sound page has"), [at])
        elif len(places) < MOST_PLACES and at not in places:
            places.append(at)

    def of(self, kind: type[Kind]) -> Sequence[tuple[Kind, list[Rectangle]]]:
        """What of one kind was seen, and where, in the order it came: of most kinds nothing."""
        if kind not in map(type, self.observed):
            return ()
        return [(trait, places) for trait, places in self.observed.items() if isinstance(trait, kind)]

    @property
    def images(self) -> list[ImageUse]:
        return [image for image, _ in self.of(ImageUse) if not image.is_soft_mask]

    @property
    def spaces(self) -> list[ColorSpace]:
        return list(dict.fromkeys(used.space for used, _ in self.of(SpaceUsed)))

    @property
    def fonts(self) -> list[FontUse]:
        smallest: dict[tuple[str, str, bool], float] = {}
        for shown, _ in self.of(TextShown):
            key = shown.font.name, shown.font.kind, shown.font.embedded
            smallest[key] = min(shown.size, smallest.get(key, shown.size))
        return [FontUse(*key, size) for key, size in smallest.items()]

    @property
    def most_together(self) -> float:
        """Percent of ink that may lie on one spot at the most, where things lie over each other."""
        return self.densest + sum(self.laid_over.values()) if self.laid_over else 0.0

    @property
    def heaviest(self) -> float:
        """Percent of ink that a flat colour, a shading or a picture has alone, as it was measured."""
        return max([self.heaviest_fill, *(image.max_ink or 0.0 for image in self.images)])

    @property
    def has_transparency(self) -> bool:
        return any(True for _ in self.of(Transparency))


class OutputIntent(Struct, frozen=True):
    """``components`` is 4 for CMYK; 0 where the profile is not embedded or cannot be read. ``kind`` is the profile's
    device class, ``n`` how many inks the file says it has. ``is_registered``: it names a condition of a registry."""

    identifier: str
    info: str
    components: int
    is_embedded: bool
    kind: str = ""
    n: int = 0
    is_registered: bool = False


class PressFile(Struct, frozen=True):
    """A press PDF as it was read. ``locked`` means that it does not open without a password: nothing else is known.

    ``actions`` are kinds with where each waits; ``forbidden`` kinds of objects, see `structure`.
    """

    version: str = ""
    identification: Identification = field(default_factory=Identification)
    is_encrypted: bool = False
    locked: bool = False
    intents: tuple[OutputIntent, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    has_form: bool = False
    is_signed: bool = False
    layers: int = 0
    repairs: tuple[str, ...] = ()
    lost: int = 0  # objects that a damaged file names and does not have
    wrong_types: tuple[str, ...] = ()
    over_budget: tuple[str, ...] = ()
    pages: tuple[PageFacts, ...] = ()

    @property
    def standard(self) -> str:
        return self.identification.standard

    @property
    def title(self) -> str:
        return self.identification.info.get("Title", "")

    @property
    def spots(self) -> tuple[str, ...]:
        """Every ink beside the four, in the order they come."""
        names = (ink for page in self.pages for space in page.spaces for ink in space.ground.inks)
        return tuple(name for name in dict.fromkeys(names) if name not in PROCESS_INKS)


PROCESS_INKS = frozenset({"Cyan", "Magenta", "Yellow", "Black", "All", "None"})
Object = Any
"""A pikepdf object: its stubs know no more."""
