"""Every sheet as far as it goes without its pictures, so that `check` tells what would be found once they are paid."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image

from pressrun import checks, registry
from pressrun.compose import compose
from pressrun.compose.text_fit import TextFitter
from pressrun.graphics import fonts
from pressrun.graphics.script_fonts import is_script_family
from pressrun.graphics.typst_engine import Typesetter
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Finding, by_cause
from pressrun.model.inspection import Inspection
from pressrun.model.plan import PictureTask, PlannedSheet, SlotUse
from pressrun.model.sheet import TextMark
from pressrun.run import sheet_fonts
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.job import Prepared
from pressrun.run.sheet_fonts import scripts_needed
from pressrun.run.sheets import filled

NO_PICTURE = "0" * 64  # the digest of a picture that is not there yet


def dry_findings(prepared: Prepared) -> list[Finding]:
    """What is wrong with the sheets of a plan: words, names, placements, letters that no font has. Each cause is told
    once. Nothing is written into the campaign."""
    needed = scripts_needed(prepared.files.words, prepared.plan.sheets)
    kept = prepared.studio.folder / "fonts"
    faces = sheet_fonts.faces(prepared.project, needed, kept)
    to_come = _Pictures({task.key: task for task in prepared.plan.pictures})
    with tempfile.TemporaryDirectory(prefix="pressrun-fonts-") as folder:
        typesetter = Typesetter(sheet_fonts.files_at_hand(prepared.project, Path(folder), needed, kept))
    try:
        fit = functools.partial(_fitted, TextFitter.of(typesetter), typesetter.families())
        of_sheets = (one for sheet in prepared.plan.sheets for one in _composed(prepared, sheet, faces, fit, to_come))
        return by_cause([*prepared.plan.of_rows, *of_sheets])
    finally:
        typesetter.close()


def _fitted(fitter: TextFitter, at_hand: frozenset[str], mark: TextMark) -> TextMark:
    """A text in a script whose font is still to be cut is left as it is: the run fits it."""
    lacking = any(is_script_family(family) and family not in at_hand for family in mark.families)
    return mark if lacking else fitter.fit(mark)


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The pictures of a plan, by key, in the sizes that they will have."""

    tasks: Mapping[str, PictureTask]
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def to_come(self, use: SlotUse) -> tuple[PlacedPicture, str]:
        if use.key not in self.sizes:
            task = self.tasks.get(use.key)
            try:
                self.sizes[use.key] = task.provider.size_to_come(task.request) if task else use.size
            except PictureFailed:  # which has been told
                self.sizes[use.key] = use.size
        return PlacedPicture(NO_PICTURE, "image/png", self.sizes[use.key], use.stage), ""


def _composed(
    prepared: Prepared, sheet: PlannedSheet, faces: fonts.FaceSet, fit: Callable[[TextMark], TextMark],
    pictures: _Pictures,
) -> Iterator[Finding]:  # fmt: skip
    if sheet.fault:
        return
    project, files = prepared.project, prepared.files
    content = filled(sheet, files.words.of(sheet), pictures.to_come, files.place)
    logos = dict.fromkeys(project.logos, NO_PICTURE)
    layout = project.layouts[sheet.layout].layout
    composed, findings = compose(layout, project.brand, logos, content, faces, fit)
    blank = Image.new("RGB", (1, 1))
    inspection = Inspection(layout, composed, (), blank, blank, {}, (), faces, lambda ink: ink.srgb)
    first = {name: registry.CHECKS[name] for name in registry.CHECKS_BEFORE_DRAWING}
    levels = check_levels(project, sheet.layout)
    for finding in at_levels([*findings, *checks.check(inspection, first)], levels):
        yield replace(finding, row=sheet.row.id, place=sheet.row.place)
