"""A text that goes on over pages: every word is set once, in its order, and no page has more than fits."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PIL import Image
from rendering_kit import Press, read_layout

from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.language.bidi import opened_before, unmarked
from pressrun.language.pages import LATER
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


def pages(
    press: Press, layout: Layout, text: str, locale: str = "en-GB", **more: dict[str, str]
) -> list[tuple[Sheet, list[Finding]]]:
    """Of a layout with a text ``body``, and of others with theirs."""
    content: SheetContent = press.content(layout, "book", locale, layers={"body": {"text": text}, **more})
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


@pytest.mark.parametrize(("height", "columns"), [(60, 2), (75, 2), (60, 3)])
def test_no_line_of_a_paragraph_is_alone_in_a_column_of_a_full_page(press: Press, height: int, columns: int) -> None:
    """Full columns can end in one way only: such a page has a line less."""
    text = "\n".join(" ".join(["paragraph"] * (4 + 7 * number % 23)) for number in range(20))
    made = said(pages(press, book(f"{{height: {height}pt}}", f", columns: {columns}, gutter: 8pt"), text), "body")
    alone = []
    for mark in made[:-1]:
        assert mark.fit
        assert mark.fit.flow
        assert mark.columns
        column = replace(mark, columns=None, rect=replace(mark.rect, width=mark.columns.width))
        cuts = [0, *(len(mark.text.encode()[:end].decode()) for end in mark.fit.flow.ends), len(mark.text)]
        for start, cut, end in zip(cuts, cuts[1:], cuts[2:], strict=False):
            before, behind = mark.text[start:cut], mark.text[cut:end]
            if "\n" in (before[-1], behind[0]):
                continue
            parted = before.split("\n")[-1], behind.split("\n")[0]
            lines = [press.bench.fitter.fit([_alone(column, one)])[0].fit for one in parted]
            assert all(lines)
            first, last = (fit.lines for fit in lines if fit)
            begins, ends = "\n" in before or start == 0, "\n" in behind or end == len(mark.text)
            alone += [mark.text[cut - 20 : cut + 20]] if (begins and first < 2) or (ends and last < 2) else []
    assert alone == []


def ink_of_line(press: Press, sheet: Sheet, line: int) -> tuple[float, float]:
    """From where to where the ink of a line of the body reaches, in points; -1 is the last one."""
    (mark,) = (mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == "body")
    assert mark.fit
    fit, leading = mark.fit, mark.leading_at(8) * 8
    top = fit.column.y + (line % fit.lines) * leading
    overlays = typeset_stage.typeset([replace(sheet, marks=(mark,))], press.bench)
    size = (round(sheet.boxes.bleed.width * 4), round(sheet.boxes.bleed.height * 4))
    (page,) = rasterise(shown_pages(overlays, [lambda ink: ink.srgb]), size)
    strip = page.getchannel("A").crop((0, round(top * 4), size[0], round((top + sum(fit.edges) * 8) * 4)))
    found = strip.point(lambda value: 255 if value > 90 else 0).getbbox()
    assert found
    return found[0] / 4, found[2] / 4


@pytest.mark.parametrize(
    ("options", "begins", "goes_on"),
    [("first_line: 20pt", 20, 0), ("hanging: 15pt", 0, 15), ("list: bullets", 0, 7.2)],
)
def test_a_paragraph_that_goes_on_does_not_begin_again(
    press: Press, options: str, begins: float, goes_on: float
) -> None:
    first, second = (sheet for sheet, _ in pages(press, book(more=f", {options}"), WORDS)[1:3])
    assert ink_of_line(press, first, 0)[0] == pytest.approx(10 + begins, abs=1)
    assert ink_of_line(press, second, 0)[0] == pytest.approx(10 + goes_on, abs=1)


def test_the_line_that_a_page_ends_with_is_justified_where_its_paragraph_goes_on(press: Press) -> None:
    made = [sheet for sheet, _ in pages(press, book(more=", justify: true"), WORDS)[1:-1]]
    assert [ink_of_line(press, sheet, -1)[1] for sheet in made[:-1]] == pytest.approx([190] * (len(made) - 1), abs=0.6)
    assert ink_of_line(press, made[-1], -1)[1] < 185
    whole = "\n".join([PARAGRAPHS.split("\n")[0] + "."] * 8)
    ends = [ink_of_line(press, sheet, -1)[1] for sheet, _ in pages(press, book("{height: 40pt}", ", justify: true"), whole)[1:-1]]
    assert min(ends) < 185


@pytest.mark.parametrize("markup", ["", ", markup: true"], ids=["plain", "marked"])
def test_a_paragraph_that_goes_on_keeps_its_direction(press: Press, markup: str) -> None:
    """Latin words on an Arabic page: each part is set as it would be were it all that there is."""
    text = " ".join(f"(word{number})" if number % 3 else f"\u201cword{number}.\u201d" for number in range(150)) + "."
    made = pages(press, book(more=markup), text, "ar-AE")[1:-1]
    assert len(made) > 2
    for sheet, _ in made:
        (mark,) = (mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == "body")
        (_, (alone, _), _) = pages(press, book(more=markup), unmarked(mark.text), "ar-AE")
        assert drawn(press, sheet).tobytes() == drawn(press, alone).tobytes()


def drawn(press: Press, sheet: Sheet) -> Image.Image:
    """The body alone."""
    (mark,) = (mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.layer == "body")
    overlays = typeset_stage.typeset([replace(sheet, marks=(mark,))], press.bench)
    size = (round(sheet.boxes.bleed.width * 2), round(sheet.boxes.bleed.height * 2))
    return rasterise(shown_pages(overlays, [lambda ink: ink.srgb]), size)[0]


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("\u2066one |two\u2069", "\u2066"),
        ("\u2066one\u2069 |two", ""),
        ("\u2066one\n|two\u2069", ""),
        ("\u2067\u2066one\u2069 |two\u2069", "\u2067"),
        ("\u2068(one |\u05d0)\u2069", "\u2066"),
        ("\u2068(\u05d0 |one)\u2069", "\u2067"),
        ("\u2068\u2067\u05d0\u2069 \u2066one |two\u2069\u2069", "\u2066\u2066"),
        ("\u2066\u202bone\u2069 |two", ""),
        ("\u202eone |two\u202c", "\u202e"),
        ("\u2069\u202c one |two", ""),
    ],
)
def test_which_marks_of_direction_are_open(text: str, opened: str) -> None:
    before, behind = text.split("|")
    assert opened_before(before + behind, len(before)) == opened


def test_spaces_between_paragraphs_are_their_own_on_every_page(press: Press) -> None:
    """Whatever empty lines stand between them, which are no paragraphs."""
    text = "\n\n".join(f"<role headline>Title {at}</role>\n\nEntry {at}" for at in range(12))
    layout = book(more=", markup: true, space_before: 2pt")
    made = said(pages(press, layout, text), "body")
    assert len(made) > 2
    for mark in made:
        begun = [line.split()[0] for line in mark.text.split("\n") if line.strip()]
        assert mark.paragraphs
        gaps = zip(begun[1:], mark.paragraphs.gaps[1 : len(begun)], strict=True)
        assert {(name, gap.points) for name, gap in gaps} <= {("Title", 0.0), ("Entry", 2.0)}


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


def test_what_goes_on_over_too_many_pages_ends_and_is_told(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressrun.compose.document.MOST_PAGES", 3)
    made = pages(press, book(), WORDS)
    (found,) = [finding for _, findings in made for finding in findings]
    assert (found.code, found.is_error, found.layer) == ("flow-without-end", True, "body")
    assert "repeated 3 times" in found.message


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


TURNS = """
page: {trim: 200pt x 100pt, safe: 10pt}
target: print
formats: [press-pdf]
layers:
- {type: page, id: story, flow: body}
- {type: group, id: column, on_page: story, box: {height: 60pt}}
- {type: text, id: body, inside: column, text: words, size: 8pt}
"""


@pytest.mark.parametrize(("layer", "condition"), [("body", "page.turn == 1"), ("column", "page.number < 3")])
def test_what_is_on_none_of_the_pages_that_may_follow_is_told_at_once(
    press: Press, layer: str, condition: str
) -> None:
    later = {layer: {LATER: condition, **({"text": WORDS} if layer == "body" else {})}}
    made = pages(press, read_layout(TURNS), WORDS, **later)
    assert [finding.code for _, findings in made for finding in findings] == ["flow-not-there"]
    assert len(made) == (2 if layer == "body" else 3)  # the last one shows that it is not there


def test_a_text_may_be_on_every_other_page(press: Press) -> None:
    made = pages(press, read_layout(TURNS), WORDS, body={"text": WORDS, LATER: "page.is_left"})
    assert not [finding for _, findings in made for finding in findings]
    assert [bool(sheet.marks) for sheet, _ in made] == [number % 2 == 0 for number in range(1, len(made) + 1)]
    texts = [one.mark.text for sheet, _ in made for one in sheet.placed if isinstance(one.mark, TextMark)]
    assert " ".join(texts).split() == WORDS.split()


# ---------------------------------------------------------------------------------------- in groups and in stacks


IN_STACK = """
page: {trim: 200pt x 140pt, safe: 10pt}
target: print
formats: [press-pdf]
layers:
- {type: page, id: story, flow: body}
- {type: stack, id: column, on_page: story, gap: 4pt, fill: body, box: {height: 100pt}}
- {type: text, id: heading, inside: column, text: HEADING, size: 12pt, lines: 3}
- {type: text, id: body, inside: column, text: words, role: body, size: 8pt}
- {type: text, id: foot, inside: column, text: A foot, size: 6pt, box: {height: 8pt}}
- {type: text, id: head, text: "\U0010FFF2 to \U0010FFF3 on \U0010FFF0 of \U0010FFF1 {{ page }}", on_page: story, size: 6pt,
   box: {y: 110pt, height: 10pt}}
