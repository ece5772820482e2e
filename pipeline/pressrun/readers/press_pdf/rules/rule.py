"""A rule: what it finds, the clause that it stands for, and what its fault would look like on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from pressrun.model.finding import Severity
from pressrun.readers.press_pdf.facts import PageFacts, PressFile, Rectangle
from pressrun.readers.press_pdf.limits import PressLimits

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Fault(Struct, frozen=True):
    """What a rule found. ``severity`` is what it is at the most, where it is less than the rule's others."""

    message: str
    hint: str | None = None
    at: tuple[Rectangle, ...] = ()
    severity: Severity | None = None
    layer: str | None = None


OfFile = Callable[[PressFile, PressLimits], Iterable[Fault]]
OfPage = Callable[[PageFacts, PressLimits], Iterable[Fault]]


class Rule(Struct, frozen=True):
    """``clause`` names the standard it stands for, or the practice; ``paper`` is what one would see in print. Exactly
    one of ``of_file`` and ``of_page`` finds. A rule of severity None is off unless a profile switches it on."""

    code: str
    severity: Severity | None
    clause: str
    paper: str
    of_file: OfFile | None = None
    of_page: OfPage | None = None


FILE_RULES: list[Rule] = []
PAGE_RULES: list[Rule] = []


def file_rule(code: str, severity: Severity | None, *, clause: str, paper: str) -> Callable[[OfFile], OfFile]:
    def add(find: OfFile) -> OfFile:
        FILE_RULES.append(Rule(code, severity, clause, paper, of_file=find))
        return find

    return add


def page_rule(code: str, severity: Severity | None, *, clause: str, paper: str) -> Callable[[OfPage], OfPage]:
    def add(find: OfPage) -> OfPage:
        PAGE_RULES.append(Rule(code, severity, clause, paper, of_page=find))
        return find

    return add
