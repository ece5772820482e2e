"""A grid that goes on over pages: each of its layers stands once, in whole rows, on as few pages as it can."""

from __future__ import annotations

import pytest
from rendering_kit import Press, read_layout

from pressrun.model.finding import Finding
from pressrun.model.layout import Layout
from pressrun.model.sheet import Sheet, TextMark
from pressrun.model.task import SheetContent

CARD = "{type: text, id: card, repeat: rows, text: x, role: body, color: ink, size: 10pt, lines: 6}"
STACK = "{type: stack, id: in, box: {height: 100pt}, layers: [{type: text, id: above, text: Above, role: body, size: 10pt}, %s]}"


def catalogue(
    grid: str = "columns: 2, gap: 10pt", card: str = CARD, around: str = "%s", box: str = ", box: {height: 100pt}"
) -> Layout:
    said = around % f"{{type: grid, id: wall, {grid}{box}, layers: [{card}]}}"
    return read_layout(f"""
page: {{trim: 200pt x 140pt, safe: 10pt}}
target: print
formats: [press-pdf]
pages:
- {{id: cover, layers: [{{type: text, id: title, text: x, size: 12pt, box: {{height: 20pt}}}}]}}
- id: cards
  flow: wall
  layers:
  - {said}
  - {{type: text, id: foot, text: "{{{{ page }}}}", size: 6pt, box: {{y: 110pt, height: 10pt}}}}
- {{id: back, layers: [{{type: text, id: end, text: x, size: 12pt, box: {{height: 20pt}}}}]}}
""")


def pages(press: Press, layout: Layout, cards: list[str], locale: str = "en-GB") -> list[tuple[Sheet, list[Finding]]]:
    layers = {f"card#{number}": {"text": text} for number, text in enumerate(cards, 1)}
    told = {"title": {"text": "Of \U0010fff1"}, "foot": {"text": "\U0010fff0"}, "end": {"text": "End"}}
    content: SheetContent = press.content(layout, "book", locale, layers=layers | told)
    return press.bench.composer.pages(layout, content)


def texts(sheet: Sheet, name: str) -> list[TextMark]:
    return [mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer.startswith(name)]


def shown(made: list[tuple[Sheet, list[Finding]]]) -> list[list[str]]:
    return [[mark.text for mark in texts(sheet, "card")] for sheet, _ in made]


CARDS = [f"Card {number}" for number in range(1, 12)]
PARTED = [[], CARDS[:8], CARDS[8:], []]


@pytest.mark.parametrize(
    "said", ["columns: 2, gap: [10pt, 18pt]", "columns: 2, row_height: 25%", "columns: [30pt, 1], gap: 0pt, row_height: 25pt"]
)
def test_each_layer_stands_once_in_whole_rows(press: Press, said: str) -> None:
    made = pages(press, catalogue(said), CARDS)
    assert shown(made) == PARTED
    assert [text.text for sheet, _ in made for text in texts(sheet, "foot")] == ["2", "3"]
    assert texts(made[0][0], "title")[0].text == "Of 4"
    assert not [finding for _, findings in made for finding in findings]


def test_rows_are_as_high_as_what_is_in_them(press: Press) -> None:
    many = ["A card of so many words that it takes some lines more than all of the other cards", *CARDS[1:]]
    made = pages(press, catalogue("columns: 2, gap: [10pt, 18pt]"), many)
    assert [len(page) for page in shown(made)] == [0, 4, 7, 0]
    assert all(mark.fit and mark.rect.bottom <= 110.1 for sheet, _ in made for mark in texts(sheet, "card"))


def test_a_grid_in_a_stack_goes_on_too(press: Press) -> None:
    made = pages(press, catalogue("columns: 2, gap: [10pt, 18pt]", around=STACK, box=""), CARDS)
    assert shown(made) == [[], CARDS[:6], CARDS[6:], []]


def test_from_the_right(press: Press) -> None:
    made = pages(press, catalogue(), CARDS, "ar-AE")
    first, second = texts(made[1][0], "card")[:2]
    assert first.rect.x > second.rect.x


def test_a_grid_without_layers_has_no_page_more(press: Press) -> None:
    made = pages(press, catalogue(), [])
    assert len(made) == 3
    assert not [finding for _, findings in made for finding in findings]


def test_a_layer_that_is_larger_than_the_page_is_told(press: Press) -> None:
    made = pages(press, catalogue("columns: 2, row_height: 120pt"), CARDS)
    assert [finding.code for _, findings in made for finding in findings] == ["flow-too-narrow"]
