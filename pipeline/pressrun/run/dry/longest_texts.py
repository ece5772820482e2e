"""The sheets with the longest texts: where a layout is tried, it is tried on these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pressrun.graphics.texts.shaped_texts import Shaper
from pressrun.model.job import PictureSlot
from pressrun.model.plan import Plan, PlannedSheet
from pressrun.model.sheet import TextMark, ungrouped
from pressrun.run.dry.dry_sheets import PicturesToCome
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.sheet_content import filled
from pressrun.run.worker.bench import Bench


def with_longest_texts(
    plan: Plan, slots: Mapping[str, PictureSlot], files: PlacedFiles, bench: Bench
) -> Iterator[PlannedSheet]:  # fmt: skip
    """Of each layout the sheets on which a text is longer, as it is set, than in all other rows: one for each layer,
    fewer where one sheet has several of them."""
    shaper = Shaper(bench.typesetter.font_files)
    pictures = PicturesToCome.of(plan, slots)
    longest: dict[tuple[str, str], tuple[float, int]] = {}
    for number, planned in enumerate(plan.sheets):
        if planned.fault:
            continue
        content = filled(planned, files.words.of(planned), pictures.to_come, files.place)
        pages = bench.composer.pages(bench.kit.layouts[planned.drawn_by], content)
        for mark in (mark for sheet, _ in pages for mark in ungrouped(sheet.marks)):
            if isinstance(mark, TextMark):
                width = shaper.shaped(mark, mark.spans).measure(0, len(mark.text), len(mark.text))[0]
                place = planned.layout, mark.layer
                longest[place] = max(longest.get(place, (0.0, 0)), (width, -number))
    chosen = {-number for _, number in longest.values()}
    yield from (sheet for number, sheet in enumerate(plan.sheets) if number in chosen)
