"""One ink, one name: two spellings make two plates, which cost money."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from one_card import PALETTE, Card

WORDS = {"type": "text", "text": "Words", "size": "20pt", "box": {"in": "safe"}}


def palette(first: str, second: str) -> dict[str, object]:
    red = {"srgb": "#E4002B", "cmyk": [0, 100, 80, 0]}
    return {"palette": {**PALETTE, "one": {**red, "spot": first}, "two": {**red, "spot": second}}}


@pytest.mark.parametrize(
    ("first", "second"),
    [("PANTONE 185 C", "Pantone 185 C"), ("PANTONE 185 C", "PANTONE 185 U"), ("PANTONE 185 C", "PANTONE  185 C"),
     ("PANTONE 185 CV", "PMS 185"), ("Warm Red C", "warm-red")],
)  # fmt: skip
def test_two_spellings_are_told(first: str, second: str, card: Callable[..., Card]) -> None:
    assert card(WORDS, brand=palette(first, second)).check().codes == ["spot-spelled-twice"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("PANTONE 185 C", "PANTONE 185 C"), ("PANTONE 185 C", "PANTONE 1850 C"), ("Cool Gray 1", "Cool Gray 11")],
)
def test_one_spelling_and_two_inks_are_not(first: str, second: str, card: Callable[..., Card]) -> None:
    assert card(WORDS, brand=palette(first, second)).check().codes == []
