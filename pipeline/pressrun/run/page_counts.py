"""How many pages the documents of a plan have, and so how many files: geometry tells, before anything is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pressrun import registry
from pressrun.model.errors import InputError
from pressrun.model.plan import PlannedSheet
from pressrun.run.dry_sheets import dry_look
from pressrun.run.job import Prepared


@dataclass(frozen=True, slots=True)
class PageCounts:
    """``pages`` are those of the layouts that have several, by their names; ``files`` are all files of the plan."""

    files: int
    pages: Mapping[str, int] = field(default_factory=dict)


def page_counts(prepared: Prepared) -> PageCounts:
    """Layouts of one page are not looked at."""
    project, plan = prepared.project, prepared.plan
    several = [sheet for sheet in plan.sheets if project.drawn_by(sheet.drawn_by).layout.page_list and not sheet.fault]
    if not several:
        return PageCounts(plan.files)
    pages: Counter[str] = Counter()
    files = plan.files
    with dry_look(prepared) as look:
        for sheet in several:
            try:
                count = len(look.composed([sheet]))
            except InputError:  # which `check` tells
                continue
            pages[sheet.layout] += count
            files += (count - 1) * _single(sheet)
    return PageCounts(files, pages)


def _single(sheet: PlannedSheet) -> int:
    """How many of a sheet's formats have a file for each page."""
    return sum(1 for name, _ in sheet.paths if not registry.FORMATS[name].write_pages)
