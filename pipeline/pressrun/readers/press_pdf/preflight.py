"""What a printer would send a file back for: every rule asked, and what it found told once for all its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.facts import PressFile, Rectangle
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.every import RULES
from pressrun.readers.press_pdf.rules.rule import Fault, Rule

__all__ = ["Judged", "PressLimits", "judge", "judged"]
Levels = Mapping[str, Severity | None]
"""What a profile says of codes: a severity, or None for a rule that is off."""
OF_LOST_PAGES = ("broken-page", "too-much")  # what is asked of a page of which not even the boxes are known


class Judged(Struct, frozen=True):
    """A finding, the rule that it is of, and its places: page numbers from 1, rectangles in points."""

    finding: Finding
    rule: Rule
    pages: tuple[int, ...]
    places: tuple[tuple[int, Rectangle], ...]


class _Found(Struct):
    pages: list[int] = field(default_factory=list)
    places: list[tuple[int, Rectangle]] = field(default_factory=list)


def judge(file: PressFile, name: str, limits: PressLimits | None = None, levels: Levels | None = None) -> list[Finding]:
    """Every finding about a file, the gravest first; what is the same on several pages is said once."""
    return [one.finding for one in judged(file, name, limits, levels)]


def judged(file: PressFile, name: str, limits: PressLimits | None = None, levels: Levels | None = None) -> list[Judged]:
    """The same, with the rules and the places."""
    found: dict[tuple[int, Severity, str, str | None, str | None], _Found] = {}
    limits, levels = limits or PressLimits(), levels or {}
    for at, rule in enumerate(RULES):
        level = levels.get(rule.code, rule.severity)
        if level is None or (file.locked and rule.code != "encrypted"):
            continue
        asked: list[tuple[int, Iterable[Fault]]] = [(0, rule.of_file(file, limits))] if rule.of_file else []
        if (find := rule.of_page) is not None:
            for page in file.pages:
                if page.was_read or rule.code in OF_LOST_PAGES:
                    asked.append((page.number, find(page, limits)))
        for number, faults in asked:
            for fault in faults:
                severity = min(level, fault.severity or level)
                known = found.setdefault((at, severity, fault.message, fault.hint, fault.layer), _Found())
                if number and number not in known.pages:
                    known.pages.append(number)
                known.places += [(number, place) for place in fault.at]
    told = []
    for (at, severity, message, hint, layer), where in found.items():
        text = f"{_listed(where.pages, len(file.pages))}{message}"
        finding = Finding(severity, RULES[at].code, text, Place(name), hint, layer=layer)
        told.append(Judged(finding, RULES[at], tuple(where.pages), tuple(where.places)))
    return sorted(told, key=lambda one: -one.finding.severity.rank)


def _listed(numbers: list[int], count: int) -> str:
    """As `on_pages`; nothing for what is of the file's only page."""
    return "" if count == 1 else on_pages(numbers)


def on_pages(numbers: Sequence[int]) -> str:
    """``pages 1–3, 7: ``; nothing for what is of no page."""
    if not numbers:
        return ""
    runs: list[list[int]] = []
    for number in dict.fromkeys(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' if len(numbers) > 1 else ''} {shown}: "
