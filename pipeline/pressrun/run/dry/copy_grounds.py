"""Where the words of layouts stand on pictures: the room for copy that has to be calm."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from pressrun.model.calm_area import Part
from pressrun.model.errors import InputError
from pressrun.model.geometry import Rect
from pressrun.model.picture import PictureHad
from pressrun.model.plan import PlannedSheet
from pressrun.model.sheet import PictureMark, ShapeMark, Sheet, TextMark, ungrouped
from pressrun.run.dry.dry_sheets import SHEETS_TOGETHER, DryLook, dry_look
from pressrun.run.prepared import Prepared

SHEETS_OF_A_PLACE = 24  # of a layout with the same pictures that are looked at: their words differ by language
COARSE = 64  # parts of a side in which places are told: a letter more asks for nothing new
HIDES = 0.9  # of a text, that lies on a shape of its own

Rooms = Mapping[tuple[str, str], tuple[tuple[str, Part], ...]]
"""By a picture's slot and key: layouts, and the parts of it, as its steps leave it, that their words stand on."""


def rooms_for_words(prepared: Prepared, had: Mapping[str, PictureHad]) -> Rooms:
    """Those of a plan's sheets, with the pictures that are there. Nothing is drawn."""
    found: dict[tuple[str, str], dict[tuple[str, Part], None]] = {}
    with dry_look(prepared, tells_apart=True, there=had) as look:
        sheets = _chosen(prepared, look, had)
        while together := list(islice(sheets, SHEETS_TOGETHER)):
            for planned, sheet, _ in look.composed(together):
                keys = {look.shown(use)[0].digest: (use.slot, use.key) for use in planned.slots if use.key in had}
                for digest, part in _words_on_pictures(sheet):
                    if digest in keys:
                        found.setdefault(keys[digest], {})[planned.layout, part] = None
    return {place: tuple(sorted(parts)) for place, parts in found.items()}


def _chosen(prepared: Prepared, look: DryLook, had: Mapping[str, PictureHad]) -> Iterator[PlannedSheet]:
    seen: Counter[tuple[object, ...]] = Counter()
    for sheet in prepared.plan.sheets:
        keys = tuple(use.key for use in sheet.slots if use.key in had)
        seen[sheet.drawn_by, keys] += 1
        if sheet.fault or not keys or seen[sheet.drawn_by, keys] > SHEETS_OF_A_PLACE:
            continue
        try:
            look.laid_out(sheet)
        except InputError:  # told where it is filled in
            continue
        yield sheet


def _words_on_pictures(sheet: Sheet) -> Iterator[tuple[str, Part]]:
    """By the picture's digest: the part of it that is right under a text."""
    below: list[PictureMark | ShapeMark] = []
    for mark in ungrouped(sheet.marks):
        if isinstance(mark, PictureMark) or (isinstance(mark, ShapeMark) and mark.ink and mark.opacity == 1):
            below.append(mark)
        elif isinstance(mark, TextMark) and mark.panel is None and mark.text.strip():
            extent = mark.fit.extent if mark.fit else mark.rect
            for ground in reversed(below):
                shared = _shared(extent, ground.rect)
                if shared is None:
                    continue
                if isinstance(ground, PictureMark):
                    yield ground.digest, _part(ground, shared)
                    break
                if shared.width * shared.height >= HIDES * extent.width * extent.height:
                    break


def _part(picture: PictureMark, rect: Rect) -> Part:
    x, y, width, height = picture.crop
    across, down = width / picture.rect.width, height / picture.rect.height
    left, top = x + (rect.x - picture.rect.x) * across, y + (rect.y - picture.rect.y) * down
    right, bottom = left + rect.width * across, top + rect.height * down
    return (
        max(0, math.floor(left * COARSE)) / COARSE, max(0, math.floor(top * COARSE)) / COARSE,
        min(COARSE, math.ceil(right * COARSE)) / COARSE, min(COARSE, math.ceil(bottom * COARSE)) / COARSE,
    )  # fmt: skip


def _shared(first: Rect, second: Rect) -> Rect | None:
    left, top = max(first.x, second.x), max(first.y, second.y)
    width, height = min(first.right, second.right) - left, min(first.bottom, second.bottom) - top
    return Rect(left, top, width, height) if width > 0 and height > 0 else None
