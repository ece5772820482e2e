"""Where words end in Thai, which has no blanks between them; the one file that imports pythainlp (the extra `thai`).
Without it Typst's model of the language decides, which parts words that it does not know."""

from __future__ import annotations

import functools
import importlib.metadata
import os
from collections.abc import Callable

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


@functools.cache
def _tokenizer() -> Callable[[str], list[str]] | None:
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the user's home as it is imported
    try:
        from pythainlp.tokenize import word_tokenize
    except ImportError:
        return None
    return functools.partial(word_tokenize, engine="newmm")
