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
from pressrun.run.bench import Bench, Plate


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


def grounds_in_inks(bench: Bench, sheet: Sheet, plate: Plate) -> Mapping[str, TextGround]:
    """The same, of a page for print mixed as a press mixes it: ink by ink."""
    found: dict[str, TextGround] = {}
    lower: tuple[Mark, ...] = ()
    for level in levels_of(sheet.marks):
        found |= grounds_of(level.marks, _mixed_over(bench, sheet, lower + level.under, plate))
        lower += textless(level.marks)
    return found


def _mixed_over(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], plate: Plate) -> Ground:
    if not marks:
        return plate.ground
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=marks)], bench)
    assert overlay, "there are no texts whose company could show"
    press = bench.press(sheet)
    if not overlay.is_mixed:
        with export_stage.to_be_drawn([overlay], [sheet.target], [press]) as (drawable,):
            return export_stage.view(drawable, sheet, plate.ground, None).page
    return export_stage.ground_of(mixed(overlay, bench.press_plate(sheet, plate), press)[-1][1], sheet, press)
