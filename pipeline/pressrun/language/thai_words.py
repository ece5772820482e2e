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


def parts_of_word(word: str) -> list[str]:
    """The known words that one is of, as few as there may be; of one that is not known, its clusters of letters; else
    the word alone."""
    words = _word_list()
    if words is None:
        return [word]
    if word not in words:
        from pythainlp.tokenize.tcc import segment

        return list(segment(word))
    best: list[list[str] | None] = [[], *(None for _ in word)]  # of each beginning of the word
    for start in range(len(word)):
        if (before := best[start]) is None:
            continue
        for part in words.prefixes(word, start):
            known = best[end := start + len(part)]
            if part != word and (known is None or len(before) + 1 < len(known)):
                best[end] = [*before, part]
    return best[-1] or [word]


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

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The words that begin at this letter of a text, from the shortest on."""
        last = min(start + self._longest.get(text[start : start + 2], 1), len(text))
        return [word for end in range(start + 1, last + 1) if (word := text[start:end]) in self._words]


@functools.cache
def _word_list() -> WordList | None:
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the user's home as it is imported
    try:
        from pythainlp.corpus import thai_words as known_words
    except ImportError:
        return None
    return WordList(known_words())


@functools.cache
def _tokenizer() -> Callable[[str], list[str]] | None:
    if (known := _word_list()) is None:
        return None
    from pythainlp.tokenize import word_tokenize

    as_trie: Any = known  # no trie, but all that is asked of one
    return functools.partial(word_tokenize, custom_dict=as_trie, engine="newmm")
