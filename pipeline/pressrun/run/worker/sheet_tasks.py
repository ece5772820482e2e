"""Sheets made on a bench, from their tasks to files in the store. What goes wrong with one is its own failure."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from msgspec.structs import replace

from pressrun import export as export_stage
from pressrun import registry
from pressrun import typeset as typeset_stage
from pressrun.export import Drawable
from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.graphics.svg.limits import UnusableSvg
from pressrun.graphics.texts.typst_engine import TypesettingFailed
from pressrun.model.elsewhere import Cancelled
from pressrun.model.errors import BelowStandard, PressrunError, TextInTransparency
from pressrun.model.finding import Finding, Severity
from pressrun.model.task import Failed, FileResult, Made, SheetTask
from pressrun.run.worker.bench import NO_ROOM, Bench, no_room
from pressrun.run.worker.documents import make_document
from pressrun.run.worker.drawn_pages import ComposedPage, drawn_page, settled, size_of
from pressrun.run.worker.refusals import refusal, well_written

P = ParamSpec("P")
T = TypeVar("T")


def make_sheets(bench: Bench, tasks: tuple[SheetTask, ...]) -> list[Made | Failed]:
    """A worker's task: sheets, those that share plates one after the other. What became of each, in their order."""
    layouts = bench.kit.layouts
    documents = {task.index: task for task in tasks if layouts[task.content.drawn_by].page_list}
    made = {one.index: one for one in _made(bench, [task for task in tasks if task.index not in documents])}
    made |= {index: guarded(make_document, bench, task) for index, task in documents.items()}
    return [made[task.index] for task in tasks]


def _made(bench: Bench, tasks: Iterable[SheetTask]) -> Iterator[Made | Failed]:
    """Sheets are made together as long as their plates are at hand together."""
    together: list[ComposedPage] = []
    for one in _fitted(bench, [guarded(composed_page, bench, task) for task in tasks]):
        if isinstance(one, Failed):
            yield one
            continue
        plates = {one.plate_key, *(other.plate_key for other in together)}
        if len(plates) > bench.plates_at_hand(one.sheet):
            yield from _all_made(bench, together)
            together = []
        together.append(one)
    yield from _all_made(bench, together)


def composed_page(bench: Bench, task: SheetTask) -> ComposedPage:
    sheet, findings = bench.composer.compose(bench.kit.layouts[task.content.drawn_by], task.content)
    return ComposedPage(task, sheet, findings, bench.plate_key(sheet))


def _fitted(bench: Bench, composed: Sequence[ComposedPage | Failed]) -> Iterator[ComposedPage | Failed]:
    """With the fits of their texts, which are found together; each for itself where there is one that cannot be."""
    well = [one for one in composed if not isinstance(one, Failed)]
    together = guarded(_with_fits, bench, well[0].task, well) if well else []
    fits = iter(together) if not isinstance(together, Failed) else None
    for one in composed:
        if isinstance(one, Failed):
            yield one
        elif fits is not None:
            yield next(fits)
        else:
            alone = guarded(_with_fits, bench, one.task, [one])
            yield alone if isinstance(alone, Failed) else alone[0]


def _with_fits(bench: Bench, task: SheetTask, composed: Sequence[ComposedPage]) -> list[ComposedPage]:
    fitted = bench.fitter.fitted([one.sheet for one in composed])
    return [replace(one, sheet=sheet) for one, sheet in zip(composed, fitted, strict=True)]


def _all_made(bench: Bench, composed: Iterable[ComposedPage]) -> Iterator[Made | Failed]:
    """A file that holds an overlay holds nothing of other sheets, whatever company it was made in: those are set one by
    one. Of the others only their look is kept, which does not depend on their company."""
    together: list[ComposedPage] = []
    for one in composed:
        page = guarded(_settled, bench, one.task, one)
        if isinstance(page, Failed):
            yield page
        elif page.has_vectors:
            yield guarded(_made_alone, bench, one.task, page)
        elif page.sheet.locale in bench.locales_set_alone:
            yield from _made_together(bench, [page])
        else:
            together.append(page)
    yield from _made_together(bench, together)


