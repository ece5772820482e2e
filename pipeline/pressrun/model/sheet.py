"""A sheet: one page of one row in one layout, its layers resolved into marks.

Marks are the narrow waist between layers (which people write) and formats (which get written): a new layer
composes itself from these, and no format learns a new layer. All lengths are points from the bleed corner.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pressrun.model.color import Ink
from pressrun.model.geometry import PageBoxes, Rect

Align = Literal["start", "center", "end"]
Anchor = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class PictureMark:
    """Pixels: a picture in ``rect``, showing the part ``crop`` (x, y, width, height as fractions of the picture)."""

    layer: str
    rect: Rect
    digest: str
    media_type: str
    size: tuple[int, int]
    crop: tuple[float, float, float, float]
    shadow: Ink | None = None
    slot: str | None = None

    @property
    def ppi(self) -> float | None:
        """The picture's own pixels per inch of paper, in the poorer direction; None for vectors, which have none."""
        if self.media_type == "image/svg+xml":
            return None
        across = self.size[0] * self.crop[2] / (self.rect.width / 72)
        down = self.size[1] * self.crop[3] / (self.rect.height / 72)
        return min(across, down)


@dataclass(frozen=True, slots=True)
class ShadeMark:
    """Pixels: a ramp of one ink towards an edge, from nothing at ``start`` to ``strength`` at ``until``."""

    layer: str
    rect: Rect
    ink: Ink
    towards: Literal["top", "bottom", "left", "right"]
    start: float
    until: float
    strength: float


@dataclass(frozen=True, slots=True)
class ShapeMark:
    """A flat shape; on the plate if ``pixels`` (something below the topmost picture), else live."""

    layer: str
    rect: Rect
    shape: Literal["rect", "ellipse", "line"]
    fill: Ink | None
    stroke: Ink | None
    stroke_width: float
    radius: float
    opacity: float = 1.0
    pixels: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: ``scale`` of its size, ``rise`` above the baseline in em of the full size."""

    text: str
    scale: float = 1.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line along words, so far above the baseline (or below it, if negative), and so thick, in em of their text's
    full size: it goes on through words that are raised or small."""

    kind: Literal["under", "through"]
    above: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Run(Span):
    """A span in a type of its own, as marked-up words are: what its text's has, and an ``ink`` where it has one.
    ``features`` are OpenType's, by their tags; ``imitates``: small capitals that its font has not."""

    families: tuple[str, ...] = ()
    weight: int = 400
    style: str = "normal"
    tracking: float = 0.0
    ink: Ink | None = None
    lines: tuple[Line, ...] = ()
    features: tuple[str, ...] = ()
    imitates: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A length of which a part grows with the type."""

    em: float = 0.0
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """How paragraphs are set, where that is more than lines one below the other; each line of the text is one.

    ``features`` are OpenType's, by their tags, -liga for one that is off; ``leading`` in points stands in place of the
    text's own. ``between`` is the room that paragraphs have between them besides; ``markers`` stand before each, in
    the room of ``hanging``. ``optical``: punctuation hangs into the margin, of justified lines.
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

    @property
    def are_composed(self) -> bool:
        """Whether they are more than lines, so that sums over letters do not tell where these end."""
        return Paragraphs(self.features, self.leading) != self


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled ground as high as its text's rect, and ``padding`` points wider than the text on either side."""

    ink: Ink
    padding: float
    radius: float


@dataclass(frozen=True, slots=True)
class TextFit:
    """How a text stands in its box. ``spans`` is what is set, cut with an ellipsis where ``shortened``, at ``size``
    points in so many ``lines``, each of which reaches its ``edges`` above and below its baseline, in em. Lines are
    broken in the ``column``, and ``extent`` is what they take of it. ``overflow``: it does not fit."""

    spans: tuple[Span, ...]
    size: float
    lines: int
    edges: tuple[float, float]
    column: Rect
    extent: Rect
    phrases: tuple[tuple[str, ...], ...] = ()
    overflow: bool = False
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class TextMark:
    """Live text in ``rect``, as large as fits between the two sizes (points); ``inks`` are candidates.

    ``edges`` are the least that a line takes above and below its baseline in em, ``overhang`` how far the ink of the
    text may reach out of them before the line grows with it. ``phrases`` are the pieces of each line that are not to be
    broken, if there are any such. The ``fit`` is settled when the sheet is composed.
    """

    layer: str
    rect: Rect
    spans: tuple[Span, ...]
    inks: tuple[Ink, ...]
    families: tuple[str, ...]
    weight: int
    style: str
    leading: float
    tracking: float
    edges: tuple[float, float]
    overhang: tuple[float, float]
    size_min: float
    size_max: float
    lines: int
    align: Align
    anchor: Anchor
    language: str
    region: str
    direction: Literal["ltr", "rtl"]
    ellipsis: bool = False
    balance: bool = True
    panel: Panel | None = None
    phrases: tuple[tuple[str, ...], ...] = ()
    paragraphs: Paragraphs | None = None
    fit: TextFit | None = None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def panel_shape(self) -> ShapeMark:
        """Its panel, as a shape."""
        assert self.panel
        extent = self.fit.extent if self.fit else self.rect
        padding = self.panel.padding
        rect = Rect(extent.x - padding, self.rect.y, extent.width + 2 * padding, self.rect.height)
        return ShapeMark(self.layer, rect, "rect", self.panel.ink, None, 0.0, self.panel.radius)

    @property
    def features(self) -> tuple[str, ...]:
        return self.paragraphs.features if self.paragraphs else ()

    @property
    def are_lines_composed(self) -> bool:
        return self.paragraphs is not None and self.paragraphs.are_composed

    def leading_at(self, size: float) -> float:
        """From baseline to baseline in em, at this size in points."""
        fixed = self.paragraphs.leading if self.paragraphs else None
        return self.leading if fixed is None else fixed / size

    @property
    def runs(self) -> tuple[Run, ...]:
        """Its spans, if they are in types of their own; none of a text that is all of one."""
        return tuple(span for span in self.spans if isinstance(span, Run))

    @property
    def inks_set(self) -> dict[Ink, float]:
        """The inks that it is set in, each with the smallest size of words in it, as a share of the text's."""
        runs = self.runs
        if not runs:
            return {self.inks[0]: 1.0}
        found: dict[Ink, float] = {}
        for run in runs:
            ink = run.ink or self.inks[0]
            found[ink] = min(run.scale, found.get(ink, run.scale))
        return found


