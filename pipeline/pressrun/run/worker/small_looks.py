"""Looks at single sheets in small, drawn again and again while somebody changes them: as dense as a screen shows them,
over a plate of their own, and checked for nothing but whether their texts fit."""

from __future__ import annotations

import io
from collections import OrderedDict

from msgspec import Struct
from PIL import Image

from pressrun import checks as check_stage
from pressrun import export as export_stage
from pressrun import registry
from pressrun import typeset as typeset_stage
from pressrun.export import View
from pressrun.model.finding import Finding
from pressrun.model.inspection import Inspection
from pressrun.model.sheet import Sheet
from pressrun.model.task import SheetTask
from pressrun.run.worker.bench import Bench, Kit
from pressrun.run.worker.drawn_pages import ComposedPage, seen_page, settled
from pressrun.run.worker.painted_plates import Painted

SIDE = 720  # pixels of the longest side
QUALITY = 88
FIT = {"text-fit": registry.CHECKS["text-fit"]}
DECODED_KEPT = 24_000_000  # pixels of the pictures at hand


class SmallLook(Struct, frozen=True):
    """A page as JPEG, or as WebP where it is cut out; ``page`` is its number, of a sheet with several."""

    data: bytes
    findings: tuple[Finding, ...]
    page: int | None


class LookBench(Bench):
    """A bench that works as coarsely as a small look shows, and keeps what it paints at hand alone."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._decoded: OrderedDict[str, Image.Image] = OrderedDict()

    def seen_density(self, sheet: Sheet) -> float:
        bleed = sheet.boxes.bleed
        return min(super().seen_density(sheet), SIDE * 72 / max(bleed.width, bleed.height))

    def plate_density(self, sheet: Sheet) -> float:
        return self.seen_density(sheet)

    def piece_density(self, sheet: Sheet) -> float:
        return self.seen_density(sheet)

    def keep(self, sheet: Sheet, key: str, painted: Painted) -> None:
        pass

    def photograph(self, digest: str) -> Image.Image:
        if digest not in self._decoded:
            self._decoded[digest] = super().photograph(digest)
            while sum(one.width * one.height for one in self._decoded.values()) > DECODED_KEPT < len(self._decoded):
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(digest)
        return self._decoded[digest]


def small_look(bench: Bench, task: SheetTask, number: int = 1) -> SmallLook:
    """A page of a sheet, counted from 1; the last one where there are fewer."""
    composed = bench.composer.pages(bench.kit.layouts[task.content.drawn_by], task.content)
    fitted = bench.fitter.fitted([sheet for sheet, _ in composed])
    pages = [
        settled(bench, ComposedPage(task, sheet, findings, bench.plate_key(sheet)))
        for sheet, (_, findings) in zip(fitted, composed, strict=True)
    ]
    at = min(number, len(pages)) - 1
    page = pages[at]
    overlays = typeset_stage.set_by_letters([one.sheet for one in pages], bench, bench.set_lines)
    presses = [bench.press(one.sheet) for one in pages]
    with export_stage.to_be_drawn(overlays, [one.sheet.target for one in pages], presses) as drawables:
        seen = seen_page(bench, page, drawables[at])
    findings = (*page.findings, *check_stage.check(_inspection(bench, page, seen), FIT))
    return SmallLook(_encoded(seen.cutout or seen.picture), findings, page.sheet.page)


def _inspection(bench: Bench, page: ComposedPage, seen: View) -> Inspection:
    layout = bench.kit.layouts[page.task.content.drawn_by]
    return Inspection(
        layout, page.sheet, page.choices, seen.picture, {}, {}, (), bench.faces, seen.page.look
    )  # fmt: skip


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "WEBP", quality=QUALITY, method=0)
    else:
        picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
