"""The order of the stages, on one screen."""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pressrun import registry
from pressrun.decisions.overlay import remember_edits, remember_finals
from pressrun.deliver import delivering
from pressrun.doors import Doors
from pressrun.expand import sheet_told
from pressrun.generate.buy.budget import JobBudget
from pressrun.generate.buy.request_findings import cap_of
from pressrun.generate.buy.terms import Terms
from pressrun.graphics.svg.artwork import read_artwork
from pressrun.language.page_words import page_words
from pressrun.model.disk import telling_why
from pressrun.model.errors import InputError
from pressrun.model.file_metadata import SheetTold
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import DamagedRow
from pressrun.model.layout import Layout
from pressrun.model.memory_sweeps import seldom_sweeping
from pressrun.model.packed_cells import PackedNumbers
from pressrun.model.picture import PicturesHad
from pressrun.model.plan import PlannedSheet
from pressrun.model.progress import Progress, Silence
from pressrun.model.project import Project
from pressrun.model.run_record import Asset, RunReport
from pressrun.model.settings import Settings
from pressrun.model.store import ObjectMissing
from pressrun.model.task import Outcome, ReadySheet, SheetContent
from pressrun.run.begun_runs import begun_run, sweep_killed
from pressrun.run.dry.copy_grounds import rooms_for_words
from pressrun.run.dry.dry_sheets import without_refused
from pressrun.run.files.detected_files import with_detected
from pressrun.run.kept.carried_rows import ChangedRows, Splice, warnings_told
from pressrun.run.kept.kept_runs import AskedRun, Heard, KeptRun, laid_ahead, written
from pressrun.run.kept.settled_runs import is_as_read, keep, keep_spliced
from pressrun.run.merged.output import MergedOutput, merged_output
from pressrun.run.merged.slip_sheets import slip_layouts, slips_of
from pressrun.run.pictures.masters import have_pictures
from pressrun.run.pictures.retries import have_conforming
from pressrun.run.planned_job import DAMAGED_ROWS, closed_on_failure, open_job, prepare, prepare_project
from pressrun.run.prepared import Prepared
from pressrun.run.presses import presses_of
from pressrun.run.record import RecordWriter
from pressrun.run.run_facts import RunFacts
from pressrun.run.sheet_assets import PicturesShown, assets_of
from pressrun.run.sheets import Making, SheetKeys, ready
from pressrun.run.size_groups import in_workers, shared_sizes
from pressrun.run.slot_steps import SlotSteps
from pressrun.run.words import sheet_fonts
from pressrun.run.words.noted_files import OtherNotes
from pressrun.run.words.own_words import OwnWords
from pressrun.run.words.sheet_fonts import scripts_needed
from pressrun.run.worker import bench as worker
from pressrun.run.worker.intermediates import KeptFolder


@seldom_sweeping()
def run_job(
    job_file: Path | str, settings: Settings | None = None, progress: Progress | None = None,
    tables: Mapping[str, Any] | None = None,
) -> RunReport:  # fmt: skip
    """Run a job: the same as the command. ``tables`` are DataFrames that stand for the files of row sets and tables.
    Raises PressrunError for what stops it; failed rows are reported."""
    listener = progress or Silence()
    if tables is None:
        asked = AskedRun.of(Path(job_file), settings or Settings(), listener)
    else:
        asked = AskedRun(Path(job_file), settings or Settings(), Heard(listener))
    with laid_ahead(asked) as ready:
        return ready.report or worked_out(ready, tables)


def worked_out(asked: AskedRun, tables: Mapping[str, Any] | None = None) -> RunReport:
    """A run that is not carried over; see :func:`run_job`."""
    opened = open_job(asked.job_file, asked.settings, tables=tables) if asked.like else None
    made = PackedNumbers()
    if asked.like and opened and (report := _carried_singly(asked, asked.like, *opened, made)):
        return report
    if asked.ahead:
        asked.ahead.drop()
    prepared = prepare(asked.job_file, asked.settings, tables=tables, opened=opened)
    with prepared.doors:
        journal = prepared.doors.journal.fingerprint() if asked.journal is None else asked.journal
        sweep_killed(prepared.doors)
        report = carry_out(prepared, kit_for(prepared), asked.heard, made)
        keep(asked, journal or "", prepared, report)
        return report


