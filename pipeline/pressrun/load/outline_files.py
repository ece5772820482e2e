"""Outlines that are drawn in SVG files become path data of the layout that names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pressrun.graphics.svg.artwork import UnusableArtwork, silhouette
from pressrun.graphics.svg.elements import lines_of
from pressrun.load.campaign_reader import Reader, missing, named_file, names_in
from pressrun.readers.nodes import Node, combined, node_of
from pressrun.readers.yaml_source import YamlSource

SUFFIX = ".svg"


class OutlineFiles:
    """Reads them from a folder."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self._reader, self._folder = reader, folder

    def drawn_out(self, source: YamlSource) -> YamlSource:
        """A layout in whose figures path data stand in place of files; itself where it names none."""
        if not any(_figures(source.data)):
            return source
        return combined(self._changed(node_of(source)), source.file)

    def _changed(self, node: Node) -> Node:
        if isinstance(node.value, list):
            return replace(node, value=[self._changed(one) for one in node.value])
        if not isinstance(node.value, dict):
            return node
        entries = {key: self._changed(below) for key, below in node.value.items()}
        for key, below in node.value.items():
            if key == "clip" and isinstance(below.get("svg"), str):
                entries[key] = self._figure(entries[key])
        changed = replace(node, value=entries)
        is_shape = node.get("type") == "shape" and isinstance(node.get("svg"), str)
        return self._figure(changed) if is_shape else changed

    def _figure(self, node: Node) -> Node:
        """Keys of a figure whose outline is a file's. One that cannot be read is told, and a rect."""
        said = node.entries["svg"]
        entries = {key: below for key, below in node.entries.items() if key not in ("svg", "element")}
        drawn = self._read(said, node.entries.get("element"))
        if drawn is None:
            return replace(node, value={**entries, "shape": Node("rect", said.place)})
        data, size = drawn
        shape = entries.get("shape", Node("path", said.place))
        view = Node([Node(edge, said.place) for edge in size], said.place)
        return replace(node, value={**entries, "shape": shape, "path": Node(data, said.place), "view": view})

    def _read(self, said: Node, element: Node | None) -> tuple[str, tuple[float, float]] | None:
        path = named_file(self._folder, said.value, "")
        if path is None or path.suffix.lower() != SUFFIX or not path.is_file():
            known = [f"{name}{SUFFIX}" for name in names_in(self._folder, SUFFIX)]
            self._reader.add([missing("missing-file", "file", said.value, known, said.place)])
            return None
        try:
            self._reader.remember(path)
            data = path.read_bytes()
            return lines_of(data, str(element.value)) if element else silhouette(data)
        except OSError as error:
            message = f"'{said.value}' cannot be read: {error.strerror}"
            self._reader.error("unreadable-file", message, said.place, "check its permissions")
        except UnusableArtwork as fault:
            message = f"'{said.value}' is no outline: {fault}"
            hint = None if element else "draw filled shapes, with strokes and words as paths"
            self._reader.error("bad-path", message, said.place, hint)
        return None


def _figures(data: Any) -> Iterator[bool]:
    if isinstance(data, dict):
        clip = data.get("clip")
        yield isinstance(clip, dict) and "svg" in clip
        yield data.get("type") == "shape" and "svg" in data
        for below in data.values():
            yield from _figures(below)
    elif isinstance(data, list):
        for below in data:
            yield from _figures(below)
