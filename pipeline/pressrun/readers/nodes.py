"""Values of YAML files, each with the place where it is written, to be put together into one file anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.finding import Place
from pressrun.readers.yaml_source import KeyPath, YamlSource


class Node(Struct, frozen=True):
    """A value: a single one, a dict of nodes, or a list of nodes. `place` is where it begins, `key` where its key is
    written, `text` where the first character inside a text is."""

    value: Any
    place: Place
    key: Place | None = None
    text: Place | None = None

    @property
    def entries(self) -> Mapping[str, Node]:
        """What it has by key; nothing where it is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """What is in it; nothing where it is no list."""
        return self.value if isinstance(self.value, list) else []

    @property
    def shown(self) -> Place:
        """Where a reader should look for it: a single value itself, the key of a list or mapping."""
        return self.key if self.key is not None and isinstance(self.value, list | dict) else self.place

    def get(self, key: str) -> Any:
        """The single value, or the nodes, under a key; None where there is none."""
        return self.value[key].value if key in self.entries else None


def node_of(source: YamlSource, path: KeyPath = ()) -> Node:
    """What stands at a path of a file."""
    if isinstance(source, CombinedSource):
        return source.nodes[path]
    value = source.at(path)
    at = source.positions.get(path)
    place = Place(source.file, *at) if at else source.place(path)
    key = source.key_place(path) if path in source.key_positions else None
    if isinstance(value, dict):
        return Node({name: node_of(source, (*path, name)) for name in value}, place, key)
    if isinstance(value, list):
        return Node([node_of(source, (*path, index)) for index in range(len(value))], place, key)
    return Node(value, place, key, source.text_place(path))


def merged(base: Node, change: Node) -> Node:
    """The base with what a change says differently: keys below keys, whatever else in one piece; a key with nothing in
    place of its value is taken out."""
    if not (isinstance(base.value, dict) and isinstance(change.value, dict)):
        return change
    entries = dict(base.value)
    for name, node in change.value.items():
        if node.value is None:
            entries.pop(name, None)
        else:
            entries[name] = merged(entries[name], node) if name in entries else node
    return replace(base, value=entries)


class CombinedSource(YamlSource, frozen=True):
    """A file put together from the nodes of several: every value has the place where it is written."""

    nodes: Mapping[KeyPath, Node] = field(default_factory=dict)

    def place(self, path: KeyPath = ()) -> Place:
        return self._nearest(path).shown

    def key_place(self, path: KeyPath) -> Place:
        node = self.nodes.get(path)
        return node.key if node is not None and node.key is not None else self.place(path)

    def text_place(self, path: KeyPath) -> Place:
        node = self.nodes.get(path)
        return node.text if node is not None and node.text is not None else self.place(path)

    def _nearest(self, path: KeyPath) -> Node:
        while path not in self.nodes:
            path = path[:-1]
        return self.nodes[path]


def combined(root: Node, file: str) -> CombinedSource:
    """The file of which `root` is the whole."""
    nodes = dict(_flat(root, ()))
    positions = {path: (node.place.line or 1, node.place.column or 1) for path, node in nodes.items()}
    return CombinedSource(file, plain(root), positions, {}, {}, nodes)


def plain(node: Node) -> Any:
    """A node as plain data."""
    if isinstance(node.value, dict):
        return {name: plain(below) for name, below in node.value.items()}
    return [plain(below) for below in node.value] if isinstance(node.value, list) else node.value


def _flat(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    yield path, node
    steps = node.value.items() if isinstance(node.value, dict) else enumerate(node.items)
    for step, below in steps:
        yield from _flat(below, (*path, step))
