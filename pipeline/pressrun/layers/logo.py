"""A logo: live vectors in exact inks, in the version that stands out best from its ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from pressrun.model.brand import USUAL_LOGOS, Brand
from pressrun.model.composition import Composing
from pressrun.model.layout import LayerOptions, Names, NameUsed
from pressrun.model.pixel_logo import SUFFIX, of_pixels
from pressrun.model.sheet import LogoMark
from pressrun.model.spans import OTHER_SIDE, Align, Anchor


class LogoLayer(LayerOptions):
    """``logo`` lists versions of the brand's logo; the whole of it shows in the box."""


    type: Literal["logo"] = Field(description="A logo of the brand.")
    logo: Names = Field(
        default=USUAL_LOGOS,
        description="Versions of the logo; the one that stands out best from its ground is taken. Left out, those of "
        "`default` and `reversed` that the brand has, or its only one.",
    )
    align: Align = Field(
        default="start",
        description="Where it stands in a wider box; start is left, or right in languages written from there.",
    )
    anchor: Anchor = Field(default="middle", description="Where it stands in a higher box.")

    def references(self) -> Iterable[NameUsed]:
        if "logo" not in self.model_fields_set:
            yield NameUsed("usual-logo", self.logo[0], ("type",))
            return
        for index, name in enumerate(self.logo):
            yield NameUsed("logo", name, ("logo", index))

    def _names(self, brand: Brand) -> tuple[str, ...]:
        return self.logo if "logo" in self.model_fields_set else brand.usual_logos

    def aspect(self, composing: Composing) -> float:
        width, height = composing.logo_frame(self._names(composing.brand)[0])
        return width / height

    def compose(self, composing: Composing) -> Iterator[LogoMark]:
        yield composing.once(self._mark)

    def _mark(self, composing: Composing) -> LogoMark:
        names = self._names(composing.brand)
        candidates = tuple((name, composing.logos[name]) for name in names)
        align = OTHER_SIDE.get(self.align, self.align) if composing.mirrored(self) else self.align
        inks = {swatch.srgb: composing.ink(name) for name, swatch in composing.brand.palette.items()}
        mark = LogoMark(composing.layer, composing.rect(self), candidates, align, self.anchor, inks)
        of_png = [name for name in names if composing.brand.logos[name].lower().endswith(SUFFIX)]
        return of_pixels(mark, {name: composing.logo_frame(name) for name in of_png}) if of_png else mark
