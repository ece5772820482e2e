"""The pages of a layout: each becomes an entry in the plain list of layers, before those that stand on it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pressrun.load.campaign_reader import Reader
from pressrun.load.layer_list import ListedLayer
from pressrun.load.parts import Parts
from pressrun.readers.nodes import Node, merged
from pressrun.readers.suggestion import did_you_mean

OWN = frozenset({"id", "when", "on_page", "continues", "inside"})  # what a layer has not from the one before


def paged(pages: Node, parts: Parts, before: int) -> Iterator[ListedLayer]:
    """The entries of `pages` and their layers, which are told their page; ``before`` pages are there already."""
    for number, page in enumerate(pages.items, start=before + 1):
        id = page.entries.get("id") or Node(f"page-{number}", page.place)
        keys = {key: node for key, node in page.entries.items() if key != "layers"}
        yield ListedLayer(replace(page, value={"type": Node("page", page.place), **keys, "id": id}))
        layers = page.entries.get("layers")
        for layer in parts.layers(layers.items) if layers is not None else ():
            told = {"on_page": replace(id, key=None), **layer.node.entries}
            yield replace(layer, node=replace(layer.node, value=told)) if layer.node.entries else layer


def sized(page: Node, of_layout: Node | None) -> Node:
    """What a page says of its size, over what its layout says of all; one with a size of its own is another page."""
    if of_layout is None or not page.entries or {"size", "trim"} & page.entries.keys():
        return page
    under = of_layout if of_layout.entries else Node({"size": of_layout}, of_layout.place, of_layout.key)
    return merged(under, page)


def continued(reader: Reader, layers: list[ListedLayer]) -> list[ListedLayer]:
    """Layers that go on with what another has left are like that one, but for what they say themselves."""
    by_id = {layer.id: layer for layer in layers if layer.id is not None}
    return [_continued(reader, layer, by_id, ()) for layer in layers]


def _continued(
    reader: Reader, layer: ListedLayer, by_id: dict[str, ListedLayer], way: tuple[str, ...]
) -> ListedLayer:
    at = layer.node.entries.get("continues")
    if at is None or not isinstance(at.value, str):
        return layer
    name = at.value
    if name in way or name == layer.id:
        told = f"the layer '{layer.id}' goes on with itself: {' -> '.join([*way, name])}"
        reader.error("uses-itself", told, at.place, "let it continue one on a page before")
        return layer
    if name not in by_id:
        hint = did_you_mean(name, by_id, "layers")
        reader.error("unknown-layer", f"there is no layer '{name}' here", at.place, hint)
        return layer
    like = _continued(reader, by_id[name], by_id, (*way, name)).node.entries
    keys = {key: node for key, node in like.items() if key not in OWN}
    return replace(layer, node=merged(replace(layer.node, value=keys), layer.node))
