"""Pages of many rows made on a bench, for a file that they are all in: set together, checked row by row, and drawn only
where a check has to see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress

from msgspec.structs import replace

from pressrun import registry
from pressrun import typeset as typeset_stage
from pressrun.graphics.texts.typst_engine import TypesettingFailed
from pressrun.model.errors import BelowStandard, PressrunError, TextInTransparency
from pressrun.model.file_facts import FileFacts
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import WrittenFile
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.rendering import Overlay, Pieces, Rendering
from pressrun.model.task import BatchAnswer, BatchMade, BatchTask, Failed, SheetTask
from pressrun.run.worker.bench import Bench
from pressrun.run.worker.codes_together import read_together
from pressrun.run.worker.documents import of_the_file
from pressrun.run.worker.drawn_pages import NONE_READ, ComposedPage, DrawnPage, later_page, settled, size_of
from pressrun.run.worker.later_views import Looks
from pressrun.run.worker.sheet_tasks import guarded

Pages = list[ComposedPage]
BELOW_STANDARD, UNDEFINED = "below-standard", frozenset({"missing-glyph", "missing-script"})


def make_batches(bench: Bench, tasks: tuple[BatchTask, ...]) -> list[BatchAnswer]:
    """A worker's task."""
    with without_sweeping():  # it finds next to nothing, and takes a tenth of the time
        return [BatchAnswer.of(_Batch(bench, task).made()) for task in tasks]


class _Batch:
    def __init__(self, bench: Bench, task: BatchTask) -> None:
        self._bench, self._task = bench, task
        self._kind = registry.FORMATS[task.format]
        self._failed: list[Failed] = []

    def made(self) -> BatchMade:
        records = self._settled()
        overlays = self._set(records)
        while overlays is None:  # a row that cannot be set is looked for, and left out
            records = [one for one in records if self._can_be_set(one)]
            overlays = self._set(records)
        return self._written(records, overlays)

    def _settled(self) -> list[Pages]:
        """The pages of each row that can be had."""
        bench = self._bench
        composed = self._well(self._task.records, _composed)
        sheets = [page.sheet for pages in composed for page in pages]
        try:
            fitted = iter(bench.fitter.fitted(sheets))
            composed = [[replace(page, sheet=next(fitted)) for page in pages] for pages in composed]
        except (PressrunError, TypesettingFailed):
            composed = self._each(composed, _fitted)
        return self._each(composed, _settled)

    def _well(self, tasks: Sequence[SheetTask], step: Callable[[Bench, SheetTask], Pages]) -> list[Pages]:
        made = [guarded(step, self._bench, task) for task in tasks]
        self._failed += [one for one in made if isinstance(one, Failed)]
        return [one for one in made if not isinstance(one, Failed)]

    def _each(self, records: list[Pages], step: Callable[[Bench, SheetTask, Pages], Pages]) -> list[Pages]:
        made = [guarded(step, self._bench, pages[0].task, pages) for pages in records]
        self._failed += [one for one in made if isinstance(one, Failed)]
        return [one for one in made if not isinstance(one, Failed)]

    def _set(self, records: list[Pages]) -> list[Overlay] | None:
        every = [page for pages in records for page in pages]
        try:
            return _set_by_letters(self._bench, every) if every else []
        except Exception:
            if len(records) == 1:
                self._can_be_set(records[0])
                records.clear()
                return []
            return None

    def _can_be_set(self, pages: Pages) -> bool:
        made = guarded(_set_alone, self._bench, pages[0].task, pages)
        if isinstance(made, Failed):
            self._failed.append(made)
        return not isinstance(made, Failed)

    def _written(self, records: list[Pages], overlays: Sequence[Overlay]) -> BatchMade:
        bench = self._bench
        if not records:
            return BatchMade(self._task.index, "", 0, (), (), tuple(self._failed))
        flat = [page for pages in records for page in pages]
        write = self._kind.write_pieces
        assert write
        targets, presses = [page.sheet.target for page in flat], [bench.press(page.sheet) for page in flat]
        codes = read_together(bench, flat, overlays)
        with Looks(overlays, targets, presses) as looks:
            facts: list[FileFacts] = []
            renderings: list[Rendering] = []
            for pages in records:
                start = len(renderings)
                drawn = [
                    later_page(
                        bench, page, looks, overlays[start + at], start + at, codes.get(start + at, NONE_READ)
                    )
                    for at, page in enumerate(pages)
                ]
                facts.append(self._facts(drawn, shows=self._task.shows and not start))
                renderings += (one.rendering.without_look() for one in drawn)
            try:
                pieces = write(renderings)
            except (BelowStandard, TextInTransparency) as fault:
                well = self._writable(records, renderings, fault.pages, facts)
                if all(well):  # it is none of them alone
                    raise
                of_pages = [sound for sound, pages in zip(well, records, strict=True) for _ in pages]
                return self._written(list(compress(records, well)), list(compress(overlays, of_pages)))
        facts = _with_what_is_below(records, facts, pieces)
        boxes = tuple(flat[number].sheet.boxes for number in pieces.kinds)
        file = WrittenFile(self._kind.name, self._kind.media_type, pieces.of_each_kind, (0, 0), boxes)
        of_file = of_the_file(bench, flat[0], file)
        facts[0] = replace(facts[0], findings=(*facts[0].findings, *of_file))
        digest, streams = bench.store.put(pieces.data), tuple(bench.store.put_many(pieces.streams))
        size = len(pieces.data)
        return BatchMade(self._task.index, digest, size, streams, tuple(facts), tuple(self._failed))

    def _writable(
        self, records: Sequence[Pages], renderings: Sequence[Rendering], suspect: frozenset[int],
        facts: Sequence[FileFacts],
    ) -> list[bool]:  # fmt: skip
        """Of which rows the pages are what the format asks for; the others are told, with what is known of their pages.
        Those without a page that is ``suspect`` (any, where there is none) are not tried."""
        write = self._kind.write_pieces
        assert write

        def try_alone(bench: Bench, task: SheetTask, pages: Sequence[Rendering]) -> None:
            try:
                write(pages)
            except BelowStandard as fault:
                raise BelowStandard(fault.standard, fault.told, fault.codes, of_many=True) from fault

        well: list[bool] = []
        start = 0
        for pages, known in zip(records, facts, strict=True):
            numbers = range(start, start := start + len(pages))
            failed = None
            if not suspect or not suspect.isdisjoint(numbers):
                own = [renderings[number] for number in numbers]
                failed = guarded(try_alone, self._bench, pages[0].task, own)
            if failed:
                self._failed.append(replace(failed, finding=_with_its_cause(failed.finding, known.findings)))
            well.append(failed is None)
        return well

    def _facts(self, pages: Sequence[DrawnPage], shows: bool) -> FileFacts:
        """What is known of a row's pages, of which the first may show what it looks like."""
        told = [one.facts(self._bench, one.checked(()), shows and one is pages[0]) for one in pages]
        first = pages[0].composed.sheet
        return replace(
            told[0],
            media_type=self._kind.media_type,
            size=size_of(WrittenFile("", "", b"", (0, 0)), first, len(pages)),
            text=tuple(text for one in told for text in one.text),
            choices=tuple(choice for one in told for choice in one.choices),
            codes=tuple(code for one in told for code in one.codes or ()),
            findings=tuple(finding for one in told for finding in one.findings),
        )


