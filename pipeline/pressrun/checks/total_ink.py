"""How much ink lies on one spot: what a press takes is the printing condition's to say."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import PictureMark, ungrouped

SEEN = 3.0  # CIEDE2000 in the mean of what was changed, from which people notice


def total_ink(inspection: Inspection) -> Iterator[Finding]:
    facts = inspection.inks
    if facts is None or not facts.limits:
        return
    for mark in ungrouped(inspection.sheet.marks):
        limit = facts.limits.get(mark.digest) if isinstance(mark, PictureMark) else None
        if limit:
            told = (
                f"the picture would have up to {limit.had:.0f} % of ink, and was brought down to {facts.most:g} %: "
                f"what changed is {limit.mean:.1f} from what it was (CIEDE2000), {limit.worst:.1f} at the most"
            )
            is_seen = limit.mean > SEEN
            hint = "use a profile that is made for so little ink" if is_seen else None
            severity = Severity.WARNING if is_seen else Severity.NOTE
            yield inspection.finding(severity, "ink-limited", told, mark.layer, hint)
