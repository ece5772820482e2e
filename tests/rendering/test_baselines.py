"""Baselines are told where the letters of each line stand, whatever their size and the room around their paragraphs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rendering_kit import CASES, Press, case_content, read_layout

from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.texts.text_pages import baselines
from pressrun.model.sheet import Sheet, TextMark

NEAR = 0.02  # points
SPACED = """
page: {trim: 300pt x 400pt}
target: screen
formats: [png]
layers:
  - {type: text, id: spaced, role: body, size: 12pt, lines: 20, paragraph_space: 80%, box: {width: 140pt, height: 200pt},
     text: "A paragraph that goes on for more than one line\\nThen one more, of several lines too\\nLast"}
  - {type: text, id: mixed, role: body, size: 12pt, lines: 20, markup: true, box: {x: 150pt, width: 150pt, height: 200pt},
     text: "<role headline><size 2>Large</size></role>\\nand words in their own size, of several lines\\n<size 0.6>small ones</size>"}
  - {type: text, id: columned, role: body, size: 10pt, lines: 20, columns: 2, gutter: 20pt, list: bullets, paragraph_space: 3pt,
     box: {y: 220pt, height: 150pt}, text: "One paragraph in columns\\nAnother that is of two lines at least\\nA third\\nA fourth"}
"""


def letters_stand(press: Press, sheet: Sheet) -> list[float]:
    """Where the letters of a sheet stand, in points from its top."""
    (overlay,) = typeset_stage.typeset([sheet], press.bench)
    assert overlay
    with opened(shown_pages([overlay], [lambda ink: ink.srgb])) as pages:
        height = sheet.boxes.bleed.height
        return [height - glyph.y for number in range(len(pages)) for glyph in pages.glyphs(number)]


def told(press: Press, sheet: Sheet) -> dict[str, tuple[float, ...]]:
    texts = [one.mark for one in sheet.placed if isinstance(one.mark, TextMark)]
    found = baselines(texts, press.bench.typesetter)
    return {mark.layer: lines for mark, lines in zip(texts, found, strict=True)}


def is_told(place: float, lines: tuple[float, ...]) -> bool:
    return any(abs(place - line) < NEAR for line in lines)


@pytest.mark.parametrize("layer", ["spaced", "mixed", "columned"])
def test_lines_stand_where_their_letters_do(press: Press, layer: str) -> None:
    sheet, _ = press.compose(SPACED)
    alone = replace(sheet, marks=tuple(mark for mark in sheet.marks if mark.layer == layer))
    lines, stand = told(press, alone)[layer], letters_stand(press, alone)
    assert len(lines) >= 3
    assert all(is_told(place, lines) for place in stand)
    assert all(is_told(line, tuple(stand)) for line in lines)


@pytest.mark.parametrize("name", ["paragraphs", "columns_and_growth", "tabs_and_roles", "stacks", "grids", "marked_words"])
def test_no_line_of_a_case_is_told_where_no_letters_stand(press: Press, name: str) -> None:
    layout = read_layout((CASES / name / "layout.yaml").read_text())
    sheet, _ = press.compose(layout, **case_content(CASES / name))
    stand = tuple(letters_stand(press, sheet))
    lines = told(press, sheet)
    assert lines
    assert [(layer, line) for layer, of_text in lines.items() for line in of_text if not is_told(line, stand)] == []
