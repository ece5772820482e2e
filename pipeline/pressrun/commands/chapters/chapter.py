"""A page of the manual, and what can be looked up on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Entry(Struct, frozen=True):
    """Something that people look up: by its ``name`` as it is written, of a ``kind`` ("key", "filter" …), at an
    ``anchor`` of its chapter. ``says`` is its first sentence or so."""

    name: str
    kind: str
    anchor: str
    says: str


class Chapter(Struct, frozen=True):
    """A page by its ``slug``: laid out by the ``template`` of ``pages/`` from ``content``. ``part`` is the heading
    under which it stands in the table of contents, ``about`` what is told of it there."""

    slug: str
    title: str
    part: str
    about: str
    template: str
    content: Mapping[str, Any] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.slug}.html"
