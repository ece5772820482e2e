"""A sheet: one page of one row in one layout, its layers resolved into marks.

Marks are the narrow waist between layers (which people write) and formats (which get written): a new layer
composes itself from these, and no format learns a new layer. All lengths are points from the bleed corner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink
from pressrun.model.geometry import IDENTITY, Matrix, PageBoxes, Rect, after, bounds, enlargement
from pressrun.model.paint import CastShadow, Gradient
from pressrun.model.placed_page import PageMark
from pressrun.model.plain_data import plain
from pressrun.model.spans import OBJECT, ROOM_BEFORE, Align, Anchor, Columns, Panel, Paragraphs, Run, Span, TextFit
from pressrun.model.text_fact import TextFact

Cap = Literal["butt", "round", "square"]
Blend = Literal["normal", "multiply", "screen", "overlay", "soft-light"]


class PictureMark(Struct, frozen=True):
    """Pixels: a picture in ``rect``, showing the part ``crop`` (x, y, width, height as fractions of the picture).
    ``lifted``: it lies above live layers, and not on the plate."""

    layer: str
    rect: Rect
    digest: str
    media_type: str
    size: tuple[int, int]
    crop: tuple[float, float, float, float]
    shadow: Ink | None = None
    slot: str | None = None
    lifted: bool = False

    @property
    def ppi(self) -> float | None:
        """The picture's own pixels per inch of paper, in the poorer direction; None for vectors, which have none."""
        if self.media_type == "image/svg+xml":
            return None
        across = self.size[0] * self.crop[2] / (self.rect.width / 72)
        down = self.size[1] * self.crop[3] / (self.rect.height / 72)
        return min(across, down)


class ShadeMark(Struct, frozen=True):
    """Pixels: a ramp of one ink towards an edge, from nothing at ``start`` to ``strength`` at ``until``; ``lifted`` as
    a picture is."""

    layer: str
    rect: Rect
    ink: Ink
    towards: Literal["top", "bottom", "left", "right"]
    start: float
    until: float
    strength: float
    lifted: bool = False


class Pattern(Struct, frozen=True):
    """Marks in a tile of so many points that is repeated over what it fills, over a ``ground`` if there is one; the
    ``matrix`` takes the first tile to the page."""

    marks: tuple[Mark, ...]
    width: float
    height: float
    matrix: Matrix
    ground: Ink | None = None


class ShapeMark(Struct, frozen=True):
    """A flat shape; on the plate if ``pixels`` (something below the topmost picture), else live. A ``figure`` is given
    by its ``outline``, in PDF's operators with y downwards. ``dashes`` are lengths of strokes and of gaps in turn."""

    layer: str
    rect: Rect
    shape: Literal["rect", "ellipse", "line", "figure"]
    fill: Ink | Gradient | Pattern | None
    stroke: Ink | None
    stroke_width: float
    radius: float
    opacity: float = 1.0
    pixels: bool = False
    outline: str = ""
    cap: Cap = "butt"
    dashes: tuple[float, ...] = ()

    @property
    def ink(self) -> Ink | None:
        """What fills it, if that is one ink."""
        return self.fill if isinstance(self.fill, Ink) else None

    @property
    def is_flat(self) -> bool:
        """Whether each of its parts has one colour all over."""
        return self.fill is self.ink

    @property
    def is_plain(self) -> bool:
        """Whether it covers all that it lies on, in a form that needs no drawing."""
        return self.is_flat and self.shape != "figure" and self.opacity == 1 and not self.dashes and self.cap == "butt"


