"""Text as shops export it, with HTML or written-out line breaks in it, and the same as people read it."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Any

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr|ul|ol|table)\s*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));")
_WRITTEN_BREAK = re.compile(r"(?:\\r)?\\n|\\r")
_PATH = re.compile(r"[A-Za-z]:\\")


def markup_in(text: str) -> str | None:
    """The first piece of a text that is HTML, or a line break written out as two characters; None if it is plain."""
    found = [match for match in (TAG.search(text), _entity(text)) if match]
    if not _PATH.search(text) and (written := _WRITTEN_BREAK.search(text)):
        found.append(written)
    return min(found, key=re.Match.start)[0] if found else None


def plain(value: Any) -> str:
    """Tags go, ``<br>``, the ends of paragraphs and ``\\n`` written out are line breaks, and ``&amp;`` is
    ``&``."""
    text = seen(str(value))
    if TAG.search(text):
        text = TAG.sub("", _BREAK.sub("\n", re.sub(r"\s+", " ", text)))
    text = _WRITTEN_BREAK.sub("\n", unescape(text))
    return "\n".join(line for part in text.split("\n") if (line := part.strip()))


def seen(text: str) -> str:
    """HTML without its remarks, scripts and styles, as far as these end."""
    return _UNSEEN.sub("", text)


def _entity(text: str) -> re.Match[str] | None:
    return next((one for one in _ENTITY.finditer(text) if not one["name"] or f"{one['name']};" in html5), None)
