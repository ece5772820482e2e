"""Texts as pages of one PDF, each ink painted as its marker: by Typst, or letter by letter where their places are
known."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pikepdf
from msgspec import Struct
from msgspec.structs import asdict

from pressrun.graphics.texts.set_letters import SetLetters, SetLine, SetText
from pressrun.graphics.texts.typst_engine import Typesetter
from pressrun.graphics.texts.typst_text import Paint, text_json, unpainted
from pressrun.model.geometry import Rect
from pressrun.model.sheet import TextMark
from pressrun.model.spans import Run, Span

Lines = Callable[[TextMark], list[SetLine] | None]
"""The lines of a fitted text in their places; None where only Typst can tell."""


class TextsOfPage(Struct, frozen=True):
    """Texts to be set on a page of this size in points, each with the markers of its inks; where the letters of all
    have their places, with the ``lines`` of each."""

    width: float
    height: float
    texts: Sequence[tuple[TextMark, Paint]]
    lines: Sequence[list[SetLine]] = ()

    def to_json(self) -> dict[str, Any]:
        """What `sheet.typ` reads."""
        return {"width": self.width, "height": self.height, "texts": [_text(*one) for one in self.texts]}


def by_typst(pages: Sequence[TextsOfPage], typesetter: Typesetter) -> bytes:
    """The PDF, empty where there are no pages. Raises TypesettingFailed."""
    return typesetter.typeset({"pages": [page.to_json() for page in pages]}) if pages else b""


def baselines(texts: Sequence[TextMark], typesetter: Typesetter) -> list[tuple[float, ...]]:
    """Where the lines of fitted texts stand, each once, in points from the top of the page. Raises
    TypesettingFailed."""
    told = typesetter.baselines([_text(mark, unpainted) for mark in texts]) if texts else []
    found = []
    for mark, lines in zip(texts, told, strict=True):
        assert mark.fit
        found.append(tuple(sorted({round(mark.fit.column.y + y, 3) for y in lines})))
    return found


def by_letters(pages: Sequence[TextsOfPage], typesetter: Typesetter, of_many: bool) -> tuple[bytes, SetLetters]:
    """The same, with only those pages set by Typst that have no lines; see `SetLetters`. Raises TypesettingFailed."""
    letters = SetLetters(of_many)
    others = [number for number, page in enumerate(pages) if not _is_by_letters(number, page, letters)]
    texts = by_typst([pages[number] for number in others], typesetter)
    return (_at_their_numbers(texts, others) if len(others) < len(pages) else texts), letters


def _at_their_numbers(texts: bytes, numbers: Sequence[int]) -> bytes:
    """A document whose pages have other numbers, between which there are empty ones."""
    if not numbers:
        return b""
    with pikepdf.open(io.BytesIO(texts)) as pdf:
        pages = dict(zip(numbers, list(pdf.pages), strict=True))
        del pdf.pages[:]
        for number in range(numbers[-1] + 1):
            if number in pages:
                pdf.pages.append(pages[number])
            else:
                pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, static_id=True)
        return out.getvalue()


def _is_by_letters(number: int, page: TextsOfPage, letters: SetLetters) -> bool:
    if not page.lines:
        return False
    texts = [SetText(lines, partial(_painted, *text)) for text, lines in zip(page.texts, page.lines, strict=True)]
    return letters.add(number, texts, page.height)


def _painted(mark: TextMark, paint: Paint, span: Span) -> str:
    own = span.ink if isinstance(span, Run) else None
    return paint(own or mark.inks[0], span.scale)


def _text(mark: TextMark, paint: Paint) -> dict[str, Any]:
    fit = mark.fit
    assert fit is not None, f"{mark.layer} was never fitted"
    return {
        "id": mark.layer,
        **text_json(mark, fit.spans, fit.phrases, fit.edges, paint),
        "size": fit.size,
        "column": _rect(fit.column),
        "extent": _rect(fit.extent),
        **({"flow": asdict(fit.flow)} if fit.flow else {}),
    }


def _rect(rect: Rect) -> dict[str, float]:
    return {"x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height}
