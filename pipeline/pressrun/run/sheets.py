"""Sheets of a run: their content and keys, which files are in the store already, and the making of the others."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, groupby
from typing import Any

from msgspec.structs import astuple

from pressrun.doors import Doors
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.executor import trace_of
from pressrun.model.file_facts import FileFacts
from pressrun.model.file_metadata import NOTHING_SAID, UNTOLD, SheetTold
from pressrun.model.finding import Finding, Severity
from pressrun.model.format_kind import FormatKind
from pressrun.model.journal import Result
from pressrun.model.packed_cells import PackedNumbers
from pressrun.model.picture import PicturesHad
from pressrun.model.plan import PlannedFile, PlannedSheet, SlotUse
from pressrun.model.progress import Progress
from pressrun.model.project import LoadedLayout
from pressrun.model.task import Failed, FileTask, Intermediates, Made, Outcome, ReadySheet, SheetContent, SheetTask
from pressrun.run.sheet_content import as_json, filled, placed_in, said_by, unmade, without_choices
from pressrun.run.size_groups import SharedSizes
from pressrun.run.worker import kit as worker

FEWEST_AT_ONCE = 8  # sheets handed to a worker together, as long as there are as many
HANDFULS = 4  # for each worker at least, so that all end at about the same time
RESULTS_AT_ONCE = 64  # recorded in one transaction, or as many as come in
SECONDS_AT_ONCE = 1.0  # what a killed run may have to do again



class SheetKeys:
    """Keys of files: the hash of the layout, the brand's own share, the press (by the name of its condition), the
    content with the version of the fonts that its scripts need (none, where FiraGO has all), and the format."""

    def __init__(
        self, brand_digest: str, presses: Mapping[str, str], date: int, formats: Mapping[str, FormatKind],
        fonts_of: Callable[[SheetContent], str],
    ) -> None:  # fmt: skip
        self._brand = brand_digest
        self._shared = {name: f"{brand_digest}\0{press}\0{date}" for name, press in presses.items()}
        self._formats = {name: f"{name} {kind.recipe}" for name, kind in formats.items()}
        self._endings = {name: kind.suffix for name, kind in formats.items() if not kind.write_pages}
        self._fonts_of = fonts_of

    def of(
        self, layout_digest: str, content: SheetContent, planned: Iterable[PlannedFile], several: bool = False
    ) -> tuple[FileTask, ...]:
        """``several``: the sheet is a document of several pages."""
        endings = self._endings if several else {}
        written = as_json(_as_lists(content)) + self._fonts_of(content)
        return tuple(
            FileTask(one, self._key(content.condition, layout_digest, one, written), path, endings.get(one, ""), merged)
            for one, path, merged in planned
        )

    def says(self, layout_digest: str, content: SheetContent) -> str:
        """See :func:`said_by`."""
        return said_by(self._brand, layout_digest, content.layers, content.files)

    def _key(self, condition: str, layout_digest: str, name: str, written: str) -> str:
        from pressrun.run.worker.bench import file_key

        return file_key(self._shared[condition], layout_digest, self._formats[name], written)


_in_order = functools.lru_cache(maxsize=64)(astuple)  # most sheets say the same of themselves


def _as_lists(content: SheetContent) -> list[Any]:
    """All of a content as plain data, field by field in their order: what its key is the hash of."""
    slots = {slot: [_placed(picture) for picture in pictures] for slot, pictures in content.slots.items()}
    files = {name: _placed(picture) for name, picture in content.files.items()}
    return [
        content.layout,
        content.locale,
        content.title,
        content.description,
        without_choices(content.layers),
        slots,
        files,
        content.source_types,
        *([_in_order(content.particulars)] if content.particulars != NOTHING_SAID else []),
        *([content.sizes] if content.sizes else []),
    ]


def _placed(picture: PlacedPicture) -> tuple[Any, ...]:
    told: tuple[Any, ...] = (picture.digest, picture.media_type, picture.size, picture.stage)
    said = tuple(one for one in (picture.region, picture.credit, picture.subject, picture.detector) if one)
    return (*told, *said)


def ready(
    sheets: Iterable[PlannedSheet],
    had: PicturesHad,
    fill: Callable[[PlannedSheet], tuple[dict[str, dict[str, str]], SheetTold]],
    files_on: Callable[[PlannedSheet], Callable[[str], PlacedPicture]],
    layouts: Mapping[str, LoadedLayout],
    keys: SheetKeys,
    sizes: SharedSizes,
) -> Iterator[ReadySheet]:
    """Fill in every sheet: ``fill`` answers its layers, and what is told of it; ``files_on`` how its row's
    pictures are placed."""

    @functools.cache
    def had_picture(use: SlotUse) -> tuple[PlacedPicture, str]:
        return placed_in(use, had.pictures[use.key])

    for sheet in sheets:
        lost = next((use for use in sheet.slots if use.key not in had.pictures), None)
        fault = sheet.fault
        if lost:
            fault = had.failed.get(lost.key) or Finding(
                Severity.ERROR, "missing-picture", f"there is no picture for {lost.slot}/{lost.master}"
            )
        layers: dict[str, dict[str, str]] = {}
        told = UNTOLD
        if fault is None:
            try:
                layers, told = fill(sheet)
            except InputError as error:
                fault = error.findings[0]
        if fault:
            yield ReadySheet(sheet, None, unmade(sheet), fault)
            continue
        content = filled(sheet, layers, had_picture, files_on(sheet), sizes, told)
        loaded = layouts[sheet.drawn_by]
        several = bool(loaded.layout.page_list)
        digest = loaded.digest_with(layers)
        files = keys.of(digest, content, sheet.files, several)
        yield ReadySheet(sheet, content, files, None, keys.says(digest, content))


def _objects(result: Result) -> tuple[str, ...]:
    """Those of a finished file: its own, and that of its thumbnail, if it has one. Raises DamagedRow."""
    thumb = result.read(lambda said: said["thumb"])
    return (result.digest, thumb) if thumb else (result.digest,)


class Making:
    """Has the files of a run's sheets, a window of them at a time: what became of those before counts for those behind,
    as if all had come together. ``keep`` is given what each sheet was on its way, also of those whose files are there;
    ``files`` is how many there will be in all, told as ``counted``; ``made`` is added to, and not told as reused."""

    def __init__(
        self, doors: Doors, kit: worker.Kit, progress: Progress,
        keep: Callable[[PlannedSheet, Intermediates], None] | None = None, files: int = 0,
        made: PackedNumbers | None = None, counted: str = "files",
    ) -> None:  # fmt: skip
        self._doors, self._kit, self._progress, self._keep, self._files = doors, kit, progress, keep, files
        self._counted = counted
        self._made = PackedNumbers() if made is None else made  # beginnings of keys: those of a million files are much
        self._failed: dict[str, Outcome] = {}
        self._begun = False

    def make(self, sheets: list[ReadySheet]) -> dict[str, Outcome]:
        """Have every file: from the store where its key is known and its bytes are sound, else made. By key."""
        outcomes = self._there(sheets)
        tasks = list(_to_make(sheets, outcomes, self._keep is not None))
        self._begin(sum(len(sheet.files) for sheet in sheets), sum(len(task.files) for task in tasks))
        pending: list[Result] = []
        by_index = {task.index: task for task in tasks}
        recorded = time.monotonic()
        try:
            for one in _made(tasks, self._doors, self._kit) if tasks else ():
                task = by_index[one.index]
                self._progress.step(len(task.files))
                if isinstance(one, Failed):
                    failed = {file.key: Outcome(None, one.finding, reused=False) for file in task.files}
                    self._failed |= failed
                    outcomes.update(failed)
                    continue
                for shown in one.shown:
                    if self._keep:
                        self._keep(sheets[one.index].sheet, shown)
                refused = {key: Outcome(None, finding, reused=False) for key, finding in one.refused}
                self._failed |= refused
                outcomes.update(refused)
                made = {file.key: file.result() for file in one.files}
                pending += made.values()
                for planned in task.files:
                    if planned.key in refused:
                        continue
                    first, *others = _pages_of(planned, made) if planned.ending else (made[planned.key],)
                    outcomes[planned.key] = Outcome(first, None, reused=False, further=tuple(others))
                    self._made.add(_beginning(planned.key))
                if len(pending) >= RESULTS_AT_ONCE or time.monotonic() - recorded >= SECONDS_AT_ONCE:
                    self._doors.journal.record(pending)
                    pending.clear()
                    recorded = time.monotonic()
        finally:  # on Ctrl-C too: what is done is kept
            self._doors.journal.record(pending)
        return outcomes

    def _there(self, sheets: list[ReadySheet]) -> dict[str, Outcome]:
        """What need not be made: it is in the store and sound, or failed before."""
        journal = self._doors.journal
        files = {file.key: file for sheet in sheets for file in sheet.files if file.key}
        outcomes = {key: self._failed[key] for key in files if key in self._failed}
        found = journal.lookup(files)
        counted = {key: result.read(FileFacts.from_json).files for key, result in found.items() if files[key].ending}
        further = {key: [files[key].key_of(page) for page in range(2, count + 1)] for key, count in counted.items()}
        behind = journal.lookup([key for keys in further.values() for key in keys]) if further else {}
        objects = {result.key: _objects(result) for result in (*found.values(), *behind.values())}
        sound = self._doors.store.present(chain.from_iterable(objects.values()), recorded=True)
        for key, result in found.items():
            pages = (result, *(behind[one] for one in further.get(key, ()) if one in behind))
            if len(pages) == counted.get(key, 1) and all(sound.issuperset(objects[one.key]) for one in pages):
                outcomes[key] = Outcome(result, None, _beginning(key) not in self._made, further=pages[1:])
        return outcomes

    def _begin(self, files: int, to_make: int) -> None:
        """Tell what is to be done: where one window is all, what of it is not there yet."""
        if self._begun or files < self._files:
            if not self._begun:
                self._progress.begin(self._counted, self._files)
            self._begun = True
            self._progress.step(files - to_make)
        elif to_make:
            self._progress.begin(self._counted, to_make)


def _beginning(key: str) -> int:
    return int(key[:16], 16)


def _pages_of(planned: FileTask, made: Mapping[str, Result]) -> Iterator[Result]:
    page = 1
    while (result := made.get(planned.key_of(page))) is not None:
        yield result
        page += 1


def _made(tasks: list[SheetTask], doors: Doors, kit: worker.Kit) -> Iterator[Made | Failed]:
    """What became of each task. Where a worker died of several together, each is tried alone: one is to blame."""
    from pressrun.run.worker.sheet_tasks import make_sheets

    suspects: list[SheetTask] = []
    together = _chunks(tasks, doors.settings.workers, doors.sheets_at_once)
    for chunk, answer in doors.in_workers(worker.open_bench, kit, together, make_sheets, "sheets"):
        if isinstance(answer, list):
            yield from answer
        elif isinstance(answer, PressrunError) and answer.stops_the_run:
            raise answer
        elif len(chunk) > 1:
            suspects += chunk
        else:
            yield _died(chunk[0], answer)
    if not suspects:
        return
    alone = ((task,) for task in suspects)
    for (task,), answer in doors.in_workers(worker.open_bench, kit, alone, make_sheets, "sheets"):
        yield answer[0] if isinstance(answer, list) else _died(task, answer)


def _died(task: SheetTask, error: Exception) -> Failed:
    layout = task.content.layout
    trace = trace_of(error)
    finding = Finding(Severity.ERROR, "worker-died", str(error), layout=layout, row=task.row, trace=trace)
    return Failed(task.index, finding)


def _to_make(sheets: list[ReadySheet], there: Mapping[str, Outcome], keeps: bool) -> Iterator[SheetTask]:
    """One task a sheet, with the formats that are missing; two sheets with the same content are made once. ``keeps``:
    each is wanted for what it is on its way."""
    taken: set[str] = set()
    for index, ready in enumerate(sheets):
        missing = tuple(file for file in ready.files if file.key and file.key not in there and file.key not in taken)
        if (missing or keeps) and ready.content:
            taken.update(file.key for file in missing)
            yield SheetTask(index, ready.sheet.row.id, ready.content, missing, keeps=keeps)


def _plate_group(task: SheetTask) -> tuple[Any, ...]:
    """What decides the plate, roughly: the pictures and the layout, not the language. Plates of the same pictures come
    together."""
    content = task.content
    return (
        sorted((slot, [p.digest for p in placed]) for slot, placed in content.slots.items()),
        sorted(placed.digest for placed in content.files.values()),
        content.drawn_by,
        content.condition,
    )


def _chunks(tasks: list[SheetTask], workers: int, most: int) -> Iterator[tuple[SheetTask, ...]]:
    """Handfuls of sheets that share plates, as few plates in each as can be: large ones, as long as there are several
    for each worker."""
    most = max(FEWEST_AT_ONCE, min(most, len(tasks) // (workers * HANDFULS)))
    ordered = sorted(tasks, key=lambda task: (_plate_group(task), task.index))
    chunk: list[SheetTask] = []
    for _, group in groupby(ordered, key=_plate_group):
        sharing = list(group)
        if chunk and len(chunk) + len(sharing) > most:
            yield tuple(chunk)
            chunk = []
        chunk += sharing
        while len(chunk) >= most:
            yield tuple(chunk[:most])
            chunk = chunk[most:]
    if chunk:
        yield tuple(chunk)
