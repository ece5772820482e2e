"""How much the findings of checks matter in a run: as their checks say, unless the layout or the job sets it, and why.

They are kept as the checks found them, so that a level can change without anything being made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from pressrun.model.conformance import PICTURE_CHECKS
from pressrun.model.demands import CheckLevel
from pressrun.model.finding import Finding, Severity
from pressrun.model.project import Project
from pressrun.plan.needed_pictures import needed_masters


def check_levels(project: Project, layout: str) -> Mapping[str, CheckLevel]:
    """The levels that hold for a layout's sheets: the job's word counts before the layout's."""
    return {**project.layouts[layout].layout.checks, **project.job.checks}


def picture_levels(project: Project, slot: str) -> Mapping[str, CheckLevel]:
    """The levels of findings about the pictures of a slot, by their codes: the job's word, else that of the layouts
    that place it. Where these differ, the gravest holds, since they show one picture; a layout that sets none leaves
    it a warning."""
    layouts = {name: loaded.layout for name, loaded in project.layouts.items()}
    placing = [layouts[name].checks for name, slots in needed_masters(project.job, layouts).items() if slot in slots]
    levels: dict[str, CheckLevel] = {}
    for check, codes in PICTURE_CHECKS.items():
        said = [one[check] for one in placing if check in one]
        level = project.job.checks.get(check)
        if level is None and said:
            gravest = max(said, key=lambda one: _rank(one.level))
            level = gravest if len(said) == len(placing) or gravest.level == "error" else None
        if level is not None:
            levels |= dict.fromkeys(codes, level)
    return levels


def _rank(level: str) -> int:
    return -1 if level == "off" else Severity(level).rank


def at_levels(findings: Iterable[Finding], levels: Mapping[str, CheckLevel]) -> list[Finding]:
    """The findings with the severities that hold here, the gravest first; those of checks that are off are left out."""
    kept = []
    for finding in findings:
        level = levels.get(finding.check or "")
        if level is None:
            kept.append(finding)
        elif level.level != "off":
            kept.append(replace(finding, severity=Severity(level.level)))
    return sorted(kept, key=lambda finding: -finding.severity.rank) if levels else kept


def levels_set(project: Project) -> list[dict[str, str]]:
    """Every level that is set, by whom and why, as the manifest keeps it."""
    by_layout = {f"layout {name}": loaded.layout.checks for name, loaded in project.layouts.items()}
    return [
        {"check": check, "level": level.level, "because": level.because, "set_by": who}
        for who, levels in {"job": project.job.checks, **by_layout}.items()
        for check, level in levels.items()
    ]
