"""Where words end in Thai, which has no blanks between them; the one file that imports pythainlp (the extra `thai`).
Without it Typst's model of the language decides, which parts words that it does not know."""

from __future__ import annotations

import functools
import importlib.metadata
import os
from collections.abc import Callable, Iterable
from typing import Any

import regex

_THAI = regex.compile(r"\p{Thai}")


def dictionary() -> str:
    """The name and version of what knows the words, empty where it is not installed."""
    try:
        return f"pythainlp {importlib.metadata.version('pythainlp')}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def thai_words(part: str) -> list[str]:
    """The words of a piece of text without blanks; it as a whole where it is not Thai, none where nothing tells."""
    if not _THAI.search(part):
        return [part]
    tokenize = _tokenizer()
    return tokenize(part) if tokenize else []


class WordList:
    """Words as pythainlp asks for them, in a set: its own trie of 62 000 words takes half a second to be built, in
    every process."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(stripped for word in words if (stripped := word.strip()))
        self._longest: dict[str, int] = {}  # of the words that begin with these two letters
        for word in self._words:
            self._longest[word[:2]] = max(len(word), self._longest.get(word[:2], 1))

    def __len__(self) -> int:
        return len(self._words)

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The words that begin at this letter of a text, from the shortest on."""
        last = min(start + self._longest.get(text[start : start + 2], 1), len(text))
        return [word for end in range(start + 1, last + 1) if (word := text[start:end]) in self._words]


@functools.cache
def _tokenizer() -> Callable[[str], list[str]] | None:
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the user's home as it is imported
    try:
        from pythainlp.corpus import thai_words as known_words
        from pythainlp.tokenize import word_tokenize
    except ImportError:
        return None
    known: Any = WordList(known_words())  # no trie, but all that is asked of one
    return functools.partial(word_tokenize, custom_dict=known, engine="newmm")
