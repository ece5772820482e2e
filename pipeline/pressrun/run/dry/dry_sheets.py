"""Every sheet as far as it goes without its pictures, so that `check` tells what would be found once they are paid."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image

from pressrun import checks, registry
from pressrun.compose import Composer
from pressrun.compose.text_fit import TextFitter
from pressrun.expand import sheet_told
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.texts.typst_engine import Typesetter, svg_size
from pressrun.graphics.typefaces import fonts
from pressrun.model.color import WHITE, Ink
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError, PictureFailed
from pressrun.model.file_metadata import UNTOLD
from pressrun.model.finding import Finding, Severity, by_cause
from pressrun.model.format_kind import FLAT_PRESS, LIVE_PRESS
from pressrun.model.inspection import Inspection
from pressrun.model.job import PictureSlot
from pressrun.model.layout import Layout
from pressrun.model.picture import PictureHad
from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse
from pressrun.model.sheet import Sheet
from pressrun.model.technical import without_technical
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.dry.foreseen_pixels import ToolsAtHand, foreseen, may_be_refused
from pressrun.run.dry.lacking_sheets import LackingSheets
from pressrun.run.dry.small_texts import SmallTexts
from pressrun.run.layer_places import at_its_layer
from pressrun.run.prepared import Prepared
from pressrun.run.presses import presses_of
from pressrun.run.sheet_content import filled, placed_in
from pressrun.run.size_groups import SharedSizes, fitted_apart, shared_sizes, sizes_alone
from pressrun.run.slot_steps import comes_opaque, framing_to_come
from pressrun.run.words import sheet_fonts
from pressrun.run.words.sheet_fonts import scripts_needed

NOT_THERE = "0" * 64  # the digest of what is not there yet
OPAQUE = "1" * 64  # and of what nothing will be seen through
SHEETS_TOGETHER = 256  # of which the texts are fitted together


def dry_findings(prepared: Prepared) -> list[Finding]:
    """What is wrong with the sheets of a plan: words, names, placements, letters that no font has. Each cause is told
    once. Nothing is written into the campaign."""
    with dry_look(prepared) as look:
        sheets = (sheet for sheet in prepared.plan.sheets if look.can_judge(sheet))
        groups = iter(lambda: list(islice(sheets, SHEETS_TOGETHER)), [])
        found = [finding for group in groups for finding in look.over(group)]
        return by_cause([*prepared.plan.of_rows, *look.sizes.findings, *found, *look.small.findings()])


def without_refused(prepared: Prepared) -> Prepared:
    """Without the sheets that a format would be refused, which is told of settled sheets alone: they are faults of
    their rows, and no picture is paid for them. One that is also printed with its transparency stays, and is
    made."""
    project = prepared.project
    if not any(FLAT_PRESS in loaded.layout.formats for loaded in project.drawn.values()):
        return prepared
    sheets = (sheet for sheet in prepared.plan.sheets if not sheet.fault and may_be_refused(project, sheet))
    with dry_look(prepared) as look:
        groups = iter(lambda: list(islice(sheets, SHEETS_TOGETHER)), [])
        found = [one for group in groups for one in look.refusals(group)]
    lost = [(sheet, finding) for sheet, finding in found if not _is_printed_otherwise(sheet)]
    faults = {sheet.of: finding for sheet, finding in reversed(lost)}
    plan = prepared.plan.with_faults(faults, (finding for _, finding in found))
    return replace(prepared, plan=plan)


def _is_printed_otherwise(sheet: PlannedSheet) -> bool:
    return any(file.format == LIVE_PRESS for file in sheet.files)


@contextlib.contextmanager
def dry_look(
    prepared: Prepared, tells_apart: bool = False, there: Mapping[str, PictureHad] | None = None
) -> Iterator[DryLook]:
    """A look at the sheets of a plan, with the fonts that they need; ``tells_apart`` the pictures that are to come, and
    shows those that are ``there``, by key."""
    project, words, grouped = prepared.project, prepared.files.words, prepared.grouped
    measured = scripts_needed(words.of, grouped)
    needed = words.scripts.families | measured
    kept = prepared.doors.folder / "fonts"
    faces = sheet_fonts.faces(project, needed, kept)
    with tempfile.TemporaryDirectory(prefix="pressrun-fonts-") as folder:
        typesetter = Typesetter(sheet_fonts.files_at_hand(project, Path(folder), needed, kept, measured))
    try:
        fitter = TextFitter.of(typesetter)
        below = {name: said.overprint_below.points(0) for name, said in project.conditions.items()}
        composer = Composer(
            project.brand, {name: name for name in project.logos}, faces, fitter,
            lambda name: svg_size(project.logos[name].read_bytes()), {"": 0.0, **below},
        )  # fmt: skip
        layouts = {name: loaded.layout for name, loaded in project.drawn.items()}
        fit = functools.partial(sizes_alone, composer, fitter, layouts)
        sizes = shared_sizes(project, grouped, prepared.files, fit)
        pictures = PicturesToCome.of(prepared.plan, project.job.pictures, tells_apart, there)
        yield DryLook(prepared, composer, fitter, faces, sizes, pictures, ToolsAtHand(project, typesetter))
    finally:
        typesetter.close()


class DryLook:
    """Looks over sheets as they would be settled."""

    def __init__(
        self, prepared: Prepared, composer: Composer, fitter: TextFitter, faces: fonts.FaceSet, sizes: SharedSizes,
        pictures: PicturesToCome, tools: ToolsAtHand,
    ) -> None:  # fmt: skip
        self._project, self._files = prepared.project, prepared.files
        self._composer, self._fitter, self._faces, self.sizes = composer, fitter, faces, sizes
        self._pictures, self._tools = pictures, tools
        self._levels = {name: check_levels(prepared.project, name) for name in prepared.project.layouts}
        early = {name: registry.CHECKS[name] for name in registry.CHECKS_BEFORE_DRAWING}
        self._checks = {**early, **registry.FORETOLD}
        self._blank = Image.new("RGB", (1, 1))
        self.small = SmallTexts(prepared.project)
        self._lacking = LackingSheets(prepared.project, prepared.files, prepared.plan)
        self.can_judge = self._lacking.can_be_judged

    def over(self, planned: Sequence[PlannedSheet]) -> Iterator[Finding]:
        for one, sheet, findings in self.composed(planned):
            self.small.add(one, sheet)
            found = [*findings, *checks.check(self._inspection(one, sheet), self._checks)]
            found += foreseen(self._tools, one, sheet) if not one.fault else ()
            found = self._lacking.judged(one, found)
            for finding in at_levels(found, self._levels[sheet.layout]):
                placed = at_its_layer(finding, self._project, one)
                yield replace(placed, row=one.row.id, place=placed.place or one.row.place)
        for one in planned:
            yield from self._unsaid(one)

    def _unsaid(self, planned: PlannedSheet) -> Iterator[Finding]:
        """What its files cannot say of themselves."""
        try:
            sheet_told(self._project, planned.row, planned.layout, UNTOLD, planned.take)
        except InputError as error:
            yield from error.findings

    def refusals(self, planned: Sequence[PlannedSheet]) -> Iterator[tuple[PlannedSheet, Finding]]:
        for one, sheet, _ in self.composed(planned):
            for finding in foreseen(self._tools, one, sheet):
                yield one, replace(finding, row=one.row.id, place=one.row.place)

    def composed(self, planned: Sequence[PlannedSheet]) -> list[tuple[PlannedSheet, Sheet, list[Finding]]]:
        """Every page of sheets with its texts fitted, and what was found while it was composed."""
        composed = [(one, *page) for one in planned for page in self._composed(one)]
        fitted = fitted_apart(self._fitter, [sheet for _, sheet, _ in composed])
        return [
            (one, sheet, [*findings, _failed(sheet, problem)] if problem else findings)
            for (sheet, problem), (one, _, findings) in zip(fitted, composed, strict=True)
        ]

    def laid_out(self, sheet: PlannedSheet) -> list[Sheet]:
        """Its pages, of which the texts may have no fits yet."""
        return [page for page, _ in self._composed(sheet)]

    def shown(self, use: SlotUse) -> tuple[PlacedPicture, str]:
        """The picture that a slot shows, or will, with its source type."""
        return self._pictures.to_come(use)

    def _composed(self, sheet: PlannedSheet) -> list[tuple[Sheet, list[Finding]]]:
        lacking = self._lacking
        content = filled(
            lacking.with_slots(sheet), lacking.words(sheet), self.shown, lacking.place(sheet), self.sizes
        )
        return self._composer.pages(self._project.drawn_by(sheet.drawn_by).layout, content)

    def _inspection(self, planned: PlannedSheet, sheet: Sheet) -> Inspection:
        layout = self._project.drawn_by(planned.drawn_by).layout
        sheet = without_technical(sheet)
        return Inspection(
            layout, sheet, (), self._blank, {}, {}, (), self._faces, functools.partial(self._look, sheet),
            letters=self._fitter.letters, stock=self._stock(layout, sheet), is_opaque=OPAQUE.__eq__,
        )  # fmt: skip

    def _look(self, sheet: Sheet, ink: Ink) -> str:
        if sheet.target == "screen":
            return ink.srgb
        from pressrun.export import look

        return look(ink, "print", self._presses[sheet.condition])

    def _stock(self, layout: Layout, sheet: Sheet) -> str:
        if sheet.target == "screen":
            return WHITE
        said = self._project.conditions
        return layout.stock or said.get(sheet.condition, next(iter(said.values()))).stock

    @functools.cached_property
    def _presses(self) -> Mapping[str, PressProfile]:
        """Read where a text is so near to its ground that the press decides."""
        return presses_of(self._project)


def _failed(sheet: Sheet, problem: str) -> Finding:
    return Finding(Severity.ERROR, "sheet-failed", problem, layout=sheet.layout, page=sheet.page)


class PicturesToCome(Struct, frozen=True):
    """The pictures of a plan, by key, in the sizes that they will have. They have one digest, or where they are to be
    told apart their keys; those that are ``there`` are themselves."""

    tasks: Mapping[str, PictureTask]
    slots: Mapping[str, PictureSlot]
    tells_apart: bool = False
    there: Mapping[str, PictureHad] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, plan: Plan, slots: Mapping[str, PictureSlot], tells_apart: bool = False,
        there: Mapping[str, PictureHad] | None = None,
    ) -> PicturesToCome:  # fmt: skip
        return cls({task.key: task for task in plan.pictures}, slots, tells_apart, there or {})

    def to_come(self, use: SlotUse) -> tuple[PlacedPicture, str]:
        if (got := self.there.get(use.key)) and use.slot in got.finals:
            return placed_in(use, got)
        if use.key not in self.sizes:
            task = self.tasks.get(use.key)
            try:
                self.sizes[use.key] = task.provider.size_to_come(task.request) if task else use.size
            except PictureFailed:  # which has been told
                self.sizes[use.key] = use.size
        task = self.tasks.get(use.key)
        is_opaque = task is not None and comes_opaque(task, self.slots.get(use.slot))
        digest = use.key if self.tells_apart else OPAQUE if is_opaque else NOT_THERE
        framing = framing_to_come(self.slots.get(use.slot), self.sizes[use.key], use.stage)
        stage = framing.now(use.stage) if use.stage else None
        return PlacedPicture(digest, "image/png", framing.size, stage), ""
