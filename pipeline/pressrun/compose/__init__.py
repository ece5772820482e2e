"""compose: a layout, one row's content and its pictures become a sheet, whose texts are still to be fitted."""

from __future__ import annotations

from collections.abc import Mapping

from pressrun.compose import lifted
from pressrun.compose.layer_tree import LayerTree, Setting, Tools
from pressrun.compose.text_fit import TextFitter
from pressrun.language.locale_formats import direction_of
from pressrun.model.brand import Brand
from pressrun.model.color import Ink
from pressrun.model.composition import Faces
from pressrun.model.finding import Finding
from pressrun.model.layout import Layout
from pressrun.model.sheet import TRANSPARENT, Sheet
from pressrun.model.task import SheetContent
from pressrun.registry import LAYERS


class Composer:
    """Composes the sheets of a brand. ``logos`` gives the digest of each version's SVG, ``faces`` what the fonts at
    hand make of a text, ``fitter`` its fit for layers whose place hangs on it."""

    def __init__(self, brand: Brand, logos: Mapping[str, str], faces: Faces, fitter: TextFitter) -> None:
        self._brand, self._tools = brand, Tools(brand, logos, faces, fitter, LAYERS["text"].model_validate)
        self._settings: dict[tuple[int, str], Setting] = {}  # by the layout itself, which its setting holds on to

    def compose(self, layout: Layout, content: SheetContent) -> tuple[Sheet, list[Finding]]:
        """Resolve every layer into marks; a layer that this row cannot have is an error finding, and left out."""
        setting = self._setting(layout, content.locale)
        layers = LayerTree(setting, content, self._tools)
        boxes = setting.page.frames.page
        sheet = Sheet(
            content.layout,
            content.locale,
            layout.target,
            boxes,
            setting.ground,
            lifted.settled(layers.marks(), setting.ground, boxes),
            content.title,
            content.description,
            self._brand.print.overprint_below.points(0) if layout.target == "print" else 0.0,
        )
        return sheet, layers.findings

    def _setting(self, layout: Layout, locale: str) -> Setting:
        known = self._settings.get((id(layout), locale))
        if known is None:
            palette = self._brand.palette
            spots = [name for name in layout.inks if name != "cmyk"]
            inks = {
                name: Ink(name, swatch.srgb, swatch.cmyk, swatch.spot if swatch.spot in spots else None)
                for name, swatch in palette.items()
            }
            ground = palette["paper" if layout.ground == TRANSPARENT else layout.ground]
            ground_ink = Ink(layout.ground, ground.srgb, ground.cmyk)
            known = Setting.of(layout, inks, ground_ink, direction_of(locale))
            self._settings[id(layout), locale] = known
        return known
