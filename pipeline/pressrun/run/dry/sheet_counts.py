"""How many pages, files and plates a plan comes to: geometry tells, before anything is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun import plate, registry
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model.errors import InputError
from pressrun.model.geometry import SCREEN_DENSITY
from pressrun.model.layout import Layout
from pressrun.model.plan import PlannedSheet
from pressrun.model.plate_density import plate_density, press_density
from pressrun.model.sheet import PictureMark, ShadeMark, Sheet, is_on_plate
from pressrun.run.dry.dry_sheets import dry_look
from pressrun.run.merged.documents import divided
from pressrun.run.merged.slip_sheets import NoSlips
from pressrun.run.prepared import Prepared
from pressrun.run.presses import presses_of

MOST_LOOKED_AT = 1000  # sheets of one page, of which each takes some milliseconds


class SheetCounts(Struct, frozen=True):
    """``pages`` are those of the layouts that have several, by their names; ``files`` are all files of the plan;
    ``plates`` are the pictures that are painted under and over what is live, each once however many sheets show it
    (None where there are too many sheets to look at each)."""

    files: int
    pages: Mapping[str, int] = field(default_factory=dict)
    plates: int | None = None


def sheet_counts(prepared: Prepared) -> SheetCounts:
    project, plan = prepared.project, prepared.plan
    few = len(plan.sheets) <= MOST_LOOKED_AT
    pages: Counter[str] = Counter()
    plates: set[str] | None = set() if few else None
    files = _files(prepared)
    presses = presses_of(project)
    if not few and not any(loaded.layout.page_list for loaded in project.drawn.values()):
        return SheetCounts(files)
    sound = (sheet for sheet in plan.sheets if not sheet.fault)
    looked_at = (sheet for sheet in sound if few or project.drawn_by(sheet.drawn_by).layout.page_list)
    with dry_look(prepared, tells_apart=True) as look:
        for planned in looked_at:
            try:
                sheets = look.laid_out(planned)
            except InputError:  # which `check` tells
                continue
            if project.drawn_by(planned.drawn_by).layout.page_list:
                pages[planned.layout] += len(sheets)
                files += (len(sheets) - 1) * _single(planned)
            if plates is not None:
                layout = project.drawn_by(planned.drawn_by).layout
                plates.update(key for sheet in sheets for key in _plate_keys(sheet, layout, presses[sheet.condition]))
    return SheetCounts(files, pages, None if plates is None else len(plates))


def _plate_keys(sheet: Sheet, layout: Layout, profile: PressProfile) -> Iterator[str]:
    """Those of the plate, and of the pieces that lie above live layers."""
    if sheet.target == "print":
        whole, canvas = Canvas(plate_density(sheet, layout), profile), Canvas(press_density(sheet.boxes.bleed), profile)
    else:
        whole = canvas = Canvas(SCREEN_DENSITY, None)
    if (key := plate.plate_key(sheet, whole)) is not None:
        yield key
    for one in sheet.placed:
        if isinstance(one.mark, (PictureMark, ShadeMark)) and not is_on_plate(one.mark):
            yield plate.piece_key(one.mark, replace(canvas, density=canvas.density * one.enlargement))


def _files(prepared: Prepared) -> int:
    """The files of a plan, of which one may have many rows in it."""
    project, plan = prepared.project, prepared.plan
    if project.job.output is None:
        return plan.files
    alone = sum(not file.merged for sheet in plan.sheets for file in sheet.files)
    return alone + sum(1 for _ in divided(project, plan.sheets, NoSlips()))


def _single(sheet: PlannedSheet) -> int:
    """How many of a sheet's formats have a file for each page."""
    return sum(1 for file in sheet.files if not registry.FORMATS[file.format].write_pages)
