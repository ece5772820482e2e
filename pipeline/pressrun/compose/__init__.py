"""compose: a layout, one row's content and its pictures become a sheet, whose texts are still to be fitted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from pressrun.compose import lifted
from pressrun.compose.document import Document, Flow
from pressrun.compose.large_black import in_rich_black, with_rich_black
from pressrun.compose.layer_tree import LayerTree, Tools
from pressrun.compose.locale_layout import Setting
from pressrun.compose.text_fit import TextFitter
from pressrun.language.locale_formats import direction_of
from pressrun.language.pages import PageFacts
from pressrun.model import technical
from pressrun.model.brand import Brand
from pressrun.model.color import Ink, Swatch, TechnicalInk, spot_key
from pressrun.model.composition import Faces, ink_of
from pressrun.model.finding import Finding
from pressrun.model.folded_boxes import FoldedBoxes
from pressrun.model.geometry import Rect, SpreadBoxes
from pressrun.model.layout import Layout, PageOptions
from pressrun.model.reach import reach_of
from pressrun.model.sheet import TRANSPARENT, Mark, Sheet, changed, ungrouped
from pressrun.model.task import SheetContent
from pressrun.registry import LAYERS

Extents = dict[int | None, Mapping[str, Rect]]
"""By the number of a page (None: the only one), and the name of a layer."""
ALONE = PageFacts("", 1, 1, 1, from_right=False)  # of a layout of one page


SETTINGS_KEPT = 512  # layouts, each in a locale and on a page


class Composer:
    """Composes the sheets of a brand. ``logos`` gives the digest of each version's SVG, ``faces`` what the fonts at
    hand make of a text, ``fitter`` its fit for layers whose place hangs on it; ``logo_frame`` answers a logo's width
    and height by its name. Below which size (points) black text overprints is said for each printing condition."""

    def __init__(
        self, brand: Brand, logos: Mapping[str, str], faces: Faces, fitter: TextFitter,
        logo_frame: Callable[[str], tuple[float, float]], overprint_below: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        self._overprint_below = overprint_below or {"": brand.print.overprint_below.points(0)}
        text_layer, logo_frame = LAYERS["text"].model_validate, functools.cache(logo_frame)
        self._brand, self._tools = brand, Tools(brand, logos, faces, fitter, text_layer, logo_frame)
        self._has_technical = any(swatch.technical for swatch in brand.palette.values())
        # By the layout itself, which its setting holds on to; many layouts come by where somebody edits them.
        self._settings: dict[tuple[int, str, str | None, bool], Setting] = {}

    def compose(self, layout: Layout, content: SheetContent) -> tuple[Sheet, list[Finding]]:
        """Resolve every layer into marks; a layer that this row cannot have is an error finding, and left out."""
        return self._page(self._setting(layout, content.locale), content, ALONE)

    def pages(
        self, layout: Layout, content: SheetContent, extents: Extents | None = None
    ) -> list[tuple[Sheet, list[Finding]]]:
        """Every page, where a layout has several: one sheet each. What groups, stacks and grids take on them is added
        to ``extents``, if these are asked for."""
        if not layout.page_list:
            return [self._page(self._setting(layout, content.locale), content, ALONE, extents=extents)]

        def compose(page: PageOptions, facts: PageFacts, flow: Flow) -> tuple[Sheet, list[Finding]]:
            setting = self._setting(layout, content.locale, page, is_left=facts.is_left)
            return self._page(setting, content, facts, flow, extents)

        return Document(layout, content, direction_of(content.locale) == "rtl", compose).pages()

    def _page(
        self, setting: Setting, content: SheetContent, facts: PageFacts, flow: Flow | None = None,
        extents: Extents | None = None,
    ) -> tuple[Sheet, list[Finding]]:  # fmt: skip
        layers = LayerTree(setting, content, self._tools, facts, flow)
        boxes, marks = setting.page.frames.page, layers.marks()
        if extents is not None:
            extents[facts.number if flow else None] = layers.extents
        if isinstance(boxes, SpreadBoxes):
            marks = [mark for mark in marks if reach_of(mark).overlaps(boxes.bleed)]
        if self._brand.rich_black and setting.layout.target == "print":
            marks = [*changed(marks, in_rich_black)]
        target = setting.layout.target
        if self._has_technical:
            marks = self._apart(marks, layers, target)
        sheet = Sheet(
            content.layout,
            content.locale,
            target,
            boxes,
            setting.ground,
            lifted.settled(marks, setting.ground, boxes, layers.moving),
            content.title,
            content.description,
            self._overprint_below[content.condition] if target == "print" else 0.0,
            facts.number if flow else None,
            content.condition,
        )
        return sheet, layers.findings

    def _apart(self, marks: list[Mark], layers: LayerTree, target: str) -> list[Mark]:
        """Marks with those in technical inks above all others."""
        for mark in ungrouped(marks):
            if technical.is_of_pixels(mark) and (ink := technical.step_of(mark)):
                layers.tell_technical(mark.layer, ink)
        return [*technical.laid_above(marks, layers.page, target)]

    def _setting(
        self, layout: Layout, locale: str, page: PageOptions | None = None, *, is_left: bool = False
    ) -> Setting:
        is_left = is_left and layout.booklet is not None
        place = (id(layout), locale, page.id if page else None, is_left)
        known = self._settings.get(place)
        if known is None:
            palette = self._brand.palette
            spots: dict[str, str] = {}  # each by the first of its spellings
            for listed in layout.inks:
                if listed != "cmyk":
                    spots.setdefault(spot_key(listed), listed)
            inks = {name: _ink(name, swatch, spots) for name, swatch in palette.items()}
            if rich := palette.get(self._brand.rich_black or ""):
                inks |= {name: with_rich_black(ink, rich.cmyk) for name, ink in inks.items() if ink.is_black_alone}
            name = (page.ground if page else None) or layout.ground
            ground = replace(inks["paper"], name=name) if name == TRANSPARENT else ink_of(inks, name)
            direction, boxes = direction_of(locale), layout.boxes_of(page, is_left=is_left)
            if isinstance(boxes, FoldedBoxes) and direction == "rtl":
                boxes = replace(boxes, mirrored=True)
            known = Setting.of(layout, boxes, inks, ground, direction, page)
            self._settings[place] = known
            if len(self._settings) > SETTINGS_KEPT:
                del self._settings[next(iter(self._settings))]
        return known


def _ink(name: str, swatch: Swatch, spots: Mapping[str, str]) -> Ink:
    """A palette colour as a layout prints it, whose ``spots`` are by their keys. What is technical is in its own."""
    if swatch.technical:
        step, shown = swatch.technical, swatch.shown
        return TechnicalInk(name, swatch.srgb, swatch.cmyk, swatch.spot, True, step, shown)
    return Ink(name, swatch.srgb, swatch.cmyk, spots.get(spot_key(swatch.spot)) if swatch.spot else None)
