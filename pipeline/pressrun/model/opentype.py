"""OpenType's features by the names that authors have for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator

FEATURES = {
    "tabular": "tnum", "proportional": "pnum", "lining": "lnum", "old-style": "onum", "fractions": "frac",
    "ordinals": "ordn", "slashed-zero": "zero", "contextual-alternates": "calt", "swashes": "swsh",
    "discretionary-ligatures": "dlig", "capital-spacing": "cpsp", "case-sensitive": "case", "no-ligatures": "-liga",
    "no-kerning": "-kern",
    **{f"set-{number}": f"ss{number:02}" for number in range(1, 21)},
}  # fmt: skip
"""OpenType's features as authors call them, with their tags (OpenType 1.9, registered features)."""


def _known(value: tuple[str, ...]) -> tuple[str, ...]:
    for name in value:
        if name not in FEATURES:
            raise ValueError(f"there is no feature '{name}'; known: {', '.join(list(FEATURES)[:14])} … set-20")
    return value


Features = Annotated[tuple[str, ...], AfterValidator(_known)]


def feature_tags(names: Iterable[str] | None) -> tuple[str, ...]:
    """Their tags in OpenType, -liga for ligatures that are off."""
    return tuple(FEATURES[name] for name in names or ())


FRACTIONS = FEATURES["fractions"]
_FRACTION = re.compile(r"((?<![\w/⁄])(?<!\d[.,:])\d{1,3}[/⁄]\d{1,3}(?![\w/⁄]|[.,:]\d))")


def has_fraction(text: str) -> bool:
    """Whether any of it is written as one: 1/2."""
    return _FRACTION.search(text) is not None


def apart_from_fractions(text: str, features: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A text in parts, each with its features: most fonts make small figures of all that are told to be fractions, so
    that only those are which are written as such (1/2, not 24/12/2026)."""
    if FRACTIONS not in features:
        yield text, features
        return
    others = tuple(tag for tag in features if tag != FRACTIONS)
    for at, part in enumerate(_FRACTION.split(text)):
        if part:
            yield part, features if at % 2 else others
