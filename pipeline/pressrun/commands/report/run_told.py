"""A run as text for people and JSON for machines."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

from msgspec.structs import asdict, replace

from pressrun.commands.report.finding_lines import SHOWN, finding_line, plural
from pressrun.decisions.latest_decisions import ABOUT_DECISIONS
from pressrun.model.dollars import dollars
from pressrun.model.finding import Finding, Severity, by_cause
from pressrun.model.run_record import RunReport


def run_text(report: RunReport) -> str:
    """What a run came to, what it found, and where to look at it."""
    counts, cost = report.counts, report.cost
    return "\n".join([
        f"{counts}. Spent {dollars(Decimal(str(cost.spent_usd)))}.",
        *_found(report),
        *(finding_line(note) for note in report.notes
          if note.severity is Severity.WARNING or note.code in ABOUT_DECISIONS),
        *(f"error: {problem}" for problem in report.problems),
        f"{report.folder}/contact-sheet.html",
    ])  # fmt: skip


def _found(report: RunReport) -> list[str]:
    """Errors spelled out, each cause once, warnings and notes counted by code."""
    if not any(report.found.values()):
        return []  # and the record need not be read
    errors: dict[tuple[str, ...], Finding] = {}  # as they stand in the first of the files of a sheet
    counted: Counter[tuple[str, str]] = Counter()
    for file in report.assets.found():
        counted.update({(one.severity.value, one.code) for one in file.findings if not one.is_error})
        for one in file.findings:
            if one.is_error:
                of_file = replace(one, row=file.row, layout=file.layout, asset=file.path)
                errors.setdefault((one.code, file.row, file.layout, one.layer or "", one.message), of_file)
    spelled = by_cause(errors.values())
    more = [f"… and {len(spelled) - SHOWN} more errors, in assets.csv"] if len(spelled) > SHOWN else []
    return [
        *map(_error_line, spelled[:SHOWN]),
        *more,
        *(f"{kind}: {code} in {count} {plural('file', count)}" for (kind, code), count in sorted(counted.items())),
    ]


def _error_line(finding: Finding) -> str:
    place = finding.place
    at = f"{place.file}:{place.line}: " if place and place.line else ""
    where = [f"page {finding.page}" if finding.page else "", f"layer {finding.layer}" if finding.layer else ""]
    layer = f" {', '.join(filter(None, where))}:" if any(where) else ""
    hint = f" — {finding.hint}" if finding.hint else ""
    return f"error: {at}{finding.asset}:{layer} {finding.message}{hint}  [{finding.code}]"


def run_json(report: RunReport) -> str:
    return json.dumps(
        {
            "run": report.run,
            "folder": report.folder,
            "job": report.job,
            "counts": report.counts.to_json(),
            "cost": asdict(report.cost),
            "findings": report.found,
            "problems": list(report.problems),
            "enough_usd": None if report.enough_usd is None else str(report.enough_usd),
            "exit": report.exit,
        },
        ensure_ascii=False,
        indent=2,
    )
