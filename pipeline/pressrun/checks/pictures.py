"""Pictures that show nothing, and stand-ins that are about to be printed."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.provenance import SourceType
from pressrun.model.sheet import PictureMark, ungrouped

FLAT = 2.0  # standard deviation of 8-bit values below which a picture is one colour to the eye


def empty_pictures(inspection: Inspection) -> Iterator[Finding]:
    for mark in ungrouped(inspection.sheet.marks):
        fact = inspection.pictures.get(mark.digest) if isinstance(mark, PictureMark) else None
        if fact and fact.spread < FLAT:
            yield inspection.finding(Severity.ERROR, "empty-picture", "the picture is one flat colour", mark.layer)


def stand_ins(inspection: Inspection) -> Iterator[Finding]:
    if inspection.sheet.target != "print":
        return
    for mark in ungrouped(inspection.sheet.marks):
        fact = inspection.pictures.get(mark.digest) if isinstance(mark, PictureMark) else None
        if fact and fact.source_type == SourceType.ALGORITHMIC:
            yield inspection.finding(
                Severity.WARNING,
                "stand-in-picture",
                "a stand-in drawn for position only is on a page for press",
                mark.layer,
                "run with a real provider before this goes to the printer",
            )
