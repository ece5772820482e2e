"""The manual as tests read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from pressrun.commands.chapters.chapter import Chapter


class Read(HTMLParser):
    """What tests ask of a page: its anchors, where it links to, what it loads, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.ids[said["id"]] += 1
        if tag == "a":
            self.links.append(said["href"])
        self.loads += [said[name] for name in ("src", "href") if tag != "a" and name in said]

    def handle_data(self, data: str) -> None:
        self.words += data


@dataclass(frozen=True)
class Manual:
    chapters: tuple[Chapter, ...]
    files: dict[str, str]
    pages: dict[str, Read]
