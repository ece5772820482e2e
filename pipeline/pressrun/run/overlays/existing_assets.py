"""Between the plan and its pictures: what a library has is left out, and its pictures stand for planned ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from pressrun.doors import Doors
from pressrun.graphics.photos.incoming import incoming
from pressrun.graphics.photos.photo_credits import credit_of
from pressrun.graphics.photos.photo_regions import told_focus
from pressrun.graphics.photos.photographs import verified
from pressrun.load.campaign_reader import capped
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import ExistingAsset, Row
from pressrun.model.journal import Result
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.model.provenance import Provenance, SourceType, source_type
from pressrun.model.xmp import SOURCE_TYPES
from pressrun.run.merged.existing_documents import without_documents


def without_existing(plan: Plan, project: Project, doors: Doors) -> Plan:
    """The plan without the files that exist, and with the pictures that exist in place of those to be bought.

    A line that names a row is of its own file: where many rows are in one, it is in there nevertheless. These pictures
    are put into the store. What is wrong with them is among the plan's findings.
    """
    if not project.existing:
        return plan
    files = _Index(asset for asset in project.existing if asset.layout and (asset.row or asset.keys))
    pictures = _Pictures(project, doors, [asset for asset in project.existing if asset.slot])
    tasks = {task.key: task for task in plan.pictures}
    found: dict[str, PictureTask] = {}
    sheets: list[PlannedSheet] = []
    documents = without_documents(tuple(plan.sheets), (asset for asset in project.existing if asset.layout), project)
    left_out = documents.count
    shared = 0
    for sheet in documents.sheets:
        there = {asset.format for asset in files.of(sheet.row, sheet.take) if asset.layout == sheet.layout}
        kept = tuple(file for file in sheet.files if file.merged or ("" not in there and file.format not in there))
        left_out += len(sheet.files) - len(kept)
        shared += any(file.merged and there & {"", file.format} for file in kept)
        if not kept and sheet.files:
            continue
        takes = {slot: min(sheet.take, options.takes) for slot, options in project.job.pictures.items()}
        slots = []
        for use in sheet.slots:
            key = pictures.key(use, sheet.row, doors.settings.take or takes[use.slot])
            if key:
                found.setdefault(key, _found(tasks[use.key], key))
            slots.append(replace(use, key=key or use.key))
        sheets.append(replace(sheet, files=kept, slots=tuple(slots)))
    pictures.keep()
    notes = [*pictures.faults, *capped(pictures.notes), *documents.notes]
    if left_out:
        counted = "1 file is" if left_out == 1 else f"{left_out} files are"
        notes.append(Finding(Severity.NOTE, "existing", f"{counted} in the library already, and not made again"))
    if shared:
        counted = "1 row has its own file" if shared == 1 else f"{shared} rows have their own files"
        message = f"{counted} in the library already, and a page in that of many rows nevertheless"
        notes.append(Finding(Severity.NOTE, "existing", message, hint="`where` leaves rows out of it"))
    return plan.with_sheets(sheets, found.values()).with_findings(notes)


def _found(task: PictureTask, key: str) -> PictureTask:
    return replace(task, key=key, request=replace(task.request, mask=None), quoted_usd=Decimal(0))


_SAID = re.compile(re.escape(SOURCE_TYPES.encode()) + rb"([A-Za-z]+)")


class _Index:
    """Lines of a library by what they say of their row, so that a hundred thousand of them are no burden."""

    def __init__(self, assets: Iterable[ExistingAsset]) -> None:
        self._by_names: dict[tuple[str, ...], dict[tuple[str, ...], list[ExistingAsset]]] = {}
        for asset in assets:
            names, values = tuple(name for name, _ in asset.keys), tuple(key for _, key in asset.keys)
            lines = self._by_names.setdefault((*names, "/" if asset.row else ""), {})
            lines.setdefault((*values, asset.row), []).append(asset)

    def of(self, row: Row, take: int) -> Iterator[ExistingAsset]:
        """All lines that speak of this row and take."""
        keys = row.keys
        for (*names, by_id), lines in self._by_names.items():
            values = (*(keys.get(name, "") for name in names), row.id if by_id else "")
            yield from (asset for asset in lines.get(values, ()) if asset.speaks_of(row, take))


class _Pictures:
    """Pictures of a library by slot, each looked at when the first row needs it."""

    def __init__(self, project: Project, doors: Doors, assets: list[ExistingAsset]) -> None:
        self.project, self.doors = project, doors
        self.index = _Index(assets)
        self.faults: list[Finding] = []
        self.notes: list[Finding] = []
        self._keys: dict[str, str | None] = {}
        self._files: dict[str, ExistingAsset] = {}
        self._results: list[Result] = []

    def key(self, use: SlotUse, row: Row, take: int) -> str | None:
        """The key of the picture that the library has for this; None if it has none."""
        for asset in self.index.of(row, take):
            if asset.slot == use.slot and asset.master in ("", use.master):
                if asset.path not in self._keys:
                    self._keys[asset.path] = self._taken(asset)
                return self._keys[asset.path]
        return None

    def _taken(self, asset: ExistingAsset) -> str | None:
        try:
            found = (self.project.root / asset.path).read_bytes()
            taken = incoming(found, asset.path)
            data, pixels = taken.data, verified(taken.data)
        except OSError as error:
            self._failed(asset, f"{asset.path} cannot be read: {error.strerror}", "see that it may be read")
            return None
        except PictureFailed as error:
            self._failed(asset, error.message, error.hint or "save it as PNG, JPEG or WebP")
            return None
        self.notes += [replace(note, place=asset.place) for note in taken.findings]
        digest = hashlib.sha256(data).hexdigest()
        self._files[digest] = asset
        key = hashlib.sha256(f"existing\0{digest}".encode()).hexdigest()
        said = (("file", asset.path), *told_focus(found), *credit_of(found))
        provenance = Provenance(pixels, _source_type(found), "library", "", asset.take or 1, 0.0, said=said)
        self._results.append(PictureMade(key, digest, len(data), provenance).result())
        return key

    def _failed(self, asset: ExistingAsset, message: str, hint: str) -> None:
        self.faults.append(Finding(Severity.ERROR, "broken-picture", message, asset.place, hint))

    def keep(self) -> None:
        """Take what was looked at into the store, which is asked once for what it has, and into the journal."""
        store = self.doors.store
        missing = sorted(self._files.keys() - store.present(self._files)) if self._files else []
        assets = [self._files[digest] for digest in missing]
        store.put_many(incoming((self.project.root / one.path).read_bytes(), one.path).data for one in assets)
        self.doors.journal.record(self._results)


def _source_type(data: bytes) -> SourceType | str:
    """What a file says of its own origin, that a machine drew it before all else; made by people, where it says
    nothing."""
    for name in (SourceType.COMPOSITE_WITH_TRAINED, SourceType.TRAINED, SourceType.ALGORITHMIC):
        if name.encode() in data:
            return name
    said = _SAID.search(data)
    return source_type(said[1].decode()) if said else SourceType.DIGITAL_CREATION
