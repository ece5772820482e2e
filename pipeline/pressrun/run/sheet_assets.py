"""What the record says of the files of one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pressrun.language.names import row_name
from pressrun.manifest import asset_id
from pressrun.model.file_facts import FileFacts, FileSize
from pressrun.model.geometry import IDENTITY, inverse
from pressrun.model.job import Row
from pressrun.model.journal import Result
from pressrun.model.picture import PictureHad, PicturesHad
from pressrun.model.plan import Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.model.record import Record
from pressrun.model.run_record import Asset, AssetPicture, RowSource, StepDone
from pressrun.model.task import Outcome, ReadySheet
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.layer_places import at_its_layer
from pressrun.run.overlays.overridden_sheets import changes_on
from pressrun.run.run_facts import located
from pressrun.run.slot_steps import learned_by


class PicturesShown:
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
            tuple(StepDone.of(step) for step in self._slots[use.slot].steps),
            got.reused,
            request.lettering,
            provenance.credit,
            learned_by(self._slots[use.slot]),
            *_part_kept(got, use.slot),
            use.shown,
        )
        return told


def _part_kept(got: PictureHad, slot: str) -> tuple[str, tuple[float, ...]]:
    """The picture that steps cut something off, and the part of it that is left; nothing where they turned it."""
    moved = got.moved_in(slot)
    if moved == IDENTITY or moved[1] or moved[2]:
        return "", ()
    across, _, _, down, x, y = inverse(moved)
    left, right = sorted((x, x + across))
    top, bottom = sorted((y, y + down))
    left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0)
    if right - left > 0.999 and bottom - top > 0.999:
        return "", ()
    return got.made.digest, tuple(round(edge, 4) + 0.0 for edge in (left, top, right - left, bottom - top))


def names_in(row: Row) -> dict[str, str]:
    """What the parts of a row are called, by row set, as far as a column says so."""
    parts = ((source[0], row.values.get(source[0])) for source in row.sources)
    return {name: called for name, part in parts if isinstance(part, Record) and (called := row_name(part))}


def assets_of(
    project: Project, plan: Plan, ready: ReadySheet, outcomes: Mapping[str, Outcome], shown: PicturesShown
) -> Iterator[Asset]:
    """An asset for each file of a sheet, made or not."""
    row = ready.sheet.row
    common = row.keys, tuple(RowSource(*source) for source in row.sources), shown.on(ready.sheet), names_in(row)
    for file in ready.files:
        outcome = outcomes.get(file.key)
        for page, result in enumerate((outcome.result, *outcome.further) if outcome else (None,), start=1):
            yield _asset(project, plan, ready, file.path_of(page), file.format, outcome, result, *common)


def _asset(
    project: Project, plan: Plan, ready: ReadySheet, path: str, format: str, outcome: Outcome | None,
    result: Result | None, keys: dict[str, str], sources: tuple[RowSource, ...], pictures: tuple[AssetPicture, ...],
    names: dict[str, str],
) -> Asset:  # fmt: skip
    sheet = ready.sheet
    row = sheet.row
    path = f"assets/{path}"
    facts = result.read(FileFacts.from_json) if result else None
    failure = ready.failed or (outcome.finding if outcome else None)
    findings = at_levels(facts.findings if facts else (), check_levels(project, sheet.layout))
    findings += [finding for finding in row.findings if finding != failure]
    if failure:
        findings.insert(0, failure)
    told = tuple(located(at_its_layer(finding, project, sheet), row) for finding in findings)
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
        overrides=changes_on(project, plan, sheet),
        condition=sheet.condition,
        says=ready.says,
        names=names,
        crops=facts.crops if facts else (),
    )