@dataclass(frozen=True, slots=True)
class LogoMark:
    """Live vector artwork; ``candidates`` are (name, digest of the SVG), settled by the measured ground.

    ``inks`` gives each palette colour by its #RRGGBB, the only fills artwork may have.
    """

    layer: str
    rect: Rect
    candidates: tuple[tuple[str, str], ...]
    align: Align
    anchor: Anchor
    inks: dict[str, Ink]


@dataclass(frozen=True, slots=True)
class CodeMark:
    """A live two-dimensional code: rows of modules as strings of 0 and 1, and the quiet zone in modules."""

    layer: str
    rect: Rect
    value: str
    modules: tuple[str, ...]
    quiet: int
    ink: Ink
    ground: Ink | None


PixelMark = PictureMark | ShadeMark | ShapeMark
Mark = PictureMark | ShadeMark | ShapeMark | TextMark | LogoMark | CodeMark


TRANSPARENT = "none"  # the ground of a cut-out, in layouts and as an ink's name


@dataclass(frozen=True, slots=True)
class Sheet:
    """Marks from the bottom up on a page; ``ground`` is what shows where nothing is painted. An ink called
    `TRANSPARENT` stands for nothing at all; its colour is what people see the page on while they judge it."""

    layout: str
    locale: str
    target: Literal["print", "screen"]
    boxes: PageBoxes
    ground: Ink
    marks: tuple[Mark, ...]
    title: str
    description: str

    @property
    def texts(self) -> tuple[TextFact, ...]:
        """What became of each text."""
        return tuple(
            TextFact(
                mark.layer, mark.text, round(mark.fit.size, 2), mark.fit.lines, mark.fit.overflow, mark.fit.extent,
                mark.fit.shortened, tuple(dict.fromkeys(run.ink.name for run in mark.runs if run.ink)),
            )
            for mark in self.marks
            if isinstance(mark, TextMark) and mark.fit
        )  # fmt: skip

    @property
    def levels(self) -> tuple[tuple[Mark, ...], ...]:
        """The live marks from the bottom up, parted before each text that stands on a logo or a code: what has been
        drawn of the lower levels is what it stands on."""
        parted: list[list[Mark]] = [[]]
        for mark in self.marks:
            if is_pixels(mark):
                continue
            if isinstance(mark, TextMark) and any(_carries(lower, mark) for lower in parted[-1]):
                parted.append([])
            parted[-1].append(mark)
        return tuple(map(tuple, parted))

    @property
    def is_cutout(self) -> bool:
        return self.ground.name == TRANSPARENT

    def to_json(self) -> dict[str, Any]:
        """Plain data, each mark with its kind: what the golden dumps show."""
        data = asdict(self)
        data["marks"] = [{"mark": type(mark).__name__, **asdict(mark)} for mark in self.marks]
        return data


def _carries(lower: Mark, text: TextMark) -> bool:
    return (
        isinstance(lower, (LogoMark, CodeMark))
        and text.panel is None
        and text.fit is not None
        and lower.rect.meets(text.fit.extent)
    )


def is_pixels(mark: Mark) -> bool:
    """Whether the mark is painted on the plate rather than set live above it."""
    return isinstance(mark, (PictureMark, ShadeMark)) or (isinstance(mark, ShapeMark) and mark.pixels)


@dataclass(frozen=True, slots=True)
class TextFact:
    """What became of one text: size in points, lines, overflow, the extent it takes, and the palette colours of marked
    words."""

    layer: str
    text: str
    size: float
    lines: int
    overflow: bool
    rect: Rect
    shortened: bool = False
    inks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An open choice settled on the measured ground: WCAG contrast ratio against its worst tenth."""

    layer: str
    chosen: str
    contrast: float
