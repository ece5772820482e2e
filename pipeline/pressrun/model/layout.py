"""A layout as designers write it. Which layers there are is not known here: the registry closes that set."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from pressrun.model.authored import Authored
from pressrun.model.color import Hex
from pressrun.model.composition import Composing, Portion
from pressrun.model.containment import Arranged, Contained
from pressrun.model.demands import CheckLevels, Resolution
from pressrun.model.geometry import Box, FractionField, Frames, PageBoxes, Rect
from pressrun.model.item_list import ItemListField, LayerId
from pressrun.model.layer_faults import BY_ROW, OF_LAYERS, is_salvaged, two_of_one_id
from pressrun.model.learned import Detector
from pressrun.model.outline import Clip
from pressrun.model.page import Page
from pressrun.model.page_keys import BookletField, PageKeys
from pressrun.model.shadow import Shadow, ShadowField
from pressrun.model.sheet import TRANSPARENT, Blend, Mark
from pressrun.model.size_group import SizeGroup
from pressrun.model.table_content import TableTexts, Written

Target = Literal["print", "screen"]


def _clip(value: object) -> object:
    return {"shape": value} if isinstance(value, str) else value


ClipField = Annotated[Clip, BeforeValidator(_clip)]

# One name or a list of candidates.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class NameUsed(NamedTuple):
    """A name that a layer uses: of a color, picture slot, role, logo (a usual one where it names none), other layer
    below or group; ``path`` is the field."""

    kind: Literal["color", "picture", "role", "logo", "usual-logo", "layer", "group"]
    name: str
    path: tuple[str | int, ...]


class Misfit(NamedTuple):
    """What a layer says that does not go with its box: a finding's code, message and hint; ``path`` is the field."""

    code: str
    message: str
    hint: str
    path: tuple[str | int, ...]


class Listed(Authored):
    """What stands in a layout's list of layers: layers, and the pages that they stand on. TEMPLATES names the fields
    that are Jinja, CONTAINS says that other layers are in it, PLACES_ARTWORK that a `file` may be PDF or have texts."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ()
    CONTAINS: ClassVar[bool] = False
    PLACES: ClassVar[bool] = False
    PLACES_ARTWORK: ClassVar[bool] = False
    SAID_ELSEWHERE: ClassVar[Mapping[str, str]] = OF_LAYERS

    type: str = Field(description="What kind of layer this is.")
    id: LayerId | None = Field(
        default=None,
        description="The layer's name in findings, and for layers that refer to it. Layers of one id, each with a "
        "`when`, that follow one another are alternatives: the first of which it holds is taken.",
    )
    when: str | None = Field(
        default=None, description="A bare expression; where it does not hold, the layer is left out."
    )

    @property
    def templates(self) -> tuple[Written, ...]:
        """Its texts that are Jinja, each with the way to it."""
        return tuple([
            Written(text, (name,)) for name in self.TEMPLATES if isinstance(text := getattr(self, name), str)
        ])  # fmt: skip

    @property
    def markup_in_cells(self) -> frozenset[str] | None:
        """The kinds of markup that cells may have in its texts, whose own words mark up; None where nothing does."""
        return None

    @property
    def words_in_roles(self) -> Iterable[tuple[str, str]]:
        """Its templates that are set in type, each with the role that it is set in."""
        return ()

    @property
    def table_texts(self) -> TableTexts | None:
        """The words of its cells, if it is a table."""
        return None

    @property
    def size_group(self) -> SizeGroup | None:
        """The group of texts whose size is this layer's, too."""
        return None

    def detects(self, asked: tuple[Detector, ...]) -> tuple[Detector, ...]:
        """What looks at the picture files that it names, where the brand asks for ``asked``."""
        return ()

    def references(self) -> Iterable[NameUsed]:
        """Every name this layer uses, so that load can say which is unknown."""
        return ()

    def children_named(self) -> Iterable[tuple[str, tuple[str | int, ...]]]:
        """The layers in it that it speaks of, each with the field that does."""
        return ()

    def names_used(self) -> Iterable[NameUsed]:
        """The same, and those that every layer may use."""
        return self.references()

    def placements(self, frames: Frames) -> Iterable[tuple[str, Rect]]:
        """Picture slots and where they are placed: what masters are chosen for before any picture exists."""
        return ()


