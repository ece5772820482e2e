"""What texts and logos of a sheet stand on before they are settled: pieces and artwork, too, without any texts."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from msgspec.structs import replace

from pressrun import export as export_stage
from pressrun import typeset as typeset_stage
from pressrun.graphics.drawn.mixed_layers import mixed
from pressrun.graphics.plates.ground import Ground, White, grounds_of
from pressrun.model.color import WHITE
from pressrun.model.geometry import Rect
from pressrun.model.inspection import TextGround
from pressrun.model.levels import levels_of, textless
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import Mark, Sheet, placed
from pressrun.model.technical import TechnicalMark
from pressrun.run.worker.bench import Bench
from pressrun.run.worker.painted_plates import Plate


def white_below(bench: Bench, sheet: Sheet, plate_key: str) -> White | None:
    """The white that is printed below the inks of a sheet, where its stock is not as white."""
    is_white = tuple(one for one in sheet.marks if isinstance(one, TechnicalMark) and one.ink.step == "white")
    if not is_white or stock_of(bench, sheet) == WHITE:
        return None
    return white_in(bench, sheet, _set(bench, sheet, is_white), bench.plate(sheet, plate_key).ground.size)


def white_in(bench: Bench, sheet: Sheet, overlay: Overlay, size: tuple[int, int]) -> White | None:
    """The same of a sheet that is set, in so many pixels."""
    stock = stock_of(bench, sheet)
    cover = export_stage.white_below(overlay, size) if stock != WHITE else None
    if cover is None:
        return None
    look = functools.partial(export_stage.look, target="print", profile=replace(bench.press(sheet), stock=WHITE))
    return White(cover, sheet.boxes.bleed.width, look, stock)


def stock_of(bench: Bench, sheet: Sheet) -> str:
    """The colour (#RRGGBB) of what a sheet is printed on."""
    return bench.press(sheet).stock if sheet.target == "print" else WHITE


def stock_in(stock: str, white: White | None, rect: Rect) -> str:
    """The colour of what lies below all inks in a box (points)."""
    return WHITE if white and white.is_below(rect) else stock


def grounds(bench: Bench, sheet: Sheet, ground: Ground, white: White | None) -> Mapping[str, TextGround]:
    """By layer, over a plate that looks so."""
    found: dict[str, TextGround] = {}
    lower: tuple[Mark, ...] = ()
    for level in levels_of(sheet.marks):
        ground = _drawn_over(bench, sheet, lower, ground) if lower else ground
        under = _drawn_over(bench, sheet, level.under, ground) if level.under else ground
        found |= grounds_of(placed(level.marks), under.over(white))
        lower = textless(level.marks)
    return found


def _drawn_over(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], ground: Ground) -> Ground:
    overlay = _set(bench, sheet, marks)
    with export_stage.to_be_drawn([overlay], [sheet.target], [bench.press(sheet)]) as (drawable,):
        return export_stage.view(drawable, sheet, ground, None).page


def _set(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...]) -> Overlay:
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=marks)], bench)
    assert overlay, "a page that is set alone is in no company that could show"
    return overlay


def grounds_again(bench: Bench, sheet: Sheet, plate_key: str, white: White | None) -> Mapping[str, TextGround]:
    """The same of a sheet that is looked at with this and that laid on it, as other sheets on its plate are: what was
    drawn last is kept. Pages for print are mixed as a press mixes them, ink by ink."""
    found: dict[str, TextGround] = {}
    lower: tuple[Mark, ...] = ()
    for level in levels_of(sheet.marks):
        below = lower + level.under
        plate = bench.plate(sheet, plate_key)
        ground = _kept(bench, sheet, below, plate, plate_key) if below else plate.ground
        found |= grounds_of(placed(level.marks), ground.over(white))
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
    overlay, press = _set(bench, sheet, marks), bench.press(sheet)
    if overlay.is_mixed:
        seen, _ = mixed(overlay, bench.press_plate(sheet, plate), press)
        return export_stage.ground_of(seen[-1], sheet, press)
    with export_stage.to_be_drawn([overlay], [sheet.target], [press]) as (drawable,):
        return export_stage.view(drawable, sheet, plate.ground, None).page
