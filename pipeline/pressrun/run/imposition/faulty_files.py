"""Files that are imposed as they are, with their errors: those come onto every sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.alike import one_of_each
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.run.composed_ink import measure_composed_ink
from pressrun.run.imposition.sources import SourceFile
from pressrun.run.imposition.windows import BYTES

LOOKED_AT = 24  # pages of a file, one of each kind: what is wrong with one is mostly wrong with those like it
SEPARATED = 4  # of these, whose inks are added up where they may lie over each other
LISTED = 3
OF_SHEETS = frozenset({"bleed"})  # told by the sheet itself, for the gaps that it has


def told_of_faulty_files(files: Iterable[SourceFile]) -> Iterator[Finding]:
    """A warning for each file that has errors: those that its run told, else what `preflight` finds on a page of each
    kind. Files so large that they are read by windows are not looked at."""
    for file in {one.name: one for one in files}.values():
        errors, looked_at = _errors(file) if file.told is None else (file.told, "")
        if errors:
            more = f"; and {len(errors) - LISTED} more" if len(errors) > LISTED else ""
            message = f"it is on the sheet with its errors: {'; '.join(errors[:LISTED])}{more}{looked_at}"
            hint = "mend it first: `pressrun preflight` tells all that is wrong with it"
            yield Finding(Severity.WARNING, "errors-imposed", message, Place(file.name), hint)


def _errors(file: SourceFile) -> tuple[tuple[str, ...], str]:
    """What is wrong with a file, and how much of it was looked at, if not all."""
    size = file.data.stat().st_size if isinstance(file.data, Path) else len(file.data)
    if size > BYTES:
        return (), ""
    profile = load_profile("sheet-fed")
    try:
        data = file.data if isinstance(file.data, bytes) else file.data.read_bytes()
        numbers, count = one_of_each(data, LOOKED_AT)
        limit = profile.limits.total_ink
        read = read_press_pdf(data, limit, lambda _: numbers, bleed=0)
        measure_composed_ink(read, data, limit, SEPARATED)
    except (Unreadable, OSError, *BROKEN):
        return (), ""  # what could be imposed all the same is told of by whoever places it
    found = judge(read, file.name, profile.limits, profile.levels)
    looked_at = f" ({len(numbers)} of its {count} pages were looked at)" if len(numbers) < count else ""
    return tuple(one.message for one in found if one.is_error and one.code not in OF_SHEETS), looked_at
