"""check: every registered check looks at the sheet and at the bytes written."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pressrun.model.finding import Finding
from pressrun.model.inspection import Check, Inspection


def check(inspection: Inspection, checks: Mapping[str, Check]) -> list[Finding]:
    """All findings, the gravest first, each once."""
    found: dict[Finding, Finding] = {}
    for name, run in checks.items():
        for finding in run(inspection):
            if finding not in found:
                found[finding] = replace(finding, check=name)
    return sorted(found.values(), key=lambda finding: (-finding.severity.rank, finding.code, finding.layer or ""))
