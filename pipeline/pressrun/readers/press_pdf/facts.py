"""What is read from a press PDF, before anybody judges it. Lengths are points, ink is in percent of one plate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points, as PDF counts: upwards."""


@dataclass(frozen=True, slots=True)
class Boxes:
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


@dataclass(frozen=True, slots=True)
class ColorSpace:
    """A colour space: ``kind`` as PDF names it, ``inks`` of a Separation or DeviceN, ``base`` of Indexed and Pattern.

    ``components`` of ICCBased says whether it is gray (1), RGB (3) or CMYK (4).
    """

    kind: str
    components: int
    inks: tuple[str, ...] = ()
    base: ColorSpace | None = None

    @property
    def label(self) -> str:
        if self.kind == "ICCBased":
            return f"ICC-based {({1: 'gray', 3: 'RGB', 4: 'CMYK'}).get(self.components, '?')}"
        if self.kind in ("Separation", "DeviceN"):
            return f"{self.kind} ({', '.join(self.inks)})"
        if self.base is not None:
            return f"{self.kind} of {self.base.label}"
        return self.kind

    @property
    def ground(self) -> ColorSpace:
        """The space that a palette or pattern is of, else the space itself."""
        return self.base.ground if self.base is not None and self.kind in ("Indexed", "Pattern") else self

    @property
    def is_cmyk(self) -> bool:
        return self.kind == "DeviceCMYK" or (self.kind == "ICCBased" and self.components == 4)


@dataclass(frozen=True, slots=True)
class ImageUse:
    """A picture as it is placed: pixels, and how many of them come to an inch there, along its worse edge.

    ``mean_ink`` and ``max_ink`` (percent, all four plates) are None where it is not CMYK or could not be measured;
    ``heavy`` is the part of its area over the limit it was measured with.
    """

    name: str
    width: int
    height: int
    ppi: float
    bits: int
    space: ColorSpace | None
    is_mask: bool = False
    max_ink: float | None = None
    heavy: float = 0.0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PlatePicture:
    """A picture that was painted into the page's plate, as the file itself says: its layer, its place on the page, its
    pixels, and how many of its own come to an inch there, along its worse edge."""

    layer: str
    at: Rectangle
    width: int
    height: int
    ppi: float


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font that draws visible text; ``smallest`` is the smallest size it is set in, in points on the page."""

    name: str
    kind: str
    embedded: bool
    subset: bool
    smallest: float


@dataclass(slots=True)
class PageFacts:
    """What one page uses. Collected while its content is walked. *Mixed* is what inks together draw, where plates that
    are a hair apart would show; ``plate_problem`` is why the ``plate_pictures`` are not known."""

    number: int
    boxes: Boxes
    images: list[ImageUse] = field(default_factory=list)
    plate_pictures: tuple[PlatePicture, ...] = ()
    plate_problem: str | None = None
    fonts: dict[str, FontUse] = field(default_factory=dict)
    spaces: dict[ColorSpace, None] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)
    annotations: list[tuple[str, Rectangle]] = field(default_factory=list)
    heaviest_fill: float = 0.0
    thinnest_line: float | None = None
    smallest_mixed_text: float | None = None
    thinnest_mixed_line: float | None = None
    has_transparency: bool = False
    has_white_overprint: bool = False
    is_empty: bool = True
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OutputIntent:
    """``components`` is 4 for CMYK; 0 where the profile is not embedded or cannot be read."""

    identifier: str
    info: str
    components: int
    is_embedded: bool


@dataclass(frozen=True, slots=True)
class PressFile:
    """A press PDF as it was read. ``locked`` means that it does not open without a password: nothing else is known."""

    version: str = ""
    standard: str = ""
    title: str = ""
    is_encrypted: bool = False
    locked: bool = False
    intents: tuple[OutputIntent, ...] = ()
    scripts: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    has_form: bool = False
    layers: int = 0
    repairs: tuple[str, ...] = ()
    pages: tuple[PageFacts, ...] = ()

    @property
    def spots(self) -> tuple[str, ...]:
        """Every ink beside the four, in the order they come."""
        names = (ink for page in self.pages for space in page.spaces for ink in space.ground.inks)
        return tuple(name for name in dict.fromkeys(names) if name not in PROCESS_INKS)


PROCESS_INKS = frozenset({"Cyan", "Magenta", "Yellow", "Black", "All", "None"})
Object = Any
"""A pikepdf object: its stubs know no more."""
