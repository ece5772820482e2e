"""The room that a scheme has: its sheet, what of it prints, and where fronts may lie in that."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Rect
from pressrun.run.imposition.scheme import Scheme
from pressrun.run.imposition.turns import OVER_LEVEL_AXIS, front_area

SAME_SIZE = 1.0  # points by which finished sizes may differ and are still meant to be one


class Room(Struct, frozen=True):
    """In points: the sheet, its printable ``area``, and the part of that in which ``fronts`` may lie."""

    sheet: tuple[float, float]
    area: Rect
    fronts: Rect


def room_of(scheme: Scheme, place: Place | None = None, length: float | None = None) -> Room:
    """``length``: how much of a roll is taken; else as much as may be. Raises InputError."""
    width, height = scheme.sheet_size()
    height = height if length is None else length
    gripper, margin = scheme.gripper.points(0), scheme.margin.points(0)
    top = gripper if scheme.turn in OVER_LEVEL_AXIS else margin
    area = Rect(margin, top, width - 2 * margin, height - top - gripper)
    fronts = front_area(area, width, height, scheme.turn)
    if min(fronts.width, fronts.height) <= 0:
        raise no_go("sheet-too-small", "gripper and margins take the whole sheet", "make them smaller", place)
    return Room((width, height), area, fronts)


def no_go(code: str, message: str, hint: str, place: Place | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, place, hint)])


def told(*lengths: float) -> str:
    """Lengths in points as millimetres: ``85 x 55 mm``."""
    return " x ".join(f"{length * 25.4 / 72:.4g}" for length in lengths) + " mm"


def gap_findings(
    gaps: tuple[float, float], counts: tuple[int, int], bleed: float, own: float, stated: bool, place: Place | None
) -> Iterator[Finding]:
    """Where bleed does not print in full: an error where somebody asked for it, else a note. ``own`` is the bleed that
    the pages have at most."""
    for gap, count, where in zip(gaps, counts, ("columns", "rows"), strict=True):
        wanted = bleed if stated else min(bleed, own)
        if count < 2 or gap / 2 >= wanted - 0.01 or (stated and gap == 0):
            continue
        half = "nothing of it prints there" if gap == 0 else f"{told(gap / 2)} of it print there"
        message = f"the bleed of {told(wanted)} is larger than half the gap of {told(gap)} between {where}: {half}"
        hint = f"a gutter of {told(2 * wanted)}, or a bleed of {told(gap / 2)}"
        yield Finding(Severity.ERROR if stated else Severity.NOTE, "bleed-over-gap", message, place, hint)
