"""How much ink lies on one spot: what a press takes is the printing condition's to say."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Rect
from pressrun.model.inspection import Inspection
from pressrun.model.reach import reach_of
from pressrun.model.separations import InkPeak
from pressrun.model.sheet import GroupMark, PictureMark, ungrouped

SEEN = 3.0  # CIEDE2000 in the mean of what was changed, from which people notice


def total_ink(inspection: Inspection) -> Iterator[Finding]:
    facts = inspection.inks
    if facts is None:
        return
    if facts.peak and facts.peak.over:
        yield _over_limit(inspection, facts.peak, facts.most)
    for mark in ungrouped(inspection.sheet.marks):
        if isinstance(mark, PictureMark) and (spots := facts.in_process.get(mark.digest)):
            told = f"the drawing has the colour of {', '.join(spots)}, but as a picture it is pixels, printed in CMYK"
            cure = "place it as `artwork`, which is drawn in inks, or as a logo"
            yield inspection.finding(Severity.WARNING, "spot-in-process", told, mark.layer, cure)
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


def _over_limit(inspection: Inspection, peak: InkPeak, most: float) -> Finding:
    """Of layers that lie on each other the topmost is named that adds to what is below."""
    across, down = (f"{points * 25.4 / 72:.1f} mm" for points in (peak.x, peak.y))
    told = (
        f"layers together have {peak.percent:.0f} % of ink {across} from the left, {down} from the top of the bleed; "
        f"the condition takes {most:g} %"
    )
    there = [one.layer for one in inspection.sheet.marks if isinstance(one, GroupMark) and _holds(reach_of(one), peak)]
    hint = "use a lighter colour there, or another blend; `preview --separations` shows the place"
    return inspection.finding(Severity.WARNING, "ink-over-limit", told, there[-1] if there else None, hint)


def _holds(rect: Rect, peak: InkPeak) -> bool:
    return rect.x <= peak.x <= rect.right and rect.y <= peak.y <= rect.bottom
