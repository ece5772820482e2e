"""Findings as text for people and JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pressrun.commands.terminal import one_line
from pressrun.model.finding import Finding

SHOWN = 12  # findings of one code that are spelled out before the rest is counted


def findings_text(findings: Iterable[Finding]) -> str:
    """One line a finding, the gravest first."""
    ordered = sorted(findings, key=lambda finding: -finding.severity.rank)
    return "\n".join(finding_line(finding) for finding in ordered)


def finding_line(finding: Finding) -> str:
    """A finding with its code, which `pressrun explain` tells more of, and the sheet it is of: a line of a table stands
    for as many sheets as there are languages and layouts, and a line of a template for all rows."""
    told = replace(finding, message=": ".join([*filter(None, [", ".join(_sheet_of(finding))]), finding.message]))
    return f"{finding.severity}: {one_line(str(told))}  [{finding.code}]"


def _sheet_of(finding: Finding) -> Iterator[str]:
    """Row, layout, page and layer, as far as neither the place nor the sentence names them."""
    file = finding.place.file if finding.place else ""
    if finding.row and f"row {finding.row}" not in finding.message:
        yield f"row {finding.row}"
    if not finding.layout:
        return
    if finding.layer or not file.endswith(f"/{finding.layout}.yaml"):
        yield finding.layout
    if finding.page:
        yield f"page {finding.page}"
    if finding.layer:
        yield f"layer {finding.layer}"


def findings_json(findings: Iterable[Finding]) -> str:
    return json.dumps([finding.to_dict() for finding in findings], ensure_ascii=False, indent=2)


def plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
