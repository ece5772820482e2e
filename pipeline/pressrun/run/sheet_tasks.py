"""Sheets made on a bench, from their tasks to files in the store. What goes wrong with one is its own failure."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, TypeVar

from pressrun import checks as check_stage
from pressrun import export as export_stage
from pressrun import plate, registry
from pressrun import typeset as typeset_stage
from pressrun.export import Drawable
from pressrun.graphics.artwork import UnusableArtwork
from pressrun.graphics.ground import Ground, grounds_of
from pressrun.graphics.svg_limits import UnusableSvg
from pressrun.graphics.typst_engine import TypesettingFailed
from pressrun.model.errors import PressrunError
from pressrun.model.file_facts import CodeShown, FileFacts, FileSize, TextShown
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Inspection, TextGround, WrittenFile
from pressrun.model.levels import levels_of, textless
from pressrun.model.provenance import SourceType, composite
from pressrun.model.rendering import FormatKind, Metadata
from pressrun.model.sheet import Choice, CodeMark, Mark, PictureMark, Sheet, ungrouped
from pressrun.model.task import Failed, FileResult, Made, SheetTask
from pressrun.model.xmp import writable
from pressrun.run.bench import NO_ROOM, Bench, Kit, no_room
from pressrun.run.intermediates import intermediates, what_is_drawn

LONGEST_WORDS = 3000  # characters of a title or description: escaped, the XMP of a JPEG takes them (64 kB)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Composed:
    """A sheet on its way; its plate is kept under ``plate_key``. ``choices`` are those made on the ground."""

    task: SheetTask
    sheet: Sheet
    findings: list[Finding]
    plate_key: str
    choices: tuple[Choice, ...] = ()

    @property
    def kinds(self) -> list[FormatKind]:
        return [registry.FORMATS[file.format] for file in self.task.files]

    @property
    def has_vectors(self) -> bool:
        """Whether the overlay itself is asked for, or a file that holds it, and not only what it looks like."""
        return self.task.keeps or any(not kind.density for kind in self.kinds)


def make_sheets(bench: Bench, tasks: tuple[SheetTask, ...]) -> list[Made | Failed]:
    """A worker's task: sheets, those that share plates one after the other. What became of each, in their order."""
    made = {one.index: one for one in _made(bench, tasks)}
    return [made[task.index] for task in tasks]


def _made(bench: Bench, tasks: Iterable[SheetTask]) -> Iterator[Made | Failed]:
    """Sheets are made together as long as their plates are at hand together."""
    together: list[_Composed] = []
    for one in _fitted(bench, [_guarded(_composed, bench, task) for task in tasks]):
        if isinstance(one, Failed):
            yield one
            continue
        plates = {one.plate_key, *(other.plate_key for other in together)}
        if len(plates) > bench.plates_at_hand(one.sheet):
            yield from _all_made(bench, together)
            together = []
        together.append(one)
    yield from _all_made(bench, together)


def _composed(bench: Bench, task: SheetTask) -> _Composed:
    sheet, findings = bench.composer.compose(bench.kit.layouts[task.content.drawn_by], task.content)
    return _Composed(task, sheet, findings, bench.plate_key(sheet))


def _fitted(bench: Bench, composed: Sequence[_Composed | Failed]) -> Iterator[_Composed | Failed]:
    """With the fits of their texts, which are found together; each for itself where there is one that cannot be."""
    well = [one for one in composed if not isinstance(one, Failed)]
    together = _guarded(_with_fits, bench, well[0].task, well) if well else []
    fits = iter(together) if not isinstance(together, Failed) else None
    for one in composed:
        if isinstance(one, Failed):
            yield one
        elif fits is not None:
            yield next(fits)
        else:
            alone = _guarded(_with_fits, bench, one.task, [one])
            yield alone if isinstance(alone, Failed) else alone[0]


def _with_fits(bench: Bench, task: SheetTask, composed: Sequence[_Composed]) -> list[_Composed]:
    fitted = bench.fitter.fitted([one.sheet for one in composed])
    return [replace(one, sheet=sheet) for one, sheet in zip(composed, fitted, strict=True)]


