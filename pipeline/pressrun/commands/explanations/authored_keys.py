"""Every key of brand, layout and job files with what is said of it, read from the schemas that editors get.

A key is named by its way from the file's kind: ``brand.palette.srgb``, ``job.pictures.masters.size``. Names that people
choose (of colours, slots, row sets) are left out of it; the kinds of a layer, step or provider stand in it:
``layout.text.size``, ``job.provider.openai.model``, ``job.pictures.steps.tone.contrast``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

from pressrun.commands.json_schemas import MODELS, TAKES, drawn, drawn_model

Node = Mapping[str, Any]
LAYERS = ".layers"
UNNAMED = f"layout{LAYERS}"  # a layer is named by its kind alone; all other lists of layers have the same


class KeyEntry(Struct, frozen=True):
    """``takes`` is what may be written, ``default`` what holds where nothing is (None: nothing that can be told).
    ``below`` has the names of the keys, or kinds, of a block; ``needed``: it must be written."""

    key: str
    description: str
    takes: str
    default: str | None
    below: tuple[str, ...] = ()
    needed: bool = False


def key_table() -> dict[str, KeyEntry]:
    """Every key by its name, in the order of the files."""
    table: dict[str, KeyEntry] = {}
    for kind in MODELS:
        whole = drawn(kind)
        for entry in _Walk(whole.get("$defs", {})).block(kind, whole, whole["description"]):
            table.setdefault(entry.key, entry)
    return table


def keys_of(name: str, model: type[BaseModel], said: str = "") -> tuple[KeyEntry, ...]:
    """The keys of another model that people write, which belongs to no kind of file that has a schema."""
    whole = drawn_model(model)
    return tuple(_Walk(whole.get("$defs", {})).block(name, whole, said or _said(whole)))


def nearest(asked: str, table: Mapping[str, KeyEntry]) -> list[str]:
    """The keys that a name can mean which leaves parts out, or has some too many."""
    parts = asked.split(".")
    return [key for key in table if _within(parts, key.split(".")) or _within(key.split("."), parts)]


def _within(some: list[str], all_of_them: list[str]) -> bool:
    """Whether the first are among the second in their order, beginning and end alike."""
    rest = iter(all_of_them)
    return some[0] == all_of_them[0] and some[-1] == all_of_them[-1] and all(part in rest for part in some)


class _Walk:
    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._definitions = definitions

    def block(
        self, path: str, node: Node, said: str, takes: str = "", default: str | None = None, needed: bool = False
    ) -> Iterator[KeyEntry]:
        """A block or a single key, and all keys below."""
        found = {name: below for one in self._alternatives(node) for name, below in one["properties"].items()}
        yield KeyEntry(path, said, takes or "keys of its own", default, tuple(found), needed)
        for name, below in found.items():
            key = f"{path}.{name}"
            if key.endswith(LAYERS):
                yield next(self._single(key, below, node))
                for kind, layer in self._kinds(below) if key == UNNAMED else ():
                    yield from self.block(f"{path}.{kind}", layer, _said(layer))
            else:
                yield from self._single(key, below, node)

    def _single(self, key: str, node: Node, block: Node) -> Iterator[KeyEntry]:
        name = key.rsplit(".", 1)[-1]
        needed = any(name in one.get("required", ()) for one in self._alternatives(block))
        default = None if needed or "default" not in node else json.dumps(node["default"], ensure_ascii=False)
        kinds = dict(self._kinds(node))
        if kinds:
            yield KeyEntry(key, _said(node), f"type {', '.join(kinds)}, and its keys", default, tuple(kinds), needed)
            for kind, one in kinds.items():
                yield from self.block(f"{key}.{kind}", one, _said(one))
        else:
            yield from self.block(key, node, _said(node), self._takes(node), default, needed)

    def _resolved(self, node: Node) -> Node:
        reference = node.get("$ref")
        return self._definitions[reference.rsplit("/", 1)[-1]] if reference else node

    def _alternatives(self, node: Node) -> Iterator[Node]:
        """The blocks that a key may hold: itself, one of several, one in a list, or one under each name."""
        node = self._resolved(node)
        if "properties" in node:
            yield node
        for one in (*node.get("anyOf", ()), *([node["else"]] if "else" in node else [])):  # `then` is a shorthand
            yield from self._alternatives(one)
        for container in ("items", "additionalProperties"):
            if isinstance(node.get(container), Mapping):
                yield from self._alternatives(node[container])

    def _kinds(self, node: Node) -> Iterator[tuple[str, Node]]:
        """The entries of an open set that a key may hold, by what their ``type`` says."""
        node = self._resolved(node)
        for one in node.get("allOf", ()):
            if "if" in one:
                [tag] = one["if"]["properties"].values()
                yield tag["const"], self._resolved(one["then"])
        for one in (node.get("items"), node.get("additionalProperties"), *node.get("anyOf", ()), node.get("else")):
            if isinstance(one, Mapping):
                yield from self._kinds(one)
        if node.get("if") == {"required": ["use"]}:
            yield "use", self._resolved(node["then"])

    def _takes(self, node: Node) -> str:
        """What may be written, in words."""
        node = self._resolved(node)
        if TAKES in node:
            return str(node[TAKES]).removesuffix(".")
        if "else" in node:
            return f"{self._takes(node['then'])}; or {self._takes(node['else'])}"
        if "const" in node:
            return json.dumps(node["const"], ensure_ascii=False)
        if "enum" in node:
            return "one of " + ", ".join(map(str, node["enum"]))
        if "anyOf" in node:
            return " or ".join(dict.fromkeys(self._takes(one) for one in node["anyOf"] if one.get("type") != "null"))
        kind = node.get("type")
        if kind == "array":
            items: Node = node.get("items") or next(iter(node.get("prefixItems", ())), {})
            return f"a list: {self._takes(items)}{_bounds(node, 'minItems', 'maxItems')}"
        if kind == "object" and "properties" not in node:
            inside = node.get("additionalProperties")
            return "names, each with " + (self._takes(inside) if isinstance(inside, Mapping) else "anything")
        words = {"string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}
        said = words.get(str(kind), "keys of its own" if "properties" in node else "anything")
        inner, outer = ("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum")
        return said + _bounds(node, *inner) + _bounds(node, *outer, " itself not")


def _said(node: Node) -> str:
    return str(node.get("description", ""))


def _bounds(node: Node, least: str, most: str, open_ends: str = "") -> str:
    if least in node and node.get(least) == node.get(most):
        return f", {node[least]} of them"
    parts = [f"{word} {node[key]}{open_ends}" for word, key in (("from", least), ("to", most)) if key in node]
    return f", {' '.join(parts)}" if parts else ""
