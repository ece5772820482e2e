"""How wide texts would like to be: each line as wide as it is set where it stands alone."""

from __future__ import annotations

import pytest
from rendering_kit import Press

from pressrun.model.sheet import TextMark

LAYOUT = """
page: {{trim: 600pt x 300pt}}
target: screen
formats: [png]
layers:
  - {{type: text, id: words, text: "{text}", size: [4pt, 9pt], lines: 20, balance: false}}
"""


def mark_of(press: Press, text: str, locale: str) -> TextMark:
    sheet, _ = press.compose(LAYOUT.format(text=text), locale=locale)
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    return mark


@pytest.mark.parametrize("locale", ["de-DE", "ar-AE"])
def test_each_line_is_as_wide_as_it_is_alone(press: Press, locale: str) -> None:
    lines = ["Rheingau, 12,50 €", "", "Grauburgunder", "1.249"]
    natural = press.bench.fitter.natural(mark_of(press, "\\n".join(lines), locale))
    alone = [mark_of(press, line, locale).fit.extent.width if line else 0.0 for line in lines]  # type: ignore[union-attr]
    assert natural.widths == pytest.approx(alone, abs=0.01)
    assert (natural.top, natural.bottom) == (pytest.approx(0.74 * 9), pytest.approx(0.22 * 9))
