"""check: every registered check looks at the sheet and at the bytes written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pressrun.model.finding import Finding
from pressrun.model.inspection import Check, Inspection


def check(inspection: Inspection, checks: Mapping[str, Check]) -> list[Finding]:
    """All findings, the gravest first, each once."""
    found: Iterable[Finding] = (finding for run in checks.values() for finding in run(inspection))
    return sorted(dict.fromkeys(found), key=lambda finding: (-finding.severity.rank, finding.code, finding.layer or ""))
