"""What is odd about words as they are printed: gaps that nobody meant, marks of typewriters, and words that went wrong
before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pressrun.language.bare_values import as_read
from pressrun.language.markup import words_in
from pressrun.language.misread import SUSPECT, Misread, misread
from pressrun.language.quotes import STRAIGHT, typographic
from pressrun.model.finding import Severity
from pressrun.model.table_content import TableContent

_DOUBLE_BLANK = re.compile(r"\S+ {2,}\S+")
_TEMPLATE_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_SUSPECT = re.compile(SUSPECT)
ODD = re.compile(rf"  |[\"']|\d-\d\d-\d|{SUSPECT}")  # asked first
_DATE = re.compile(r"(?<![\w./-])(?:19|20|21)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\w/-])")
_SHOWN, _MORE = 12, 24  # letters before and behind a mark, and of the words that would be cut there
_LAST_LETTERS, _FIRST_LETTERS = re.compile(rf"\S{{0,{_MORE}}}\Z"), re.compile(rf"\S{{0,{_MORE}}}")
_BLANK_HINT = "`trim: true` beside the table makes them one; a gap that is meant is a no-break or an em space"
_MISREAD_HINT = "save it anew as UTF-8 from where it came from, or mend the cell"
_DATE_HINT = "write `| date` behind the value: `{{ … | date }}`; of a column with words, too, only where it is a date"
_QUOTES_HINT = "write `| quotes` behind the value, which sets them so, or write them so; ′ and ″ are feet and inches"


def has_gap(template: str) -> bool:
    """Whether the words of a template have several blanks in a row, which is how somebody wrote them."""
    return _DOUBLE_BLANK.search(_TEMPLATE_TAG.sub("x", template)) is not None


class Odd(Struct, frozen=True):
    severity: Severity
    code: str
    message: str
    hint: str
    text: str  # as it is printed whole


def odd_text(text: str, locale: str, *, marks_up: bool) -> Iterator[Odd]:
    """What is odd about a text, each kind once. Codes: ``misread-text``, ``double-blank`` and ``unformatted-value``
    (warnings), ``straight-quotes`` (a note)."""
    return _odd([words_in(text) if marks_up else text], locale)


def odd_cells(written: str, locale: str) -> Iterator[Odd]:
    """Likewise, of the cells of a table as its layer's content has them."""
    table = TableContent.read(written)
    return _odd([*table.header, *(cell for row in table.rows for cell in row.cells)], locale)


def _odd(texts: Iterable[str], locale: str) -> Iterator[Odd]:
    told: set[str] = set()
    for text in texts:
        if "misread-text" not in told and _SUSPECT.search(text) and (wrong := misread(text)):
            told.add("misread-text")
            yield Odd(Severity.WARNING, "misread-text", *_of_misread(wrong), text)
        if "  " in text and "double-blank" not in told and (gap := _DOUBLE_BLANK.search(text)):
            told.add("double-blank")
            message = f"'{gap[0]}' has more than one blank in a row, and is printed so"
            yield Odd(Severity.WARNING, "double-blank", message, _BLANK_HINT, text)
        if "unformatted-value" not in told and (day := _DATE.search(text)) and (read := _as_read(day[0], locale)):
            told.add("unformatted-value")
            message = f"'{day[0]}' is printed as tables have it, which readers of {locale} write {read}"
            yield Odd(Severity.WARNING, "unformatted-value", message, _DATE_HINT, text)
        if "straight-quotes" not in told and STRAIGHT.search(text) and (set_right := typographic(text, locale)) != text:
            told.add("straight-quotes")
            at = next(at for at, (one, other) in enumerate(zip(text, set_right, strict=False)) if one != other)
            straight, right = (_around(said, at) for said in (text, set_right))
            message = f"“{straight}” is printed with straight quotes, which readers of {locale} know as “{right}”"
            yield Odd(Severity.NOTE, "straight-quotes", message, _QUOTES_HINT, text)


def _as_read(text: str, locale: str) -> str | None:
    """A date of a column without a type, such as a workbook's cell, as the locale writes it, if that is otherwise."""
    try:
        return as_read(dt.datetime.fromisoformat(text).date(), locale)
    except ValueError:  # there is no such day
        return None


def _around(text: str, at: int) -> str:
    """What stands about a place of a text, in whole words and figures unless these are long."""
    start = at - _SHOWN
    if start > 0:
        start -= len(_LAST_LETTERS.search(text[:start])[0])  # type: ignore[index]  # it may be empty
    return (text[max(0, start) : at + _SHOWN] + _FIRST_LETTERS.match(text[at + _SHOWN :])[0]).strip()  # type: ignore[index]  # as above


def _of_misread(wrong: Misread) -> tuple[str, str]:
    """What is told of it, and the hint."""
    if wrong.meant:
        was = f"which was '{wrong.meant}' until it was read in a wrong encoding"
        return f"'{wrong.word}' is printed, {was}", _MISREAD_HINT
    if wrong.word.startswith("#"):
        return f"'{wrong.word}' is printed, which is an error of a spreadsheet", "mend the formula, or the cell"
    return f"'{wrong.word}' is printed, where letters have been lost", _MISREAD_HINT
