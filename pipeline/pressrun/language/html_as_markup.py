"""HTML as shops export it, as the markup that layers know."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from pressrun.language.plain_text import TAG, plain, seen

_MARKS = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "del": "s", "strike": "s",
    "sup": "sup", "sub": "sub",
}  # fmt: skip
_LINES = frozenset(("br", "p", "div", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"))


def marked(value: Any) -> str:
    """``<strong>`` and ``<em>`` become ``<b>`` and ``<i>``, ends of paragraphs line breaks, and other tags go: for a
    layer whose `markup` allows its cells these."""
    text = str(value)
    if not TAG.search(text):
        return _literal(plain(text))
    reader = _Reader()
    reader.feed(seen(text).replace("<!--", "&lt;!--"))
    reader.close()
    return reader.text()


def _literal(text: str) -> str:
    """A text whose own ``<b>`` is not taken for a mark: what joins words, and is not seen, stands within."""
    return re.sub(r"<(?=[A-Za-z/])", "<\u2060", text)


class _Reader(HTMLParser):
    """What is open when something else ends is closed with it: a layer takes no markup that crosses. Of a script that
    never ends, which would take in all that follows, nothing but its tag goes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._said: list[str] = []
        self._open: list[str] = []

    def set_cdata_mode(self, elem: str, *, escapable: bool = False) -> None:
        """No element is read as what it is not marked up in."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self._said.append("\n")
        elif tag in _MARKS:
            self._open.append(_MARKS[tag])
            self._said.append(f"<{_MARKS[tag]}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self._said.append("\n")
        elif _MARKS.get(tag) in self._open:
            while (mark := self._open.pop()) != _MARKS[tag]:
                self._said.append(f"</{mark}>")
            self._said.append(f"</{mark}>")

    def handle_data(self, data: str) -> None:
        self._said.append(_literal(re.sub(r"\s+", " ", data)))

    def text(self) -> str:
        """All that was read, a line for each paragraph."""
        said = "".join([*self._said, *(f"</{mark}>" for mark in reversed(self._open))])
        return "\n".join(line for part in said.split("\n") if (line := part.strip()))
