"""Chapters bound into files: pages by their templates, the style, and the search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pressrun.commands.chapters.book import by_part
from pressrun.commands.chapters.chapter import Chapter
from pressrun.commands.chapters.keys import key_places
from pressrun.commands.chapters.pictures import FOLDER as PICTURES
from pressrun.commands.chapters.prose import fence_html, sentence_html, text_html

HERE = Path(__file__).parent
PAGES = HERE / "pages"
LONGEST_SAID = 110  # characters that the search shows of an entry


def bound(some: Iterable[Chapter], sizes: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Every file but the pictures, by name; ``sizes`` are those of the pictures that are there."""
    listed = tuple(some)
    pages = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters |= {"sentence": sentence_html, "text": text_html, "fence": fence_html}
    common: dict[str, Any] = {
        "parts": tuple(by_part(listed)), "sizes": sizes, "pictures": PICTURES, "version": version("pressrun"),
        "places": {key: f"{page}.html#{anchor}" for key, (page, anchor) in key_places().items()},
    }  # fmt: skip
    yield "index.html", pages.get_template("contents.html").render(common, chapter=None)
    for before, chapter, after in zip((None, *listed), listed, (*listed[1:], None), strict=False):
        page = pages.get_template(chapter.template)
        yield chapter.file, page.render(common, chapter=chapter, before=before, after=after, **chapter.content)
    letters = _by_letter(listed)
    yield "a-to-z.html", pages.get_template("a_to_z.html").render(common, chapter=None, letters=letters)
    yield "style.css", (HERE / "style.css").read_text("utf-8")
    yield "search.js", (HERE / "search.js").read_text("utf-8")
    yield "entries.js", f"window.pressrunEntries = {_entries(listed)};\n"


def _entries(some: Iterable[Chapter]) -> str:
    """What the search looks through: name, kind, chapter, address, and what is said of it."""
    rows = [
        [entry.name, entry.kind, chapter.title, _address(chapter, entry.anchor), _shortened(entry.says)]
        for chapter in some
        for entry in chapter.entries
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _by_letter(some: Iterable[Chapter]) -> dict[str, list[tuple[str, str, str]]]:
    """Everything that can be looked up, by its first letter: name, kind, address."""
    listed = [
        (entry.name, entry.kind, _address(chapter, entry.anchor)) for chapter in some for entry in chapter.entries
    ]
    letters: dict[str, list[tuple[str, str, str]]] = {}
    for name, kind, address in sorted(listed, key=lambda one: (one[0].lstrip("<-").casefold(), one)):
        first = name.lstrip("<-")[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append((name, kind, address))
    return letters


def _address(chapter: Chapter, anchor: str) -> str:
    return f"{chapter.file}#{anchor}" if anchor else chapter.file


def _shortened(text: str) -> str:
    plain = " ".join(text.replace("`", "").split())
    return plain if len(plain) <= LONGEST_SAID else f"{plain[:LONGEST_SAID].rsplit(' ', 1)[0]} …"
