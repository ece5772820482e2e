"""What was found wrong, or worth knowing: a severity, a stable code, a sentence, and the place to look at."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace


class Severity(StrEnum):
    """How much a finding matters; ordered ``NOTE < WARNING < ERROR``."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error."""
        return _RANKS[self.value]

    # A StrEnum would otherwise compare as text, and "error" < "note".
    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_RANKS = {"note": 0, "warning": 1, "error": 2}


class Place(Struct, frozen=True):
    """A spot in a file. `file` is a path with forward slashes; `line` and `column` count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, for JSON."""
        return {name: value for name in _PLACE_FIELDS if (value := getattr(self, name)) is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Place:
        """The inverse of :meth:`to_dict`."""
        return cls(data["file"], data.get("line"), data.get("column"))


_PLACE_FIELDS = ("file", "line", "column")


class Finding(Struct, frozen=True, eq=False):
    """One thing found by a stage or a check.

    `code` is a stable kebab-case word that tests and filters may rely on (``unknown-key``, ``missing-file``); `message`
    is a sentence for people without a full stop and may be reworded; `hint` says what to do. `layout`, `layer` and
    `asset` are ids, `row` names the combination of rows (``KEN-250 · de-DE · spring``), where they apply; `check`
    is the check that found it, as layouts and jobs name it to set its level; `page` is the number of a page in a
    document of several. `further_rows` are so many more that have it likewise, where those are not told one by one.
    `subject` is what it is about, where a cause has several: a file, a column.
    `trace` is where the program was, for who mends it: it goes into the log of a run, and nowhere else.
    """

    severity: Severity
    code: str
    message: str
    place: Place | None = None
    hint: str | None = None
    layout: str | None = None
    layer: str | None = None
    row: str | None = None
    asset: str | None = None
    check: str | None = None
    page: int | None = None
    further_rows: int = 0
    subject: str = ""
    trace: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and _compared(self) == _compared(other)

    def __ne__(self, other: object) -> bool:  # that of a struct without its own `eq` asks whether it is the same object
        return not self == other

    def __hash__(self) -> int:
        return hash(_compared(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"

    @property
    def is_error(self) -> bool:
        """Whether this finding makes input unusable or a file unfit."""
        return self.severity is Severity.ERROR

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, for JSON; `place` becomes an object of its own."""
        data: dict[str, Any] = {"severity": self.severity.value, "code": self.code, "message": self.message}
        if self.place is not None:
            data["place"] = self.place.to_dict()
        data.update({name: value for name in _CONTEXT_FIELDS if (value := getattr(self, name)) is not None})
        if self.subject:
            data["subject"] = self.subject
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """The inverse of :meth:`to_dict`."""
        place = data.get("place")
        return cls(
            severity=Severity(data["severity"]),
            code=data["code"],
            message=data["message"],
            place=None if place is None else Place.from_dict(place),
            subject=data.get("subject", ""),
            **{name: data.get(name) for name in _CONTEXT_FIELDS},  # type: ignore[arg-type]  # texts, as `to_dict` wrote them
        )


_BESIDES = ("further_rows", "subject", "trace")  # which tell no finding from another
_compared = attrgetter(*(name for name in Finding.__struct_fields__ if name not in _BESIDES))
_CONTEXT_FIELDS = ("hint", "layout", "layer", "row", "asset", "check", "page")


ROWS_NAMED = 3
_SAID_OF_A_ROW = re.compile(r"'[^']*'|`[^`]*`|[-+]?\d[\d.,]*")
SUBJECTS_NAMED = 10


def by_cause(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding of each cause (a code in a layer of a layout, and what is to be done) and subject, which names
    the other pages of its row that have it, counts the other rows, and names the first of them: they may have it with
    other values. What is said otherwise of the same page, such as why another file of it cannot be, is told, too, if it
    is an error of all the page."""
    told = []
    for first, *others in _causes(findings):
        names = list(dict.fromkeys(name for one in others if (name := _row_of(one)) != _row_of(first)))
        count = len(names) + sum(one.further_rows for one in (first, *others))
        named = ", ".join(names[:ROWS_NAMED]) + (" …" if count > ROWS_NAMED else "")
        more = f" (and likewise in {count} more {'row' if count == 1 else 'rows'}: {named})" if count else ""
        same_row = [one for one in others if _row_of(one) == _row_of(first)]
        told.append(replace(first, message=first.message + _further_pages(first, same_row) + more))
        told += _told_otherwise(first, same_row)
    return told


def once_for_files(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding of those that say the same of several files, which counts the other files, and names the first
    of them."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.severity, one.code, one.message, one.hint or ""), []).append(one)
    told = []
    for first, *others in alike.values():
        own = first.place.file if first.place else None
        files = list(dict.fromkeys(one.place.file for one in others if one.place and one.place.file != own))
        named = ", ".join(files[:ROWS_NAMED]) + (" …" if len(files) > ROWS_NAMED else "")
        more = f" (and likewise {len(files)} more {'file' if len(files) == 1 else 'files'}: {named})" if files else ""
        told.append(replace(first, message=first.message + more))
    return told


def _further_pages(first: Finding, same_row: Iterable[Finding]) -> str:
    pages = sorted({one.page for one in same_row if one.page and one.page != first.page})
    return f" (and on page{'s' if len(pages) > 1 else ''} {', '.join(map(str, pages))})" if pages else ""


def _told_otherwise(first: Finding, same_row: Iterable[Finding]) -> Iterable[Finding]:
    whole = (one for one in same_row if one.is_error and not one.layer and one.page == first.page)
    return {one.message: one for one in whole if one.message != first.message}.values()


def few_of_each_cause(findings: Iterable[Finding], most: int) -> list[Finding]:
    """The findings in so many rows of each cause, the last of which counts the rows that are left out."""
    few: list[Finding] = []
    for every in _causes(findings):
        unlike: dict[tuple[str, Place | None], Finding] = {}  # of rows of one line, say in several languages, the first
        for one in every:
            unlike.setdefault((one.message, one.place), one)
        by_row: dict[str, Finding] = {}
        for one in unlike.values():
            by_row.setdefault(_row_of(one), one)
        *told, last = list(by_row.values())[:most]
        further = len(by_row) - len(told) - 1
        few += [*told, replace(last, further_rows=last.further_rows + further) if further else last]
    return few


def _causes(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Those of a cause together, apart for its first subjects; the others are with the last of these."""
    causes: dict[tuple[str, ...], list[Finding]] = {}
    subjects: dict[tuple[str, ...], list[str]] = {}
    for one in findings:
        file = one.place.file if one.place else ""
        layer = (one.layer or "").partition("#")[0]  # of a repeated one
        cause = (one.severity, one.code, one.layout or "", layer, file)
        known = subjects.setdefault(cause, [])
        subject = one.subject or _advice(one.hint)
        if subject not in known and len(known) < SUBJECTS_NAMED:
            known.append(subject)
        subject = subject if subject in known else known[-1]
        causes.setdefault((*cause, subject), []).append(one)
    return causes.values()


@functools.lru_cache(maxsize=1024)
def _advice(hint: str | None) -> str:
    """What is to be done, whatever its figures and names: where that is something else, so is the cause."""
    return _SAID_OF_A_ROW.sub("…", hint or "")


def _row_of(finding: Finding) -> str:
    return finding.row or str(finding.place)
