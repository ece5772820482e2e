"""What a text is set from: its spans and paragraphs, its panel, and how it stands in its box. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from operator import attrgetter
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.paint import BorderLine, Gradient
from pressrun.model.placed_page import PdfPage

Align = Literal["start", "center", "end"]
TextAlign = Literal["start", "center", "end", "left", "right"]
Anchor = Literal["top", "middle", "bottom"]

# How much of the room that is left over stands before a thing, and the side that it has where a page is mirrored.
ROOM_BEFORE: Mapping[str, float] = MappingProxyType({
    "start": 0.0, "top": 0.0, "center": 0.5, "middle": 0.5, "end": 1.0, "bottom": 1.0
})  # fmt: skip
OTHER_SIDE: Mapping[Align, Align] = MappingProxyType({"start": "end", "end": "start"})

OBJECT = "\ufffc"
"""Stands in a text for a logo among its words."""
BREAK = "\ue001"
"""Stands in a text where a line may end by its sense, until it is parted there."""
TabAlign = Literal["left", "right", "center", "decimal"]
FEW_LETTERS = 3.0  # em: a piece of a text of which one letter is more than a tenth


class Span(Struct, frozen=True):
    """A piece of a text: ``scale`` of its size, ``rise`` above the baseline in em of the full size."""

    text: str
    scale: float = 1.0
    rise: float = 0.0


class Line(Struct, frozen=True):
    """A line along words, so far above the baseline (or below it, if negative), and so thick, in em of their text's
    full size: it goes on through words that are raised or small."""

    kind: Literal["under", "through"]
    above: float
    thickness: float


class InlineLogo(Struct, frozen=True):
    """A logo among words, on their baseline, so many times as high as their capitals: its versions, each with its
    digest, how wide it is as a share of its height, and the inks of its fills (#RRGGBB)."""

    candidates: tuple[tuple[str, str], ...]
    height: float
    aspect: float
    inks: tuple[tuple[str, Ink], ...]


class InlinePicture(Struct, frozen=True):
    """A picture among words, as a logo is: the ``file`` as it was written, and its size in pixels. One of vectors has a
    ``page``, and the ``inks`` of the palette's colours (#RRGGBB)."""

    file: str
    digest: str
    media_type: str
    size: tuple[int, int]
    height: float
    page: PdfPage | None
    inks: tuple[tuple[str, Ink], ...]

    @property
    def aspect(self) -> float:
        """Its width as a share of its height."""
        if self.page is None:
            return self.size[0] / self.size[1]
        frame = self.page.box(self.page.trim)
        return frame.width / frame.height


class Run(Span, frozen=True):
    """A span in a type of its own, as marked-up words are: what its text's has, and an ``ink`` where it has one.
    ``features`` are OpenType's, by their tags; ``imitates``: small capitals that its font has not. A ``logo``
    or a picture stands wherever the text has the sign for one."""

    families: tuple[str, ...] = ()
    weight: int = 400
    style: str = "normal"
    tracking: float = 0.0
    ink: Ink | None = None
    lines: tuple[Line, ...] = ()
    features: tuple[str, ...] = ()
    imitates: bool = False
    logo: InlineLogo | InlinePicture | None = None


class Measure(Struct, frozen=True):
    """A length of which a part grows with the type."""

    em: float = 0.0
    points: float = 0.0

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.em + other.em, self.points + other.points)

    def __bool__(self) -> bool:
        return self != Measure()


class Tab(Struct, frozen=True):
    """A tab stop ``at`` so many points from where lines begin; ``leader`` fills the room before it."""

    at: float
    align: TabAlign
    leader: str


