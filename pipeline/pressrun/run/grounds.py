"""What texts and logos of a sheet stand on before they are settled: pieces and artwork, too, without any texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pressrun import export as export_stage
from pressrun import typeset as typeset_stage
from pressrun.graphics.ground import Ground, grounds_of
from pressrun.graphics.mixing import mixed
from pressrun.model.inspection import TextGround
from pressrun.model.levels import levels_of, textless
from pressrun.model.sheet import Mark, Sheet
from pressrun.run.bench import Bench
from pressrun.run.painted_plates import Plate


def grounds(bench: Bench, sheet: Sheet, ground: Ground) -> Mapping[str, TextGround]:
    """By layer, over a plate that looks so."""
    found: dict[str, TextGround] = {}
    lower: tuple[Mark, ...] = ()
    for level in levels_of(sheet.marks):
        ground = _drawn_over(bench, sheet, lower, ground) if lower else ground
        found |= grounds_of(level.marks, _drawn_over(bench, sheet, level.under, ground) if level.under else ground)
        lower = textless(level.marks)
    return found


def _drawn_over(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], ground: Ground) -> Ground:
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=marks)], bench)
    assert overlay, "there are no texts whose company could show"
    with export_stage.to_be_drawn([overlay], [sheet.target], [bench.press(sheet)]) as (drawable,):
        return export_stage.view(drawable, sheet, ground, None).page


def grounds_again(bench: Bench, sheet: Sheet, plate_key: str) -> Mapping[str, TextGround]:
    """The same of a sheet that is looked at with this and that laid on it, as other sheets on its plate are: what was
    drawn last is kept. Pages for print are mixed as a press mixes them, ink by ink."""
    found: dict[str, TextGround] = {}
    lower: tuple[Mark, ...] = ()
    for level in levels_of(sheet.marks):
        below = lower + level.under
        plate = bench.plate(sheet, plate_key)
        found |= grounds_of(level.marks, _kept(bench, sheet, below, plate, plate_key) if below else plate.ground)
        lower += textless(level.marks)
    return found


def _kept(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], plate: Plate, plate_key: str) -> Ground:
    key, kept = f"{plate_key} {sheet.target} {sheet.condition} {marks}", bench.drawn_grounds
    if key not in kept:
        while len(kept) >= bench.plates_at_hand(sheet):
            del kept[next(iter(kept))]
        kept[key] = _seen_over(bench, sheet, marks, plate)
    return kept[key]


def _seen_over(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], plate: Plate) -> Ground:
    if sheet.target == "screen":
        return _drawn_over(bench, sheet, marks, plate.ground)
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=marks)], bench)
    assert overlay, "there are no texts whose company could show"
    press = bench.press(sheet)
    if overlay.is_mixed:
        return export_stage.ground_of(mixed(overlay, bench.press_plate(sheet, plate), press)[-1][1], sheet, press)
    with export_stage.to_be_drawn([overlay], [sheet.target], [press]) as (drawable,):
        return export_stage.view(drawable, sheet, plate.ground, None).page
