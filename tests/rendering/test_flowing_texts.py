"""A text that goes on over pages: every word is set once, in its order, and no page has more than fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rendering_kit import Press, read_layout

from pressrun.model.finding import Finding
from pressrun.model.layout import Layout
from pressrun.model.sheet import Sheet, TextMark
from pressrun.model.task import SheetContent

WORDS = " ".join(f"word{number}" for number in range(220))
PARAGRAPHS = "\n".join(f"Entry {number}: " + " ".join(f"of{number}and{at}" for at in range(14)) for number in range(8))


def book(box: str = "{height: 60pt}", more: str = "", text: str = "words") -> Layout:
    return read_layout(f"""
page: {{trim: 200pt x 100pt, safe: 10pt}}
target: print
formats: [press-pdf]
layers:
- {{type: page, id: cover}}
- {{type: text, id: title, text: Title, on_page: cover, size: 12pt, box: {{height: 20pt}}}}
- {{type: page, id: story, flow: body}}
- {{type: text, id: body, text: {text}, on_page: story, role: body, size: 8pt, box: {box}{more}}}
- {{type: text, id: head, text: "\U0010FFF2 to \U0010FFF3 on \U0010FFF0 of \U0010FFF1 {{ page }}", on_page: story, size: 6pt,
   box: {{y: 62pt, height: 10pt}}}}
- {{type: page, id: end}}
""")


def pages(press: Press, layout: Layout, text: str, locale: str = "en-GB") -> list[tuple[Sheet, list[Finding]]]:
    content: SheetContent = press.content(layout, "book", locale, layers={"body": {"text": text}})
    made = press.bench.composer.pages(layout, content)
    fitted = press.bench.fitter.fitted([sheet for sheet, _ in made])
    return [(sheet, findings) for sheet, (_, findings) in zip(fitted, made, strict=True)]


def said(made: list[tuple[Sheet, list[Finding]]], layer: str) -> list[TextMark]:
    return [mark for sheet, _ in made for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == layer]


@pytest.mark.parametrize("text", [WORDS, PARAGRAPHS], ids=["one-paragraph", "paragraphs"])
def test_every_word_is_set_once_and_fits(press: Press, text: str) -> None:
    made = pages(press, book(), text)
    body = said(made, "body")
    assert len(body) > 2
    assert " ".join(mark.text for mark in body).split() == text.split()
    assert all(mark.fit and not mark.fit.overflow and mark.fit.size == 8 for mark in body)
    assert not [finding for _, findings in made for finding in findings]


def test_a_page_has_as_many_lines_as_it_can(press: Press) -> None:
    lines = [mark.fit.lines for mark in said(pages(press, book(), WORDS), "body") if mark.fit]
    assert len(set(lines[:-2])) == 1
    assert lines[-1] <= lines[0]


def test_no_line_of_a_paragraph_is_alone(press: Press) -> None:
    for mark in said(pages(press, book(), PARAGRAPHS), "body"):
        parts = [press.bench.fitter.fit([_alone(mark, line)])[0].fit for line in mark.text.split("\n")]
        assert all(fit and fit.lines >= 2 for fit in parts)


def _alone(mark: TextMark, line: str) -> TextMark:
    return replace(mark, spans=(replace(mark.spans[0], text=line),))


def test_running_heads_name_what_is_on_their_page(press: Press) -> None:
    heads = [mark.text for mark in said(pages(press, book(), PARAGRAPHS), "head")]
    total = len(heads) + 2
    assert heads[0].startswith("Entry 0 to Entry")
    assert f"on 2 of {total}" in heads[0]
    assert f"to Entry 7 on {total - 1} of {total}" in heads[-1]


def test_a_text_that_fits_has_one_page_and_an_empty_one_too(press: Press) -> None:
    assert [len(pages(press, book(), text)) for text in ("short", "")] == [3, 3]


def test_what_a_row_has_not_goes_on_over_no_pages(press: Press) -> None:
    layout = book()
    content = press.content(layout, "book", layers={"body": {"text": WORDS}})
    del content.layers["body"]
    made = press.bench.composer.pages(layout, content)
    assert (len(made), [finding for _, findings in made for finding in findings]) == (3, [])


def test_a_box_that_takes_no_line_is_told(press: Press) -> None:
    made = pages(press, book("{height: 4pt}"), WORDS)
    assert [finding.code for _, findings in made for finding in findings] == ["flow-too-narrow"]


def test_what_has_no_page_left_is_told(press: Press) -> None:
    layout = read_layout("""
page: {trim: 200pt x 100pt, safe: 10pt}
target: print
formats: [press-pdf]
layers:
- {type: page, id: one}
- {type: text, id: body, text: words, on_page: one, size: 8pt}
- {type: page, id: two}
- {type: text, id: rest, text: words, continues: body, on_page: two, size: 8pt}
""")
    content = press.content(layout, "book", layers={"body": {"text": WORDS}, "rest": {"text": WORDS}})
    made = press.bench.composer.pages(layout, content)
    assert [finding.code for _, findings in made for finding in findings] == ["flow-left-over"]
    first, second = (sheet.marks[0] for sheet, _ in made)
    assert isinstance(first, TextMark)
    assert isinstance(second, TextMark)
    assert f"{first.text} {second.text}" == WORDS[: len(first.text) + 1 + len(second.text)]
