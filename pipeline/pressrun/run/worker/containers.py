"""Where groups, stacks and grids stand on a page: they draw nothing themselves, and only guides show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pressrun.compose import Composer, Extents
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds
from pressrun.model.item_list import REPEATED
from pressrun.model.layout import LayerOptions, Layout, layer_name
from pressrun.model.sheet import GroupMark, Mark, Sheet
from pressrun.model.task import SheetContent


def containers_of(
    composer: Composer, layout: Layout, content: SheetContent, sheet: Sheet
) -> Iterator[tuple[str, Rect]]:
    """The upright rectangles of what a sheet has groups, stacks and grids for, the outer ones first. Composes it again.
    """
    around = {
        layer_name(options, index): options.inside
        for index, options in enumerate(layout.layers)
        if isinstance(options, LayerOptions)
    }
    if not any(around.values()):
        return
    extents: Extents = {}
    composer.pages(layout, content, extents)
    standing = _standing(sheet.marks, around, ())
    found: dict[str, Rect] = {}
    for name, matrix in standing:
        extent = extents[sheet.page].get(name)
        if extent is not None and name not in found:
            found[name] = bounds(extent, matrix)
    depths = {name: len(list(_containers(name, around))) for name in found}
    yield from sorted(found.items(), key=lambda one: depths[one[0]])


def _standing(
    marks: tuple[Mark, ...], around: Mapping[str, str | None], turned: tuple[tuple[str, Matrix], ...]
) -> Iterator[tuple[str, Matrix]]:
    """The containers of each mark, and how what is around them, and they themselves, are turned."""
    for mark in marks:
        if isinstance(mark, GroupMark):
            yield from _standing(mark.marks, around, (*turned, (mark.layer, mark.matrix)))
            continue
        for container in _containers(mark.layer, around):
            own = {container, *_containers(container, around)}
            matrix = IDENTITY
            for layer, more in turned:
                if layer in own:
                    matrix = after(more, matrix)
            yield container, matrix


def _containers(layer: str, around: Mapping[str, str | None]) -> Iterator[str]:
    """What a layer is in, from the inside out. A repeated container has the same item in its name."""
    name, *items = layer.split(REPEATED)
    while outer := around.get(name):
        yield from (REPEATED.join([outer, *items[:count]]) for count in range(len(items), -1, -1))
        name = outer
