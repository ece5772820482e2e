"""What planned sheets say and show: their content, with the pictures and files that are there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from itertools import chain

from pressrun.model.composition import PlacedPicture
from pressrun.model.file_metadata import UNTOLD, SheetTold
from pressrun.model.job import STAGE
from pressrun.model.named_files import files_named
from pressrun.model.picture import PictureHad, PictureRetouched
from pressrun.model.plan import PlannedSheet, SlotUse
from pressrun.model.provenance import DRAWN
from pressrun.model.step import point_now
from pressrun.model.task import FileTask, SheetContent
from pressrun.run.size_groups import ALONE, SharedSizes

as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def said_by(
    brand_digest: str, layout_digest: str, layers: Mapping[str, Mapping[str, str]], files: Mapping[str, PlacedPicture]
) -> str:
    """What a sheet says and how, in short: a hash of its texts, layout, brand and placed files. What pictures it shows
    is not among it, nor by which version of the program it is made: neither undoes what was decided about its copy."""
    placed = {name: picture.digest for name, picture in files.items()}
    written = as_json([brand_digest, layout_digest, without_choices(layers), placed])
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def without_choices(layers: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Layers without the `when` by which they were chosen from alternatives: it shows in what was chosen."""
    if "when" not in chain.from_iterable(layers.values()):
        return layers
    return {name: {key: text for key, text in fields.items() if key != "when"} for name, fields in layers.items()}


def unmade(sheet: PlannedSheet) -> tuple[FileTask, ...]:
    """A sheet's files, whose keys nobody knows."""
    return tuple(FileTask(name, "", path, merged=merged) for name, path, merged in sheet.files)


def placed_in(use: SlotUse, got: PictureHad) -> tuple[PlacedPicture, str]:
    """A picture as a slot shows it, with its source type."""
    final, made = got.finals[use.slot], got.made.provenance
    pixels = final.pixels
    source = made.source_type
    stage = use.stage or (STAGE if source in DRAWN else None)  # what is drawn is drawn around one
    moved = got.moved_in(use.slot)
    stage, region = (point and point_now(point, moved) for point in (stage, made.region))
    found = (final.subject, final.detector) if isinstance(final, PictureRetouched) else (None, None)
    placed = PlacedPicture(
        final.digest, pixels.media_type, pixels.size, stage, (), region, made.credit, *found
    )  # fmt: skip
    return placed, source


def filled(
    sheet: PlannedSheet,
    layers: dict[str, dict[str, str]],
    picture: Callable[[SlotUse], tuple[PlacedPicture, str]],
    place_file: Callable[[str], PlacedPicture],
    sizes: SharedSizes = ALONE,
    told: SheetTold = UNTOLD,
) -> SheetContent:
    """A sheet's content; ``picture`` answers the one that a slot shows, with its source type."""
    slots: dict[str, tuple[PlacedPicture, ...]] = {}
    sources: dict[str, str] = {}
    for use in sheet.slots:
        if not use.shown:
            continue
        placed, source = picture(use)
        slots[use.slot] = (*slots.get(use.slot, ()), placed)
        sources[placed.digest] = source
    files = {name: place_file(name) for name in files_named(layers.values())}
    return SheetContent(
        sheet.layout, sheet.row.locale, told.title, told.description, layers, slots, files, sources, sheet.variant,
        sizes.of(sheet), sheet.condition, told.particulars,
    )  # fmt: skip