class TextMark(Struct, dict=True, frozen=True):
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
    columns: Columns | None = None
    fit: TextFit | None = None

    def fitted(self, fit: TextFit) -> TextMark:
        """The same with its fit; what was worked out of its words is taken along."""
        made = replace(self, fit=fit)
        made.__dict__.update(self.__dict__)
        return made

    @cached_property
    def text(self) -> str:
        return "".join([span.text for span in self.spans])

    @property
    def taken(self) -> Rect:
        """What its words take with their panel, if there is one; before they are fitted, its box."""
        extent = self.fit.extent if self.fit else self.rect
        if not self.panel:
            return extent
        padding = self.panel.padding
        return Rect(extent.x - padding, self.rect.y, extent.width + 2 * padding, self.rect.height)

    @property
    def panel_shape(self) -> ShapeMark:
        """Its panel, as a shape."""
        assert self.panel
        return ShapeMark(self.layer, self.taken, "rect", self.panel.fill, None, 0.0, self.panel.radius)

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

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Its spans, if they are in types of their own; none of a text that is all of one."""
        if Run not in map(type, self.spans):
            return ()
        return tuple(span for span in self.spans if isinstance(span, Run))

    @property
    def has_logos(self) -> bool:
        return any(run.logo for run in self.runs)

    @property
    def words(self) -> tuple[Span, ...]:
        """Its spans that are no logos."""
        runs = self.runs
        return tuple(run for run in runs if run.logo is None) if runs else self.spans

    @cached_property
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


class LogoMark(Struct, frozen=True):
    """Live vector artwork; ``candidates`` are (name, digest of the SVG), settled by the measured ground.

    ``inks`` gives each palette colour by its #RRGGBB, the only fills artwork may have.
    """

    layer: str
    rect: Rect
    candidates: tuple[tuple[str, str], ...]
    align: Align
    anchor: Anchor
    inks: dict[str, Ink]

    def __hash__(self) -> int:
        return hash((self.layer, self.rect, self.candidates, self.align, self.anchor))

    def matrix(self, width: float, height: float) -> Matrix:
        """What takes artwork of this size to its place in the box, as large as it fits."""
        scale = min(self.rect.width / width, self.rect.height / height)
        aside = ROOM_BEFORE[self.align] * (self.rect.width - width * scale)
        down = ROOM_BEFORE[self.anchor] * (self.rect.height - height * scale)
        return (scale, 0.0, 0.0, scale, self.rect.x + aside, self.rect.y + down)


class GroupMark(Struct, frozen=True):
    """Marks that are turned by ``matrix`` as one, of which what is in the outline ``clip`` shows (all, if that is
    empty), and laid on what lies below. ``rect`` is their box, before they are turned; the ``shadow`` they cast is
    not."""

    layer: str
    rect: Rect
    marks: tuple[Mark, ...]
    matrix: Matrix = IDENTITY
    clip: str = ""
    opacity: float = 1.0
    blend: Blend = "normal"
    shadow: CastShadow | None = None

    @property
    def is_mixed(self) -> bool:
        """Whether it is laid on as one, and does not merely stand in another place."""
        return self.opacity < 1 or self.blend != "normal" or self.shadow is not None


PixelMark = PictureMark | ShadeMark | ShapeMark
Mark = PictureMark | ShadeMark | ShapeMark | TextMark | LogoMark | CodeMark | PageMark | GroupMark


class Placed(Struct, frozen=True, dict=True):
    """A mark that is no group, and the matrix that its groups move it by. ``clips`` are the outlines that these cut it
    out by, each with its own matrix."""

    mark: Mark
    matrix: Matrix = IDENTITY
    clips: tuple[tuple[str, Matrix], ...] = ()

    @cached_property
    def bounds(self) -> Rect:
        """The upright rectangle around its box."""
        return self.mark.rect if self.matrix is IDENTITY else bounds(self.mark.rect, self.matrix)

    @property
    def enlargement(self) -> float:
        """By how much its groups enlarge it."""
        return enlargement(self.matrix)


def placed(
    marks: Iterable[Mark], matrix: Matrix = IDENTITY, clips: tuple[tuple[str, Matrix], ...] = ()
) -> Iterator[Placed]:
    """The marks in marks, those of groups in their place, and the first tile of pictures that fill a shape."""
    for mark in marks:
        if isinstance(mark, GroupMark):
            moved = after(mark.matrix, matrix)
            yield from placed(mark.marks, moved, (*clips, (mark.clip, moved)) if mark.clip else clips)
            continue
        yield Placed(mark, matrix, clips)
        if isinstance(mark, ShapeMark) and isinstance(fill := mark.fill, Pattern):
            pictures = (tile for tile in fill.marks if isinstance(tile, PictureMark))
            shown = (*clips, ("", matrix))  # nobody knows what is left of it
            yield from (Placed(tile, after(fill.matrix, matrix), shown) for tile in pictures)


def changed(marks: Iterable[Mark], change: Callable[[Mark], Mark]) -> tuple[Mark, ...]:
    """Marks with those changed that are no groups."""
    return tuple([
        replace(mark, marks=changed(mark.marks, change)) if isinstance(mark, GroupMark) else change(mark)
        for mark in marks
    ])  # fmt: skip


def ungrouped(marks: Iterable[Mark]) -> list[Mark]:
    """The marks in marks, from the bottom up, without their groups."""
    found: list[Mark] = []
    for mark in marks:
        if isinstance(mark, GroupMark):
            found += ungrouped(mark.marks)
        else:
            found.append(mark)
    return found


TRANSPARENT = "none"  # the ground of a cut-out, in layouts and as an ink's name


class Sheet(Struct, frozen=True, dict=True):
    """Marks from the bottom up on a page; ``ground`` is what shows where nothing is painted. An ink called
    `TRANSPARENT` stands for nothing at all; its colour is what people see the page on while they judge it. Black text
    that is smaller than ``overprint_below`` (points) overprints. ``page`` is its number in a document of several;
    ``condition`` the printing condition that it is made for, where its job has several."""

    layout: str
    locale: str
    target: Literal["print", "screen"]
    boxes: PageBoxes
    ground: Ink
    marks: tuple[Mark, ...]
    title: str
    description: str
    overprint_below: float = 0.0
    page: int | None = None
    condition: str = ""

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Its marks and those in groups, from the bottom up: every check asks for them."""
        return tuple(placed(self.marks))

    @cached_property
    def texts(self) -> tuple[TextFact, ...]:
        """What became of each text."""
        return tuple(
            TextFact(
                mark.layer, mark.text.replace(OBJECT, ""), round(mark.fit.size * one.enlargement, 2), mark.fit.lines,
                mark.fit.overflow, bounds(mark.fit.extent, one.matrix), mark.fit.shortened,
                tuple(dict.fromkeys(run.ink.name for run in mark.runs if run.ink)), mark.fit.apart,
                mark.fit.loosest,
            )
            for one in self.placed
            if isinstance(mark := one.mark, TextMark) and mark.fit
        )  # fmt: skip

    @property
    def is_cutout(self) -> bool:
        return self.ground.name == TRANSPARENT

    def to_json(self) -> dict[str, Any]:
        """Plain data, each mark with its kind: what the golden dumps show."""
        said = {**plain(self), "marks": [_json(mark) for mark in self.marks]}
        if self.page is None:
            del said["page"]
        if not self.condition:
            del said["condition"]
        return said


def _json(mark: Mark) -> dict[str, Any]:
    inside = {"marks": [_json(one) for one in mark.marks]} if isinstance(mark, GroupMark) else {}
    said = plain(mark)
    if isinstance(mark, TextMark) and mark.fit:
        said["fit"] = {key: one for key, one in said["fit"].items() if one or key not in ("apart", "loosest")}
    if isinstance(mark, PageMark) and not mark.fine:
        del said["fine"]
    return {"mark": type(mark).__name__, **said, **inside}


def is_on_plate(mark: Mark) -> bool:
    """Whether the mark is painted on the plate rather than laid over it."""
    if isinstance(mark, (PictureMark, ShadeMark)):
        return not mark.lifted
    return isinstance(mark, ShapeMark) and mark.pixels
