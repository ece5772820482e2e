"""Whether a file that we wrote is what it says that it is: our own strict profile, asked of the written bytes.

Only what its standard rules is asked, and not what would merely be better; and the ink of its pictures is not measured:
that of plates is known when they are made, and takes ten times as long to be found again.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection

from msgspec import Struct

from pressrun.model.errors import BelowStandard
from pressrun.model.finding import Finding, Severity
from pressrun.readers.opened_pdfs import opened_first
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.preflight import Levels, judged
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.readers.press_pdf.rules.every import RULES

OF_CONTENT = frozenset({"undefined-glyph"})  # what checks tell of a page, and takes its standard's name from its file
OF_STANDARDS = ("ISO 15930", "ISO 32000")
TOLD = 3  # faults of one file


class Standard(Struct, frozen=True):
    """What a press file says that it is, the PDF version of that, and our profile that asks whether it is so."""

    name: str
    version: str
    profile: str


X4, X1A = Standard("PDF/X-4", "1.6", "x4"), Standard("PDF/X-1a:2003", "1.4", "x1a")


def kept_to(standard: Standard, data: bytes, pages: Collection[int] | None = None) -> bytes:
    """The file itself, where it is what it says; of its pages all are asked, or those with some numbers (from 0).
    Raises BelowStandard where it is not."""
    faults, at = _faults(data, standard.profile, pages)
    if faults:
        told = "; ".join(f"{fault.message} [{fault.code}]" for fault in faults[:TOLD])
        more = f"; and {len(faults) - TOLD} more" if len(faults) > TOLD else ""
        raise BelowStandard(standard.name, f"{told}{more}", {one.code for one in faults}, at)
    return data


def standard_faults(data: bytes, profile: str) -> list[Finding]:
    """Why a file is not what the standard of a profile asks for."""
    return _faults(data, profile, None)[0]


def _faults(data: bytes, profile: str, pages: Collection[int] | None) -> tuple[list[Finding], frozenset[int]]:
    """Those of a file, and the pages that have some; none where one is of the file itself."""
    try:
        chosen = None if pages is None else lambda _: pages
        file = read_press_pdf(data, math.inf, chosen, bleed=0, opened=opened_first)
    except Unreadable as error:
        return [Finding(Severity.ERROR, "not-a-pdf", str(error))], frozenset()
    found = [one for one in judged(file, "", *_asked(profile)) if one.finding.is_error]
    numbers = {number - 1 for one in found for number in one.pages} if all(one.pages for one in found) else ()
    return [one.finding for one in found], frozenset(numbers)


@functools.cache
def _asked(profile: str) -> tuple[PressLimits, Levels]:
    """The limits and levels of a profile, the rules off that are none of a standard."""
    asked = load_profile(profile)
    others = {rule.code: None for rule in RULES if not rule.clause.startswith(OF_STANDARDS)}
    return asked.limits, {**asked.levels, **others}
