"""YAML under the rules of the 1.2 core schema, with the place of every key and value.

PyYAML reads the syntax; what a plain word means is decided here, because PyYAML follows YAML 1.1, where ``16:9`` is
969, ``NO`` is false and ``0123`` is 83. The parser's events are read rather than its loaders used: that is what
bounds depth and size before anything is built, and what knows where things stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.composed_text import composed
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.text_file import read_text
from pressrun.readers.yaml_syntax import QUOTE_TEMPLATES, syntax_fault

KeyPath = tuple[str | int, ...]
"""The way to a value: keys as text, indices of lists as numbers."""

MAX_DEPTH = 60
MAX_NODES = 200_000  # after aliases are followed, so that a few lines cannot grow into gigabytes
MAX_CHARACTERS = 8_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_DIGITS = 4000  # Python refuses to read longer whole numbers


class YamlSource(Struct, frozen=True):
    """A YAML file as plain data (dict with text keys, list, str, int, float, bool, None) and where each part stands.

    `positions` gives line and column, from 1, of every value, `key_positions` of every key of a mapping, under the path
    to the value. What came through an alias has the position of the text behind its anchor. Texts and keys are in one
    spelling (NFC).
    """

    file: str
    data: Any
    positions: Mapping[KeyPath, tuple[int, int]]
    key_positions: Mapping[KeyPath, tuple[int, int]]
    text_positions: Mapping[KeyPath, tuple[int, int | None]] = field(default_factory=dict)

    def at(self, path: KeyPath) -> Any:
        """The value at `path`; KeyError or IndexError when there is none."""
        value = self.data
        for step in path:
            value = value[step]
        return value

    def place(self, path: KeyPath = ()) -> Place:
        """Where a reader should look for `path`: a single value itself, the key of a list or mapping.

        A path that is not in the file gives the place of its nearest parent that is.
        """
        while path and path not in self.positions:
            path = path[:-1]
        collection = path not in self.text_positions
        spot = self.key_positions.get(path) if collection else None
        line, column = spot or self.positions.get(path, (1, 1))
        return Place(self.file, line, column)

    def key_place(self, path: KeyPath) -> Place:
        """Where the key at the end of `path` is written; like :meth:`place` for what has no key."""
        spot = self.key_positions.get(path)
        return Place(self.file, *spot) if spot else self.place(path)

    def text_place(self, path: KeyPath) -> Place:
        """Where the first character *inside* a text is, behind its quote; no column if its lines were folded.

        Offsets into a template or an expression can be added to its column.
        """
        spot = self.text_positions.get(path)
        return Place(self.file, *spot) if spot else self.place(path)


def read_yaml(
    path: Path, file: str | None = None, *, asked_at: Place | None = None
) -> tuple[YamlSource | None, list[Finding]]:
    """Read a file; None when nothing sensible can be read. `file` is the name findings show (default: the path)."""
    shown = file or path.as_posix()
    text, findings = read_text(path, shown, asked_at=asked_at)
    if text is None:
        return None, findings
    return parse_yaml(text, shown)


def parse_yaml(text: str, file: str) -> tuple[YamlSource | None, list[Finding]]:
    """Parse `text`. Duplicate keys are errors among the findings, and the data (first one wins) comes all the same.

    Codes: ``yaml-syntax``, ``tab-indent``, ``duplicate-key``, ``complex-key``, ``merge-key``, ``unknown-tag``,
    ``unknown-anchor``, ``several-documents``, ``control-character``, ``too-large``.
    """
    builder = _Builder(file)
    if len(text) > MAX_CHARACTERS:
        return None, [Finding(Severity.ERROR, "too-large", "the file is too large for YAML", Place(file))]
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        message = f"there is a control character (U+{ord(odd[0]):04X}) in the text"
        return None, [Finding(Severity.ERROR, "control-character", message, Place(file, line, column), "delete it")]
    try:
        root = builder.document(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        syntax = syntax_fault(error, text, file)
        said = any(known.hint == syntax.hint == QUOTE_TEMPLATES for known in builder.findings)
        return None, builder.findings if said else [*builder.findings, syntax]
    except _Stopped as stopped:
        return None, [*builder.findings, stopped.finding]
    flat = _Flat()
    flat.add(root, ())
    return YamlSource(file, root.value, flat.positions, flat.keys, flat.texts), builder.findings


class _Node(Struct, frozen=True):
    """A value with its place. `children` holds (step, place of the key, node) for lists and mappings."""

    value: Any
    line: int
    column: int
    children: tuple[tuple[str | int, tuple[int, int] | None, _Node], ...] | None = None
    text: tuple[int, int | None] | None = None
    word: str = ""  # as written, which is what a key is
    size: int = 1  # values in it, aliases followed


class _Stopped(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


class _Builder:
    """Nodes from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._anchors: dict[str, _Node] = {}
        self._open_anchors: set[str] = set()
        self._size = 0

    def document(self, events: Iterator[Any]) -> _Node:
        root: _Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._stop("several-documents", "there is a second document ('---')", event, "use one a file")
                root = self._node(next(events), events, 0)
        return root or _Node(None, 1, 1, text=(1, 1))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise self._stop("too-large", f"this is nested deeper than {MAX_DEPTH} levels", event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        anchor = event.anchor
        if anchor:
            self._open_anchors.add(anchor)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            node = self._mapping(event, events, depth)
        if anchor:
            self._open_anchors.discard(anchor)
            self._anchors[anchor] = node
        return node

    def _grow(self, by: int, event: Any) -> None:
        self._size += by
        if self._size > MAX_NODES:
            raise self._stop("too-large", f"the file grows to more than {MAX_NODES:,} values here", event)

    def _alias(self, event: Any) -> _Node:
        if event.anchor in self._open_anchors:
            raise self._stop("unknown-anchor", f"'*{event.anchor}' stands inside what it names", event)
        known = self._anchors.get(event.anchor)
        if known is None:
            hint = did_you_mean(event.anchor, self._anchors, "anchors")
            raise self._stop("unknown-anchor", f"'*{event.anchor}' names no anchor above it", event, hint)
        self._grow(known.size, event)
        return replace(known, line=event.start_mark.line + 1, column=event.start_mark.column + 1)

    def _scalar(self, event: Any) -> _Node:
        self._grow(1, event)
        start, end = event.start_mark, event.end_mark
        line, column = start.line + 1, start.column + 1
        text: tuple[int, int | None]
        if event.style in ("|", ">"):
            text = (line + 1, None)
        elif start.line != end.line:
            text = (line, None)
        else:
            text = (line, column + 1 if event.style in ("'", '"') else column)
        word = composed(event.value)
        return _Node(self._value(event, word), line, column, text=text, word=word)

    def _value(self, event: Any, word: str) -> Any:
        if event.tag is None and event.implicit[0]:
            return core_value(word)
        kind = (event.tag or "!").removeprefix(_TAG)
        if kind in ("!", "str"):
            return word
        value = core_value(word)
        fits = {
            "int": isinstance(value, int) and not isinstance(value, bool),
            "float": isinstance(value, int | float) and not isinstance(value, bool),
            "bool": isinstance(value, bool),
            "null": value is None,
        }
        if kind not in fits:
            self._unknown_tag(event)
            return word
        if not fits[kind]:
            self._fault("unknown-tag", f"'{word}' is no !!{kind}", event)
            return word
        return float(value) if kind == "float" and isinstance(value, int) else value

    def _sequence(self, event: Any, events: Iterator[Any], depth: int) -> _Node:
        self._check_collection_tag(event, "seq")
        self._grow(1, event)
        children: list[tuple[str | int, tuple[int, int] | None, _Node]] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            children.append((len(children), None, self._node(item, events, depth + 1)))
        return self._collection(event, [child for _, _, child in children], children, as_list=True)

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> _Node:
        self._check_collection_tag(event, "map")
        self._grow(1, event)
        children: dict[str, tuple[str | int, tuple[int, int] | None, _Node]] = {}
        templates = 0
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            key = self._node(key_event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if key.children is not None:
                templates += self._complex_key(key_event, within=event)
                continue
            name = key.word
            if name == "<<" and getattr(key_event, "implicit", (False,))[0]:
                hint = "write the keys out; YAML 1.2 has no merge"
                self._fault("merge-key", "'<<' does not merge", key_event, hint)
            elif name in children:
                first = children[name][1] or (key.line, key.column)
                message = f"key '{name}' is written twice; first in line {first[0]}"
                self._fault("duplicate-key", message, key_event, "delete one of them")
            else:
                children[name] = (name, (key.line, key.column), value)
        if templates:  # a template without quotes was meant as text: let it count as text, and be one fault, not two
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            return _Node("", line, column, text=(line, None))
        found = list(children.values())
        return self._collection(event, [child for _, _, child in found], found, as_list=False)

    def _collection(
        self,
        event: Any,
        nodes: list[_Node],
        children: list[tuple[str | int, tuple[int, int] | None, _Node]],
        *,
        as_list: bool,
    ) -> _Node:
        value: Any = [node.value for node in nodes] if as_list else {step: node.value for step, _, node in children}
        size = 1 + sum(node.size for node in nodes)
        mark = event.start_mark
        return _Node(value, mark.line + 1, mark.column + 1, children=tuple(children), size=size)

    def _check_collection_tag(self, event: Any, kind: str) -> None:
        if event.tag not in (None, "!", _TAG + kind):
            self._unknown_tag(event)

    def _unknown_tag(self, event: Any) -> None:
        tag = event.tag.replace(_TAG, "!!")
        self._fault("unknown-tag", f"'{tag}' means nothing here", event, "put text that starts with '!' in quotes")

    def _complex_key(self, event: Any, *, within: Any) -> bool:
        """Report it; True if it is the ``{{`` of a template without quotes."""
        template = isinstance(event, yaml.MappingStartEvent) and within.flow_style and event.flow_style
        hint = QUOTE_TEMPLATES if template else None
        message = "a template needs quotes" if template else "a key must be a word, not a list or a mapping"
        self._fault("complex-key", message, within if template else event, hint)
        return bool(template)

    def _fault(self, code: str, message: str, event: Any, hint: str | None = None) -> None:
        place = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        self.findings.append(Finding(Severity.ERROR, code, message, place, hint))

    def _stop(self, code: str, message: str, event: Any, hint: str | None = None) -> _Stopped:
        self._fault(code, message, event, hint)
        return _Stopped(self.findings.pop())


class _Flat:
    """The positions of a tree of nodes by path."""

    def __init__(self) -> None:
        self.positions: dict[KeyPath, tuple[int, int]] = {}
        self.keys: dict[KeyPath, tuple[int, int]] = {}
        self.texts: dict[KeyPath, tuple[int, int | None]] = {}

    def add(self, node: _Node, path: KeyPath) -> None:
        self.positions[path] = (node.line, node.column)
        if node.text is not None:
            self.texts[path] = node.text
        for step, key, child in node.children or ():
            below = (*path, step)
            if key is not None:
                self.keys[below] = key
            self.add(child, below)


def core_value(word: str) -> str | int | float | bool | None:
    """What a plain (unquoted) word means in the YAML 1.2 core schema (YAML 1.2.2, 10.3.2)."""
    if word in _NULLS:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if word[0] not in "+-.0123456789":
        return word
    if _INTEGER.match(word):
        return int(word) if len(word) < _MAX_DIGITS else word
    if _OCTAL.match(word):
        return int(word[2:], 8)
    if _HEX.match(word):
        return int(word[2:], 16)
    if _FLOAT.match(word):
        return float(word)
    if _INFINITE.match(word):
        return float("-inf" if word[0] == "-" else "inf")
    return float("nan") if word in _NOT_A_NUMBER else word
