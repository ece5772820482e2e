"""A logo: live vectors in exact inks, in the version that stands out best from its ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pressrun.model.composition import Composing
from pressrun.model.layout import LayerOptions, Names, NameUsed
from pressrun.model.sheet import Align, Anchor, LogoMark

MIRRORED: dict[Align, Align] = {"start": "end", "end": "start"}


class LogoLayer(LayerOptions):
    """``logo`` lists versions of the brand's logo; the whole of it shows in the box."""

    LIVE: ClassVar[bool] = True

    type: Literal["logo"]
    logo: Names = ("default", "reversed")
    align: Align = "start"
    anchor: Anchor = "middle"

    def references(self) -> Iterable[NameUsed]:
        for index, name in enumerate(self.logo):
            yield NameUsed("logo", name, ("logo", index))

    def compose(self, composing: Composing) -> Iterator[LogoMark]:
        candidates = tuple((name, composing.logos[name]) for name in self.logo)
        align = MIRRORED.get(self.align, self.align) if composing.mirrored(self) else self.align
        inks = {swatch.srgb: composing.ink(name) for name, swatch in composing.brand.palette.items()}
        yield LogoMark(composing.layer, composing.rect(self), candidates, align, self.anchor, inks)
