"""A long text against what it was: the words that differ, each with a few of those around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

LONG = 60  # characters from which on one looks for what differs
ALIKE = 0.5  # of two texts that are one, changed
AROUND = 5  # words before and behind a change
_WORD = re.compile(r"\w+|[^\w\s]|\s+")
_SPACE = re.compile(r"\s")
_LONGEST_WORD = 40  # characters: longer ones are of a script that has no spaces between words


class Part(NamedTuple):
    """Words that are the ``same``, ``gone`` or ``new``; ``left`` out are those that nobody needs for a change."""

    kind: str
    text: str


def word_changes(before: str, after: str) -> list[Part]:
    """None for texts so short, or so unlike each other, that they are better shown one behind the other."""
    if max(len(before), len(after)) < LONG or not before or not after:
        return []
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return []
    parts: list[Part] = []
    gone, new_words = "", ""  # of the change at hand, which goes on over a space

    def told() -> Iterator[Part]:
        return (Part(kind, text) for kind, text in (("gone", gone), ("new", new_words)) if text)

    steps = matcher.get_opcodes()
    for number, (kind, begin, end, from_new, to_new) in enumerate(steps):
        said = "".join(old[begin:end])
        is_inside = 0 < number < len(steps) - 1
        if kind != "equal" or (is_inside and said.isspace()):
            gone, new_words = gone + said, new_words + "".join(new[from_new:to_new])
            continue
        parts += [*told(), *_shortened(old[begin:end], bool(number), number < len(steps) - 1)]
        gone = new_words = ""
    return [*parts, *told()]


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(text)
    return list(text) if any(len(word) > _LONGEST_WORD and not _SPACE.match(word) for word in found) else found


def _shortened(words: list[str], is_behind: bool, is_before: bool) -> Iterator[Part]:
    """Words between two changes, or at an end, without those far from any."""
    behind, before = 2 * AROUND * is_behind, 2 * AROUND * is_before
    if len(words) <= behind + before + 2:
        yield Part("same", "".join(words))
        return
    if behind:
        yield Part("same", "".join(words[:behind]))
    yield Part("left", " … ")
    if before:
        yield Part("same", "".join(words[-before:]))
