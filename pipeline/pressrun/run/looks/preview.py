"""Single sheets shown at once, as a run would make them: nothing is bought, and nothing is kept but in memory.

A picture that would cost money and is not there yet has a stand-in, drawn for position only.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun import registry
from pressrun.decisions.branches import with_standing
from pressrun.expand import expand_rows
from pressrun.generate.buy.request_findings import take_references
from pressrun.graphics.separations.plate_files import shown_plates
from pressrun.graphics.separations.plates import separated
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Row
from pressrun.model.picture import PicturesHad
from pressrun.model.plan import Plan, PlannedSheet
from pressrun.model.progress import Silence
from pressrun.model.project import Project
from pressrun.model.separations import Separations
from pressrun.model.settings import Settings
from pressrun.model.task import Failed, FileTask, Intermediates, ReadySheet, SheetTask
from pressrun.readers.suggestion import did_you_mean
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.dry.longest_texts import with_longest_texts
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.job import fill
from pressrun.run.looks.look_doors import LookDoors, Warm
from pressrun.run.overlays.laid_on import plan_of
from pressrun.run.pictures.masters import have_pictures
from pressrun.run.pictures.retries import as_preferred
from pressrun.run.prepared import Prepared
from pressrun.run.size_groups import grouped_sheets, in_workers, shared_sizes
from pressrun.run.slot_steps import SlotSteps
from pressrun.run.words.sheet_fonts import scripts_needed
from pressrun.run.words.sheet_words import SheetWords
from pressrun.run.worker import bench as worker
from pressrun.run.worker import sheet_tasks
from pressrun.run.worker.small_looks import LookBench, small_look

SHOWN_AS = {"screen": "png", "print": "proof-png"}  # the format in which a target's sheets are shown
ON_PRESS = "press-pdf"  # the format that plates are made from
STAND_IN = "fpo"


class Wanted(Struct, frozen=True):
    """Which sheets are shown: of these layouts (none: all of the job), of the rows that ``rows`` name (none: the
    first). ``worst``: of the rows with the longest texts instead. ``guides``: what guides are drawn from is wanted
    too. ``page`` is the only one that is shown of layouts with several. ``plates``: the plates of printed sheets, at so
    many pixels an inch (0: they are not asked for). ``stands``: by slot and master the picture, by its key, that is
    shown there whatever the job asks for."""

    layouts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    worst: bool = False
    guides: bool = False
    page: int | None = None
    plates: float = 0.0
    stands: tuple[tuple[str, str, str], ...] = ()


class Look(Struct, frozen=True):
    """A sheet as it would be: the PNG of its page (a JPEG or WebP where it is small), or where guides are wanted what
    they are drawn from; neither where it cannot be made. ``path`` is what a run would call it, without an ending,
    ``stand_ins`` the slots whose pictures are stand-ins; ``plates`` files that show those of a printed sheet, by name,
    where they are asked for."""

    row: str
    layout: str
    path: str
    png: bytes
    shown: Intermediates | None
    findings: tuple[Finding, ...]
    stand_ins: tuple[str, ...]
    page: int | None = None
    plates: Mapping[str, bytes] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """For machines, but for the pixels."""
        return {
            "layout": self.layout, "row": self.row, **({"page": self.page} if self.page else {}),
            "stand_ins": list(self.stand_ins),
            "contrasts": dict(self.shown.contrasts) if self.shown else {},
            "findings": [finding.to_dict() for finding in self.findings],
        }  # fmt: skip


def _of_page(page: int | None, looks: list[Look]) -> list[Look]:
    """Those of a page, counted from 1, with the sheets that cannot be made. Raises InputError where none has it."""
    if page is None:
        return looks
    found = [look for look in looks if (look.page or 1) == page or not (look.png or look.shown)]
    if looks and not found:
        last = max(look.page or 1 for look in looks)
        message, hint = f"--page: there is no page {page}", f"the last one is page {last}"
        raise InputError([Finding(Severity.ERROR, "no-such-page", message, hint=hint)])
    return found


class Preview:
    """Shows sheets of a job, again and again: the campaign is read anew when it was changed, and what is slow to set up
    stays."""

    def __init__(self, job_file: Path, settings: Settings, small: bool = False) -> None:
        """``small``: for somebody who changes them meanwhile, as `small_looks` draws them."""
        self._job_file, self._settings = job_file, replace(settings, inline=True, take=settings.take or 1)
        self._small, self._warm = small, Warm(LookBench if small else worker.open_bench)

    def close(self) -> None:
        """Let go of the fonts."""
        self._warm.close()

    def looks(self, wanted: Wanted, since: float | None = None) -> list[Look]:
        """The sheets as the campaign's files are now, or were after ``since`` (of the monotonic clock): of many who
        wait, one has them read for all. Raises InputError with every finding."""
        whole = self._warm.loaded(self._job_file, self._settings, since)
        project = _with_layouts(whole, wanted.layouts)
        with LookDoors(project.root, self._settings, self._warm) as doors:
            rows = None
            if not wanted.worst:
                rows = _rows_meant(list(expand_rows(project, self._settings.only)), wanted.rows, self._job_file)
            grouped = grouped_sheets(whole, [self._settings.take or 1])
            drawn = whole if grouped else project  # sizes are shared with layouts that are not looked at, too
            files = PlacedFiles(project, doors.store, SheetWords(drawn), looked=self._warm.files_of(project))
            plan = plan_of(project, doors, rows, waiting=True, rejected=True)
            plan = with_standing(files.marked(as_preferred(project, plan, doors)), wanted.stands, doors.journal)
            if errors := [finding for finding in plan.findings if finding.is_error]:
                raise InputError(errors)
            kit = self._warm.kit_of(drawn, doors, scripts_needed(files.words.of, (*plan.sheets, *grouped)))
            if wanted.worst:
                plan = plan.with_sheets(with_longest_texts(plan, project.job.pictures, files, self._warm.bench_of(kit)))
            sizes = shared_sizes(drawn, grouped, files, in_workers(doors, kit))
            plan = _costing_nothing(plan)
            take_references([task for task in plan.to_make if task.provider.READS_REFERENCES], doors.store)
            prepared = Prepared(project, plan, doors, files, grouped, sizes)
            return _of_page(wanted.page, list(self._looks(prepared, kit, wanted)))

    def _looks(self, prepared: Prepared, kit: worker.Kit, wanted: Wanted) -> Iterator[Look]:
        project, doors = prepared.project, prepared.doors
        steps = SlotSteps.of(project, doors.store)
        had = have_pictures(prepared.plan, doors, kit, steps, Silence())
        self._warm.remember(had)
        for index, one in enumerate(chain.from_iterable(fill(prepared, had, kit))):
            yield from self._looks_of(prepared, kit, one, had, index, wanted)

    def _looks_of(
        self, prepared: Prepared, kit: worker.Kit, one: ReadySheet, had: PicturesHad, index: int, wanted: Wanted
    ) -> Iterator[Look]:
        project, sheet = prepared.project, one.sheet
        path = sheet.own.path.removesuffix(registry.FORMATS[sheet.own.format].suffix)
        levels, press = check_levels(project, sheet.layout), kit.press_for(sheet.layout, sheet.condition)

        def look(
            findings: Iterable[Finding], png: bytes = b"", shown: Intermediates | None = None, page: int | None = None,
            printed: Separations | None = None,
        ) -> Look:  # fmt: skip
            found = [
                *at_levels(findings, levels),
                *(finding for finding in sheet.row.findings if finding != one.failed),
                *(finding for finding in prepared.sizes.findings if finding.layout == sheet.layout),
            ]
            row = sheet.row
            located = (replace(each, row=each.row or row.id, place=each.place or row.place) for each in found)
            stand_ins = tuple(_stand_ins(project, sheet, had))
            name = f"{path}-{page}" if page else path
            plates = {}
            if printed:
                title = f"{sheet.layout} · {row.id}" + (f" · page {page}" if page else "")
                palette = kit.brand.palette.values()
                technical = frozenset(swatch.spot for swatch in palette if swatch.spot and swatch.technical)
                plates = shown_plates(printed, technical, press, title)
            return Look(sheet.row.id, sheet.layout, name, png, shown, tuple(located), stand_ins, page, plates)

        if one.content is None:
            yield look([one.failed] if one.failed else [])
            return
        if self._small:
            task = SheetTask(index, sheet.row.id, one.content, ())
            small = sheet_tasks.guarded(small_look, self._warm.bench_of(kit), task, wanted.page or 1)
            yield (
                look([small.finding])
                if isinstance(small, Failed)
                else look(small.findings, small.data, page=small.page)
            )
            return
        shown_as = SHOWN_AS[project.layouts[sheet.layout].layout.target]
        several = bool(project.drawn_by(sheet.drawn_by).layout.page_list)
        on_press = bool(wanted.plates) and shown_as == SHOWN_AS["print"]
        files = [] if wanted.guides else [FileTask(shown_as, "", path)]
        files += [FileTask(ON_PRESS, "", path)] if on_press else []
        task = SheetTask(index, sheet.row.id, one.content, tuple(files), shows=wanted.guides)
        [(_, made)] = prepared.doors.in_workers(worker.open_bench, kit, [(task,)], sheet_tasks.make_sheets, "sheets")
        if isinstance(made, Exception):
            raise made
        [made_one] = made
        if isinstance(made_one, Failed):
            yield look([made_one.finding])
            return
        store, press_type = prepared.doors.store, registry.FORMATS[ON_PRESS].media_type
        written = [store.read(file.digest) for file in made_one.files if file.facts.media_type == press_type]
        plates = separated(written[0], press, wanted.plates) if written else []
        for shown, printed_on in zip_longest(made_one.shown, plates if wanted.guides else ()):
            yield look(shown.findings, b"", shown, shown.sheet.page, printed_on)
        seen = [file for file in made_one.files if file.facts.media_type != press_type]
        for number, (file, printed_on) in enumerate(zip_longest(seen, () if wanted.guides else plates), start=1):
            png = store.read(file.digest)
            yield look(file.facts.findings, png, page=number if several else None, printed=printed_on)


@functools.lru_cache(maxsize=8)
def _with_layouts(project: Project, names: tuple[str, ...]) -> Project:
    """The project with these layouts alone: the same each time, since what is compiled of one is kept for it. Raises
    InputError for one that the job has not."""
    unknown = [name for name in names if name not in project.layouts]
    if unknown:
        raise InputError(
            Finding(
                Severity.ERROR, "unknown-layout", f"the job has no layout '{name}'", Place("--layout"),
                did_you_mean(name, project.layouts, "layouts"),
            )
            for name in unknown
        )  # fmt: skip
    return replace(project, layouts={name: project.layouts[name] for name in names}) if names else project


def _rows_meant(rows: Sequence[Row], wanted: tuple[str, ...], job_file: Path) -> list[Row]:
    """The rows that are named, each once, as `_row_meant` finds them; without any, the first that can be made."""
    found = (_row_meant(rows, one, job_file) for one in wanted or ("",))
    return list({row.id: row for row in found}.values())


def _row_meant(rows: Iterable[Row], wanted: str, job_file: Path) -> Row:
    """The row of this id, or the first that has these keys; without any, the first that can be made. Raises InputError
    with the nearest one."""
    parts = wanted.split("/")
    ids: list[str] = []
    having: Row | None = None
    for row in rows:
        if row.id == wanted or (not wanted and row.fault is None):
            return row
        if having is None and wanted and all(part in row.key_values for part in parts):
            having = row
        ids.append(row.id)
    if having:
        return having
    message = f"there is no row '{wanted}'" if wanted else f"{job_file.name} has no row that can be made"
    code = "unknown-row" if wanted else "no-rows"
    raise InputError([Finding(Severity.ERROR, code, message, Place("--row"), did_you_mean(wanted, ids, "rows"))])


def _costing_nothing(plan: Plan) -> Plan:
    """The plan with stand-ins for what would have to be paid."""
    stand_in = registry.provider(STAND_IN)
    return replace(
        plan,
        pictures=tuple(
            replace(task, provider=stand_in) if task.provider.PAID and task.key not in plan.in_store else task
            for task in plan.pictures
        ),
    )


def _stand_ins(project: Project, sheet: PlannedSheet, had: PicturesHad) -> Iterator[str]:
    for slot in dict.fromkeys(use.slot for use in sheet.slots):
        shown = [had.pictures[use.key] for use in sheet.slots if use.slot == slot and use.key in had.pictures]
        if project.job.kind_of(slot) != STAND_IN and any(one.made.provenance.provider == STAND_IN for one in shown):
            yield slot
