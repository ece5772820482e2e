"""The layers of a layout while it is put together: changed, taken out, added and moved by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun.load.campaign_reader import Reader
from pressrun.model.finding import Place
from pressrun.model.layer_faults import two_have
from pressrun.readers.nodes import Node, merged
from pressrun.readers.suggestion import did_you_mean

KeysOf = Callable[[str], frozenset[str]]
"""The keys of each kind of layer."""


class Condition(Struct, frozen=True):
    """A bare expression on which something depends, where it is written, and whether it must not hold."""

    text: str
    place: Place
    holds: bool = True

    @property
    def told(self) -> str:
        return self.text if self.holds else f"not ({self.text})"


def joined(conditions: Sequence[Condition]) -> str:
    """All of them as one expression."""
    if len(conditions) == 1:
        return conditions[0].told
    return " and ".join(f"({one.told})" for one in conditions)


class ListedLayer(Struct, frozen=True):
    """A layer and the conditions of what it came with, besides its own ``when``."""

    node: Node
    conditions: tuple[Condition, ...] = ()

    @property
    def id(self) -> str | None:
        name = self.node.get("id")
        return name if isinstance(name, str) else None

    @property
    def inside(self) -> str | None:
        """The id of the group that it is in."""
        name = self.node.get("inside")
        return name if isinstance(name, str) else None

    def put_in(self, group: Node) -> ListedLayer:
        """The layer as one of a group, which is given by its id."""
        if not self.node.entries:
            return self  # no layer; which is told when it is validated
        return replace(self, node=replace(self.node, value={**self.node.entries, "inside": group}))

    @property
    def is_page(self) -> bool:
        """Whether it is a page, on which other layers stand."""
        return bool(self.node.get("type") == "page")

    def changed(self, change: Node, keys_of: KeysOf) -> ListedLayer:
        """One that becomes of another type keeps what that may say, too, and stands where it is changed."""
        kind = change.get("type")
        if kind not in (None, self.node.get("type")) and isinstance(kind, str) and (said := keys_of(kind)):
            kept = {key: node for key, node in self.node.entries.items() if key in said}
            return replace(self, node=merged(Node(kept, change.place, change.key), change))
        return replace(self, node=merged(self.node, change))

    def on(self, *conditions: Condition) -> ListedLayer:
        return replace(self, conditions=(*conditions, *self.conditions))

    @property
    def every_condition(self) -> tuple[Condition, ...]:
        """Those that it came with, and its own."""
        own = self.node.entries.get("when")
        if own is None or not isinstance(own.value, str):
            return self.conditions
        return (*self.conditions, Condition(own.value, own.text or own.place))


class LayerList:
    """Layers from the bottom to the top. A name that none of them has is an error, at its place."""

    def __init__(self, reader: Reader, layers: Iterable[ListedLayer]) -> None:
        self._reader, self.layers = reader, list(layers)

    def change(self, changes: Node, keys_of: KeysOf) -> None:
        for name, change in changes.entries.items():
            at = self.index(name, change.key or change.place)
            if at is not None:
                self.layers[at] = self.layers[at].changed(change, keys_of)

    def remove(self, names: Iterable[tuple[str, Place]]) -> None:
        for name, place in names:
            at = self.index(name, place)
            if at is not None:
                gone = {id(one) for one in (self.layers[at], *self._inside(name))}
                if self.layers[at].is_page:
                    gone |= {id(layer) for layer in self.layers if layer.node.get("on_page") == name}
                self.layers = [layer for layer in self.layers if id(layer) not in gone]

    def add(
        self, layers: Sequence[ListedLayer], above: tuple[str, Place] | None = None,
        below: tuple[str, Place] | None = None,
    ) -> None:  # fmt: skip
        at: int | None = len(self.layers)
        if beside := above or below:
            at = self.index(*beside)
        if at is not None:
            at += 1 if above else 0
            self.layers[at:at] = layers

    def order(self, names: Sequence[tuple[str, Place]]) -> None:
        """Layers change places among themselves, so that they stand in this order."""
        indices: list[int] = []
        for name, place in names:
            at = self.index(name, place)
            if at in indices:
                self._reader.error("repeated-name", f"'{name}' is put in order twice", place, "delete one of them")
            elif at is not None:
                indices.append(at)
        for at, layer in zip(sorted(indices), [self.layers[at] for at in indices], strict=True):
            self.layers[at] = layer

    def _inside(self, name: str) -> Iterator[ListedLayer]:
        """All that is in a group, at whatever depth."""
        for layer in self.layers:
            if layer.inside == name:
                yield layer
                if layer.id is not None and layer.id != name:
                    yield from self._inside(layer.id)

    def behind_their_groups(self) -> list[ListedLayer]:
        """The layers in their order, those of a group right behind it."""
        names = {layer.id for layer in self.layers}
        children: dict[str | None, list[ListedLayer]] = {}
        for layer in self.layers:
            children.setdefault(layer.inside if layer.inside in names else None, []).append(layer)

        def taken(group: str | None) -> Iterator[ListedLayer]:
            for layer in children.pop(group, ()):
                yield layer
                if layer.id is not None:
                    yield from taken(layer.id)

        ordered = list(taken(None))
        return [*ordered, *(layer for left in children.values() for layer in left)]  # groups in themselves: to be told

    def index(self, name: str, place: Place) -> int | None:
        """Where the layer of an id stands; None, and told, where there is none."""
        for at, layer in enumerate(self.layers):
            if layer.id == name:
                return at
        known = [layer.id for layer in self.layers if layer.id]
        hint = did_you_mean(name, known, "layers")
        self._reader.error("unknown-layer", f"there is no layer '{name}' here", place, hint)
        return None

    def tell_doubled(self) -> None:
        """Two layers of one id, where people could not have seen both: in a part that is used twice, or a base."""
        kept: dict[str, ListedLayer] = {}
        for below, layer in zip([None, *self.layers], self.layers, strict=False):
            other = kept.get(layer.id) if layer.id is not None else None
            alternatives = other is not None and other is below and other.every_condition and layer.every_condition
            if other is not None and not alternatives:
                place = layer.node.entries["id"].place
                pages = [other.is_page, layer.is_page]
                message = f"{two_have(pages)} the id '{layer.id}'; the other stands in {other.node.entries['id'].place}"
                hint = "give one of them another id" + ("" if any(pages) else ", in a part by a parameter")
                if other.node.entries["id"].place == place:
                    message = f"the layer '{layer.id}' is there twice, since what it stands in is used twice"
                    hint = f"give each use an id of its own by a parameter (id: ${{which}}-{layer.id}); "
                    hint += "what all pages have stands once, in `layers` beside `pages`"
                elif other is below and not any(pages):
                    hint += "; or, if the first that holds shall be taken, give each of them a `when`"
                self._reader.error("duplicate-layer", message, place, hint)
            elif layer.id is not None:
                kept[layer.id] = layer
