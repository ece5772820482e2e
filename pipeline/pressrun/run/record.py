"""The record of a run: assets, manifest and contact sheet, written into its folder."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import groupby, islice
from operator import attrgetter
from typing import overload

from pressrun.deliver import add_to_file, finish_file, write_file
from pressrun.language.locale_formats import direction_of
from pressrun.manifest import (
    asset_id,
    assets_csv,
    assets_jsonl,
    contact_sheet,
    count_findings,
    log_jsonl,
    manifest_json,
)
from pressrun.model.errors import BudgetReached
from pressrun.model.file_facts import FileFacts, FileSize
from pressrun.model.finding import Finding
from pressrun.model.geometry import length_told
from pressrun.model.journal import Result
from pressrun.model.picture import PicturesHad
from pressrun.model.plan import Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.model.run_record import SCHEMA, Asset, AssetPicture, Cost, Counts, RowSource, RunReport
from pressrun.model.store import Store
from pressrun.model.task import Outcome, ReadySheet
from pressrun.run import bench as worker
from pressrun.run.check_levels import at_levels, check_levels, levels_set
from pressrun.run.layer_places import at_its_layer
from pressrun.run.merged_record import MergedRecord
from pressrun.run.overridden_sheets import changes_on, overrides_listed
from pressrun.run.previews import Previews
from pressrun.run.run_facts import RunFacts, located

TIME = "%Y-%m-%dT%H:%M:%SZ"


def write_record(
    record: RunFacts, sheets: Sequence[ReadySheet], outcomes: Mapping[str, Outcome], had: PicturesHad,
    store: Store, delivered: Callable[[], None], merged: MergedRecord | None = None,
) -> RunReport:  # fmt: skip
    """Write the record while the files get their names. The manifest is last, after ``delivered`` has waited for all of
    them: a run whose manifest exists is complete."""
    project, plan = record.project, record.plan
    shown = _PicturesShown(project, plan, had)
    assets: list[Asset] = []
    for ready in sheets:
        row = ready.sheet.row
        common = row.keys, tuple(RowSource(*source) for source in row.sources), shown.on(ready.sheet)
        for file in ready.files:
            outcome = outcomes.get(file.key)
            pages = (outcome.result, *outcome.further) if outcome else (None,)
            assets += (
                _asset(record, ready, file.path_of(page), file.format, outcome, result, *common)
                for page, result in enumerate(pages, start=1)
            )
    if merged:
        assets += merged.assets(record, shown.on)
    counts = Counts(
        len(assets), *(sum(asset.status == status for asset in assets) for status in ("made", "reused", "failed"))
    )
    made_pictures = {key for key, got in had.pictures.items() if not got.reused}
    spent = float(had.spent_usd)
    saved = sum(
        (got.made.provenance.cost_usd or 0) for key, got in had.pictures.items() if key not in made_pictures
    )
    quoted = plan.quoted_usd
    cost = Cost(None if quoted is None else float(quoted), round(spent, 6), round(saved, 6))
    notes = [*project.notes, *plan.findings, *had.notes]
    findings = count_findings([*notes, *(finding for asset in assets for finding in asset.findings)])
    exit_code = 1 if counts.failed or findings["error"] else 0
    if had.stopped:
        exit_code = had.stopped.exit_code
    write_file(record.folder, "assets.jsonl", assets_jsonl(assets))
    write_file(record.folder, "assets.csv", assets_csv(assets))
    log = _log(had, sheets, outcomes)
    if log:
        write_file(record.folder, "log.jsonl", log_jsonl(log))
    previews = Previews(had.pictures, store)
    together = _by_product(assets)
    cards = _Cards(together, store, previews)
    places = [(_product(asset), _sheet(asset)) for asset in together]
    several = False
    for page in contact_sheet.pages(_header(record, counts, cost), cards, places):
        write_file(record.folder, page.name, page.body)
        if page.search:
            several = True
            add_to_file(record.folder, contact_sheet.SEARCH, page.search)
    if several:
        finish_file(record.folder, contact_sheet.SEARCH)
    manifest = {
        "schema": SCHEMA,
        "run": record.folder.name,
        "job": project.job_name,
        "brand": project.brand_id,
        "tools": {"pressrun": version("pressrun"), "engines": list(worker.ENGINES)},
        "started": record.started.strftime(TIME),
        "finished": record.finished.strftime(TIME),
        "provider": project.job.provider.type,
        "providers": {slot: project.job.provider_of(slot).type for slot in project.job.pictures},
        "models": sorted({got.made.provenance.model for got in had.pictures.values()} - {""}),
        "inputs": dict(project.inputs),
        "counts": asdict(counts),
        "cost": asdict(cost),
        "findings": findings,
        "checks": levels_set(project),
        "overrides": overrides_listed(project, plan),
        "notes": [note.to_dict() for note in notes],
        "exit": exit_code,
        **({"documents": merged.told} if merged else {}),
    }
    delivered()
    write_file(record.folder, "manifest.json", manifest_json(manifest))
    return RunReport(
        str(record.folder), record.folder.name, project.job_name, counts, cost, findings, exit_code, tuple(assets),
        (str(had.stopped),) if had.stopped else (), had.notes,
        had.stopped.enough_usd if isinstance(had.stopped, BudgetReached) else None, log,
    )  # fmt: skip


def _log(
    had: PicturesHad, sheets: Sequence[ReadySheet], outcomes: Mapping[str, Outcome]
) -> tuple[Finding, ...]:
    """Failures of which it is known where the program was, each once."""
    failures = [*had.failed.values(), *(outcomes[file.key].finding for ready in sheets for file in ready.files
                                        if file.key in outcomes)]  # fmt: skip
    return tuple({id(failure): failure for failure in failures if failure and failure.trace}.values())


class _PicturesShown:
    """What is told of the pictures on sheets; most pictures are on many."""

    def __init__(self, project: Project, plan: Plan, had: PicturesHad) -> None:
        self._slots, self._had = project.job.pictures, had
        self._tasks = {task.key: task for task in plan.pictures}
        self._told: dict[SlotUse, AssetPicture] = {}

    def on(self, sheet: PlannedSheet) -> tuple[AssetPicture, ...]:
        return tuple(self._told.get(use) or self._tell(use) for use in sheet.slots if use.key in self._had.pictures)

    def _tell(self, use: SlotUse) -> AssetPicture:
        got, request = self._had.pictures[use.key], self._tasks[use.key].request
        provenance = got.made.provenance
        told = self._told[use] = AssetPicture(
            use.slot,
            use.master,
            use.key,
            got.finals[use.slot].digest,
            provenance.provider,
            provenance.model,
            request.prompt,
            provenance.take,
            provenance.cost_usd,
            provenance.source_type,
            tuple(step.type for step in self._slots[use.slot].steps),
            got.reused,
            request.lettering,
        )
        return told


def _asset(
    record: RunFacts, ready: ReadySheet, path: str, format: str, outcome: Outcome | None, result: Result | None,
    keys: dict[str, str], sources: tuple[RowSource, ...], pictures: tuple[AssetPicture, ...],
) -> Asset:  # fmt: skip
    sheet, project = ready.sheet, record.project
    row = sheet.row
    path = f"assets/{path}"
    facts = result.read(FileFacts.from_json) if result else None
    failure = ready.failed or (outcome.finding if outcome else None)
    findings = at_levels(facts.findings if facts else (), check_levels(project, sheet.layout))
    findings += [finding for finding in row.findings if finding != failure]
    if failure:
        findings.insert(0, failure)
    told = tuple(located(at_its_layer(finding, project, sheet.drawn_by), row) for finding in findings)
    return Asset(
        id=asset_id(project.job_name, path),
        path=path,
        sha256=result.digest if result else None,
        bytes=result.size if result else 0,
        media_type=facts.media_type if facts else "",
        size=facts.size if facts else FileSize(None),
        layout=sheet.layout,
        format=format,
        row=row.id,
        keys=keys,
        sources=sources,
        locale=row.locale,
        theme=row.theme,
        take=sheet.take,
        pictures=pictures,
        text=facts.text if facts else (),
        choices=facts.choices if facts else (),
        findings=told,
        status="failed" if result is None else "reused" if outcome and outcome.reused else "made",
        thumb=facts.thumb if facts else None,
        decision=sheet.decision,
        codes=(facts.codes if facts else None) or (),
        overrides=changes_on(record.project, record.plan, sheet),
        condition=sheet.condition,
    )


def _header(record: RunFacts, counts: Counts, cost: Cost) -> contact_sheet.SheetHeader:
    drawn = {task.provider.type == "fpo" for task in record.plan.pictures}
    which = "Pictures" if drawn == {True} else "Some pictures"
    note = (
        f"{which} are stand-ins drawn for position only: judge the layout by them, and run with a real provider to"
        " publish."
        if True in drawn
        else ""
    )
    spent = f"${cost.spent_usd:.2f} spent" + (f", ${cost.reused_usd:.2f} reused" if cost.reused_usd else "")
    shown = (("made", counts.made), ("reused", counts.reused), ("failed", counts.failed))
    return contact_sheet.SheetHeader(
        record.project.job_name,
        record.project.brand.name,
        record.folder.name,
        record.started.strftime(TIME),
        shown,
        spent,
        note,
    )


class _Cards(Sequence[contact_sheet.Card]):
    """The assets' cards, made as they are asked for, once and in their order: their thumbnails come from the store in
    one stream, one for all that follow each other with it, and never lie in memory together."""

    def __init__(self, assets: Sequence[Asset], store: Store, previews: Previews) -> None:
        self._count = len(assets)
        self._made = self._cards(assets, store, previews)

    def _cards(self, assets: Sequence[Asset], store: Store, previews: Previews) -> Iterator[contact_sheet.Card]:
        by_thumb = attrgetter("thumb")
        thumbs = store.read_many(digest for digest, _ in groupby(assets, by_thumb) if digest)
        for digest, alike in groupby(assets, by_thumb):
            thumb = next(thumbs) if digest else None
            for asset in alike:
                yield _card(asset, thumb, previews)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> contact_sheet.Card: ...
    @overload
    def __getitem__(self, at: slice) -> list[contact_sheet.Card]: ...
    def __getitem__(self, at: int | slice) -> contact_sheet.Card | list[contact_sheet.Card]:
        if isinstance(at, slice):
            return list(islice(self._made, len(range(*at.indices(self._count)))))
        return next(self._made)


def _product(asset: Asset) -> str:
    return asset.keys.get("product", next(iter(asset.keys.values()), ""))


def _sheet(asset: Asset) -> str:
    return f"{asset.row}\n{asset.layout}\n{asset.take}"


def _by_product(assets: Sequence[Asset]) -> list[Asset]:
    """What is of one product follows each other, products in the order they come."""
    groups: dict[str, list[Asset]] = {}
    for asset in assets:
        groups.setdefault(_product(asset), []).append(asset)
    return [asset for group in groups.values() for asset in group]


def _card(asset: Asset, thumb: bytes | None, previews: Previews) -> contact_sheet.Card:
    keys = list(asset.keys.values())
    provenance: list[tuple[str, str]] = [("File", asset.sha256 or "")]
    for picture in asset.pictures:
        provenance += _origin(picture)
    provenance += [(f"{one.rows} row", f"{one.file}:{one.line}") for one in asset.sources if one.line]
    provenance += [(f"{one.layer} chosen", f"{one.chosen} ({one.contrast}:1)") for one in asset.choices]
    target = "print" if asset.size.trim_mm else "screen"
    return contact_sheet.Card(
        id=asset.id,
        path=asset.path,
        thumb=thumb,
        layout=asset.layout,
        format=asset.format,
        locale=asset.locale,
        product=_product(asset),
        row=" · ".join(keys),
        size=_size_label(asset.size),
        status=asset.status,
        findings=tuple((one.severity.value, one.code, _told(one)) for one in asset.findings),
        prompts=tuple((f"{picture.slot}/{picture.master}", picture.prompt) for picture in asset.pictures),
        provenance=tuple(provenance),
        texts=tuple(
            (one.id, f"{one.text} · {length_told(one.size_pt, target)}, {_lines(one.lines)}") for one in asset.text
        ),
        direction=direction_of(asset.locale),
        sheet=_sheet(asset),
        previews=tuple(preview for picture in asset.pictures for preview in previews.of(picture)),
    )


@functools.lru_cache(maxsize=1024)  # sheets that share a picture follow each other closely
def _origin(picture: AssetPicture) -> tuple[tuple[str, str], ...]:
    name = f"{picture.slot}/{picture.master}"
    cost = "unknown" if picture.cost_usd is None else f"${picture.cost_usd:.4f}"
    steps = ((f"{name} steps", ", ".join(picture.steps)),) if picture.steps else ()
    return (
        (f"{name} key", picture.key),
        (f"{name} picture", picture.sha256),
        (f"{name} made by", f"{picture.provider} {picture.model}".strip() + f", take {picture.take}, {cost}"),
        (f"{name} source type", picture.digital_source_type),
        *steps,
    )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _size_label(size: FileSize) -> str:
    if size.trim_mm:
        bleed = f" + {size.bleed_mm:g} mm" if size.bleed_mm else ""
        return "{:g} × {:g} mm".format(*size.trim_mm) + bleed
    return "{} × {} px".format(*size.pixels) if size.pixels else ""


def _told(finding: Finding) -> str:
    """A finding for people who look at the page: the layer first, what to do about it on a line of its own."""
    page = f"page {finding.page}, " if finding.page else ""
    where = f"{page}{finding.layer}: " if finding.layer else ""
    return f"{where}{finding.message}" + (f"\n{finding.hint}" if finding.hint else "")
