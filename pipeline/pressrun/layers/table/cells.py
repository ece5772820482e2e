"""The texts of cells, made by text layers: one look a column, one text for many cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.graphics.typefaces.characters import has_right_to_left, runs_one_way
from pressrun.language.bidi import isolated
from pressrun.language.locale_formats import money, number
from pressrun.model.composition import Composing, TextOptions
from pressrun.model.geometry import Rect
from pressrun.model.sheet import TextMark
from pressrun.model.spans import ROOM_BEFORE, Paragraphs, TextFit
from pressrun.model.table_content import CellAnchor

AT_ONCE = 64  # cells measured as one text
_ENDS_A_LINE = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SEPARATED = re.compile(r"(?<=\d)(\D)(?=\d)")
_NUMBER = re.compile(r"\d(?:[\d.,'’٬\u00a0\u202f ]*\d)?")


class CellLook(Struct, frozen=True):
    """A text layer for cells that look alike; ``padding`` (top, end, bottom, start) in points. ``is_plain``: what has
    no markup may be set with the cells below it as one text. ``decimal`` is the separator that numbers stand by."""

    layer: TextOptions
    size: float
    padding: tuple[float, float, float, float]
    lines: int
    markup: bool
    is_plain: bool
    anchor: CellAnchor
    decimal: str = ""
    resolved: dict[int, Any] = field(default_factory=dict)
    natural: dict[str, float] = field(default_factory=dict)
    """The width of each text measured, in points."""
    reach: list[float] = field(default_factory=lambda: [0.0, 0.0])
    """What they take above and below their baselines."""

    def is_plain_cell(self, text: str) -> bool:
        return self.is_plain and not _ENDS_A_LINE.search(text) and not (self.markup and "<" in text)

    def baseline(self, above: float, taken: float, height: float, shared: float) -> float:
        """Where the first baseline of a cell stands below the top of its row, whose text takes so much, and so much of
        that above its baseline; ``shared`` is the one that cells of the row have in common."""
        if self.anchor == "baseline":
            return shared
        top, _, bottom, _ = self.padding
        return top + ROOM_BEFORE[self.anchor] * (height - top - bottom - taken) + above

    def mark(self, composing: Composing, text: str) -> TextMark | None:
        """A text in this look, its place still to be found; None of one that is empty."""
        own = replace(composing, content={"text": text}, number=0, resolved=self.resolved, shared_size=None)
        return next((one for one in self.layer.compose(own) if isinstance(one, TextMark)), None)

    def measure(self, composing: Composing, texts: Iterable[str]) -> None:
        """Find out how wide texts are, plain ones many at once."""
        new = [text for text in dict.fromkeys(texts) if text.strip() and text not in self.natural]
        plain = [text for text in new if self.is_plain_cell(text)]
        for first in range(0, len(plain), AT_ONCE):
            some = plain[first : first + AT_ONCE]
            if not self._measured(composing, some, "\n".join(oriented(text, composing) for text in some)):
                new += some
        for text in new:
            if text not in self.natural:
                self._measured(composing, [text], text)

    def _measured(self, composing: Composing, texts: Sequence[str], joined: str) -> bool:
        mark = self.mark(composing, joined)
        lines = composing.natural(mark) if mark else None
        if lines is None or (len(texts) > 1 and len(lines.widths) != len(texts)):
            return False
        widths = lines.widths if len(texts) > 1 else (max(lines.widths),)
        self.natural.update(zip(texts, widths, strict=True))
        self.reach[:] = max(self.reach[0], lines.top), max(self.reach[1], lines.bottom)
        return True

    def width(self, text: str) -> float:
        return self.natural.get(text, 0.0)


def oriented(text: str, composing: Composing) -> str:
    """A plain cell as it stands among others in one text: with marks of direction of its own, where it needs any."""
    text = text.strip()
    if composing.direction == "ltr" and text.isascii():
        return text
    return isolated(text, composing.direction)


FIGURE = "0"  # stands before or behind what is measured, so that blanks at its ends count


def right_of_separator(text: str, separators: str) -> str | None:
    """What stands to the right of a number's decimal separator, which is one of these, or of its last figure where it
    has none, and a figure; None of what is no number. In text from right to left, what follows a number stands to its
    left."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    figures = found[0]
    at = max(figures.rfind(separator) for separator in separators)
    fraction = figures[at:] if at > 0 and separators.isprintable() else ""
    if has_right_to_left(text):
        return f"{text[: found.start()]}{FIGURE}{fraction}"
    return f"{FIGURE}{fraction}{text[found.end() :]}"


def decimal_separators(locale: str) -> str:
    """Those of numbers and of money in a locale: in fr-CH money has a point, and other numbers a comma."""
    written = number(Decimal("1.5"), locale, 1), money(Decimal("1.5"), "CHF", locale, symbol=False)
    return "".join(dict.fromkeys(found[1] for one in written if (found := _SEPARATED.search(one))))


def stacked(mark: TextMark, lines: int, pitch: float) -> TextMark:
    """A text of so many lines, from baseline to baseline the height of a row."""
    paragraphs = replace(mark.paragraphs or Paragraphs(), leading=pitch)
    return replace(mark, lines=lines, paragraphs=paragraphs, balance=False)


def with_fit(mark: TextMark, look: CellLook, pitch: float, width: float) -> TextMark:
    """A `stacked` text, whose lines end where they are said to, with the fit that follows from what its cells have
    measured: ``width`` is that of the widest. None is worked out for letters that run the other way."""
    if not runs_one_way(mark.text, mark.direction):
        return mark
    size = look.size
    height = look.reach[0] + look.reach[1] + (mark.lines - 1) * pitch
    at_right = (mark.align == "end") != (mark.direction == "rtl")
    share = 0.5 if mark.align == "center" else 1.0 if at_right else 0.0
    column = replace(mark.rect, height=height)
    extent = Rect(column.x + share * (column.width - width), column.y, width, height)
    edges = look.reach[0] / size, look.reach[1] / size
    return replace(mark, fit=TextFit(mark.spans, size, mark.lines, edges, column, extent))


def placed(mark: TextMark, x: float, baseline: float, name: str) -> TextMark:
    """A fitted text, whose first line then stands on this baseline."""
    fit = mark.fit
    if fit is None:
        return replace(mark, layer=name, rect=replace(mark.rect, x=x, y=baseline - mark.edges[0] * mark.size_max))
    right, down = x - mark.rect.x, baseline - fit.edges[0] * fit.size - fit.column.y

    def moved(rect: Rect) -> Rect:
        return replace(rect, x=rect.x + right, y=rect.y + down)

    fit = replace(fit, column=moved(fit.column), extent=moved(fit.extent))
    return replace(mark, layer=name, rect=moved(mark.rect), fit=fit)


def text_options(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a text layer is made of, without what is left out."""
    return {"type": "text", "text": "", **{key: value for key, value in said.items() if value is not None}}
