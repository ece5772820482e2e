"""The masters that layouts place, and which of them stand under a condition, so that not every sheet shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pressrun.model.job import Job, Master
from pressrun.model.layout import LayerOptions, Layout, layer_frames, layer_name
from pressrun.model.placement import best_master


class Placed(Struct, frozen=True):
    """A master that a layer takes, by the place of that layer in its layout; ``conditional`` where a row may be without
    the layer."""

    layer: int
    slot: str
    master: str
    conditional: bool


class _Choice(Struct, frozen=True):
    id: str
    size: tuple[int, int]
    master: Master


def placed_masters(job: Job, layouts: Mapping[str, Layout]) -> dict[str, tuple[Placed, ...]]:
    """Layout → what its layers take, from the bottom to the top."""
    placed: dict[str, tuple[Placed, ...]] = {}
    for name, layout in layouts.items():
        conditional = _conditional(layout)
        found: list[Placed] = []
        for index, (options, every) in enumerate(zip(layout.layers, layer_frames(layout), strict=True)):
            for slot, rect in (one for frames in every for one in options.placements(frames)):
                masters = [_Choice(id, master.size, master) for id, master in job.pictures[slot].masters.items()]
                found.append(Placed(index, slot, best_master(masters, rect).id, index in conditional))
        placed[name] = tuple(found)
    return placed


def each_once(placed: Iterable[Placed]) -> dict[str, tuple[str, ...]]:
    """Slot → masters, in the order of the first of each."""
    slots: dict[str, dict[str, None]] = {}
    for one in placed:
        slots.setdefault(one.slot, {})[one.master] = None
    return {slot: tuple(masters) for slot, masters in slots.items()}


def needed_masters(job: Job, layouts: Mapping[str, Layout]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Layout → slot → the masters its placements take, each once. A master that no layout takes is not made."""
    return {name: each_once(placed) for name, placed in placed_masters(job, layouts).items()}


def _conditional(layout: Layout) -> frozenset[int]:
    """The layers, by their places, that a row may be without: they have a condition, are repeated, share their name
    with another of which one alone is there, or are in something of that kind."""
    named = Counter(layer_name(options, index) for index, options in enumerate(layout.layers))
    pages = {page.id for page in layout.page_list if page.when is not None}
    within: set[str | None] = set()
    found: set[int] = set()
    for index, options in enumerate(layout.layers):  # what a layer is in comes before it
        name = layer_name(options, index)
        page = options.on_page if isinstance(options, LayerOptions) else None
        own = options.when is not None or options.repeat is not None or named[name] > 1
        if own or options.inside in within or page in pages:
            found.add(index)
            within.add(name)
    return frozenset(found)