class PageOptions(PageKeys, Listed):
    """One page of a layout of several, which `load` puts before its layers; ``id`` and ``page`` are settled there."""

    inside: ClassVar[None] = None
    repeat: ClassVar[None] = None

    type: Literal["page"] = Field(default="page", description="A page.")

    def references(self) -> Iterable[NameUsed]:
        if self.ground not in (None, TRANSPARENT):
            yield NameUsed("color", self.ground or "", ("ground",))


class WrittenPage(PageKeys):
    """A page among the `pages` of a layout."""

    id: str | None = Field(
        default=None, description="The page's name in findings, and in overrides; page-1, page-2 … if not said."
    )
    when: str | None = Field(
        default=None, description="A bare expression; where it does not hold, the page is left out."
    )
    layers: tuple[Any, ...] = Field(
        default=(), description="The layers of this page, from the bottom to the top, or uses of parts."
    )


class LayerOptions(Listed):
    """What every layer has. ``when`` is a bare expression; a layer it refuses is left out. In languages written from
    right to left its box changes sides, unless ``mirror`` is false; what a picture shows is never turned over.

    FADES says that its marks have its opacity themselves, FLOWS that it can go on over several pages, HUGS that it
    takes the room its content needs, LOOKS_ALIKE that what it resolves once does not hang on its place.
    """

    FADES: ClassVar[bool] = False
    FLOWS: ClassVar[bool] = False
    HUGS: ClassVar[bool] = False
    LOOKS_ALIKE: ClassVar[bool] = False

    on_page: str | None = Field(
        default=None,
        description="In a layout of several pages, the id of the one that it stands on: that among whose layers it is "
        "written. A layer outside of `pages` stands on all of them, if not said.",
    )
    continues: str | None = Field(
        default=None,
        description="The id of a text or table on a page before: this layer goes on with what is left of it, and is "
        "like it but for what it says itself.",
    )
    inside: str | None = Field(
        default=None,
        description="The id of the group, stack or grid below that it is in. Layers that are written in its `layers` "
        "need not say it.",
    )
    repeat: ItemListField | None = Field(
        default=None,
        description="A list: the layer, with all that is in it, is there once for each item, which `item` stands for. "
        "Its `when` is asked for each of them.",
    )
    box: Box = Field(default=Box(), description="Where the layer stands.")
    mirror: bool = Field(
        default=True, description="Whether its box changes sides in languages written from right to left."
    )

    scale: float = Field(
        default=1.0, gt=0, le=100,
        description="By how much it is enlarged or reduced, about the middle of its box.",
    )
    rotate: float = Field(
        default=0.0, ge=-360, le=360,
        description="By how many degrees it is turned clockwise, about the middle of its box.",
    )
    flip: Literal["horizontal", "vertical", "both"] | None = Field(
        default=None, description="Whether it is turned over, about the middle of its box, before it is turned."
    )
    clip: ClipField | None = Field(default=None, description="The outline that it is cut out by, within its box.")
    opacity: FractionField = Field(default=1.0, description="How much it covers.")
    blend: Blend = Field(default="normal", description="How its colours are mixed with those below.")
    shadow: ShadowField | None = Field(default=None, description="A shadow below it: `soft`, `hard`, or its keys.")

    @property
    def may_be_artwork(self) -> bool:
        """Whether a drawing in it would look the same as an artwork layer shows it."""
        return False

    @property
    def needs_room(self) -> bool:
        """Whether a box without any width or height is a mistake."""
        return True

    def names_used(self) -> Iterable[NameUsed]:
        yield from self.references()
        if isinstance(self.shadow, Shadow):
            yield NameUsed("color", self.shadow.color, ("shadow", "color"))

    def misfits(self, rect: Rect, target: str) -> Iterable[Misfit]:
        """What cannot be in a box of this size, so that load can say it."""
        return ()

    def room(self, frames: Frames) -> Rect:
        """The box that layers in it are measured from, as far as that is known before anything is composed."""
        return self.box.resolve(frames.of(self.box.within))

    def aspect(self, composing: Composing) -> float | None:
        """Width by height of what it shows, if that has a shape of its own."""
        return None

    def extent(self, composing: Composing) -> Rect | None:
        """What it needs of its box, of a layer that HUGS; None where its marks tell. Raises CannotCompose."""
        return None

    def compose(self, composing: Composing) -> Iterator[Mark]:
        """The layer's marks. Raises CannotCompose where this row cannot have it."""
        raise NotImplementedError

    def arrange(self, composing: Composing, children: Sequence[Contained]) -> Arranged:
        """The marks of the layers that it CONTAINS, from the bottom up, each in its place. Raises CannotCompose."""
        raise NotImplementedError

    def compose_portion(self, composing: Composing, start: int) -> Portion:
        """What one page has of a layer that FLOWS, from ``start`` on (0: its beginning). A portion that ends where it
        began says that not even the next row or line fits. Raises CannotCompose where this row cannot have it."""
        raise NotImplementedError

    def fitting(self, composing: Composing, children: Iterator[Contained]) -> tuple[list[Contained], bool]:
        """Of one that FLOWS and CONTAINS the first layers, for which a page has room, and whether these are all."""
        raise NotImplementedError


