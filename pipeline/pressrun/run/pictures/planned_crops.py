"""The part of each picture that its places show, told before anything is made: of those that exist as they are, and of
those to come as their sizes and stages tell."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pressrun.checks.pictures import share_seen
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError
from pressrun.model.named_files import files_named
from pressrun.model.placed_page import SVG
from pressrun.model.plan import PlannedSheet
from pressrun.model.sheet import PictureMark, Sheet, ungrouped
from pressrun.model.step import BrandColors
from pressrun.run.dry.dry_sheets import DryLook, dry_look
from pressrun.run.pictures.masters import pictures_there
from pressrun.run.pictures.previews import small
from pressrun.run.prepared import Prepared
from pressrun.run.presses import presses_of
from pressrun.run.slot_steps import SlotSteps


class PlannedCrop(Struct, frozen=True):
    """A place of a picture: ``picture`` is its slot and master, or the file that the row names; ``box`` the part that
    is shown (x, y, width, height, in fractions of the picture as its steps leave it). ``sha256`` is empty where there
    is no such picture yet. ``subject`` is the box of what detectors found in it, ``seen`` how much of that is shown."""

    picture: str
    take: int | None
    size: tuple[int, int]
    sha256: str
    row: str
    layout: str
    layer: str
    page: int | None
    box: tuple[float, float, float, float]
    subject: tuple[float, float, float, float] | None = None
    seen: float | None = None


def planned_crops(prepared: Prepared) -> Iterator[PlannedCrop]:
    """Those of every sheet that can be composed, in the order of the plan. Nothing is made, and nothing written."""
    project, doors = prepared.project, prepared.doors
    colors = BrandColors(project.brand.palette, presses_of(project)[""].data)
    steps = SlotSteps.read(project)
    there = pictures_there(prepared.plan, doors, steps, colors)
    takes = {task.key: task.request.take for task in prepared.plan.pictures}
    with dry_look(prepared, tells_apart=True, there=there) as look:
        for planned in prepared.plan.sheets:
            if planned.fault:
                continue
            try:
                named = _named(prepared, planned, look, takes)
                sheets = look.laid_out(planned)
            except InputError:  # which `check` tells
                continue
            for sheet in sheets:
                yield from _of_sheet(planned, sheet, named)


Named = dict[str, tuple[str, int | None, PlacedPicture, bool]]  # by digest: name, take, picture, whether it is there


def picture_seen(prepared: Prepared, digest: str) -> bytes:
    """A picture that exists, as a small JPEG; empty where its bytes are gone."""
    written = {prepared.files.place(name).digest: name for name in prepared.files.names}
    file = prepared.project.find_file(written[digest]) if digest in written else None
    return small(file.read_bytes() if file else next(iter(prepared.doors.store.read_many([digest])), None))


def _named(prepared: Prepared, planned: PlannedSheet, look: DryLook, takes: dict[str, int]) -> Named:
    found: Named = {}
    place = prepared.files.on(planned)
    for written in files_named(prepared.files.words.of(planned).values()):
        picture = place(written)
        found[picture.digest] = written, None, picture, True
    for use in planned.slots:
        picture, _ = look.shown(use)
        found[picture.digest] = f"{use.slot}/{use.master}", takes.get(use.key), picture, picture.digest != use.key
    return found


def _of_sheet(planned: PlannedSheet, sheet: Sheet, named: Named) -> Iterator[PlannedCrop]:
    for mark in ungrouped(sheet.marks):
        if not isinstance(mark, PictureMark) or mark.media_type == SVG or mark.digest not in named:
            continue
        name, take, picture, is_there = named[mark.digest]
        x, y, width, height = (round(edge, 4) + 0.0 for edge in mark.crop)
        yield PlannedCrop(
            name, take, picture.size, mark.digest if is_there else "", planned.row.id, planned.layout, mark.layer,
            sheet.page, (x, y, width, height), picture.subject,
            share_seen(picture.subject, mark.crop) if picture.subject else None,
        )  # fmt: skip