def _settled(bench: Bench, task: SheetTask, one: ComposedPage) -> ComposedPage:
    return settled(bench, one)


def _made_alone(bench: Bench, task: SheetTask, one: ComposedPage) -> Made:
    (overlay,) = typeset_stage.set_by_letters([one.sheet], bench, bench.set_lines)
    with export_stage.to_be_drawn([overlay], [one.sheet.target], [bench.press(one.sheet)]) as (drawable,):
        return _kept(bench, task, one, drawable)


def _made_together(bench: Bench, pages: Sequence[ComposedPage]) -> Iterator[Made | Failed]:
    """Sheets of one document, drawn and written one after the other. Where they cannot be set, the one that is to blame
    is looked for by halves."""
    if not pages:
        return
    with contextlib.ExitStack() as open_document:
        together = guarded(_set_together, bench, pages[0].task, pages, open_document)
        if not isinstance(together, Failed):
            for one, drawable in together:
                yield guarded(_kept, bench, one.task, one, drawable)
    if not isinstance(together, Failed):
        drawn = {one.task.index for one, _ in together}
        apart = [one for one in pages if one.task.index not in drawn]
        if 2 * len(apart) > len(pages):
            bench.locales_set_alone |= {one.sheet.locale for one in apart}
        for one in apart:
            yield from _made_together(bench, [one])
    elif len(pages) == 1:
        yield together
    else:
        middle = len(pages) // 2
        yield from _made_together(bench, pages[:middle])
        yield from _made_together(bench, pages[middle:])


def _set_together(
    bench: Bench, task: SheetTask, pages: Sequence[ComposedPage], open_document: contextlib.ExitStack
) -> list[tuple[ComposedPage, Drawable]]:
    """Those sheets whose look does not show their company, ready to be drawn."""
    overlays = typeset_stage.typeset([one.sheet for one in pages], bench, bench.set_lines)
    there = [(one, overlay) for one, overlay in zip(pages, overlays, strict=True) if overlay]
    if not there:
        return []
    targets = [one.sheet.target for one, _ in there]
    presses = [bench.press(one.sheet) for one, _ in there]
    drawing = export_stage.to_be_drawn([overlay for _, overlay in there], targets, presses)
    drawables = open_document.enter_context(drawing)
    assert drawables[0].pages, "what cannot be drawn is looked for among these"
    return [(one, drawable) for (one, _), drawable in zip(there, drawables, strict=True)]


def _kept(bench: Bench, task: SheetTask, one: ComposedPage, drawable: Drawable) -> Made:
    """A sheet drawn, written, checked and put into the store."""
    page = drawn_page(bench, one, drawable)
    files, refused = well_written(
        task, task.files, lambda file: export_stage.written([registry.FORMATS[file.format]], page.rendering)[0]
    )
    findings = page.checked([file for _, file in files])
    facts = page.facts(bench, findings)
    kept = []
    for planned, file in files:
        own = replace(facts, media_type=file.media_type, size=size_of(file, one.sheet))
        kept.append(FileResult(planned.key, file.put(bench.store), len(file.written), own))
    shown = page.shown(bench, findings)
    return Made(task.index, tuple(kept), (shown,) if shown else (), tuple(refused))


def guarded(
    step: Callable[Concatenate[Bench, SheetTask, P], T], bench: Bench, task: SheetTask, *args: P.args, **named: P.kwargs
) -> T | Failed:
    """What a step makes of a task, or its failure."""
    if bench.cancelled():
        raise Cancelled("the run was stopped")
    layout = task.content.layout
    try:
        return step(bench, task, *args, **named)
    except (BelowStandard, TextInTransparency) as problem:
        return Failed(task.index, refusal(problem, task))
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
