"""The record of a run: assets as they come, manifest and contact sheet, written into its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import asdict

from pressrun.decisions.latest_decisions import ABOUT_DECISIONS
from pressrun.deliver import Delivery, add_to_file, finish_file, write_file
from pressrun.language.page_words import PageWords
from pressrun.manifest import asset_line, assets_csv, assets_csv_header, count_findings, log_jsonl, manifest_json
from pressrun.manifest.recorded_assets import ASSETS, TABLE, RecordedAssets
from pressrun.model.errors import BudgetReached
from pressrun.model.finding import Finding
from pressrun.model.journal import Results
from pressrun.model.picture import PicturesHad
from pressrun.model.plan import Plan
from pressrun.model.project import Project
from pressrun.model.run_record import SCHEMA, Asset, Cost, Counts, RunReport
from pressrun.model.store import Store
from pressrun.model.task import Outcome, ReadySheet
from pressrun.run.check_levels import levels_set
from pressrun.run.contact.cards import TIME
from pressrun.run.contact.pages import CardIndex
from pressrun.run.merged.record import MergedRecord
from pressrun.run.overlays.overridden_sheets import overrides_listed
from pressrun.run.pictures.conformance import Measured
from pressrun.run.pictures.previews import Previews
from pressrun.run.run_facts import RunFacts
from pressrun.run.sheet_assets import PicturesShown, assets_of
from pressrun.run.worker import bench as worker

LINES_AT_ONCE = 500


class RecordWriter:
    """Writes the record of a run into its folder while its files are made. Of the files themselves only sums are kept,
    and where each is in the record."""

    def __init__(
        self, project: Project, plan: Plan, folder: Path, had: PicturesHad, store: Store, words: PageWords,
        measured: Sequence[Measured] | None = None,
    ) -> None:  # fmt: skip
        self._project, self._plan, self._folder, self._had = project, plan, folder, had
        self._measured, self._store = measured, store
        self.shown = PicturesShown(project, plan, had)
        self._index = CardIndex(Previews.had(had.pictures, store), words)
        self._status: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()
        self._log: dict[int, Finding] = {id(one): one for one in had.failed.values() if one.trace}
        self._waiting: list[Asset] = []
        add_to_file(folder, TABLE, assets_csv_header())
        add_to_file(folder, ASSETS, b"")

    def add(self, sheets: Iterable[ReadySheet], outcomes: Mapping[str, Outcome]) -> None:
        """The files of these sheets, with what became of them."""
        for ready in sheets:
            for asset in assets_of(self._project, self._plan, ready, outcomes, self.shown):
                self._add(asset)
            failures = (outcomes[file.key].finding for file in ready.files if file.key in outcomes)
            self._log.update({id(one): one for one in failures if one and one.trace})
        self._write()

    def finish(
        self, record: RunFacts, results: Results, delivery: Delivery, merged: MergedRecord | None = None
    ) -> RunReport:
        """Write what is told of the whole. The manifest is last, when all files are delivered: a run whose manifest
        exists is complete."""
        project, plan, had = self._project, self._plan, self._had
        rows = 0
        for asset in merged.assets(self._folder) if merged else ():
            self._add(asset)
            rows += asset.status == "failed"
        self._write()
        for name in (ASSETS, TABLE):
            finish_file(self._folder, name)
        status = self._status
        counts = Counts(status.total(), status["made"], status["reused"], status["failed"], rows)
        cost = _cost(plan, had)
        notes = [*project.notes, *plan.findings, *had.notes]
        findings = {kind: count + self._findings[kind] for kind, count in count_findings(notes).items()}
        exit_code = 1 if counts.failed or findings["error"] else 0
        if had.stopped:
            exit_code = had.stopped.exit_code
        log = tuple(self._log.values())
        if log:
            write_file(self._folder, "log.jsonl", log_jsonl(log))
        self._index.write_sheet(record, counts, cost, self._store, results, delivery.add_below)
        manifest = {
            "schema": SCHEMA,
            "run": self._folder.name,
            "job": project.job_name,
            "brand": project.brand_id,
            "tools": {"pressrun": version("pressrun"), "engines": list(worker.ENGINES)},
            "started": record.started.strftime(TIME),
            "finished": record.finished.strftime(TIME),
            "provider": project.job.provider.type,
            "providers": {slot: project.job.provider_of(slot).type for slot in project.job.pictures},
            "models": sorted({got.made.provenance.model for got in had.pictures.values()} - {""}),
            "inputs": dict(project.inputs),
            "counts": counts.to_json(),
            "cost": asdict(cost),
            "findings": findings,
            "checks": levels_set(project),
            "overrides": overrides_listed(project, plan),
            "notes": [note.to_dict() for note in notes],
            "exit": exit_code,
            **({"only": record.only} if record.only else {}),
            **({"documents": merged.told} if merged else {}),
            **({} if self._measured is None else {"conformance": [one.to_json() for one in self._measured]}),
        }
        delivery.finish()
        write_file(self._folder, "manifest.json", manifest_json(manifest))
        return RunReport(
            str(self._folder), self._folder.name, project.job_name, counts, cost, findings, exit_code,
            RecordedAssets(self._folder, counts.planned), (str(had.stopped),) if had.stopped else (),
            (*(one for one in plan.findings if one.code in ABOUT_DECISIONS), *had.notes),
            had.stopped.enough_usd if isinstance(had.stopped, BudgetReached) else None, log,
        )  # fmt: skip

    def _add(self, asset: Asset) -> None:
        self._status[asset.status] += 1
        self._findings.update(finding.severity.value for finding in asset.findings)
        self._waiting.append(asset)
        if len(self._waiting) >= LINES_AT_ONCE:
            self._write()

    def _write(self) -> None:
        lines = [asset_line(asset) for asset in self._waiting]
        for asset, line in zip(self._waiting, lines, strict=True):
            self._index.add(asset, line)
        add_to_file(self._folder, ASSETS, b"".join(lines))
        add_to_file(self._folder, TABLE, assets_csv(self._waiting))
        self._waiting.clear()


def _cost(plan: Plan, had: PicturesHad) -> Cost:
    reused = (got.made.provenance.cost_usd or 0 for got in had.pictures.values() if got.reused)
    quoted = plan.quoted_usd
    return Cost(None if quoted is None else float(quoted), round(float(had.spent_usd), 6), round(sum(reused), 6))
