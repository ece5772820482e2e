"""Documents of several pages made on a bench: set together, drawn and checked page by page, written as one file or
each page as its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from PIL import Image

from pressrun import checks as check_stage
from pressrun import export as export_stage
from pressrun import registry
from pressrun import typeset as typeset_stage
from pressrun.model.file_facts import FileFacts
from pressrun.model.finding import Finding
from pressrun.model.format_kind import FormatKind
from pressrun.model.inspection import Inspection, WrittenFile
from pressrun.model.provenance import composite
from pressrun.model.rendering import Overlay, Rendering
from pressrun.model.task import FileResult, FileTask, Intermediates, Made, SheetTask
from pressrun.run.worker.bench import Bench
from pressrun.run.worker.drawn_pages import ComposedPage, DrawnPage, drawn_page, later_page, settled, size_of
from pressrun.run.worker.later_views import Looks
from pressrun.run.worker.refusals import well_written

OF_FILES = "written-files"  # the check of files by what is in them


def make_document(bench: Bench, task: SheetTask) -> Made:
    """All files of a document: those that have all its pages in one, and one for each page in the other formats."""
    return _Document(bench, task).made()


class _Document:
    def __init__(self, bench: Bench, task: SheetTask) -> None:
        self._bench, self._task = bench, task
        self._whole = [file for file in task.files if self._kind(file).write_pages]
        self._by_page = [file for file in task.files if not self._kind(file).write_pages]

    def _kind(self, file: FileTask) -> FormatKind:
        return registry.FORMATS[file.format]

    def made(self) -> Made:
        pages = self._settled()
        if not pages:
            return Made(self._task.index, ())
        overlays = typeset_stage.set_by_letters([page.sheet for page in pages], self._bench, self._bench.set_lines)
        files: list[FileResult] = []
        shown: list[Intermediates] = []
        told: list[FileFacts] = []
        renderings: list[Rendering] = []
        for one in self._drawn(pages, overlays):
            facts, results, intermediate = self._page(one, len(pages), is_first=not told)
            files += results
            told.append(facts)
            shown += [intermediate] if intermediate else []
            renderings.append(one.rendering if self._keeps_look else one.rendering.without_look())
        whole, refused = well_written(
            self._task, self._whole, lambda planned: self._written_whole(planned, pages, renderings, told)
        )
        files += (file for _, file in whole)
        return Made(self._task.index, tuple(files), tuple(shown), tuple(refused))

    @property
    def _keeps_look(self) -> bool:
        """Whether a format of all pages shows what they look like: else it is let go of, page by page."""
        return any(self._kind(file).needs_look for file in self._whole)

    @property
    def _is_looked_at(self) -> bool:
        """Whether somebody sees every page, and not only the first."""
        return self._keeps_look or bool(self._by_page) or self._task.shows or self._task.keeps

    def _drawn(self, pages: Sequence[ComposedPage], overlays: Sequence[Overlay]) -> Iterator[DrawnPage]:
        bench, targets = self._bench, [page.sheet.target for page in pages]
        presses = [bench.press(page.sheet) for page in pages]
        if self._is_looked_at:
            with export_stage.to_be_drawn(overlays, targets, presses) as drawables:
                yield from (drawn_page(bench, *one) for one in zip(pages, drawables, strict=True))
            return
        with Looks(overlays, targets, presses) as looks:
            for number, (page, overlay) in enumerate(zip(pages, overlays, strict=True)):
                yield later_page(bench, page, looks, overlay, number)

    def _settled(self) -> list[ComposedPage]:
        bench, task = self._bench, self._task
        composed = bench.composer.pages(bench.kit.layouts[task.content.drawn_by], task.content)
        fitted = bench.fitter.fitted([sheet for sheet, _ in composed])
        pages = (
            ComposedPage(task, sheet, findings, bench.plate_key(sheet))
            for sheet, (_, findings) in zip(fitted, composed, strict=True)
        )
        return [settled(bench, page) for page in pages]

    def _page(
        self, page: DrawnPage, pages: int, is_first: bool
    ) -> tuple[FileFacts, Sequence[FileResult], Intermediates | None]:
        """What is known of one page, and the files that it has alone."""
        sheet = page.composed.sheet
        written = export_stage.written([self._kind(file) for file in self._by_page], page.rendering)
        findings = page.checked(written)
        facts = page.facts(self._bench, findings, thumbnail=is_first or bool(self._by_page))
        results = [
            FileResult(
                planned.key_of(sheet.page or 1),
                file.put(self._bench.store),
                len(file.written),
                replace(facts, media_type=file.media_type, size=size_of(file, sheet), files=pages),
            )
            for planned, file in zip(self._by_page, written, strict=True)
        ]
        return facts, results, page.shown(self._bench, findings)

    def _written_whole(
        self, planned: FileTask, pages: Sequence[ComposedPage], renderings: Sequence[Rendering],
        told: Sequence[FileFacts],
    ) -> FileResult:  # fmt: skip
        kind, first = self._kind(planned), pages[0].sheet
        assert kind.write_pages
        origins = [one.metadata.source_type for one in renderings]
        metadata = replace(renderings[0].metadata, source_type=composite(origins[0], *origins))
        data = kind.write_pages([replace(one, metadata=metadata) for one in renderings])
        boxes = tuple(page.sheet.boxes for page in pages)
        file = WrittenFile(kind.name, kind.media_type, data, (0, 0), boxes)
        facts = replace(
            told[0],
            media_type=kind.media_type,
            size=size_of(file, first, len(pages)),
            text=tuple(text for one in told for text in one.text),
            choices=tuple(choice for one in told for choice in one.choices),
            codes=tuple(code for one in told for code in one.codes or ()),
            findings=tuple(self._findings(file, pages, told)),
        )
        return FileResult(planned.key, file.put(self._bench.store), len(data), facts)

    def _findings(
        self, file: WrittenFile, pages: Sequence[ComposedPage], told: Sequence[FileFacts]
    ) -> Iterator[Finding]:
        """Those of all pages, and of the file itself."""
        for one in told:
            yield from one.findings
        yield from of_the_file(self._bench, pages[0], file)


def of_the_file(bench: Bench, first: ComposedPage, file: WrittenFile) -> list[Finding]:
    """What is to be said of a file of several pages itself."""
    layout = bench.kit.layouts[first.task.content.drawn_by]
    sheet, nothing = replace(first.sheet, page=None), Image.new("RGB", (1, 1))
    inspection = Inspection(layout, sheet, (), nothing, {}, {}, (file,), bench.faces, lambda ink: ink.srgb)
    return check_stage.check(inspection, {OF_FILES: registry.CHECKS[OF_FILES]})