def _with_what_is_below(
    records: Sequence[Pages], facts: Sequence[FileFacts], pieces: Pieces
) -> list[FileFacts]:
    """What is known of rows, and that their pages are no standard's, where they are not."""
    of_rows, first = [], 0
    for pages, known in zip(records, facts, strict=True):
        at = next((number for number in range(first, first + len(pages)) if number in pieces.below), None)
        if at is not None:
            message, layer = pieces.below[at]
            sheet = pages[at - first].sheet
            page, told = sheet.page if len(pages) > 1 else None, f"no standard of print takes {message}"
            fault = Finding(Severity.ERROR, BELOW_STANDARD, told, layout=sheet.layout, layer=layer, page=page)
            known = replace(known, findings=(*known.findings, fault))
        of_rows.append(known)
        first += len(pages)
    return of_rows


def _with_its_cause(refused: Finding, told: Sequence[Finding]) -> Finding:
    """Why a row's pages are not what they say, with the layer that a check names for the same fault."""
    cause = next((one for one in told if one.code in UNDEFINED), None)
    if refused.code != BELOW_STANDARD or cause is None:
        return refused
    message = f"{refused.message}: {cause.message} [{cause.code}]"
    return replace(refused, message=message, layer=cause.layer, page=cause.page, hint=cause.hint)


def _composed(bench: Bench, task: SheetTask) -> Pages:
    layout = bench.kit.layouts[task.content.drawn_by]
    composer, content = bench.composer, task.content
    made = composer.pages(layout, content) if layout.page_list else [composer.compose(layout, content)]
    return [ComposedPage(task, sheet, findings, bench.plate_key(sheet)) for sheet, findings in made]


def _fitted(bench: Bench, task: SheetTask, pages: Pages) -> Pages:
    fitted = bench.fitter.fitted([page.sheet for page in pages])
    return [replace(page, sheet=sheet) for page, sheet in zip(pages, fitted, strict=True)]


def _settled(bench: Bench, task: SheetTask, pages: Pages) -> Pages:
    return [settled(bench, page) for page in pages]


def _set_alone(bench: Bench, task: SheetTask, pages: Pages) -> list[Overlay]:
    return _set_by_letters(bench, pages)


def _set_by_letters(bench: Bench, pages: Pages) -> list[Overlay]:
    return typeset_stage.set_by_letters([page.sheet for page in pages], bench, bench.set_lines, of_many=True)
