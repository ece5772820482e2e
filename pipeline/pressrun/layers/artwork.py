"""Artwork that exists: a page of a PDF, placed as it is, or a drawing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field

from pressrun.model.color import Ink, TechnicalInk, spot_key
from pressrun.model.composition import CannotCompose, Composing, PlacedPicture
from pressrun.model.geometry import Rect, after
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.placed_page import SVG, FormPage, PageMark, SpotInk
from pressrun.model.sheet import Mark
from pressrun.model.spans import OTHER_SIDE, ROOM_BEFORE, Align, Anchor


class ArtworkLayer(LayerOptions):
    """A page of a PDF keeps its inks, spots, fonts and overprint. What lies beyond its bleed box is cut off. An SVG is
    drawn as vectors with its gradients, clips, masks and texts: palette colours in their inks, others as the press
    profile has them."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("file", "page")
    PLACES_ARTWORK: ClassVar[bool] = True

    type: Literal["artwork"] = Field(
        description="A page of a PDF, placed as it is, or an SVG, drawn in the brand's inks."
    )
    file: str = Field(description="The file, beside the job or in the brand's folder: a template of its path.")
    page: Annotated[int, Field(ge=1)] | str = Field(
        default=1, description="Which page of a PDF is placed: its number from 1, or a template that gives it."
    )
    by: Literal["trim", "bleed"] | None = Field(
        default=None,
        description="The box of the PDF page that is laid into the layer's box: with `trim`, its bleed stands around "
        "it. Left out, `bleed` in boxes that are `in: bleed`, and `trim` in others.",
    )
    fit: Literal["contain", "actual"] = Field(
        default="contain",
        description="`contain` shows it as large as the box takes it; `actual` leaves it in its own size.",
    )
    align: Align = Field(
        default="center",
        description="Where it stands in a wider box; start is left, or right in languages written from there.",
    )
    anchor: Anchor = Field(default="middle", description="Where it stands in a higher box.")
    without: tuple[str, ...] = Field(
        default=(),
        description="Ids of elements of an SVG that are not drawn: say a die line, which a shape with `element` draws.",
    )
    steps: Mapping[str, str] = Field(
        default={},
        description="Spots of a PDF that are steps of the finisher's, each with the technical palette colour that it "
        "becomes: `{CutContour: die}`. What is drawn in them is taken out of the page and laid over everything, on the "
        "layer of that ink. A spot that is called as a technical colour's own is taken without being named.",
    )
    fields: bool = Field(default=True, description="Whether what the form fields of a PDF show is drawn.")

    def references(self) -> Iterable[NameUsed]:
        yield from (NameUsed("color", color, ("steps", spot)) for spot, color in self.steps.items())

    def compose(self, composing: Composing) -> Iterator[Mark]:
        name = composing.content.get("file", "").strip()
        if not name:
            hint = "fill the cell, or give the layer a `when`"
            raise CannotCompose("empty-picture", "the row names no artwork here", hint)
        placed = composing.files[name]
        if not placed.pages:
            hint = "use an image layer for pictures"
            raise CannotCompose("unknown-picture-kind", f"{name} is no PDF and no SVG", hint)
        number = self._number(composing, name, placed)
        self._require_elements(name, placed)
        mark = self._mark(composing, name, placed, number)
        steps = dict(self._steps(composing, mark))
        if not steps:
            yield mark
            return
        left = tuple(spot for spot in mark.spots if spot.name not in steps)
        inks = tuple((spot, ink) for spot, ink in mark.inks if spot not in steps)
        yield replace(mark, taken=tuple(steps), spots=left, inks=inks)
        for spot, ink in steps.items():
            yield replace(mark, alone=spot, inks=((spot, ink),), spots=(), faults=(), fine=())

    def _steps(self, composing: Composing, mark: PageMark) -> Iterator[tuple[str, TechnicalInk]]:
        """Spots of a page that are technical, each with the ink that it becomes: those that are named, and those that
        are called as one of the brand's."""
        there = {spot_key(spot.name): spot for spot in mark.spots}
        named: dict[str, TechnicalInk] = {}
        for written, color in self.steps.items():
            ink, spot = composing.ink(color), there.get(spot_key(written))
            if not isinstance(ink, TechnicalInk):
                hint = "name a palette colour that says `technical:`"
                raise CannotCompose("no-technical-ink", f"{color} is no technical ink", hint)
            if spot is None:
                known = ", ".join(sorted(one.name for one in mark.spots))
                hint = f"its spots are {known}" if known else "it has no spots"
                if mark.palette:
                    hint = "an SVG has none: a shape with `element` takes its lines"
                raise CannotCompose("no-such-spot", f"{mark.told} has no spot {written!r}", hint)
            named[spot.name] = ink
        own = {spot: ink for spot, ink in mark.inks if isinstance(ink, TechnicalInk)}
        for name, ink in (own | named).items():
            _require_alone(mark, there[spot_key(name)])
            yield name, ink

    def _require_elements(self, name: str, placed: PlacedPicture) -> None:
        known = placed.pages[0].elements
        for element in self.without:
            if element not in known:
                there = f"its ids are {', '.join(known)}" if known else "it has no ids"
                raise CannotCompose("no-such-element", f"{name} has no element {element!r}", there)

    def _number(self, composing: Composing, name: str, placed: PlacedPicture) -> int:
        said = str(composing.content.get("page", self.page)).strip() or "1"
        count = len(placed.pages)
        if not said.isdecimal() or not 1 <= int(said) <= count:
            there = "its only page is 1" if count == 1 else f"its pages are 1 to {count}"
            raise CannotCompose("no-such-page", f"{name} has no page {said}", there)
        return int(said)

    def _mark(self, composing: Composing, name: str, placed: PlacedPicture, number: int) -> PageMark:
        page, rect = placed.pages[number - 1], composing.rect(self)
        if isinstance(page, FormPage) and not self.fields:
            page = page.bare
        is_drawing = placed.media_type == SVG
        by = self.by or ("bleed" if self.box.within == "bleed" else "trim")
        bleed, laid = page.box(page.bleed), page.box(page.trim if by == "trim" else page.bleed)
        scale = 1.0 if self.fit == "actual" else min(rect.width / laid.width, rect.height / laid.height)
        align = OTHER_SIDE.get(self.align, self.align) if composing.mirrored(self) else self.align
        x = rect.x + ROOM_BEFORE[align] * (rect.width - laid.width * scale) - laid.x * scale
        y = rect.y + ROOM_BEFORE[self.anchor] * (rect.height - laid.height * scale) - laid.y * scale
        return PageMark(
            composing.layer,
            Rect(x, y, bleed.width * scale, bleed.height * scale),
            name,
            placed.digest,
            number,
            after(page.matrix, (scale, 0.0, 0.0, scale, x, y)),
            self.fields,
            page.spots,
            tuple((spot.name, ink) for spot in page.spots for ink in _own(spot.name, composing)),
            page.faults,
            tuple((swatch.srgb, composing.ink(one)) for one, swatch in composing.brand.palette.items() if is_drawing),
            page.texts,
            self.without,
            fine=page.fine,
        )


def _require_alone(mark: PageMark, spot: SpotInk) -> None:
    if spot.is_mixed:
        message = f"{mark.told}: something in {spot.name} is in other inks, too, and cannot be taken apart"
        hint = "give the step an ink of its own in the file, without gradients or blends into others"
        raise CannotCompose("spot-among-others", message, hint)


def _own(spot: str, composing: Composing) -> Iterator[Ink]:
    """The ink in which the layout prints a spot of this name."""
    same = (ink for ink in composing.inks.values() if ink.spot and spot_key(ink.spot) == spot_key(spot))
    yield from itertools.islice(same, 1)
