"""From sources and a scheme to a finished file: pages placed, marks drawn, all written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from pressrun.graphics.codes.barcodes import symbol
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Rect
from pressrun.readers.press_pdf.budget import bounded_streams
from pressrun.run.imposition.imposed import Imposed, impose
from pressrun.run.imposition.position import PressSheet, Side
from pressrun.run.imposition.scheme import Scheme
from pressrun.run.imposition.sheet_pdf import SheetWriter
from pressrun.run.imposition.side_marks import Inks, SideMarks
from pressrun.run.imposition.sources import SourceFile, SourcePage, read_sources
from pressrun.run.imposition.technical_drawing import drawn_sheet
from pressrun.run.imposition.turns import OVER_LEVEL_AXIS, behind


class Told(Struct, frozen=True):
    """What the slug line says beside the sheet's number: the job with its run, and the scheme by its name."""

    job: str
    scheme: str


class SheetFile(Struct, frozen=True):
    """What was written of imposed sheets. ``pages`` are those that positions count."""

    imposed: Imposed
    pages: Sequence[SourcePage]
    inks: tuple[str, ...]
    findings: tuple[Finding, ...]

    def name(self, page: int) -> str:
        """What a page is called, as the slug line has it."""
        return self.pages[page].name


def sheet_file(
    scheme: Scheme, files: Sequence[SourceFile], backs: Sequence[SourceFile], told: Told, out: BinaryIO,
    place: Place | None = None,
) -> SheetFile:  # fmt: skip
    """Impose files, and write their sheets. Raises InputError, OSError."""
    writer = SheetWriter(out)
    with bounded_streams():
        sources = read_sources([*files, *backs], writer.take)
    of_backs = {id(file) for file in backs}  # a file may be its own back
    numbers = range(len(sources.pages))
    order = sorted(numbers, key=lambda number: id(sources.pages[number].file) in of_backs)
    pages = [sources.pages[number] for number in order]
    count = sum(id(page.file) not in of_backs for page in pages)
    imposed = impose(scheme, pages[:count], pages[count:], place)
    inks = writer.begin(sources, order)
    marking = _Marking(scheme, inks, told, pages, len(imposed.sheets), sources.modified)
    for number, sheet in enumerate(imposed.sheets, 1):
        for side, marks in marking.of_sheet(number, sheet):
            writer.add(sheet, side, marks)
    writer.finished(f"{told.job} on {told.scheme}", sources)
    found = (*sources.findings, *imposed.findings, *marking.findings())
    return SheetFile(imposed, pages, inks.names, found)


def beside_their_fronts(made: SheetFile) -> Iterator[Finding]:
    """What is told of files that may have a front and a back each, on sheets that are printed on one side."""
    pages = Counter(page.file.name for page in made.pages)
    if set(pages.values()) == {2}:
        which = "the file has two pages, which" if len(pages) == 1 else f"all {len(pages)} files have two pages, which"
        message, hint = f"{which} stand beside each other", "if they are fronts and backs, say --turn sheetwise"
        yield Finding(Severity.NOTE, "backs-beside-fronts", message, Place(made.pages[0].file.name), hint)


class _Marking:
    """Draws the marks of sheets, and keeps in mind which had no room."""

    def __init__(
        self, scheme: Scheme, inks: Inks, told: Told, pages: Sequence[SourcePage], sheets: int, modified: str
    ) -> None:
        self._scheme, self._inks, self._told, self._pages, self._sheets = scheme, inks, told, pages, sheets
        self._date = dated(modified)
        self._missing: dict[str, None] = {}
        self._laid_out: dict[tuple[object, ...], SideMarks] = {}

    def of_sheet(self, number: int, sheet: PressSheet) -> Iterator[tuple[Side, str]]:
        """Each side with the operators of its marks."""
        targets: tuple[Rect, ...] | None = None
        for side in sheet.sides:
            marks = self._marks_of(sheet, side, targets)
            yield side, marks.drawn(self._slug(number, sheet, side), self._code(number, side))
            self._missing |= dict.fromkeys(marks.missing)
            targets = tuple(behind(one, sheet.width, sheet.height, self._scheme.turn) for one in marks.targets)

    def _marks_of(self, sheet: PressSheet, side: Side, targets: tuple[Rect, ...] | None) -> SideMarks:
        key = side.name, side.cells, side.folds, sheet.height
        if key not in self._laid_out:
            area = printable(self._scheme, sheet)
            self._laid_out[key] = SideMarks(side, area, frozenset(self._scheme.marks), self._inks, targets)
        return self._laid_out[key]

    def _slug(self, number: int, sheet: PressSheet, side: Side) -> str:
        parts = [self._told.job, self._range(side), self._told.scheme, f"sheet {number} of {self._sheets}", side.name]
        parts += [f"print {sheet.copies}"] if sheet.copies > 1 else []
        return "   ".join(part for part in (*parts, self._date) if part)

    def _code(self, number: int, side: Side) -> tuple[str, ...]:
        """What a cutter reads: the scheme by its name, which sheet of how many it is, and its side."""
        if "code" not in self._scheme.marks:
            return ()
        return symbol("data-matrix", f"{self._told.scheme}/{number}/{self._sheets}/{side.name}").rows

    def _range(self, side: Side) -> str:
        """The first and the last of what stands there, in the order it came."""
        if not side.pages:
            return "blank"
        first, last = self._pages[min(side.pages)].name, self._pages[max(side.pages)].name
        return first if first == last else f"{first} – {last}"

    def findings(self) -> Iterable[Finding]:
        if self._missing:
            message = f"no room around the pages for: {', '.join(self._missing)}"
            hint = "a larger stock or smaller margins make room; leave them out of `marks` to be told no more"
            yield Finding(Severity.NOTE, "no-room-for-marks", message, hint=hint)


def sheet_drawing(scheme: Scheme, made: SheetFile, told: Told, picture: str = "PNG") -> bytes:
    """The first sheet with its dimensions in millimetres, as a PNG or JPEG."""
    sheet = made.imposed.sheets[0]
    kind = scheme.method if scheme.turn == "none" else f"{scheme.method}, {scheme.turn}"
    size = f"{sheet.width * 25.4 / 72:.4g} x {sheet.height * 25.4 / 72:.4g} mm"
    title = f"{told.scheme}   {size}   {kind}   sheet 1 of {len(made.imposed.sheets)}"

    def page(number: int) -> tuple[str, Rect]:
        return made.name(number), made.pages[number].trim

    return drawn_sheet(sheet, printable(scheme, sheet), title, page, picture)


def printable(scheme: Scheme, sheet: PressSheet) -> Rect:
    """What prints of a sheet, both halves of it where they share a plate."""
    gripper, margin = scheme.gripper.points(0), scheme.margin.points(0)
    top = gripper if scheme.turn in OVER_LEVEL_AXIS else margin
    return Rect(margin, top, sheet.width - 2 * margin, sheet.height - top - gripper)


def dated(modified: str) -> str:
    """The day of a date as PDF writes it: 2027-03-01."""
    digits = modified.removeprefix("D:")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else ""