def _all_made(bench: Bench, composed: Iterable[_Composed]) -> Iterator[Made | Failed]:
    """A file that holds an overlay holds nothing of other sheets, whatever company it was made in: those are set one by
    one. Of the others only their look is kept, which does not depend on their company."""
    together: list[_Composed] = []
    for one in composed:
        settled = _guarded(_settled, bench, one.task, one)
        if isinstance(settled, Failed):
            yield settled
        elif settled.has_vectors:
            yield _guarded(_made_alone, bench, one.task, settled)
        elif settled.sheet.locale in bench.locales_set_alone:
            yield from _made_together(bench, [settled])
        else:
            together.append(settled)
    yield from _made_together(bench, together)


def _settled(bench: Bench, task: SheetTask, one: _Composed) -> _Composed:
    sheet, choices = plate.settle(one.sheet, _grounds(bench, one), bench.artwork)
    return replace(one, sheet=sheet, choices=choices)


def _grounds(bench: Bench, one: _Composed) -> Mapping[str, TextGround]:
    """What texts and logos stand on before they are settled: pieces and artwork, too, without any texts."""
    ground = bench.plate(one.sheet, one.plate_key).ground
    if not plate.has_choices(one.sheet):
        return grounds_of(one.sheet.marks, ground)
    grounds: dict[str, TextGround] = {}
    for level in levels_of(one.sheet.marks):
        under = _drawn_over(bench, one.sheet, level.under, ground) if level.under else ground
        grounds |= grounds_of(level.marks, under)
        ground = _drawn_over(bench, one.sheet, textless(level.marks), ground)
    return grounds


def _drawn_over(bench: Bench, sheet: Sheet, marks: tuple[Mark, ...], ground: Ground) -> Ground:
    (overlay,) = typeset_stage.typeset([replace(sheet, marks=marks)], bench)
    assert overlay, "there are no texts whose company could show"
    with export_stage.to_be_drawn([overlay], [sheet.target], bench.kit.profile) as (drawable,):
        return export_stage.view(drawable, sheet, ground, None).page


def _made_alone(bench: Bench, task: SheetTask, one: _Composed) -> Made:
    (overlay,) = typeset_stage.typeset([one.sheet], bench)
    assert overlay, "a sheet alone has no company that could show"
    with export_stage.to_be_drawn([overlay], [one.sheet.target], bench.kit.profile) as (drawable,):
        return _kept(bench, task, one, drawable)


def _made_together(bench: Bench, settled: Sequence[_Composed]) -> Iterator[Made | Failed]:
    """Sheets of one document, drawn and written one after the other. Where they cannot be set, the one that is to blame
    is looked for by halves."""
    if not settled:
        return
    with contextlib.ExitStack() as open_document:
        together = _guarded(_set_together, bench, settled[0].task, settled, open_document)
        if not isinstance(together, Failed):
            for one, drawable in together:
                yield _guarded(_kept, bench, one.task, one, drawable)
    if not isinstance(together, Failed):
        drawn = {one.task.index for one, _ in together}
        apart = [one for one in settled if one.task.index not in drawn]
        if 2 * len(apart) > len(settled):
            bench.locales_set_alone |= {one.sheet.locale for one in apart}
        for one in apart:
            yield from _made_together(bench, [one])
    elif len(settled) == 1:
        yield together
    else:
        middle = len(settled) // 2
        yield from _made_together(bench, settled[:middle])
        yield from _made_together(bench, settled[middle:])


def _set_together(
    bench: Bench, task: SheetTask, settled: Sequence[_Composed], open_document: contextlib.ExitStack
) -> list[tuple[_Composed, Drawable]]:
    """Those sheets whose look does not show their company, ready to be drawn."""
    overlays = typeset_stage.typeset([one.sheet for one in settled], bench)
    there = [(one, overlay) for one, overlay in zip(settled, overlays, strict=True) if overlay]
    if not there:
        return []
    targets = [one.sheet.target for one, _ in there]
    drawing = export_stage.to_be_drawn([overlay for _, overlay in there], targets, bench.kit.profile)
    drawables = open_document.enter_context(drawing)
    return [(one, drawable) for (one, _), drawable in zip(there, drawables, strict=True)]


