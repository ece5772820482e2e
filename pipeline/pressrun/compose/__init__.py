"""compose: a layout, one row's content and its pictures become a sheet, whose texts are still to be fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pressrun.compose import lifted
from pressrun.compose.laid import laid
from pressrun.compose.text_fit import TextFitter
from pressrun.language.locale_formats import direction_of
from pressrun.model.brand import Brand
from pressrun.model.color import Ink
from pressrun.model.composition import CannotCompose, Composing, Faces
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import PageBoxes
from pressrun.model.item_list import LEFT_OVER
from pressrun.model.layout import Layout, layer_name
from pressrun.model.sheet import TRANSPARENT, Mark, PictureMark, Sheet
from pressrun.model.task import SheetContent
from pressrun.registry import LAYERS


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all sheets of a layout in one locale have in common."""

    layout: Layout
    boxes: PageBoxes
    inks: Mapping[str, Ink]
    ground: Ink
    direction: str
    resolved: dict[int, Any] = field(default_factory=dict)


class Composer:
    """Composes the sheets of a brand. ``logos`` gives the digest of each version's SVG, ``faces`` what the fonts at
    hand make of a text, ``fitter`` its fit for layers whose place hangs on it."""

    def __init__(self, brand: Brand, logos: Mapping[str, str], faces: Faces, fitter: TextFitter) -> None:
        self._brand, self._logos, self._faces, self._fitter = brand, logos, faces, fitter
        self._settings: dict[tuple[int, str], _Setting] = {}  # by the layout itself, which its setting holds on to

    def compose(self, layout: Layout, content: SheetContent) -> tuple[Sheet, list[Finding]]:
        """Resolve every layer into marks; a layer that this row cannot have is an error finding, and left out."""
        setting = self._setting(layout, content.locale)
        findings: list[Finding] = []
        marks: list[Mark] = []
        below: dict[str, PictureMark] = {}
        stages: dict[str, tuple[float, float]] = {}
        for index, options in enumerate(layout.layers):
            name = layer_name(options, index)
            texts = content.layers.get(name)
            if texts is None or texts.get("when", options.when) != options.when:
                continue
            composing = Composing(
                brand=self._brand,
                boxes=setting.boxes,
                inks=setting.inks,
                locale=content.locale,
                direction=setting.direction,
                layer=name,
                number=index,
                content=texts,
                slots=content.slots,
                files=content.files,
                logos=self._logos,
                below=below,
                stages=stages,
                faces=self._faces,
                fitted=self._fitter.fit,
                natural=self._fitter.natural,
                text_layer=LAYERS["text"].model_validate,
                resolved=setting.resolved,
                shared_size=content.sizes.get(name),
            )
            try:
                made = tuple(options.compose(composing))
                below.update((name, mark) for mark in made if isinstance(mark, PictureMark))
                marks += laid(options, made, composing)
                if LEFT_OVER in texts:
                    findings.append(_left_over(texts[LEFT_OVER], content.layout, name))
            except CannotCompose as problem:
                findings.append(
                    Finding(
                        Severity.ERROR,
                        problem.code,
                        problem.message,
                        hint=problem.hint,
                        layout=content.layout,
                        layer=name,
                    )
                )
        sheet = Sheet(
            content.layout,
            content.locale,
            layout.target,
            setting.boxes,
            setting.ground,
            lifted.settled(marks, setting.ground, setting.boxes),
            content.title,
            content.description,
            self._brand.print.overprint_below.points(0) if layout.target == "print" else 0.0,
        )
        return sheet, findings

    def _setting(self, layout: Layout, locale: str) -> _Setting:
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
            known = _Setting(layout, layout.page.boxes(), inks, ground_ink, direction_of(locale))
            self._settings[id(layout), locale] = known
        return known


def _left_over(count: str, layout: str, layer: str) -> Finding:
    message = f"{count} more {'is' if count == '1' else 'are'} left out, beyond the `limit`"
    return Finding(Severity.NOTE, "left-over-items", message, layout=layout, layer=layer)
