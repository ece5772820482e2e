"""The "did you mean …?" under a finding."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 200  # characters; nobody misspells more at once, and comparing takes their square
_SHOWN = 60
_SLIP, _SHORTEST_SLIP = 0.8, 4  # a wrong letter of five, two that changed places
_DIGITS = re.compile(r"\d+")
_LISTED = 12  # more choices than this do not help anybody in one line


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` is most likely a misspelling of, or None; case, spaces, ``-`` and ``_`` hardly count."""
    if len(word) > LONGEST_WORD:
        return None
    by_form: dict[str, str] = {}
    for choice in _ordered(choices):
        by_form.setdefault(_form(choice), choice)
    cutoff = 0.6 if len(word) > 3 else 0.5  # one wrong letter weighs more in a short word
    matches = difflib.get_close_matches(_form(word), by_form, n=1, cutoff=cutoff)
    return by_form[matches[0]] if matches else None


def slip(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` is meant to be where it may as well be one of its own, which happens not to be there: the
    closest, but for a slip of the pen, or what is hardly counted. Other figures, and more before or behind, are other
    words: A-2 for A-1, female for male."""
    match = closest(word, choices)
    if match is None:
        return None
    one, other = sorted((_form(word).strip("_"), _form(match).strip("_")), key=len)
    if one == other:
        return match
    is_longer = one in other and len(other) - len(one) > 1
    if len(one) < _SHORTEST_SLIP or is_longer or _DIGITS.findall(one) != _DIGITS.findall(other):
        return None
    return match if difflib.SequenceMatcher(None, one, other).ratio() >= _SLIP else None


def did_you_mean(word: str, choices: Iterable[str], kind: str = "known") -> str | None:
    """A hint for an unknown `word`: the nearest choice, else the list of choices if it is short.

    `kind` introduces the list: ``known: a, b``, ``columns: sku, title``.
    """
    options = _ordered(choices)
    match = closest(word, options)
    if match is not None:
        return f"did you mean '{match}'?{_look_alike(word, match)}"
    if 0 < len(options) <= _LISTED:
        return f"{kind}: {', '.join(options)}"
    return None


def _ordered(choices: Iterable[str]) -> list[str]:
    """Each choice once, in the order given; a set has another order in every process."""
    return sorted(choices) if isinstance(choices, set | frozenset) else list(dict.fromkeys(choices))


def shortened(word: str) -> str:
    """Somebody's word as a message quotes it: whole, or what it begins with."""
    return word if len(word) <= _SHOWN else word[: _SHOWN - 1] + "…"


def _look_alike(word: str, match: str) -> str:
    """What tells two words apart that look the same, as with a Cyrillic о; empty where one can see it."""
    pairs = [pair for pair in zip(word, match, strict=False) if pair[0] != pair[1]]
    strange = [max(pair) for pair in pairs if min(pair).isascii() and not max(pair).isascii()]
    names = [unicodedata.name(letter, "") for letter in strange]
    if len(word) != len(match) or len(strange) < len(pairs) or any(name.startswith("LATIN") for name in names):
        return ""
    return f" (one of them has U+{ord(strange[0]):04X} in it, {names[0].lower()})" if strange else ""


def _form(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