class ContainerOptions(LayerOptions):
    """A layer that others are in. In a layout that is loaded they stand behind it, each saying what it is inside of."""

    CONTAINS: ClassVar[bool] = True

    layers: tuple[Any, ...] = Field(
        default=(),
        min_length=1,
        description="The layers in it, from the bottom to the top, or uses of parts.",
    )

    @model_validator(mode="after")
    def _holds_none_itself(self) -> ContainerOptions:
        if self.layers:
            raise ValueError("layers that are added here stand beside it, each with `inside` and its id")
        return self


class Layout(Authored):
    BY_ROW: ClassVar[Mapping[str, str]] = {"layers": BY_ROW}

    page: Page = Field(description="The page: its finished size, bleed and safe area.")
    target: Target = Field(description="Where it is shown: `print` (in inks) or `screen` (in pixels).")
    inks: tuple[str, ...] = Field(
        default=("cmyk",), description="The plates: `cmyk`, and the spot inks that are printed besides."
    )
    formats: tuple[str, ...] = Field(description="The files made of a sheet.")
    resolution: Resolution | None = Field(
        default=None,
        description="What is asked of placed pictures, in pixels per inch. Left out: 150 and 300 in print.",
    )
    ground: str = Field(
        default="paper",
        description="The palette colour under everything, a tint of one, or `none` for none at all on screens.",
    )
    stock: Hex | None = Field(
        default=None,
        description="The colour of what it is printed on, where that is not what the printing condition says: "
        "#B08D57 of kraft. See `print.stock`.",
    )
    crop_marks: bool = Field(default=False, description="Whether the press file has marks that show where it is cut.")
    flatten: bool = Field(
        default=False,
        description="Whether texts in or under something transparent may become pixels (1200 an inch) in files without "
        "transparency (`press-pdf-x1a`). Else such a sheet is refused.",
    )
    quality: int = Field(
        default=90, ge=50, le=100, description="How well JPEG and WebP are kept: 50 is small, 100 is large."
    )
    checks: CheckLevels = Field(
        default_factory=dict,
        description="How much a check matters in this layout, by its name.",
    )
    booklet: BookletField = Field(
        default=None,
        description="That its pages are bound (`true`, or by keys): they have an `inner` margin, may be a `spread`, "
        "and are filled up to whole sheets by blank ones.",
    )
    layers: tuple[Any, ...] = Field(description="The layers, from the bottom to the top.")

    @model_validator(mode="after")
    def _ids_are_unique(self, info: ValidationInfo) -> Layout:
        seen: dict[str, int] = {}
        below: Any = None
        for index, layer in enumerate(self.layers):
            name = getattr(layer, "id", None)
            alternative = below is not None and below.id == name and below.when and layer.when not in (None, below.when)
            if name in seen and not alternative and not is_salvaged(info):
                raise two_of_one_id(name, self.layers, seen[name], index)
            if name:
                seen[name] = index
            below = layer
        return self

    @model_validator(mode="after")
    def _screens_have_no_bleed(self) -> Layout:
        every = (self.page, *(one.page for one in self.page_list if one.page))
        if self.target == "screen" and any(page.bleed.value for page in every):
            raise ValueError("a screen layout has no bleed; take it out, or make the target print")
        return self

    @functools.cached_property
    def keeps_readable(self) -> bool:
        """Whether any text is kept readable on what it stands on."""
        return any(getattr(one, "legible", None) for one in self.layers)

    @property
    def page_list(self) -> tuple[PageOptions, ...]:
        """Its pages; none of a layout of one."""
        return tuple(one for one in self.layers if isinstance(one, PageOptions))

    def boxes_for(self, layer: Listed) -> tuple[PageBoxes, ...]:
        """Those of the pages that a layer stands on, each once."""
        on = layer.on_page if isinstance(layer, LayerOptions) else layer.id
        pages: list[PageOptions | None] = [one for one in self.page_list if on in (None, one.id)]
        sides = (False, True) if self.booklet else (False,)
        boxes = (self.boxes_of(page, is_left=is_left) for page in pages or [None] for is_left in sides)
        return tuple(dict.fromkeys(boxes))

    def boxes_of(self, page: PageOptions | None, *, is_left: bool) -> PageBoxes:
        """Those of a page where it lies left or right in an open book; None: of a layout of one."""
        size = (page.page if page else None) or self.page
        if page and page.spread:
            return size.spread(is_left=is_left)
        return size.boxes(is_left=is_left and self.booklet is not None)

    @property
    def flowing(self) -> Mapping[str, str]:
        """The layers that go on over several pages, each with the one that its text or table begins in."""
        goes_on = {one.id: one.continues for one in self.layers if isinstance(one, LayerOptions) and one.continues}
        begun = {name: name for name in (*goes_on.values(), *(one.flow for one in self.page_list)) if name}
        for name in filter(None, goes_on):
            first, seen = name, {name}
            while (before := goes_on.get(first)) and before not in seen:
                seen.add(before)
                first = before
            begun[name] = first
        return begun

    @property
    def floor_and_target(self) -> tuple[float, float]:
        """Pixels per inch asked of placed pictures; screens ask for one pixel a pixel, and for no less than 2/3."""
        if self.resolution:
            return self.resolution.floor, self.resolution.target
        return (150.0, 300.0) if self.target == "print" else (64.0, 96.0)


def layer_frames(layout: Layout) -> tuple[tuple[Frames, ...], ...]:
    """What the box of each layer is measured from, on each kind of page that it stands on, as far as that is known
    before anything is composed."""
    inside: dict[str | None, tuple[Frames, ...]] = {}
    found: list[tuple[Frames, ...]] = []
    for index, layer in enumerate(layout.layers):
        own = inside.get(layer.inside) or tuple(map(Frames, layout.boxes_for(layer)))
        found.append(own)
        if layer.CONTAINS:
            inside.setdefault(layer_name(layer, index), tuple(Frames(one.page, layer.room(one)) for one in own))
    return tuple(found)


def layer_name(layer: Listed, index: int) -> str:
    """The layer's id, or its type and place counted from 1 at the bottom."""
    return layer.id or f"{layer.type}-{index + 1}"