class Paragraphs(Struct, frozen=True):
    """How paragraphs are set, where that is more than lines one below the other; each line of the text is one.

    ``features`` are OpenType's, by their tags, -liga for one that is off; ``leading`` in points stands in place of the
    text's own. ``between`` is the room that paragraphs have between them besides; ``markers`` stand before each, in
    the room of ``hanging``. ``gaps`` is the room before each, the first included, where that is not ``between`` for
    all. ``optical``: punctuation hangs into the margin. ``tabs`` are stops; ``decimal`` parts a
    number at one.
    """

    features: tuple[str, ...] = ()
    leading: float | None = None
    hyphenate: bool = False
    justify: bool = False
    optical: bool = False
    between: Measure = Measure()
    first_line: Measure = Measure()
    hanging: Measure = Measure()
    markers: tuple[str, ...] = ()
    gaps: tuple[Measure, ...] = ()
    tabs: tuple[Tab, ...] = ()
    decimal: str = ""

    @property
    def are_balanced(self) -> bool:
        """Whether lines may be made about equally long: nothing is said of them but what hangs."""
        return not replace(self, optical=False).are_composed

    @property
    def are_composed(self) -> bool:
        """Whether they are more than lines, so that sums over letters do not tell where these end."""
        return type(self) is not Paragraphs or _MORE_THAN_LINES(self) != _NOTHING_MORE


_MORE_THAN_LINES = attrgetter(*(name for name in Paragraphs.__struct_fields__ if name not in ("features", "leading")))
_NOTHING_MORE = _MORE_THAN_LINES(Paragraphs())


class ParagraphsOfPart(Paragraphs, frozen=True):
    """Those of a part of a text: the first ``goes_on`` from the part before, and does not begin again; the last
    ``breaks_off``, and has no last line."""

    goes_on: bool = False
    breaks_off: bool = False


class Columns(Struct, frozen=True):
    """Columns side by side, in points."""

    count: int
    gutter: float
    width: float


class Flow(Struct, frozen=True):
    """What a text that is set in columns takes in one, in points, and where each but the last of them ends, in bytes of
    its text as UTF-8; without ``ends`` columns are as full as they can be."""

    width: float
    height: float
    ends: tuple[int, ...] = ()


class Panel(Struct, frozen=True):
    """A filled ground as high as its text's rect, and ``padding`` points wider than the text on either side."""

    fill: Ink | Gradient
    padding: float
    radius: float
    border: tuple[BorderLine, ...] = ()


class TextFit(Struct, frozen=True):
    """How a text stands in its box. ``spans`` is what is set, cut with an ellipsis where ``shortened``, at ``size``
    points in so many ``lines``, each of which reaches its ``edges`` above and below its baseline, in em. Lines are
    broken in the ``column``, and ``extent`` is what they take of it. ``overflow``: it does not fit. ``logos``: where
    those among its words stand, from the column's upper left. ``flow`` is of one that is set in several columns, of
    which ``extent`` is what all take. ``apart``: lines touch, and this leading in em would keep them apart (0: none
    do). ``loosest``: how many times as wide as by itself a blank of justified lines is (0: not worth telling)."""

    spans: tuple[Span, ...]
    size: float
    lines: int
    edges: tuple[float, float]
    column: Rect
    extent: Rect
    phrases: tuple[tuple[str, ...], ...] = ()
    overflow: bool = False
    shortened: bool = False
    logos: tuple[Rect, ...] = ()
    flow: Flow | None = None
    apart: float = 0.0
    loosest: float = 0.0

    def pieces(
        self, widths: Sequence[float] = (), share: float = 0.0, inks: Sequence[tuple[float, float]] = ()
    ) -> Iterator[Rect]:
        """It in pieces of a few letters: where one of them is lost, the word is. ``widths`` are of its lines, where
        these are known, and a ``share`` of the room that they leave is before each; else all are as long as the
        longest. ``inks``: from where to where on the page the letters of each line reach, where that is known."""
        extent = self.extent
        rows = self.lines * extent.height / self.flow.height if self.flow and self.flow.height else self.lines
        down = len(widths) or len(inks) or max(1, round(rows))
        height = extent.height / down
        for row in range(down):
            whole = widths[row] if widths else extent.width
            left = self.column.x + share * (self.column.width - whole) if widths else extent.x
            top, bottom = inks[row] if inks else (extent.y + row * height, extent.y + (row + 1) * height)
            across = max(1, ceil(whole / (FEW_LETTERS * self.size)))
            for number in range(across):
                yield Rect(left + number * whole / across, top, whole / across, bottom - top)
