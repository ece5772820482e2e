"""What typed contents of codes have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pressrun.model.authored import Authored
from pressrun.model.composition import CannotCompose
from pressrun.model.table_content import Written

_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
Said = Mapping[str, str]
"""Rendered fields by their paths within the content, joined by points."""


class Content(Authored):
    """What a code says, by keys. TEMPLATES are the keys that are Jinja."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ()

    def templates(self) -> Iterator[Written]:
        """Those that say something, each with the way to it."""
        for name in self.TEMPLATES:
            if isinstance(text := getattr(self, name), str):
                yield Written(text, (name,))

    def encoded(self, said: Said) -> str:
        """What the code says. Raises CannotCompose."""
        raise NotImplementedError


def told(said: Said, name: str) -> str:
    """A field without blanks around it, nor characters that control a terminal: these have no business in a code."""
    text = _LINE_ENDS.sub("\n", said.get(name, "")).strip()
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def told_in_a_line(said: Said, name: str, what: str) -> str:
    """Likewise, of a field that can have one line only. Raises CannotCompose."""
    text = told(said, name)
    if "\n" in text:
        raise wrong(f"{what} has several lines, and may have one", "take the line break out of the cell")
    return text


def escaped(text: str, special: str) -> str:
    """A text with a backslash before each special character, and before each backslash."""
    return "".join(f"\\{letter}" if letter in special or letter == "\\" else letter for letter in text)


def in_a_line(text: str) -> str:
    """A value of vCard or iCalendar (RFC 2426, 4; RFC 5545, 3.3.11)."""
    return escaped(text, ";,").replace("\n", "\\n")


def lacking(what: str) -> CannotCompose:
    return CannotCompose("code-content-missing", what, "fill the cell, or give the layer a `when`")


def wrong(message: str, hint: str | None = None) -> CannotCompose:
    return CannotCompose("code-bad-content", message, hint)