"""


@pytest.mark.parametrize("heading", ["One", "A heading that is so long that it takes more lines than one"])
def test_a_text_that_goes_on_takes_what_a_stack_leaves_it(press: Press, heading: str) -> None:
    made = pages(press, read_layout(IN_STACK.replace("HEADING", heading)), PARAGRAPHS)
    assert not [finding for _, findings in made for finding in findings]
    body, feet, heads = (said(made, name) for name in ("body", "foot", "head"))
    assert " ".join(mark.text for mark in body).split() == PARAGRAPHS.split()
    for at, mark in enumerate(body):
        above = said(made, "heading")[at].fit
        assert mark.fit
        assert above
        assert mark.fit.extent.y == pytest.approx(above.extent.bottom + 4, abs=0.1)
        assert mark.fit.extent.bottom <= feet[at].rect.y - 3.9
        assert feet[at].rect.bottom == pytest.approx(110, abs=0.1)
    assert heads[0].text.startswith("Entry 0 to Entry")
    assert f"to Entry 7 on {len(made)} of {len(made)}" in heads[-1].text


def test_a_longer_heading_leaves_less(press: Press) -> None:
    short, long = (
        pages(press, read_layout(IN_STACK.replace("HEADING", heading)), WORDS)
        for heading in ("One", "A heading that is so long that it takes more lines than one")
    )
    assert len(long) > len(short)


def test_columns_of_a_group_go_on_with_each_other(press: Press) -> None:
    """From the first to the second and on to the next page, whichever of them is in a group."""
    layout = read_layout("""
page: {trim: 200pt x 100pt, safe: 10pt}
target: print
formats: [press-pdf]
layers:
- {type: page, id: story, flow: body}
- {type: group, id: turned, on_page: story, rotate: 180, box: {width: 85pt, height: 80pt}}
- {type: text, id: body, inside: turned, text: words, role: body, size: 8pt}
- {type: text, id: second, continues: body, text: words, on_page: story, role: body, size: 8pt, box: {x: 95pt, width: 85pt, height: 80pt}}
""")
    made = pages(press, layout, WORDS, second={"text": WORDS})
    assert not [finding for _, findings in made for finding in findings]
    texts = [mark.text for sheet, _ in made for name in ("body", "second")
             for one in sheet.placed if isinstance(mark := one.mark, TextMark) and mark.layer == name]  # fmt: skip
    assert len(made) > 1
    assert " ".join(texts).split() == WORDS.split()


def test_what_finds_no_room_in_a_stack_is_told(press: Press) -> None:
    layout = read_layout(IN_STACK.replace("HEADING", "One").replace("height: 100pt", "height: 30pt"))
    codes = {finding.code for _, findings in pages(press, layout, WORDS) for finding in findings}
    assert "flow-too-narrow" in codes
