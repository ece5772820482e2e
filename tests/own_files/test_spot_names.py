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


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [("Reflex Blue", "Reflex Bleu", ["spot-names-near"]), ("Warm Red", "Warm Redd C", ["spot-names-near"]),
     ("PANTONE 185 C", "PANTONE 186 C", []), ("Foil gold", "Foil silver", []), ("Gold A", "Gold B", [])],
)  # fmt: skip
def test_names_that_are_nearly_alike_are_told(
    first: str, second: str, codes: list[str], card: Callable[..., Card]
) -> None:
    assert card(WORDS, brand=palette(first, second)).check().codes == codes


def test_a_layout_that_spells_the_ink_of_the_palette_otherwise_is_told(card: Callable[..., Card]) -> None:
    page = {"page": {"trim": "60mm x 40mm", "bleed": "3mm"}, "target": "print", "formats": ["press-pdf"]}
    made = card(
        WORDS, brand=palette("PANTONE 185 C", "PANTONE 300 C"), layout={**page, "inks": ["cmyk", "Pantone 185 C"]}
    )
    (said,) = made.check().findings
    spelled = "'Pantone 185 C' is 'PANTONE 185 C' in the palette: both are printed on one plate, called 'Pantone 185 C'"
    assert said == ("spot-spelled-twice", spelled)


@pytest.mark.parametrize("name", ["Cyan", "black", "All", "None", "Process Magenta"])
def test_a_spot_may_not_be_called_as_a_process_ink(name: str, card: Callable[..., Card]) -> None:
    assert card(WORDS, brand=palette("PANTONE 185 C", name)).check().codes == ["spot-named-as-process"]


def test_two_looks_of_one_spot_are_told(card: Callable[..., Card]) -> None:
    said = palette("PANTONE 185 C", "PANTONE 185 C")
    said["palette"]["two"] = {**said["palette"]["two"], "cmyk": [0, 40, 30, 0]}  # type: ignore[index]
    assert card(WORDS, brand=said).check().codes == ["spot-stands-for-two"]
