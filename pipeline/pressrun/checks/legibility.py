"""Texts that are to be kept readable, and cannot be by anything that may be done for them."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import told_below
from pressrun.model.inspection import Inspection

ERROR_SHARE = 0.6  # of the ratio asked for, below which text is not weak but lost


def legibility(inspection: Inspection) -> Iterator[Finding]:
    for choice in inspection.choices:
        if choice.asked is None or choice.is_reached:
            continue
        severity = Severity.ERROR if choice.contrast < choice.asked * ERROR_SHARE else Severity.WARNING
        yield inspection.finding(
            severity,
            "unreached-contrast",
            f"nothing reaches {choice.asked:g}:1 here; {choice.told}, which does most, reaches "
            f"{told_below(choice.contrast, choice.asked)}:1",
            choice.layer,
            "give `legible` a panel or a shade more, another colour, or move the text to a calmer part",
        )
