"""The codes of many pages, drawn together and read again: of those beside which nothing lies but shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from pressrun import export as export_stage
from pressrun.graphics.codes.barcodes import reading
from pressrun.graphics.codes.drawn_cells import drawn_cells
from pressrun.graphics.color.inks import PressProfile
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.reach import reach_of
from pressrun.model.rendering import Overlay, Vectors
from pressrun.model.sheet import ShapeMark, Sheet, is_on_plate
from pressrun.run.worker.bench import Bench
from pressrun.run.worker.codes_read import looked_at, sharp_density
from pressrun.run.worker.drawn_pages import ComposedPage

Readings = dict[int, dict[str, tuple[str, ...]]]
"""What is read of codes, by the number of their page and their layer."""


class _Alike(Struct):
    """Codes in one place on one ground, with modules of one size; drawn at a ``density`` in pixels per inch."""

    page: ComposedPage
    press: PressProfile
    rect: Rect
    density: float
    codes: list[tuple[int, CodeMark]] = field(default_factory=list)
    cells: list[Sequence[Vectors]] = field(default_factory=list)


def read_together(bench: Bench, pages: Sequence[ComposedPage], overlays: Sequence[Overlay]) -> Readings:
    """The codes that are read as they should be; what is left has to be looked at more closely."""
    alike: dict[object, _Alike] = {}
    for number, (page, overlay) in enumerate(zip(pages, overlays, strict=True)):
        sheet = page.sheet
        vectors = _vectors(overlay) if sheet.target == "print" else ()
        for mark in sheet.marks if vectors else ():
            if isinstance(mark, CodeMark) and _stands_free(mark, rect := looked_at(mark), sheet):
                density = sharp_density(mark.module)
                key = page.plate_key, sheet.condition, sheet.boxes, rect, density
                one = alike.setdefault(key, _Alike(page, bench.press(sheet), rect, density))
                one.codes.append((number, mark))
                one.cells.append(vectors)
    readings: Readings = {}
    for one in alike.values():
        for number, layer, read in _read(bench, one):
            readings.setdefault(number, {})[layer] = read
    return readings


def _read(bench: Bench, alike: _Alike) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    sheet, plate = alike.page.sheet, bench.plate(alike.page.sheet, alike.page.plate_key).ground
    size = sheet.boxes.bleed.width, sheet.boxes.bleed.height
    ground, corner, whole = export_stage.ground_part(plate, size, alike.rect, alike.density, "L")

    def look(ink: Ink) -> str:
        return export_stage.look(ink, "print", alike.press)

    pictures = drawn_cells(alike.cells, size, look, whole, corner, ground)
    for (number, mark), picture in zip(alike.codes, pictures, strict=True):
        read = reading(picture, mark.kind, thorough=False)
        if mark.reads in read:
            yield number, mark.layer, read


def _vectors(overlay: Overlay) -> Sequence[Vectors]:
    """What covers what it lies on, of a page on which nothing is mixed."""
    if overlay.is_mixed:
        return ()
    return [one for level in overlay.levels for one in level.segments if isinstance(one, Vectors)]


def _stands_free(mark: CodeMark, rect: Rect, sheet: Sheet) -> bool:
    """Whether what is seen of a code hangs on nothing but shapes and the plate."""
    others = (one for one in sheet.marks if one is not mark and not is_on_plate(one))
    return all(isinstance(one, (ShapeMark, CodeMark)) or not reach_of(one).meets(rect) for one in others)
