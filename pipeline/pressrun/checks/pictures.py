"""Pictures that show nothing, those whose subject is cut off, and stand-ins that are about to be printed."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection
from pressrun.model.provenance import SourceType
from pressrun.model.sheet import PictureMark, ungrouped

WHOLE = 0.995  # of a subject, that is as good as all of it
FLAT = 2.0  # standard deviation of 8-bit values below which a picture is one colour to the eye


def empty_pictures(inspection: Inspection) -> Iterator[Finding]:
    for mark in ungrouped(inspection.sheet.marks):
        fact = inspection.pictures.get(mark.digest) if isinstance(mark, PictureMark) else None
        if fact and fact.spread < FLAT:
            yield inspection.finding(Severity.ERROR, "empty-picture", "the picture is one flat colour", mark.layer)


def subjects_in_sight(inspection: Inspection) -> Iterator[Finding]:
    """What detectors found in a picture is seen whole where it is placed."""
    for mark in ungrouped(inspection.sheet.marks):
        fact = inspection.pictures.get(mark.digest) if isinstance(mark, PictureMark) else None
        if fact and fact.subject:
            assert isinstance(mark, PictureMark)
            share = share_seen(fact.subject, mark.crop)
            if share < WHOLE:
                message = f"{100 - 100 * share:.0f} % of the picture's subject is cut off by its place"
                hint = "give it a box nearer to the subject's shape, or a focus; or extend the picture"
                yield inspection.finding(Severity.WARNING, "subject-cut", message, mark.layer, hint)


def share_seen(subject: tuple[float, float, float, float], crop: tuple[float, float, float, float]) -> float:
    """How much of a subject (left, top, right, lower edge) is in the part that is shown, from 0 to 1."""
    share = 1.0
    for axis in (0, 1):
        low, high = max(subject[axis], crop[axis]), min(subject[axis + 2], crop[axis] + crop[axis + 2])
        share *= max(0.0, high - low) / (subject[axis + 2] - subject[axis])
    return share


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
