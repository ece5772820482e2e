"""The picture files that the layers of a sheet name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

PICTURES = "pictures"  # the field of a layer's content that has those among its words, one a line


def files_named(layers: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """By their paths as rows or layouts write them, from the content of layers."""
    for fields in layers:
        if file := fields.get("file", "").strip():
            yield file
        if PICTURES in fields:
            yield from fields[PICTURES].split("\n")
