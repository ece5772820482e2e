"""Layouts put together: bases that are extended, parts, variables and overrides become the plain layout of one file,
in which every value keeps the place where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun.load.campaign_reader import Reader, missing, named_file, names_in
from pressrun.load.layer_list import Condition, KeysOf, LayerList, ListedLayer, joined
from pressrun.load.layout_overrides import ReadOverride, alternatives, check_names, named, read_override
from pressrun.load.pages import continued, paged, sized
from pressrun.load.parts import Parts
from pressrun.load.variables import Scope
from pressrun.model.arrangement import Arrangement
from pressrun.model.finding import Place
from pressrun.readers.nodes import Node, combined, merged, node_of
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource

KEYS = frozenset(Arrangement.model_fields)


class ArrangedLayout(Struct, frozen=True):
    """The plain layout, as one file. ``conditions`` are those that the `when` of a layer is joined from, by its text
    and place; ``told`` are places of what was found to be missing, where more follows from it."""

    source: YamlSource
    conditions: dict[tuple[str, Place], tuple[Condition, ...]]
    told: frozenset[Place] = frozenset()


class _Written(Struct, frozen=True):
    """A layout file: its keys for arranging, and all of it with places."""

    name: str
    arrangement: Arrangement
    node: Node


class Arranger:
    """Puts layouts together. ``known`` are the keys of a plain layout, ``keys_of`` those of each kind of layer, and
    ``contains`` says in which kinds others may be."""

    def __init__(
        self, reader: Reader, folder: Path, known: Iterable[str], contains: Callable[[str], bool], keys_of: KeysOf
    ) -> None:
        self._reader, self._folder, self._known, self._keys_of = reader, folder, frozenset(known), keys_of
        self._parts = Parts(reader, folder.parent, contains)

    def arranged(self, name: str, source: YamlSource) -> ArrangedLayout | None:
        """The layout of a file, or None where its faults leave nothing to go on with. A plain one is its own."""
        if not isinstance(source.data, dict) or not (KEYS & source.data.keys() or _is_nested(source.data)):
            return ArrangedLayout(source, {})
        self._parts.begin()
        before = len(self._reader.findings)
        chain = self._chain(name, source)
        if chain is None:
            return None
        scope = self._scope(chain)
        keys: Node = Node({}, Place(source.file, 1, 1))
        layers = LayerList(self._reader, ())
        overrides: list[ReadOverride] = []
        for written in chain:
            own = scope.resolved(replace(written.node, value=_without_vars(written.node)))
            keys = self._keys(keys, own)
            self._arrange(layers, written, own)
            read = self._overrides(written, own)
            overrides += read
            if written is chain[-1]:
                check_names(self._reader, layers, read)
        layers.layers = layers.behind_their_groups()
        layers.tell_doubled()
        layers.layers = continued(self._reader, layers.layers)
        missing = scope.tell_missing()
        self._tell_unused(chain[-1], scope)
        every_layer = layers.layers
        forms = [form for one in every_layer for form in alternatives(self._reader, one, overrides, self._keys_of)]
        if not forms and any(finding.is_error for finding in self._reader.findings[before:]):
            return None  # that it has no layers is told by why
        lists = (written.node.entries.get(key) for written in chain for key in ("layers", "pages"))
        for at in [found for found in lists if found is not None][-1:]:
            listed = replace(at, value=[_plain_layer(form, keys.value.get("page")) for form in forms])
            keys = replace(keys, value={**keys.value, "layers": listed})
        every = [form.every_condition for form in forms if form.conditions]
        conditions = {(joined(several), several[0].place): several for several in every}
        return ArrangedLayout(combined(keys, source.file), conditions, missing)

    def _chain(self, name: str, source: YamlSource) -> list[_Written] | None:
        """The file and those that it extends, the furthest first."""
        chain: list[_Written] = []
        while True:
            written = _Written(name, self._arrangement(source), node_of(source))
            chain.insert(0, written)
            base = written.arrangement.extends
            if base is None:
                return chain
            place = source.place(("extends",))
            if base in (names := [one.name for one in chain]):
                way = " -> ".join([*names[::-1], base])
                self._reader.error("uses-itself", f"the layout '{base}' extends itself: {way}", place, "extend another")
                return None
            path = named_file(self._folder, base, ".yaml")
            if path is None or not path.is_file():
                known = [one for one in names_in(self._folder, ".yaml") if one not in names]
                self._reader.add([missing("missing-layout", "layout", base, known, place)])
                return None
            read = self._reader.yaml(path, place)
            if read is None or not isinstance(read.data, dict):
                return None
            name, source = base, read

    def _arrangement(self, source: YamlSource) -> Arrangement:
        """The file's keys for arranging; a key that nobody knows is told here, where all of them are known."""
        for key in source.data:
            if key not in KEYS | self._known:
                hint = did_you_mean(key, [*self._known, *KEYS], "known keys")
                self._reader.error("unknown-key", f"unknown key '{key}'", source.key_place((key,)), hint)
        own = {key: value for key, value in source.data.items() if key in KEYS}
        return self._reader.model(Arrangement, replace(source, data=own)) or Arrangement()

    def _scope(self, chain: Sequence[_Written]) -> Scope:
        nodes: dict[str, Node] = {}
        for written in chain:
            if "vars" in written.node.entries and written.arrangement.vars:
                nodes.update(written.node.entries["vars"].entries)
        return Scope(self._reader, "variable", "unknown-variable", nodes, waits=True)

    def _keys(self, below: Node, own: Node) -> Node:
        """The plain keys of a layout over those of its base; a page with a size of its own is another page."""
        entries = {key: node for key, node in own.entries.items() if key in self._known and key != "layers"}
        if "page" in entries:
            entries["page"] = sized(entries["page"], below.value.get("page"))
            below = replace(below, value={key: node for key, node in below.value.items() if key != "page"})
        return merged(below, Node(entries, own.place))

    def _arrange(self, layers: LayerList, written: _Written, own: Node) -> None:
        arrangement, entries = written.arrangement, own.entries
        if "layers" in entries and arrangement.extends is not None:
            message = "a layout that extends another has that one's layers"
            self._reader.error("layers-of-base", message, entries["layers"].shown, "write change, remove, add or order")
        elif "layers" in entries:
            layers.add(self._parts.layers(entries["layers"].items))
        if arrangement.pages:
            before = sum(1 for layer in layers.layers if layer.is_page)
            layers.add(list(paged(entries["pages"], self._parts, before)))
        if arrangement.change:
            layers.change(entries["change"], self._keys_of)
        layers.remove((name, node.place) for name, node in named(arrangement.remove, entries.get("remove")))
        for addition, node in zip(arrangement.add, entries["add"].items if arrangement.add else (), strict=False):
            beside = {key: (getattr(addition, key), node.entries[key].place)
                      for key in ("above", "below") if getattr(addition, key) is not None}  # fmt: skip
            layers.add(self._parts.layers(node.entries["layers"].items), beside.get("above"), beside.get("below"))
        layers.order([(name, node.place) for name, node in named(arrangement.order, entries.get("order"))])

    def _overrides(self, written: _Written, own: Node) -> list[ReadOverride]:
        overrides = written.arrangement.overrides
        nodes = own.entries["overrides"].items if overrides else []
        read = [read_override(self._reader, one, node) for one, node in zip(overrides, nodes, strict=False)]
        return [one for one in read if one.conditions]  # one whose conditions are at fault has been told

    def _tell_unused(self, written: _Written, scope: Scope) -> None:
        declared = written.node.entries["vars"].entries if written.arrangement.vars else {}
        for name, node in declared.items():
            if name not in scope.used:
                hint = f"write ${name} in place of a value or ${{{name}}} inside a text, or delete it"
                self._reader.warn("unused-variable", f"the variable '{name}' is not used", node.key, hint)


def _is_nested(data: dict[str, Any]) -> bool:
    """Whether the layers of a layout stand in parts and groups."""
    layers = data.get("layers")
    return isinstance(layers, list) and any(
        isinstance(layer, dict) and not layer.keys().isdisjoint(("use", "layers", "inside")) for layer in layers
    )


def _without_vars(node: Node) -> dict[str, Node]:
    return {key: below for key, below in node.entries.items() if key != "vars"}


def _plain_layer(layer: ListedLayer, page: Node | None) -> Node:
    """The layer with all its conditions as one `when`; what is a page, over the ``page`` of its layout."""
    if layer.is_page and "page" in layer.node.entries:
        size = sized(layer.node.entries["page"], page)
        layer = replace(layer, node=replace(layer.node, value={**layer.node.entries, "page": size}))
    conditions = layer.every_condition
    own = layer.node.entries.get("when")
    if not layer.conditions or not isinstance(layer.node.value, dict) or (own and not isinstance(own.value, str)):
        return layer.node
    place = conditions[0].place
    return replace(layer.node, value={**layer.node.value, "when": Node(joined(conditions), place, None, place)})
