"""OpenType's features by the names that authors have for them."""

from __future__ import annotations

from collections.abc import Iterable
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
