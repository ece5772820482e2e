"""Files that are imposed as they are, with their errors: those come onto every sheet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf, spread
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.run.imposition.sources import SourceFile
from pressrun.run.imposition.windows import BYTES

LOOKED_AT = 20  # pages of a file, spread evenly: what is wrong with one is mostly wrong with many
LISTED = 3
OF_SHEETS = frozenset({"bleed"})  # told by the sheet itself, for the gaps that it has


def told_of_faulty_files(files: Iterable[SourceFile]) -> Iterator[Finding]:
    """A warning for each file that has errors: those that its run told, else what `preflight` finds without measuring
    the ink of pictures. Files so large that they are read by windows are not looked at."""
    for file in {one.name: one for one in files}.values():
        errors = _errors(file) if file.told is None else file.told
        if errors:
            more = f"; and {len(errors) - LISTED} more" if len(errors) > LISTED else ""
            message = f"it is on the sheet with its errors: {'; '.join(errors[:LISTED])}{more}"
            hint = "mend it first: `pressrun preflight` tells all that is wrong with it"
            yield Finding(Severity.WARNING, "errors-imposed", message, Place(file.name), hint)


def _errors(file: SourceFile) -> tuple[str, ...]:
    size = file.data.stat().st_size if isinstance(file.data, Path) else len(file.data)
    if size > BYTES:
        return ()
    profile = load_profile("sheet-fed")
    try:
        read = read_press_pdf(file.data, math.inf, spread(LOOKED_AT), bleed=0)
    except Unreadable:
        return ()  # what could be imposed all the same is told of by whoever places it
    found = judge(read, file.name, profile.limits, profile.levels)
    return tuple(one.message for one in found if one.is_error and one.code not in OF_SHEETS)
