"""Names with values of their own in layouts and parts: ``$name`` in place of a value, ``${name}`` inside a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from pressrun.load.campaign_reader import Reader
from pressrun.model.finding import Place
from pressrun.readers.nodes import Node
from pressrun.readers.suggestion import closest, did_you_mean

_WHOLE = re.compile(r"\$(\$?)([A-Za-z_][\w-]*)")
_INSIDE = re.compile(r"\$(\$?)\{([A-Za-z_][\w-]*)\}")


class Scope:
    """The names that one file's nodes see. ``kind`` is what they are called (variable, parameter),
    ``code`` that of a finding for one that is not there.
    What is ``settled`` has its value from outside, where its own names have been replaced. One that ``waits`` tells of
    names that are not there by :meth:`tell_missing`, when it is known which others nothing has asked for."""

    def __init__(
        self, reader: Reader, kind: str, code: str, nodes: Mapping[str, Node],
        settled: Mapping[str, Node] | None = None, waits: bool = False,
    ) -> None:  # fmt: skip
        self.used: set[str] = set()
        self._waits, self._missing = waits, list[tuple[str, Place]]()
        self.code = code
        self._reader, self._kind, self._nodes = reader, kind, nodes
        self._done: dict[str, Node | None] = dict(settled or {})

    def resolved(self, node: Node) -> Node:
        """The node with all names below it replaced. A value keeps the place where it is written itself, and stands
        under the key that asks for it; what is put into a text is found at the text."""
        if isinstance(node.value, dict):
            return replace(node, value={name: self.resolved(below) for name, below in node.value.items()})
        if isinstance(node.value, list):
            return replace(node, value=[self.resolved(below) for below in node.value])
        if not isinstance(node.value, str) or "$" not in node.value:
            return node
        if whole := _WHOLE.fullmatch(node.value):
            if whole[1]:
                return replace(node, value=node.value[1:])
            meant = self._meant(whole[2], node)
            return replace(meant, key=node.key) if meant is not None else node
        return replace(node, value=_INSIDE.sub(lambda found: self._text_inside(found, node), node.value))

    def _text_inside(self, found: re.Match[str], node: Node) -> str:
        if found[1]:
            return found[0][1:]
        meant = self._meant(found[2], node)
        if meant is None:
            return found[0]
        if isinstance(meant.value, dict | list) or meant.value is None:
            message = f"the {self._kind} '{found[2]}' is no text or number, and cannot stand inside a text"
            self._reader.error("wrong-type", message, node.place, f"write ${found[2]} alone")
            return found[0]
        return _written(meant.value)

    def _meant(self, name: str, node: Node) -> Node | None:
        """The value of a name, resolved itself; None, and told, where there is none."""
        if name not in self._nodes:
            self._missing.append((name, node.place))
            if not self._waits:
                self.tell_missing()
            return None
        self.used.add(name)
        if name not in self._done:
            self._done[name] = None  # so that it is missing inside of itself
            self._done[name] = self.resolved(self._nodes[name])
        found = self._done[name]
        if found is None:
            message = f"the {self._kind} '{name}' stands for itself"
            self._reader.error("uses-itself", message, node.place, "give it a value of its own")
        return found

    def tell_missing(self) -> frozenset[Place]:
        """Of a name that a sound file asks for, and another file gives with a slip in it, the slip is told. Answers
        where the names stand."""
        slips: dict[str, str] = {}
        for name, place in self._missing:
            unused = [one for one, node in self._nodes.items() if one not in self.used and _file_of(node) != place.file]
            slip = slips.get(name) or (closest(name, unused) if self._waits else None)
            if slip is None:
                hint = did_you_mean(name, self._nodes, f"{self._kind}s") or f"the file has no {self._kind}s"
                self._reader.error(self.code, f"there is no {self._kind} '{name}'", place, hint)
            elif name not in slips:
                slips[name] = slip
                message = f"nothing asks for the {self._kind} '{slip}', and {place} for one that is not there"
                self._reader.error(self.code, message, self._nodes[slip].key, did_you_mean(slip, [name]))
        self.used.update(slips.values())
        places = frozenset(place for _, place in self._missing)
        self._missing.clear()
        return places


def _file_of(node: Node) -> str:
    return (node.key or node.place).file


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