def _carried_singly(
    asked: AskedRun, like: KeptRun, project: Project, doors: Doors, made: PackedNumbers
) -> RunReport | None:  # fmt: skip
    """The run, where the rows that say something else can be made alone; None where it goes the whole way. What is
    ``made`` is added."""
    told_where_all_is_made = InputError, DamagedRow, ObjectMissing, OtherNotes
    with closed_on_failure(doors), contextlib.suppress(*told_where_all_is_made):
        changed = ChangedRows.since(like, project, doors)
        if changed is None:
            return None
        prepared = prepare_project(project, doors, rows=changed.asked, beside=changed.beside(project, doors))
        kit, plan = kit_for(prepared), prepared.plan
        if not changed.is_planned_as_before(prepared):
            return None
        shots = have_pictures(plan, doors, kit, SlotSteps.of(project, doors.store), asked.heard)
        making = Making(doors, kit, asked.heard, files=plan.files, made=made)
        shown, assets = PicturesShown(project, plan, shots), list[Asset]()
        for sheets in fill(prepared, shots, kit):
            outcomes = making.make(sheets)
            assets += (one for sheet in sheets for one in assets_of(project, plan, sheet, outcomes, shown))
        splice = Splice.of(changed, assets, prepared)
        if splice is None or shots.notes or doors.refused_workers or not is_as_read(asked, prepared):
            return None
        sweep_killed(doors)
        run = splice.written()
        report = written(run, doors, asked.heard, asked)
        keep_spliced(splice, run, asked, prepared)
        doors.close()
        return report
    return None


def carry_out(
    prepared: Prepared, kit: worker.Kit, progress: Progress, made: PackedNumbers | None = None
) -> RunReport:  # fmt: skip
    """Make, check and deliver what is planned, in a new run's folder, and write the record. What was ``made`` for it
    before, as `Making` has it, is not told as reused."""
    prepared = with_sizes(prepared, kit)
    if any(task.provider.PAID for task in prepared.plan.to_make):
        prepared = without_refused(prepared)
    project, plan, doors = prepared.project, prepared.plan, prepared.doors
    for line in warnings_told(plan.findings):
        progress.say(line)
    if any(finding.code == DAMAGED_ROWS for finding in plan.findings):
        doors.journal.set_aside()
    with begun_run(doors, project.job_name) as (folder, started, ended):
        try:
            report = _made(prepared, kit, progress, folder, started, made)
        except DamagedRow as damaged:
            doors.journal.forget(damaged.result.key, damaged.result.digest)
            raise
        ended(report.exit)
    return report


def _made(
    prepared: Prepared, kit: worker.Kit, progress: Progress, folder: Path, started: dt.datetime,
    made: PackedNumbers | None,
) -> RunReport:  # fmt: skip
    project, doors = prepared.project, prepared.doors
    words_on = functools.partial(rooms_for_words, prepared)
    conformed = have_conforming(project, prepared.plan, doors, kit, progress, _terms(prepared, folder.name), words_on)
    plan, shots = conformed.plan, conformed.had
    prepared = replace(prepared, plan=plan)
    remember_edits(plan.pictures, shots.pictures, doors.journal)
    remember_finals(plan, shots.pictures, doors.journal)
    keep = KeptFolder(doors.settings.keep).keep if doors.settings.keep else None
    counted = "rows in files" if project.job.output else "files"  # a file of many rows is made row by row
    making = Making(doors, kit, progress, keep, plan.files, made, counted)
    with delivering(doors.store, folder, None if doors.settings.inline else doors.open_store) as delivery:
        words = page_words(doors.language)
        record = RecordWriter(project, plan, folder, shots, doors.store, words, conformed.measured)
        with _merged(prepared, kit, progress, record) as merged:
            refused, coming = 0, fill(prepared, shots, kit)
            for sheets in merged.taking(coming) if merged else coming:
                outcomes = making.make(sheets)
                refused = _tell_of_refused(doors, progress, refused)
                delivery.add(_files(sheets, outcomes))
                record.add(sheets, outcomes)
            told = merged.told if merged else None
            _tell_of_refused(doors, progress, refused)
            delivery.add(told.files if told else ())
            facts = RunFacts(project, plan, folder, started, doors.clock(), doors.settings.only or "")
            return record.finish(facts, doors.journal, delivery, told)


def _tell_of_refused(doors: Doors, progress: Progress, told: int) -> int:
    """Name the workers that are refused, but for the first ``told``; how many there are by now."""
    refused = doors.refused_workers
    for why in refused[told:]:
        finding = Finding(Severity.WARNING, "unfit-worker", why.message, hint=why.hint)
        progress.say(f"warning: {finding}  [{finding.code}]")
    return len(refused)


def _merged(
    prepared: Prepared, kit: worker.Kit, progress: Progress, record: RecordWriter
) -> contextlib.AbstractContextManager[MergedOutput | None]:
    """What makes the documents that many rows are in, if the job has any."""
    if not prepared.project.job.output:
        return contextlib.nullcontext()
    slips = slips_of(prepared.project, sheet_keys(prepared, kit), reprint=bool(prepared.doors.settings.only))
    return merged_output(prepared, kit, progress, slips, record.shown.on)


def _terms(prepared: Prepared, run: str) -> Terms:
    settings, doors = prepared.doors.settings, prepared.doors
    cap, budget = cap_of(settings.max_cost), job_budget(prepared.project, doors, run)
    return Terms(run, cap, settings.retry_unknown, scratch=doors.folder, budget=budget)