def _kept(bench: Bench, task: SheetTask, one: _Composed, drawable: Drawable) -> Made:
    """A sheet drawn, written, checked and put into the store."""
    kit, sheet = bench.kit, one.sheet
    layout = kit.layouts[task.content.drawn_by]
    under = bench.plate(sheet, one.plate_key)
    if sheet.target == "print" and drawable.overlay.is_mixed:
        seen = export_stage.mixed_view(drawable.overlay, sheet, bench.press_plate(sheet, under), kit.profile)
    else:
        seen = export_stage.view(drawable, sheet, under.ground, under.cutout)
    files = export_stage.export(
        one.kinds,
        sheet,
        drawable.overlay,
        one.choices,
        _metadata(kit, sheet, task.content.source_types),
        seen,
        under.jpeg,
        kit.profile,
        layout.quality,
        layout.crop_marks,
    )
    inspection = Inspection(
        layout,
        sheet,
        one.choices,
        seen.page.picture,
        seen.grounds_of(sheet),
        bench.picture_facts(sheet, task.content.source_types),
        tuple(files),
        bench.faces,
        seen.page.look,
    )
    findings = [*one.findings, *check_stage.check(inspection, registry.CHECKS)]
    thumb = bench.store.put(export_stage.thumbnail(seen, sheet))
    marks = ungrouped(sheet.marks)
    texts = tuple(TextShown(f.layer, f.lines, f.overflow, f.size, f.text, f.inks) for f in sheet.texts)
    codes = tuple(CodeShown(mark.layer, mark.value) for mark in marks if isinstance(mark, CodeMark))
    kept = []
    for planned, file in zip(task.files, files, strict=True):
        size = _size_of(file, sheet)
        facts = FileFacts(file.media_type, size, texts, one.choices, tuple(findings), thumb, codes)
        kept.append(FileResult(planned.key, bench.store.put(file.data), len(file.data), facts))
    shown = None
    if task.shows or task.keeps:
        plate_seen = under.cutout or under.ground.picture
        drawn = what_is_drawn(inspection, drawable.overlay, plate_seen, under.jpeg) if task.keeps else {}
        shown = intermediates(inspection, findings, drawn, seen.cutout or seen.page.picture)
    return Made(task.index, tuple(kept), shown)


def _metadata(kit: Kit, sheet: Sheet, sources: Mapping[str, str]) -> Metadata:
    marks = ungrouped(sheet.marks)
    used = {sources.get(mark.digest, "") for mark in marks if isinstance(mark, PictureMark)}
    drawn = SourceType.ALGORITHMIC if SourceType.ALGORITHMIC in used else SourceType.DIGITAL_CREATION
    source = composite(drawn, *used)
    title, description = (writable(text[:LONGEST_WORDS]) for text in (sheet.title, sheet.description))
    return Metadata(title, description, kit.brand.name, sheet.locale, source, kit.date)


def _size_of(file: WrittenFile, sheet: Sheet) -> FileSize:
    if sheet.target == "screen":
        return FileSize(file.size)
    trim, bleed = sheet.boxes.trim, sheet.boxes.trim.x
    millimetres = 25.4 / 72
    in_mm = (round(trim.width * millimetres, 2), round(trim.height * millimetres, 2))
    return FileSize(file.size if file.size[0] else None, in_mm, round(bleed * millimetres, 2))


def _guarded(
    step: Callable[Concatenate[Bench, SheetTask, P], T], bench: Bench, task: SheetTask, *args: P.args, **named: P.kwargs
) -> T | Failed:
    """What a step makes of a task, or its failure."""
    layout = task.content.layout
    try:
        return step(bench, task, *args, **named)
    except (PressrunError, TypesettingFailed, UnusableSvg, UnusableArtwork) as problem:
        if isinstance(problem, PressrunError) and problem.stops_the_run:
            raise
        return Failed(task.index, Finding(Severity.ERROR, "sheet-failed", str(problem), layout=layout, row=task.row))
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno in NO_ROOM:
            raise no_room(problem) from problem
        message, trace = f"{type(problem).__name__}: {problem}", traceback.format_exc()
        finding = Finding(Severity.ERROR, "internal-error", message, layout=layout, row=task.row, trace=trace)
        return Failed(task.index, finding)
