"""What a layout says in one locale, resolved once for all its sheets, and what each of its layers is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from pressrun.compose.laid import stands
from pressrun.language.pages import PAGE
from pressrun.model.color import Ink
from pressrun.model.geometry import Frames, PageBoxes
from pressrun.model.layout import LayerOptions, Layout, PageOptions, layer_name


class Around(Struct, frozen=True):
    """What a layer is in: nothing, or one instance of a group. ``is_settled``: it stands in the same place for every
    row, and is there once; ``moves``: elsewhere in other rows. ``closes_up``: what says nothing is not there."""

    group: str | None
    suffix: str
    frames: Frames
    mirrors: bool = True
    is_settled: bool = True
    closes_up: bool = False
    moves: bool = False


class Setting(Struct, frozen=True):
    """What all sheets of a layout in one locale have in common. ``stand`` says of each layer that nothing is done to
    its marks; ``inside`` has the places in the layout of the layers in each group, under nothing those on the page:
    those of alternatives, of which a row has one, together."""

    layout: Layout
    page: Around
    inks: Mapping[str, Ink]
    ground: Ink
    direction: str
    names: tuple[str, ...]
    stand: tuple[bool, ...]
    inside: Mapping[str | None, Sequence[Sequence[int]]]
    tells_page: bool
    resolved: dict[int, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, layout: Layout, boxes: PageBoxes, inks: Mapping[str, Ink], ground: Ink, direction: str,
        page: PageOptions | None,
    ) -> Setting:  # fmt: skip
        """Of a layout, or of one page of it."""
        names = tuple(layer_name(options, index) for index, options in enumerate(layout.layers))
        inside: dict[str | None, dict[str, list[int]]] = {}
        for index, options in enumerate(layout.layers):
            if isinstance(options, LayerOptions) and (page is None or options.on_page in (None, page.id)):
                inside.setdefault(options.inside, {}).setdefault(names[index], []).append(index)
        stand = tuple(isinstance(options, PageOptions) or stands(options) for options in layout.layers)
        texts = (one.text for options in layout.layers for one in options.templates)
        tells_page = any("{" in text and PAGE in text for text in texts)
        around = Around(None, "", Frames(boxes))
        places = {group: tuple(by_name.values()) for group, by_name in inside.items()}
        return cls(layout, around, inks, ground, direction, names, stand, places, tells_page)