def job_budget(project: Project, doors: Doors, run: str = "") -> JobBudget | None:
    """The budget that the job names, as far as runs beside this one leave it."""
    usd = project.job.budget.usd if project.job.budget else None
    return JobBudget.of(usd, project.job_name, run, doors.journal)


def kit_for(prepared: Prepared, had: worker.Kit | None = None) -> worker.Kit:
    """What workers need of a job, besides their tasks; the one they ``had``, if its fonts will do."""
    words = prepared.files.words
    needed = scripts_needed(words.of, prepared.grouped) | words.scripts.families
    if had is not None and needed <= had.scripts:
        return had
    return kit_of(prepared.project, prepared.doors, needed | (had.scripts if had else frozenset()))


def with_sizes(prepared: Prepared, kit: worker.Kit) -> Prepared:
    """With the sizes that texts share, and what is told of them: known before anything is made, as keys depend on
    them."""
    fit = in_workers(prepared.doors, kit)
    sizes = shared_sizes(prepared.project, prepared.grouped, prepared.files, fit)
    return replace(prepared, plan=prepared.plan.with_findings(sizes.findings), sizes=sizes)


def kit_of(project: Project, doors: Doors, scripts: frozenset[tuple[str, str]] = frozenset()) -> worker.Kit:
    """What workers need of a job that sets texts in these script families (family, locale), too."""
    with telling_why(str(doors.folder)):
        font_files = sheet_fonts.font_files(project, doors.folder / "fonts", scripts)
    drawings = [path.read_bytes() for path in project.logos.values()]
    kept = doors.store.put_many(chain((path.read_bytes() for path in font_files), drawings))
    logos = kept[len(font_files) :]
    return worker.Kit(
        brand=project.brand,
        layouts=_layouts(project),
        logos=dict(zip(project.logos, logos, strict=True)),
        fonts=tuple((digest, file.name) for digest, file in zip(kept, font_files, strict=False)),
        presses=presses_of(project),
        open_store=doors.open_store,
        open_results=doors.open_journal,
        date=calendar.timegm(project.job.date.timetuple()),
        scripts=scripts,
        artwork={digest: read_artwork(svg) for digest, svg in zip(logos, drawings, strict=True)},
    )


def with_layouts(kit: worker.Kit, project: Project) -> worker.Kit:
    """The kit with the layouts and the date of a project whose brand is the same."""
    date = calendar.timegm(project.job.date.timetuple())
    return replace(kit, brand=project.brand, layouts=_layouts(project), date=date)


def _layouts(project: Project) -> dict[str, Layout]:
    return {**{name: _plain(loaded.layout) for name, loaded in project.drawn.items()}, **slip_layouts(project)}


def _plain(layout: Layout) -> Layout:
    """A layout as its base class: the model closed to the known layers exists only in the process that made it."""
    return Layout.model_construct(**dict(layout))


def fill(prepared: Prepared, shots: PicturesHad, kit: worker.Kit) -> Iterator[list[ReadySheet]]:
    """The sheets of a plan with their words and pictures, and the keys of their files, in windows."""
    project, files, keys = prepared.project, prepared.files, sheet_keys(prepared, kit)
    own_words = OwnWords(project)

    def filled(sheet: PlannedSheet) -> tuple[dict[str, dict[str, str]], SheetTold]:
        layers = files.words.of(sheet)
        return layers, sheet_told(project, sheet.row, sheet.layout, own_words.of(sheet, layers), sheet.take)

    planned: Iterable[PlannedSheet] = prepared.plan.sheets
    if any(map(files.detects, project.drawn)):
        planned = with_detected(planned, files, prepared.doors, kit)
    sheets = ready(planned, shots, filled, files.on, project.drawn, keys, prepared.sizes)
    while window := list(islice(sheets, prepared.doors.settings.sheets_at_once)):
        files.keep()
        yield window


def sheet_keys(prepared: Prepared, kit: worker.Kit) -> SheetKeys:
    """What tells the keys of a job's files."""
    version_of = functools.cache(sheet_fonts.version_of)  # it asks for installed packages, which takes milliseconds

    def fonts_of(content: SheetContent) -> str:
        if not kit.scripts:  # no sheet of the run needs any
            return ""
        return version_of(sheet_fonts.scripts_of(content.layers, content.locale))

    presses = {name: press.key for name, press in kit.presses.items()}
    return SheetKeys(prepared.project.brand_digest, presses, kit.date, registry.FORMATS, fonts_of)


def _files(sheets: Sequence[ReadySheet], outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, str]]:
    for sheet in sheets:
        for file in sheet.files:
            if (outcome := outcomes.get(file.key)) and outcome.result:
                for page, result in enumerate((outcome.result, *outcome.further), start=1):
                    yield result.digest, file.path_of(page)
